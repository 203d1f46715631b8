/** The whole walk by keyboard alone: label, extract, train, guess, reveal, choose a threshold, take something back. */
import type { Page } from '@playwright/test';
import { alarmsOnTimeline, expect, open, row, test } from './weaklens.ts';

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let i = 0; i < 250; i++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      const labels = [...((element as HTMLInputElement | null)?.labels ?? [])];
      const label = labels.map(({ textContent }) => textContent).join(' ');
      return (element?.getAttribute('aria-label') || label || element?.textContent || '').trim();
    });
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    passed.push(focused.slice(0, 30));
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${String(name)}; it passed ${passed.join(' | ')}`);
}

test('the whole walk by keyboard alone', async ({ page, house }) => {
  await open(page, await house.serve());
  // The page draws as many as it thinks right; a short street will do here.
  await tabTo(page, 'Draw a street for me');
  const size = { train: 4, test: 2, seconds: 8, framesPerSecond: 15 };
  await page.evaluate((size) => globalThis.weaklens!.makeVideos(5, size), size);
  await expect(page.getByRole('button', { name: 'Extract features of 6' })).toBeVisible();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  const stage = page.getByRole('region', { name: 'Stage' });

  // Labels: a letter takes one away and gives it back, and on to the next.
  const videos = await page.evaluate(() => globalThis.weaklens!.videos());
  for (const { name, label } of videos.filter(({ part }) => part === 'train')) {
    await expect(stage).toContainText(name);
    const choice = row(page, name).getByRole('radio', { name: label! });
    const key = label === 'normal' ? 'n' : 'a';
    await page.keyboard.press(key);
    await expect(choice).not.toBeChecked();
    await page.keyboard.press(key);
    await expect(choice).toBeChecked();
    await page.keyboard.press('j');
  }
  await page.keyboard.press('j');
  await expect(stage).toContainText('test-02');

  await page.keyboard.press('e');
  await expect(page.getByRole('button', { name: 'All features are cached' })).toBeVisible({
    timeout: 60_000,
  });
  await tabTo(page, 'Steps');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('60');
  await tabTo(page, /^Play$/);
  await page.keyboard.press('p');
  await expect(page.getByTestId('progress')).toContainText('step 60/60', { timeout: 60_000 });

  // The timeline: a snippet on, closer, and back to all of it.
  await page.keyboard.press('k');
  await expect(stage).toContainText('test-01');
  await tabTo(page, 'Position in the video');
  const position = page.getByRole('slider', { name: 'Position in the video' });
  await page.keyboard.press('Home');
  await page.keyboard.press('>');
  await expect(position).toHaveAttribute('aria-valuenow', '17');
  const shown = () => page.evaluate(() => document.querySelectorAll('.lanes svg:last-of-type text').length);
  const whole = await position.locator('svg').last().textContent();
  await page.keyboard.press('+');
  await expect(position.locator('svg').last()).not.toHaveText(whole!);
  await page.keyboard.press('0');
  await expect(position.locator('svg').last()).toHaveText(whole!);
  expect(await shown()).toBeGreaterThan(1);

  // A guess of 20 frames, and what it is worth.
  await page.keyboard.press('[');
  for (let i = 0; i < 19; i++) await page.keyboard.press('.');
  await page.keyboard.press(']');
  await expect(stage.getByRole('button', { name: /17.36/ })).toBeVisible();
  await page.keyboard.press('t');
  const truth = await page.evaluate(() => globalThis.weaklens!.truth('test-01.webm')!.intervals);
  const isTrue = (frame: number) => truth.some((own) => own.startFrame <= frame && frame <= own.endFrame);
  const hits = Array.from({ length: 20 }, (_, i) => isTrue(17 + i)).filter(Boolean).length;
  await expect(stage.getByRole('row', { name: /^You/ })).toContainText((hits / 20).toFixed(3));

  // The operating point, by arrow keys: where every score is an alarm, the video is one alarm; at the other end none.
  await tabTo(page, 'Figures');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Curve' })).toBeFocused();
  await tabTo(page, 'Operating point');
  await page.keyboard.press('End');
  await expect.poll(() => alarmsOnTimeline(page)).toBe(1);
  const low = await page.evaluate(async () => (await globalThis.weaklens!.evaluate())!);
  await page.keyboard.press('Home');
  await expect.poll(() => alarmsOnTimeline(page)).toBe(0);
  const high = await page.evaluate(async () => (await globalThis.weaklens!.evaluate())!);
  expect(high.threshold).toBeGreaterThan(low.threshold);
  expect([low.falseAlarmRate, high.falseAlarmRate]).toEqual([1, 0]);

  // What was done last is taken back.
  await tabTo(page, 'Position in the video');
  const { label } = videos.find(({ name }) => name === 'test-01.webm')!;
  const choice = row(page, 'test-01').getByRole('radio', { name: label! });
  await page.keyboard.press(label === 'normal' ? 'a' : 'n');
  await expect(choice).not.toBeChecked();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(choice).toBeChecked();
});
