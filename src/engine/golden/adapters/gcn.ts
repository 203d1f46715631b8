/** The label-noise cleaner as its fixtures name things: one video, and predictions that are given. */
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig } from '../../heads/config.fields.ts';
import { gcn } from '../../heads/gcn.ts';
import type { Network } from '../../heads/head.ts';
import { tensor, type Adapter } from '../adapter.ts';

/** Without turns: the fixtures train the cleaner alone. */
const { phases: _, ...cleanerAlone } = gcn;

export const gcnAdapter: Adapter = {
  network: cleanerAlone as unknown as Network<never>,
  config: ({ notes: { config: c } }) =>
    resolveConfig(gcn.card, undefined, {
      hidden1: c.hidden1,
      hidden2: c.hidden2,
      graph: c.graph,
      dropout: c.dropout,
      learningRate: c.optimizer.lr,
      momentum: c.optimizer.momentum,
      weightDecay: c.optimizer.weight_decay,
    }),
  batch: ({ tensors }) => {
    const x = tensor(tensors.get('input.x')!); // [1,n,D]
    const row = (name: string) => tf.reshape(tensor(tensors.get(`input.${name}`)!), [1, -1]);
    const extras: Record<string, tf.Tensor> = { prediction: row('prediction'), position: row('position') };
    const labelled = tensors.get('input.labeled');
    if (labelled) {
      const mask = new Float32Array(x.shape[1]!);
      for (const node of labelled.values) mask[node] = 1;
      extras.labelled = tf.tensor2d(mask, [1, mask.length]);
      extras.meanPrediction = row('mean_prediction');
    }
    const isAnomalous = labelled ? 1 : 0;
    return {
      segments: tf.expandDims(x, 1) as tf.Tensor4D,
      extras,
      normal: 1 - isAnomalous,
      anomalous: isAnomalous,
    };
  },
  mask: ({ tensors }, site) => {
    const mask = tensors.get(`mask.${site}`);
    return mask ? tensor(mask) : null;
  },
  outputs: ({ logits, cleaned, temporal, alike }) => ({
    logit: logits,
    scores: cleaned,
    adjacency_temporal: temporal,
    adjacency_feature: alike,
  }),
};
