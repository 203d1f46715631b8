/**
 * WSAL: Lv et al., "Localizing Anomalies from Weakly-Labeled Videos", IEEE TIP 2021. The paper's network is here, the
 * released one in `wsal-code.ts`.
 *
 * Segments are encoded with their neighbours (Eq. 4). A segment scores by what it looks like (immediate semantics,
 * Eq. 5) and by how it differs from those beside it (dynamic variations, Eq. 6). The *span* of scores within a video,
 * the largest difference of two segments, should be larger in anomalous videos (Eq. 2, 7, 8). Two enhancements make
 * data of known answer: normal videos with noise keep a score of 0 (Eq. 10), and segments of an anomalous video that
 * are blended into a normal one should score above the rest of it (Eq. 12).
 */
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../failure.ts';
import type { Random } from '../random.ts';
import type { Batch, Head, HeadOutput, LossTerms, Network, Parameters } from './head.ts';
import { scoreAtOnce } from './head.ts';
import { initConv, initLinear } from './initial.ts';
import { adjacentChange, linear, maxFirst, overCrops, span, temporalConv, timeViews } from './parts.ts';
import { lookAtOnce, traceAtOnce } from './sight.ts';
import { wsalCode } from './wsal-code.ts';
import { WSAL_CURVES, wsalCard, wsalOptimiser, type WsalConfig } from './wsal.fields.ts';

/** Range of the share of an anomalous feature in a blended segment (section III-C). */
const BLEND = [0.2, 0.5] as const;

/** Share of a video's segments that noise or a made anomaly touches, at most. */
const TOUCHED = 0.25;

export const wsalPaper: Network<WsalConfig> = {
  init(config, dims, random) {
    if (!config.semantics && !config.variation) {
      throw new Failure({
        code: 'config-invalid',
        subject: wsalCard.title,
        what: 'Without immediate semantics and dynamic variations there is nothing to score by.',
        next: 'Switch one of them on.',
      });
    }
    const parameters: Parameters = new Map();
    initLinear(parameters, 'fc1', config.hidden1, dims.features, 'torch', random);
    initLinear(parameters, 'fc2', config.hidden2, config.hidden1, 'torch', random);
    const taps = 2 * windowOf(config) + 1;
    initConv(parameters, 'hce', [config.context, config.hidden2, taps], 'torch', random);
    if (config.semantics) initLinear(parameters, 'sem', 1, config.context, 'torch', random);
    return parameters;
  },

  augment(batch, config, random) {
    return {
      ...(config.noise ? { noise: noisyNormals(batch, random.stream('noise')) } : {}),
      ...(config.handcrafted ? blendedPairs(batch, random.stream('handcrafted')) : {}),
    };
  },

  forward(parameters, { segments, extras = {} }, config, mode) {
    const [bags, crops, length, size] = segments.shape;
    const made = extras.pseudoMask ? blend(extras) : null; // [np,T,D]
    // One pass over everything: bags, noisy normals, made anomalies.
    const groups = [tf.reshape(segments, [bags * crops, length, size]), extras.noise, made].filter(
      (group): group is tf.Tensor3D => group !== undefined && group !== null,
    );
    const x = groups.length > 1 ? tf.concat(groups) : groups[0]; // [N,T,D]

    const h1 = mode.dropout(tf.relu(linear(x, parameters, 'fc1')), config.dropout, 'fc1');
    const h2 = mode.dropout(tf.relu(linear(h1, parameters, 'fc2')), config.dropout, 'fc2');
    const encoded = temporalConv(h2, parameters, 'hce', { padding: 'replicate' }); // Eq. 4
    const z = mode.dropout(encoded, config.dropout, 'hce'); // [N,T,context]
    const sem = config.semantics
      ? (tf.squeeze(tf.sigmoid(linear(z, parameters, 'sem')), [2]) as tf.Tensor2D) // Eq. 5
      : null;
    const variation = secondOrderVariation(z, config.border); // Eq. 6
    const both = sem ? tf.div<tf.Tensor2D>(tf.add(sem, variation), 2) : variation;
    const final = sem && !config.variation ? sem : both; // Eq. 11

    const rows = groups.map(({ shape }) => shape[0]);
    const starts = rows.map((_, i) => rows.slice(0, i).reduce((a, b) => a + b, 0));
    const part = (all: tf.Tensor, group: number) => tf.slice(all, starts[group], rows[group]) as tf.Tensor2D;
    const ofBags = (all: tf.Tensor) => overCrops(tf.reshape(part(all, 0), [bags, crops, length]));
    const scores = ofBags(final); // [B,T]
    const output: HeadOutput = {
      scores,
      bagScores: maxFirst(scores),
      semantic: sem ? ofBags(sem) : undefined,
      variation: ofBags(variation),
      context: part(z, 0),
      activations: sem ? (part(z, 0) as tf.Tensor as tf.Tensor3D) : undefined,
    };
    if (extras.noise) output.noise = part(final, 1);
    if (made) {
      output.pseudo = part(final, rows.length - 1);
      output.pseudoFeatures = made;
      output.pseudoMask = extras.pseudoMask;
    }
    return output;
  },

  loss({ semantic, variation, noise, pseudo, pseudoMask }, labels, config): LossTerms {
    const terms: LossTerms = {};
    const [sem, varied] = [semantic, variation] as tf.Tensor2D[];
    if (config.semantics)
      terms.margin_semantic = { value: marginLoss(span(sem), labels, config.margin), weight: 1 };
    if (config.variation)
      terms.margin_variation = { value: marginLoss(span(varied), labels, config.margin), weight: 1 };
    // Eq. 9, over the videos of both classes
    const seen = [...(config.semantics ? [sem] : []), ...(config.variation ? [varied] : [])];
    const sums = seen.map((scores) => tf.mean(tf.sum(tf.abs(scores), 1)) as tf.Scalar);
    terms.sparsity = { value: sums.reduce((a, b) => tf.add(a, b)), weight: config.lambdaSparse };
    if (noise) terms.noise = { value: tf.mean(tf.sum(tf.square(noise), 1)), weight: config.lambdaEnhance }; // Eq. 10
    if (pseudo)
      terms[`location_${config.locationSign}`] = {
        value: locationLoss(pseudo as tf.Tensor2D, pseudoMask as tf.Tensor2D, config.locationSign),
        weight: config.lambdaEnhance,
      };
    return terms;
  },

  optimiser: wsalOptimiser,

  score(parameters, snippets, config) {
    return scoreAtOnce(wsalPaper, parameters, snippets, config);
  },

  look: (parameters, snippets, config) => lookAtOnce(wsalPaper, parameters, snippets, config, WSAL_CURVES),

  /** Eq. 11: the mean of what the segment looks like and how it differs, or the one of them that is switched on. */
  trace(parameters, snippets, config, snippet) {
    const share = config.semantics && config.variation ? 0.5 : 1;
    const beside = [{ name: 'dynamic variation', share, output: 'variation' }];
    return traceAtOnce(wsalPaper, parameters, snippets, config, snippet, 'sem', {
      share,
      beside: config.variation ? beside : [],
    });
  },
};

