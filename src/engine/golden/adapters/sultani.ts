/** Sultani's ranking head as its fixtures name things. */
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig } from '../../heads/config.fields.ts';
import type { Network } from '../../heads/head.ts';
import { sultani } from '../../heads/sultani.ts';
import { tensor, type Adapter } from '../adapter.ts';

export const sultaniAdapter: Adapter = {
  network: sultani as Network<never>,
  config: ({ notes: { config: c } }) =>
    resolveConfig(sultani.card, undefined, {
      hidden1: c.hidden1,
      hidden2: c.hidden2,
      dropout: c.dropout,
      pairing: c.pairing,
      lambdaSmooth: c.lambda_smooth,
      lambdaSparse: c.lambda_sparse,
      regulariser: c.regulariser,
      lambdaWeights: c.lambda_l2,
      learningRate: c.optimizer.lr,
      epsilon: c.optimizer.eps,
    }),
  batch: ({ tensors }) => {
    const [normal, anomalous] = [
      tensor(tensors.get('input.normal')!),
      tensor(tensors.get('input.abnormal')!),
    ];
    return {
      segments: tf.expandDims(tf.concat([normal, anomalous]), 1) as tf.Tensor4D,
      normal: normal.shape[0],
      anomalous: anomalous.shape[0],
    };
  },
  mask: ({ tensors }, site) => {
    const [normal, anomalous] = [tensors.get(`mask.${site}_normal`), tensors.get(`mask.${site}_abnormal`)];
    return normal && anomalous ? tf.expandDims(tf.concat([tensor(normal), tensor(anomalous)]), 1) : null;
  },
  outputs: (output, { normal }) => {
    const split = (x: tf.Tensor) => tf.split(x, [normal, x.shape[0] - normal]);
    const [scoresNormal, scoresAbnormal] = split(output.scores!);
    const [maxNormal, maxAbnormal] = split(output.bagScores!);
    const [argNormal, argAbnormal] = split(tf.argMax(output.chosen!, 1));
    return {
      scores_normal: scoresNormal,
      scores_abnormal: scoresAbnormal,
      max_normal: maxNormal,
      max_abnormal: maxAbnormal,
      argmax_normal: argNormal,
      argmax_abnormal: argAbnormal,
    };
  },
};
