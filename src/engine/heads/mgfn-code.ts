/**
 * MGFN as released: another network than the paper's (`mgfn.ts`). Three stages instead of two blocks, each block
 * repeated; the magnitude is amplified at the level of tokens; "focus" is a learnt five-tap convolution per head;
 * magnitudes are lengths of layer-normalised features, and so nearly equal at first; candidates are thinned by
 * dropout; the contrast compares rows of the batch (an anomalous with a normal one, and the first half of the crops
 * with the second), through L1 norms; sparsity falls on the normal half.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BatchLabels, LossTerms, Mode, Network, ParameterTensors, Parameters } from './head.ts';
import { scoreAtOnce } from './head.ts';
import { selectByMagnitude } from './magnitude.ts';
import type { MgfnConfig } from './mgfn.fields.ts';
import { lookAtOnce, traceAtOnce } from './sight.ts';
import { initBatchNorm, initChannelLayerNorm, initConv, initLayerNorm, initLinear } from './initial.ts';
import {
  absolute,
  attend,
  batchNorm,
  binaryCrossEntropy,
  channelLayerNorm,
  gelu,
  inStretches,
  labelTensor,
  layerNorm,
  linear,
  meanAttention,
  norm,
  safeSqrt,
  smoothness,
  temporalConv,
} from './parts.ts';

const FOCUS_TAPS = 5;
const FFN_RATIO = 4;

/** Channels, repetitions and kind of each stage. */
function stagesOf(config: MgfnConfig) {
  return [
    { size: config.stage1, depth: config.depth1, kind: 'glance' },
    { size: config.stage2, depth: config.depth2, kind: 'focus' },
    { size: config.stage3, depth: config.depth3, kind: 'focus' },
  ] as const;
}

export const mgfnCode: Network<MgfnConfig> = {
  init(config, { features }, random) {
    const parameters: Parameters = new Map();
    const { headSize } = config;
    const conv = (name: string, outputs: number, inputs: number, taps: number, bias = true) =>
      initConv(parameters, name, [outputs, inputs, taps], 'torch', random, bias);
    const stages = stagesOf(config);
    conv('to_tokens', stages[0].size, features, 3);
    conv('to_mag', stages[0].size, 1, 3);
    stages.forEach(({ size, depth, kind }, i) => {
      const heads = headsOf(size, headSize);
      for (let layer = 0; layer < depth; layer++) {
        const name = `stages.${i}.0.layers.${layer}`;
        conv(`${name}.0`, size, size, 3);
        if (kind === 'glance') {
          initChannelLayerNorm(parameters, `${name}.1.norm`, size);
          conv(`${name}.1.to_qkv`, 3 * heads * headSize, size, 1, false);
        } else {
          initBatchNorm(parameters, `${name}.1.norm`, size);
          conv(`${name}.1.to_v`, heads * headSize, size, 1, false);
          conv(`${name}.1.rel_pos`, heads, 1, FOCUS_TAPS);
        }
        conv(`${name}.1.to_out`, size, heads * headSize, 1);
        initChannelLayerNorm(parameters, `${name}.2.0`, size);
        conv(`${name}.2.1`, FFN_RATIO * size, size, 1);
        conv(`${name}.2.4`, size, FFN_RATIO * size, 1);
      }
      if (i + 1 === stages.length) return;
      initChannelLayerNorm(parameters, `stages.${i}.1.0`, size);
      conv(`stages.${i}.1.1`, stages[i + 1].size, size, 1);
    });
    initLayerNorm(parameters, 'to_logits.0', stages[2].size);
    initLinear(parameters, 'fc', 1, stages[2].size, 'torch', random);
    return parameters;
  },

  forward(parameters, { segments }, config, mode) {
    const [bags, crops, length, size] = segments.shape;
    const x = tf.reshape(segments, [bags * crops, length, size]) as tf.Tensor3D; // [N,T,D] or [N,T,D+1]
    const tokens = tokensOf(x, parameters, config.alpha); // [N,T,stage1]
    let seen: tf.Tensor3D = tokens;
    let attention: tf.Tensor3D | undefined;
    let firstStage: tf.Tensor3D = tokens;
    /** Scoring has no use for what a layer started from, and a long video is large. */
    const advance = (next: tf.Tensor3D) => {
      if (!mode.training && seen !== tokens && seen !== firstStage) seen.dispose();
      seen = next;
    };
    stagesOf(config).forEach(({ depth, kind }, i) => {
      for (let layer = 0; layer < depth; layer++) {
        const name = `stages.${i}.0.layers.${layer}`;
        const { output, weights } = layerOf(seen, parameters, name, kind, config.headSize, mode);
        advance(output);
        attention ??= weights;
      }
      if (i < 2) {
        const normed = channelLayerNorm(seen, parameters, `stages.${i}.1.0`);
        advance(temporalConv(normed, parameters, `stages.${i}.1.1`));
      }
      if (i === 0) firstStage = seen;
    });
    const features = layerNorm(seen, parameters, 'to_logits.0'); // [N,T,stage3]
    const logits = linear(features, parameters, 'fc');
    const standing = mode.training
      ? mode.dropout(tf.ones<tf.Rank.R2>([bags, length]), config.selectDropout, 'select')
      : undefined;
    const output = selectByMagnitude(features, logits, [bags, crops], config.topK, standing);
    const lengths = tf.reshape(tf.sum(absolute(features), 2), [bags, crops, 1, length]); // L1
    const chosen = tf.mul(lengths, tf.expandDims(output.choice!, 1)); // [B,P,k,T]
    return {
      ...output,
      chosenLengths: tf.sum(chosen, 3), // [B,P,k]
      tokens,
      firstStage,
      attention: attention && meanAttention(attention, bags),
      glance: attention,
      activations: features,
    };
  },

  loss({ scores, bagScores, chosenLengths }, labels, config): LossTerms {
    const { normal } = labels;
    const contrast = contrastOfRows(chosenLengths as tf.Tensor3D, labels, config.margin);
    const ofNormal = tf.slice(scores, [0, 0], [normal, -1]);
    return {
      bce: { value: tf.mean(binaryCrossEntropy(bagScores, labelTensor(labels))), weight: 1 },
      contrast_cross: { value: contrast.cross, weight: config.weightCross },
      contrast_abnormal: { value: contrast.anomalous, weight: config.weightSame },
      contrast_normal: { value: contrast.normal, weight: config.weightSame },
      smooth: { value: tf.sum(smoothness(scores)), weight: config.lambdaSmooth },
      sparse: { value: safeSqrt(tf.sum(tf.square(ofNormal))) as tf.Scalar, weight: config.lambdaSparse },
    };
  },

  optimiser: ({ learningRate, weightDecay }) => ({ name: 'adam', learningRate, weightDecay }),

  score(parameters, snippets, config) {
    return scoreAtOnce(mgfnCode, parameters, snippets, config);
  },

  look: (parameters, snippets, config) => lookAtOnce(mgfnCode, parameters, snippets, config),

  trace: (parameters, snippets, config, snippet) =>
    traceAtOnce(mgfnCode, parameters, snippets, config, snippet, 'fc'),
};

