/**
 * WSAL as released: a network and an objective that differ from the paper (`wsal.ts`) in most places. Context is
 * encoded at the full width of the first layer, semantics and dynamics each have a layer of their own, dynamics are
 * first differences 1 - cos of neighbours, their maximum (not their span) enters the hinge, pairs are aligned, and a
 * smoothness term runs over anomalous videos. There is neither noise nor hand-crafted anomalies.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LossTerms, Network, Parameters } from './head.ts';
import { scoreAtOnce } from './head.ts';
import { initConv, initLinear } from './initial.ts';
import {
  adjacentChange,
  firstMaxMask,
  linear,
  maxFirst,
  overCrops,
  smoothness,
  span,
  sparsity,
  temporalConv,
} from './parts.ts';
import { lookAtOnce, traceAtOnce } from './sight.ts';
import { WSAL_CURVES, wsalOptimiser, type WsalConfig } from './wsal.fields.ts';

export const wsalCode: Network<WsalConfig> = {
  init(config, dims, random) {
    const parameters: Parameters = new Map();
    const { hidden1, hidden2 } = config;
    initLinear(parameters, 'fc0', hidden1, dims.features, 'torch', random);
    initConv(parameters, 'conv', [hidden1, hidden1, 2 * config.window + 1], 'torch', random);
    initLinear(parameters, 'fc1_1', hidden2, hidden1, 'torch', random);
    initLinear(parameters, 'fc1_2', 1, hidden2, 'torch', random);
    initLinear(parameters, 'fc2_1', hidden2, hidden1, 'torch', random);
    initLinear(parameters, 'fc2_2', hidden2, hidden2, 'torch', random);
    return parameters;
  },

  forward(parameters, { segments }, { dropout }, mode) {
    const [bags, crops, length, size] = segments.shape;
    const x = tf.reshape(segments, [bags * crops, length, size]) as tf.Tensor3D;
    const layer = (input: tf.Tensor3D, name: string) =>
      mode.dropout(tf.relu(linear(input, parameters, name)), dropout, name);
    const context = temporalConv(layer(x, 'fc0'), parameters, 'conv', { padding: 'replicate' });
    const activations = layer(context, 'fc1_1'); // [B*P,T,hidden2]
    const logits = linear(activations, parameters, 'fc1_2'); // [B*P,T,1]
    const embedding = linear(layer(context, 'fc2_1'), parameters, 'fc2_2'); // [B*P,T,hidden2]

    const ofBags = (rows: tf.Tensor, width: number) => overCrops(tf.reshape(rows, [bags, crops, width]));
    const semantic = ofBags(tf.sigmoid(logits), length); // [B,T]
    const distance = length > 1 ? ofBags(adjacentChange(embedding), length - 1) : null; // [B,T-1]
    const variation = distance ? testDynamics(distance) : tf.zeros<tf.Rank.R2>([bags, length]);
    const scores = tf.div(tf.add(semantic, variation), 2) as tf.Tensor2D;
    return {
      scores,
      bagScores: maxFirst(scores),
      chosen: firstMaxMask(semantic),
      semantic,
      variation,
      distance: distance ?? undefined,
      context,
      embedding,
      activations,
    };
  },

  loss({ semantic, distance, embedding }, { normal, anomalous }, config): LossTerms {
    const halves = (x: tf.Tensor): [tf.Tensor2D, tf.Tensor2D] => [
      tf.slice(x, [0, 0], [normal, -1]) as tf.Tensor2D,
      tf.slice(x, [normal, 0], [anomalous, -1]) as tf.Tensor2D,
    ];
    const [normalScores, anomalousScores] = halves(semantic!);
    const hinge = (ofAnomalous: tf.Tensor1D, ofNormal: tf.Tensor1D) => {
      const pairs = Math.min(normal, anomalous);
      const difference = tf.sub(tf.slice(ofNormal, [0], [pairs]), tf.slice(ofAnomalous, [0], [pairs]));
      return tf.mean(tf.relu(tf.add(difference, config.margin))) as tf.Scalar;
    };
    const meanOf = (rows: tf.Tensor1D) => tf.mean(rows) as tf.Scalar;
    let sum = tf.add(meanOf(sparsity(anomalousScores)), meanOf(sparsity(normalScores)));
    let smooth = meanOf(smoothness(anomalousScores));
    // One segment has no neighbour: its dynamics are 0 in both classes.
    let dynamic = tf.add(tf.mul(tf.sum(embedding!), 0), config.margin) as tf.Scalar;
    if (distance) {
      const [normalDistance, anomalousDistance] = halves(distance);
      dynamic = hinge(maxFirst(anomalousDistance), maxFirst(normalDistance));
      sum = tf.addN([sum, meanOf(sparsity(anomalousDistance)), meanOf(sparsity(normalDistance))]);
      smooth = tf.add(smooth, meanOf(smoothness(anomalousDistance)));
    }
    return {
      semantic: { value: hinge(span(anomalousScores), span(normalScores)), weight: 1 },
      dynamic: { value: dynamic, weight: 1 },
      sum: { value: sum as tf.Scalar, weight: config.lambdaSparse },
      smooth: { value: smooth, weight: config.lambdaSmooth },
    };
  },

  optimiser: wsalOptimiser,

  score(parameters, snippets, config) {
    return scoreAtOnce(wsalCode, parameters, snippets, config);
  },

  look: (parameters, snippets, config) => lookAtOnce(wsalCode, parameters, snippets, config, WSAL_CURVES),

  trace: (parameters, snippets, config, snippet) =>
    traceAtOnce(wsalCode, parameters, snippets, config, snippet, 'fc1_2', {
      share: 0.5,
      beside: [{ name: 'dynamic variation', share: 0.5, output: 'variation' }],
    }),
};

/** How the code scores dynamics when it tests: the mean over both neighbours, the one difference at the ends. */
export function testDynamics(distance: tf.Tensor2D): tf.Tensor2D {
  const [bags, gaps] = distance.shape;
  const [first, last] = [0, gaps - 1].map((at) => tf.slice(distance, [0, at], [bags, 1])); // twice, at the ends
  const sum = tf.add(tf.concat([distance, last], 1), tf.concat([first, distance], 1));
  return tf.div(sum, 2) as tf.Tensor2D;
}
