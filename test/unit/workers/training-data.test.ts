import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import { importedVideo } from '../../../src/engine/features/imported.ts';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { Random } from '../../../src/engine/random.ts';
import { TrainingLoop } from '../../../src/engine/training/loop.ts';
import type { VideoFeatures } from '../../../src/engine/types.ts';
import type { RunRecord } from '../../../src/workers/schema.ts';
import type { Store } from '../../../src/workers/store.ts';
import { readTrainingData } from '../../../src/workers/training-data.ts';

const VIDEOS = 12;
const head = headById('sultani');

/** Features of videos as a store would give them, and how often it was asked. */
function shelf() {
  const random = new Random(2);
  const videos = new Map<string, VideoFeatures>();
  for (let v = 0; v < VIDEOS; v++) {
    const shape = [9 + v, 2, 6];
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal());
    videos.set(`key${v}`, {
      ...importedVideo(shape, shape[0], `hash${v}`, { frames: null, rowFrames: null }),
      features: { shape, values },
    });
  }
  let reads = 0;
  const store = {
    features: (key: string) => {
      reads++;
      return Promise.resolve(videos.get(key)!);
    },
    featureSummary: (key: string) => {
      const { features, ...rest } = videos.get(key)!;
      return Promise.resolve({ ...rest, key, shape: features.shape, frames: 0, bytes: 0, usedAt: 0 });
    },
  } as unknown as Store;
  return { store, reads: () => reads };
}

const record = (normalise: string) =>
  ({
    head: 'sultani',
    config: resolveConfig(head.card, undefined, {
      ...{ segments: 8, hidden1: 8, hidden2: 4, normalise, batchNormal: 3, batchAnomalous: 3 },
    }),
    seed: 4,
    training: Array.from({ length: VIDEOS }, (_, v) => ({
      videoId: `v${v}`,
      name: `video ${v}`,
      label: v % 2 === 0 ? 'normal' : 'anomalous',
      featureKey: `key${v}`,
    })),
  }) as unknown as RunRecord;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test.each(['none', 'l2', 'standard'])(
  'bags that are read batch by batch train to the same numbers as bags at hand: %s',
  async (normalise) => {
    const run = async (mostBytes: number) => {
      const { store, reads } = shelf();
      const data = await readTrainingData(record(normalise), store, undefined, mostBytes);
      const before = reads();
      const loop = new TrainingLoop(head, record(normalise).config, data.source, 4, 0);
      const losses: number[] = [];
      for (let i = 0; i < 6; i++) losses.push((await loop.next()).total);
      loop.dispose();
      const { scale, fingerprint, source } = data;
      return { losses, scale, fingerprint, read: reads() - before, waited: source.waitedMilliseconds };
    };
    const atHand = await run(1 << 30);
    const bagBytes = 4 * 2 * 8 * 6;
    const byBatch = await run(3 * bagBytes);
    expect(byBatch.losses).toEqual(atHand.losses);
    expect(byBatch.scale).toEqual(atHand.scale);
    expect(byBatch.fingerprint).toEqual(atHand.fingerprint);
    expect([atHand.read, atHand.waited]).toEqual([0, 0]);
    expect(byBatch.read).toBeGreaterThan(VIDEOS); // they are not all kept
    expect(byBatch.waited).toBeGreaterThan(0);
  },
);

test('features that are gone are told of when a batch asks for them, and asking again is no use', async () => {
  const { store } = shelf();
  const data = await readTrainingData(record('none'), store, undefined, 1);
  (store as { features: unknown }).features = () => Promise.reject(new Error('gone'));
  await expect(data.source.load(['v0'])).rejects.toThrow('gone');
  await expect(data.source.load(['v0', 'v1'])).rejects.toThrow('gone');
});

test('boxes of tubes are nothing that a head learns from', async () => {
  const ramp = (...shape: number[]) => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i / 8),
  });
  const tubes = {
    region: ramp(3, 6),
    global: ramp(3, 6),
    multivariate: ramp(3, 1),
    boxes: ramp(2, 6),
    picture: ramp(2),
  };
  const video = importedVideo([5, 6], 5, 'h', { frames: null, rowFrames: null });
  const store = { features: async () => ({ ...video, features: ramp(5, 6), tubes }) } as unknown as Store;
  const mgpr = { ...record('standard'), head: 'mgpr', training: record('standard').training.slice(0, 2) };
  const { source } = await readTrainingData(mgpr, store, undefined);
  const [{ sets }] = await source.load(['v0']);
  expect(Object.keys(sets!)).toEqual(['region', 'global', 'multivariate']);
});