const networkOf = ({ network }: WsalConfig): Network<WsalConfig> =>
  network === 'code' ? wsalCode : wsalPaper;

export const wsal: Head<WsalConfig> = {
  card: wsalCard,
  init: (config, dims, random) => networkOf(config).init(config, dims, random),
  augment: (batch, config, random) => networkOf(config).augment?.(batch, config, random) ?? {},
  forward: (parameters, batch, config, mode) => networkOf(config).forward(parameters, batch, config, mode),
  loss: (output, labels, config, parameters) => networkOf(config).loss(output, labels, config, parameters),
  optimiser: (config) => networkOf(config).optimiser(config),
  score: (parameters, snippets, config) => networkOf(config).score(parameters, snippets, config),
  look: (parameters, snippets, config) => networkOf(config).look(parameters, snippets, config),
  trace: (parameters, snippets, config, snippet) =>
    networkOf(config).trace(parameters, snippets, config, snippet),
};

const windowOf = ({ window, contextEncoding }: WsalConfig) => (contextEncoding ? window : 0);

/**
 * Eq. 6: (2 - cos(z[t-1], z[t]) - cos(z[t], z[t+1])) / 4, 0..1. Beyond the ends a segment meets itself (no
 * difference), or its one neighbour once more. A single segment does not vary.
 * @param z `[N,T,E]`
 * @returns `[N,T]`
 */
export function secondOrderVariation(z: tf.Tensor3D, border: WsalConfig['border']): tf.Tensor2D {
  const [bags, length] = z.shape;
  if (length < 2) return tf.mul(tf.sum(z, 2), 0) as tf.Tensor2D; // none, and yet a function of z
  const change = adjacentChange(z); // [N,T-1]
  const [before, after] =
    border === 'mirror'
      ? [tf.slice(change, [0, 0], [bags, 1]), tf.slice(change, [0, length - 2], [bags, 1])]
      : [tf.zeros([bags, 1]), tf.zeros([bags, 1])];
  return tf.div(tf.add(tf.concat([before, change], 1), tf.concat([change, after], 1)), 4) as tf.Tensor2D;
}

/** Eq. 2: hinge between the mean spans of both classes. */
export function marginLoss(
  spans: tf.Tensor1D,
  { normal, anomalous }: { normal: number; anomalous: number },
  margin: number,
): tf.Scalar {
  const ofNormal = tf.mean(tf.slice(spans, [0], [normal]));
  const ofAnomalous = tf.mean(tf.slice(spans, [normal], [anomalous]));
  return tf.relu(tf.add(tf.sub(ofNormal, ofAnomalous), margin)) as tf.Scalar;
}

