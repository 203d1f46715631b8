/**
 * Global information guided video anomaly detection (GIG): Lv et al., ACM Multimedia 2020 (CitySCENE challenge). There
 * is no released code.
 *
 * The head sees feature maps. What a whole video is about, its strongest response in every channel (Eq. 1), amplifies
 * those channels everywhere (Eq. 2) and is classified by itself (Eq. 3). In each segment the k cells that look most
 * like it (Eq. 5) speak for the segment (Eq. 6, 7), and the p highest segments of each class for the video (Eq. 8).
 * Classes may occur together; index 0 is "normal" and never enters a maximum.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NumericArray } from '../types.ts';
import { expandGig, gigWindowStarts } from '../evaluation/expand.ts';
import type {
  BatchLabels,
  Head,
  LossTerms,
  ParameterTensors,
  Parameters,
  ScoreTrace,
  Sight,
} from './head.ts';
import { scoring } from './head.ts';
import { gigCard, type GigConfig } from './gig.fields.ts';
import { initLinear } from './initial.ts';
import {
  binaryCrossEntropy,
  cosine,
  firstMaxMask,
  labelTensor,
  linear,
  maxFirst,
  selectTopK,
} from './parts.ts';
import { rowsOf, seen, throughLayer } from './sight.ts';

export const gig: Head<GigConfig> = {
  card: gigCard,

  init(_, { features, classes = 1 }, random) {
    const parameters: Parameters = new Map();
    initLinear(parameters, 'phi1', 1 + classes, features, 'torch', random);
    initLinear(parameters, 'phi2', 1 + classes, features, 'torch', random);
    return parameters;
  },

  forward(parameters, { segments: cells }, config, mode) {
    const [bags, area, length, size] = cells.shape;
    const x = tf.transpose(cells, [0, 2, 1, 3]); // [B,T,hw,D]
    const everywhere = tf.reshape(x, [bags, length * area, size]);
    const g = maxFirst<tf.Tensor2D>(everywhere, 1); // Eq. 1: [B,D]
    const attention = tf.reshape(tf.sigmoid(g), [bags, 1, 1, size]);
    const enhanced = tf.add(tf.mul(attention, x), x); // Eq. 2: [B,T,hw,D]
    const dropped = mode.dropout(g, config.dropout, 'global');
    const globalScores = tf.sigmoid(linear(dropped, parameters, 'phi1')); // in Eq. 3: [B,1+C]

    const relation = cosine(tf.reshape(g, [bags, 1, 1, size]), enhanced) as tf.Tensor3D; // Eq. 5: [B,T,hw]
    const rows = bags * length;
    const cellChoice = selectTopK(tf.reshape(relation, [rows, area]), config.topCells); // [B*T,k,hw]
    const flat = tf.reshape(enhanced, [rows, area, size]) as tf.Tensor3D;
    const spoken = tf.matMul(tf.mean(cellChoice, 1, true) as tf.Tensor3D, flat); // Eq. 6: [B*T,1,D]
    const spatial = tf.reshape(spoken, [bags, length, size]) as tf.Tensor3D;
    const read = mode.dropout(spatial, config.dropout, 'segment');
    const segmentScores = tf.sigmoid(linear(read, parameters, 'phi2')); // Eq. 7: [B,T,1+C]

    const classes = segmentScores.shape[2];
    const byClass = tf.transpose(segmentScores, [0, 2, 1]); // [B,1+C,T]
    const flatClasses = tf.reshape(byClass, [bags * classes, length]) as tf.Tensor2D;
    const segmentChoice = selectTopK(flatClasses, config.topSegments); // [B*(1+C),p,T]
    const chosenScores = tf.sum(tf.mul(tf.mean(segmentChoice, 1), flatClasses), 1);
    const consensus = tf.reshape(chosenScores, [bags, classes]) as tf.Tensor2D; // Eq. 8: [B,1+C]

    const anomalies = <T extends tf.Tensor>(all: T): T =>
      tf.slice(all, [...all.shape.slice(1).map(() => 0), 1], [...all.shape.slice(0, -1), classes - 1]);
    const ofClasses = tf.reshape(tf.sum(segmentChoice, 1), [bags, classes, length]);
    const strongest = tf.expandDims(firstMaxMask(anomalies(consensus)), 2); // [B,C,1]
    return {
      scores: maxFirst<tf.Tensor2D>(anomalies(segmentScores)), // [B,T]
      bagScores: maxFirst(anomalies(consensus)), // Eq. 9: [B]
      globalAnomaly: maxFirst(anomalies(globalScores)), // Eq. 3: [B]
      // The segments that spoke for the anomaly class that won.
      chosen: tf.sum(
        tf.mul(tf.slice(ofClasses, [0, 1, 0], [bags, classes - 1, length]), strongest),
        1,
      ) as tf.Tensor2D,
      global: g,
      relation,
      cellChoice,
      spatial,
      globalScores,
      segmentScores,
      segmentChoice,
      consensus,
    };
  },

  loss({ bagScores, globalAnomaly, consensus, segmentScores, scores }, labels, config): LossTerms {
    const isAnomalous = labelTensor(labels); // y*: [B]
    const targets = targetsOf(labels, consensus!.shape[1]!);
    const perClass = binaryCrossEntropy(consensus as tf.Tensor2D, targets); // [B,1+C]
    // An anomalous video whose class nobody named says nothing of classes, also not that none occurs.
    const isTold = tf.minimum(1, tf.sum(targets, 1));
    const overClasses = config.classReduction === 'mean' ? tf.mean(perClass, 1) : tf.sum(perClass, 1);
    const [bags, length, classes] = segmentScores!.shape as [number, number, number];
    const anomalyScores = tf.slice(segmentScores!, [0, 0, 1], [bags, length, classes - 1]);
    const sparse = config.sparseReduction === 'max' ? tf.sum(scores, 1) : tf.sum(anomalyScores, [1, 2]);
    const star = (p: tf.Tensor1D) => tf.mean<tf.Scalar>(binaryCrossEntropy(p, isAnomalous));
    return {
      segment: { value: tf.mean<tf.Scalar>(tf.mul(overClasses, isTold)), weight: 1 }, // Eq. 10, 11
      segment_star: { value: star(bagScores), weight: config.lambdaSegment }, // Eq. 12
      global_star: { value: star(globalAnomaly as tf.Tensor1D), weight: config.lambdaGlobal }, // Eq. 4
      sparse: { value: tf.mean(sparse), weight: config.lambdaSparse }, // Eq. 13
    }; // Eq. 14
  },

  optimiser: ({ learningRate }) => ({ name: 'adagrad', learningRate }),

  /**
   * A window slides over the snippets, each position a segment; a snippet has the mean of the windows that cover it,
   * smoothed by a Gaussian.
   */
  async score(parameters, snippets, config) {
    const [area, count] = snippets.shape;
    return scoresOf(await readWindows(parameters, snippets, config), count, area, config);
  },

  async look(parameters, snippets, config): Promise<Sight> {
    const [area, count] = snippets.shape;
    const read = await readWindows(parameters, snippets, config);
    return {
      ...scoresOf(read, count, area, config),
      spoke: columns(read.spoke!.values, area, count, config, 'none'),
    };
  },

  /** What the cells that spoke say (Eq. 6): the mean over the windows that cover a snippet, not smoothed. */
  async hidden(parameters, snippets, config) {
    const { spatial } = await readWindows(parameters, snippets, config);
    return columns(spatial!.values, spatial!.shape[2], snippets.shape[1], config, 'none');
  },

  /** What the windows near a snippet count in its score is what a 1 in their place would leave there. */
  async trace(parameters, snippets, config, snippet): Promise<ScoreTrace> {
    const count = snippets.shape[1];
    const { classes, spatial } = await readWindows(parameters, snippets, config);
    const total = classes!.shape[2];
    const starts = gigWindowStarts(count, config);
    const rows = rowsOf(spatial!, starts.length);
    const reach = Math.ceil(4 * config.sigma) + config.window + config.stride;
    const near = starts.map((_, i) => i).filter((i) => Math.abs(starts[i] - snippet) <= reach);
    const counted = near
      .map((i) => {
        const alone = Float32Array.from(starts, (_, other) => Number(other === i));
        return { i, share: toSnippets(alone, count, config)[snippet] };
      })
      .filter(({ share }) => share > 0);
    const winners = counted.map(({ i }) => {
      const anomalies = classes!.values.subarray(i * total + 1, (i + 1) * total);
      return 1 + anomalies.indexOf(anomalies.reduce((a, b) => Math.max(a, b)));
    });
    const spoken = counted.map(({ i }) => rows[i]);
    const read = await throughLayer(parameters, 'phi2', spoken, (row) => winners[row]);
    const parts = read.map((part, row) => {
      const { i, share } = counted[row];
      const [from, to] = [starts[i], Math.min(starts[i] + config.window, count) - 1];
      return { ...part, name: `window ${from + 1}–${to + 1}`, from, to, share, class: winners[row] };
    });
    return { score: parts.reduce((sum, { share, value }) => sum + share * value, 0), parts };
  },
};

