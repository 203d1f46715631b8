/** The same scores under another protocol: the page and the script give the figure that is counted here once more. */
import type { Page } from '@playwright/test';
import { evaluate } from '../../src/engine/evaluation/evaluate.ts';
import type { ScoredVideo } from '../../src/engine/evaluation/scored-video.ts';
import { SWITCHES } from '../../src/engine/evaluation/switches.ts';
import { expect, open, test, violations } from './weaklens.ts';

/** Scores and truths of the test part, frame by frame, each score for its 16 frames. */
function framesOf(page: Page) {
  return page.evaluate(async () => {
    const { score, videos, truth } = globalThis.weaklens!;
    const scored = await score();
    return videos()
      .filter(({ part }) => part === 'test')
      .map(({ name, frames }) => {
        const { scores } = scored.find((one) => one.name === name)!;
        const { intervals } = truth(name)!;
        return Array.from({ length: frames! }, (_, frame) => ({
          score: scores[Math.min(Math.floor(frame / 16), scores.length - 1)],
          isTrue: intervals.some(({ startFrame, endFrame }) => frame >= startFrame - 1 && frame < endFrame),
        }));
      });
  });
}

type Frames = { score: number; isTrue: boolean }[];

/** The test part as an evaluation reads it. */
function judged(page: Page): Promise<ScoredVideo[]> {
  return page.evaluate(async () => {
    const { score, videos, truth } = globalThis.weaklens!;
    const scored = await score();
    return videos()
      .filter(({ part }) => part === 'test')
      .map(({ name, label, frames, fps }) => ({
        name,
        label,
        frames,
        framesPerSecond: fps,
        scores: Array.from(scored.find((one) => one.name === name)!.scores),
        truth: truth(name),
        width: 16,
      }));
  });
}

/** The share of pairs, an anomalous frame and a normal one, that are ranked rightly. */
function auc(frames: Frames): number {
  const normal = frames.filter(({ isTrue }) => !isTrue);
  const anomalous = frames.filter(({ isTrue }) => isTrue);
  let won = 0;
  for (const a of anomalous)
    for (const n of normal) won += a.score > n.score ? 1 : a.score === n.score ? 0.5 : 0;
  return won / (anomalous.length * normal.length);
}

test('a switch changes the figure to the one that is counted by hand, and says what the run has not kept', async ({
  page,
  house,
}) => {
  test.setTimeout(180_000);
  await open(page, await house.serve());
  await page.evaluate(async () => {
    const { makeVideos, extract, train } = globalThis.weaklens!;
    await makeVideos(11, { train: 6, test: 6, seconds: 6, framesPerSecond: 15 });
    await extract();
    await train({ head: 'sultani', seed: 1, steps: 60, select: 'val', validate: 0.34 });
  });
  const videos = await framesOf(page);
  const anomalous = videos.filter((frames) => frames.some(({ isTrue }) => isTrue));
  const pooled = auc(videos.flat());
  const macro = anomalous.reduce((sum, frames) => sum + auc(frames), 0) / anomalous.length;
  const subset = auc(anomalous.flat());

  await page.getByRole('tab', { name: 'Protocol' }).click();
  const row = (key: string) => page.locator(`tr[data-switch="${key}"]`);
  const together = page.getByTestId('together');
  await expect(row('average').locator('.alone')).toHaveText(pooled.toFixed(3));
  await row('average').getByRole('combobox').selectOption('macro');
  await expect(row('average').locator('.alone')).toHaveText(macro.toFixed(3));
  await row('average').getByRole('combobox').selectOption('micro');
  await row('subset').getByRole('combobox').selectOption('anomalous');
  await expect(row('subset').locator('.alone')).toHaveText(subset.toFixed(3));
  await expect(together.locator('b').nth(0)).toHaveText(pooled.toFixed(3));
  await expect(together.locator('b').nth(1)).toHaveText(subset.toFixed(3));
  expect(new Set([pooled, macro, subset].map((figure) => figure.toFixed(3))).size).toBe(3);

  // Every option of every switch, by the arithmetic that the fixtures `pure_*` hold to their numbers.
  await row('subset').getByRole('combobox').selectOption('all');
  const scored = await judged(page);
  const figures = new Set<string>();
  for (const { key, options } of SWITCHES.filter(
    (one) => one.key !== 'selection' && one.key !== 'videoScore',
  )) {
    // Widths would come with a file.
    for (const { value } of options.filter((option) => option.value !== 'widths')) {
      const { frameAuc } = evaluate(scored, { threshold: 0.5, [key]: value });
      const shown = frameAuc === null ? 'undefined' : frameAuc.toFixed(3);
      await row(key).getByRole('combobox').selectOption(value);
      await expect(row(key).locator('.alone'), `${key}=${value}`).toHaveText(shown);
      await expect(together.locator('b').nth(1)).toHaveText(shown);
      figures.add(`${key} ${shown}`);
    }
    await row(key).getByRole('combobox').selectOption(options[0].value);
  }
  // A switch whose options all came to one figure would show nothing.
  for (const key of ['average', 'subset', 'normalise', 'expansion', 'smoothing', 'truth', 'length'])
    expect([...figures].filter((figure) => figure.startsWith(`${key} `)).length, key).toBeGreaterThan(1);
  await page.getByRole('combobox', { name: 'Figure' }).selectOption('videoAuc');
  for (const { value } of SWITCHES.find(({ key }) => key === 'videoScore')!.options) {
    await row('videoScore').getByRole('combobox').selectOption(value);
    const { videoAuc: told } = evaluate(scored, { threshold: 0.5, videoScore: value as 'max' });
    await expect(row('videoScore').locator('.alone'), value).toHaveText(told!.toFixed(3));
  }
  await row('videoScore').getByRole('combobox').selectOption('max');
  await page.getByRole('combobox', { name: 'Figure' }).selectOption('frameAuc');

  // A paper's protocol counts the best step on the test videos, which this run has not kept; its last step it has.
  await page.getByRole('combobox', { name: 'Judge as' }).selectOption('rtfm');
  await expect(page.getByText('kept no weights chosen by the test videos').first()).toBeVisible();
  await row('selection').getByRole('combobox').selectOption('last');
  await expect(row('selection').locator('.alone')).toHaveText(/^[01]\.\d{3}$/);

  const asked = await page.evaluate(async () => {
    const { evaluate } = globalThis.weaklens!;
    const refused = await evaluate(undefined, 'selection=test').catch((error: Error) => error.message);
    const figures = await evaluate(undefined, { average: 'macro' });
    return { refused, macro: figures!.frameAuc, protocol: figures!.protocol.average };
  });
  expect(asked.refused).toContain('kept no weights');
  expect(asked.macro).toBeCloseTo(macro, 9);
  expect(asked.protocol).toBe('macro');
  expect(await violations(page)).toEqual([]);

  // The address says what differs from the default, and sets it up again; what makes no sense of it is told.
  await expect.poll(() => page.url()).toContain('protocol=truth=inclusive0,length=ceil16,selection=last');
  await page.evaluate(() => (location.hash = 'protocol=average=macro,subset=nobody&tab=Protocol'));
  await expect(row('average').locator('.alone')).toHaveText(macro.toFixed(3));
  await expect(row('truth').getByRole('combobox')).toHaveValue('inclusive1');
  await expect(page.getByLabel('Notices')).toContainText('the protocol cannot be “subset=nobody”');
});
