/** GIG as its fixtures name things. */
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig } from '../../heads/config.fields.ts';
import { gig } from '../../heads/gig.ts';
import type { Network } from '../../heads/head.ts';
import { normalFirst, tensor, type Adapter } from '../adapter.ts';

export const gigAdapter: Adapter = {
  network: gig as Network<never>,
  config: ({ notes: { config: c } }) =>
    resolveConfig(gig.card, undefined, {
      topCells: c.k,
      topSegments: c.p,
      dropout: c.dropout,
      classReduction: c.class_reduction,
      sparseReduction: c.sparse_reduction,
      lambdaSegment: c.lambda1,
      lambdaGlobal: c.lambda2,
      lambdaSparse: c.lambda3,
      learningRate: c.optimizer.lr,
    }),
  batch: ({ tensors }) => {
    const [x, y] = [tensors.get('input.x')!, tensors.get('input.y')!]; // [B,T,h,w,D], [B,1+C]
    const [bags, length, height, width, size] = x.shape;
    const columns = y.shape[1];
    const isAnomalous = Array.from({ length: bags }, (_, b) =>
      y.values.slice(b * columns + 1, (b + 1) * columns).some((value) => value > 0),
    );
    const { order, normal } = normalFirst(isAnomalous);
    const index = tf.tensor1d(order, 'int32');
    const maps = tf.reshape(tensor(x), [bags, length, height * width, size]);
    return {
      segments: tf.gather(tf.transpose(maps, [0, 2, 1, 3]), index) as tf.Tensor4D, // [B,hw,T,D]
      targets: tf.gather(tensor(y), index) as tf.Tensor2D,
      normal,
      anomalous: bags - normal,
      order,
    };
  },
  mask: (fixture, site) => {
    const mask = fixture.tensors.get(`mask.${site}`);
    if (!mask) return null;
    return tf.gather(tensor(mask), tf.tensor1d(gigAdapter.batch(fixture).order!, 'int32'));
  },
  outputs: (output, { segments }) => {
    const [bags, , length] = segments.shape;
    const classes = output.consensus!.shape[1]!;
    const topCells = tf.argMax(output.cellChoice!, 2); // [B*T,k]
    // As float32: the WebGPU backend cannot transpose int32.
    const indices = tf.cast(tf.argMax(output.segmentChoice!, 2), 'float32');
    const topSegments = tf.reshape(indices, [bags, classes, -1]); // [B,1+C,p]
    return {
      g: output.global,
      relation: output.relation,
      topk_position: tf.reshape(topCells, [bags, length, -1]),
      spatial: output.spatial,
      segment_scores: output.segmentScores,
      topp_segment: tf.transpose(topSegments, [0, 2, 1]),
      consensus: output.consensus,
      global_scores: output.globalScores,
      global_anomaly: output.globalAnomaly,
      video_anomaly: output.bagScores,
      segment_anomaly: output.scores,
    };
  },
  asInput: (gradient, { order }, { tensors }) => {
    const inverse = order!.map((_, i) => order!.indexOf(i));
    const ours = tf.gather(gradient, tf.tensor1d(inverse, 'int32')) as tf.Tensor4D;
    return tf.reshape(tf.transpose(ours, [0, 2, 1, 3]), [tensors.get('input.x')!.values.length]);
  },
};
