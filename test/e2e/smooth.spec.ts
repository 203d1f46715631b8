/** A page that trains is a page that answers: what hands do to the timeline meanwhile, with the figures of it printed. */
import { gestures, lineOf, watch } from '../smoothness.ts';
import { expect, open, test } from './weaklens.ts';

test('hover, scrub, drag and zoom while training, as the browser’s own trace has it @long', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await page.evaluate(async () => {
    const weaklens = globalThis.weaklens!;
    await weaklens.makeVideos(5, { train: 4, test: 2, seconds: 12, framesPerSecond: 15 });
    await weaklens.extract();
    const { id } = await weaklens.train({ head: 'sultani', seed: 0, steps: 20 });
    await weaklens.score(id);
  });
  const training = page.evaluate(() =>
    globalThis.weaklens!.train({ head: 'rtfm', seed: 1, steps: 100_000 }).then(() => {}),
  );
  await expect(page.getByTestId('progress')).toContainText(/step [1-9]/, { timeout: 60_000 });
  for (const [name, gesture] of Object.entries(await gestures(page))) {
    const seen = await watch(page, gesture);
    console.log(lineOf(name, seen));
    expect(seen.frame, `${name}: frames were drawn`).toBeGreaterThan(0);
    // Time on the wall is the machine's, with all that runs on it; the work of the longest task is ours.
    expect(seen.longestWork, `${name}: work was seen in the trace`).toBeGreaterThan(0);
    expect(seen.longestWork, `${name}: ms of work in one piece`).toBeLessThanOrEqual(50);
  }
  const before = await page.getByTestId('progress').textContent();
  await expect(page.getByTestId('progress'), 'it trained all the while').not.toHaveText(before!);
  await page.evaluate(() => globalThis.weaklens!.pause());
  await training;
});
