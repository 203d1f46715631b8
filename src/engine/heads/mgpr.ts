/**
 * Mutually guided progressive refinement (MGPR) for weakly-supervised spatio-temporal anomaly detection (WSSTAD): Wu
 * et al., IJCAI 2021. There is no released code.
 *
 * Two branches of one architecture read a video as two bags: tubes (objects followed through frames, by the pixels of
 * their region) and videolets (stretches of whole frames). Each relates the instances of its bag (Eq. 1 to 3) and
 * scores them. The instance that a branch thinks most anomalous is shown to the other branch, whose score weights the
 * ranking loss (Eq. 4, 5): what both believe counts. The branches are updated in turn (Eq. 6).
 */
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';
import { graphConv, similarityGraph, temporalGraph } from './graph.ts';
import type {
  Batch,
  Head,
  InstanceSet,
  LossTerms,
  Mode,
  ParameterTensors,
  Parameters,
  ScoreTrace,
  Sight,
} from './head.ts';
import { scoring } from './head.ts';
import { mgprCard, type MgprConfig } from './mgpr.fields.ts';
import { initLinear } from './initial.ts';
import { attend, binaryCrossEntropy, firstMaxMask, linear, withoutGradient } from './parts.ts';
import { rowsOf, seen, throughLayer } from './sight.ts';

const BRANCHES = ['tube', 'temporal'] as const;
type Branch = (typeof BRANCHES)[number];

/** What keeps padding out of a softmax. */
const NEVER = -1e9;

/** A bag of instances, padded. */
interface Instances {
  /** `[B,n,D]` */
  x: tf.Tensor3D;
  /** `[B,n]`, 0 for padding */
  present: tf.Tensor2D;
}

