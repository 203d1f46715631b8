/** Batches that are under way while the next ones are filled. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Backbone } from '../../../src/engine/backbone/backbone.ts';
import { PictureBatch, type ExtractionOptions } from '../../../src/engine/features/extraction.ts';
import type { PictureLayout, Pictures, ShownFrame } from '../../../src/engine/video/pictures.ts';

beforeAll(() => tf.setBackend('cpu'));

/** A backbone whose numbers come when the test lets them, each call's vector being the mean of what it was shown. */
class SlowBackbone implements Backbone {
  readonly inputSize = 1;
  readonly featureSize = 1;
  readonly mapSize = 1;
  readonly memoryFrames = 1;
  readonly cropShare = 1;
  readonly framesPerVector = 1;
  readonly waiting: { answer(): void; fail(error: Error): void }[] = [];
  calls = 0;

  forward(frames: tf.Tensor4D) {
    const vectors = tf.tidy(() => tf.mean(frames, [1, 2, 3]).reshape([-1, 1])) as tf.Tensor2D;
    const values = vectors.dataSync();
    vectors.data = () =>
      new Promise((resolve, fail) => this.waiting.push({ answer: () => resolve(values as never), fail }));
    this.calls++;
    return { vectors, maps: tf.zeros<tf.Rank.R4>([frames.shape[0], 1, 1, 1]), state: [] };
  }

  dispose(): void {}
}

/** Pictures of one pixel that is as bright as the frame's number says. */
class Numbers implements Pictures {
  readonly source = 'gpu';
  readonly layout: PictureLayout;
  readonly #places: number[] = [];
  #latest = 0;
  isDisposed = false;

  constructor(layout: PictureLayout) {
    this.layout = layout;
  }

  async put({ index }: ShownFrame, place: number): Promise<void> {
    this.#latest = index;
    this.repeat(place);
  }

  repeat(place: number): void {
    this.#places[place] = this.#latest;
  }

  take(count: number): tf.Tensor4D {
    const values = this.#places.slice(0, count).flatMap((value) => [value, value, value]);
    return tf.tensor4d(values, [count, 1, 1, 3]);
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

const video = { facts: { rotationDegrees: 0 }, flip: false, squareWidth: 1, squareHeight: 1 } as never;
const frame = (index: number) =>
  ({ index, seconds: index, lost: false, picture: {} as VideoFrame }) satisfies ShownFrame;
const options: ExtractionOptions = {
  framesPerSecond: 1,
  batchFrames: 2,
  maps: false,
  now: () => 0,
  pictures: (layout) => new Numbers(layout),
};
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

test('two batches are under way at most, and what comes late is added in its place', async () => {
  const backbone = new SlowBackbone();
  const batch = new PictureBatch(video, backbone, options);
  const before = tf.memory().numTensors;
  // One frame a snippet; the fourth is held once.
  const walk = (async () => {
    for (const [i, held] of [0, 0, 0, 0, 1, 0, 0].entries()) await batch.add(frame(16 * i), held);
    await batch.endStream();
  })();
  await turn();
  expect(backbone.calls).toBe(2);
  backbone.waiting[1].answer(); // the later one first
  await turn();
  expect(backbone.calls).toBe(2);
  for (let i = 0; i < 4; i++) {
    backbone.waiting[i].answer();
    await turn();
  }
  await walk;
  expect(backbone.calls).toBe(4);
  expect([...batch.vectors.rows(7).values]).toEqual([0, 16, 32, 48, 64, 80, 96]);
  expect(batch.sampled).toBe(8);
  expect(batch.pixelSource).toBe('gpu');
  expect(tf.memory().numTensors).toBe(before);
});

test('an error of a batch under way is heard, and nothing is left behind', async () => {
  const backbone = new SlowBackbone();
  const batch = new PictureBatch(video, backbone, options);
  const before = tf.memory().numTensors;
  const walk = (async () => {
    for (let i = 0; i < 6; i++) await batch.add(frame(i), 0);
  })();
  const heard = expect(walk).rejects.toThrow('the second');
  await turn();
  backbone.waiting[1].fail(new Error('the second'));
  await turn(); // not heard yet, and not unheard either
  backbone.waiting[0].answer();
  await turn();
  backbone.waiting[2].answer();
  await heard;
  batch.abandon();
  expect(tf.memory().numTensors).toBe(before);
});

test('noise is drawn on portable pictures only', () => {
  let offered = 0;
  const pictures = (layout: PictureLayout) => (offered++, new Numbers(layout));
  const backbone = new SlowBackbone();
  new PictureBatch(video, backbone, { ...options, pictures, variant: { kind: 'flip', seed: 1 } });
  expect(offered).toBe(1);
  new PictureBatch(video, backbone, { ...options, pictures, variant: { kind: 'noise', seed: 1 } });
  expect(offered).toBe(1);
});
