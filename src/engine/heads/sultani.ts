/**
 * Deep MIL ranking: Sultani, Chen, Shah, "Real-world Anomaly Detection in Surveillance Videos", CVPR 2018.
 *
 * Three fully connected layers score every segment on its own. A video is a bag: the highest score in an anomalous bag
 * should exceed the highest score in a normal one by a margin of 1 (Eq. 3, 4), while scores of an anomalous video
 * change smoothly and are mostly low (Eq. 6), and weights stay small (Eq. 7).
 *
 * Paper and released code differ in what is paired with what, in whether terms are summed or averaged, and in the
 * weight penalty; `pairing` and `regulariser` switch between them. The layer of `hidden2` units is linear in both.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Head, LossTerms, ParameterTensors } from './head.ts';
import { scoreAtOnce } from './head.ts';
import { initLinear } from './initial.ts';
import { firstMaxMask, linear, maxFirst, overCrops, smoothness, sparsity } from './parts.ts';
import { lookAtOnce, traceAtOnce } from './sight.ts';
import { sultaniCard, type SultaniConfig } from './sultani.fields.ts';

export const sultani: Head<SultaniConfig> = {
  card: sultaniCard,

  init(config, dims, random) {
    const parameters = new Map();
    initLinear(parameters, 'fc1', config.hidden1, dims.features, 'glorot-normal', random);
    initLinear(parameters, 'fc2', config.hidden2, config.hidden1, 'glorot-normal', random);
    initLinear(parameters, 'fc3', 1, config.hidden2, 'glorot-normal', random);
    return parameters;
  },

  forward(parameters, { segments }, config, mode) {
    const h1 = mode.dropout(tf.relu(linear(segments, parameters, 'fc1')), config.dropout, 'drop1'); // [B,P,T,hidden1]
    const h2 = mode.dropout(linear(h1, parameters, 'fc2'), config.dropout, 'drop2'); // [B,P,T,hidden2]
    const scores = overCrops(tf.squeeze(tf.sigmoid(linear(h2, parameters, 'fc3')), [3])); // [B,T]
    const [bags, crops, length, size] = h2.shape;
    const activations = tf.reshape(h2, [bags * crops, length, size]) as tf.Tensor3D;
    return { scores, bagScores: maxFirst(scores), chosen: firstMaxMask(scores), activations };
  },

  loss({ scores, bagScores }, { normal, anomalous }, config, parameters): LossTerms {
    const maxNormal = tf.slice(bagScores, [0], [normal]); // [Bn]
    const maxAnomalous = tf.slice(bagScores, [normal], [anomalous]); // [Ba]
    const anomalousScores = tf.slice(scores, [normal, 0], [anomalous, scores.shape[1]]); // [Ba,T]
    const smooth = smoothness(anomalousScores); // [Ba]
    const sparse = sparsity(anomalousScores); // [Ba]

    const all = config.pairing === 'all';
    const overVideos = all ? tf.sum<tf.Scalar> : tf.mean<tf.Scalar>;
    return {
      hinge: { value: rankingHinge(maxNormal, maxAnomalous, config.pairing), weight: 1 },
      smooth: { value: overVideos(smooth), weight: config.lambdaSmooth },
      sparse: { value: overVideos(sparse), weight: config.lambdaSparse },
      l2: { value: weightPenalty(parameters, config.regulariser), weight: config.lambdaWeights },
    };
  },

  optimiser: (config) => ({ name: 'adagrad', learningRate: config.learningRate, epsilon: config.epsilon }),

  score(parameters, snippets, config) {
    return scoreAtOnce(sultani, parameters, snippets, config);
  },

  look: (parameters, snippets, config) => lookAtOnce(sultani, parameters, snippets, config),

  trace: (parameters, snippets, config, snippet) =>
    traceAtOnce(sultani, parameters, snippets, config, snippet, 'fc3'),
};

/**
 * Eq. 4, hinge between the highest scores. Code (`all`): every anomalous with every normal bag, summed over the
 * anomalous and averaged over the normal ones. Paper: bag i with bag i.
 * @param normal `[Bn]`
 * @param anomalous `[Ba]`
 */
export function rankingHinge(
  normal: tf.Tensor1D,
  anomalous: tf.Tensor1D,
  pairing: SultaniConfig['pairing'],
): tf.Scalar {
  if (pairing === 'all') {
    const pairs = tf.sub(tf.expandDims(normal, 1), anomalous); // [Bn,Ba]
    return tf.mean(tf.sum(tf.relu(tf.add(pairs, 1)), 1));
  }
  return tf.mean(tf.relu(tf.add(alignedPairs(normal, anomalous), 1)));
}

/** Bag i of one class with bag i of the other, `[B]`; the bags that one class has more of stay out. */
function alignedPairs(normal: tf.Tensor1D, anomalous: tf.Tensor1D): tf.Tensor1D {
  const pairs = Math.min(normal.size, anomalous.size);
  return tf.sub(tf.slice(normal, [0], [pairs]), tf.slice(anomalous, [0], [pairs]));
}

/** Eq. 7: the sum of squares of the three weight matrices (code), or the square root of it (paper). */
function weightPenalty(parameters: ParameterTensors, kind: SultaniConfig['regulariser']): tf.Scalar {
  const squares = ['fc1', 'fc2', 'fc3'].map((name) => tf.sum(tf.square(parameters[`${name}.weight`])));
  const sum = squares.reduce((a, b) => tf.add(a, b)) as tf.Scalar;
  return kind === 'sum_squares' ? sum : tf.sqrt(sum);
}
