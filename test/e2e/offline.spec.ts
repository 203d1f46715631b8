/** The page without a connection, after one visit: it opens, and a head learns. */
import type { Page } from '@playwright/test';
import { expect, open, ready, test } from './weaklens.ts';

test.use({ serviceWorkers: 'allow' });

/** Until what the page is made of is kept, and answers for it. */
const kept = (page: Page) =>
  expect
    .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state), { timeout: 90_000 })
    .toBe('activated');

for (const base of ['/', '/sub/path/']) {
  test(`after one visit the page works with the network off, under ${base}${base === '/' ? ' @long' : ''}`, async ({
    page,
    house,
    context,
  }) => {
    test.setTimeout(240_000);
    const address = await house.serve({ base });
    await open(page, `${address}?start=exhibit`);
    await kept(page);

    await context.setOffline(true);
    await page.reload();
    await ready(page);
    await expect(page.getByRole('img', { name: /^Timeline/ })).toHaveAccessibleName(/Score between/);
    await expect(page.getByText('requests elsewhere')).toContainText('0');
    if (base !== '/') return;
    // Isolated as before, so wasm has its threads; and everything of the walk, from drawing a video to its score.
    const made = await page.evaluate(async () => {
      const page = globalThis.weaklens!;
      await page.makeVideos(3, { train: 4, test: 1, seconds: 3, framesPerSecond: 10 });
      await page.extract();
      const { step } = await page.train({ head: 'sultani', steps: 5, seed: 2 });
      return { step, isolated: crossOriginIsolated, scored: (await page.score()).length };
    });
    expect(made).toEqual({ step: 5, isolated: true, scored: 5 });
    await expect(page.getByText('requests elsewhere')).toContainText('0');
  });
}
