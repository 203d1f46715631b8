/**
 * Robust temporal feature magnitude learning: Tian et al., ICCV 2021, as its authors coded it. Parameter names are
 * those of the released network.
 *
 * A multi-scale temporal network (dilated convolutions of three reaches and a non-local block) enriches every segment.
 * The k segments with the largest magnitudes speak for their video: their mean score is classified, and the length of
 * their mean feature is pushed to a margin in anomalous videos and to zero in normal ones.
 *
 * Where the code departs from the paper: the hinge over the difference of magnitudes became a squared sum, smoothness
 * runs over the joined scores of the anomalous half (borders between videos included), and sparsity is an L2 norm.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LossTerms, Head, Mode, ParameterTensors, Parameters } from './head.ts';
import { scoreAtOnce } from './head.ts';
import { magnitudeLoss, selectByMagnitude } from './magnitude.ts';
import { initBatchNorm, initConv, initLinear } from './initial.ts';
import {
  batchNorm,
  binaryCrossEntropy,
  labelTensor,
  linear,
  safeSqrt,
  smoothness,
  sparsity,
  temporalConv,
} from './parts.ts';
import { rtfmCard, type RtfmConfig } from './rtfm.fields.ts';
import { lookAtOnce, traceAtOnce } from './sight.ts';

/** Dilations of the three convolution branches. */
const DILATIONS = [1, 2, 4];

export const rtfm: Head<RtfmConfig> = {
  card: rtfmCard,

  init(config, dims, random) {
    const parameters: Parameters = new Map();
    const channels = Math.max(1, Math.round(dims.features / config.reduction));
    const inner = Math.max(1, Math.round(channels / 2));
    const conv = (name: string, outputs: number, inputs: number, taps: number, bias = true) =>
      initConv(parameters, `Aggregate.${name}`, [outputs, inputs, taps], 'xavier', random, bias);
    for (const branch of [1, 2, 3]) {
      conv(`conv_${branch}.0`, channels, dims.features, 3);
      initBatchNorm(parameters, `Aggregate.conv_${branch}.2`, channels);
    }
    conv('conv_4.0', channels, dims.features, 1, false);
    conv('conv_5.0', dims.features, 4 * channels, 3, false);
    initBatchNorm(parameters, 'Aggregate.conv_5.2', dims.features);
    for (const name of ['g', 'theta', 'phi']) conv(`non_local.${name}`, inner, channels, 1);
    conv('non_local.W.0', channels, inner, 1);
    initBatchNorm(parameters, 'Aggregate.non_local.W.1', channels, 0); // the block begins as an identity
    initLinear(parameters, 'fc1', config.hidden1, dims.features, 'xavier', random);
    initLinear(parameters, 'fc2', config.hidden2, config.hidden1, 'xavier', random);
    initLinear(parameters, 'fc3', 1, config.hidden2, 'xavier', random);
    return parameters;
  },

  forward(parameters, { segments }, config, mode) {
    const [bags, crops, length, size] = segments.shape;
    const rows = tf.reshape(segments, [bags * crops, length, size]) as tf.Tensor3D; // [B*P,T,D]
    const features = mode.dropout(aggregate(rows, parameters, mode), config.dropout, 'features');
    const h1 = mode.dropout(tf.relu(linear(features, parameters, 'fc1')), config.dropout, 'fc1');
    const h2 = mode.dropout(tf.relu(linear(h1, parameters, 'fc2')), config.dropout, 'fc2');
    const logits = linear(h2, parameters, 'fc3'); // [N,T,1]
    // Candidates are the segments that the selection's dropout leaves standing.
    const standing = mode.dropout(tf.ones<tf.Rank.R2>([bags, length]), config.dropout, 'select');
    return {
      ...selectByMagnitude(features, logits, [bags, crops], config.topK, standing),
      activations: h2,
    };
  },

  loss({ scores, bagScores, meanFeatures, topMagnitudes }, labels, config): LossTerms {
    const { normal, anomalous } = labels;
    const ofAnomalous = tf.slice(scores, [normal, 0], [anomalous, -1]); // [Ba,T]
    const bce = { value: tf.mean<tf.Scalar>(binaryCrossEntropy(bagScores, labelTensor(labels))), weight: 1 };
    if (config.objective === 'paper') {
      const hinge = magnitudeHinge(tf.mean(topMagnitudes!, 1), labels, config.margin);
      return {
        bce,
        rtfm: { value: hinge, weight: config.lambdaMagnitude },
        smooth: { value: tf.mean(smoothness(ofAnomalous)), weight: config.lambdaSmooth },
        sparse: { value: tf.mean(sparsity(ofAnomalous)), weight: config.lambdaSparse },
      };
    }
    const flat = tf.reshape(ofAnomalous, [1, -1]) as tf.Tensor2D;
    return {
      bce,
      rtfm: { value: magnitudeLoss(meanFeatures!, labels, config.margin), weight: config.lambdaMagnitude },
      smooth: { value: tf.sum(smoothness(flat)), weight: config.lambdaSmooth },
      sparse: { value: safeSqrt(tf.sum(tf.square(flat))) as tf.Scalar, weight: config.lambdaSparse },
    };
  },

  optimiser: ({ learningRate, weightDecay }) => ({ name: 'adam', learningRate, weightDecay }),

  score(parameters, snippets, config) {
    return scoreAtOnce(rtfm, parameters, snippets, config);
  },

  look: (parameters, snippets, config) => lookAtOnce(rtfm, parameters, snippets, config),

  trace: (parameters, snippets, config, snippet) =>
    traceAtOnce(rtfm, parameters, snippets, config, snippet, 'fc3'),
};

