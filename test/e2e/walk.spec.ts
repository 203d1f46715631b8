/** The main job, as a person lives it: drop, label, extract, train, read the score, come back tomorrow. */
import { dropFiles, expect, makeFiles, open, ready, row, test } from './weaklens.ts';

test('twelve videos dropped, eight labelled, a head trained, and everything there after a reload', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await expect(page.getByRole('heading', { name: 'See weak supervision learn' })).toBeVisible();
  const videos = await makeFiles(page, 3, { train: 8, test: 4, seconds: 6, framesPerSecond: 15 });
  await dropFiles(page);
  await expect(page.getByRole('button', { name: 'Extract features of 12' })).toBeVisible();

  for (const { name, label } of videos.filter(({ part }) => part === 'train')) {
    await row(page, name).getByRole('radio', { name: label }).check({ force: true });
  }
  await page.getByRole('button', { name: 'Unlabelled to test' }).click();
  await expect(page.getByRole('heading', { name: 'Test 4' })).toBeVisible();
  await page.getByRole('button', { name: 'Extract features of 12' }).click();
  await expect(page.getByRole('button', { name: 'All features are cached' })).toBeVisible({
    timeout: 60_000,
  });

  await page.getByRole('spinbutton', { name: 'Steps' }).fill('150');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByTestId('progress')).toContainText('step 150/150', { timeout: 60_000 });
  await row(page, 'test-02').getByRole('button').first().click();
  const score = page.getByRole('img', { name: /^Timeline/ });
  await expect(score).toHaveAccessibleName(/Score between \d\.\d\d and \d\.\d\d/);
  const before = await page.evaluate(async () => ({
    scores: (await globalThis.weaklens!.score()).map(({ name, scores }) => [name, Array.from(scores)]),
    videos: globalThis.weaklens!.videos(),
  }));
  expect(before.scores).toHaveLength(12);

  await page.reload();
  await ready(page);
  await expect(page.getByRole('button', { name: 'All features are cached' })).toBeVisible();
  await expect(page.getByTestId('progress')).toContainText('step 150/150');
  await expect(page.getByRole('img', { name: /^Timeline/ })).toHaveAccessibleName(/Score between/);
  const after = await page.evaluate(async () => ({
    scores: (await globalThis.weaklens!.score()).map(({ name, scores }) => [name, Array.from(scores)]),
    videos: globalThis.weaklens!.videos(),
  }));
  expect(after).toEqual(before);
  await expect(page.locator('video')).toHaveJSProperty('videoWidth', 256);

  // Play goes on where the run stopped.
  await page.getByRole('spinbutton', { name: 'Steps' }).fill('160');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByTestId('progress')).toContainText('step 160/160', { timeout: 60_000 });
  expect(await page.evaluate(() => globalThis.weaklens!.runs().length)).toBe(1);
});