export const mgpr: Head<MgprConfig> = {
  card: mgprCard,

  init(config, { features }, random) {
    if (config.relation === 'attention' && features % config.heads !== 0) {
      throw new Failure({
        code: 'config-invalid',
        subject: mgprCard.title,
        what: `Features of ${features} numbers cannot be cut into ${config.heads} attention heads.`,
        next: `Set "heads" to a divisor of ${features}.`,
      });
    }
    const parameters: Parameters = new Map();
    for (const branch of BRANCHES) {
      for (const part of partsOf(config)) {
        initLinear(parameters, `${branch}.${part}`, features, features, 'torch', random);
        parameters.delete(`${branch}.${part}.bias`);
      }
      initLinear(parameters, `${branch}.fc1`, config.hidden1, features, 'torch', random);
      initLinear(parameters, `${branch}.fc2`, config.hidden2, config.hidden1, 'torch', random);
      initLinear(parameters, `${branch}.fc3`, 1, config.hidden2, 'torch', random);
    }
    return parameters;
  },

  forward(parameters, batch, config, mode) {
    const videolets = videoletsOf(batch, config);
    const region = tubesOf(batch, 'region', config);
    const whole = tubesOf(batch, 'global', config);
    const tube = readBag(region, parameters, 'tube', config, mode);
    const temporal = readBag(videolets, parameters, 'temporal', config, mode);
    const topTube = firstMaxMask(tube.scores); // [B,n]
    const topVideolet = firstMaxMask(temporal.scores); // [B,m]
    const ofTop = (scores: tf.Tensor2D, mask: tf.Tensor2D) => tf.sum(tf.mul(scores, mask), 1) as tf.Tensor1D;
    const [tubeScore, videoletScore] = [ofTop(tube.scores, topTube), ofTop(temporal.scores, topVideolet)];
    // What the other branch thinks of it: of the whole frames of the tube, of the videolet as if it were a tube.
    const guide = (bag: Instances, mask: tf.Tensor2D, other: Branch) =>
      withoutGradient(() => guidance(bag, mask, parameters, other, config));
    return {
      scores: temporal.scores, // [B,m]
      bagScores: tf.div(tf.add(tubeScore, videoletScore), 2) as tf.Tensor1D,
      chosen: topVideolet,
      tubeScores: tube.scores, // [B,n]
      topTube,
      tubeScore, // [B]
      videoletScore, // [B]
      tubeWeight: guide(whole, topTube, 'temporal'), // p_v(T_m): [B]
      videoletWeight: guide(videolets, topVideolet, 'tube'), // p_t(V_m): [B]
      relation: tube.weights,
      related: tube.related,
    };
  },

  loss(output, { normal, anomalous }, config, _parameters, phase): LossTerms {
    const pairs = Math.min(normal, anomalous);
    const halves = (name: string) => {
      const all = output[name] as tf.Tensor1D;
      return { ofNormal: tf.slice(all, [0], [pairs]), ofAnomalous: tf.slice(all, [normal], [pairs]) };
    };
    const ranking = (score: string, weight: string) => {
      const { ofNormal, ofAnomalous } = halves(score);
      const hinge = tf.add(tf.sub(1, ofAnomalous), ofNormal);
      const guided = config.mutual ? tf.mul(halves(weight).ofAnomalous, hinge) : hinge;
      return tf.mean(tf.relu(guided)) as tf.Scalar;
    };
    const crossEntropy = (score: string) => {
      const { ofNormal, ofAnomalous } = halves(score);
      const ofBoth = tf.add(
        binaryCrossEntropy(ofAnomalous, tf.onesLike(ofAnomalous)),
        binaryCrossEntropy(ofNormal, tf.zerosLike(ofNormal)),
      );
      return tf.mean<tf.Scalar>(ofBoth);
    };
    const uses = (branch: Branch) => config.branches === 'both' || config.branches === branch;
    const rank = (branch: Branch) => (config.ranking && uses(branch) && (phase ?? branch) === branch ? 1 : 0);
    const entropy = (branch: Branch) => (config.crossEntropy && uses(branch) ? 1 : 0);
    return {
      rank_tube: { value: ranking('tubeScore', 'tubeWeight'), weight: rank('tube') }, // Eq. 4
      rank_temporal: { value: ranking('videoletScore', 'videoletWeight'), weight: rank('temporal') }, // Eq. 5
      ce_tube: { value: crossEntropy('tubeScore'), weight: entropy('tube') }, // Eq. 7
      ce_temporal: { value: crossEntropy('videoletScore'), weight: entropy('temporal') },
    }; // Eq. 8
  },

  /** Eq. 6: psi = 0 moves the temporal branch, then psi = 1 the tube branch, with weights computed anew. */
  phases: ({ branches }) =>
    (['temporal', 'tube'] as const)
      .filter((branch) => branches === 'both' || branches === branch)
      .map((name) => ({ name, trains: (parameter: string) => parameter.startsWith(`${name}.`) })),

  optimiser: ({ learningRate }) => ({ name: 'adam', learningRate }),

  /** Videolets by the temporal branch; tubes, where there are some, by both (Eq. 9 with one part). */
  async score(parameters, snippets, config, sets) {
    const branch = branchOfFrames(config);
    const scored = tf.tidy(() => readBag(asBag(snippets), parameters, branch, config, scoring).scores);
    const scores = await scored.data<'float32'>();
    scored.dispose();
    const instances =
      sets && (await scoreTubes(parameters, sets.region, sets.global, config, sets.multivariate)).scores;
    return { scores, snippetsPerScore: 1, instances };
  },

  /** Of videolets alone: tubes stand at no snippet. */
  async look(parameters, snippets, config): Promise<Sight> {
    const { scores, glance } = await seen(() => {
      const read = readBag(asBag(snippets), parameters, branchOfFrames(config), config, scoring);
      const { weights } = read; // [1,H,N,N] of attention, [1,N,N] of a graph
      const count = snippets.shape[1];
      return { scores: read.scores, glance: weights && tf.reshape(weights, [-1, count, count]) };
    });
    return { scores: scores!.values, snippetsPerScore: 1, ...(glance && { glance }) };
  },

  async hidden(parameters, snippets, config) {
    const { h2 } = await seen(() => {
      const read = readBag(asBag(snippets), parameters, branchOfFrames(config), config, scoring);
      return { h2: tf.squeeze(read.h2, [0]) };
    });
    return h2!;
  },

  async trace(parameters, snippets, config, snippet): Promise<ScoreTrace> {
    const branch = branchOfFrames(config);
    const { score, activations } = await seen(() => {
      const { scores, h2 } = readBag(asBag(snippets), parameters, branch, config, scoring);
      return {
        score: tf.slice(scores, [0, snippet], [1, 1]),
        activations: tf.slice(h2, [0, snippet, 0], [1, 1, config.hidden2]),
      };
    });
    const [read] = await throughLayer(parameters, `${branch}.fc3`, rowsOf(activations!, 1));
    const name = `${branch} branch`;
    return {
      score: score!.values[0],
      parts: [{ ...read, name, from: snippet, to: snippet, share: 1 }],
    };
  },
};

