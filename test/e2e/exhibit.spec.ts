/** What whoever comes without a project sees, and how a project travels from one browser to another. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dropFiles, expect, makeFiles, open, test } from './weaklens.ts';

test('the first paint is a finished exhibit: a film, its score, and a truth that waits', async ({
  page,
  house,
}) => {
  await open(page, `${await house.serve()}?start=exhibit`);
  const timeline = page.getByRole('img', { name: /^Timeline/ });
  await expect(timeline).toHaveAccessibleName(/Score between \d\.\d\d and \d\.\d\d/);
  await expect(page.locator('video')).toHaveJSProperty('videoWidth', 320);
  const stage = page.getByLabel('Stage', { exact: true });
  await expect(stage).toContainText('of which it was told only');
  await expect(stage).toContainText('truehidden');
  await expect(page.getByTitle(/^Truth: /)).toHaveCount(0);
  expect(await page.evaluate(() => globalThis.weaklens!.videos().map(({ part }) => part))).toEqual([
    'test',
    'test',
    'test',
    'test',
  ]);
  await page.getByTestId('export').click();
  const both = page.locator('#export-menu').getByRole('button', { name: 'Backbone and head (.onnx)' });
  const [graph] = await Promise.all([page.waitForEvent('download'), both.click()]);
  expect(graph.suggestedFilename()).toBe('rtfm-0.full.onnx');
  const bytes = readFileSync(await graph.path());
  for (const part of ['Conv', 'MatMul', 'weaklens-a0', 'pooling']) expect(bytes.includes(part)).toBe(true);

  await page.keyboard.press('t');
  await expect(stage.locator('title', { hasText: /^Truth: explosion, frames \d+ to \d+/ })).toHaveCount(1);

  // What is brought along goes into a project of its own, if anything comes of it.
  const projects = page.getByRole('combobox', { name: 'Project' });
  await page.evaluate(() => {
    const files = ['broken.mp4', 'broken.npy'].map((name) => new File(['no such thing'], name));
    Object.assign(globalThis, { made: files });
  });
  await dropFiles(page);
  await expect(page.getByLabel('Notices')).toContainText('broken.mp4');
  await expect(page.getByLabel('Notices')).toContainText('broken.npy');
  await expect(projects.getByRole('option')).toHaveText(['Exhibit']);
  await expect(timeline).toHaveAccessibleName(/Score between/);
  await makeFiles(page, 3, { train: 1, test: 1, seconds: 2, framesPerSecond: 10 });
  await page.evaluate(() => {
    void globalThis.weaklens!.addVideos([new File(['no such thing'], 'broken too.mp4')]); // at the same time
  });
  await dropFiles(page);
  await expect(page.getByRole('button', { name: 'Extract features of 2' })).toBeVisible();
  await expect(projects.getByRole('option')).toHaveText(['Exhibit', 'First project']);
  await expect(page.getByLabel('Notices')).toContainText('Yours is a project of its own now');
});

test('the whole dataset opens behind it, with a run of every head that beats chance', async ({
  page,
  house,
}) => {
  await open(page, `${await house.serve()}?start=exhibit`);
  await page.getByRole('button', { name: 'Open the whole dataset' }).click();
  await expect(page.getByRole('heading', { name: 'Train 96' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Test 24' })).toBeVisible();
  const runs = await page.evaluate(async () => {
    const page = globalThis.weaklens!;
    const figures: Record<string, number | null> = {};
    for (const { id, head } of page.runs()) figures[head] = (await page.evaluate(id))!.frameAuc;
    return figures;
  });
  expect(Object.keys(runs).sort()).toEqual(['gcn', 'mgfn', 'rtfm', 'salient', 'sultani', 'wsal']);
  for (const auc of Object.values(runs)) expect(auc).toBeGreaterThan(0.55);
});

test('a project that was saved opens in another browser, to the same scores', async ({
  page,
  house,
  browser,
}, info) => {
  const address = await house.serve();
  await open(page, address);
  const read = () =>
    globalThis.weaklens!.score().then((all) => all.map(({ name, scores }) => [name, Array.from(scores)]));
  const path = info.outputPath('street.weaklens');
  await page.evaluate(async () => {
    const page = globalThis.weaklens!;
    await page.makeVideos(3, { train: 4, test: 2, seconds: 4, framesPerSecond: 10 });
    await page.extract();
    await page.train({ head: 'sultani', steps: 5, seed: 2 });
    await page.renameProject('Gate');
  });
  const before = await page.evaluate(read);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save this project' }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe('Gate.weaklens');
  writeFileSync(path, readFileSync(await download.path()));

  const other = await (await browser.newContext()).newPage();
  await open(other, address);
  await other.getByTestId('files').setInputFiles(path);
  await expect(other.getByRole('combobox', { name: 'Project' })).toContainText('Gate');
  await expect(other.getByRole('heading', { name: 'Train 4' })).toBeVisible();
  const after = await other.evaluate(read);
  expect(after.map(([name]) => name)).toEqual(before.map(([name]) => name));
  for (const [i, [, scores]] of (after as [string, number[]][]).entries())
    for (const [n, score] of scores.entries())
      expect(Math.abs(score - (before[i][1] as number[])[n])).toBeLessThan(1e-6);
  // It can be trained on: the optimiser's memory travelled along.
  await other.evaluate(() => globalThis.weaklens!.train({ steps: 6 }));
  expect(await other.evaluate(() => globalThis.weaklens!.runs().map(({ step }) => step))).toEqual([6]);

  // What is no project is refused, and what was there stays.
  const broken = info.outputPath('broken.weaklens');
  writeFileSync(broken, readFileSync(path).subarray(0, 700));
  await other.getByTestId('files').setInputFiles(broken);
  await expect(other.getByText(/not a sound zip archive/)).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Train 4' })).toBeVisible();
  await other.context().close();
});
