/** A street is simulated, watched and scored as it goes, and videos of it go into the list. */
import { expect, open, test } from './weaklens.ts';

test('a street is watched, an event is set off in it, and it is left again', async ({ page, house }) => {
  await open(page, await house.serve());
  await page.getByRole('button', { name: 'Street', exact: true }).click();
  const live = page.getByRole('region', { name: 'Live' });
  await expect(live.getByTestId('live-latency')).toHaveText(/^\d+ ms$/, { timeout: 60_000 });
  const darkest = () =>
    live.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const levels = new Set(data.filter((_, i) => i % 4 === 1));
      return levels.size;
    });
  expect(await darkest()).toBeGreaterThan(40); // a picture, and no plain colour

  await live.getByRole('combobox', { name: 'World' }).selectOption('plaza');
  await live.getByRole('combobox', { name: 'Event' }).selectOption('explosion');
  await live.getByRole('checkbox', { name: 'Truth' }).check();
  await live.getByRole('button', { name: 'Set it off' }).click();
  await expect(live.locator('.truth')).toHaveText('explosion', { timeout: 60_000 });

  await page.keyboard.press('w');
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
});

test('videos of a street come labelled, split, and with a hidden truth; making them can be cancelled', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await page.getByRole('button', { name: 'Street', exact: true }).click();
  const live = page.getByRole('region', { name: 'Live' });
  await live.getByRole('combobox', { name: 'World' }).selectOption('road');
  await live.getByRole('button', { name: 'Add 20 videos' }).click();
  await expect(live.getByText('Filming 3 of 20')).toBeVisible({ timeout: 100_000 });
  await live.getByRole('button', { name: 'Cancel' }).click();
  await expect(live.getByRole('button', { name: 'Add 20 videos' })).toBeVisible();
  const videos = await page.evaluate(() => {
    const script = globalThis.weaklens!;
    return script.videos().map((video) => ({ ...video, truth: script.truth(video.name)?.intervals.length }));
  });
  expect(videos.length).toBeGreaterThanOrEqual(2);
  for (const { label, truth } of videos) expect(truth).toBe(label === 'anomalous' ? 1 : 0);
});