/** The branch that scores videolets: its own, or the other where it alone is trained. */
const branchOfFrames = ({ branches }: MgprConfig): Branch => (branches === 'tube' ? 'tube' : 'temporal');

/** The layers by which a branch relates the instances of a bag. */
const partsOf = ({ relation }: MgprConfig) =>
  relation === 'attention' ? ['q', 'k', 'v'] : relation === 'graph' ? ['graph'] : [];

export const asBag = (x: tf.Tensor3D): Instances => ({ x, present: tf.ones([x.shape[0], x.shape[1]]) });

/** The segments of the batch as a bag, at most `maxInstances` of each video. */
function videoletsOf({ segments, lengths }: Batch, config: MgprConfig): Instances {
  const [bags, , length, size] = segments.shape;
  const values = tf.reshape(segments, [bags, length, size]) as tf.Tensor3D;
  return padded({ values, counts: lengths ?? new Array<number>(bags).fill(length) }, config);
}

function tubesOf({ sets }: Batch, name: 'region' | 'global', config: MgprConfig): Instances {
  const set = sets?.[name];
  if (!set) throw new Error(`tubes lack their "${name}" features`);
  const bag = padded(set, config);
  if (config.multivariate || !sets.multivariate) return bag;
  const kind = padded(sets.multivariate, config).x; // [B,n,1], 1 for tubes of several objects
  const isUnary = tf.sub(1, tf.squeeze(kind, [2])) as tf.Tensor2D;
  return { x: bag.x, present: tf.mul(bag.present, isUnary) };
}

function padded({ values, counts }: InstanceSet, { maxInstances }: MgprConfig): Instances {
  const [bags, length, size] = values.shape;
  const most = Math.min(length, maxInstances);
  const x = tf.slice(values, [0, 0, 0], [bags, most, size]);
  const present = counts.map((count) => Array.from({ length: most }, (_, i) => Number(i < count)));
  return { x, present: tf.tensor2d(present, [bags, most]) };
}

/** Relates and scores the instances of each bag; padding scores 0. */
function readBag(
  bag: Instances,
  parameters: ParameterTensors,
  branch: Branch,
  config: MgprConfig,
  mode: Mode,
) {
  const { related, weights } = relate(bag, parameters, branch, config);
  const h1 = tf.relu<tf.Tensor3D>(linear(related, parameters, `${branch}.fc1`));
  const seen = mode.dropout(h1, config.dropout, `${branch}.drop1`);
  const h2 = mode.dropout(linear(seen, parameters, `${branch}.fc2`), config.dropout, `${branch}.drop2`);
  const scores = tf.squeeze(tf.sigmoid(linear(h2, parameters, `${branch}.fc3`)), [2]);
  return { scores: tf.mul(scores, bag.present) as tf.Tensor2D, related, weights, h2 };
}

/** Eq. 1 to 3: attention of several heads among the instances of a bag, with a short-cut; or one of its rivals. */
export function relate(
  { x, present }: Instances,
  parameters: ParameterTensors,
  branch: Branch,
  config: Pick<MgprConfig, 'relation' | 'heads'>,
): { related: tf.Tensor3D; weights?: tf.Tensor } {
  if (config.relation === 'none') return { related: x };
  const [bags, count, size] = x.shape;
  if (config.relation === 'graph') {
    const position = tf.tile(tf.reshape(tf.range(0, count), [1, count]), [bags, 1]) as tf.Tensor2D;
    const alike = similarityGraph(x, present);
    // Videolets follow each other in time; tubes stand side by side.
    const adjacency =
      branch === 'tube' ? alike : (tf.div(tf.add(alike, temporalGraph(position, present)), 2) as tf.Tensor3D);
    const weight = tf.transpose(parameters[`${branch}.graph.weight`]) as tf.Tensor2D;
    return { related: tf.add(tf.relu(graphConv(x, adjacency, weight)), x), weights: adjacency };
  }
  const { heads } = config;
  const rows = tf.reshape(x, [bags * count, size]) as tf.Tensor2D;
  const [q, k, v] = ['q', 'k', 'v'].map((part) => {
    const weight = parameters[`${branch}.${part}.weight`] as tf.Tensor2D; // rows j*D/H.. are head j
    const projected = tf.reshape(tf.matMul(rows, weight, false, true), [bags, count, heads, size / heads]);
    return tf.reshape(tf.transpose(projected, [0, 2, 1, 3]), [
      bags * heads,
      count,
      size / heads,
    ]) as tf.Tensor3D;
  });
  const never = tf.mul(tf.sub(1, tf.reshape(present, [bags, 1, 1, count])), NEVER);
  const bias = tf.reshape(tf.tile(never, [1, heads, 1, 1]), [bags * heads, 1, count]) as tf.Tensor3D;
  const { mixed, weights } = attend(q, k, v, 1 / Math.sqrt(size / heads), bias);
  const byHead = tf.reshape(mixed, [bags, heads, count, size / heads]);
  const joined = tf.reshape(tf.transpose(byHead, [0, 2, 1, 3]), [bags, count, size]);
  return {
    related: tf.add(joined, x) as tf.Tensor3D,
    weights: weights && tf.reshape(weights, [bags, heads, count, count]),
  };
}

