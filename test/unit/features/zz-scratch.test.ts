import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Backbone } from '../../../src/engine/backbone/backbone.ts';
import { LiveExtraction } from '../../../src/engine/features/live.ts';
beforeAll(() => tf.setBackend('cpu'));
test('slow', async () => {
  let clock = 0, calls = 0;
  class Slow implements Backbone {
    inputSize = 2; cropShare = 1; framesPerVector = 1; featureSize = 1; mapSize = 1; memoryFrames = 40;
    forward(frames: tf.Tensor4D) { clock += 0.3; calls++; return { vectors: tf.ones([frames.shape[0], 1]) as tf.Tensor2D, maps: tf.ones([frames.shape[0],1,1,1]) as tf.Tensor4D, state: [] }; }
    dispose() {}
  }
  const live = new LiveExtraction({ width: 4, height: 4 }, new Slow(), { framesPerSecond: 5, now: () => 0 });
  const picture = () => ({ visibleRect: { width: 4, height: 4 }, allocationSize: () => 64, copyTo: async () => {}, close: () => {} }) as unknown as VideoFrame;
  // frames at 30/s; those that come while the one before is worked on are dropped
  const late: string[] = [];
  for (let i = 0; i < 900; i++) {
    const t = i / 30;
    const busy = clock > t;
    if (!busy) clock = t;
    const c0 = calls;
    await live.add(busy ? null : picture(), t);
    if (!busy && calls > c0) late.push(`${t.toFixed(1)}:+${calls - c0}=${(clock - t).toFixed(1)}s`);
  }
  console.log(late.join(' '), calls);
});
