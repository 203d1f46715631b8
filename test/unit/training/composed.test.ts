import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { Random } from '../../../src/engine/random.ts';
import type { TrainingVideo } from '../../../src/engine/training/batch.ts';
import { turnedLabels, weigh } from '../../../src/engine/training/composed.ts';
import { TrainingLoop } from '../../../src/engine/training/loop.ts';
import { makeVideos, small } from '../../small.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

const D = 12;

/** A bag of so many segments, the first few of which stand out as those of anomalous videos do. */
function composed(label: TrainingVideo['label'], standOut: number, length = 6): TrainingVideo {
  const random = new Random(9);
  const values = Float32Array.from({ length: length * D }, () => 0.3 * random.normal());
  for (let t = 0; t < standOut; t++) for (let d = 0; d < 4; d++) values[t * D + d] += 2;
  return { id: 'own', label, bag: { shape: [length, D], values } };
}

/** A head that has learnt what stands out. */
async function trained(id: string, steps = 40) {
  const head = headById(id);
  const config = resolveConfig(head.card, undefined, { ...small[id], learningRate: 0.01 });
  const loop = new TrainingLoop(head, config, makeVideos(10, D), 0, 0);
  for (let step = 0; step < steps; step++) await loop.next();
  return { head, config, loop };
}

describe.each(['sultani', 'rtfm', 'gcn', 'wsal', 'mgfn', 'salient'])('%s', (id) => {
  test(
    'what stands out raises the bag’s score, and lowers the loss where the bag is called anomalous',
    { timeout: 60_000 },
    async () => {
      const { head, config, loop } = await trained(id);
      const before = tf.memory().numTensors;
      const of = (own: TrainingVideo) => {
        const reference = composed(
          own.label === 'normal' ? 'anomalous' : 'normal',
          own.label === 'normal' ? 3 : 0,
        );
        return weigh(head, loop.parameters, config, [own, { ...reference, id: 'reference' }], 0, 1);
      };
      const full = await of(composed('anomalous', 3));
      const empty = await of(composed('anomalous', 0));
      expect(full.bags.map((bag) => bag.id)).toEqual(['own', 'reference']);
      expect(full.bags[0].scores.length).toBe(6);
      expect(full.bags[0].bagScore).toBeGreaterThan(empty.bags[0].bagScore);
      expect(full.total).toBeLessThan(empty.total);
      expect((await of(composed('normal', 0))).total).toBeLessThan((await of(composed('normal', 3))).total);
      const sum = Object.keys(full.losses).reduce(
        (all, name) => all + full.weights[name] * full.losses[name],
        0,
      );
      expect(full.total).toBeCloseTo(sum, 6);
      expect(await of(composed('anomalous', 3))).toEqual(full);
      expect(tf.memory().numTensors).toBe(before);
      loop.dispose();
    },
  );

  test('bags of one segment and of many are weighed too', { timeout: 60_000 }, async () => {
    const { head, config, loop } = await trained(id, 1);
    for (const length of [1, 2, 3, 40]) {
      const pair = [composed('anomalous', 1, length), { ...composed('normal', 0, length), id: 'reference' }];
      const { bags, total } = await weigh(head, loop.parameters, config, pair, 0, 1);
      expect(bags[0].scores.length).toBe(length);
      expect(Number.isFinite(total)).toBe(true);
    }
    loop.dispose();
  });
});

test('k is how many segments speak for the bag', async () => {
  const { head, config, loop } = await trained('rtfm', 5);
  const pair = [composed('anomalous', 2), { ...composed('normal', 0), id: 'reference' }];
  for (const topK of [1, 2, 4]) {
    const { bags } = await weigh(head, loop.parameters, { ...config, topK }, pair, 0, 1);
    expect(bags[0].chosen.length).toBe(topK);
    const mean = bags[0].chosen.reduce((sum, t) => sum + bags[0].scores[t], 0) / topK;
    expect(bags[0].bagScore).toBeCloseTo(mean, 5);
  }
  loop.dispose();
});

test('crops are averaged, and a head that takes each for a bag has one score for the bag', async () => {
  const head = headById('salient');
  const config = resolveConfig(head.card, undefined, small.salient);
  const [a, b] = [composed('anomalous', 2), composed('normal', 0)];
  const cropped = (video: TrainingVideo): TrainingVideo => ({
    ...video,
    bag: { shape: [2, 6, D], values: Float32Array.from([...video.bag.values, ...video.bag.values]) },
  });
  const parameters = Object.fromEntries(
    [...head.init(config, { features: D }, new Random(1))].map(([name, { values, shape }]) => [
      name,
      tf.tensor(values, [...shape]),
    ]),
  );
  const once = await weigh(head, parameters, config, [a, b], 0, 1);
  const twice = await weigh(head, parameters, config, [cropped(a), cropped(b)], 0, 1);
  expect(twice.bags[0].bagScore).toBeCloseTo(once.bags[0].bagScore, 6);
  expect(twice.bags[0].scores.length).toBe(6);
  expect(twice.total).toBeCloseTo(once.total, 6);
});

test('label noise turns as many of each half, the same ones every time, and more of them as it grows', () => {
  const labels = Array.from(
    { length: 10 },
    (_, i) => (i < 6 ? 'normal' : 'anomalous') as TrainingVideo['label'],
  );
  expect(turnedLabels(labels, 0, 3)).toEqual([]);
  const half = turnedLabels(labels, 0.5, 3);
  expect(half.filter((i) => labels[i] === 'normal').length).toBe(2);
  expect(half.filter((i) => labels[i] === 'anomalous').length).toBe(2);
  expect(turnedLabels(labels, 0.5, 3)).toEqual(half);
  expect(turnedLabels(labels, 1, 3)).toEqual(expect.arrayContaining(half));
  expect(turnedLabels(labels, 1, 3).length).toBe(8);
});
