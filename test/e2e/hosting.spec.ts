/** Where the page may be served from, and that nothing leaves it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, makeFiles, dropFiles, open, test } from './weaklens.ts';

/** Extracts one made video and says what it was done with. */
async function extractOne(page: Page) {
  await makeFiles(page, 1, { train: 1, test: 0, seconds: 4, framesPerSecond: 15 });
  await dropFiles(page);
  await page.getByRole('button', { name: 'Extract features of 1' }).click();
  await expect(page.getByRole('button', { name: 'All features are cached' })).toBeVisible({
    timeout: 30_000,
  });
  return page.evaluate(async () => {
    const { extractionDevice, isolated } = await globalThis.weaklens!.diagnostics();
    return { device: extractionDevice as { backend: string; threads: number }, isolated };
  });
}

test('a good host isolates the page, and wasm has its threads', async ({ page, house }) => {
  await open(page, await house.serve());
  const { device, isolated } = await extractOne(page);
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  expect(isolated).toBe(true);
  expect(device).toMatchObject({ backend: 'wasm', threads: Math.min(4, cores) });
});

test('a static host under a sub-path, without headers: one thread, and the same page', async ({
  page,
  house,
}) => {
  await open(page, await house.serve({ base: '/sub/path/', withHeaders: false }));
  const { device, isolated } = await extractOne(page);
  expect(isolated).toBe(false);
  expect(device).toMatchObject({ backend: 'wasm', threads: 1 });
});

for (const withHeaders of [true, false]) {
  test(`nothing leaves the page or its workers, ${withHeaders ? 'with' : 'without'} headers`, async ({
    page,
    house,
  }) => {
    house.allow(/./); // every attempt below is an error in the console; what counts is what arrives
    const hits: string[] = [];
    const elsewhere = createServer((request, response) => {
      hits.push(`${request.method} ${request.url}`);
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.end('ok');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const target = `http://127.0.0.1:${port}`;
    await open(page, await house.serve({ withHeaders }));
    await extractOne(page); // both workers are up

    const attempt = `(async (target) => {
      const outcome = (promise) => promise.then(() => 'went', () => 'stopped');
      const answers = [await outcome(fetch(target + '/fetch', { mode: 'no-cors' }))];
      if (typeof document !== 'undefined') {
        navigator.sendBeacon(target + '/beacon', 'x');
        answers.push(await outcome(new Promise((resolve, reject) => Object.assign(new Image(), { onload: resolve, onerror: reject, src: target + '/image' }))));
        answers.push(await outcome(new Promise((resolve, reject) => { const s = new WebSocket(target.replace('http', 'ws')); s.onopen = resolve; s.onerror = reject; })));
      }
      return answers;
    })(${JSON.stringify(target)})`;
    // The page's own world, not that of the test: only there does the policy hold.
    // Our workers are blobs; the threads of wasm, which have no time to answer, are not.
    const workers = page.workers().filter((worker) => worker.url().startsWith('blob:'));
    const inWorkers = workers.map((worker) => worker.evaluate(attempt));
    const results = (await Promise.all([page.evaluate(attempt), ...inWorkers])) as string[][];
    expect(results.length).toBeGreaterThanOrEqual(3);
    for (const answers of results) expect(answers).not.toContain('went');
    await page.waitForTimeout(500);
    expect(hits).toEqual([]);
    elsewhere.close();
  });
}
