/**
 * Training: a step is *sample bags -> score -> choose -> loss -> update*, a pure function of (parameters, optimiser
 * state, step number, seed). Whoever drives the loop decides when to step, to pause and to keep a checkpoint. A step
 * may be looked at before it counts: it is proposed, and then accepted or forgotten.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../failure.ts';
import type { BagConfig } from '../features/bags.fields.ts';
import type { Head, Mode, ParameterTensors, Parameters } from '../heads/head.ts';
import { isBuffer } from '../heads/head.ts';
import type { Config } from '../heads/config.fields.ts';
import { Random } from '../random.ts';
import type { NumericArray } from '../types.ts';
import { stackVideos, type TrainingVideo } from './batch.ts';
import { layersOf, type StepDetail, type StepEvent } from './events.ts';
import { makeOptimiser, type Optimiser } from './optimisers.ts';
import { sampleBatch, type SampledBatch } from './sampler.ts';
import { takeStep, trainingMode, type Observed, type StepOptions, type StepResult } from './step.ts';

/** A training at rest. */
export interface Checkpoint {
  step: number;
  parameters: Parameters;
  /** The optimiser's memory, `slot/parameter`. */
  slots: Map<string, NumericArray>;
  /** What the head remembers of each training video, by its id; for heads that remember. */
  memory: Map<string, NumericArray>;
}

/** A step that waits to be accepted. */
interface Proposal {
  parameters: ParameterTensors;
  slots: Record<string, tf.Tensor[]>;
  batch: SampledBatch;
  orders: number[][] | null;
  /** What is to be remembered of each bag's video. */
  learnt: Float32Array | null;
}

export class TrainingLoop {
  readonly #head: Head;
  readonly #config: Config & BagConfig;
  readonly #seed: number;
  readonly #normal: TrainingVideo[];
  readonly #anomalous: TrainingVideo[];
  readonly #optimiser: Optimiser;
  readonly #classes: number;
  #memory = new Map<string, NumericArray>();
  #parameters: ParameterTensors = {};
  #slots: Record<string, tf.Tensor[]> = {};
  #step = 0;
  #proposal: Proposal | null = null;