const headsOf = (size: number, headSize: number) => Math.max(1, Math.floor(size / headSize));

/**
 * Conv(x) + alpha Conv(|x|), both of three taps. The released data sets append the magnitude as a last channel; where
 * it is not there it is measured.
 */
function tokensOf(x: tf.Tensor3D, parameters: ParameterTensors, alpha: number): tf.Tensor3D {
  const [rows, length, size] = x.shape;
  const channels = parameters['to_tokens.weight'].shape[1]!;
  const features = size > channels ? tf.slice(x, [0, 0, 0], [rows, length, channels]) : x;
  const magnitude =
    size > channels
      ? tf.slice(x, [0, 0, channels], [rows, length, 1])
      : (tf.expandDims(norm(x), 2) as tf.Tensor3D);
  const amplified = tf.mul(temporalConv(magnitude, parameters, 'to_mag'), alpha);
  return tf.add(temporalConv(features, parameters, 'to_tokens'), amplified);
}

/** A convolution, a glance or a focus, and a feed-forward layer, each with a short-cut. */
function layerOf(
  x: tf.Tensor3D,
  parameters: ParameterTensors,
  name: string,
  kind: 'glance' | 'focus',
  headSize: number,
  mode: Mode,
): { output: tf.Tensor3D; weights?: tf.Tensor3D } {
  return tf.tidy(() => {
    // A tidy for each part: what it made on the way must not wait for the end of the layer.
    const convolved = tf.tidy(() => tf.add<tf.Tensor3D>(temporalConv(x, parameters, `${name}.0`), x));
    const { related, weights } = tf.tidy(() => {
      if (kind === 'focus') {
        const normed = batchNorm(convolved, parameters, `${name}.1.norm`, mode);
        const focused = focus(normed, parameters, `${name}.1`, headSize);
        return { related: tf.add<tf.Tensor3D>(focused, convolved), weights: undefined };
      }
      const normed = channelLayerNorm(convolved, parameters, `${name}.1.norm`);
      const seen = glance(normed, parameters, `${name}.1`, headSize);
      return { related: tf.add<tf.Tensor3D>(seen.output, convolved), weights: seen.weights };
    });
    const output = tf.tidy(() => tf.add<tf.Tensor3D>(feedForward(related, parameters, `${name}.2`), related));
    return { output, weights };
  });
}

/**
 * Attention over the whole video, in heads of `headSize` channels: channel = (part, head, d).
 * @param x `[N,T,C]`, normalised
 * @returns output `[N,T,C]`, weights `[N*heads,T,T]`
 */
