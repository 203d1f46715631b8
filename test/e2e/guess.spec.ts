/** Guess, then reveal: marks by keys and by hand, judged by a truth that stays hidden until then, and kept as one. */
import type { Page } from '@playwright/test';
import { dropFiles, expect, makeFiles, open, ready, row, test, violations } from './weaklens.ts';

type Span = { startFrame: number; endFrame: number };

const LENGTH = { seconds: 8, framesPerSecond: 15 };
const FRAMES = 120;

/** Drawn videos with a hidden truth, and a head that was trained for a moment. */
async function furnish(page: Page, train: number, test: number): Promise<void> {
  await page.evaluate(
    async (size) => {
      const weaklens = globalThis.weaklens!;
      await weaklens.makeVideos(5, size);
      await weaklens.extract();
      await weaklens.train({ seed: 1, steps: 30 });
    },
    { ...LENGTH, train, test },
  );
}

async function show(page: Page, name: string): Promise<void> {
  await row(page, name).getByRole('button').first().click();
  await expect(page.getByRole('region', { name: 'Stage' })).toContainText(name);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
}

/** One label per frame, in the plainest way. */
const labels = (spans: readonly Span[]): boolean[] =>
  Array.from({ length: FRAMES }, (_, i) => spans.some((s) => s.startFrame <= i + 1 && i + 1 <= s.endFrame));

/** The figures of the page, worked out frame by frame. */
function figures(marked: readonly boolean[], truth: readonly boolean[]): string[] {
  const count = (is: (i: number) => boolean) => truth.filter((_, i) => is(i)).length;
  const both = count((i) => marked[i] && truth[i]);
  const [precision, recall] = [both / count((i) => marked[i]), both / count((i) => truth[i])];
  const f1 = both === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  const iou = both / count((i) => marked[i] || truth[i]);
  return [precision, recall, f1, iou].map((value) => (Number.isNaN(value) ? '–' : value.toFixed(3)));
}

/** The share of pairs of a true and another frame that the scores put in the right order. */
function pairwiseAuc(scores: readonly number[], truth: readonly boolean[]): number {
  let [right, pairs] = [0, 0];
  truth.forEach((isTrue, i) => {
    if (!isTrue) return;
    truth.forEach((isOther, j) => {
      if (isOther) return;
      pairs++;
      right += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    });
  });
  return right / pairs;
}

const truthOf = (page: Page, name: string): Promise<Span[]> =>
  page.evaluate((name) => globalThis.weaklens!.truth(name)!.intervals, `${name}.webm`);

/** The cells of one row: what it says, precision, recall, F1, IoU, frame AUC. */
function cells(page: Page, who: 'You' | 'Head' | 'Truth'): Promise<string[]> {
  const table = page.getByRole('table', { name: 'You, the head and the truth' });
  const line = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: who }) });
  return line.getByRole('cell').allInnerTexts();
}

