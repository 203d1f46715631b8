import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { describe, expect, test } from 'vitest';
import { A0_STREAM, MoViNet, randomWeights, weightShapes } from '../../../src/engine/backbone/movinet.ts';
import { loadBackbone, loadRandomBackbone, parseManifest } from '../../../src/engine/backbone/weights.ts';
import { Random } from '../../../src/engine/random.ts';
import { movinetDeviation } from '../../movinet.ts';
import { readShared, sharedIsHere } from '../../shared.ts';
import manifest from '../../../public/weights/manifest.json' with { type: 'json' };

describe.skipIf(!sharedIsHere)('MoViNet-A0-Stream against its reference activations', () => {
  test.each([
    ['cpu', 4],
    ['wasm', 1],
    ['wasm', 4],
    ['wasm', 13],
  ])('on %s, %i frames at a time', { timeout: 60_000 }, async (backend, chunk) => {
    await tf.setBackend(backend);
    const { vectors, maps, leaked } = await movinetDeviation(chunk);
    expect(vectors).toBeLessThan(1e-4);
    expect(maps).toBeLessThan(1e-4);
    expect(leaked).toBe(0);
  });

  test('its file is the one that the manifest names, and no other is taken', async () => {
    const [entry] = parseManifest(manifest).backbones;
    const bytes = (await readShared('weights/movinet-a0-stream/backbone.safetensors'))!;
    const { hash, network } = loadBackbone(entry, bytes);
    expect(hash).toBe(entry.sha256);
    expect([network.inputSize, network.featureSize, network.mapSize, network.memoryFrames]).toEqual([
      172, 480, 6, 29,
    ]);
    network.dispose();
    const damaged = bytes.slice();
    damaged[damaged.length - 1] ^= 1;
    expect(() => loadBackbone(entry, damaged)).toThrow(/SHA-256 is .* and should be/);
  });
});

test('the network has the published number of parameters', () => {
  const count = [...weightShapes(A0_STREAM).values()].reduce(
    (sum, shape) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
  const scales = A0_STREAM.stages.reduce((sum, { width, blocks }) => sum + width * blocks.length, 0);
  expect(count - scales).toBe(509_816 - scales);
});

test('weights of another network are refused by name', () => {
  const weights = randomWeights(A0_STREAM, new Random(0));
  const without = new Map(weights);
  without.delete('head.bias');
  expect(() => new MoViNet(A0_STREAM, without)).toThrow(/"head.bias" is missing/);
  expect(
    () => new MoViNet(A0_STREAM, new Map(weights).set('tail', { shape: [1], values: new Float32Array(1) })),
  ).toThrow(/"tail" does not belong/);
  const bent = new Map(weights).set('head.bias', { shape: [479], values: new Float32Array(479) });
  expect(() => new MoViNet(A0_STREAM, bent)).toThrow(/\[479\] and should be \[480\]/);
});

test('random weights are the same everywhere and see something in a black picture too', async () => {
  await tf.setBackend('wasm');
  const { hash, network } = loadRandomBackbone();
  expect(hash).toBe(loadRandomBackbone().hash);
  const { vectors, maps, state } = network.forward(tf.zeros([1, 172, 172, 3]));
  const values = await vectors.data();
  expect(values.some((value) => value > 0)).toBe(true);
  expect(values.every(Number.isFinite)).toBe(true);
  tf.dispose([vectors, maps, state]);
  network.dispose();
});

test('a manifest that is none is refused', () => {
  for (const bad of [
    null,
    {},
    { backbones: [{ id: 'x' }] },
    { backbones: [{ id: 'x', title: 'x', file: '../x', sha256: 'a'.repeat(64) }] },
  ]) {
    expect(() => parseManifest(bad)).toThrow(/not a manifest/);
  }
});
