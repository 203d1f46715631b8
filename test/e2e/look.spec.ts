/** What a head looks at, and how a score comes about: on screen, tied to the frames, and equal to what was computed. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { expect, makeFiles, open, test, violations } from './weaklens.ts';

/** Made videos, labelled, of 10 snippets each. */
async function furnish(page: Page): Promise<void> {
  const videos = await makeFiles(page, 3, { train: 2, test: 1, seconds: 10, framesPerSecond: 16 });
  await page.evaluate(async (videos) => {
    const weaklens = globalThis.weaklens!;
    await weaklens.addVideos((globalThis as unknown as { made: File[] }).made);
    for (const { name, label, part } of videos) {
      await weaklens.label(name, label);
      await weaklens.split(name, part);
    }
    await weaklens.extract();
  }, videos);
}

const train = (page: Page, head: string, steps: number, config: Record<string, unknown> = {}) =>
  page.evaluate(
    async ({ head, steps, config }) => {
      await globalThis.weaklens!.train({ head, config, seed: 1, steps });
    },
    { head, steps, config },
  );

/** What the worker says of the first video, by the run on screen. */
const look = (page: Page) =>
  page.evaluate(async () => {
    const { client, runs, score } = globalThis.weaklens!;
    const [{ featureKey, scores }] = await score();
    const seen = (await client.look(runs()[0].id, featureKey, false, null))!;
    const sums = ({ shape, values }: { shape: readonly number[]; values: Float32Array }) => {
      const size = shape[shape.length - 1];
      return Array.from({ length: values.length / size }, (_, row) =>
        values.subarray(row * size, (row + 1) * size).reduce((a, b) => a + b, 0),
      );
    };
    return {
      scores: Array.from(scores),
      own: Array.from(seen.scores),
      attention: seen.attention && { shape: seen.attention.shape, sums: sums(seen.attention) },
      glance: seen.glance && { shape: seen.glance.shape, sums: sums(seen.glance) },
      spoke: seen.spoke && { shape: seen.spoke.shape, sums: sums(seen.spoke) },
      grid: seen.grid,
      spreads: seen.spreads,
      magnitudes: seen.magnitudes?.length,
    };
  });

const cursor = (page: Page) => page.getByRole('slider', { name: 'Position in the video' });

/** The middle of a cell of the map, in pixels of the page. */
async function cell(page: Page, [row, rows]: number[], [column, columns]: number[]) {
  const map = page.getByRole('slider', { name: /^Attention at step/ });
  await map.scrollIntoViewIfNeeded();
  const box = (await map.boundingBox())!;
  return [box.x + ((column + 0.5) / columns) * box.width, box.y + ((row + 0.5) / rows) * box.height] as const;
}

/** Asks why the score under the cursor is what it is, and expects the answer to end at the score on screen. */
async function walkBack(page: Page, frame: number): Promise<void> {
  await cursor(page).focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < frame / 16; i++) await page.keyboard.press('PageDown');
  const readout = page.getByRole('button', { name: /^score/ });
  await readout.click();
  const number = page.getByTestId('provenance-score');
  await expect(page.getByText(`Snippet ${frame / 16 + 1} of`)).toBeVisible();
  const shown = Number((await readout.textContent())!.replace(/[^\d.]/g, ''));
  await expect
    .poll(async () => Math.abs(Number(await number.textContent()) - shown))
    .toBeLessThanOrEqual(1e-3);
}

test('attention is seen as it gathers; magnitudes and curves stand beside the scores; each is walked back', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await furnish(page);
  await test.step('salient attention, cell by cell and step by step', () => salientStory(page));
  await test.step('MGFN: what every snippet takes from every other', () => mgfnStory(page));
  await test.step('WSAL: three curves', () => wsalStory(page));
});

async function salientStory(page: Page): Promise<void> {
  await train(page, 'salient', 40);
  const seen = await look(page);
  expect(seen.own).toEqual(seen.scores);
  expect(seen.attention!.shape).toEqual([3, 10]);
  for (const sum of seen.attention!.sums) expect(sum).toBeCloseTo(1, 4);

  await page.getByRole('tab', { name: 'Attention' }).click();
  const map = page.getByRole('slider', { name: 'Attention at step 40' });
  await expect(map).toBeVisible();
  await page.mouse.move(...(await cell(page, [2, 3], [7, 10])));
  await expect(map).toHaveAttribute('aria-valuetext', /^row 3 takes \d\.\d{3} from snippet 8$/);
  await expect(cursor(page)).toHaveAttribute('aria-valuenow', String(7 * 16 + 1));
  await page.mouse.move(0, 0);
  await map.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  await expect(map).toHaveAttribute('aria-valuetext', /^row 2 .* snippet 7$/);
  await expect(cursor(page)).toHaveAttribute('aria-valuenow', String(6 * 16 + 1));

  expect(await violations(page)).toEqual([]);

  // Looks were kept at growing steps, from before the first one.
  const slider = page.getByRole('slider', { name: 'Step of the training that is looked at' });
  const steps = await page.evaluate(async () => {
    const { client, runs, score } = globalThis.weaklens!;
    const [{ featureKey }] = await score();
    return (await client.keptLooks(runs()[0].id, featureKey)).map(({ step }) => step);
  });
  expect(steps[0]).toBe(0);
  expect(steps.length).toBeGreaterThan(10);
  expect(steps.length).toBeLessThanOrEqual(24);
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('look-step')).toHaveText('0');
  const early = Number(await page.getByTestId('spread').textContent());
  await page.keyboard.press('End');
  await expect(page.getByTestId('look-step')).toHaveText('40');
  const late = Number(await page.getByTestId('spread').textContent());
  expect(early).toBeGreaterThan(0);
  expect(late).toBeCloseTo(seen.spreads![1], 2);

  await walkBack(page, 5 * 16);
}

