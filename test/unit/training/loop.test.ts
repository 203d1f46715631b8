import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { headCards } from '../../../src/engine/heads/catalogue.fields.ts';
import { resolveConfig, type Config } from '../../../src/engine/heads/config.fields.ts';
import { Random } from '../../../src/engine/random.ts';
import { readRun, writeRun } from '../../../src/engine/training/checkpoint.ts';
import { TrainingLoop } from '../../../src/engine/training/loop.ts';
import { holdOut, sampleBatch } from '../../../src/engine/training/sampler.ts';
import { endure, losses, makeVideos, SEGMENTS, small } from '../../small.ts';
import { installWasmKernels } from '../../../src/workers/kernels/wasm.ts';

const D = 12;
const T = SEGMENTS;

/** What takes more than the few steps of the other tests to begin. */
const patient: Record<string, Config> = { gcn: { warmup: 60, period: 20 } };

describe('200 steps on wasm at D = 64', () => {
  test.each(headCards.map((card) => card.id))('%s', { timeout: 120_000 }, async (id) => {
    await tf.setBackend('wasm');
    installWasmKernels();
    expect(await endure(id, 200)).toEqual({ left: 0, repeats: true });
  });
});

describe.each(['cpu', 'wasm'])('training on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    if (backend === 'wasm') installWasmKernels();
  });

  describe.each(headCards.map((card) => card.id))('%s', (id) => {
    const head = headById(id);
    const config = resolveConfig(head.card, undefined, { learningRate: 0.01, ...small[id] });

    test('the same seed gives the same losses, another seed others', async () => {
      const run = async (seed: number) => {
        const loop = new TrainingLoop(head, config, makeVideos(), seed, 0);
        const totals = await losses(loop, 8);
        loop.dispose();
        return totals;
      };
      const first = await run(3);
      expect(await run(3)).toEqual(first);
      expect(await run(4)).not.toEqual(first);
    });

    test('it learns: the anomalous segments score higher', { timeout: 30_000 }, async () => {
      const loop = new TrainingLoop(head, { ...config, ...patient[id] }, makeVideos(), 0, 0);
      await losses(loop, 120);
      const [normal, anomalous] = makeVideos().slice(0, 2);
      const scores = await Promise.all(
        [normal, anomalous].map(({ bag }) => {
          const x = tf.tensor3d(bag.values, [1, T, D]);
          return head.score(loop.parameters, x, config).finally(() => x.dispose());
        }),
      );
      expect(Math.max(...scores[1].scores)).toBeGreaterThan(Math.max(...scores[0].scores) + 0.2);
      loop.dispose();
    });

    test('a resumed run goes on bit for bit', async () => {
      const whole = new TrainingLoop(head, config, makeVideos(), 5, 0);
      const expected = await losses(whole, 12);
      const first = new TrainingLoop(head, config, makeVideos(), 5, 0);
      await losses(first, 7);
      const saved = { checkpoint: await first.checkpoint(), scale: null, metadata: { head: id } };
      const { checkpoint } = readRun(writeRun(saved, true), 'run');
      const second = new TrainingLoop(head, config, makeVideos(), 5, 0, checkpoint);
      expect(second.step).toBe(7);
      expect(await losses(second, 5)).toEqual(expected.slice(7));
      for (const loop of [whole, first, second]) loop.dispose();
    });

    test('no tensor is left over', async () => {
      const before = tf.memory().numTensors;
      const loop = new TrainingLoop(head, config, makeVideos(), 0, 0);
      await loop.next();
      const during = tf.memory().numTensors;
      await losses(loop, 20);
      expect(tf.memory().numTensors).toBe(during);
      await loop.checkpoint();
      const x = tf.tensor3d(makeVideos()[0].bag.values, [1, T, D]);
      await head.score(loop.parameters, x, config);
      x.dispose();
      loop.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  test('a loss that is no longer a number stops training and keeps the parameters', async () => {
    const head = headById('sultani');
    const config = resolveConfig(head.card, 'code', small.sultani);
    const videos = makeVideos();
    const loop = new TrainingLoop(head, config, videos, 0, 0);
    await loop.next();
    const kept = (await loop.checkpoint()).parameters.get('fc1.weight')!.values;
    videos[1].bag.values.fill(NaN);
    await expect(losses(loop, 5)).rejects.toThrow(/diverged at step 2.*as its last checkpoint left it/);
    expect((await loop.checkpoint()).parameters.get('fc1.weight')!.values).toEqual(kept);
    loop.dispose();
  });
});

describe('every preset trains and scores', () => {
  const presets = headCards.flatMap((card) =>
    Object.keys(card.presets).map((preset) => [card.id, preset] as const),
  );
  test.each(presets)('%s %s', { timeout: 30_000 }, async (id, preset) => {
    await tf.setBackend('wasm');
    installWasmKernels();
    const head = headById(id);
    const values = { ...small[id], ...head.card.presets[preset].values };
    const config = resolveConfig(head.card, preset, values);
    const loop = new TrainingLoop(head, config, makeVideos(), 0, 0);
    const before = (await loop.checkpoint()).parameters;
    const totals = await losses(loop, 8); // RAdam stands still for five
    expect(totals.every(Number.isFinite)).toBe(true);
    const after = (await loop.checkpoint()).parameters;
    const moved = [...after].filter(([name, { values: now }]) =>
      now.some((value, i) => value !== before.get(name)!.values[i]),
    );
    expect(moved.length).toBeGreaterThan(0);
    const [{ bag }] = makeVideos();
    const x = tf.tensor3d(bag.values, [1, T, D]);
    const { scores } = await head.score(loop.parameters, x, config);
    expect(scores).toHaveLength(T);
    expect([...scores].every((score) => score >= 0 && score <= 1)).toBe(true);
    loop.dispose();
  });
});

test('the loss says through which segments it saw a video', async () => {
  await tf.setBackend('cpu');
  const head = headById('sultani');
  const loop = new TrainingLoop(head, resolveConfig(head.card, undefined, small.sultani), makeVideos(), 0, 0);
  const { chosen } = await loop.next();
  expect(chosen).toHaveLength(10);
  for (const { segments } of chosen) expect(segments).toHaveLength(1);
  loop.dispose();
});

test('training refuses videos of one kind only, and features of two lengths', () => {
  const head = headById('sultani');
  const config = resolveConfig(head.card);
  const normal = makeVideos().filter(({ label }) => label === 'normal');
  expect(() => new TrainingLoop(head, config, normal, 0, 0)).toThrow(
    /no training video with features is labelled "anomalous"/,
  );
  const mixed = makeVideos();
  mixed[3] = { ...mixed[3], bag: { shape: [T, D + 1], values: new Float32Array(T * (D + 1)) } };
  expect(() => new TrainingLoop(head, config, mixed, 0, 0)).toThrow(/one backbone only/);
});

test('a batch has equal halves; of what there is too little, videos are drawn again', () => {
  const batchOf = (normal: number, anomalous: number) =>
    sampleBatch({ normal, anomalous }, { batchNormal: 30, batchAnomalous: 30 }, new Random(0));
  const scarce = batchOf(50, 3);
  expect(new Set(scarce.normal).size).toBe(30);
  for (const video of [0, 1, 2]) expect(scarce.anomalous.filter((v) => v === video)).toHaveLength(10);
  const few = batchOf(4, 2);
  expect([...few.normal].sort()).toEqual([0, 1, 2, 3]);
  expect([...few.anomalous].sort()).toEqual([0, 0, 1, 1]);
});

test('shuffled segments are told at their true places', async () => {
  await tf.setBackend('cpu');
  const head = headById('sultani');
  const learn = async (shuffleSegments: boolean) => {
    const own = { ...small.sultani, shuffleSegments, learningRate: 0.05, dropout: 0 };
    const loop = new TrainingLoop(head, resolveConfig(head.card, undefined, own), makeVideos(), 0, 0);
    const before = await losses(loop, 60);
    const { chosen } = await loop.next();
    loop.dispose();
    return { first: before[0], chosen };
  };
  const [plain, shuffled] = [await learn(false), await learn(true)];
  expect(shuffled.first).not.toBe(plain.first); // smoothness sees the order
  const isAnomalous = ({ id }: { id: string }) => Number(id.slice(1)) % 2 === 1;
  for (const { segments } of shuffled.chosen.filter(isAnomalous)) expect([3, 4]).toContain(segments[0]);
});

test('a share of each label is held out, by the seed, never all of it', () => {
  const split = (seed: number, count = 20) => holdOut(makeVideos(count), 0.2, new Random(seed));
  const { training, heldOut } = split(1);
  expect(heldOut.map(({ label }) => label).sort()).toEqual(['anomalous', 'anomalous', 'normal', 'normal']);
  expect(new Set([...training, ...heldOut].map(({ id }) => id)).size).toBe(20);
  expect(split(1).heldOut).toEqual(heldOut);
  expect(split(2).heldOut).not.toEqual(heldOut);
  expect(split(1, 2)).toMatchObject({ heldOut: [], training: [{ id: 'v0' }, { id: 'v1' }] });
});

test('what leaves nothing to score by is refused in words', () => {
  const head = headById('wsal');
  const config = resolveConfig(head.card, 'paper', { ...small.wsal, semantics: false, variation: false });
  expect(() => new TrainingLoop(head, config, makeVideos(), 0, 0)).toThrow(/Switch one of them on/);
});

test('shuffled bags of unequal length lose no row: attention does not care for order', async () => {
  await tf.setBackend('wasm');
  const { card } = headById('mgpr');
  const videos = makeVideos().map((video, v) => {
    const length = T - (v % 3);
    const shape = [length, D];
    return { ...video, bag: { shape, values: video.bag.values.slice(0, length * D) } };
  });
  const totals = await Promise.all(
    [false, true].map(async (shuffleSegments) => {
      const config = resolveConfig(card, undefined, { ...small.mgpr, dropout: 0, shuffleSegments });
      const loop = new TrainingLoop(headById('mgpr'), config, videos, 0, 0);
      const { total } = await loop.next();
      loop.dispose();
      return total;
    }),
  );
  expect(totals[1]).toBeCloseTo(totals[0], 5);
});

test('tubes of several objects count or not, as the config says', async () => {
  await tf.setBackend('wasm');
  const head = headById('mgpr');
  const kinds = { shape: [T, 1], values: Float32Array.from({ length: T }, (_, t) => t % 2) };
  const videos = makeVideos().map((video) => ({ ...video, sets: { ...video.sets, multivariate: kinds } }));
  const tubes = [...Array(3)].map((_, i) =>
    tf.tensor2d(i < 2 ? videos[1].bag.values : kinds.values, i < 2 ? [T, D] : [T, 1]),
  );
  const found = await Promise.all(
    [true, false].map(async (multivariate) => {
      const config = resolveConfig(head.card, undefined, { ...small.mgpr, dropout: 0, multivariate });
      const loop = new TrainingLoop(head, config, videos, 0, 0);
      const x = tf.tensor3d(videos[1].bag.values, [1, T, D]);
      const sets = { region: tubes[0], global: tubes[1], multivariate: tubes[2] };
      const { instances } = await head.score(loop.parameters, x, config, sets);
      const { total } = await loop.next();
      loop.dispose();
      return { total, silent: [...instances!].map((score) => score === 0) };
    }),
  );
  expect(found[0].silent.some(Boolean)).toBe(false);
  expect(found[1].silent).toEqual([...kinds.values].map((kind) => kind === 1));
  expect(found[1].total).not.toBeCloseTo(found[0].total, 6);
});

test('the cleaner is remembered only in its turn', async () => {
  await tf.setBackend('wasm');
  const config = resolveConfig(headById('gcn').card, undefined, { ...small.gcn, warmup: 1 });
  const loop = new TrainingLoop(headById('gcn'), config, makeVideos(), 0, 0);
  await loop.next();
  expect((await loop.checkpoint()).memory.size).toBe(0);
  await loop.next();
  expect((await loop.checkpoint()).memory.size).toBeGreaterThan(0);
  loop.dispose();
});

test('an anomalous video whose class nobody named says nothing of classes', async () => {
  await tf.setBackend('cpu');
  const { card, loss } = headById('gig');
  const consensus = tf.tensor2d([0.8, 0.1, 0.2, 0.3, 0.6, 0.4], [2, 3]);
  const output = {
    consensus,
    bagScores: tf.tensor1d([0.2, 0.6]),
    globalAnomaly: tf.tensor1d([0.2, 0.6]),
    segmentScores: tf.zeros([2, 4, 3]),
    scores: tf.zeros<tf.Rank.R2>([2, 4]),
  };
  const segment = (own: number[]) => {
    const targets = tf.tensor2d([1, 0, 0, ...own], [2, 3]);
    const terms = loss(output, { normal: 1, anomalous: 1, targets }, resolveConfig(card), {});
    return terms.segment.value.dataSync()[0];
  };
  const normalAlone = -(Math.log(0.8) + Math.log(0.9) + Math.log(0.8)) / 3 / 2; // over classes, over videos
  expect(segment([0, 0, 0])).toBeCloseTo(normalAlone, 5);
  expect(segment([0, 1, 0])).toBeGreaterThan(normalAlone);
});
