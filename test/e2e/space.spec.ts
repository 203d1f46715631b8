/** Segments as points that can be brushed, and a bag of one's own that the head weighs: seen, by hand and by keys. */
import type { Page } from '@playwright/test';
import { expect, open, row, test, violations } from './weaklens.ts';

/** Drawn videos with a hidden truth, of 8 snippets each. */
async function furnish(page: Page, head: string, steps: number): Promise<void> {
  await page.evaluate(
    async ({ head, steps }) => {
      const weaklens = globalThis.weaklens!;
      await weaklens.makeVideos(5, { train: 4, test: 2, seconds: 8, framesPerSecond: 16 });
      await weaklens.extract();
      const config = { batchNormal: 2, batchAnomalous: 2 };
      await weaklens.train({ head, config, seed: 1, steps });
    },
    { head, steps },
  );
}

const plane = (page: Page) => page.getByRole('slider', { name: 'Segments in the space' });
const cursor = (page: Page) => page.getByRole('slider', { name: 'Position in the video' });
const number = async (page: Page, id: string) => Number(await page.getByTestId(id).textContent());

/** What the table says of the points. */
async function table(
  page: Page,
): Promise<{ video: string; snippet: number; kind: string; across: number }[]> {
  const summary = page.getByText('Points as a table');
  const details = page.locator('details', { has: summary });
  if (!(await details.evaluate((element: HTMLDetailsElement) => element.open))) await summary.click();
  const rows = await details.locator('tbody tr').allInnerTexts();
  return rows.map((row) => {
    const [video, snippet, kind, across] = row.split('\t');
    return { video, snippet: Number(snippet), kind, across: Number(across) };
  });
}

/** Waits until what is drawn is what is chosen. */
async function drawn(page: Page, pattern: RegExp): Promise<void> {
  await expect(page.getByTestId('space')).toHaveAttribute('data-current', 'true');
  await expect(page.getByTestId('space')).toContainText(pattern);
  await expect(plane(page)).toHaveAttribute('data-drawn', 'true');
}

