import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { describe, expect, test } from 'vitest';
import {
  convolve,
  I3D,
  i3dShapes,
  loadMixed,
  loadUnit,
  maxPool,
  runMixed,
} from '../../../src/engine/backbone/i3d.ts';
import { Failure } from '../../../src/engine/failure.ts';
import type { NumericArray } from '../../../src/engine/types.ts';
import golden from './i3d.golden.json' with { type: 'json' };

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Uniform in low..high, from a formula of name and index; `tools/i3d/golden.py` has the same. */
function drawn(name: string, shape: readonly number[], low: number, high: number): NumericArray {
  let seed = 0;
  for (const letter of name) seed = (Math.imul(seed, 31) + letter.charCodeAt(0)) >>> 0;
  const values = new Float32Array(product(shape));
  for (let i = 0; i < values.length; i++) {
    let x = (Math.imul(i, 2654435761) + seed) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 73244475);
    x = Math.imul(x ^ (x >>> 15), 2146121005);
    x = (x ^ (x >>> 16)) >>> 0;
    values[i] = low + (high - low) * (x / 2 ** 32);
  }
  return { shape, values };
}

const RANGES: Record<string, [number, number]> = {
  'bn.weight': [0.8, 1.2],
  'bn.bias': [-0.1, 0.3],
  'bn.running_mean': [-0.2, 0.2],
  'bn.running_var': [0.5, 1.5],
};

function unitWeights(name: string, inputs: number, kernel: number, outputs: number) {
  const convolution = `${name}.conv3d.weight`;
  const limit = Math.sqrt(6 / (inputs * kernel ** 3));
  return new Map([
    [convolution, drawn(convolution, [outputs, inputs, kernel, kernel, kernel], -limit, limit)],
    ...Object.entries(RANGES).map(
      ([part, range]) => [`${name}.${part}`, drawn(`${name}.${part}`, [outputs], ...range)] as const,
    ),
  ]);
}

/** Weights of the whole network. */
function networkWeights(): Map<string, NumericArray> {
  const weights = new Map<string, NumericArray>();
  for (const [name, [outputs, inputs, kernel]] of i3dShapes()) {
    if (!name.endsWith('.conv3d.weight') || name.startsWith('logits')) continue;
    const unit = name.slice(0, -'.conv3d.weight'.length);
    for (const [key, value] of unitWeights(unit, inputs, kernel, outputs)) weights.set(key, value);
  }
  return weights;
}

/** `[clips,T,H,W,C]` with the frames of all clips in the batch. */
function batch({ shape, values }: NumericArray): tf.Tensor4D {
  const [clips, frames, height, width, channels] = shape;
  return tf.tensor4d(values, [clips * frames, height, width, channels]);
}

/** The largest deviation as a share of the largest value expected. */
function deviation(found: ArrayLike<number>, expected: number[]): number {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(found[i] - value))) / scale;
}

const asClips = (shape: number[]) => [shape[0] * shape[1], ...shape.slice(2)];

describe.each(['cpu', 'wasm'])('the pieces against 3-D operations of PyTorch, on %s', (backend) => {
  const check = async (name: string, shape: number[], expected: number[], run: () => tf.Tensor4D) => {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const found = tf.tidy(run);
    expect(found.shape).toEqual(asClips(shape));
    expect(deviation(await found.data(), expected), name).toBeLessThan(1e-5);
    found.dispose();
    return tf.memory().numTensors - before;
  };

  test.each(golden.units)('unit $kernel, stride $stride, input $input', async (u) => {
    await tf.setBackend(backend);
    const unit = loadUnit(unitWeights(u.name, 3, u.kernel, 4), u.name, u.stride);
    const x = batch(drawn(u.name, u.input, -1, 1));
    expect(await check(u.name, u.shape, u.output, () => convolve(x, 2, unit))).toBe(0);
    tf.dispose([x, unit.filter, unit.bias]);
  });

  test.each(golden.pools)('pool $kernel, stride $stride, input $input', async (p) => {
    await tf.setBackend(backend);
    const extent = ([frames, pixels]: number[]) => ({ frames, pixels });
    const x = batch(drawn(p.name, p.input, -2, -1)); // below the zeros of a careless padding
    expect(
      await check(p.name, p.shape, p.output, () => maxPool(x, 2, extent(p.kernel), extent(p.stride))),
    ).toBe(0);
    x.dispose();
  });

  test.each(golden.mixed)(
    'an Inception block, input $input',
    async ({ name, input, shape, output, plan }) => {
      await tf.setBackend(backend);
      const [b0, b1, b2, b3] = plan as [number, [number, number], [number, number], number];
      const weights = new Map([
        ...unitWeights(`${name}.b0`, 6, 1, b0),
        ...unitWeights(`${name}.b1a`, 6, 1, b1[0]),
        ...unitWeights(`${name}.b1b`, b1[0], 3, b1[1]),
        ...unitWeights(`${name}.b2a`, 6, 1, b2[0]),
        ...unitWeights(`${name}.b2b`, b2[0], 3, b2[1]),
        ...unitWeights(`${name}.b3b`, 6, 1, b3),
      ]);
      const block = loadMixed(weights, name);
      const x = batch(drawn(name, input, -1, 1));
      expect(await check(name, shape, output, () => runMixed(x, 2, block))).toBe(0);
      tf.dispose([x, ...Object.values(block).flatMap(({ filter, bias }) => [filter, bias])]);
    },
  );
});

