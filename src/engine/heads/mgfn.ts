/**
 * Magnitude-contrastive glance-and-focus network: Chen et al., AAAI 2023. The paper's network is here, the released
 * one in `mgfn-code.ts`.
 *
 * Features are amplified by their own magnitude (FAM, Eq. 1, 2). A glance block lets every segment look at the whole
 * video (Eq. 3 to 5), a focus block at its surroundings (Eq. 6, 7). The k segments with the largest magnitudes speak
 * for a video, and the magnitude contrast (Eq. 8 to 10) pulls the magnitudes of two videos of one class together and
 * pushes those of different classes apart.
 *
 * The equations show no normalisation, and literally taken they diverge within a few steps; where norms stand is our
 * reading and can be switched off. The paper exchanges the names of smoothness and sparsity; here they mean what they
 * say.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BatchLabels, Head, LossTerms, Network, ParameterTensors, Parameters } from './head.ts';
import { scoreAtOnce } from './head.ts';
import { initChannelLayerNorm, initConv, initLayerNorm, initLinear } from './initial.ts';
import {
  absolute,
  attend,
  binaryCrossEntropy,
  channelLayerNorm,
  gelu,
  inStretches,
  labelTensor,
  layerNorm,
  linear,
  maxFirst,
  meanAttention,
  norm,
  safeSqrt,
  smoothness,
  sparsity,
  temporalConv,
  timeViews,
} from './parts.ts';
import { magnitudeLoss, selectByMagnitude } from './magnitude.ts';
import { mgfnCode } from './mgfn-code.ts';
import { mgfnCard, type MgfnConfig } from './mgfn.fields.ts';
import { lookAtOnce, traceAtOnce } from './sight.ts';

/** Channels (or segments) that a focus block takes together ("kernel_size=5"). */
const FOCUS_REACH = 5;
/** Width of the feed-forward layer, in channels of its block. */
const FFN_RATIO = 4;

type Kind = 'glance' | 'focus';

/** Which block comes first and second. */
const BLOCKS: Record<MgfnConfig['structure'], [Kind, Kind]> = {
  GF: ['glance', 'focus'],
  FG: ['focus', 'glance'],
  FF: ['focus', 'focus'],
  GF_fusion: ['glance', 'focus'],
};

export const mgfnPaper: Network<MgfnConfig> = {
  init(config, { features }, random) {
    const parameters: Parameters = new Map();
    const [first, second] = widths(config, features);
    const conv = (name: string, outputs: number, inputs: number, taps: number, bias = true) =>
      initConv(parameters, name, [outputs, inputs, taps], 'torch', random, bias);
    const block = (name: string, kind: Kind, size: number) => {
      conv(`${name}.scc`, size, size, 3);
      if (kind === 'glance') {
        if (config.norm) initChannelLayerNorm(parameters, `${name}.norm_att`, size);
        for (const part of ['q', 'k', 'v']) conv(`${name}.${part}`, size, size, 1, false);
      }
      if (config.norm) initChannelLayerNorm(parameters, `${name}.ffn.norm`, size);
      conv(`${name}.ffn.fc1`, FFN_RATIO * size, size, 1);
      conv(`${name}.ffn.fc2`, size, FFN_RATIO * size, 1);
    };
    const [one, two] = BLOCKS[config.structure];
    if (config.amplify) conv('fam', features, 1, 3);
    conv('reduce', first, features, 3);
    block('block1', one, first);
    conv('expand', second, first, 1);
    block('block2', two, config.structure === 'GF_fusion' ? first : second);
    if (config.headNorm) initLayerNorm(parameters, 'head_norm', second);
    initLinear(parameters, 'fc', 1, second, 'torch', random);
    return parameters;
  },

  forward(parameters, { segments }, config) {
    const [bags, crops, length, size] = segments.shape;
    const x = tf.reshape(segments, [bags * crops, length, size]) as tf.Tensor3D; // [N,T,D]
    const amplified = config.amplify ? amplify(x, parameters, config.alpha) : x;
    const tokens = temporalConv(amplified, parameters, 'reduce'); // [N,T,D/32]
    const [one, two] = BLOCKS[config.structure];
    let attention: tf.Tensor3D | undefined;
    const through = (input: tf.Tensor3D, name: string, kind: Kind) => {
      if (kind === 'focus') return focus(input, parameters, name, config);
      const seen = glance(input, parameters, name, config);
      attention = seen.attention;
      return seen.output;
    };
    const first = through(tokens, 'block1', one);
    const features =
      config.structure === 'GF_fusion'
        ? temporalConv(tf.add(first, through(tokens, 'block2', two)), parameters, 'expand')
        : through(temporalConv(first, parameters, 'expand'), 'block2', two); // [N,T,D/16]
    const read = config.headNorm ? layerNorm(features, parameters, 'head_norm') : features;
    const logits = linear(read, parameters, 'fc'); // [N,T,1]
    const output = selectByMagnitude(features, logits, [bags, crops], config.topK);
    return {
      ...output,
      amplified,
      attention: attention && meanAttention(attention, bags),
      glance: attention,
      activations: read,
    };
  },

  loss({ scores, bagScores, topMagnitudes, meanFeatures }, labels, config): LossTerms {
    const { normal, anomalous } = labels;
    const ofAnomalous = tf.slice(scores, [normal, 0], [anomalous, -1]); // [Ba,T]
    const terms: LossTerms = {
      sce: { value: tf.mean(binaryCrossEntropy(bagScores, labelTensor(labels))), weight: 1 },
      sparsity: { value: tf.mean(sparsity(ofAnomalous)), weight: config.lambdaSparse },
      smoothness: { value: tf.mean(smoothness(ofAnomalous)), weight: config.lambdaSmooth },
    };
    if (config.loss === 'rtfm') {
      const value = magnitudeLoss(meanFeatures!, labels, config.margin);
      return { ...terms, rtfm: { value, weight: config.lambdaMagnitude } };
    }
    if (!config.contrast) return terms;
    const weight = config.lambdaContrast;
    const contrast = magnitudeContrast(topMagnitudes as tf.Tensor2D, labels, config);
    return {
      ...terms,
      mc_same_normal: { value: contrast.sameNormal, weight },
      mc_same_abnormal: { value: contrast.sameAnomalous, weight },
      mc_cross: { value: contrast.cross, weight },
    };
  },

  optimiser: ({ learningRate, weightDecay }) => ({ name: 'adam', learningRate, weightDecay }),

  score(parameters, snippets, config) {
    return scoreAtOnce(mgfnPaper, parameters, snippets, config);
  },

  look: (parameters, snippets, config) => lookAtOnce(mgfnPaper, parameters, snippets, config),

  trace: (parameters, snippets, config, snippet) =>
    traceAtOnce(mgfnPaper, parameters, snippets, config, snippet, 'fc'),
};

