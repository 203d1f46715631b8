/** What a method's fixtures call things, and what we call them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../heads/config.fields.ts';
import type { Batch, HeadOutput, Network } from '../heads/head.ts';
import type { NumericArray } from '../types.ts';
import type { Fixture, Notes } from './fixture.ts';

/** The `.json` of a fixture of kind `model`. */
export interface ModelNotes extends Notes {
  kind: 'model';
  method: string;
  variant: string;
  config: Record<string, unknown> & { optimizer: Record<string, number | string> };
  loss_terms: Record<string, { value: number; weight: number | null; atol: number }>;
  loss_total: number;
  loss_total_atol: number;
  steps: number[];
  tolerances: Record<string, { rtol: number; atol?: number }>;
  null_gradient_params: string[];
  indices_comparable: boolean;
}

export type ModelFixture = Fixture<ModelNotes>;

/** How a fixture's names map to ours. */
export interface Adapter {
  network: Network<never>;
  config(fixture: ModelFixture): Config;
  /** Bags, normal first; `order` where the fixture has another. */
  batch(fixture: ModelFixture): Batch & { order?: number[] };
  /** The fixture's dropout mask of a site, in the order of our batch. */
  mask(fixture: ModelFixture, site: string): tf.Tensor | null;
  /** Our outputs under the fixture's names. */
  outputs(output: HeadOutput, batch: Batch, fixture: ModelFixture): Record<string, tf.Tensor | undefined>;
  /** The gradient of our segments in the layout of `input.x`. */
  asInput?(gradient: tf.Tensor, batch: Batch & { order?: number[] }, fixture: ModelFixture): tf.Tensor;
  /** Inference that is another way than the forward pass, under the fixture's names below `output.eval.`. */
  inference?(
    fixture: ModelFixture,
    parameters: Record<string, tf.Tensor>,
    config: Config,
  ): Promise<Record<string, ArrayLike<number> | undefined>>;
}

export const tensor = ({ shape, values }: NumericArray): tf.Tensor => tf.tensor(values, [...shape]);

/** `input.normal` and `input.abnormal`, `[B,T,D]` or `[B,P,T,D]`, as one batch. */
export const twoHalves: Adapter['batch'] = ({ tensors }) => {
  const [normal, anomalous] = ['normal', 'abnormal'].map((half) => tensor(tensors.get(`input.${half}`)!));
  const bags = tf.concat([normal, anomalous]);
  return {
    segments: (bags.rank === 4 ? bags : tf.expandDims(bags, 1)) as tf.Tensor4D,
    normal: normal.shape[0],
    anomalous: anomalous.shape[0],
  };
};

/** Our batches have normal bags first; where each of them stands in the fixture. */
export function normalFirst(isAnomalous: readonly boolean[]): { order: number[]; normal: number } {
  const indices = isAnomalous.map((_, i) => i);
  const normal = indices.filter((i) => !isAnomalous[i]);
  return { order: [...normal, ...indices.filter((i) => isAnomalous[i])], normal: normal.length };
}

/** Each of our outputs as two of the fixture's, the first `normal` rows and the rest. */
export function byHalf(outputs: Record<string, tf.Tensor | undefined>, normal: number) {
  const halves: Record<string, tf.Tensor> = {};
  for (const [name, value] of Object.entries(outputs)) {
    if (!value) continue;
    const [first, second] = tf.split(value, [normal, value.shape[0] - normal]);
    halves[`${name}_normal`] = first;
    halves[`${name}_abnormal`] = second;
  }
  return halves;
}
