import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright';
import { browserFlags, findOrInstallBrowser } from '../browser.ts';
import { buildIfStale, dist, root } from '../build.ts';
import { serve } from '../serve.ts';
import type { Verb } from '../verb.ts';

/** Milliseconds for the picture of the video, once the page can be used. */
const TO_SETTLE = 3000;

const ICONS = [
  { file: 'icon-180.png', size: 180, isBled: true },
  { file: 'icon-192.png', size: 192, isBled: false },
  { file: 'icon-512.png', size: 512, isBled: false },
  { file: 'icon-maskable-512.png', size: 512, isBled: true },
];

export const pictures: Verb = {
  name: 'pictures',
  usage: 'pictures [page] [icons]',
  does: 'Takes the pictures of the README from the page, and the icons from icon.svg, into public/.',
  options: {},
  help: {},

  async run({ files, common }) {
    const wanted = files.length > 0 ? files : ['page', 'icons'];
    const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserFlags });
    try {
      const written = [
        ...(wanted.includes('icons') ? await drawIcons(browser) : []),
        ...(wanted.includes('page') ? [await takePage(browser, common.backend)] : []),
      ];
      if (!common.json) console.log(written.join('\n'));
      return { written };
    } finally {
      await browser.close();
    }
  },
};

/** The page as whoever comes for the first time sees it. */
async function takePage(browser: Browser, backend: string): Promise<string> {
  buildIfStale();
  const { server, address } = await serve(dist, { port: 0 });
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 720 },
      colorScheme: 'light',
      serviceWorkers: 'block',
    });
    await page.goto(`${address}?backend=${backend}`);
    await page.getByRole('img', { name: /^Timeline\. Score between/ }).waitFor();
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
    await page.waitForTimeout(TO_SETTLE);
    const path = join(root, 'public/page.png');
    await page.screenshot({ path });
    return path;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Browsers that take no drawing get pictures; where they cut the corners themselves, the ground goes to the edge. */
async function drawIcons(browser: Browser): Promise<string[]> {
  const drawing = readFileSync(join(root, 'public/icon.svg'), 'utf8');
  const paths: string[] = [];
  for (const { file, size, isBled } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const ground = /<rect[^>]*fill="([^"]+)"/.exec(drawing)![1];
    const body = isBled ? `margin:0;padding:10%;background:${ground}` : 'margin:0';
    await page.setContent(
      `<body style="${body};box-sizing:border-box;height:100vh">${drawing.replace('<svg', '<svg width="100%" height="100%"')}`,
    );
    const path = join(root, 'public', file);
    writeFileSync(path, await page.screenshot({ omitBackground: true }));
    await page.close();
    paths.push(path);
  }
  return paths;
}