/**
 * Eq. 12: every blended segment against the highest of the others. A bag that is blended everywhere or nowhere says
 * nothing.
 * @param scores `[np,T]`
 * @param mask `[np,T]`, 1 where blended
 */
function locationLoss(scores: tf.Tensor2D, mask: tf.Tensor2D, sign: WsalConfig['locationSign']): tf.Scalar {
  const rest = maxFirst(tf.sub(scores, tf.mul(mask, 1e3))); // blended segments cannot be the maximum
  const touched = tf.sum(mask, 1, true);
  const isMixed = tf.cast(tf.logicalAnd(tf.greater(touched, 0), tf.less(touched, mask.shape[1])), 'float32'); // [np,1]
  const above = tf.sub(scores, tf.expandDims(rest, 1));
  const hinge = tf.relu(sign === 'printed' ? above : tf.neg(above));
  return tf.mean(tf.sum(tf.mul(tf.mul(hinge, mask), isMixed), 1));
}

/** x_t = c_t abnormal[source_t] + (1 - c_t) normal_t where blended, normal_t elsewhere: `[np,T,D]`. */
function blend(extras: Record<string, tf.Tensor>): tf.Tensor3D {
  const { pseudoNormal, pseudoAbnormal, pseudoMask, pseudoCoef, pseudoSource } = extras;
  const position = tf.range(0, pseudoAbnormal.shape[1]!, 1, 'float32');
  const take = tf.cast(tf.equal(tf.expandDims(pseudoSource, 2), position), 'float32'); // [np,T,T]
  const fetched = tf.matMul(take as tf.Tensor3D, pseudoAbnormal as tf.Tensor3D);
  const share = tf.expandDims(tf.mul(pseudoMask, pseudoCoef), 2);
  return tf.add(tf.mul(share, fetched), tf.mul(tf.sub(1, share), pseudoNormal)) as tf.Tensor3D;
}

/**
 * Normal videos with noise. Where pictures were disturbed at extraction (`video/disturb.ts`), their features. Else noise
 * at the level of features, a stand-in: random segments are scaled by -20 to +20 %, lose a quarter or more of their
 * dimensions, or are blurred over their neighbours.
 * @returns `[n,T,D]`
 */
function noisyNormals({ segments, normal, sets }: Batch, random: Random): tf.Tensor3D {
  if (sets?.noise) return tf.slice(sets.noise.values, 0, normal);
  const [, , length, size] = segments.shape;
  const x = tf.reshape(tf.slice(segments, 0, normal), [-1, length, size]) as tf.Tensor3D;
  const count = x.shape[0] * length;
  const kinds = Array.from({ length: count }, () => (random.uniform() < TOUCHED ? random.below(3) : -1));
  const where = (kind: number) =>
    tf.tensor3d(
      kinds.map((own) => Number(own === kind)),
      [x.shape[0], length, 1],
    );
  const scales = Array.from({ length: count }, () => random.between(-0.2, 0.2));
  const scaled = tf.mul(x, tf.add(1, tf.tensor3d(scales, [x.shape[0], length, 1])));
  const rate = random.between(0.25, 1);
  const left = tf.tensor3d(random.stream('interruption').dropoutMask(size, rate), [1, 1, size]);
  const interrupted = tf.mul(x, tf.cast(tf.greater(left, 0), 'float32'));
  const views = timeViews(x, 3, 1, 'replicate');
  const blurred = tf.div(tf.add(tf.add(views[0], views[1]), views[2]), 3);
  const changes = [scaled, interrupted, blurred].map((changed, kind) =>
    tf.mul(where(kind), tf.sub(changed, x)),
  );
  return changes.reduce((sum, change) => tf.add(sum, change), x as tf.Tensor) as tf.Tensor3D;
}

/** Random segments of normal videos, each with a segment of an anomalous video to blend in and its share. */
function blendedPairs({ segments, normal, anomalous }: Batch, random: Random): Record<string, tf.Tensor> {
  const [, , length, size] = segments.shape;
  const pairs = Math.min(normal, anomalous);
  const firstCrop = (start: number) =>
    tf.reshape(tf.slice(segments, [start, 0, 0, 0], [pairs, 1, length, size]), [pairs, length, size]);
  const touched = Math.max(1, Math.round(TOUCHED * length));
  const [mask, coef, source] = [0, 0, 0].map(() => new Float32Array(pairs * length));
  for (let pair = 0; pair < pairs; pair++) {
    const count = 1 + random.below(touched);
    const positions = random.shuffle(Array.from({ length }, (_, t) => t)).slice(0, count);
    for (const t of positions) {
      mask[pair * length + t] = 1;
      coef[pair * length + t] = random.between(...BLEND);
      source[pair * length + t] = random.below(length);
    }
  }
  const table = (values: Float32Array) => tf.tensor2d(values, [pairs, length]);
  return {
    pseudoNormal: firstCrop(0),
    pseudoAbnormal: firstCrop(normal),
    pseudoMask: table(mask),
    pseudoCoef: table(coef),
    pseudoSource: table(source),
  };
}