test('a guess marked by keys, the head and the truth, side by side, judged by the frame', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await furnish(page, 4, 2);
  await show(page, 'test-02');
  const group = page.getByRole('group', { name: 'Your guess' });
  await expect(group).toContainText('Mark where you think it happens, then reveal.');

  await page.keyboard.press('>');
  await page.keyboard.press('>');
  await page.keyboard.press('[');
  await expect(group).toContainText('Begun at frame 33');
  for (let i = 0; i < 3; i++) await page.keyboard.press('>');
  await page.keyboard.press(']');
  await expect(group.getByRole('button', { name: 'Your mark, frames 33–81' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'You, the head and the truth' })).toHaveCount(0);

  // A threshold in the middle of what the head says of this video.
  const scores = await page.evaluate(async () => {
    const all = await globalThis.weaklens!.score();
    return Array.from(all.find(({ name }) => name === 'test-02.webm')!.scores);
  });
  const middle = (Math.min(...scores) + Math.max(...scores)) / 2;
  const threshold = Math.max(0.01, Math.round(middle * 100) / 100);
  await page.getByRole('slider', { name: 'Alarm threshold' }).fill(String(threshold));

  await page.keyboard.press('t');
  const truth = labels(await truthOf(page, 'test-02'));
  const marked = labels([{ startFrame: 33, endFrame: 81 }]);
  const perFrame = Array.from({ length: FRAMES }, (_, i) => scores[Math.floor(i / 16)]);
  const alarms = perFrame.map((score) => score >= threshold);
  const expected = figures(marked, truth);
  await expect.poll(() => cells(page, 'You').then((row) => row.slice(1, 5))).toEqual(expected);
  expect((await cells(page, 'You'))[0]).toMatch(/^(found|missed) · 1 mark, 3\.3 s$/);
  expect((await cells(page, 'Head')).slice(1, 5)).toEqual(figures(alarms, truth));
  await expect
    .poll(() => cells(page, 'Head').then((row) => row[5]))
    .toBe(pairwiseAuc(perFrame, truth).toFixed(3));
  expect((await cells(page, 'Truth'))[0]).toMatch(/^1 interval, /);
  await expect(page.getByTestId('revealed')).toContainText(`F1 ${expected[2]}, IoU ${expected[3]}`);

  // Four weak labels against a label for each of their frames.
  await expect(group).toContainText('The head was told 4 bits, 20 s of work');
  await expect(group).toContainText(`a label for every frame is ${4 * FRAMES} bits, 1:20`);
  await group.getByText('The head was told').click();
  await group.getByRole('spinbutton', { name: 's to mark an interval' }).fill('60');
  await group.getByRole('spinbutton', { name: 's to mark an interval' }).press('Enter');
  await expect(group).toContainText(`a label for every frame is ${4 * FRAMES} bits, 2:20`);
  await expect(page.getByTestId('own-seconds')).toHaveText(/^\d+(\.\d)? s, measured$/);
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 720 });

  // It is there after a reload, hidden again, and what was guessed first stays what counts.
  await page.reload();
  await ready(page);
  await show(page, 'test-02');
  await expect(group.getByRole('button', { name: 'Your mark, frames 33–81' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'You, the head and the truth' })).toHaveCount(0);
  await page.keyboard.press('t');
  expect((await cells(page, 'You')).slice(1, 5)).toEqual(expected);
  const isFound = Number(expected[3]) >= 0.3;
  await expect(page.getByTestId('tally')).toContainText(`you found ${isFound ? 1 : 0} of 1 anomalies`);
  await page.keyboard.press('u');
  await expect.poll(() => cells(page, 'You').then((row) => row[0])).toBe('missed · nothing unusual');
  await expect(group).toContainText('what you said first counts');
  await expect(page.getByTestId('tally')).toContainText(`you found ${isFound ? 1 : 0} of 1 anomalies`);
  await page.keyboard.press('Control+z');
  await expect(group.getByRole('button', { name: 'Your mark, frames 33–81' })).toBeVisible();

  // Nothing unusual, said of a video in which nothing is.
  await show(page, 'test-01');
  await page.keyboard.press('u');
  await page.keyboard.press('t');
  await expect
    .poll(() => cells(page, 'You'))
    .toEqual(['right: nothing there · nothing unusual', '–', '–', '–', '–', '']);
  await expect(page.getByTestId('tally')).toContainText('and left 1 of 1 normal videos alone');
});

test('marks are drawn, moved and removed by hand, and every step of it can be taken back', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await furnish(page, 2, 2);
  await show(page, 'test-02');
  const marks = page.getByRole('group', { name: 'Your guess' }).getByRole('button', { name: /^Your mark/ });
  const names = () =>
    marks.evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).innerText));
  const lane = page.locator('svg:has(> .lane)');
  const { x: left, y: top, width, height } = (await lane.boundingBox())!;
  const y = top + height / 2;
  const x = (frame: number) => left + 30 + ((width - 60) * (frame - 0.5)) / FRAMES;
  const drag = async (from: number, to: number) => {
    expect((await lane.boundingBox())!.y).toBe(top); // marking moves nothing else
    await page.mouse.move(from, y);
    await page.mouse.down();
    await page.mouse.move((from + to) / 2, y);
    await page.mouse.move(to, y);
    await page.mouse.up();
  };
  await drag(x(20), x(40));
  await expect.poll(names).toEqual(['20–40']);
  await expect(page.getByRole('slider', { name: 'Position in the video' })).toHaveAttribute(
    'aria-valuenow',
    '40',
  );
  await drag(x(80), x(60));
  await expect.poll(names).toEqual(['20–40', '60–80']);
  await drag(x(60.5) - (x(2) - x(1)), x(50)); // its left end
  await expect.poll(names).toEqual(['20–40', '50–80']);
  await drag(x(70), x(85)); // all of it
  await expect.poll(names).toEqual(['20–40', '65–95']);
  await drag(x(70), x(30)); // onto the other
  await expect.poll(names).toEqual(['20–55']);
  await page.keyboard.press('Control+z');
  await expect.poll(names).toEqual(['20–40', '65–95']);
  await marks.nth(1).click();
  await page.keyboard.press('Delete');
  await expect.poll(names).toEqual(['20–40']);
  await page.keyboard.press('Control+z');
  await expect.poll(names).toEqual(['20–40', '65–95']);

  // They go with their video, and come back with it.
  await row(page, 'test-02').getByLabel('More for test-02.webm').click();
  await row(page, 'test-02').getByRole('button', { name: 'Remove' }).click();
  await expect(row(page, 'test-02')).toHaveCount(0);
  await page.getByRole('status', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'test-02')).toHaveCount(1);
  await page.reload();
  await ready(page);
  await show(page, 'test-02');
  await expect.poll(names).toEqual(['20–40', '65–95']);
});

