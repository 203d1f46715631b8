/** MGFN as its fixtures name things: both networks. */
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig } from '../../heads/config.fields.ts';
import type { Network } from '../../heads/head.ts';
import { magnitudeDistance, mgfn } from '../../heads/mgfn.ts';
import { byHalf, tensor, twoHalves, type Adapter, type ModelFixture } from '../adapter.ts';

type Settings = ModelFixture['notes']['config'];

const paperConfig = (c: Settings) => {
  const [width1, width2] = c.dims as number[];
  return {
    network: 'paper',
    structure: c.structure,
    width1,
    width2,
    alpha: c.alpha,
    norm: c.norm === 'chln',
    headNorm: c.head_norm === 'layernorm',
    focus: c.sac,
    focusNorm: c.sac_norm === 'rms',
    topK: c.k,
    contrastReduce: c.mc_reduce,
    contrastClamp: c.mc_clamp,
    margin: c.margin,
    lambdaContrast: c.lambda_mc,
    lambdaSmooth: c.lambda_smoothness,
    lambdaSparse: c.lambda_sparsity,
  };
};

const codeConfig = (c: Settings) => {
  const [stage1, stage2, stage3] = c.dims as number[];
  const [depth1, depth2, depth3] = c.depths as number[];
  return {
    network: 'code',
    alpha: c.mag_ratio,
    stage1,
    stage2,
    stage3,
    depth1,
    depth2,
    depth3,
    headSize: c.dim_head,
    topK: c.k,
    selectDropout: c.select_dropout,
    margin: c.margin,
    weightCross: c.w_cross,
    weightSame: c.w_same,
    lambdaSmooth: c.lambda_smooth,
    lambdaSparse: c.lambda_sparse,
  };
};

/** `[N,T,C]` of the first `rows` as `[rows,C,T]`. */
const channelsFirst = (x: tf.Tensor, rows: number) =>
  tf.transpose(tf.slice(x, 0, rows) as tf.Tensor3D, [0, 2, 1]);

export const mgfnAdapter: Adapter = {
  network: mgfn as Network<never>,
  config: ({ notes: { config: c, variant } }) =>
    resolveConfig(mgfn.card, undefined, {
      ...(variant === 'code' ? codeConfig(c) : paperConfig(c)),
      learningRate: c.optimizer.lr,
      weightDecay: c.optimizer.weight_decay,
    }),
  batch: twoHalves,
  mask: ({ tensors }, site) => {
    const halves = ['normal', 'abnormal'].map((half) => tensors.get(`mask.${site}_${half}`));
    return halves[0] && halves[1] ? tf.concat(halves.map((half) => tensor(half!))) : null;
  },
  outputs: (output, { segments, normal }, { notes }) => {
    const { scores, magnitudes, bagScores, choice, topMagnitudes } = output;
    const [bags, crops, length] = segments.shape;
    const features = output.features as tf.Tensor3D;
    const shared = byHalf(
      {
        scores,
        magnitude: magnitudes,
        video_score: bagScores,
        topk: tf.argMax(choice!, 2),
        topk_magnitude: topMagnitudes,
      },
      normal,
    );
    if (notes.variant === 'code') {
      const size = features.shape[2];
      const k = choice!.shape[1]!;
      const chosen = tf.matMul(
        tf.reshape(tf.tile(tf.expandDims(choice!, 1), [1, crops, 1, 1]), [
          bags * crops,
          k,
          length,
        ]) as tf.Tensor3D,
        features,
      ); // [B*P,k,C], video by video; the fixture has crop by crop
      const cropMajor = (start: number, count: number) =>
        tf.reshape(
          tf.transpose(
            tf.reshape(tf.slice(chosen, start * crops, count * crops), [count, crops, k, size]),
            [1, 0, 2, 3],
          ),
          [count * crops, k, size],
        );
      return {
        ...shared,
        selected_normal: cropMajor(0, normal),
        selected_abnormal: cropMajor(normal, bags - normal),
        stage0_tokens: channelsFirst(output.tokens!, crops),
        stage1_out: channelsFirst(output.firstStage!, crops),
        attention_first: tf.reshape(
          tf.slice(output.glance!, 0, (crops * output.glance!.shape[0]) / (bags * crops)),
          [crops, -1, length, length],
        ),
      };
    }
    const top = topMagnitudes as tf.Tensor2D;
    const ofNormal = tf.slice(top, [0, 0], [normal, -1]) as tf.Tensor2D;
    const ofAnomalous = tf.slice(top, [normal, 0], [bags - normal, -1]) as tf.Tensor2D;
    const reduce = notes.config.mc_reduce as 'pair' | 'mean';
    return {
      ...shared,
      mc_cross_distance: magnitudeDistance(ofNormal, ofAnomalous, 'cross', reduce),
      fam_first: channelsFirst(output.amplified!, 1),
      feature_first: tf.slice(features, 0, crops),
      attention_first: output.glance && tf.slice(output.glance, 0, crops),
    };
  },
};
