/** The backbone that comes with Weaklens: `public/weights/weaklens-a0.safetensors`. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadBackbone, parseManifest } from '../../../src/engine/backbone/weights.ts';
import { readSafetensors } from '../../../src/engine/formats/safetensors.ts';
import { readShared, sharedIsHere } from '../../shared.ts';
import manifest from '../../../public/weights/manifest.json' with { type: 'json' };

const folder = resolve(import.meta.dirname, '../../../public/weights');
const entry = parseManifest(manifest).backbones.find(({ id }) => id === 'weaklens-a0')!;
const bytes = new Uint8Array(readFileSync(resolve(folder, entry.file!)));

beforeAll(() => tf.setBackend('wasm'));

test('it is the file of the manifest, small enough to ship, and its card says so', () => {
  expect(bytes.byteLength).toBeLessThan(1.2e6);
  const { hash, network } = loadBackbone(entry, bytes);
  expect(hash).toBe(entry.sha256);
  network.dispose();
  expect(readFileSync(resolve(folder, 'weaklens-a0.md'), 'utf8')).toContain(entry.sha256);
});

test.skipIf(!sharedIsHere)('it sees much as its teacher does, by weights of its own', async () => {
  const read = async (name: string) =>
    readSafetensors((await readShared(`weights/movinet-a0-stream/${name}.safetensors`))!).tensors;
  const { network } = loadBackbone(entry, bytes);
  const reference = await read('reference');
  const { shape, values } = reference.get('frames')!;
  const pixels = values.map((value) => value / 255);
  const { vectors, maps, state } = network.forward(tf.tensor4d(pixels, shape as [number, number, number, 3]));
  const cosine = tf.tidy(() => {
    const theirs = tf.tensor2d(reference.get('pool480')!.values, vectors.shape);
    const lengths = tf.mul(tf.norm(vectors, 2, 1), tf.norm(theirs, 2, 1));
    return tf.mean(tf.div(tf.sum(tf.mul(vectors, theirs), 1), lengths)).dataSync()[0];
  });
  expect(cosine).toBeGreaterThan(0.75);
  tf.dispose([vectors, maps, state]);
  network.dispose();

  const own = readSafetensors(bytes).tensors;
  const teacher = await read('backbone');
  for (const [name, { values: theirs }] of teacher) {
    if (name.endsWith('.scale')) continue; // ours are ones: the factor is in the projection
    const mine = own.get(name)!.values;
    const same = mine.filter((value, i) => Math.abs(value - theirs[i]) < 1e-4 * Math.abs(theirs[i])).length;
    expect(same / mine.length, name).toBeLessThan(0.05);
  }
});
