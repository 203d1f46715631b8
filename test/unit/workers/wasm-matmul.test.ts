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
