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
import { bagsAtHand, stackVideos, type BagSource, type TrainingEntry, type TrainingVideo } from './batch.ts';
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
  /** The videos of the batch. */
  videos: TrainingVideo[];
  orders: number[][] | null;
  /** What is to be remembered of each bag's video. */
  learnt: Float32Array | null;
}

export class TrainingLoop {
  readonly #head: Head;
  readonly #config: Config & BagConfig;
  readonly #seed: number;
  readonly #source: BagSource;
  readonly #normal: TrainingEntry[];
  readonly #anomalous: TrainingEntry[];
  readonly #optimiser: Optimiser;
  readonly #classes: number;
  #memory = new Map<string, NumericArray>();
  #parameters: ParameterTensors = {};
  #slots: Record<string, tf.Tensor[]> = {};
  #step = 0;
  #proposal: Proposal | null = null;

  /**
   * @param bags what is trained on: at hand, or where it is read from
   * @param classes C, the classes of anomaly that labels name; 0 where they name none
   * @param from where to go on; without it, training starts from the head's initial parameters
   * @throws Failure `data-missing` without videos of both labels, `data-mismatch` when features differ in length
   */
  constructor(
    head: Head,
    config: Config,
    bags: readonly TrainingVideo[] | BagSource,
    seed: number,
    classes: number,
    from?: Checkpoint,
  ) {
    this.#head = head;
    this.#config = config as Config & BagConfig;
    this.#seed = seed;
    this.#source = 'load' in bags ? bags : bagsAtHand(bags);
    const { videos } = this.#source;
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
    const batch = this.#batchOf(step);
    const videos = await this.#source.load(this.#idsOf(batch));
    this.#source.expect(this.#idsOf(this.#batchOf(step + 1)));
    const orders = this.#config.shuffleSegments ? shuffledOrders(videos, random.stream('order')) : null;
    const result = this.#update(videos, batch.normal.length, orders, step, random, options);
    const { report, chosen, memory, observed, names, weights, parameters, slots } = result;
    const values = Array.from(await report.data());
    const touched = chosen ? Array.from(await chosen.data()) : null;
    const learnt = memory ? await memory.data<'float32'>() : null;
    const detail = observed && (await this.#detail(videos, orders, observed));
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
    this.#proposal = { parameters, slots, videos, orders, learnt };
    return {
      step,
      losses,
      weights: Object.fromEntries(names.map((name, i) => [name, weights[i]])),
      total,
      chosen: touched ? chosenSegments(videos, orders, touched) : [],
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
    const { parameters, slots, videos, orders, learnt } = this.#proposal!;
    this.#proposal = null;
    tf.dispose([this.#parameters, this.#slots]);
    this.#parameters = parameters;
    this.#slots = slots;
    this.#step += 1;
    if (learnt) this.#remember(videos, orders, learnt);
  }

  /** The proposed step, if there is one, never was. */
  forget(): void {
    if (this.#proposal) tf.dispose([this.#proposal.parameters, this.#proposal.slots]);
    this.#proposal = null;
  }

  /** The step itself; only what outlives it is returned. */
  #update(
    drawn: readonly TrainingVideo[],
    normal: number,
    orders: number[][] | null,
    step: number,
    random: Random,
    options: StepOptions,
  ): StepResult {
    return tf.tidy(() => {
      const flip = random.stream('flip');
      const videos = drawn.map((video) =>
        video.flipped && flip.uniform() < 0.5 ? { ...video, bag: video.flipped } : video,
      );
      const bags = stackVideos(videos, normal, this.#classes, orders);
      bags.extras = this.#head.augment?.(bags, this.#config, random.stream('augment'));
      const size = this.#head.memory?.(this.#config);
      if (size !== undefined) bags.memory = this.#recall(videos, orders, size);
      const state = { parameters: this.#parameters, slots: this.#slots };
      const modeOf = (remember: Mode['remember']) => trainingMode(random, remember);
      return takeStep(this.#head, this.#config, this.#optimiser, state, bags, modeOf, step, options);
    });
  }

  /** `[B,size]`, -1 for videos that were not met yet. */
  #recall(videos: readonly TrainingVideo[], orders: number[][] | null, size: number): tf.Tensor2D {
    const unmet = new Array<number>(size).fill(-1);
    return tf.tensor2d(
      videos.map(({ id }, b) => {
        const values = this.#memory.get(id)?.values ?? unmet;
        return Array.from(unmet, (_, t) => values[orders?.[b][t] ?? t]);
      }),
    );
  }

  /** In the order of time, whatever order the step saw. */
  #remember(videos: readonly TrainingVideo[], orders: number[][] | null, seen: Float32Array): void {
    const size = seen.length / videos.length;
    videos.forEach(({ id }, b) => {
      const values = new Float32Array(size);
      for (let t = 0; t < size; t++) values[orders?.[b][t] ?? t] = seen[b * size + t];
      this.#memory.set(id, { shape: [size], values });
    });
  }

  /** Which videos a step looks at: a function of the seed. */
  #batchOf(step: number): SampledBatch {
    return sampleBatch(
      { normal: this.#normal.length, anomalous: this.#anomalous.length },
      this.#config,
      new Random(this.#seed).stream('step', step).stream('batch'),
    );
  }

  #idsOf({ normal, anomalous }: SampledBatch): string[] {
    return [...normal.map((i) => this.#normal[i].id), ...anomalous.map((i) => this.#anomalous[i].id)];
  }

  async #detail(
    videos: readonly TrainingVideo[],
    orders: number[][] | null,
    { scores, norms, moved }: Observed,
  ): Promise<StepDetail> {
    const seen = await scores.data<'float32'>();
    const [gradient, change, norm] = (await norms.array()) as number[][];
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

/** One order per video, of its own length. */
function shuffledOrders(videos: readonly TrainingVideo[], random: Random): number[][] {
  return videos.map(({ bag }) => random.shuffle(Array.from({ length: bag.shape.at(-2)! }, (_, t) => t)));
}

function chosenSegments(
  videos: readonly TrainingVideo[],
  orders: number[][] | null,
  mask: number[],
): StepEvent['chosen'] {
  const length = mask.length / videos.length;
  return videos.map(({ id }, b) => ({
    id,
    segments: Array.from({ length }, (_, t) => t)
      .filter((t) => mask[b * length + t] > 0)
      .map((t) => orders?.[b][t] ?? t)
      .sort((a, b) => a - b),
  }));
}

/** What a run starts from: a function of its seed. */
export function initialParameters(
  head: Head,
  config: Config,
  videos: readonly TrainingEntry[],
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

function checkVideos(normal: TrainingEntry[], anomalous: TrainingEntry[]): void {
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
function featureSize({ bag }: TrainingEntry): number {
  return bag.shape[bag.shape.length - 1];
}
