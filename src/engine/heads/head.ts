/**
 * The contract between a head and everything that trains, scores, saves or draws one.
 *
 * A head is a set of pure functions over its parameters. It holds no state: parameters, buffers and configuration are
 * arguments, so a step is a function of (parameters, optimiser state, batch, seed) and can be replayed.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { OptimiserSettings } from '../training/optimisers.ts';
import type { NumericArray } from '../types.ts';
import type { Random } from '../random.ts';
import type { Config, HeadCard } from './config.fields.ts';

/** Sizes that come from the data and not from the configuration. */
export interface Dims {
  /** D, the length of a feature. */
  features: number;
}

/** Parameters at rest, named as in the official state dict so that released weights load by name. */
export type Parameters = Map<string, NumericArray>;

/** Parameters at work. */
export type ParameterTensors = Record<string, tf.Tensor>;

/** What differs between training and scoring. */
export interface Mode {
  /**
   * Silences a random share of `x` while training and returns `x` untouched while scoring. The mask is drawn from
   * the run's seed, the step and the site's name.
   */
  dropout<T extends tf.Tensor>(x: T, rate: number, site: string): T;
}

/** The mode of scoring: nothing random. */
export const scoring: Mode = { dropout: (x) => x };

/** All that training knows about a batch: a weak label per bag. */
export interface BatchLabels {
  /** Normal bags come first: bags 0 .. normal - 1. */
  normal: number;
  anomalous: number;
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
  /** Snippets that share one score because the head scores bags; 1 where every snippet has its own. */
  snippetsPerScore: number;
}

export interface Head<C extends Config = Config> {
  card: HeadCard<C>;
  init(config: C, dims: Dims, random: Random): Parameters;
  /** @param segments `[B,T,D]`, normal bags first */
  forward(parameters: ParameterTensors, segments: tf.Tensor3D, config: C, mode: Mode): HeadOutput;
  loss(output: HeadOutput, labels: BatchLabels, config: C, parameters: ParameterTensors): LossTerms;
  optimiser(config: C): OptimiserSettings;
  /**
   * Scores one video, which may go another way than training (bags, windows).
   * @param snippets `[P,N,D]`, P crops
   */
  score(parameters: ParameterTensors, snippets: tf.Tensor3D, config: C): Promise<SnippetScores>;
}
