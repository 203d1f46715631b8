import { expect, test } from 'vitest';
import { findAlarms, snippetAlarms } from '../../../src/engine/evaluation/alarms.ts';
import { atWork, IDLE_SECONDS, labelEffort } from '../../../src/engine/evaluation/effort.ts';
import { expandScores } from '../../../src/engine/evaluation/expand.ts';
import { tally, verdict } from '../../../src/engine/evaluation/guess.ts';
import { agreement, alarmIntervals, united } from '../../../src/engine/evaluation/intervals.ts';
import { frameLabels } from '../../../src/engine/evaluation/truth.ts';
import { Random } from '../../../src/engine/random.ts';
import type { FrameInterval } from '../../../src/engine/types.ts';

const intervals = (...pairs: [number, number][]): FrameInterval[] =>
  pairs.map(([startFrame, endFrame]) => ({ startFrame, endFrame }));

const labels = (set: readonly FrameInterval[], frames: number) =>
  frameLabels(
    set.map((interval) => ({ ...interval, class: 'x' })),
    frames,
  );

test('what touches or overlaps becomes one, and what lies outside the video is cut', () => {
  expect(united(intervals([20, 30], [1, 5], [6, 9], [25, 40], [60, 99]), 64)).toEqual(
    intervals([1, 9], [20, 40], [60, 64]),
  );
  expect(united(intervals([9, 3], [80, 90], [-4, 0]), 64)).toEqual([]);
});

test('frames are counted as a label for each frame would count them', () => {
  const random = new Random(5);
  for (let round = 0; round < 200; round++) {
    const frames = 1 + random.below(90);
    const draw = () =>
      intervals(
        ...Array.from({ length: random.below(4) }, (): [number, number] => {
          const start = random.below(100) - 4;
          return [start, start + random.below(40)];
        }),
      );
    const [marked, truth] = [draw(), draw()];
    const [a, b] = [labels(marked, frames), labels(truth, frames)];
    const shared = a.filter((value, i) => value === 1 && b[i] === 1).length;
    const found = agreement(marked, truth, frames);
    expect(found).toMatchObject({
      markedFrames: a.filter((value) => value === 1).length,
      trueFrames: b.filter((value) => value === 1).length,
      sharedFrames: shared,
    });
    const either = a.filter((value, i) => value === 1 || b[i] === 1).length;
    expect(found.iou).toBe(either > 0 ? shared / either : null);
  }
});

test('precision, recall, F1 and IoU of a guess that is half right', () => {
  const half = agreement(intervals([11, 30]), intervals([21, 40]), 100);
  expect(half).toEqual({
    markedFrames: 20,
    trueFrames: 20,
    sharedFrames: 10,
    precision: 0.5,
    recall: 0.5,
    f1: 0.5,
    iou: 1 / 3,
  });
  expect(verdict(half)).toBe('found');
});

test('without truth or without a mark, what is undefined is null and the rest is judged', () => {
  const nothingThere = agreement(intervals([1, 10]), [], 100);
  expect(nothingThere).toMatchObject({ precision: 0, recall: null, f1: 0, iou: 0 });
  expect(verdict(nothingThere)).toBe('false-alarm');

  const nothingMarked = agreement([], intervals([1, 10]), 100);
  expect(nothingMarked).toMatchObject({ precision: null, recall: 0, f1: 0, iou: 0 });
  expect(verdict(nothingMarked)).toBe('missed');

  const neither = agreement([], [], 100);
  expect(neither).toMatchObject({ precision: null, recall: null, f1: null, iou: null });
  expect(verdict(neither)).toBe('clear');
});

test('the whole video as a guess finds only what fills enough of it', () => {
  const whole = intervals([1, 100]);
  expect(agreement(whole, intervals([1, 100]), 100)).toMatchObject({
    precision: 1,
    recall: 1,
    f1: 1,
    iou: 1,
  });
  const short = agreement(whole, intervals([41, 60]), 100);
  expect(short).toMatchObject({ precision: 0.2, recall: 1, iou: 0.2 });
  expect(verdict(short)).toBe('missed');
  expect(agreement(intervals([1, 500]), whole, 100).markedFrames).toBe(100);
});

test('alarms hold for the 16 frames of their snippets, the last to the end of the video', () => {
  const scores = Float32Array.of(0.1, 0.6, 0.5, 0.2, 0.9);
  expect(alarmIntervals(scores, 0.5, 75, 16)).toEqual(intervals([17, 48], [65, 75]));
  expect(alarmIntervals(scores, 0.95, 75, 16)).toEqual([]);
  for (const frames of [1, 33, 60, 75, 90]) {
    const expanded = expandScores(scores, frames);
    const marked = labels(alarmIntervals(scores, 0.5, frames, 16), frames);
    expect(Array.from(marked)).toEqual(Array.from(expanded, (score) => (score >= 0.5 ? 1 : 0)));
    for (const threshold of [0, 0.15, 0.5, 0.95])
      expect(snippetAlarms(scores, threshold, frames, 16)).toEqual(findAlarms(expanded, threshold));
  }
});

test('a tally keeps what was found apart from what was left alone', () => {
  expect(tally(['found', 'missed', 'found', 'clear', 'false-alarm'])).toEqual({
    found: 2,
    anomalous: 3,
    clear: 1,
    normal: 2,
  });
  expect(tally([])).toEqual({ found: 0, anomalous: 0, clear: 0, normal: 0 });
});

test('weak labels are a bit and some seconds a video, frame labels a bit a frame and an interval to mark', () => {
  const bags = [
    { label: 'normal' as const, frames: 180 },
    { label: 'anomalous' as const, frames: 180 },
    { label: 'anomalous' as const, frames: 90 },
  ];
  const cost = { secondsPerLabel: 5, secondsPerInterval: 30 };
  expect(labelEffort(bags, cost)).toEqual({
    bags: 3,
    anomalousBags: 2,
    weakBits: 3,
    frameBits: 450,
    weakSeconds: 15,
    frameSeconds: 75,
  });
  expect(labelEffort(bags, cost, 3).weakBits).toBe(6);
  expect(labelEffort([], cost)).toMatchObject({ weakBits: 0, frameBits: 0, weakSeconds: 0, frameSeconds: 0 });
});

test('time at work leaves out what was longer than the idle limit, and clocks that are set back', () => {
  let watch = atWork({ seconds: 0, latestSeconds: null }, 1000);
  expect(watch).toEqual({ seconds: 0, latestSeconds: 1000 });
  watch = atWork(watch, 1010);
  watch = atWork(watch, 1010 + IDLE_SECONDS);
  expect(watch.seconds).toBe(10 + IDLE_SECONDS);
  watch = atWork(watch, 5000);
  expect(watch.seconds).toBe(10 + IDLE_SECONDS);
  watch = atWork(watch, 4000);
  expect(watch).toEqual({ seconds: 10 + IDLE_SECONDS, latestSeconds: 4000 });
});