test('marks kept as the truth of a video that had none count in figures, and never in training', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await furnish(page, 2, 2);
  // A video of one's own, of which nobody tells the truth.
  await makeFiles(page, 9, { ...LENGTH, train: 2, test: 0 });
  await page.evaluate(() => {
    const all = globalThis as unknown as { made: File[] };
    all.made = [new File([all.made[1]], 'own.webm')];
  });
  await dropFiles(page);
  await expect(page.getByRole('button', { name: 'Extract features of 1' })).toBeVisible();
  /** The losses of ten steps with the video in the training part, and the frames that figures count with it in test. */
  const outcome = () =>
    page.evaluate(async () => {
      const weaklens = globalThis.weaklens!;
      await weaklens.split('own.webm', 'train');
      await weaklens.train({ seed: 2, steps: 10 });
      const { losses } = await weaklens.train({ seed: 3, steps: 10 });
      await weaklens.split('own.webm', 'test');
      return { losses: Array.from(losses.total), frames: (await weaklens.evaluate())!.frames };
    });
  await page.evaluate(async () => {
    await globalThis.weaklens!.label('own.webm', 'anomalous');
    await globalThis.weaklens!.extract();
  });
  const before = await outcome();
  expect(before.frames).toBe(2 * FRAMES);

  await show(page, 'own');
  const group = page.getByRole('group', { name: 'Your guess' });
  await page.keyboard.press('t');
  await expect(group).toContainText('Nobody has told the truth of this video.');
  await page.keyboard.press('>');
  await page.keyboard.press('i');
  for (let i = 0; i < 2; i++) await page.keyboard.press('>');
  await page.keyboard.press('o');
  await group.getByRole('button', { name: 'Keep as truth' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('My fall');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep as truth' }).click();
  await expect(group).toContainText('The truth of this video is what you marked, so it does not judge you.');
  expect(await cells(page, 'Truth')).toEqual(['1 interval, 2.2 s (My fall)', '', '', '', '', '']);
  const kept = await page.evaluate(() => globalThis.weaklens!.truth('own.webm'));
  expect(kept).toMatchObject({
    totalFrames: FRAMES,
    intervals: [{ class: 'My fall', startFrame: 17, endFrame: 49 }],
  });
  await expect(page.getByRole('tabpanel')).toContainText(`${3 * FRAMES} annotated frames`);
  expect(await outcome()).toEqual({ losses: before.losses, frames: 3 * FRAMES });

  // What was kept survives a reload; taking it back leaves the marks.
  await page.reload();
  await ready(page);
  await show(page, 'own');
  expect(await page.evaluate(() => globalThis.weaklens!.truth('own.webm'))).toMatchObject({ ...kept! });
  await page.keyboard.press('t');
  await page.keyboard.press('u');
  await group.getByRole('button', { name: 'Keep as truth' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replace the truth of own.webm?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await page.evaluate(() => globalThis.weaklens!.truth('own.webm'))).toMatchObject({ ...kept! });
  await group.getByRole('button', { name: 'Keep as truth' }).click();
  await dialog.getByRole('button', { name: 'Replace the truth' }).click();
  await expect
    .poll(() => page.evaluate(() => globalThis.weaklens!.truth('own.webm')))
    .toMatchObject({ intervals: [] });
  await page.getByRole('status', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
  await expect
    .poll(() => page.evaluate(() => globalThis.weaklens!.truth('own.webm')))
    .toMatchObject({ ...kept! });
});