async function mgfnStory(page: Page): Promise<void> {
  await train(page, 'mgfn', 8, { batchNormal: 2, batchAnomalous: 2 });
  const seen = await look(page);
  expect(seen.own).toEqual(seen.scores);
  expect(seen.glance!.shape).toEqual([1, 10, 10]);
  for (const sum of seen.glance!.sums) expect(sum).toBeCloseTo(1, 4);
  expect(seen.magnitudes).toBe(10);
  await expect(page.getByRole('img', { name: /^Feature magnitudes between/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Attention in 1 row/ })).toBeVisible();

  await page.getByRole('tab', { name: 'Attention' }).click();
  const map = page.getByRole('slider', { name: 'Attention at step 8' });
  await page.mouse.move(...(await cell(page, [4, 10], [8, 10])));
  await expect(map).toHaveAttribute('aria-valuetext', /^snippet 5 takes \d\.\d{3} from snippet 9$/);
  await expect(cursor(page)).toHaveAttribute('aria-valuenow', String(8 * 16 + 1));
  await expect(page.getByText('looks: 5')).toBeVisible();
  await expect(page.getByText('at: 9')).toBeVisible();
  await expect(page.locator('.pair canvas')).toHaveCount(2);
  expect(await violations(page)).toEqual([]);
  await walkBack(page, 9 * 16);
}

async function wsalStory(page: Page): Promise<void> {
  await train(page, 'wsal', 6, { batchNormal: 2, batchAnomalous: 2 });
  const curves = page.getByRole('img', { name: 'Scores that make the score: semantic, dynamic, consensus' });
  await expect(curves.locator('path.curve')).toHaveCount(3);
  await walkBack(page, 4 * 16);
  await expect(page.getByRole('cell', { name: 'dynamic variation' })).toBeVisible();
}

test('GIG: where it looks lies over the picture, with the cells that speak', async ({ page, house }) => {
  await open(page, await house.serve());
  await page.getByRole('combobox', { name: 'Head', exact: true }).selectOption('gig');
  await furnish(page);
  await train(page, 'gig', 10, { batchNormal: 2, batchAnomalous: 2 });
  const seen = await look(page);
  const area = seen.grid![0] * seen.grid![1];
  expect(seen.spoke!.shape).toEqual([10, area]);
  for (const sum of seen.spoke!.sums) expect(sum).toBeCloseTo(5, 4);

  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await expect(page.getByRole('button', { name: 'Where' })).toBeVisible();
  await page.keyboard.press('h');
  const overlay = page.getByRole('img', { name: /^Relation map of snippet 1: strongest in row/ });
  await expect(overlay.locator('rect:not(.spoke)')).toHaveCount(area);
  expect(await overlay.locator('rect.spoke').count()).toBeGreaterThanOrEqual(5);
  // It lies on the picture: the square that the backbone saw, in the middle of 256 by 192 pixels.
  const square = await overlay.locator('g').evaluate((g: SVGGElement) => {
    const { x, y, width, height } = g.getBBox();
    return [x, y, width, height, g.transform.baseVal[0].matrix.e, g.transform.baseVal[0].matrix.f];
  });
  expect(square.map((value) => Math.round(value))).toEqual([0, 0, 192, 192, 32, 0]);

  // What it points at leaves with the alarms: a box for every snippet, inside that square.
  await page.evaluate(() => globalThis.weaklens!.evaluate(undefined, { threshold: 0 }));
  await page.getByTestId('export').click();
  const cvat = page.locator('#export-menu').getByRole('button', { name: 'Alarms for CVAT (.xml)' });
  const [download] = await Promise.all([page.waitForEvent('download'), cvat.click()]);
  const files = Object.values(unzipSync(readFileSync(await download.path())));
  const boxes = [
    ...strFromU8(files[0]).matchAll(/outside="0".*?xtl="(.*?)" ytl="(.*?)" xbr="(.*?)" ybr="(.*?)"/g),
  ];
  expect(boxes).toHaveLength(10);
  for (const [left, top, right, bottom] of boxes.map(([, ...edges]) => edges.map(Number))) {
    expect(left).toBeGreaterThanOrEqual(32);
    expect(right).toBeLessThanOrEqual(224);
    expect((right - left) * (bottom - top)).toBeGreaterThan(0);
    expect(bottom - top).toBeLessThanOrEqual(192);
  }
  expect(await violations(page)).toEqual([]);
  await walkBack(page, 7 * 16);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('h');
  await expect(page.getByRole('img', { name: /^Relation map/ })).toHaveCount(0);
});
