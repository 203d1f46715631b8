/**
 * The contract between a head and everything that trains, scores, saves or draws one.
 *
 * A head is a set of pure functions over its parameters. It holds no state: parameters, buffers and configuration are
 * arguments, so a step is a function of (parameters, optimiser state, batch, seed) and can be replayed.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimiserSettings } from '../training/optimisers.ts';
import type { NumericArray } from '../types.ts';
import type { Random } from '../random.ts';
import type { Config, HeadCard } from './config.fields.ts';

/** Sizes that come from the data and not from the configuration. */
export interface Dims {
  /** D, the length of a feature. */
  features: number;
  /** C, the named classes of anomaly; absent where the data names none. */
  classes?: number;
}

/** Parameters at rest, named as in the official state dict so that released weights load by name. */
export type Parameters = Map<string, NumericArray>;

/** Parameters at work. */
export type ParameterTensors = Record<string, tf.Tensor>;

/** Running statistics of batch norm: in the state dict beside the parameters, moved by the forward pass, not trained. */
export const isBuffer = (name: string): boolean => /\.running_(mean|var)$/.test(name);

/** What differs between training and scoring. */
export interface Mode {
  /** True while training: batch norm then uses the statistics of the batch. */
  training: boolean;
  /** The value that a buffer takes after this step. */
  remember(name: string, value: tf.Tensor): void;
  /**
   * Silences a random share of `x` while training and returns `x` untouched while scoring. The mask is drawn from
   * the run's seed, the step and the site's name.
   */
  dropout<T extends tf.Tensor>(x: T, rate: number, site: string): T;
}

/** The mode of scoring: nothing random. */
export const scoring: Mode = { training: false, remember: () => {}, dropout: (x) => x };

/** All that training knows about a batch: a weak label per bag. */
export interface BatchLabels {
  /** Normal bags come first: bags 0 .. normal - 1. */
  normal: number;
  anomalous: number;
  /** `[B,1+C]`, 1 for every class that occurs in a bag; column 0 stands for "normal". Only where classes are named. */
  targets?: tf.Tensor2D;
}

/** Instances of every bag that are not its segments (tubes), as many as each has. */
export interface InstanceSet {
  /** `[B,n,D]`, zeros beyond a bag's own count */
  values: tf.Tensor3D;
  /** Instances of each bag. */
  counts: readonly number[];
}

/** One of several updates of a step. */
export interface Phase {
  name: string;
  /** Whether this update moves the parameter; the others stay as they are. */
  trains(parameter: string): boolean;
  /** False where nothing is to be remembered of the videos yet. */
  remembers?: boolean;
}

/** The bags of one step, normal ones first, or one video that is scored. */
export interface Batch extends BatchLabels {
  /** `[B,P,T,D]`, P crops, or P cells of a feature map */
  segments: tf.Tensor4D;
  /** Segments of each bag where they differ; the rest of a shorter bag is zeros. */
  lengths?: readonly number[];
  /** Further instances of the bags, by name. */
  sets?: Record<string, InstanceSet>;
  /** `[B,M]`, what the head remembered of each bag's video; -1 where it has not met the video yet. */
  memory?: tf.Tensor2D;
  /** Sets of instances that a head made of the bags with `augment`, by name. */
  extras?: Record<string, tf.Tensor>;
}

/** Everything worth seeing. */
export interface HeadOutput {
  /** `[B,T]`, 0..1 */
  scores: tf.Tensor2D;
  /** `[B]`, 0..1 */
  bagScores: tf.Tensor1D;
  /** `[B,T]`, 1 for the segments through which the loss saw the bag. */
  chosen?: tf.Tensor2D;
  /** `[B,r,T]`, sums to 1 over T. */
  attention?: tf.Tensor3D;
  /** `[B,T]`, the norms of the features that the head sees, where it argues about them. */
  magnitudes?: tf.Tensor2D;
  /** `[B*P*H,T,T]`, in each of H attention heads what a segment (row) takes from every other; rows sum to 1. */
  glance?: tf.Tensor3D;
  /** `[B*P,T,E]`, what the last layer reads: the linear one with a sigmoid behind it. */
  activations?: tf.Tensor3D;
  /** `[B,M]`, to be remembered of each bag's video until it is met again. */
  memory?: tf.Tensor2D;
  [name: string]: tf.Tensor | undefined;
}

export interface LossTerm {
  value: tf.Scalar;
  /** The total is the weighted sum of all terms. */
  weight: number;
}

export type LossTerms = Record<string, LossTerm>;

