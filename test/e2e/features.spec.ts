/** A researcher's files: whatever they are, they open or say why not, and the page asks where only a person can know. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { zipSync } from 'fflate';
import { root } from '../../src/cli/build.ts';
import { writeNpy } from '../../src/engine/formats/npy.ts';
import { writeSafetensors } from '../../src/engine/formats/safetensors.ts';
import { Random } from '../../src/engine/random.ts';
import type { NumericArray } from '../../src/engine/types.ts';
import { sharedIsHere } from '../shared.ts';
import { dropFiles, expect, open, row, test, violations } from './weaklens.ts';
import type { Page } from '@playwright/test';

const random = new Random(8);
const noise = (...shape: number[]): NumericArray => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.abs(random.normal())),
});

/** Drops files made here on the page. */
async function drop(page: Page, files: Record<string, Uint8Array | string>): Promise<void> {
  const given = Object.entries(files).map(
    ([name, content]) => [name, Buffer.from(content).toString('base64')] as const,
  );
  await page.evaluate((given) => {
    (globalThis as unknown as { made: File[] }).made = given.map(
      ([name, text]) => new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name),
    );
  }, given);
  await dropFiles(page);
}

const shapes = (page: Page) =>
  page.evaluate(() =>
    Object.fromEntries(globalThis.weaklens!.videos().map(({ name, snippets }) => [name, snippets])),
  );

