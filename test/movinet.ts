/** The parity of MoViNet with its reference activations, on the backend that runs. */
import * as tf from '@tensorflow/tfjs-core';
import { A0_STREAM, MoViNet } from '../src/engine/backbone/movinet.ts';
import { readSafetensors } from '../src/engine/formats/safetensors.ts';
import type { StreamState } from '../src/engine/backbone/backbone.ts';
import { readShared } from './shared.ts';

const FOLDER = 'weights/movinet-a0-stream';

/** @returns the largest deviation of the 480-d vectors from the reference, over 13 frames */
export async function movinetDeviation(
  chunk: number,
): Promise<{ vectors: number; maps: number; leaked: number }> {
  const weights = readSafetensors((await readShared(`${FOLDER}/backbone.safetensors`))!).tensors;
  const reference = readSafetensors((await readShared(`${FOLDER}/reference.safetensors`))!).tensors;
  const before = tf.memory().numTensors;
  const network = new MoViNet(A0_STREAM, weights);
  const { shape, values } = reference.get('frames')!;
  const expected = reference.get('pool480')!.values;
  const [frames, size] = shape;
  const pixels = size * size * 3;
  let state: StreamState | undefined;
  let [vectors, maps] = [0, 0];
  for (let start = 0; start < frames; start += chunk) {
    const count = Math.min(chunk, frames - start);
    const input = tf.tensor4d(
      values.subarray(start * pixels, (start + count) * pixels).map((v) => v / 255),
      [count, size, size, 3],
    );
    const output = network.forward(input, state);
    state = output.state;
    const [vector, pooled] = [await output.vectors.data(), tf.tidy(() => tf.mean(output.maps, [1, 2]))];
    const means = await pooled.data();
    vector.forEach((value, i) => {
      vectors = Math.max(vectors, Math.abs(value - expected[start * 480 + i]));
      maps = Math.max(maps, Math.abs(means[i] - expected[start * 480 + i]));
    });
    tf.dispose([input, output.vectors, output.maps, pooled]);
  }
  tf.dispose(state ?? []);
  network.dispose();
  return { vectors, maps, leaked: tf.memory().numTensors - before };
}
