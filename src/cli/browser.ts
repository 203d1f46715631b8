/** Finding a Chrome or Chromium, for the `lab` command and for the tests. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Flags for a headless browser that must have WebGPU, on a software adapter if there is no other, that stays off the
 * network, and that runs as root in a container.
 */
export const browserFlags = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** `$CHROME_PATH`, an installed Chrome or Chromium, Playwright's own; null where there is none. */
export function findBrowser(): string | null {
  const chosen = process.env.CHROME_PATH;
  if (chosen) return chosen;
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...PLACES, chromium.executablePath()].find((path) => existsSync(path)) ?? null;
}

/** Like {@link findBrowser}, but lets Playwright install its own where there is none, and says how else to get one. */
export function findOrInstallBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  console.error('No Chrome or Chromium found; asking Playwright to install one ...');
  spawnSync('npx', ['playwright', 'install', 'chromium'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const installed = findBrowser();
  if (installed) return installed;
  throw new Error(
    'No Chrome or Chromium found. Install one (on Debian: apt-get install chromium) or set CHROME_PATH to it.',
  );
}
