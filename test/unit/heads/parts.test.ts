import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import {
  attend,
  gelu,
  inStretches,
  padTime,
  selectTopK,
  temporalConv,
} from '../../../src/engine/heads/parts.ts';
import { Random } from '../../../src/engine/random.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const noise = (seed: number, shape: number[]) => {
  const random = new Random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
};

const expectSame = (a: tf.Tensor, b: tf.Tensor) =>
  expect(Math.max(...tf.abs(tf.sub(a, b)).dataSync())).toBeLessThan(1e-4);

test.each(['zeros', 'replicate'] as const)(
  'a long video is convolved in stretches, with the same numbers and gradients: %s',
  (padding) => {
    const x = noise(1, [2, 2500, 3]) as tf.Tensor3D;
    const weight = noise(2, [4, 3, 3]);
    const cotangent = noise(3, [2, 2500, 4]);
    const conv = (input: tf.Tensor3D, kernel: tf.Tensor) =>
      temporalConv(input, { 'c.weight': kernel }, 'c', { dilation: 2, padding });
    // The same in two halves that know enough of each other, each short enough to be done at once.
    const inHalves = (input: tf.Tensor3D, kernel: tf.Tensor) =>
      tf.concat(
        [
          tf.slice(conv(tf.slice(input, [0, 0, 0], [2, 1300, 3]), kernel), [0, 0, 0], [2, 1250, 4]),
          tf.slice(conv(tf.slice(input, [0, 1200, 0], [2, 1300, 3]), kernel), [0, 50, 0], [2, 1250, 4]),
        ],
        1,
      );
    const gradients = (f: typeof conv) =>
      tf.grads((input, kernel) => tf.sum(tf.mul(f(input as tf.Tensor3D, kernel), cotangent)))([x, weight]);
    expectSame(conv(x, weight), inHalves(x, weight));
    const [whole, apart] = [gradients(conv), gradients(inHalves)];
    whole.forEach((gradient, i) => expectSame(tf.div(gradient, 100), tf.div(apart[i], 100)));
  },
);

test(
  'a long video is attended in blocks, and treated in stretches, to the same numbers',
  { timeout: 30_000 },
  () => {
    const x = noise(4, [1, 1500, 2]) as tf.Tensor3D;
    const { mixed, weights } = attend(x, x, x, 0.5);
    expect(weights).toBeUndefined();
    const rows = tf.slice(x, [0, 1490, 0], [1, 10, 2]);
    const last = tf.matMul(tf.softmax(tf.mul(tf.matMul(rows, x, false, true), 0.5)), x);
    expectSame(tf.slice(mixed, [0, 1490, 0], [1, 10, 2]), last);
    const long = noise(5, [1, 5000, 2]) as tf.Tensor3D;
    expectSame(inStretches(long, gelu), gelu(long));
    const neighbours = (padded: tf.Tensor3D) => {
      const views = [0, 4].map((tap) => tf.slice(padded, [0, tap, 0], [1, padded.shape[1] - 4, 2]));
      return tf.sub<tf.Tensor3D>(views[1], views[0]);
    };
    expectSame(inStretches(long, neighbours, 2), neighbours(padTime(long, [2, 2], 'zeros')));
  },
);

test('the top k of a wide row, the first of equal entries before the others', async () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => (i * 7) % 250); // every value four times
  const choice = selectTopK(tf.tensor2d(values, [1, 1000]), 6);
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
  expect(Array.from(await tf.argMax(choice, 2).data())).toEqual(order.slice(0, 6));
});
