/** Choosing a threshold: the operating point moves the alarms, and a run takes its threshold along. */
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { alarmsOnTimeline, dropFiles, expect, open, ready, row, test, violations } from './weaklens.ts';

/** What the tab says of the operating point. */
async function figure(page: Page, name: string): Promise<number> {
  const term = page.getByTestId('operating').locator('dt').getByText(name, { exact: true });
  return Number(await term.locator('xpath=following-sibling::dd').textContent());
}

/**
 * What the test part's scores and truths say of a threshold, counted here once more and in the plainest way: frame by
 * frame.
 */
function count(page: Page, threshold: number) {
  return page.evaluate(async (threshold) => {
    const { score, videos, truth } = globalThis.weaklens!;
    const kept = globalThis as unknown as { scored?: Awaited<ReturnType<typeof score>> };
    const scored = (kept.scored ??= await score());
    let [falseAlarms, trueAlarms, events, touched, seconds] = [0, 0, 0, 0, 0];
    const alarmsOf: Record<string, number> = {};
    for (const { name, frames, fps, part } of videos()) {
      const { scores } = scored.find((one) => one.name === name)!;
      const { intervals } = truth(name) ?? { intervals: [] };
      const isTrue = (frame: number) =>
        intervals.some(({ startFrame, endFrame }) => frame >= startFrame - 1 && frame < endFrame);
      const isAlarm = (frame: number) => scores[Math.floor(frame / 16)] >= threshold;
      let [isOpen, isTouching, alarms] = [false, false, 0];
      for (let frame = 0; frame <= frames!; frame++) {
        const is = frame < frames! && isAlarm(frame);
        if (isOpen && !is && part === 'test') {
          if (isTouching) trueAlarms++;
          else falseAlarms++;
        }
        if (!isOpen && is) {
          alarms++;
          isTouching = false;
        }
        isOpen = is;
        if (is && isTrue(frame)) isTouching = true;
      }
      alarmsOf[name] = alarms;
      if (part !== 'test') continue;
      seconds += frames! / fps!;
      for (const { startFrame, endFrame } of intervals) {
        events++;
        for (let frame = startFrame - 1; frame < endFrame; frame++) {
          if (!isAlarm(frame)) continue;
          touched++;
          break;
        }
      }
    }
    return {
      falseAlarms,
      trueAlarms,
      perHour: falseAlarms / (seconds / 3600),
      recall: touched / events,
      missed: events - touched,
      alarmsOf,
    };
  }, threshold);
}

/** The exact threshold, which the tab rounds. */
const thresholdOf = (page: Page) =>
  page.evaluate(async () => (await globalThis.weaklens!.evaluate())!.threshold);

/** Made videos, and a head that has learned from some of them. */
async function prepare(
  page: Page,
  size: { train: number; test: number; seconds: number; framesPerSecond: number },
): Promise<void> {
  await page.evaluate(async (size) => {
    const { makeVideos, extract, train } = globalThis.weaklens!;
    await makeVideos(11, size);
    await extract();
    await train({ head: 'sultani', seed: 1, steps: 100 });
  }, size);
}

