/** The page without a connection, after one visit: it opens, and a head learns. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { dist } from '../../src/cli/build.ts';
import { expect, open, ready, test, type House } from './weaklens.ts';

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

/**
 * A page that is told of a new version: its host has another page by now, and a worker that names it.
 * @returns where the page says so
 */
async function openOutdated(page: Page, house: House, change = (worker: string) => worker): Promise<Locator> {
  const folder = mkdtempSync(join(tmpdir(), 'weaklens-dist-'));
  cpSync(dist, folder, { recursive: true });
  await open(page, `${await house.serve({ folder })}?backend=wasm`);
  await kept(page);

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
  const worker = join(folder, 'offline.js');
  writeFileSync(worker, change(readFileSync(worker, 'utf8')));
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update());
  const notices = page.getByLabel('Notices');
  await expect(notices).toContainText('A new version of Weaklens is here.', { timeout: 60_000 });
  return notices;
}

/** Asks for the new version, and waits for it. */
async function reload(page: Page, notices: Locator): Promise<void> {
  await Promise.all([page.waitForEvent('load'), notices.getByRole('button', { name: 'Reload' }).click()]);
  await expect(page).toHaveTitle('Weaklens, the next version');
  await ready(page);
}

test('a new version waits until it is asked for, and never comes in the middle of a run', async ({
  page,
  house,
}) => {
  test.setTimeout(180_000);
  const notices = await openOutdated(page, house);
  await page.evaluate(async () => {
    await globalThis.weaklens!.makeVideos(3, { train: 4, test: 1, seconds: 3, framesPerSecond: 10 });
    await globalThis.weaklens!.extract();
  });

  await page.evaluate(() => void globalThis.weaklens!.train({ head: 'sultani', steps: 5000, seed: 2 }));
  await expect(page.getByTestId('progress')).toHaveText(/step [1-9]/);
  await notices.getByRole('button', { name: 'Reload' }).click();
  await expect(notices).toContainText('Something is running: pause it first, then reload.');
  await page.evaluate(() => globalThis.weaklens!.pause());
  expect(await page.title()).not.toContain('next version');
  const { step } = await page.evaluate(() => globalThis.weaklens!.runs()[0]);
  expect(step).toBeGreaterThan(0);

  await reload(page, notices);
  await expect.poll(() => page.evaluate(() => globalThis.weaklens!.runs()[0]?.step)).toBe(step);
});

test('a new version that one tab lets in is told to the other, whose reload keeps its worker', async ({
  page,
  house,
  context,
}) => {
  test.setTimeout(90_000);
  const notices = await openOutdated(page, house);
  const other = await context.newPage();
  await other.goto(page.url());
  await ready(other);
  await kept(other);
  await expect(other).not.toHaveTitle('Weaklens, the next version');
  await reload(page, notices);
  const told = other.getByLabel('Notices');
  await expect(told).toContainText('A new version of Weaklens is here.');
  await reload(other, told);
  await kept(other);
  await context.setOffline(true);
  await other.reload();
  await ready(other);
  await expect(other).toHaveTitle('Weaklens, the next version');
});

test('a new version that the browser does not let take over comes all the same', async ({ page, house }) => {
  test.setTimeout(180_000);
  const notices = await openOutdated(page, house, (worker) => {
    expect(worker).toContain('take over');
    return worker.replace('take over', 'never');
  });
  await reload(page, notices);
  await kept(page);
});
