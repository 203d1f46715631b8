import { describe, expect, it, vi } from 'vitest';
import {
  DATASETS,
  framesOf,
  planDataset,
  planSteps,
  recordTruth,
  type DatasetOptions,
} from '../../../src/engine/scenes/dataset.ts';
import { Sight } from '../../../src/engine/scenes/sight.ts';
import { Street } from '../../../src/engine/scenes/street.ts';

const OPTIONS: DatasetOptions = {
  ...DATASETS['street-tiny'],
  train: 12,
  test: 6,
  worlds: ['road', 'junction'],
  classes: ['illegal-turn', 'retrograde', 'else'],
};

// Every video is simulated a few times.
vi.setConfig({ testTimeout: 60_000 });
const videos = [...planDataset(OPTIONS, 5)];

function counts<T>(items: readonly T[]): Map<T, number> {
  const counted = new Map<T, number>();
  for (const item of items) counted.set(item, (counted.get(item) ?? 0) + 1);
  return counted;
}

/** Difference between what there is most and least of. */
function spread(items: readonly string[]): number {
  const numbers = [...counts(items).values()];
  return Math.max(...numbers) - Math.min(...numbers);
}

describe.each(['train', 'test'] as const)('the %s part', (part) => {
  const own = videos.filter(({ video }) => video.part === part);
  const anomalous = own.filter(({ video }) => video.label === 'anomalous');
  const normal = own.filter(({ video }) => video.label === 'normal');

  it('is half anomalous, every name once, in no order', () => {
    expect(own).toHaveLength(OPTIONS[part]);
    expect(anomalous).toHaveLength(OPTIONS[part] / 2);
    expect(new Set(own.map(({ video }) => video.name)).size).toBe(own.length);
    const alternates = own.every(({ video }, i) => (video.label === 'anomalous') === (i % 2 === 1));
    expect(alternates).toBe(false);
  });

  it('has every class in each of its worlds as evenly as can be', () => {
    expect(spread(anomalous.map(({ truth }) => truth.intervals[0].class))).toBeLessThanOrEqual(1);
    for (const name of OPTIONS.classes!) {
      const those = anomalous.filter(({ truth }) => truth.intervals[0].class === name);
      if (those.length > 1)
        expect(spread(those.map(({ video }) => video.scene.world))).toBeLessThanOrEqual(1);
    }
  });

  it('has its normal videos in the same worlds', () => {
    const worlds = (some: typeof own) => counts(some.map(({ video }) => video.scene.world));
    expect(worlds(normal)).toEqual(worlds(anomalous));
  });
});

it('labels no video wrongly: what is anomalous is seen to be, and what is normal has no event', () => {
  for (const { video, truth } of videos) {
    expect(truth.totalFrames).toBe(framesOf(video.scene));
    expect(truth.intervals.length > 0).toBe(video.label === 'anomalous');
    expect(video.scene.events.length).toBe(truth.intervals.length);
    for (const { startFrame, endFrame } of truth.intervals) {
      expect(startFrame).toBeGreaterThan(1);
      expect(endFrame).toBeLessThanOrEqual(truth.totalFrames);
    }
  }
  const [first] = videos.filter(({ video }) => video.label === 'anomalous');
  expect(recordTruth(first.video.scene)).toEqual(first.truth);
});

it('keeps truth out of what a video is made of and listed by', () => {
  for (const { video } of videos) expect(Object.keys(video)).toEqual(['name', 'part', 'label', 'scene']);
});

it('shares no seed between train and test, whatever seeds the datasets have', () => {
  const [other] = planDataset({ ...OPTIONS, train: 0 }, 77);
  for (const { video } of [...videos, other])
    expect(video.scene.seed % 2).toBe(video.part === 'test' ? 1 : 0);
  expect(new Set(videos.map(({ video }) => video.scene.seed)).size).toBe(videos.length);
});

it('lets events begin anywhere', () => {
  const onsets = videos.flatMap(({ truth }) =>
    truth.intervals.map(({ startFrame }) => startFrame / truth.totalFrames),
  );
  const mean = onsets.reduce((sum, onset) => sum + onset / onsets.length, 0);
  expect(mean).toBeGreaterThan(0.25);
  expect(mean).toBeLessThan(0.7); // of nine events; the presets' sixty have 0.42 to 0.43
  expect(Math.min(...onsets)).toBeLessThan(0.25);
  expect(Math.max(...onsets)).toBeGreaterThan(0.55);
});

it('has as many anomalous frames as it should', () => {
  const frames = videos.reduce((sum, { truth }) => sum + truth.totalFrames, 0);
  const anomalous = videos
    .flatMap(({ truth }) => truth.intervals)
    .reduce((sum, { startFrame, endFrame }) => sum + endFrame - startFrame + 1, 0);
  expect(anomalous / frames).toBeGreaterThan(0.04);
  expect(anomalous / frames).toBeLessThan(0.18); // 12 s a video: leastSeconds count for more than the share
});

it('follows from its seed', () => {
  const [first, second] = planDataset(OPTIONS, 5);
  expect([first, second]).toEqual(videos.slice(0, 2));
  const [other] = planDataset(OPTIONS, 6);
  expect(other).not.toEqual(first);
});

it('is planned a street at a time: those that become no video are told of too', () => {
  const steps: unknown[] = [];
  let made = 0;
  for (const video of planSteps(OPTIONS, 5)) {
    steps.push(video);
    if (video) expect(video).toEqual(videos[made++]);
    if (made === 2) break;
  }
  expect(steps.filter((step) => step === null).length).toBeGreaterThan(0);
});

it('records truth of the frames as they are filmed: the first is that after one step', () => {
  const [{ video, truth }] = videos.filter(({ video }) => video.label === 'anomalous');
  const street = new Street(video.scene);
  const sight = new Sight(street);
  const shown: number[] = [];
  for (let frame = 1; frame <= framesOf(video.scene); frame++) {
    street.advance();
    const isSeen = street.running.some(
      ({ isShowing, involved }) => isShowing && involved.some((actor) => !actor.isGone && sight.boxOf(actor)),
    );
    if (isSeen) shown.push(frame);
  }
  expect([truth.intervals[0].startFrame, truth.intervals.at(-1)!.endFrame]).toEqual([shown[0], shown.at(-1)]);
});

it('says what cannot happen', () => {
  const start = (options: Partial<DatasetOptions>) => () => planDataset({ ...OPTIONS, ...options }, 1).next();
  expect(start({ worlds: ['road'], classes: ['stealing'] })).toThrow(/stealing happens in road/);
  expect(start({ classes: [] })).toThrow(/There is .*accident/);
});

it('has the presets of the papers: 24, 120 and 500 videos', () => {
  const sizes = Object.values(DATASETS).map(({ train, test, seconds }) => [train, test, seconds]);
  expect(sizes).toEqual([
    [18, 6, 12],
    [96, 24, 20],
    [400, 100, 20],
  ]);
});
