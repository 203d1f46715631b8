import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Backbone } from '../../../src/engine/backbone/backbone.ts';
import { PictureBatch } from '../../../src/engine/features/extraction.ts';
import { cropsOf } from '../../../src/engine/video/crops.ts';

beforeAll(() => tf.setBackend('cpu'));

/** A backbone whose vector is the mean of its clip's red, and which notes what it was shown. */
class MeanRed implements Backbone {
  readonly inputSize = 2;
  readonly featureSize = 1;
  readonly mapSize = 2;
  readonly memoryFrames = 4;
  readonly cropShare: number;
  readonly framesPerVector: number;
  readonly calls: number[][] = [];

  constructor(framesPerVector: number, cropShare = 1) {
    this.framesPerVector = framesPerVector;
    this.cropShare = cropShare;
  }

  forward(frames: tf.Tensor4D) {
    return tf.tidy(() => {
      const red = tf.slice(frames, [0, 0, 0, 0], [-1, -1, -1, 1]);
      const means = tf.mean(red, [1, 2, 3]);
      this.calls.push([...means.dataSync()].map((value) => Math.round(value * 255)));
      const clips = [frames.shape[0] / this.framesPerVector, this.framesPerVector];
      const vectors = tf.mean(tf.reshape(means, clips), 1, true) as tf.Tensor2D;
      const maps = tf.tile(tf.reshape(vectors, [-1, 1, 1, 1]), [1, 2, 2, 1]) as tf.Tensor4D;
      return { vectors, maps, state: [] };
    });
  }

  dispose(): void {}
}

const video = {
  facts: { rotationDegrees: 0 },
  flip: false,
  squareWidth: 4,
  squareHeight: 4,
} as ConstructorParameters<typeof PictureBatch>[0];

/** A frame of 4x4 pixels as a browser would hand it over. */
function frame(index: number, red: (column: number) => number) {
  const picture = {
    visibleRect: { width: 4, height: 4 },
    allocationSize: () => 64,
    copyTo: async (into: Uint8Array) => {
      for (let i = 0; i < 16; i++) into.set([red(i % 4), 0, 0, 255], 4 * i);
    },
  } as unknown as VideoFrame;
  return { index, seconds: index / 25, lost: false, picture };
}

const options = { framesPerSecond: 25, batchFrames: 3, maps: true, now: () => 0 };

test('a clip that is not full is filled with its last picture, and every frame has its clip’s vector', async () => {
  const backbone = new MeanRed(4);
  const batch = new PictureBatch(video, backbone, options);
  const before = tf.memory().numTensors;
  // Frames 4 apart, so that a snippet of 16 frames is a clip of 4 pictures; then a clip over a border of snippets.
  for (const [i, red] of [10, 20, 30, 40, 50, 90].entries()) {
    await batch.add(
      frame(4 * i + (i === 5 ? 12 : 0), () => red),
      0,
    );
  }
  await batch.endStream();
  expect(backbone.calls).toEqual([
    [10, 20, 30, 40],
    [50, 90, 90, 90],
  ]);
  expect(batch.sampled).toBe(6);
  const rows = batch.vectors.rows(3);
  expect(rows.shape).toEqual([3, 1]);
  expect([...rows.values].map((value) => Math.round(value * 255))).toEqual([25, 80, 80]);
  expect(batch.mapRows(3)!.shape).toEqual([3, 2, 2, 1]);
  expect([...batch.mapRows(3)!.values].slice(0, 5).map((value) => Math.round(value * 255))).toEqual([
    25, 25, 25, 25, 80,
  ]);
  expect(tf.memory().numTensors).toBe(before);
});

test('a stream has a vector of its own for every frame, and no picture twice', async () => {
  const backbone = new MeanRed(1);
  const batch = new PictureBatch(video, backbone, options);
  for (const [i, red] of [10, 20, 30, 40].entries())
    await batch.add(
      frame(16 * i, () => red),
      0,
    );
  await batch.endStream();
  expect(backbone.calls).toEqual([[10, 20, 30], [40]]);
  expect([...batch.vectors.rows(4).values].map((value) => Math.round(value * 255))).toEqual([10, 20, 30, 40]);
});

test('a last batch is filled up for a device that keeps buffers by their size, and no vector is of the filling', async () => {
  const backbone = new MeanRed(1);
  const batch = new PictureBatch(video, backbone, { ...options, fullBatches: true });
  for (const [i, red] of [10, 20, 30, 40].entries())
    await batch.add(
      frame(16 * i, () => red),
      0,
    );
  await batch.endStream();
  expect(backbone.calls).toEqual([
    [10, 20, 30],
    [40, 40, 40],
  ]);
  expect(batch.sampled).toBe(4);
  expect([...batch.vectors.rows(4).values].map((value) => Math.round(value * 255))).toEqual([10, 20, 30, 40]);
});

test('the input shows the share of the short side that the backbone asks for', async () => {
  const columns = [200, 100, 0, 0];
  for (const [share, seen] of [
    [1, 75], // (mean of 200 and 100, mean of 0 and 0)
    [0.5, 50], // the two columns in the middle
  ]) {
    const backbone = new MeanRed(1, share);
    const batch = new PictureBatch(video, backbone, options);
    await batch.add(
      frame(0, (column) => columns[column]),
      0,
    );
    await batch.endStream();
    expect(backbone.calls).toEqual([[seen]]);
  }
});

test('ten crops: corners and centre, then the same of the mirrored picture', async () => {
  const seen = [];
  for (const crop of cropsOf(10)) {
    const batch = new PictureBatch(video, new MeanRed(1), { ...options, crops: 10 }, crop);
    await batch.add(
      frame(0, (column) => 60 * column),
      0,
    );
    await batch.endStream();
    seen.push(Math.round(255 * batch.vectors.rows(1).values[0]));
    batch.close();
  }
  // The red grows to the right: less of it at the left, more at the right, and the other way round when mirrored.
  const [left, right, , , centre] = seen;
  expect(seen).toEqual([left, right, left, right, centre, right, left, right, left, centre]);
  expect([left < centre, centre < right, centre]).toEqual([true, true, 90]);
});
