/** What everything costs: time by stage, memory, storage that can be freed, and pixels that are read back altered. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist } from '../../src/cli/build.ts';
import { serve } from '../../src/cli/serve.ts';
import { expect, makeFiles, open, test, dropFiles } from './weaklens.ts';

/** No reading of frames, and a canvas whose lowest bits are others here and there, as in Brave. */
const ALTERATION = `
  VideoFrame.prototype.copyTo = () => Promise.reject(new TypeError('no'));
  const { getImageData } = OffscreenCanvasRenderingContext2D.prototype;
  OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...where) {
    const image = getImageData.apply(this, where);
    for (let i = 0; i < image.data.length; i += 97) image.data[i] ^= 1;
    return image;
  };`;

test('time by stage, dispatches and memory are told, and space is freed project by project', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await makeFiles(page, 3, { train: 2, test: 0, seconds: 2, framesPerSecond: 10 });
  await dropFiles(page);
  await page.getByRole('tab', { name: 'Cost' }).click();
  await expect(page.getByText('No features were extracted here yet')).toBeVisible();
  await page.getByRole('button', { name: 'Extract features of 2' }).click();
  const time = page.getByRole('table', { name: 'Time of extraction by stage' });
  await expect(time).toContainText('Features of 2 videos', { timeout: 60_000 });
  const seconds = await page.evaluate(() =>
    globalThis
      .weaklens!.client.store.featureSummaries()
      .then((all) => all.map((one) => one.provenance.seconds)),
  );
  const share = (stage: 'decode' | 'pixels' | 'backbone') =>
    Math.round(
      (100 * seconds.reduce((sum, s) => sum + s[stage], 0)) / seconds.reduce((sum, s) => sum + s.total, 0),
    );
  for (const [name, stage] of [
    ['Decode', 'decode'],
    ['Pixels', 'pixels'],
    ['Backbone', 'backbone'],
  ] as const)
    await expect(time.getByRole('row', { name })).toContainText(`${share(stage)} %`);

  const line = (term: string) =>
    page
      .locator('dl > div')
      .filter({ has: page.getByText(term, { exact: true }) })
      .getByRole('definition');
  await expect(line('Pixels of frames')).toHaveText('as they are');
  await expect(line('Requests to other servers')).toHaveText('0');
  await expect(line('Memory of heads')).toHaveText(/[\d.]+ [kM]?B/);
  await page.evaluate(async () => {
    const [first, second] = globalThis.weaklens!.videos();
    await globalThis.weaklens!.label(first.name, 'normal');
    await globalThis.weaklens!.label(second.name, 'anomalous');
    await globalThis.weaklens!.train({ head: 'sultani', seed: 1, steps: 3 });
  });
  await expect(line('Dispatches of a step')).toHaveText(/^[1-9]\d+$/);

  await page.getByRole('button', { name: /^Free features of/ }).click();
  await expect(page.getByText('No features were extracted here yet')).toBeVisible();
  expect(await page.evaluate(() => globalThis.weaklens!.client.store.featureSummaries())).toEqual([]);
  await expect(page.getByRole('button', { name: 'Extract features of 2' })).toBeVisible(); // from the copies
  await page.getByRole('button', { name: /^Free copies of/ }).click();
  await expect(page.getByRole('button', { name: /^Free copies of/ })).toBeDisabled();
});

test('a browser that alters pixels is named at the start', async ({ page }, { outputDir }) => {
  // Init scripts do not reach workers: the page is served with a worker that brings the alteration along.
  cpSync(dist, outputDir, { recursive: true });
  const worker = readdirSync(join(outputDir, 'assets')).find((name) =>
    /^extract\.worker-.*\.js$/.test(name),
  )!;
  const file = join(outputDir, 'assets', worker);
  writeFileSync(file, `${ALTERATION}\n${readFileSync(file, 'utf8')}`);
  const { server, address } = await serve(outputDir, { port: 0 });
  await open(page, address);
  const notices = page.getByRole('status', { name: 'Notices' });
  await expect(notices).toContainText(/alters pixels that a page reads back, by up to 1 of 255 levels/);
  await notices.getByRole('button').first().click();
  await page.getByRole('tab', { name: 'Cost' }).click();
  await expect(page.getByRole('definition').filter({ hasText: 'altered by this browser' })).toHaveCount(2);
  server.close();
  server.closeAllConnections();
});
