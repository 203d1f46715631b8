import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { resolveConfig, type Config } from '../../../src/engine/heads/config.fields.ts';
import { hiddenOf, spread } from '../../../src/engine/heads/sight.ts';
import { Random } from '../../../src/engine/random.ts';
import type { NumericArray } from '../../../src/engine/types.ts';
import { small } from '../../small.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

const N = 23;
const D = 12;

/** Every network and every way of scoring. */
const variants: [name: string, head: string, overrides: Config, views?: number][] = [
  ['sultani', 'sultani', {}],
  ['sultani, five crops', 'sultani', {}, 5],
  ['rtfm', 'rtfm', {}],
  ['rtfm, five crops', 'rtfm', {}, 5],
  ['gcn', 'gcn', {}, 2],
  ['wsal', 'wsal', {}, 2],
  ['wsal, semantics alone', 'wsal', { variation: false }],
  ['wsal, variation alone', 'wsal', { semantics: false }],
  ['wsal, as coded', 'wsal', { network: 'code' }, 2],
  ['mgfn', 'mgfn', {}, 2],
  ['mgfn without glance', 'mgfn', { structure: 'FF' }],
  ['mgfn, as coded', 'mgfn', { network: 'code', headSize: 4 }, 2],
  ['salient', 'salient', { split: 5, inference: 'split' }, 2],
  ['salient, sliding', 'salient', { split: 5, inference: 'sliding' }],
  ['salient, adaptive, recurrent', 'salient', { recurrent: true }],
  ['salient without attention', 'salient', { attend: false }],
  ['gig', 'gig', {}, 9],
  ['gig, not smoothed', 'gig', { sigma: 0, window: 4, stride: 4 }, 9],
  ['mgpr', 'mgpr', {}],
  ['mgpr, graph', 'mgpr', { relation: 'graph' }],
  ['mgpr, tube branch alone', 'mgpr', { branches: 'tube', relation: 'none' }],
];

async function look(id: string, overrides: Config, views = 1) {
  const head = headById(id);
  const config = resolveConfig(head.card, undefined, { ...small[id], ...overrides });
  const parameters = head.init(config, { features: D, classes: id === 'gig' ? 3 : undefined }, new Random(5));
  const tensors = Object.fromEntries(
    [...parameters].map(([name, { values, shape }]) => [name, tf.tensor(values, [...shape])]),
  );
  const random = new Random(8);
  const values = Float32Array.from({ length: views * N * D }, () => random.normal());
  const snippets = tf.tensor3d(values, [views, N, D]);
  const before = tf.memory().numTensors;
  const scored = await head.score(tensors, snippets, config);
  const sight = await head.look(tensors, snippets, config);
  const hidden = await hiddenOf(head, tensors, snippets, config);
  const traces = [];
  for (let n = 0; n < N; n++) traces.push(await head.trace(tensors, snippets, config, n));
  return { scored, sight, hidden, traces, left: tf.memory().numTensors - before };
}

/** Sums over the last axis. */
const rowSums = ({ shape, values }: NumericArray) => {
  const size = shape.at(-1)!;
  return Array.from({ length: values.length / size }, (_, row) =>
    values.subarray(row * size, (row + 1) * size).reduce((a, b) => a + b, 0),
  );
};

describe.each(variants)('%s', (_, id, overrides, views) => {
  test('a score can be walked back to, and no tensor stays', async () => {
    const { scored, sight, traces, left } = await look(id, overrides, views);
    expect(left).toBe(0);
    expect(Array.from(sight.scores)).toEqual(Array.from(scored.scores));
    expect(new Set(sight.scores).size).toBeGreaterThan(1);
    traces.forEach(({ score, parts }, n) => {
      expect(score).toBeCloseTo(scored.scores[n], 5);
      expect(parts.reduce((sum, { share, value }) => sum + share * value, 0)).toBeCloseTo(
        scored.scores[n],
        5,
      );
      expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
      for (const { value, unit } of parts) {
        if (!unit) continue;
        const { activations, weights, bias } = unit;
        expect(activations.length).toBe(weights.length);
        const logit = activations.reduce((sum, a, e) => sum + a * weights[e], bias);
        expect(1 / (1 + Math.exp(-logit))).toBeCloseTo(value, 6);
      }
    });
  });
});