function scoresOf(
  { scores, classes, relation }: Awaited<ReturnType<typeof readWindows>>,
  count: number,
  area: number,
  config: GigConfig,
) {
  return {
    scores: Float32Array.from(toSnippets(scores!.values, count, config)),
    classes: columns(classes!.values, classes!.shape[2], count, config),
    relation: columns(relation!.values, area, count, config, 'none'),
    snippetsPerScore: 1,
  };
}

/** What each window says, to what each snippet has: the mean of the windows that cover it, smoothed. */
function toSnippets(
  values: ArrayLike<number>,
  count: number,
  { window, stride, sigma }: GigConfig,
  smooth: 'frames' | 'none' = 'frames',
): Float64Array {
  return expandGig(values, count, { window, stride, sigma, smooth: sigma > 0 ? smooth : 'none' });
}

/** Rows of `width` for windows, to rows for snippets: `[N,width]`. */
function columns(
  values: ArrayLike<number>,
  width: number,
  count: number,
  config: GigConfig,
  smooth: 'frames' | 'none' = 'frames',
): NumericArray {
  const windows = values.length / width;
  const table = new Float32Array(count * width);
  for (let column = 0; column < width; column++) {
    const own = Float32Array.from({ length: windows }, (_, i) => values[i * width + column]);
    toSnippets(own, count, config, smooth).forEach((value, n) => (table[n * width + column] = value));
  }
  return { shape: [count, width], values: table };
}

