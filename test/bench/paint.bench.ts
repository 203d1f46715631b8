/**
 * How long whoever comes for the first time looks at nothing: from the request to the first words on the page, and to
 * the finished exhibit with its picture. Every visit is by a browser profile of its own. The peer is a page of one
 * word, so that what the browser itself takes can be told from what the page does.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright';
import { browserFlags, findOrInstallBrowser } from '../../src/cli/browser.ts';
import { buildIfStale, dist } from '../../src/cli/build.ts';
import { serve } from '../../src/cli/serve.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';

const VISITS = 7;
/** Milliseconds that the first words may take. */
const LIMIT = 1500;

const paint: Bench = {
  does: `first visits: milliseconds to the first words (limit ${LIMIT}) and to the finished exhibit`,

  async run() {
    buildIfStale();
    const word = mkdtempSync(join(tmpdir(), 'weaklens-word-'));
    writeFileSync(join(word, 'index.html'), '<!doctype html><title>peer</title><p>Weaklens</p>');
    const [page, peer] = [await serve(dist, { port: 0 }), await serve(word, { port: 0 })];
    const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserFlags });
    try {
      const [first, whole, beside]: number[][] = [[], [], []];
      for (let i = 0; i < VISITS; i++) {
        beside.push((await visit(browser, peer.address, false)).first);
        const times = await visit(browser, page.address, true);
        first.push(times.first);
        whole.push(times.whole);
      }
      const figures = {
        firstWords: median(first),
        exhibit: median(whole),
        peer: median(beside),
        limit: LIMIT,
      };
      console.error(
        `first words ${figures.firstWords.toFixed(0)} ms (limit ${LIMIT}; a page of one word ${figures.peer.toFixed(0)} ms), exhibit with its picture ${figures.exhibit.toFixed(0)} ms; medians of ${VISITS}`,
      );
      return figures;
    } finally {
      await browser.close();
      for (const { server } of [page, peer]) {
        server.close();
        server.closeAllConnections();
      }
      rmSync(word, { recursive: true });
    }
  },
};

export default paint;

async function visit(
  browser: Browser,
  address: string,
  isWhole: boolean,
): Promise<{ first: number; whole: number }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    serviceWorkers: 'block',
  });
  try {
    const page = await context.newPage();
    await page.goto(address);
    const first = await page.evaluate(
      () =>
        new Promise<number>((resolve) =>
          new PerformanceObserver((list) => {
            const [entry] = list.getEntriesByName('first-contentful-paint');
            if (entry) resolve(entry.startTime);
          }).observe({ type: 'paint', buffered: true }),
        ),
    );
    if (!isWhole) return { first, whole: first };
    await page.getByRole('img', { name: /^Timeline\. Score between/ }).waitFor();
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
    return { first, whole: await page.evaluate(() => performance.now()) };
  } finally {
    await context.close();
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