const networkOf = ({ network }: MgfnConfig): Network<MgfnConfig> =>
  network === 'code' ? mgfnCode : mgfnPaper;

export const mgfn: Head<MgfnConfig> = {
  card: mgfnCard,
  init: (config, dims, random) => networkOf(config).init(config, dims, random),
  forward: (parameters, batch, config, mode) => networkOf(config).forward(parameters, batch, config, mode),
  loss: (output, labels, config, parameters) => networkOf(config).loss(output, labels, config, parameters),
  optimiser: (config) => networkOf(config).optimiser(config),
  score: (parameters, snippets, config) => networkOf(config).score(parameters, snippets, config),
  look: (parameters, snippets, config) => networkOf(config).look(parameters, snippets, config),
  trace: (parameters, snippets, config, snippet) =>
    networkOf(config).trace(parameters, snippets, config, snippet),
};

/** Channels of both blocks: what is asked for, or D/32 and D/16. */
function widths({ width1, width2 }: MgfnConfig, features: number): [number, number] {
  const share = (own: number, part: number) => own || Math.max(1, Math.round(features / part));
  return [share(width1, 32), share(width2, 16)];
}

/** Eq. 1, 2: x + alpha Conv(|x|), in the raw dimensions. */
function amplify(x: tf.Tensor3D, parameters: ParameterTensors, alpha: number): tf.Tensor3D {
  const magnitude = tf.expandDims(norm(x), 2) as tf.Tensor3D; // [N,T,1]
  return tf.add(x, tf.mul(temporalConv(magnitude, parameters, 'fam'), alpha));
}

/** The glance block: a convolution, attention over the whole video (one head, no scaling), a feed-forward layer. */
function glance(input: tf.Tensor3D, parameters: ParameterTensors, name: string, config: MgfnConfig) {
  const x = tf.add<tf.Tensor3D>(input, temporalConv(input, parameters, `${name}.scc`));
  const seen = config.norm ? channelLayerNorm(x, parameters, `${name}.norm_att`) : x;
  const [q, k, v] = ['q', 'k', 'v'].map((part) => temporalConv(seen, parameters, `${name}.${part}`));
  const { mixed, weights } = attend(q, k, v, 1); // Eq. 3 to 5
  return { output: feedForward(tf.add(x, mixed), parameters, name, config), attention: weights };
}

