/** Where in the picture: boxes of tubes and annotated ones, from files to MIoU, and through a saved project. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeSafetensors } from '../../src/engine/formats/safetensors.ts';
import { folder, lab } from './command.ts';
import { expect, open, test } from './weaklens.ts';

const SIZE = 16;
/** Left edge of the box of each tube in both frames that it is in: the truth has that of tube 0 in one of them. */
const LEFT = [0, 10, 20];
const OVERLAP = [1, 1 / 3, 0];

/** Tubes of a video; those of odd videos stand out. The boxes are in a picture of half the size of the truth's. */
function tubesOf(video: number): Uint8Array<ArrayBuffer> {
  const tensor = (count: number, seed: number) => ({
    shape: [count, SIZE],
    values: Float32Array.from(
      { length: count * SIZE },
      (_, i) => Math.sin(seed + i * (1 + video)) + (video % 2) * Number(i < 2 * SIZE),
    ),
  });
  const rows = LEFT.flatMap((left, tube) => [16, 32].map((frame) => [tube, frame, left, 0, left + 20, 20]));
  return writeSafetensors([
    ['region', tensor(LEFT.length, 1)],
    ['global', tensor(LEFT.length, 2)],
    ['videolet', tensor(6, 3)],
    ['boxes', { shape: [rows.length, 6], values: Float32Array.from(rows.flat()) }],
    ['picture', { shape: [2], values: Float32Array.of(160, 120) }],
  ]);
}

/** UCF-Crime's boxes of a video, as they come: a pickle of protocol 0. In FFmpeg's numbers frame 16 is picture 17. */
const pickle = (name: string) =>
  `(dp0\nS'${name}'\np1\n(lp2\n(lp3\nS'/x/${name}/image_0017.jpg'\np4\naI0\naI0\naI40\naI40\naas.`;
const TRUTH = { byFrame: { 16: [0, 0, 40, 40] }, picture: [320, 240] };

/** Six videos of tubes, the last two for testing, and the boxes of the anomalous one of those. */
async function give(page: Page): Promise<void> {
  const files = Array.from({ length: 6 }, (_, v) => Array.from(tubesOf(v)));
  const added = await page.evaluate(
    async ([files, boxes]) => {
      const script = globalThis.weaklens!;
      const own = files.map((bytes, v) => new File([new Uint8Array(bytes)], `v${v}.tubes.safetensors`));
      const result = await script.addFeatures([...own, new File([boxes], 'Test_annotation.pkl')]);
      for (const [v, { name }] of script.videos().entries()) {
        await script.label(name, v % 2 ? 'anomalous' : 'normal');
        if (v > 3) await script.split(name, 'test');
      }
      return result;
    },
    [files, pickle('v5')] as const,
  );
  expect(added.refused).toEqual([]);
  expect(added.added).toHaveLength(6);
}

/** Where the tubes of a video are found by the run on screen: which one scores highest, and what is made of it. */
const judged = (page: Page) =>
  page.evaluate(async () => {
    const script = globalThis.weaklens!;
    const { id } = script.runs()[0];
    const scores = await script.score(id);
    const key = scores.find(({ name }) => name === 'v5')!.featureKey;
    const record = (await script.client.store.scores(id)).find(({ featureKey }) => featureKey === key)!;
    const instances = Array.from(record.instances!);
    const evaluation = await script.evaluate(id);
    return {
      top: instances.indexOf(Math.max(...instances)),
      ...{ boxes: script.boxes('v5'), truth: script.truth('v5') },
      ...{ sLoc: evaluation!.sLoc, miou: evaluation!.miou, iouAt: evaluation!.iouAt },
      frameAuc: evaluation!.frameAuc,
    };
  });

