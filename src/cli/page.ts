/**
 * The page in a headless browser: what every verb drives. The command line has no mathematics of its own; it hands
 * files to the page and takes results from it.
 */
import { chromium, type Browser, type ElementHandle, type JSHandle, type Page } from 'playwright';
import type { Progress } from '../engine/job.ts';
import type { Script } from '../workers/script.ts';
import { browserFlags, findOrInstallBrowser } from './browser.ts';
import { buildIfStale, dist } from './build.ts';
import { serve } from './serve.ts';

declare global {
  // What the page offers, seen from functions that run in it.
  var weaklens: Script | undefined;
  /** Told of progress by functions that run in the page. */
  var labProgress: (progress: Progress) => void;
}

export interface LabOptions {
  backend: string;
  /** Upper bound for wasm threads. */
  threads?: number;
  /** Called with the progress of whatever runs. */
  onProgress?: (progress: Progress) => void;
}

export interface Lab {
  page: Page;
  browser: Browser;
  address: string;
  close(): Promise<void>;
}

/** Opens the page in a browser that forgets everything when it closes. */
export async function openLab({ backend, threads, onProgress }: LabOptions): Promise<Lab> {
  buildIfStale();
  const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserFlags });
  const { server, address } = await serve(dist, { port: 0 });
  const close = async () => {
    await browser.close();
    server.close();
  };
  try {
    const page = await browser.newPage({ serviceWorkers: 'block' });
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`[page] ${message.text()}`);
    });
    // The compiler that runs this file wraps functions in a helper of this name; those sent to the page need it too.
    await page.addInitScript('globalThis.__name = (wrapped) => wrapped');
    await page.exposeFunction('labProgress', (progress: Progress) => onProgress?.(progress));
    const query = new URLSearchParams({
      start: 'empty',
      backend,
      ...(threads ? { threads: String(threads) } : {}),
    });
    await page.goto(`${address}?${query}`);
    await page.waitForFunction(() => globalThis.weaklens !== undefined, null, { timeout: 30_000 });
    return { page, browser, address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Files of this machine as `File` objects of the page, in order. */
export async function filesInPage(page: Page, paths: readonly string[]): Promise<JSHandle<File[]>> {
  const input = (await page.evaluateHandle(() => {
    const element = document.createElement('input');
    element.type = 'file';
    element.multiple = true;
    return element;
  })) as ElementHandle<HTMLInputElement>;
  await input.setInputFiles([...paths]);
  return input.evaluateHandle((element) => [...element.files!]);
}

/** Bytes of this machine in the page. */
export async function bytesToPage(page: Page, bytes: Buffer): Promise<JSHandle<Uint8Array<ArrayBuffer>>> {
  return page.evaluateHandle((text) => {
    const binary = atob(text);
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  }, bytes.toString('base64'));
}

const PIECE_BYTES = 3 << 19; // a multiple of 3, so that pieces of base64 join without padding

/** Bytes of the page as bytes here, piece by piece. */
export async function bytesFromPage(array: JSHandle<Uint8Array>): Promise<Buffer> {
  const size = await array.evaluate((bytes) => bytes.byteLength);
  const pieces: Buffer[] = [];
  for (let start = 0; start < size; start += PIECE_BYTES) {
    const text = await array.evaluate(
      (bytes, [from, to]) => {
        let binary = '';
        for (const byte of bytes.subarray(from, to)) binary += String.fromCharCode(byte);
        return btoa(binary);
      },
      [start, Math.min(size, start + PIECE_BYTES)],
    );
    pieces.push(Buffer.from(text, 'base64'));
  }
  return Buffer.concat(pieces);
}

/** Progress as one line that is written over, where a terminal can. */
export function progressLine(label: () => string): (progress: Progress) => void {
  let last = 0;
  return ({ done, total, unit, perSecond }) => {
    const now = Date.now();
    if (!process.stderr.isTTY || (now - last < 200 && done !== total)) return;
    last = now;
    const rate = perSecond ? `, ${perSecond.toFixed(0)} ${unit}/s` : '';
    process.stderr.write(`\r\x1b[K${label()} ${done}${total === null ? '' : `/${total}`} ${unit}${rate}`);
    if (done === total) process.stderr.write('\n');
  };
}