/** Mean maps of windows as segments of one bag. */
function readWindows(parameters: ParameterTensors, snippets: tf.Tensor3D, config: GigConfig) {
  const [area, count, size] = snippets.shape;
  return seen(() => {
    const windows = gigWindowStarts(count, config).map((start) => {
      const length = Math.min(config.window, count - start);
      return tf.mean(tf.slice(snippets, [0, start, 0], [area, length, size]), 1, true);
    });
    const segments = tf.expandDims(tf.concat(windows, 1), 0) as tf.Tensor4D; // [1,hw,windows,D]
    const batch = { segments, normal: 1, anomalous: 0 };
    const output = gig.forward(parameters, batch, config, scoring);
    return {
      scores: output.scores, // [1,windows]
      classes: output.segmentScores, // [1,windows,1+C]
      relation: output.relation, // [1,windows,hw]
      spoke: tf.sum(output.cellChoice!, 1), // [windows,hw], 1 for the cells that spoke
      spatial: output.spatial, // [1,windows,D]
    };
  });
}

/** y: `[B,1+C]`; where no class is named, one column for "normal" and one for "anomalous". */
function targetsOf(labels: BatchLabels, columns: number): tf.Tensor2D {
  if (labels.targets) return labels.targets;
  if (columns !== 2) throw new Error('a head of several classes needs labels that name them');
  const anomalous = tf.expandDims(labelTensor(labels), 1);
  return tf.concat([tf.sub(1, anomalous), anomalous], 1) as tf.Tensor2D;
}
