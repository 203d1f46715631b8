/**
 * Training: a step is *sample bags -> score -> loss -> update*, a pure function of (parameters, optimiser state, step
 * number, seed). Whoever drives the loop decides when to step, to pause and to keep a checkpoint.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../failure.ts';
import type { BagConfig } from '../features/bags.fields.ts';
import type {
  Batch,
  Head,
  HeadOutput,
  LossTerms,
  Mode,
  ParameterTensors,
  Parameters,
} from '../heads/head.ts';
import { isBuffer } from '../heads/head.ts';
import type { Config } from '../heads/config.fields.ts';
import { Random } from '../random.ts';
import type { NumericArray, WeakLabel } from '../types.ts';
import { makeOptimiser, type Optimiser } from './optimisers.ts';
import { sampleBatch, type SampledBatch } from './sampler.ts';

/** All that training sees of a video. There is no field for truth (design law 3). */
export interface TrainingVideo {
  id: string;
  label: WeakLabel;
  /** `[T,D]`, or `[P,T,D]` with several crops; normalised. */
  bag: NumericArray;
}

/** What one step did. */
export interface StepEvent {
  /** Steps done, this one included. */
  step: number;
  /** Unweighted terms of the loss. */
  losses: Record<string, number>;
  /** Their weighted sum. */
  total: number;
  /** For every video of the batch, the segments through which the loss saw it. */
  chosen: { id: string; segments: number[] }[];
}

/** A training at rest. */
export interface Checkpoint {
  step: number;
  parameters: Parameters;
  /** The optimiser's memory, `slot/parameter`. */
  slots: Map<string, NumericArray>;
}

export class TrainingLoop {
  readonly #head: Head;
  readonly #config: Config & BagConfig;
  readonly #seed: number;
  readonly #normal: TrainingVideo[];
  readonly #anomalous: TrainingVideo[];
  readonly #optimiser: Optimiser;
  #parameters: ParameterTensors = {};
  #slots: Record<string, tf.Tensor[]> = {};
  #step = 0;

