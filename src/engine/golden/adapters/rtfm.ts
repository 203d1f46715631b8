/** RTFM as its fixtures name things. */
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig } from '../../heads/config.fields.ts';
import type { Network } from '../../heads/head.ts';
import { rtfm } from '../../heads/rtfm.ts';
import { byHalf, tensor, twoHalves, type Adapter } from '../adapter.ts';

export const rtfmAdapter: Adapter = {
  network: rtfm as Network<never>,
  config: ({ notes: { config: c } }) =>
    resolveConfig(rtfm.card, undefined, {
      reduction: Number(c.feature_dim) / Number(c.mid),
      hidden1: c.hidden1,
      hidden2: c.hidden2,
      dropout: c.dropout,
      topK: c.k,
      margin: c.margin,
      lambdaMagnitude: c.alpha,
      lambdaSmooth: c.lambda_smooth,
      lambdaSparse: c.lambda_sparse,
      learningRate: c.optimizer.lr,
      weightDecay: c.optimizer.weight_decay,
    }),
  batch: twoHalves,
  mask: ({ tensors }, site) => {
    const whole = tensors.get(`mask.${site}`);
    if (whole) return tensor(whole);
    const halves = ['normal', 'abnormal'].map((half) => tensors.get(`mask.${site}_${half}`));
    return halves[0] && halves[1] ? tf.concat(halves.map((half) => tensor(half!))) : null;
  },
  outputs: ({ scores, magnitudes, bagScores, choice }, { normal }) =>
    byHalf(
      {
        scores,
        magnitude: magnitudes,
        video_score: bagScores,
        topk: choice && tf.argMax(choice, 2),
      },
      normal,
    ),
};
