/**
 * What every story starts with: the built page, served as a good host would, in a browser that watches for what must
 * never happen: a request to elsewhere, an error nobody caught, a breach of the security policy.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as base, expect, type Page } from '@playwright/test';
import type axe from 'axe-core';
import type { Script } from '../../src/workers/script.ts';
import { dist } from '../../src/cli/build.ts';
import { serve, type ServeOptions } from '../../src/cli/serve.ts';

declare global {
  var weaklens: Script | undefined;
}

export { expect };

/** The page's address and what it must not do. */
export interface House {
  /** Serves the page another way; the first serving is that of a good host. */
  serve(options?: Partial<ServeOptions> & { folder?: string }): Promise<string>;
  /** Errors of these kinds are part of the story. */
  allow(pattern: RegExp): void;
}

export const test = base.extend<{ house: House; watch: void }>({
  house: async ({ context }, use) => {
    const servers: { close(): void; closeAllConnections(): void }[] = [];
    const allowed: RegExp[] = [];
    const wrong: string[] = [];
    const note = (what: string) => {
      if (!allowed.some((pattern) => pattern.test(what))) wrong.push(what);
    };
    const watch = (page: Page) => {
      page.on('pageerror', (error) => note(`uncaught: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') note(`console: ${message.text()}`);
      });
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (/^(https?|wss?):$/.test(url.protocol) && url.hostname !== 'localhost')
          note(`request: ${request.url()}`);
      });
    };
    context.on('page', watch);
    await use({
      async serve({ folder = dist, ...options } = {}) {
        const { server, address } = await serve(folder, { port: 0, ...options });
        servers.push(server);
        return address;
      },
      allow: (pattern) => allowed.push(pattern),
    });
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    expect(wrong, 'what must never happen').toEqual([]);
  },
});

/** Goes to the page, without the exhibit unless the address says otherwise, and waits until it can be used. */
export async function open(page: Page, address: string): Promise<void> {
  const url = new URL(address);
  if (!url.searchParams.has('start')) url.searchParams.set('start', 'empty');
  await page.goto(url.href);
  await ready(page);
}

export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => globalThis.weaklens !== undefined, null, { timeout: 30_000 });
}

/** A made video of the given kind, as a file in the page's `window.made`. */
export async function makeFiles(
  page: Page,
  seed: number,
  size: { train: number; test: number; seconds: number; framesPerSecond: number },
): Promise<{ name: string; label: 'normal' | 'anomalous'; part: 'train' | 'test' }[]> {
  return page.evaluate(
    async ({ seed, size }) => {
      const { client } = globalThis.weaklens!;
      const files: File[] = [];
      const facts = [];
      for (const video of await client.filming.planDemo(seed, size)) {
        const made = await client.filming.film(video, () => {}).result;
        files.push(made.file);
        facts.push({ name: made.name, label: made.label, part: made.part });
      }
      (globalThis as unknown as { made: File[] }).made = files;
      return facts;
    },
    { seed, size },
  );
}

/** Drops the files of `window.made` on the page, as a hand would. */
export async function dropFiles(page: Page): Promise<void> {
  await page.evaluate(() => {
    const data = new DataTransfer();
    for (const file of (globalThis as unknown as { made: File[] }).made) data.items.add(file);
    const event = (type: string) =>
      new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event('dragover'));
    document.body.dispatchEvent(event('drop'));
  });
}

/** The row of a video in the list. */
export const row = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Videos' }).getByRole('listitem').filter({ hasText: name });

/** Alarms on the timeline of the video on stage. */
export async function alarmsOnTimeline(page: Page): Promise<number> {
  const name = (await page.getByRole('img', { name: /^Timeline/ }).getAttribute('aria-label'))!;
  return name.includes('no alarm') ? 0 : Number(/(\d+) alarms?,/.exec(name)![1]);
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the page as it stands. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await checker.run(document, { resultTypes: ['violations'] });
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
    );
  });
}