describe('the network', () => {
  test('has the published number of tensors and parameters', () => {
    const shapes = i3dShapes();
    expect(shapes.size).toBe(230);
    expect([...shapes.values()].reduce((sum, shape) => sum + product(shape), 0)).toBe(12_704_544);
  });

  test(
    'gives PyTorch’s feature, each clip by itself, and leaves nothing behind',
    { timeout: 120_000 },
    async () => {
      await tf.setBackend('wasm');
      const before = tf.memory().numTensors;
      const { size, vector, norm, corner } = golden.network;
      const network = new I3D(networkWeights(), size);
      const { inputSize, featureSize, mapSize, memoryFrames, framesPerVector } = network;
      expect([inputSize, featureSize, mapSize, memoryFrames, framesPerVector]).toEqual([64, 1024, 2, 16, 16]);
      const clip = batch(drawn('clip', [1, 16, size, size, 3], 0, 1));
      const other = tf.tidy(() => tf.sub<tf.Tensor4D>(1, clip));
      const held = tf.memory().numTensors;

      const alone = network.forward(clip);
      expect(alone.state).toEqual([]);
      expect([alone.vectors.shape, alone.maps.shape]).toEqual([
        [1, 1024],
        [1, 2, 2, 1024],
      ]);
      const found = (await alone.vectors.data()) as Float32Array;
      expect(deviation(found, vector)).toBeLessThan(1e-4);
      expect(Math.hypot(...found) / norm).toBeCloseTo(1, 5);
      const map = await alone.maps.data();
      expect(deviation(map.subarray(1024, 2048), corner)).toBeLessThan(1e-4); // first row, second column

      const both = tf.tidy(() => tf.concat([other, clip]));
      const together = network.forward(both);
      expect(deviation((await together.vectors.data()).subarray(1024), [...found])).toBeLessThan(1e-6);
      expect(() => network.forward(tf.slice(clip, 0, 5))).toThrow(/5 frames are not clips of 16/);
      tf.dispose([alone.vectors, alone.maps, together.vectors, together.maps, both]);
      expect(tf.memory().numTensors).toBe(held + 1); // the slice that was refused
      network.dispose();
      tf.dispose([clip, other]);
      expect(tf.memory().numTensors).toBe(before + 1);
    },
  );

  test('takes the weights of its kind and no others', async () => {
    await tf.setBackend('cpu');
    const weights = new Map<string, NumericArray>();
    for (const [name, shape] of i3dShapes()) {
      weights.set(name, { shape, values: new Float32Array(product(shape)) });
    }
    const build = (change: (w: typeof weights) => void) => () => {
      const changed = new Map(weights);
      change(changed);
      new I3D(changed).dispose();
    };
    const one = (shape: number[]): NumericArray => ({
      shape,
      values: new Float32Array(product(shape)).fill(1),
    });
    expect(build(() => {})).not.toThrow();
    expect(
      build((w) => {
        w.delete('logits.conv3d.weight');
        w.delete('logits.conv3d.bias');
        w.set('Mixed_3b.b1b.bn.weight', one([128]));
        w.set('Mixed_3b.b1b.bn.num_batches_tracked', one([]));
      }),
    ).not.toThrow();
    expect(build((w) => w.delete('Mixed_5c.b3b.bn.running_var'))).toThrow(
      /"Mixed_5c.b3b.bn.running_var" is missing/,
    );
    expect(build((w) => w.set('Mixed_3b.b1b.bn.weight', one([7])))).toThrow(/is \[7\] and should be \[128\]/);
    expect(build((w) => w.set('Conv3d_1a_7x7.conv3d.bias', one([64])))).toThrow(
      /"Conv3d_1a_7x7.conv3d.bias" does not/,
    );
    expect(build((w) => w.set('x.num_batches_tracked', one([])))).toThrow(Failure);
  });
});
