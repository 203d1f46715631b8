import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { Random } from '../../../src/engine/random.ts';
import { installWasmMatMul } from '../../../src/workers/kernels/wasm-matmul.ts';

const random = new Random(9);
const values = (size: number) => Float32Array.from({ length: size }, () => random.normal());

beforeAll(async () => {
  await tf.setBackend('wasm');
  installWasmMatMul();
  installWasmMatMul();
});

test.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])('transposed %s, %s: as plain JavaScript has it', async (transposeA, transposeB) => {
  const [a, b] = [values(2 * 5 * 7), values(2 * 7 * 3)];
  const product = async (backend: string) => {
    await tf.setBackend(backend);
    const left = tf.tensor3d(a, transposeA ? [2, 7, 5] : [2, 5, 7]);
    const right = tf.tensor3d(b, transposeB ? [2, 3, 7] : [2, 7, 3]);
    const before = tf.memory().numDataBuffers;
    const result = tf.matMul(left, right, transposeA, transposeB);
    expect(tf.memory().numDataBuffers - before).toBe(1);
    return Array.from(await result.data());
  };
  const expected = await product('cpu');
  (await product('wasm')).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
});

test('a batch of large products is done one by one, to the same numbers', async () => {
  const [a, b] = [values(3 * 128 * 96), values(3 * 96 * 100)];
  const product = async (backend: string) => {
    await tf.setBackend(backend);
    const [left, right] = [tf.tensor3d(a, [3, 128, 96]), tf.tensor3d(b, [3, 96, 100])];
    const before = tf.memory().numDataBuffers;
    const result = tf.matMul(left, right);
    expect(tf.memory().numDataBuffers - before).toBe(1);
    expect(result.shape).toEqual([3, 128, 100]);
    return Array.from(await result.data());
  };
  const expected = await product('cpu');
  const found = await product('wasm');
  expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-3);
});