  /**
   * @param from where to go on; without it, training starts from the head's initial parameters
   * @throws Failure `data-missing` without videos of both labels, `data-mismatch` when features differ in length
   */
  constructor(head: Head, config: Config, videos: readonly TrainingVideo[], seed: number, from?: Checkpoint) {
    this.#head = head;
    this.#config = config as Config & BagConfig;
    this.#seed = seed;
    this.#normal = videos.filter((video) => video.label === 'normal');
    this.#anomalous = videos.filter((video) => video.label === 'anomalous');
    checkVideos(this.#normal, this.#anomalous);
    this.#optimiser = makeOptimiser(head.optimiser(config));
    const dims = { features: featureSize(videos[0]) };
    const initial = () => head.init(config, dims, new Random(seed).stream('parameters'));
    this.#load(from ?? { step: 0, parameters: initial(), slots: new Map() });
  }

  get step(): number {
    return this.#step;
  }

  /** The live parameters; they belong to the loop and are replaced by the next step. */
  get parameters(): Readonly<ParameterTensors> {
    return this.#parameters;
  }

  /**
   * One step.
   * @throws Failure `diverged` when the loss is no longer a number; the parameters are then those before the step
   */
  async next(): Promise<StepEvent> {
    const step = this.#step + 1;
    const random = new Random(this.#seed).stream('step', step);
    const batch = sampleBatch(
      { normal: this.#normal.length, anomalous: this.#anomalous.length },
      this.#config,
      random.stream('batch'),
    );
    const orders = this.#config.shuffleSegments ? this.#shuffledOrders(batch, random.stream('order')) : null;
    const { report, chosen, names, weights, parameters, slots } = this.#update(batch, orders, step, random);
    const values = Array.from(await report.data());
    const touched = chosen ? Array.from(await chosen.data()) : null;
    tf.dispose(chosen ? [report, chosen] : [report]);

    const losses = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    const total = weights.reduce((sum, weight, i) => sum + weight * values[i], 0);
    if (!Number.isFinite(total)) {
      tf.dispose([parameters, slots]);
      throw new Failure({
        code: 'diverged',
        what: `Training diverged at step ${step}: the loss is no longer a number.`,
        kept: 'The run is kept as its last checkpoint left it.',
        next: 'Lower the learning rate, or normalise the features, and start again.',
      });
    }
    tf.dispose([this.#parameters, this.#slots]);
    this.#parameters = parameters;
    this.#slots = slots;
    this.#step = step;
    return { step, losses, total, chosen: touched ? this.#chosenSegments(batch, orders, touched) : [] };
  }

  /** Forward, backward and update in one tidy; only what outlives the step is returned. */
  #update(batch: SampledBatch, orders: number[][] | null, step: number, random: Random) {
    const names = Object.keys(this.#parameters).filter((name) => !isBuffer(name));
    const buffers = Object.fromEntries(Object.entries(this.#parameters).filter(([name]) => isBuffer(name)));
    const remembered: ParameterTensors = {};
    const mode = trainingMode(random, (name, value) => (remembered[name] = tf.keep(value)));
    let terms: LossTerms = {};
    let output: HeadOutput | undefined;
    const tensors = tf.tidy(() => {
      const labels = { normal: batch.normal.length, anomalous: batch.anomalous.length };
      const bags: Batch = { ...labels, segments: this.#stack(batch, orders) };
      bags.extras = this.#head.augment?.(bags, this.#config, random.stream('augment'));
      const loss = (...values: tf.Tensor[]) => {
        const trained = Object.fromEntries(names.map((name, i) => [name, values[i]]));
        const parameters = { ...buffers, ...trained };
        output = this.#head.forward(parameters, bags, this.#config, mode);
        terms = this.#head.loss(output, labels, this.#config, parameters);
        for (const { value } of Object.values(terms)) tf.keep(value);
        if (output.chosen) tf.keep(output.chosen);
        return weightedSum(terms);
      };
      const { grads } = tf.valueAndGrads(loss)(names.map((name) => this.#parameters[name]));
      const parameters: ParameterTensors = {};
      const slots: Record<string, tf.Tensor[]> = {};
      names.forEach((name, i) => {
        const update = this.#optimiser.update(this.#parameters[name], grads[i], this.#slots[name], step);
        parameters[name] = update.parameter;
        slots[name] = update.slots;
      });
      for (const [name, buffer] of Object.entries(buffers)) {
        parameters[name] = remembered[name] ?? tf.clone(buffer);
        slots[name] = [];
      }
      const report = tf.stack(Object.values(terms).map(({ value }) => value)); // one read a step
      return { report, parameters, slots };
    });
    tf.dispose(Object.values(terms).map(({ value }) => value));
    return {
      ...tensors,
      chosen: output?.chosen,
      names: Object.keys(terms),
      weights: Object.values(terms).map(({ weight }) => weight),
    };
  }

  /**
   * The bags of a batch, normal ones first: `[B,P,T,D]`.
   * @param orders where each bag's segments are taken from, if not in their order
   */
  #stack(batch: SampledBatch, orders: number[][] | null): tf.Tensor4D {
    const videos = this.#videosOf(batch);
    const { shape } = videos[0].bag;
    const [crops, segments, size] = shape.length === 2 ? [1, ...shape] : shape;
    const bagSize = crops * segments * size;
    const values = new Float32Array(videos.length * bagSize);
    videos.forEach(({ bag }, i) => {
      const order = orders?.[i];
      if (!order) return values.set(bag.values, i * bagSize);
      for (let crop = 0; crop < crops; crop++) {
        order.forEach((from, t) => {
          const row = (crop * segments + from) * size;
          const to = i * bagSize + (crop * segments + t) * size;
          values.set(bag.values.subarray(row, row + size), to);
        });
      }
    });
    return tf.tensor4d(values, [videos.length, crops, segments, size]);
  }

  #shuffledOrders(batch: SampledBatch, random: Random): number[][] {
    const length = this.#normal[0].bag.shape.at(-2)!;
    const inOrder = Array.from({ length }, (_, t) => t);
    return this.#videosOf(batch).map(() => random.shuffle(inOrder));
  }

  #videosOf({ normal, anomalous }: SampledBatch): TrainingVideo[] {
    return [...normal.map((i) => this.#normal[i]), ...anomalous.map((i) => this.#anomalous[i])];
  }

  #chosenSegments(batch: SampledBatch, orders: number[][] | null, mask: number[]): StepEvent['chosen'] {
    const videos = this.#videosOf(batch);
    const length = mask.length / videos.length;
    return videos.map(({ id }, b) => ({
      id,
      segments: Array.from({ length }, (_, t) => t)
        .filter((t) => mask[b * length + t] > 0)
        .map((t) => orders?.[b][t] ?? t)
        .sort((a, b) => a - b),
    }));
  }

  /** The training at rest, to be kept or continued elsewhere. */
  async checkpoint(): Promise<Checkpoint> {
    const { step } = this;
    const kept = tf.tidy(() => ({
      parameters: Object.entries(this.#parameters).map(
        ([name, tensor]) => [name, tf.keep(tf.clone(tensor))] as const,
      ),
      slots: Object.entries(this.#slots).flatMap(([name, tensors]) =>
        tensors.map(
          (tensor, i) => [`${this.#optimiser.slots[i]}/${name}`, tf.keep(tf.clone(tensor))] as const,
        ),
      ),
    }));
    return { step, parameters: await readTensors(kept.parameters), slots: await readTensors(kept.slots) };
  }

  #load({ step, parameters, slots }: Checkpoint): void {
    this.#step = step;
    for (const [name, { shape, values }] of parameters) {
      this.#parameters[name] = tf.tensor(values, shape as number[]);
      this.#slots[name] = (isBuffer(name) ? [] : this.#optimiser.slots).map((slot) => {
        const kept = slots.get(`${slot}/${name}`);
        return kept ? tf.tensor(kept.values, shape as number[]) : tf.zeros(shape as number[]);
      });
    }
  }

  dispose(): void {
    tf.dispose([this.#parameters, this.#slots]);
    this.#parameters = {};
    this.#slots = {};
  }
}

/** Dropout from the stream of one step: every site has a stream of its own. */
export function trainingMode(random: Random, remember: Mode['remember'] = () => {}): Mode {
  return {
    training: true,
    remember,
    dropout<T extends tf.Tensor>(x: T, rate: number, site: string): T {
      if (rate === 0) return x;
      const mask = random.stream('dropout', site).dropoutMask(x.size, rate);
      return tf.mul(x, tf.tensor(mask, x.shape)) as T;
    },
  };
}

export function weightedSum(terms: LossTerms): tf.Scalar {
  return Object.values(terms)
    .map(({ value, weight }) => tf.mul<tf.Scalar>(value, weight))
    .reduce((sum, term) => tf.add<tf.Scalar>(sum, term));
}

async function readTensors(entries: (readonly [string, tf.Tensor])[]): Promise<Map<string, NumericArray>> {
  const arrays = new Map<string, NumericArray>();
  for (const [name, tensor] of entries) {
    arrays.set(name, { shape: tensor.shape, values: Float32Array.from(await tensor.data()) });
    tensor.dispose();
  }
  return arrays;
}

function checkVideos(normal: TrainingVideo[], anomalous: TrainingVideo[]): void {
  const missing = normal.length === 0 ? 'normal' : anomalous.length === 0 ? 'anomalous' : null;
  if (missing) {
    throw new Failure({
      code: 'data-missing',
      what: `Training needs videos of both kinds, and no training video with features is labelled "${missing}".`,
      next: `Label at least one training video as ${missing} and extract its features.`,
    });
  }
  const [first, ...others] = [...normal, ...anomalous];
  const other = others.find((video) => featureSize(video) !== featureSize(first));
  if (other) {
    throw new Failure({
      code: 'data-mismatch',
      subject: other.id,
      what: `Its features have ${featureSize(other)} numbers, those of ${first.id} have ${featureSize(first)}.`,
      next: 'Train on features of one backbone only.',
    });
  }
}

/** D */
function featureSize({ bag }: TrainingVideo): number {
  return bag.shape[bag.shape.length - 1];
}