test('the operating point moves the alarms, and they are a click from their frames', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await prepare(page, { train: 6, test: 6, seconds: 6, framesPerSecond: 15 });
  await page.getByRole('tab', { name: 'Curve' }).click();
  const point = page.getByRole('slider', { name: 'Operating point' });
  await expect(point).toBeVisible();
  const onStage = await page.evaluate(
    () =>
      globalThis.weaklens!.videos().find(({ part, label }) => part === 'test' && label === 'anomalous')!.name,
  );
  await row(page, onStage).getByRole('button').first().click();

  const agrees = async () => {
    const threshold = await thresholdOf(page);
    const counted = await count(page, threshold);
    await expect(point).toHaveAttribute('aria-valuetext', new RegExp(`^threshold ${threshold.toFixed(3)}: `));
    await expect(page.getByTestId('found-false')).toHaveText(new RegExp(`^\\s*${counted.falseAlarms}\\s`));
    await expect(page.getByTestId('found-missed')).toHaveText(new RegExp(`^\\s*${counted.missed}\\s`));
    expect(await figure(page, 'Alarms')).toBe(counted.falseAlarms + counted.trueAlarms);
    expect(await figure(page, 'False alarms an hour')).toBeCloseTo(Number(counted.perHour.toPrecision(3)), 6);
    expect(await figure(page, 'Event recall')).toBeCloseTo(counted.recall, 3);
    expect(await alarmsOnTimeline(page)).toBe(counted.alarmsOf[onStage]);
    return { threshold, ...counted };
  };

  // By keys, along the curve: from no alarm at all to an alarm everywhere.
  await point.focus();
  await point.press('Home');
  const none = await agrees();
  expect([none.falseAlarms + none.trueAlarms, none.recall]).toEqual([0, 0]);
  await point.press('PageUp');
  const some = await agrees();
  expect(some.threshold).toBeLessThan(none.threshold);
  expect(some.falseAlarms + some.trueAlarms).toBeGreaterThan(0);
  await point.press('ArrowRight');
  const more = await agrees();
  expect(more.threshold).toBeLessThan(some.threshold);
  await point.press('End');
  const all = await agrees();
  expect(all).toMatchObject({ recall: 1, alarmsOf: { [onStage]: 1 } });

  // By the pointer: to where half of the anomalous frames are found.
  const chart = page.getByRole('img', { name: /^ROC curve/ });
  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + 190, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 90, { steps: 8 });
  await page.mouse.up();
  const dragged = await agrees();
  expect(dragged.threshold).toBeLessThan(none.threshold);
  expect(dragged.threshold).toBeGreaterThan(all.threshold);

  // Among the scores, in steps of a hundredth.
  const among = page.getByRole('slider', { name: 'Threshold among the scores' });
  await among.focus();
  await among.press('ArrowLeft');
  expect((await agrees()).threshold).toBeCloseTo(Math.max(0, dragged.threshold - 0.01), 2);

  // A budget: the button moves the threshold to what it promises, and the step below would break it.
  for (const hourly of [0, 100]) {
    await page.getByRole('spinbutton', { name: 'False alarms an hour' }).fill(String(hourly));
    const promised = await page.getByTestId('budget').textContent();
    await page.getByRole('button', { name: 'Set it' }).click();
    const kept = await agrees();
    expect(kept.perHour).toBeLessThanOrEqual(hourly + 1e-6);
    expect(promised).toContain(`recall ${kept.recall.toFixed(3)} at threshold ${kept.threshold.toFixed(3)}`);
    await point.focus();
    await point.press('ArrowRight');
    expect((await agrees()).perHour).toBeGreaterThan(hourly);
  }

  // A false alarm is a click away from its frames.
  await page.getByTestId('found-false').click();
  const alarm = page
    .getByRole('table', { name: /^false alarms/ })
    .locator('tbody tr')
    .first();
  const [name, frames] = await alarm.locator('td').allTextContents();
  await alarm.getByRole('button').first().press('Enter');
  await expect(page.getByRole('region', { name: 'Stage' }).locator('bdi').first()).toHaveText(name.trim());
  const told = await page.evaluate(async (name) => {
    const { client } = globalThis.weaklens!;
    const { id } = (await client.store.allVideos()).find((video) => video.name === name)!;
    return (await client.store.guesses([id])).map(({ revealedAt, revealed }) => [
      revealedAt !== null,
      revealed,
    ]);
  }, name.trim());
  expect(told, 'a guess from now on is none of someone who does not know').toEqual([[true, null]]);
  const first = Number(/^(\d+)/.exec(frames.trim())![1]);
  await expect(page.getByRole('slider', { name: 'Position in the video' })).toHaveAttribute(
    'aria-valuenow',
    String(first),
  );

  expect(await violations(page)).toEqual([]);

  // It exports as a clip; its name says the video, the times and that it is blurred.
  await page.getByRole('checkbox', { name: 'Blur the picture' }).check();
  const saved = page.waitForEvent('download');
  await alarm.getByRole('button', { name: /^Save a clip/ }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toMatch(
    new RegExp(`^${name.trim().replace(/\.\w+$/, '')} 00m[\\d.]+s-00m[\\d.]+s blurred\\.(webm|mp4)$`),
  );
  expect(readFileSync(await download.path()).length).toBeGreaterThan(500);
});

test('a run takes its threshold along, to a later session and to another project @long', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await prepare(page, { train: 4, test: 2, seconds: 4, framesPerSecond: 15 });
  await page.getByRole('tab', { name: 'Curve' }).click();
  const point = page.getByRole('slider', { name: 'Operating point' });
  await point.focus();
  await point.press('PageUp');
  const chosen = await thresholdOf(page);
  expect(chosen).not.toBe(0.5);
  await expect
    .poll(() => page.evaluate(() => globalThis.weaklens!.runs()[0].threshold))
    .toBeCloseTo(chosen, 12);

  await page.reload();
  await ready(page);
  expect(await thresholdOf(page)).toBe(chosen);

  // The file of the run, dropped in another project together with a video that it has never met.
  const run = await page.evaluate(async () =>
    Array.from(await globalThis.weaklens!.exportRun(globalThis.weaklens!.runs()[0].id)),
  );
  await page.getByRole('button', { name: 'New project' }).click();
  await expect.poll(() => page.evaluate(() => globalThis.weaklens!.videos().length)).toBe(0);
  await page.evaluate(async (bytes) => {
    const { client } = globalThis.weaklens!;
    const [, , video] = await client.filming.planDemo(5, {
      train: 4,
      test: 2,
      seconds: 4,
      framesPerSecond: 15,
    });
    const { file } = await client.filming.film(video, () => {}).result;
    const files = [new File([new Uint8Array(bytes)], 'gate.safetensors'), file];
    (globalThis as unknown as { made: File[] }).made = files;
  }, run);
  await dropFiles(page);
  await page.getByRole('button', { name: 'Extract features of 1' }).click();
  await page
    .getByRole('region', { name: 'Stage' })
    .getByRole('button', { name: 'Score 1 new video with this run' })
    .click({ timeout: 60_000 });
  await expect(page.getByRole('img', { name: /^Timeline/ })).toHaveAccessibleName(
    new RegExp(`at threshold ${chosen.toFixed(2)}\\.$`),
  );
  const { scores, threshold } = await page.evaluate(async () => ({
    scores: Array.from((await globalThis.weaklens!.score())[0].scores),
    threshold: globalThis.weaklens!.runs()[0].threshold!,
  }));
  expect(threshold).toBe(chosen);
  const expected = scores.filter((score, i) => score >= chosen && !(scores[i - 1] >= chosen)).length;
  expect(await alarmsOnTimeline(page)).toBe(expected);
});