test.each(variants)(
  '%s: what the last layer reads is there for every snippet',
  async (_, id, overrides, views) => {
    const { hidden, traces, sight, left } = await look(id, overrides, views);
    expect(left).toBe(0);
    const [count, size] = hidden.points!.shape;
    expect(count).toBe(N);
    expect(hidden.points!.values.every(Number.isFinite)).toBe(true);
    expect(hidden.magnitudes).toEqual(sight.magnitudes);
    if (id === 'gig') return; // what a trace reads is smoothed
    traces.forEach(({ parts }, n) => {
      const read = parts.flatMap(({ unit, share }) => (unit ? [{ unit, share }] : []));
      const total = read.reduce((sum, { share }) => sum + share, 0);
      for (let e = 0; e < size && read.length > 0; e++) {
        const mean = read.reduce((sum, { unit, share }) => sum + (share / total) * unit.activations[e], 0);
        expect(hidden.points!.values[n * size + e]).toBeCloseTo(mean, 4);
      }
    });
  },
);

test('what a head attends to is shares of the video', async () => {
  const { sight: salient } = await look('salient', { attentionRows: 4 }, 2);
  expect(salient.attention!.shape).toEqual([4, N]);
  for (const sum of rowSums(salient.attention!)) expect(sum).toBeCloseTo(1, 5);

  const { sight: mgfn } = await look('mgfn', {}, 2);
  expect(mgfn.glance!.shape).toEqual([1, N, N]);
  const code = (await look('mgfn', { network: 'code', stage1: 8, headSize: 4 }, 2)).sight;
  expect(code.glance!.shape).toEqual([2, N, N]);
  const { sight: mgpr } = await look('mgpr', { heads: 4 });
  expect(mgpr.glance!.shape).toEqual([4, N, N]);
  for (const { glance } of [mgfn, code, mgpr])
    for (const sum of rowSums(glance!)) expect(sum).toBeCloseTo(1, 5);
  // What the whole video looks at is the mean over who looks.
  const mean = Array.from({ length: N }, (_, column) =>
    Array.from({ length: N }, (_, row) => mgfn.glance!.values[row * N + column] / N).reduce((a, b) => a + b),
  );
  mean.forEach((value, n) => expect(mgfn.attention!.values[n]).toBeCloseTo(value, 5));
});

test('magnitudes, curves and cells are there where the head has them, and absent elsewhere', async () => {
  const { sight: rtfm } = await look('rtfm', {});
  expect(rtfm.magnitudes!.length).toBe(N);
  expect(Object.keys(rtfm).sort()).toEqual(['magnitudes', 'scores', 'snippetsPerScore']);
  expect(Object.keys((await look('sultani', {})).sight).sort()).toEqual(['scores', 'snippetsPerScore']);

  for (const network of ['paper', 'code']) {
    const { semantic, dynamic, consensus } = (await look('wsal', { network })).sight.curves!;
    for (let n = 0; n < N; n++) expect((semantic[n] + dynamic[n]) / 2).toBeCloseTo(consensus[n], 6);
  }
  const { sight: dynamicAlone } = await look('wsal', { semantics: false });
  expect(Object.keys(dynamicAlone.curves!).sort()).toEqual(['consensus', 'dynamic']);

  const { sight: gig } = await look('gig', { topCells: 2 }, 9);
  expect(gig.relation!.shape).toEqual([N, 9]);
  // Every window lets two cells speak.
  for (const sum of rowSums(gig.spoke!)) expect(sum).toBeCloseTo(2, 5);
});

test('attention is spread between one place, 0, and everywhere, 1', () => {
  expect(spread([0.25, 0.25, 0.25, 0.25], 1, 4)).toBeCloseTo(1, 6);
  expect(spread([0, 1, 0, 0], 1, 4)).toBe(0);
  expect(spread([0.5, 0.5, 0, 0, 1, 0, 0, 0], 2, 4)).toBeCloseTo(0.25, 6);
  expect(spread([1], 1, 1)).toBe(0);
});
