/** Salient self-attention as its fixtures name things. */
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig } from '../../heads/config.fields.ts';
import type { Network } from '../../heads/head.ts';
import { salient } from '../../heads/salient.ts';
import type { SalientConfig } from '../../heads/salient.fields.ts';
import { normalFirst, tensor, type Adapter } from '../adapter.ts';

export const salientAdapter: Adapter = {
  network: salient as Network<never>,
  config: ({ notes: { config: c } }) =>
    resolveConfig(salient.card, undefined, {
      recurrent: c.lstm !== undefined,
      ...(c.lstm === undefined ? {} : { lstmUnits: c.lstm, lstmLayers: c.layers }),
      attentionUnits: c.da,
      attentionRows: c.r,
      hidden: c.hidden,
      dropout: c.dropout,
      split: c.split,
      inference: 'split',
      learningRate: c.optimizer.lr,
    }),
  batch: ({ tensors }) => {
    // The loss is a mean over bags, so their order changes nothing else.
    const labels = Array.from(tensors.get('input.y')!.values);
    const { order, normal } = normalFirst(labels.map((label) => label > 0));
    const bags = tf.gather(tensor(tensors.get('input.x')!), tf.tensor1d(order, 'int32')); // [B,T,D]
    return {
      segments: tf.expandDims(bags, 1) as tf.Tensor4D,
      normal,
      anomalous: labels.length - normal,
      order,
    };
  },
  mask: (fixture, site) => {
    const mask = fixture.tensors.get(`mask.${site}`); // [B,T,r]; ours is [B,r,T]
    if (!mask) return null;
    const order = salientAdapter.batch(fixture).order!;
    return tf.transpose(tf.gather(tensor(mask), tf.tensor1d(order, 'int32')), [0, 2, 1]);
  },
  outputs: (output) => ({
    scores: output.bagScores!,
    attention: tf.transpose(output.attention!, [0, 2, 1]),
    pooled: output.pooled!,
    logit: output.logit!,
    lstm_out: output.recurrent,
  }),
  async inference({ tensors }, parameters, config) {
    const video = tensors.get('input.video'); // [P,N,D]
    if (!video) return {};
    const { scores } = await salient.score(parameters, tensor(video) as tf.Tensor3D, config as SalientConfig);
    return { snippet_scores: scores };
  },
};