  /**
   * @param classes C, the classes of anomaly that labels name; 0 where they name none
   * @param from where to go on; without it, training starts from the head's initial parameters
   * @throws Failure `data-missing` without videos of both labels, `data-mismatch` when features differ in length
   */
  constructor(
    head: Head,
    config: Config,
    videos: readonly TrainingVideo[],
    seed: number,
    classes: number,
    from?: Checkpoint,
  ) {
    this.#head = head;
    this.#config = config as Config & BagConfig;
    this.#seed = seed;
    this.#normal = videos.filter((video) => video.label === 'normal');
    this.#anomalous = videos.filter((video) => video.label === 'anomalous');
    checkVideos(this.#normal, this.#anomalous);
    this.#optimiser = makeOptimiser(head.optimiser(config));
    this.#classes = classes;
    const initial = () => initialParameters(head, config, videos, seed, classes);
    this.#load(from ?? { step: 0, parameters: initial(), slots: new Map(), memory: new Map() });
  }

  get step(): number {
    return this.#step;
  }

  /** The live parameters; they belong to the loop and are replaced by the next step. */
  get parameters(): Readonly<ParameterTensors> {
    return this.#parameters;
  }

  /** The phases of the next step, in order; none where one update moves everything. */
  get phases(): string[] {
    return phasesOf(this.#head, this.#config, this.#step + 1);
  }

  /**
   * One step.
   * @throws Failure `diverged` when the loss is no longer a number; the parameters are then those before the step
   */
  async next(options: StepOptions = {}): Promise<StepEvent> {
    const event = await this.propose(options);
    this.accept();
    return event;
  }

  /**
   * Computes the next step without taking it: parameters stay those before it until it is accepted. A proposal that
   * was there before is forgotten.
   * @throws Failure `diverged` like `next`
   */
  async propose(options: StepOptions = {}): Promise<StepEvent> {
    this.forget();
    const step = this.#step + 1;
    const { only } = options;
    if (only !== undefined && !this.phases.includes(only)) {
      throw new Failure({
        code: 'config-invalid',
        subject: this.#head.card.title,
        what: `Step ${step} has no phase "${only}".`,
        next: 'Choose all phases, or one that there is.',
      });
    }
    const random = new Random(this.#seed).stream('step', step);
    const batch = sampleBatch(
      { normal: this.#normal.length, anomalous: this.#anomalous.length },
      this.#config,
      random.stream('batch'),
    );
    const orders = this.#config.shuffleSegments ? this.#shuffledOrders(batch, random.stream('order')) : null;
    const result = this.#update(batch, orders, step, random, options);
    const { report, chosen, memory, observed, names, weights, parameters, slots } = result;
    const values = Array.from(await report.data());
    const touched = chosen ? Array.from(await chosen.data()) : null;
    const learnt = memory ? await memory.data<'float32'>() : null;
    const detail = observed && (await this.#detail(batch, orders, observed));
    tf.dispose([report, chosen, memory, observed?.scores, observed?.norms].filter((t) => t !== undefined));

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
    this.#proposal = { parameters, slots, batch, orders, learnt };
    return {
      step,
      losses,
      weights: Object.fromEntries(names.map((name, i) => [name, weights[i]])),
      total,
      chosen: touched ? this.#chosenSegments(batch, orders, touched) : [],
      ...(only !== undefined && { only }),
      ...(detail && { detail }),
    };
  }

  /** Whether a step was proposed and waits. */
  get hasProposal(): boolean {
    return this.#proposal !== null;
  }

  /** The proposed step counts from now on. */
  accept(): void {
    const { parameters, slots, batch, orders, learnt } = this.#proposal!;
    this.#proposal = null;
    tf.dispose([this.#parameters, this.#slots]);
    this.#parameters = parameters;
    this.#slots = slots;
    this.#step += 1;
    if (learnt) this.#remember(batch, orders, learnt);
  }

  /** The proposed step, if there is one, never was. */
  forget(): void {
    if (this.#proposal) tf.dispose([this.#proposal.parameters, this.#proposal.slots]);
    this.#proposal = null;
  }

  /** The step itself; only what outlives it is returned. */
  #update(
    batch: SampledBatch,
    orders: number[][] | null,
    step: number,
    random: Random,
    options: StepOptions,
  ): StepResult {
    return tf.tidy(() => {
      const flip = random.stream('flip');
      const videos = this.#videosOf(batch).map((video) =>
        video.flipped && flip.uniform() < 0.5 ? { ...video, bag: video.flipped } : video,
      );
      const bags = stackVideos(videos, batch.normal.length, this.#classes, orders);
      bags.extras = this.#head.augment?.(bags, this.#config, random.stream('augment'));
      const size = this.#head.memory?.(this.#config);
      if (size !== undefined) bags.memory = this.#recall(batch, orders, size);
      const state = { parameters: this.#parameters, slots: this.#slots };
      const modeOf = (remember: Mode['remember']) => trainingMode(random, remember);
      return takeStep(this.#head, this.#config, this.#optimiser, state, bags, modeOf, step, options);
    });
  }

  /** `[B,size]`, -1 for videos that were not met yet. */
  #recall(batch: SampledBatch, orders: number[][] | null, size: number): tf.Tensor2D {
    const unmet = new Array<number>(size).fill(-1);
    return tf.tensor2d(
      this.#videosOf(batch).map(({ id }, b) => {
        const values = this.#memory.get(id)?.values ?? unmet;
        return Array.from(unmet, (_, t) => values[orders?.[b][t] ?? t]);
      }),
    );
  }

  /** In the order of time, whatever order the step saw. */
  #remember(batch: SampledBatch, orders: number[][] | null, seen: Float32Array): void {
    const videos = this.#videosOf(batch);
    const size = seen.length / videos.length;
    videos.forEach(({ id }, b) => {
      const values = new Float32Array(size);
      for (let t = 0; t < size; t++) values[orders?.[b][t] ?? t] = seen[b * size + t];
      this.#memory.set(id, { shape: [size], values });
    });
  }

  /** One order per video, of its own length. */
  #shuffledOrders(batch: SampledBatch, random: Random): number[][] {
    return this.#videosOf(batch).map(({ bag }) =>
      random.shuffle(Array.from({ length: bag.shape.at(-2)! }, (_, t) => t)),
    );
  }

  #videosOf({ normal, anomalous }: SampledBatch): TrainingVideo[] {
    return [...normal.map((i) => this.#normal[i]), ...anomalous.map((i) => this.#anomalous[i])];
  }

  async #detail(
    batch: SampledBatch,
    orders: number[][] | null,
    { scores, norms, moved }: Observed,
  ): Promise<StepDetail> {
    const seen = await scores.data<'float32'>();
    const [gradient, change, norm] = (await norms.array()) as number[][];
    const videos = this.#videosOf(batch);
    const length = seen.length / videos.length;
    return {
      bags: videos.map(({ id, label, bag }, b) => {
        const own = Math.min(length, bag.shape.at(-2)!); // the rest is padding
        const inOrder = new Float32Array(own);
        for (let t = 0; t < own; t++) inOrder[orders?.[b][t] ?? t] = seen[b * length + t];
        return { id, label, scores: inOrder };
      }),
      layers: layersOf(
        moved.map((name, i) => ({
          name,
          size: this.#parameters[name].size,
          gradient: gradient[i],
          change: change[i],
          norm: norm[i],
        })),
      ),
    };
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
    const memory = new Map(this.#memory);
    return {
      step,
      parameters: await readTensors(kept.parameters),
      slots: await readTensors(kept.slots),
      memory,
    };
  }

  #load({ step, parameters, slots, memory }: Checkpoint): void {
    this.#step = step;
    this.#memory = new Map(memory);
    for (const [name, { shape, values }] of parameters) {
      this.#parameters[name] = tf.tensor(values, shape as number[]);
      this.#slots[name] = (isBuffer(name) ? [] : this.#optimiser.slots).map((slot) => {
        const kept = slots.get(`${slot}/${name}`);
        return kept ? tf.tensor(kept.values, shape as number[]) : tf.zeros(shape as number[]);
      });
    }
  }

  dispose(): void {
    this.forget();
    tf.dispose([this.#parameters, this.#slots]);
    this.#parameters = {};
    this.#slots = {};
  }
}

/** What a run starts from: a function of its seed. */
export function initialParameters(
  head: Head,
  config: Config,
  videos: readonly TrainingVideo[],
  seed: number,
  classes: number,
): Parameters {
  const dims = { features: featureSize(videos[0]), classes: classes || undefined };
  return head.init(config, dims, new Random(seed).stream('parameters'));
}

/** The phases of a step by name, where it has several. */
export function phasesOf({ phases }: Head, config: Config, step: number): string[] {
  return phases?.(config, step).map(({ name }) => name) ?? [];
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
