import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { installWasmSlice } from '../../../src/workers/kernels/wasm-slice.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  installWasmSlice();
});

const cases: [shape: number[], begin: number[], size: number[]][] = [
  [[7], [2], [4]],
  [[7], [0], [-1]],
  [
    [5, 6],
    [1, 0],
    [3, 6],
  ],
  [
    [5, 6],
    [1, 2],
    [3, 4],
  ],
  [
    [5, 40],
    [1, 3],
    [3, 30],
  ],
  [
    [1, 9, 40],
    [0, 4, 0],
    [1, 3, 40],
  ],
  [
    [3, 9, 4],
    [1, 4, 1],
    [2, 3, 2],
  ],
  [
    [1, 6, 5, 4],
    [0, 2, 0, 0],
    [1, 2, 5, 4],
  ],
  [
    [2, 6, 5, 20],
    [1, 2, 1, 2],
    [1, 3, 2, 17],
  ],
  [
    [2, 3, 4, 5, 6],
    [0, 1, 1, 1, 2],
    [2, 2, 2, 2, 3],
  ],
  [
    [4, 3],
    [1, 0],
    [0, 3],
  ],
];

test.each(cases)('%j from %j, %j', async (shape, begin, size) => {
  const count = shape.reduce((a, b) => a * b, 1);
  for (const dtype of ['float32', 'int32', 'bool'] as const) {
    const values = Array.from({ length: count }, (_, i) => (dtype === 'bool' ? i % 3 : i) % 128);
    const cut = () => tf.tidy(() => tf.slice(tf.tensor(values, shape, dtype), begin, size));
    await tf.setBackend('cpu');
    const expected = cut();
    const [wanted, wantedShape] = [await expected.data(), expected.shape];
    await tf.setBackend('wasm');
    const before = tf.memory().numTensors;
    const found = cut();
    expect(found.shape).toEqual(wantedShape);
    expect(Array.from(await found.data())).toEqual(Array.from(wanted));
    found.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
});

test('what is cut does not change when the heap grows', async () => {
  const x = tf.range(0, 1000);
  const cut = tf.slice(x, [500], [3]);
  const large = tf.zeros([3000, 3000]);
  expect(Array.from(await cut.data())).toEqual([500, 501, 502]);
  tf.dispose([x, cut, large]);
});