export function glance(x: tf.Tensor3D, parameters: ParameterTensors, name: string, headSize: number) {
  const [rows, length] = x.shape;
  const qkv = temporalConv(x, parameters, `${name}.to_qkv`);
  const heads = qkv.shape[2] / (3 * headSize);
  const byHead = tf.split(qkv, 3, 2).map((part) => {
    const split = tf.transpose(tf.reshape(part, [rows, length, heads, headSize]), [0, 2, 1, 3]);
    return tf.reshape(split, [rows * heads, length, headSize]) as tf.Tensor3D;
  });
  const { mixed, weights } = attend(byHead[0], byHead[1], byHead[2], headSize ** -0.5);
  const joined = tf.transpose(tf.reshape(mixed, [rows, heads, length, headSize]), [0, 2, 1, 3]);
  const flat = tf.reshape(joined, [rows, length, heads * headSize]) as tf.Tensor3D;
  return { output: temporalConv(flat, parameters, `${name}.to_out`), weights };
}

/**
 * One five-tap convolution over time per head, shared by its channels: channel = (d, head), the head changes fastest.
 * @param x `[N,T,C]`, normalised
 */
export function focus(
  x: tf.Tensor3D,
  parameters: ParameterTensors,
  name: string,
  headSize: number,
): tf.Tensor3D {
  const reach = (parameters[`${name}.rel_pos.weight`].shape[2]! - 1) / 2;
  // `to_v` has no bias: zeros beyond the ends stay zeros, as the padding of the values would be.
  const relate = (stretch: tf.Tensor3D) => {
    const values = temporalConv(stretch, parameters, `${name}.to_v`);
    const focused = depthwise(values, parameters, `${name}.rel_pos`, headSize);
    return temporalConv(focused, parameters, `${name}.to_out`);
  };
  return inStretches(x, relate, reach);
}

/**
 * @param x `[N,T+k-1,C]`, padded
 * @param repeats how often the kernels follow each other along the channels of `x`
 * @returns `[N,T,C]`
 */
export function depthwise(
  x: tf.Tensor3D,
  parameters: ParameterTensors,
  name: string,
  repeats: number,
): tf.Tensor3D {
  const weight = parameters[`${name}.weight`]; // [h,1,taps]
  const [heads, , taps] = weight.shape as [number, number, number];
  const kernels = tf.tile(tf.transpose(tf.reshape(weight, [heads, taps])), [1, repeats]); // [taps,h*repeats]
  const bias = tf.tile(parameters[`${name}.bias`], [repeats]);
  const [bags, length, channels] = x.shape;
  let sum: tf.Tensor = bias;
  for (let tap = 0; tap < taps; tap++) {
    const before = sum;
    sum = tf.tidy(() => {
      const view = tf.slice(x, [0, tap, 0], [bags, length - taps + 1, channels]);
      return tf.add(before, tf.mul(view, tf.slice(kernels, [tap, 0], [1, -1])));
    });
    if (tap > 0) before.dispose();
  }
  return sum as tf.Tensor3D;
}

function feedForward(x: tf.Tensor3D, parameters: ParameterTensors, name: string): tf.Tensor3D {
  return inStretches(x, (stretch) => {
    const hidden = temporalConv(channelLayerNorm(stretch, parameters, `${name}.0`), parameters, `${name}.1`);
    return temporalConv(gelu(hidden), parameters, `${name}.4`);
  });
}

/**
 * The contrast of the code. Rows are crop-major: crop 0 of all videos, then crop 1; row i of the anomalous half meets
 * row i of the normal half, and within a class the first half of the rows meets the second.
 * @param lengths `[B,P,k]`
 */
function contrastOfRows(lengths: tf.Tensor3D, { normal, anomalous }: BatchLabels, margin: number) {
  const [, crops, k] = lengths.shape;
  const pairs = Math.min(normal, anomalous);
  const rowsOf = (start: number) => {
    const own = tf.slice(lengths, [start, 0, 0], [pairs, crops, k]);
    return tf.reshape(tf.transpose(own, [1, 0, 2]), [crops * pairs, k]) as tf.Tensor2D;
  };
  const [ofNormal, ofAnomalous] = [rowsOf(0), rowsOf(normal)];
  const half = Math.floor((crops * pairs) / 2);
  const within = (rows: tf.Tensor2D) => {
    if (half === 0) return tf.mul(tf.sum(rows), 0) as tf.Scalar;
    const [first, second] = [0, half].map((from) => tf.slice(rows, [from, 0], [half, k]));
    return tf.mean<tf.Scalar>(tf.square(rowDistance(second as tf.Tensor2D, first as tf.Tensor2D)));
  };
  const across = tf.relu(tf.sub(margin, rowDistance(ofAnomalous, ofNormal)));
  return {
    cross: tf.mean<tf.Scalar>(tf.square(across)),
    anomalous: within(ofAnomalous),
    normal: within(ofNormal),
  };
}

/** |u - v + 1e-6| of each row, as PyTorch's `pairwise_distance`. */
export function rowDistance(u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor1D {
  return norm(tf.add(tf.sub(u, v), 1e-6)) as tf.Tensor1D;
}