test('files of many formats become videos with features, those that are none are named', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  const text = Array.from({ length: 32 }, () =>
    Array.from({ length: 64 }, () => random.normal().toFixed(4)).join(','),
  );
  await drop(page, {
    'crops.npy': writeNpy(noise(7, 10, 64)),
    'packed.npz': zipSync({ 'features.npy': writeNpy(noise(6, 64)), 'labels.npy': writeNpy(noise(6)) }),
    'store.safetensors': writeSafetensors(
      new Map([
        ['Abuse001', noise(5, 64)],
        ['Normal002', noise(4, 64)],
      ]),
    ),
    'sultani.csv': `40\n${text.join('\n')}\n`,
    'nan.npy': writeNpy({ shape: [3, 64], values: noise(3, 64).values.fill(NaN, 64, 70) }),
    'page.npy': '<!DOCTYPE html><html>not found',
    'list.txt': 'packed 0\nAbuse001 1\nNormal002 0\n',
  });
  await expect(row(page, 'sultani')).toBeVisible();
  await expect
    .poll(() => shapes(page))
    .toEqual({
      crops: 7,
      packed: 6,
      Abuse001: 5,
      Normal002: 4,
      sultani: 32,
      nan: 3,
    });
  await expect(page.getByText(/It is not NumPy's \.npy: it is a web page/).first()).toBeVisible();
  await expect(page.getByText(/6 of its numbers are NaN or infinite, in 1 of 3 rows/).first()).toBeVisible();
  const labels = () =>
    page.evaluate(() => globalThis.weaklens!.videos().map(({ name, label }) => [name, label]));
  await expect.poll(labels).toContainEqual(['Abuse001', 'anomalous']); // the list is read beside the features
  const run = await page.evaluate(() => globalThis.weaklens!.train({ head: 'sultani', seed: 1, steps: 5 }));
  expect(run.step).toBe(5);
});

for (const [width, height, colorScheme] of [
  [1280, 720, 'light'],
  [390, 844, 'dark'],
] as const)
  test(`where axes can be read in several ways the page asks once, ${width} wide`, async ({
    page,
    house,
  }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await open(page, await house.serve());
    await drop(page, {
      'first.npy': writeNpy(noise(512, 128)),
      'second.npy': writeNpy(noise(512, 128)),
      'clear.npy': writeNpy(noise(9, 128)),
    });
    const dialog = page.getByRole('dialog', { name: 'How is first.npy to be read?' });
    await expect(dialog).toBeVisible();
    await expect(dialog.getByRole('radio')).toHaveCount(2);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${test.info().outputDir}/question.png` });
    await dialog.getByRole('radio', { name: /128 snippets, 512 numbers/ }).check();
    await dialog.getByRole('button', { name: 'Read it so' }).click();
    await expect.poll(() => shapes(page)).toEqual({ first: 128, second: 128, clear: 9 });
    await expect(page.getByText(/have 128 numbers, those of 2 other files 512/)).toBeVisible();

    await drop(page, { 'third.npy': writeNpy(noise(10, 5, 1024)) });
    await page.getByRole('dialog').getByRole('button', { name: 'Leave it out' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(Object.keys(await shapes(page))).toEqual(['first', 'second', 'clear']);
  });

test('lab inspect says what files are, and exits with 1 where one is refused @long', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weaklens-'));
  const put = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const good = put('gate.npy', writeNpy(noise(7, 10, 2048)));
  const doubtful = put('yard.npy', writeNpy(noise(512, 1024)));
  const weights = put('head.safetensors', writeSafetensors(new Map([['fc.weight', noise(2, 3)]])));
  const bad = put('bad.npy', '<html>');
  const inspect = (...files: string[]) => {
    const args = ['--import', 'tsx', join(root, 'src/cli/lab.ts'), 'inspect', ...files];
    return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  };
  const fine = inspect(good, doubtful, weights, '--json');
  expect([fine.status, fine.stderr]).toEqual([0, '']);
  const { files } = JSON.parse(fine.stdout.trim().split('\n').at(-1)!) as {
    files: Record<string, unknown>[];
  };
  expect(files).toMatchObject([
    {
      accepted: true,
      format: 'npy',
      kind: 'features',
      question: null,
      arrays: [
        { shape: [7, 10, 2048], readings: [{ id: 'snippets,crops,features' }], fingerprint: { size: 2048 } },
      ],
    },
    {
      accepted: true,
      question: expect.stringMatching(/\(512, 1024\) can be read as/) as unknown,
      warnings: [expect.stringMatching(/have 1024 numbers/) as unknown],
    },
    { accepted: true, kind: 'weights', warnings: [] },
  ]);
  const refused = inspect(good, bad);
  expect(refused.status).toBe(1);
  expect(refused.stdout).toMatch(
    /gate\.npy: npy, 7 snippets, 10 crops each[^]*bad\.npy: refused\n.*web page/,
  );
});

test('no file of ../shared/features/broken breaks the page or what was there @long', async ({
  page,
  house,
}) => {
  test.skip(!sharedIsHere, '../shared is not here');
  test.setTimeout(240_000);
  const folder = resolve(root, '../shared/features/broken');
  const rows = readFileSync(join(folder, 'index.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter(([file]) => !file.endsWith('.json') && !file.startsWith('st_'));
  await open(page, await house.serve());
  await drop(page, { 'mine.npy': writeNpy(noise(9, 128)) });
  await expect(row(page, 'mine')).toBeVisible();
  await page.getByTestId('files').setInputFiles(rows.map(([file]) => join(folder, file)));
  const expected = rows
    .filter(([, , verdict]) => verdict === 'accept' || verdict === 'warn')
    .map(([file]) => file);
  await expect
    .poll(() => page.evaluate(() => globalThis.weaklens!.videos().map(({ name }) => name)), {
      timeout: 200_000,
    })
    .toHaveLength(1 + expected.length);
  const names = await page.evaluate(() => globalThis.weaklens!.videos().map(({ name }) => name));
  expect(new Set(names)).toEqual(new Set(['mine', ...expected.map((file) => file.replace(/\.\w+$/, ''))]));
  expect(await page.evaluate(() => Object.keys(Object.prototype))).toEqual([]);
});

test('in whatever order files come, a seed learns the same from them', async ({ page, house }) => {
  await open(page, `${await house.serve()}?backend=wasm`);
  const files = Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [`v${i}.npy`, writeNpy(noise(12, 16))] as const),
  );
  const learn = async (...drops: string[][]) => {
    for (const names of drops) {
      await drop(page, Object.fromEntries(names.map((name) => [name, files[name]])));
      await expect(row(page, names.at(-1)!.replace('.npy', ''))).toBeVisible();
    }
    return page.evaluate(async (names) => {
      const page = globalThis.weaklens!;
      for (const name of names) {
        const video = name.replace('.npy', '');
        await page.label(video, Number(video.slice(1)) % 2 ? 'anomalous' : 'normal');
      }
      const listed = page.videos().map(({ name }) => name);
      const { losses } = await page.train({ head: 'sultani', config: { hidden1: 16 }, seed: 5, steps: 4 });
      return { listed, losses: Array.from(losses.total) };
    }, drops.flat());
  };
  const names = Object.keys(files);
  const first = await learn(names);
  await page.getByRole('button', { name: 'New project' }).click();
  await expect(row(page, 'v0')).toHaveCount(0);
  const other = await learn(names.slice(3), names.slice(0, 3));
  expect(first.listed).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5']);
  expect(other.listed).toEqual(['v3', 'v4', 'v5', 'v0', 'v1', 'v2']);
  expect(other.losses).toEqual(first.losses);
});
