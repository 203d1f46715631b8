/** Everything that computes, on WebGPU (a software adapter will do), with nothing forwarded to the CPU in silence. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { headCards } from '../../src/engine/heads/catalogue.fields.ts';
import { checkDevice, loseDevice, rebuildDevice, startDevice } from '../../src/workers/device.ts';
import { describeFixtures, tensorFixtures } from '../golden.ts';
import { endure } from '../small.ts';
import { movinetDeviation } from '../movinet.ts';
import { sharedIsHere } from '../shared.ts';

const isLong = import.meta.env.VITE_TEST_LONG === '1';
const gpu = await navigator.gpu?.requestAdapter();
if (!gpu) console.info('no WebGPU adapter here: tests on webgpu are skipped');

const start = async () => {
  await startDevice('webgpu');
  tf.env().set('WEBGPU_CPU_FORWARD', false);
};

describe.skipIf(!gpu)('on webgpu', () => {
  beforeAll(start);
  afterEach(() => checkDevice());

  /** In short: a whole fixture per method, with gradients and steps of its optimiser. */
  const short = [
    ...['sultani_code_dropout', 'rtfm_code_dropout', 'gcn_code_abnormal_video', 'wsal_code_dropout'],
    ...['wsal_paper_dropout', 'mgfn_code_select_dropout', 'mgfn_paper_GF_fusion', 'salient_code_dropout'],
    ...['salient_bilstm_one_segment', 'gig_paper_dropout', 'mgpr_paper_one_plus_one', 'heads_watanabe_io'],
    ...tensorFixtures.filter((name) => name.startsWith('ops_')),
  ];
  describeFixtures(
    'webgpu',
    start,
    tensorFixtures.filter((name) => isLong || short.includes(name)),
  );

  describe.skipIf(!sharedIsHere)('MoViNet-A0-Stream against its reference activations', () => {
    test.each(isLong ? [1, 4, 13] : [13])('%i frames at a time', { timeout: 300_000 }, async (chunk) => {
      const { vectors, maps, leaked } = await movinetDeviation(chunk);
      expect(vectors).toBeLessThan(1e-4);
      expect(maps).toBeLessThan(1e-4);
      expect(leaked).toBe(0);
    });
  });

  describe(`${isLong ? 200 : 3} steps at D = 64, twice`, () => {
    test.each(headCards.map((card) => card.id))('%s', { timeout: 600_000 }, async (id) => {
      expect(await endure(id, isLong ? 200 : 3)).toEqual({ left: 0, repeats: true });
    });
  });

  test('a product of long rows by a transposed matrix', async () => {
    const [m, k, n] = [28, 2048, 128];
    const wave = (size: number, step: number) =>
      Float32Array.from({ length: size }, (_, i) => Math.sin(i * step));
    const [a, b] = [wave(m * k, 0.37), wave(n * k, 0.11)];
    const product = tf.matMul(tf.tensor2d(a, [m, k]), tf.tensor2d(b, [n, k]), false, true);
    const expected = (row: number, column: number) => {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += a[row * k + i] * b[column * k + i];
      return sum;
    };
    (await product.data()).forEach((value, i) => {
      if (Math.abs(value - expected(Math.floor(i / n), i % n)) > 1e-3) expect(value, String(i)).toBeNaN();
    });
  });

  test('an operation that fails in silence fails the job', async () => {
    // Padding of rank 5 does not compile to a shader; the answer is zeros and no exception.
    const padded = tf.pad(tf.ones([1, 2, 2, 2, 2]), [
      [0, 0],
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    await padded.data();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(() => checkDevice()).toThrow(/cannot be trusted/);
    padded.dispose();
  });

  test('a lost device is replaced, twice; then the work goes on without', { timeout: 120_000 }, async () => {
    for (const expected of ['webgpu', 'wasm']) {
      loseDevice();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(() => checkDevice()).toThrow(/was reset/);
      const { backend } = await rebuildDevice();
      expect(backend).toBe(expected);
      const sum = tf.sum(tf.ones([40, 40]));
      expect((await sum.data())[0]).toBe(1600);
      sum.dispose();
    }
  });
});