/** The focus block: a convolution, the self-attentional convolution, a feed-forward layer. */
function focus(
  input: tf.Tensor3D,
  parameters: ParameterTensors,
  name: string,
  config: MgfnConfig,
): tf.Tensor3D {
  const x = tf.add<tf.Tensor3D>(input, temporalConv(input, parameters, `${name}.scc`));
  const focused = selfAttentionalConvolution(x, config.focus, config.focusNorm);
  return feedForward(tf.add(x, focused), parameters, name, config);
}

function feedForward(
  x: tf.Tensor3D,
  parameters: ParameterTensors,
  name: string,
  config: MgfnConfig,
): tf.Tensor3D {
  return inStretches(x, (stretch) => {
    const seen = config.norm ? channelLayerNorm(stretch, parameters, `${name}.ffn.norm`) : stretch;
    const hidden = gelu(temporalConv(seen, parameters, `${name}.ffn.fc1`));
    return tf.add(stretch, temporalConv(hidden, parameters, `${name}.ffn.fc2`));
  });
}

/**
 * Eq. 6, 7, without weights of its own: every channel times the sum of those around it (`channel`), of all (`all`, as
 * printed), or of itself at the segments around (`temporal`, the axis that the released code convolves).
 * @param x `[N,T,C]`
 * @param normalise whether x is divided by its root mean square over channels first
 */
export function selfAttentionalConvolution(
  x: tf.Tensor3D,
  axis: MgfnConfig['focus'],
  normalise: boolean,
): tf.Tensor3D {
  const size = safeSqrt(tf.mean(tf.square(x), 2, true));
  const y = normalise ? tf.div<tf.Tensor3D>(x, tf.add(size, 1e-5)) : x;
  if (axis === 'all') return tf.mul(y, tf.sum(y, 2, true));
  if (axis === 'temporal') return tf.mul(y, sumOf(timeViews(y, FOCUS_REACH)));
  const turned = tf.transpose(y, [0, 2, 1]); // channels where time stands
  return tf.mul(y, tf.transpose(sumOf(timeViews(turned, FOCUS_REACH)), [0, 2, 1]));
}

const sumOf = (views: tf.Tensor3D[]) => views.reduce((sum, view) => tf.add(sum, view));

/**
 * Eq. 8 to 10. The distance of two videos is the smallest (one class) or largest (two classes) difference among their
 * k top magnitudes, or the difference of the means; sums run over ordered pairs of videos.
 * @param top `[B,k]`
 */
function magnitudeContrast(
  top: tf.Tensor2D,
  { normal, anomalous }: BatchLabels,
  { contrastReduce, contrastClamp, margin }: MgfnConfig,
) {
  const ofNormal = tf.slice(top, [0, 0], [normal, -1]) as tf.Tensor2D;
  const ofAnomalous = tf.slice(top, [normal, 0], [anomalous, -1]) as tf.Tensor2D;
  const same = (of: tf.Tensor2D) => tf.sum<tf.Scalar>(magnitudeDistance(of, of, 'same', contrastReduce));
  const distance = magnitudeDistance(ofNormal, ofAnomalous, 'cross', contrastReduce); // [Bn,Ba]
  const gap = tf.sub(margin, distance);
  return {
    sameNormal: same(ofNormal), // a video and itself: 0
    sameAnomalous: same(ofAnomalous),
    cross: tf.sum<tf.Scalar>(contrastClamp ? tf.relu(gap) : gap),
  };
}

/**
 * Of every video of `a` and every one of `b`: the smallest (`same`) or largest (`cross`) difference of two of their
 * magnitudes, or with `mean` the difference of their means.
 * @param a `[A,k]`
 * @param b `[B,k]`
 * @returns `[A,B]`
 */
export function magnitudeDistance(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  kind: 'same' | 'cross',
  reduce: MgfnConfig['contrastReduce'],
): tf.Tensor2D {
  if (reduce === 'mean') {
    const [meanA, meanB] = [tf.mean(a, 1, true), tf.mean(b, 1)];
    return absolute(tf.sub(meanA, meanB)) as tf.Tensor2D;
  }
  const [rows, k] = a.shape;
  const [columns, l] = b.shape;
  const difference = tf.sub(tf.reshape(a, [rows, 1, k, 1]), tf.reshape(b, [1, columns, 1, l]));
  const pairs = tf.reshape(absolute(difference), [rows * columns, k * l]) as tf.Tensor2D;
  const extreme = kind === 'cross' ? maxFirst(pairs) : tf.neg(maxFirst(tf.neg(pairs)));
  return tf.reshape(extreme, [rows, columns]);
}
