/** What leaves the page: a run that another browser opens to the same numbers, files for other tools, charts. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { root } from '../../src/cli/build.ts';
import { filesInPage } from '../../src/cli/page.ts';
import { readNpy } from '../../src/engine/formats/npy.ts';
import { parseScores } from '../../src/engine/formats/scores.ts';
import { dropFiles, expect, open, test, violations } from './weaklens.ts';

const released = resolve(root, '../shared/heads/watanabe_da64_r3.safetensors');

/** Eight videos as features of eight numbers: in half of them something stands out. */
const addFeatures = (page: Page) =>
  page.evaluate(async () => {
    const header = (rows: number) => {
      const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, 8), }`;
      const bytes = new Uint8Array(128).fill(32);
      bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0]);
      bytes.set(new TextEncoder().encode(text), 10);
      bytes[127] = 10;
      return bytes;
    };
    let state = 1;
    const draw = () => (state = (state * 16807) % 2147483647) / 2147483647;
    const files = Array.from({ length: 8 }, (_, i) => {
      const rows = 20 + i;
      const values = Float32Array.from({ length: rows * 8 }, (_, at) => {
        const isOdd = i % 2 === 1 && Math.floor(at / 8) > 8 && Math.floor(at / 8) < 13;
        return draw() + (isOdd && at % 8 < 3 ? 1.5 : 0);
      });
      return new File([header(rows), values], `v${i}.npy`);
    });
    const { weaklens } = globalThis;
    await weaklens!.addFeatures(files);
    for (let i = 0; i < 8; i++) await weaklens!.label(`v${i}`, i % 2 ? 'anomalous' : 'normal');
    for (const name of ['v6', 'v7']) await weaklens!.split(name, 'test');
  });

const train = (page: Page) =>
  page.evaluate(async () => {
    const { weaklens } = globalThis;
    const { id } = await weaklens!.train({ head: 'sultani', config: { hidden1: 32 }, seed: 3, steps: 40 });
    const scored = await weaklens!.score(id);
    return { id, scores: Object.fromEntries(scored.map(({ name, scores }) => [name, [...scores]])) };
  });

test('a run opens in another browser to the same scores', async ({ page, house, browser }) => {
  test.setTimeout(120_000);
  const address = `${await house.serve()}?backend=wasm`;
  await open(page, address);
  await addFeatures(page);
  const { id, scores } = await train(page);
  const bytes = await page.evaluate(async (id) => [...(await globalThis.weaklens!.exportRun(id, 'zip'))], id);
  expect(Object.keys(unzipSync(Uint8Array.from(bytes))).sort()).toEqual([
    'run.json',
    'scores.json',
    'scores.safetensors',
    'weights.safetensors',
  ]);

  const elsewhere = await (await browser.newContext()).newPage();
  await open(elsewhere, address);
  await addFeatures(elsewhere);
  await elsewhere.evaluate((bytes) => {
    (globalThis as unknown as { made: File[] }).made = [new File([Uint8Array.from(bytes)], 'mine.zip')];
  }, bytes);
  await dropFiles(elsewhere);
  await expect(elsewhere.getByText(/mine\.zip is in the list of runs/)).toBeVisible();
  const arrived = await elsewhere.evaluate(async () => {
    const { weaklens } = globalThis;
    const [{ id, seed, losses }] = weaklens!.runs();
    const kept = (await weaklens!.scoresOf(id)).videos.map(({ name, scores }) => [name, scores] as const);
    const again = (await weaklens!.score(id)).map(({ name, scores }) => [name, [...scores]] as const);
    const plain = (all: (readonly [string, readonly number[]])[]) => Object.fromEntries(all);
    return { seed, steps: losses.total.length, kept: plain(kept), again: plain(again) };
  });
  expect(arrived).toMatchObject({ seed: 3, steps: 40 });
  expect(arrived.kept).toEqual(scores);
  for (const [name, own] of Object.entries(scores))
    own.forEach((score, n) => expect(Math.abs(arrived.again[name][n] - score)).toBeLessThan(1e-6));
  await elsewhere.context().close();
});

test('a newcomer finds what can be saved, and it is what it says', async ({ page, house }) => {
  test.setTimeout(180_000);
  await open(page, `${await house.serve()}?backend=wasm`);
  await page.getByTestId('export').click();
  const button = (name: string) => page.locator('#export-menu').getByRole('button', { name, exact: true });
  await expect(button('Everything (.zip)')).toHaveAttribute('aria-disabled', 'true');
  await expect(button('Everything (.zip)')).toHaveAttribute('title', /Train a head first/);
  await page.keyboard.press('Escape');
  await addFeatures(page);
  const { scores } = await train(page);

  const save = async (name: string) => {
    await page.getByTestId('export').click();
    const [download] = await Promise.all([page.waitForEvent('download'), button(name).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const csv = await save('Scores (.csv)');
  expect(csv.name).toBe('sultani-3-scores.csv');
  const [, ...lines] = csv.bytes.toString().trimEnd().split('\r\n');
  expect(lines).toHaveLength(Object.values(scores).flat().length);
  for (const line of lines) {
    const [video, label, snippet, score] = line.split(',');
    expect(Number(score)).toBe(scores[video][Number(snippet)]);
    expect(label).toBe(String(Number(video.slice(1)) % 2));
  }
  const json = await save('Scores (.json)');
  expect(parseScores(json.bytes.toString(), json.name).videos).toHaveLength(8);
  expect((await save('Alarms (.csv)')).bytes.toString()).toMatch(/^video,first_frame/);
  const arrays = await save('Features (.npy)');
  expect(readNpy(unzipSync(arrays.bytes)['v3.npy']).shape).toEqual([23, 8]);
  const graph = await save('Head (.onnx)');
  expect(graph.name).toBe('sultani-3.onnx');
  expect(graph.bytes.includes('MatMul')).toBe(true);

  await page.getByTestId('export').click();
  await expect(button('Backbone and head (.onnx)')).toHaveAttribute('title', /backbone .* is not here/);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1280, height: 720 });

  const chart = async (kind: string) => {
    const one = page.getByRole('button', { name: `Save Loss as ${kind}` });
    const [download] = await Promise.all([page.waitForEvent('download'), one.click()]);
    return readFileSync(await download.path());
  };
  const svg = (await chart('SVG')).toString();
  expect(svg).toContain('stroke="rgb(');
  expect(svg).not.toMatch(/var\(--|class=/);
  const png = await chart('PNG');
  expect([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
  await expect(page.getByText('0 requests elsewhere', { exact: true })).toBeVisible(); // nor any breach of the policy
});

test('the released weights of a head are dropped and score', async ({ page, house }) => {
  test.skip(!existsSync(released), '../shared is absent');
  test.setTimeout(120_000);
  await open(page, `${await house.serve()}?backend=wasm`);
  const handle = await filesInPage(page, [released]);
  await page.evaluate((files) => ((globalThis as unknown as { made: File[] }).made = files), handle);
  await dropFiles(page);
  await expect(page.getByText(/watanabe_da64_r3\.safetensors is in the list of runs/)).toBeVisible();
  const { results } = JSON.parse(
    readFileSync(join(released, '../../golden/heads_watanabe_io.json'), 'utf8'),
  ) as { results: Record<string, { score: number }> };
  for (const length of [5, 28]) {
    const scores = await page.evaluate(async (length) => {
      const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${length}, 2048), }`;
      const header = new Uint8Array(128).fill(32);
      header.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0]);
      header.set(new TextEncoder().encode(text), 10);
      header[127] = 10;
      const values = Float32Array.from({ length: length * 2048 }, (_, i) =>
        Math.abs(Math.sin(0.37 * Math.floor(i / 2048) + 0.011 * (i % 2048))),
      );
      const { weaklens } = globalThis;
      await weaklens!.addFeatures([new File([header, values], `t${length}.npy`)]);
      const scored = await weaklens!.score(weaklens!.runs()[0].id);
      return [...scored.find(({ name }) => name === `t${length}`)!.scores];
    }, length);
    expect(scores).toHaveLength(length);
    for (const score of scores)
      expect(Math.abs(score - results[`watanabe_da64_r3.T${length}`].score)).toBeLessThan(2e-5);
  }
});