/** The paper's hinge, mean over aligned pairs: max(0, margin - (d_a - d_n)), d the mean of the k largest magnitudes. */
function magnitudeHinge(
  top: tf.Tensor1D,
  { normal, anomalous }: { normal: number; anomalous: number },
  margin: number,
): tf.Scalar {
  const pairs = Math.min(normal, anomalous);
  const difference = tf.sub(tf.slice(top, [normal], [pairs]), tf.slice(top, [0], [pairs]));
  return tf.mean(tf.relu(tf.sub(margin, difference)));
}

/** The multi-scale temporal network: Conv-ReLU-BN branches, the non-local branch, a fusing convolution, a short-cut. */
function aggregate(x: tf.Tensor3D, parameters: ParameterTensors, mode: Mode): tf.Tensor3D {
  const convolved = (input: tf.Tensor3D, name: string, dilation = 1) =>
    tf.tidy(() => tf.relu(temporalConv(input, parameters, `Aggregate.${name}.0`, { dilation })));
  const normed = (input: tf.Tensor3D, name: string) =>
    batchNorm(input, parameters, `Aggregate.${name}.2`, mode);
  return tf.tidy(() => {
    const joined = tf.tidy(() => {
      const branches = DILATIONS.map((dilation, i) => {
        const name = `conv_${i + 1}`;
        return tf.tidy(() => normed(convolved(x, name, dilation), name)); // [N,T,D/4]
      });
      return tf.concat([...branches, nonLocal(convolved(x, 'conv_4'), parameters, mode)], 2); // [N,T,D]
    });
    return tf.add(normed(convolved(joined, 'conv_5'), 'conv_5'), x);
  });
}

/** The non-local block: what `nonLocalProduct` gives, projected, normalised, and added to its input. */
function nonLocal(x: tf.Tensor3D, parameters: ParameterTensors, mode: Mode): tf.Tensor3D {
  const name = 'Aggregate.non_local';
  const mixed = temporalConv(nonLocalProduct(x, parameters, name), parameters, `${name}.W.0`);
  return tf.add(batchNorm(mixed, parameters, `${name}.W.1`, mode), x);
}

/**
 * (theta phi^t / T) g, without a softmax. For a long video the product is taken from the right, theta (phi^t g) / T,
 * which is the same and needs no T by T matrix.
 */
export function nonLocalProduct(x: tf.Tensor3D, parameters: ParameterTensors, name: string): tf.Tensor3D {
  const [theta, phi, g] = ['theta', 'phi', 'g'].map((part) => temporalConv(x, parameters, `${name}.${part}`)); // [N,T,D/8]
  const [, length, inner] = theta.shape;
  const product =
    length > inner
      ? tf.matMul(theta, tf.div(tf.matMul(phi, g, true, false), length))
      : tf.matMul(tf.div(tf.matMul(theta, phi, false, true), length), g);
  return product as tf.Tensor3D;
}
