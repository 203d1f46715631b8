import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Backbone, StreamState } from '../../../src/engine/backbone/backbone.ts';
import { PictureBatch } from '../../../src/engine/features/extraction.ts';
import { LiveExtraction, type LiveSnippet } from '../../../src/engine/features/live.ts';
import { TimeGrid } from '../../../src/engine/video/sampling.ts';

beforeAll(() => tf.setBackend('cpu'));

/** A stream whose vector is the red of its picture and a trace of the red before. */
class Trace implements Backbone {
  readonly inputSize = 2;
  readonly cropShare = 1;
  readonly framesPerVector = 1;
  readonly featureSize = 1;
  readonly mapSize = 1;
  readonly memoryFrames = 4;

  forward(frames: tf.Tensor4D, [before]: StreamState = []) {
    const means = tf.tidy(() =>
      tf.mean(tf.slice(frames, [0, 0, 0, 0], [-1, -1, -1, 1]), [1, 2, 3]).dataSync(),
    );
    let last = before ? before.dataSync()[0] : 0;
    tf.dispose(before ?? []);
    const values = Float32Array.from(means, (mean) => (last = mean + 0.5 * last));
    const vectors = tf.tensor2d(values, [values.length, 1]);
    return {
      vectors,
      maps: tf.tensor4d(values, [values.length, 1, 1, 1]),
      state: [tf.tensor4d([last], [1, 1, 1, 1])],
    };
  }

  dispose(): void {}
}

const RATE = 30;
const red = (index: number) => (37 * index) % 256;
let open = 0;

function picture(index: number, displayWidth = 4): VideoFrame {
  open++;
  return {
    displayWidth,
    displayHeight: 4,
    visibleRect: { width: 4, height: 4 },
    allocationSize: () => 64,
    copyTo: async (into: Uint8Array) => {
      for (let i = 0; i < 16; i++) into.set([red(index), 0, 0, 255], 4 * i);
    },
    close: () => open--,
  } as unknown as VideoFrame;
}

const options = { framesPerSecond: 5, now: () => 0 };

/** What the walk from a file makes of the same frames. */
async function ofFile(frames: number): Promise<Float32Array> {
  const backbone = new Trace();
  const video = { facts: { rotationDegrees: 0 as const }, flip: false, squareWidth: 4, squareHeight: 4 };
  const batch = new PictureBatch(video, backbone, { ...options, batchFrames: 16, maps: false });
  const grid = new TimeGrid(5, backbone.memoryFrames);
  for (let index = 0; index < frames; index++) {
    const held = grid.next(index / RATE);
    if (held !== null)
      await batch.add({ index, seconds: index / RATE, lost: false, picture: picture(index) }, held);
  }
  await batch.endStream();
  return batch.vectors.rows(frames / 16).values;
}

test('a live source has the features that a file of its frames has, snippet by snippet', async () => {
  const live = new LiveExtraction(new Trace(), options);
  const before = tf.memory().numTensors;
  open = 0;
  const snippets: LiveSnippet[] = [];
  for (let index = 0; index < 96; index++) {
    const snippet = await live.add(picture(index), index / RATE);
    expect(snippet !== null).toBe(index % 16 === 15);
    if (snippet) snippets.push(snippet);
  }
  expect(open).toBe(0);
  await live.close();
  expect(tf.memory().numTensors).toBe(before);
  expect(snippets.map(({ follows }) => follows)).toEqual([false, true, true, true, true, true]);
  expect(snippets[1]).toMatchObject({ startSeconds: 16 / RATE, endSeconds: 31 / RATE });
  const expected = await ofFile(96);
  snippets.forEach(({ feature }, n) => expect(feature[0]).toBeCloseTo(expected[n], 5));
});