test('segments are points: a brush selects those inside, and truth is not given away', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await furnish(page, 'rtfm', 20);
  await page.getByRole('tab', { name: 'Space' }).click();
  await page.getByRole('button', { name: 'Taller' }).click();
  await drawn(page, /48 segments of 6 videos.* by features; the axes show/);
  await expect(page.getByTestId('space')).toContainText('normal video 24');
  await expect(page.getByTestId('space')).toContainText('anomalous video 24');

  await page.getByRole('button', { name: 'After', exact: true }).click();
  await drawn(page, /by what the head makes of them at step 20/);

  await test.step('by hand', async () => {
    const all = await table(page);
    expect(all.length).toBe(48);
    // A cut where no point is near, so that no rounding decides.
    const sorted = all.map(({ across }) => across).sort((a, b) => a - b);
    const gaps = sorted.slice(12, 36).map((value, i) => ({ gap: sorted[i + 13] - value, at: i + 12 }));
    const { at } = gaps.reduce((a, b) => (b.gap > a.gap ? b : a));
    const cut = (sorted[at] + sorted[at + 1]) / 2;
    const inside = all.filter(({ across }) => across < cut);
    const share = (cut - sorted[0]) / (sorted[47] - sorted[0]);
    await plane(page).evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const box = (await plane(page).boundingBox())!;
    await page.mouse.move(box.x + 2, box.y + 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 12 + share * (box.width - 24), box.y + box.height - 2, { steps: 4 });
    await page.mouse.up();
    await expect(page.getByTestId('selected')).toHaveText(String(inside.length));
    expect(await table(page)).toEqual(inside);
    // Those of the video on stage are marked on its timeline.
    const stage = inside[0].video;
    await row(page, stage).getByRole('button').first().click();
    const own = inside.filter(({ video }) => video === stage).map(({ snippet }) => snippet);
    await expect(page.getByTestId('selection-lane')).toHaveAttribute(
      'aria-label',
      `Selected in the space: snippet${own.length === 1 ? '' : 's'} ${own.join(', ')}`,
    );
  });

  await test.step('by keys', async () => {
    await plane(page).focus();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('selected')).toHaveText('0');
    await expect(page.getByTestId('selection-lane')).toHaveCount(0);
    await page.keyboard.press('End');
    await expect(plane(page)).toHaveAttribute('aria-valuenow', '48');
    const last = (await table(page))[47];
    await plane(page).focus();
    await expect(page.getByTestId('pointed')).toContainText(`${last.video}, snippet ${last.snippet}, score`);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Stage' })).toContainText(last.video);
    await expect(cursor(page)).toHaveAttribute('aria-valuenow', String(16 * (last.snippet - 1) + 1));
    await expect(page.locator('.pointed canvas')).toHaveCount(2);
    await plane(page).focus();
    await page.keyboard.press('Shift+ArrowLeft');
    const few = await number(page, 'selected');
    expect(few).toBeGreaterThan(0);
    for (let i = 0; i < 20; i++) await page.keyboard.press('Shift+ArrowLeft');
    for (let i = 0; i < 20; i++) await page.keyboard.press('Shift+ArrowDown');
    expect(await number(page, 'selected')).toBeGreaterThanOrEqual(few);
    await page.keyboard.press('ArrowLeft');
    await expect(plane(page)).not.toHaveAttribute('aria-valuenow', '48');
    await page.keyboard.press('Escape');
  });

  await test.step('truth is told of revealed videos alone', async () => {
    await page.getByRole('combobox', { name: /^by/ }).selectOption('truth');
    await expect(page.getByTestId('space')).toContainText('truth hidden 48');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('t');
    await expect(page.getByTestId('space')).toContainText('truth hidden 40');
    await page.getByRole('combobox', { name: /^by/ }).selectOption('prediction');
    const { alarm, total } = await page.evaluate(async () => {
      const scores = (await globalThis.weaklens!.score()).flatMap(({ scores }) => Array.from(scores));
      return { alarm: scores.filter((score) => score >= 0.5).length, total: scores.length };
    });
    const kinds = (await table(page)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'in alarm').length).toBe(alarm);
    expect(kinds.filter((kind) => kind === 'below the threshold').length).toBe(total - alarm);
  });

  await test.step('magnitudes of bags, from the first step to the last', async () => {
    await expect(page.getByTestId('magnitude-step')).toHaveText('20');
    const moments = await page.evaluate(() => {
      const { client, runs } = globalThis.weaklens!;
      return client.space.magnitudes(runs()[0].id);
    });
    expect(moments[0].step).toBe(0);
    for (const { normal, anomalous, isArgued } of moments) {
      expect([normal.length, anomalous.length, isArgued]).toEqual([2, 2, true]);
    }
    const { normal, anomalous } = moments[moments.length - 1];
    const pairs = [...normal].flatMap((n) => [...anomalous].map((a) => Number(a > n)));
    const longer = pairs.reduce((a, b) => a + b, 0) / pairs.length;
    expect(await number(page, 'separation')).toBeCloseTo(longer, 2);
    await page.getByRole('slider', { name: 'Step whose bags are shown' }).focus();
    await page.keyboard.press('Home');
    await expect(page.getByTestId('magnitude-step')).toHaveText('0');
  });
  expect(await violations(page)).toEqual([]);

  await test.step('UMAP, when asked for', async () => {
    await page.getByRole('button', { name: 'UMAP' }).click();
    await page.getByRole('button', { name: 'Lay out' }).click();
    await drawn(page, /15 neighbours/);
    const places = (await table(page)).map(({ across }) => across);
    expect(new Set(places).size).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'PCA' }).click();
    await drawn(page, /the axes show/);
  });
});

