import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { bagLength, salient } from '../../../src/engine/heads/salient.ts';
import { scoring } from '../../../src/engine/heads/head.ts';
import { Random } from '../../../src/engine/random.ts';

test('a short video is scored in eighths, a long one in bags of l', () => {
  const adaptive = { inference: 'adaptive', split: 28 } as const;
  expect([8, 20, 111, 112, 500].map((n) => bagLength(n, adaptive))).toEqual([1, 3, 14, 28, 28]);
  expect(bagLength(10, { inference: 'split', split: 28 })).toBe(28);
  expect(bagLength(10, { inference: 'sliding', split: 28 })).toBe(10);
});

describe('scoring a video', () => {
  const N = 23;
  const video = () => {
    const random = new Random(4);
    return tf.tensor3d(
      Float32Array.from({ length: N * 6 }, () => random.normal()),
      [1, N, 6],
    );
  };
  const scoreWith = async (overrides: Record<string, unknown>) => {
    await tf.setBackend('cpu');
    const config = resolveConfig(salient.card, undefined, {
      attentionUnits: 4,
      hidden: 4,
      split: 5,
      ...overrides,
    });
    const parameters = salient.init(config, { features: 6 }, new Random(2));
    const tensors = Object.fromEntries(
      [...parameters].map(([name, { values, shape }]) => [name, tf.tensor(values, [...shape])]),
    );
    return { result: await salient.score(tensors, video(), config), tensors, config };
  };

  test('bags share a score, the last one may be shorter', async () => {
    const { result } = await scoreWith({ inference: 'split' });
    expect(result.snippetsPerScore).toBe(5);
    for (let n = 0; n < N; n++) expect(result.scores[n]).toBe(result.scores[Math.floor(n / 5) * 5]);
    expect(new Set(result.scores).size).toBe(5);
  });

  test('a sliding bag gives every snippet the mean over the bags it stands in', async () => {
    const { result, tensors, config } = await scoreWith({ inference: 'sliding' });
    const windows: number[] = [];
    for (let start = 0; start + 5 <= N; start++) {
      const segments = tf.expandDims(tf.slice(video(), [0, start, 0], [1, 5, 6]), 0) as tf.Tensor4D;
      const batch = { segments, normal: 1, anomalous: 0 };
      windows.push((await salient.forward(tensors, batch, config, scoring).bagScores.data())[0]);
    }
    expect(result.snippetsPerScore).toBe(1);
    for (let n = 0; n < N; n++) {
      const own = windows.filter((_, start) => start <= n && n < start + 5);
      expect(result.scores[n]).toBeCloseTo(own.reduce((a, b) => a + b) / own.length, 5);
    }
  });
});