/** The scores of one whole video. */
export interface SnippetScores {
  /** `[N]`, 0..1 */
  scores: Float32Array;
  /** `[r,N]` where the head attends. */
  attention?: NumericArray;
  /** `[N,1+C]` where the head tells classes; column 0 stands for "normal". */
  classes?: NumericArray;
  /** `[N,hw]`, how much each cell of a feature map looks like what the whole video is about. */
  relation?: NumericArray;
  /** `[n]`, the scores of further instances (tubes), 0..1. */
  instances?: Float32Array;
  /** Snippets that share one score because the head scores bags; 1 where every snippet has its own. */
  snippetsPerScore: number;
}

/** What there is to see of one whole video, in its snippets' time. What a head has nothing of is absent. */
export interface Sight extends Omit<SnippetScores, 'attention'> {
  /** `[r,N]`, of the video as one bag, as training sees it: each row sums to 1. */
  attention?: NumericArray;
  /** `[N]`, the norms of the features that the head sees, where it argues about them (RTFM, MGFN). */
  magnitudes?: Float32Array;
  /** `[H,N,N]`, in each of H heads what a snippet (row) takes from every other (MGFN Eq. 3 to 5, MGPR Eq. 1 to 3). */
  glance?: NumericArray;
  /** `[N,hw]`, the share of its windows in which a cell was among the k that spoke for a snippet (GIG Eq. 6). */
  spoke?: NumericArray;
  /** `[N]` each, the scores that the head's own is made of, and this one (WSAL Eq. 5, 6, 11). */
  curves?: Readonly<Record<string, Float32Array>>;
}

/** One of the numbers that a score is the weighted sum of. */
export interface TracePart {
  /** What it is, in the head's terms. */
  name: string;
  /** First and last snippet of what was read for it: a crop of the snippet, or the bag or window that it stands in. */
  from: number;
  to: number;
  /** What it counts in the score. */
  share: number;
  /** 0..1 */
  value: number;
  /** The last layer, where the number comes out of one: value = sigmoid(weights . activations + bias). */
  unit?: { layer: string; activations: Float32Array; weights: Float32Array; bias: number };
  /** The class that won, where the head tells classes: 1 .. C. */
  class?: number;
}

/** How one snippet came by its score, which is the sum of share * value over the parts. */
export interface ScoreTrace {
  score: number;
  parts: TracePart[];
}

/** A head's mathematics. Where paper and released code are different networks, a head has two. */
export interface Network<C extends Config = Config> {
  init(config: C, dims: Dims, random: Random): Parameters;
  /** Further instances made of a batch, in training only: noise, hand-crafted anomalies. */
  augment?(batch: Batch, config: C, random: Random): Record<string, tf.Tensor>;
  forward(parameters: ParameterTensors, batch: Batch, config: C, mode: Mode): HeadOutput;
  /** @param phase the update that it is for, where a step has several; without it, all terms together */
  loss(
    output: HeadOutput,
    labels: BatchLabels,
    config: C,
    parameters: ParameterTensors,
    phase?: string,
  ): LossTerms;
  optimiser(config: C): OptimiserSettings;
  /** The updates of one step, in order; each computes everything anew. Without it, one update moves everything. */
  phases?(config: C, step: number): readonly Phase[];
  /** M, how many numbers are remembered of every training video. */
  memory?(config: C): number;
  /**
   * Scores one video, which may go another way than training (bags, windows).
   * @param snippets `[P,N,D]`, P crops, or P cells of a feature map
   * @param sets further instances of the video, `[n,D]` each
   */
  score(
    parameters: ParameterTensors,
    snippets: tf.Tensor3D,
    config: C,
    sets?: Record<string, tf.Tensor2D>,
  ): Promise<SnippetScores>;
  /** Everything worth seeing of one video, by the way it is scored. */
  look(parameters: ParameterTensors, snippets: tf.Tensor3D, config: C): Promise<Sight>;
  /**
   * What the head makes of each snippet, `[N,E]`, mean over crops: what its last layer reads. Without it, `activations`
   * of the video as one bag are meant.
   */
  hidden?(parameters: ParameterTensors, snippets: tf.Tensor3D, config: C): Promise<NumericArray>;
  /** How one snippet of a video came by the score that `score` gives it. */
  trace(parameters: ParameterTensors, snippets: tf.Tensor3D, config: C, snippet: number): Promise<ScoreTrace>;
}

export interface Head<C extends Config = Config> extends Network<C> {
  card: HeadCard<C>;
}

/** Scores every snippet of a video in one forward pass. */
export async function scoreAtOnce<C extends Config>(
  { forward }: Pick<Network<C>, 'forward'>,
  parameters: ParameterTensors,
  snippets: tf.Tensor3D,
  config: C,
): Promise<SnippetScores> {
  const scores = tf.tidy(() => {
    const segments = tf.expandDims(snippets, 0) as tf.Tensor4D; // [1,P,N,D]
    return forward(parameters, { segments, normal: 1, anomalous: 0 }, config, scoring).scores;
  });
  const values = Float32Array.from(await scores.data());
  scores.dispose();
  return { scores: values, snippetsPerScore: 1 };
}