test('frames are taken one after the other, however quickly they come', async () => {
  const expected = await ofFile(48);
  const live = new LiveExtraction(new Trace(), options);
  const all = await Promise.all(
    Array.from({ length: 48 }, (_, index) => live.add(picture(index), index / RATE)),
  );
  const found = all.filter((snippet) => snippet !== null).map(({ feature }) => feature[0]);
  found.forEach((value, n) => expect(value).toBeCloseTo(expected[n], 5));
  expect(found).toHaveLength(3);
});

test('a frame without its picture counts, and the next picture takes its place on the grid', async () => {
  const live = new LiveExtraction(new Trace(), options);
  const seen: (LiveSnippet | null)[] = [];
  for (let index = 0; index < 32; index++)
    seen.push(await live.add(index % 6 === 0 ? null : picture(index), index / RATE));
  expect(seen.flatMap((snippet) => snippet?.sampledFrames ?? [])).toEqual([3, 3]);
});

test('a network that is too slow is not given more to do for it', async () => {
  const live = new LiveExtraction(new Trace(), options);
  const sampled: number[] = [];
  for (let index = 0; index < 96; index++) {
    const snippet = await live.add(index % 24 === 23 ? picture(index) : null, index / RATE); // 1.25 a second
    if (snippet) sampled.push(snippet.sampledFrames);
  }
  expect(sampled.reduce((sum, count) => sum + count)).toBe(4);
});

test('a picture that took longer than there is time is not shown again either', async () => {
  let clock = 0;
  class Slow extends Trace {
    override forward(frames: tf.Tensor4D, state?: StreamState) {
      clock += 300;
      return super.forward(frames, state);
    }
  }
  const live = new LiveExtraction(new Slow(), { ...options, now: () => clock });
  let sampled = 0;
  for (let index = 0; index < 32; index++)
    sampled += (await live.add(picture(index), index))?.sampledFrames ?? 0; // a frame a second, none dropped
  expect(sampled).toBe(32);
});

test('while nothing was seen there is no feature', async () => {
  const live = new LiveExtraction(new Trace(), options);
  for (let index = 0; index < 16; index++) expect(await live.add(null, index / RATE)).toBeNull();
});

test('a picture that cannot be read is told, closed, and does not hold up the next', async () => {
  const live = new LiveExtraction(new Trace(), options);
  open = 0;
  const broken = { ...picture(0), copyTo: () => Promise.reject(new Error('torn')) } as unknown as VideoFrame;
  const results = [live.add(broken, 0), live.add(picture(1), 0.5)];
  await expect(results[0]).rejects.toThrow('torn');
  await results[1];
  expect(open).toBe(0);
});

test('after a pause everything begins anew, and the time of the pause is not made up for', async () => {
  const backbone = new Trace();
  const live = new LiveExtraction(backbone, options);
  const before = tf.memory().numTensors;
  const snippets: LiveSnippet[] = [];
  const show = async (frames: number, from: number) => {
    for (let index = 0; index < frames; index++) {
      const snippet = await live.add(picture(index), from + index / RATE);
      if (snippet) snippets.push(snippet);
    }
  };
  await show(40, 0); // the last eight are no snippet
  await show(32, 600);
  expect(snippets.map(({ follows }) => follows)).toEqual([false, true, false, true]);
  expect(snippets[2]).toMatchObject({ startSeconds: 600, sampledFrames: snippets[0].sampledFrames });
  expect(snippets[2].feature[0]).toBeCloseTo(snippets[0].feature[0], 6);
  await live.close();
  expect(tf.memory().numTensors).toBe(before);
});

test('a phone that is turned is looked at anew', async () => {
  const live = new LiveExtraction(new Trace(), options);
  const snippets: LiveSnippet[] = [];
  for (let index = 0; index < 40; index++) {
    const snippet = await live.add(picture(index, index < 20 ? 4 : 3), index / RATE);
    if (snippet) snippets.push(snippet);
  }
  expect(snippets.map(({ startSeconds, follows }) => [startSeconds, follows])).toEqual([
    [0, false],
    [20 / RATE, false],
  ]);
});
