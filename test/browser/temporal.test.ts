/** The temporal convolution as a kernel of its own on WebGPU, against its portable formulation on the cpu backend. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, describe, expect, test } from 'vitest';
import { temporalDepthwise, TEMPORAL_DEPTHWISE } from '../../src/engine/backbone/temporal.ts';
import { checkDevice, startDevice } from '../../src/workers/device.ts';
import { movinetDeviation } from '../movinet.ts';
import { sharedIsHere } from '../shared.ts';

const isLong = import.meta.env.VITE_TEST_LONG === '1';
const gpu = await navigator.gpu?.requestAdapter();
if (!gpu) console.info('no WebGPU adapter here: the temporal kernel is not tested');

/** Numbers on both sides of the two bends of relu6. */
const wave = (shape: number[], step: number) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => 4 * Math.sin(1 + i * step)),
    shape,
  );

interface Case {
  channels: number;
  taps: number;
  chunks: number[];
}

/** What a stream in these chunks gives: the outputs one after the other, and the last buffer. */
async function stream({ channels, taps, chunks }: Case): Promise<Float32Array[]> {
  const weight = wave([taps, 1, channels, 1], 0.7) as tf.Tensor4D;
  const bias = wave([channels], 0.3) as tf.Tensor1D;
  const frames = chunks.reduce((a, b) => a + b, 0);
  const all = wave([frames, 3, 5, channels], 0.13) as tf.Tensor4D;
  let past: tf.Tensor4D | undefined;
  let start = 0;
  const outputs: tf.Tensor4D[] = [];
  for (const chunk of chunks) {
    const x = tf.slice(all, [start, 0, 0, 0], [chunk, 3, 5, channels]);
    const { output, next } = temporalDepthwise({ x, weight, bias, past });
    tf.dispose([x, past ?? []]);
    past = next;
    outputs.push(output);
    start += chunk;
  }
  const joined = tf.concat(outputs);
  const values = [(await joined.data()) as Float32Array, (await past!.data()) as Float32Array];
  tf.dispose([weight, bias, all, joined, past!, outputs]);
  return values;
}

describe.skipIf(!gpu)('the temporal convolution on webgpu', () => {
  afterEach(() => checkDevice());

  test.each([
    { channels: 8, taps: 3, chunks: [1, 1, 1, 1] },
    { channels: 8, taps: 5, chunks: [1, 1, 1, 1, 1, 1] },
    { channels: 12, taps: 3, chunks: [7, 2, 1, 4] },
    { channels: 12, taps: 5, chunks: [3, 6, 1, 4] },
    { channels: 7, taps: 5, chunks: [2, 5] },
  ])('$channels channels, $taps taps, chunks of $chunks', async (given) => {
    await tf.setBackend('cpu');
    const expected = await stream(given);
    const whole = await stream({ ...given, chunks: [given.chunks.reduce((a, b) => a + b, 0)] });
    await startDevice('webgpu');
    await tf.setBackend('webgpu');
    tf.env().set('WEBGPU_CPU_FORWARD', false);
    expect(tf.getKernel(TEMPORAL_DEPTHWISE, 'webgpu')).toBeDefined();
    const before = tf.memory().numTensors;
    const found = await stream(given);
    expect(tf.memory().numTensors).toBe(before);
    for (const part of [0, 1]) {
      expect(deviation(found[part], expected[part])).toBeLessThan(1e-5);
      expect(deviation(found[part], whole[part])).toBeLessThan(1e-5);
    }
  });

  test.skipIf(!sharedIsHere || !isLong)(
    'MoViNet holds without the kernel too',
    { timeout: 300_000 },
    async () => {
      await startDevice('webgpu');
      await tf.setBackend('webgpu');
      const kernel = tf.getKernel(TEMPORAL_DEPTHWISE, 'webgpu')!;
      tf.unregisterKernel(TEMPORAL_DEPTHWISE, 'webgpu');
      try {
        expect((await movinetDeviation(13)).vectors).toBeLessThan(1e-4);
      } finally {
        tf.registerKernel(kernel);
      }
    },
  );
});

function deviation(found: Float32Array, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  return found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i])), 0);
}