/** What a branch thinks of one instance of each bag: of it alone, or of it among its bag. */
function guidance(
  bag: Instances,
  mask: tf.Tensor2D,
  parameters: ParameterTensors,
  branch: Branch,
  config: MgprConfig,
): tf.Tensor1D {
  if (config.guidance === 'bag') {
    const { scores } = readBag(bag, parameters, branch, config, scoring);
    return tf.sum(tf.mul(scores, mask), 1);
  }
  const alone = tf.matMul(tf.expandDims(mask, 1) as tf.Tensor3D, bag.x) as tf.Tensor3D; // [B,1,D]
  return tf.squeeze(readBag(asBag(alone), parameters, branch, config, scoring).scores, [1]);
}

/**
 * Eq. 9: all instances of a video as one bag for each branch, by the features of their region and of whole frames; an
 * instance scores the mean of both.
 * @param region `[n,D]`
 * @param whole `[n,D]`
 * @param multivariate `[n,1]`, 1 for tubes of several objects, which score 0 where the config leaves them out
 */
export async function scoreTubes(
  parameters: ParameterTensors,
  region: tf.Tensor2D,
  whole: tf.Tensor2D,
  config: MgprConfig,
  multivariate?: tf.Tensor2D,
): Promise<Record<'tube' | 'temporal' | 'scores', Float32Array>> {
  const read = (x: tf.Tensor2D, branch: Branch) =>
    tf.tidy(() => {
      const bag = asBag(tf.expandDims(x, 0));
      if (multivariate && !config.multivariate) bag.present = tf.sub(1, tf.reshape(multivariate, [1, -1]));
      return readBag(bag, parameters, branch, config, scoring).scores;
    });
  const both = { tube: read(region, 'tube'), temporal: read(whole, 'temporal') };
  const tube = await both.tube.data<'float32'>();
  const temporal = await both.temporal.data<'float32'>();
  tf.dispose(both);
  const of = {
    both: (a: number, b: number) => (a + b) / 2,
    tube: (a: number) => a,
    temporal: (_: number, b: number) => b,
  };
  return { tube, temporal, scores: tube.map((score, i) => of[config.branches](score, temporal[i])) };
}

/**
 * A tube that was followed for long as up to `parts` instances: the mean features of its equal parts, empty parts left
 * out.
 * @param clips `[L,D]`
 * @returns `[parts,D]`, fewer for short tubes
 */
export function splitTube({ shape: [count, size], values }: NumericArray, parts: number): NumericArray {
  const bounds = [...Array.from({ length: parts }, (_, i) => Math.floor(i * (count / parts))), count];
  const means: Float32Array[] = [];
  for (let part = 0; part < parts; part++) {
    const clips = bounds[part + 1] - bounds[part];
    if (clips === 0) continue;
    const mean = new Float32Array(size);
    for (let clip = bounds[part]; clip < bounds[part + 1]; clip++)
      for (let d = 0; d < size; d++) mean[d] += values[clip * size + d] / clips;
    means.push(mean);
  }
  const joined = new Float32Array(means.length * size);
  means.forEach((mean, i) => joined.set(mean, i * size));
  return { shape: [means.length, size], values: joined };
}