test('boxes of tubes meet annotated ones, which stay when intervals come, and travel with the project', async ({
  page,
  house,
}) => {
  const address = await house.serve();
  await open(page, address);
  await give(page);
  await page.evaluate(() =>
    globalThis.weaklens!.train({ head: 'mgpr', config: { heads: 4, hidden1: 8, hidden2: 4 }, steps: 2 }),
  );

  const alone = await judged(page);
  expect(alone).toMatchObject({ boxes: TRUTH, truth: null, frameAuc: null });
  // Two frames in which the detector has boxes, one in which the truth has one.
  const expected = OVERLAP[alone.top] / 2;
  expect(alone.miou).toBeCloseTo(expected, 6);
  expect(alone.sLoc!.v5).toBeCloseTo(expected, 6);
  expect(alone.iouAt!['0.1']).toBe(Number(expected > 0.1));
  const figures = page.locator('dl').filter({ hasText: 'MIoU' });
  await expect(figures).toContainText(expected.toFixed(3));
  await expect(figures).toContainText('IoU@0.3');
  await expect(figures.locator('[title*="Eq. 10"]')).toHaveCount(4);

  await page.evaluate(() => globalThis.weaklens!.addVideos([new File(['v5 Fall 96 17 40\n'], 'truth.txt')]));
  const both = await judged(page);
  expect(both.truth).toMatchObject({ intervals: [{ class: 'Fall', startFrame: 17, endFrame: 40 }] });
  expect(both).toMatchObject({ boxes: TRUTH, miou: alone.miou });
  expect(both.frameAuc).not.toBeNull();
  await page.evaluate(
    (text) => globalThis.weaklens!.addVideos([new File([text], 'boxes.pkl')]),
    pickle('v5'),
  );
  expect((await judged(page)).truth).toEqual(both.truth);

  await page.evaluate(async () => {
    const bytes = await globalThis.weaklens!.saveProject();
    await globalThis.weaklens!.addVideos([new File([bytes as BlobPart], 'again.weaklens')]);
  });
  expect(await judged(page)).toMatchObject(both);
});

test('in a folder that is read as a dataset, boxes come with the rest, and the report counts them', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  const files = Array.from({ length: 6 }, (_, v) => Array.from(tubesOf(v)));
  const told = await page.evaluate(async (files) => {
    const script = globalThis.weaklens!;
    const own = files.map((bytes, v) => new File([new Uint8Array(bytes)], `v${v}.tubes.safetensors`));
    const columns = 'video,class,event,actor,kind,frame,x1,y1,x2,y2,visible';
    await script.addFeatures([
      ...own,
      new File(['v0 0\nv1 1\nv2 0\nv3 1\n'], 'train.txt'),
      new File(['v4 0\nv5 1\n'], 'test.txt'),
      new File([`${columns}\nv5,Fall,1,all,,17,0.0,0.0,40.0,40.0,1.00\n`], 'boxes.csv'),
    ]);
    const { totals, videos } = script.importReport()!;
    const { problems } = videos.find(({ name }) => name === 'v5')!;
    return { boxes: script.boxes('v5'), totals, problems: problems.map(({ kind }) => kind) };
  }, files);
  expect(told).toMatchObject({
    boxes: { byFrame: TRUTH.byFrame, picture: null },
    problems: ['intervals-missing'],
  });
  expect(told.totals).toMatchObject({ boxes: 1, truths: 0, features: 6 });
  await expect(page.getByText('1 with boxes')).toBeVisible();
});

test('the command line says what a file of boxes is, and judges tubes by it', async ({ page, house }) => {
  const data = folder();
  const boxes = join(data, 'Test_annotation.pkl');
  writeFileSync(boxes, pickle('v5'));
  const code = join(data, 'code.pkl');
  writeFileSync(code, "(dp0\nS'a'\ncposix\nsystem\n(S'true'\ntRs.");
  const inspected = await lab('inspect', boxes, code, '--json');
  expect(inspected.code).toBe(1);
  expect(inspected.json()).toMatchObject({
    files: [
      {
        accepted: true,
        kind: 'boxes',
        says: expect.stringContaining('1 frames of 1 videos, in pixels of 320 x 240'),
      },
      { accepted: false, reason: expect.stringContaining('contains code (it refers to posix.system)') },
    ],
  });

  await open(page, await house.serve());
  await give(page);
  const [scores, { top }] = [
    await page.evaluate(async () => {
      const script = globalThis.weaklens!;
      await script.train({ head: 'mgpr', config: { heads: 4, hidden1: 8, hidden2: 4 }, steps: 2 });
      const { id } = script.runs()[0];
      await script.score(id);
      return JSON.stringify(await script.scoresOf(id));
    }),
    await judged(page),
  ];
  writeFileSync(join(data, 'scores.json'), scores);
  writeFileSync(join(data, 'truth.txt'), 'v5 Fall 96 17 40\nv4 Normal 96 -1 -1\n');
  const given = ['evaluate', '--scores', join(data, 'scores.json'), '--truth', join(data, 'truth.txt')];
  expect((await lab(...given, '--json')).json()).toMatchObject({ miou: null });
  const evaluated = await lab(...given, '--boxes', boxes, '--json');
  expect(evaluated.code, evaluated.stderr).toBe(0);
  expect((evaluated.json() as { miou: number }).miou).toBeCloseTo(OVERLAP[top] / 2, 6);
  expect(evaluated.stderr).toContain('IoU@0.3');
  const wrong = await lab(...given, '--boxes', join(data, 'truth.txt'));
  expect([wrong.code === 0, wrong.stderr]).toEqual([false, expect.stringContaining('it holds no boxes')]);
});
