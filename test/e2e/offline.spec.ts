/** The page without a connection, after one visit: it opens, and a head learns. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { dist } from '../../src/cli/build.ts';
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

test('a new version waits until it is asked for, and never comes in the middle of a run', async ({
  page,
  house,
}) => {
  test.setTimeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'weaklens-dist-'));
  cpSync(dist, folder, { recursive: true });
  await open(page, `${await house.serve({ folder })}?backend=wasm`);
  await kept(page);
  await page.evaluate(async () => {
    await globalThis.weaklens!.makeVideos(3, { train: 4, test: 1, seconds: 3, framesPerSecond: 10 });
    await globalThis.weaklens!.extract();
  });

  // What a host has after a release: another page, and a worker that names it.
  const replace = (name: string, from: RegExp, to: string) => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(join(folder, name), text.replace(from, to));
  };
  replace('index.html', /<title>[^<]*/, '<title>Weaklens, the next version');
  replace(
    'offline.js',
    /(?<=index\.html[^}]*?revision["']?:\s*["'`])[^"'`]+|(?<=revision["']?:\s*["'`])[^"'`]+(?=[^{]*index\.html)/,
    'another',
  );
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update());
  const notices = page.getByLabel('Notices');
  await expect(notices).toContainText('A new version of Weaklens is here.', { timeout: 60_000 });

  await page.evaluate(() => void globalThis.weaklens!.train({ head: 'sultani', steps: 5000, seed: 2 }));
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await notices.getByRole('button', { name: 'Reload' }).click();
  await expect(notices).toContainText('Something is running: pause it first, then reload.');
  await page.evaluate(() => globalThis.weaklens!.pause());
  expect(await page.title()).not.toContain('next version');
  const { step } = await page.evaluate(() => globalThis.weaklens!.runs()[0]);
  expect(step).toBeGreaterThan(0);

  await Promise.all([page.waitForEvent('load'), notices.getByRole('button', { name: 'Reload' }).click()]);
  await expect(page).toHaveTitle('Weaklens, the next version');
  await ready(page);
  await expect.poll(() => page.evaluate(() => globalThis.weaklens!.runs()[0]?.step)).toBe(step);
});
