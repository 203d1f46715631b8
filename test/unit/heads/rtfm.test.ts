import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { rtfm } from '../../../src/engine/heads/rtfm.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test("the paper's losses, by hand: one normal and one anomalous video of three segments", async () => {
  const config = resolveConfig(rtfm.card, 'paper', { margin: 5 });
  const scores = tf.tensor2d([
    [0.1, 0.2, 0.3],
    [0.2, 0.8, 0.6],
  ]);
  const terms = rtfm.loss(
    {
      scores,
      bagScores: tf.tensor1d([0.25, 0.5]),
      topMagnitudes: tf.tensor2d([
        [3, 1],
        [4, 4],
      ]),
    },
    { normal: 1, anomalous: 1 },
    config,
    {},
  );
  const value = async (name: string) => (await terms[name].value.data())[0];
  expect(await value('bce')).toBeCloseTo((-Math.log(0.75) - Math.log(0.5)) / 2, 6);
  expect(await value('rtfm')).toBeCloseTo(5 - (4 - 2), 6);
  expect(await value('smooth')).toBeCloseTo(0.6 ** 2 + 0.2 ** 2, 6);
  expect(await value('sparse')).toBeCloseTo(1.6, 6);
});