test('a bag of the highest segments scores higher, and costs less when it is called anomalous', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await furnish(page, 'sultani', 40);
  const name = await page.evaluate(() => {
    const videos = globalThis.weaklens!.videos();
    return videos.find(({ label, part }) => label === 'anomalous' && part === 'train')!.name;
  });
  await row(page, name).getByRole('button').first().click();
  const scores = await page.evaluate(async (name) => {
    const all = await globalThis.weaklens!.score();
    return Array.from(all.find((one) => one.name === name)!.scores);
  }, name);
  const order = scores.map((_, n) => n).sort((a, b) => scores[b] - scores[a]);
  await page.getByRole('tab', { name: 'Bag' }).click();
  await page.getByRole('button', { name: 'Taller' }).click();
  const pieces = page.getByRole('list', { name: 'Segments of the bag' }).getByRole('button');

  /** Fills the bag by the cursor, and reads what came of it. */
  const weigh = async (snippets: number[]) => {
    for (const [i, snippet] of snippets.entries()) {
      await cursor(page).focus();
      await page.keyboard.press('Home');
      for (let n = 0; n < snippet; n++) await page.keyboard.press('PageDown');
      await page.getByRole('button', { name: 'Add the snippet under the cursor' }).click();
      await expect(pieces).toHaveCount(i + 1);
    }
    return settled(snippets);
  };
  /** Once the page shows the bag's own scores: of this head, they are those that the snippets have anyway. */
  const settled = async (snippets: number[]) => {
    const highest = Math.max(...snippets.map((n) => scores[n]));
    await expect.poll(async () => Math.abs((await number(page, 'bag-score')) - highest)).toBeLessThan(2e-4);
    await expect(pieces.last()).toHaveAccessibleName(/score/);
    return { score: await number(page, 'bag-score'), loss: await number(page, 'bag-loss') };
  };

  const high = await weigh(order.slice(0, 3));
  // The one with the highest score speaks for the bag.
  await expect(pieces.first()).toHaveAccessibleName(
    new RegExp(
      `^${name}.*, snippet ${order[0] + 1}, score ${scores[order[0]].toFixed(3)}, speaks for the bag$`,
    ),
  );
  await page.getByRole('group', { name: 'Label of the bag' }).getByRole('button', { name: 'normal' }).click();
  await expect(page.getByText('Loss, called normal')).toBeVisible();
  await settled(order.slice(0, 3));
  await page
    .getByRole('group', { name: 'Label of the bag' })
    .getByRole('button', { name: 'anomalous' })
    .click();
  await expect(page.getByText('Loss, called anomalous')).toBeVisible();
  expect((await settled(order.slice(0, 3))).loss).toBeCloseTo(high.loss, 3);

  await page.getByRole('button', { name: 'Empty' }).click();
  await expect(pieces).toHaveCount(0);
  const low = await weigh(order.slice(-3));
  expect(high.score).toBeGreaterThan(low.score);
  expect(high.loss).toBeLessThan(low.loss);

  await test.step('pieces by hand and by keys', async () => {
    const offer = page.getByRole('list', { name: 'Snippets of the video on stage' }).getByRole('button');
    await page.getByTestId('composed').scrollIntoViewIfNeeded();
    const [from, to] = [
      await offer.nth(order[0]).boundingBox(),
      await page.getByTestId('composed').boundingBox(),
    ];
    await page.mouse.move(from!.x + 8, from!.y + 8);
    await page.mouse.down();
    await page.mouse.move(to!.x + to!.width - 8, to!.y + to!.height / 2, { steps: 4 });
    await page.mouse.up();
    await expect(pieces).toHaveCount(4);
    await expect
      .poll(async () => Math.abs((await number(page, 'bag-score')) - scores[order[0]]))
      .toBeLessThan(2e-4);
    await pieces.last().focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowLeft');
    await expect(pieces.first()).toHaveAccessibleName(new RegExp(`snippet ${order[0] + 1},`));
    await page.keyboard.press('Delete');
    await expect(pieces).toHaveCount(3);
    await settled(order.slice(-3));
  });

  await test.step('wrong labels beside it', async () => {
    await page.getByLabel('label noise 0 %').focus();
    await page.keyboard.press('End');
    await expect(page.getByText('2 of 3 labels are turned round')).toBeVisible();
  });
  expect(await violations(page)).toEqual([]);
});
