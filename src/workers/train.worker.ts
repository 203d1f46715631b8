/** Trains heads: the calls that the page makes of the live ones. The page holds only plain data. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as Comlink from 'comlink';
import * as tf from '@tensorflow/tfjs-core';
import { Failure, isAbort } from '../engine/failure.ts';
import { headById } from '../engine/heads/catalogue.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { ParameterTensors } from '../engine/heads/head.ts';
import type { Deviations } from '../engine/golden/fixture.ts';
import type { Progress } from '../engine/job.ts';
import type { RunMetrics } from '../engine/formats/run-file.ts';
import type { ScoresFile } from '../engine/formats/scores.ts';
import { Random } from '../engine/random.ts';
import { holdOut } from '../engine/training/sampler.ts';
import type { StepEvent } from '../engine/training/events.ts';
import { phasesOf } from '../engine/training/loop.ts';
import type { StepOptions } from '../engine/training/step.ts';
import type { NumericArray } from '../engine/types.ts';
import { deviceBytes, loseDevice, type BackendChoice, type DeviceReport } from './device.ts';
import { commandJob, runJob } from './jobs.ts';
import {
  amend,
  chooseDevice,
  device,
  exclusive,
  fork,
  isLive,
  keep,
  markBest,
  open,
  propose,
  readStored,
  reopen,
  revert,
  scoreNoisy,
  scoreOne,
  scoreWatched,
  step,
  store,
  watchSteps,
  type Live,
} from './live.ts';
import type { FixtureFiles, Speed, SpeedRequest } from './measure.ts';
import { workOf } from './work.ts';
import { answering } from './outcome.ts';
import {
  importRun,
  kindOfWeights,
  packFullOnnx,
  packOnnx,
  packRunFile,
  packWeights,
  scoresOf,
  type RunFormat,
  type WeightsKind,
} from './run-files.ts';
import type { RunChange, RunRecord, ScoreRecord, Selection, TrainedOn } from './schema.ts';
import { weighBag, type BagWish, type WeighedWish } from './composer.ts';
import {
  keepMagnitudes,
  magnitudeMoments,
  represent,
  type MagnitudeMoment,
  type Represented,
} from './space.ts';
import {
  explainOne,
  follow,
  keepLook,
  keptLook,
  keptLooks,
  lookOne,
  type Explanation,
  type Look,
} from './sight.ts';

/** What a run is made of. */
export interface RunSpec {
  projectId: string;
  head: string;
  config: Config;
  seed: number;
  steps: number;
  /** Which of the project's videos it may learn from. */
  videos: TrainedOn[];
  /** Which step counts. */
  selection: Selection;
  /** A score at or above it is an alarm, until another one is chosen. */
  threshold?: number;
  /** Share of the videos that is held out where the selection is `val`, 0..1. */
  validate: number;
  /** Looks without a better figure after which it is to end; 0 for never. */
  patience?: number;
}

/** What the page is told while a run goes on, a few times a second. */
export interface Tick {
  runId: string;
  /** The latest step. */
  event: StepEvent;
  /** Total and terms of every step since the tick before. */
  losses: { total: number; terms: Record<string, number> }[];
  stepsPerSecond: number;
  /** Share of the time that was spent waiting for features to be read, 0..1. */
  waiting: number;
  /** What the device ran for the latest step: programs on WebGPU, kernels elsewhere. */
  dispatches: number;
}

export interface OpenRun {
  run: RunRecord;
  device: DeviceReport;
  /** Numbers that are trained. */
  parameters: number;
}

/** A run that goes on from where another one stands. */
export interface ForkedRun extends OpenRun {
  /** The run that it comes from, as it was kept. */
  parent: RunRecord;
  /** Parameters that had to be made for it, and those of its parent that it has no use for, by name. */
  fresh: string[];
  dropped: string[];
}

/** Milliseconds between ticks, and between checkpoints. */
const TICK = 80;
const CHECKPOINT = 5000;

const api = {
  async prepare(choice: BackendChoice): Promise<DeviceReport> {
    return chooseDevice(choice);
  },

  /** A new run, not stepped yet, stored from the start. */
  async create(spec: RunSpec): Promise<OpenRun> {
    const running = await device();
    const first = spec.videos[0] && (await (await store()).featureSummary(spec.videos[0].featureKey));
    const { training, heldOut } =
      spec.selection === 'val' ? heldOutOf(spec) : { training: spec.videos, heldOut: [] };
    const now = Date.now();
    const run: RunRecord = {
      id: crypto.randomUUID(),
      projectId: spec.projectId,
      head: spec.head,
      config: spec.config,
      seed: spec.seed,
      createdAt: now,
      updatedAt: now,
      step: 0,
      steps: spec.steps,
      backend: running.backend,
      version: __WEAKLENS_VERSION__,
      training,
      heldOut,
      selection: spec.selection,
      validate: spec.validate,
      patience: spec.patience || undefined,
      threshold: spec.threshold,
      classes: classesOf(spec.videos),
      features: first?.shape.at(-1),
      backbone: first?.provenance.backbone ?? 'unknown',
      losses: { total: new Float32Array(0), terms: {} },
    };
    return exclusive(async () => {
      const current = await open(run);
      const [kept] = await keep([current]);
      return {
        run: kept,
        device: running,
        parameters: countParameters(current.loop.parameters),
      };
    });
  },

  /**
   * Steps until `steps` are done or the job is cancelled, which is how runs are paused. Two runs take turns, the one
   * that is behind first, and pause at the same step.
   */
  async play(
    runIds: string[],
    steps: number,
    options: StepOptions,
    id: string,
    onTick: (tick: Tick) => void,
  ): Promise<RunRecord[]> {
    const lives = await exclusive(() => reopen(runIds));
    for (const live of lives) live.run = { ...live.run, steps: Math.max(steps, live.run.steps) };
    const meter = new Meter(lives, onTick);
    let current = lives[0];
    try {
      await runJob(id, onTick as unknown as (progress: Progress) => void, async (job) => {
        for (let lastCheckpoint = performance.now(); ;) {
          current = lives.reduce((behind, live) => (live.loop.step < behind.loop.step ? live : behind));
          if (current.loop.step >= steps) break;
          const isMidRound = lives.some(({ loop }) => loop.step === current.loop.step + 1);
          if (!isMidRound) await job.turn();
          const { event, dispatches } = await exclusive(() => measuredStep(current, options));
          meter.count(current, event, dispatches, event.step === steps);
          if (performance.now() - lastCheckpoint > CHECKPOINT) {
            await exclusive(() => keep(lives));
            lastCheckpoint = performance.now();
          }
        }
      });
    } catch (error) {
      if (!isAbort(error)) {
        // Parameters that came of a faulty device or led to no number are not worth a sound checkpoint.
        const { code } = Failure.from(error);
        const unsound = code === 'device-fault' ? lives : code === 'diverged' ? [current] : [];
        await exclusive(() => {
          unsound.forEach(revert);
          return keep(lives.filter((live) => !unsound.includes(live)));
        }).catch(() => {});
        throw error;
      }
    }
    return exclusive(() => keep(lives));
  },

  /** One step of each run; the first is looked at closely. A step that was proposed is the one that is taken. */
  async step(runIds: string[], options: StepOptions): Promise<{ ticks: Tick[]; runs: RunRecord[] }> {
    const lives = await exclusive(() => reopen(runIds));
    const ticks: Tick[] = [];
    for (const live of lives) {
      const { event, dispatches } = await exclusive(() =>
        measuredStep(live, { ...options, observe: live === lives[0] }),
      );
      const losses = live.losses.slice(-1);
      ticks.push({ runId: live.run.id, event, losses, stepsPerSecond: 0, waiting: 0, dispatches });
    }
    return { ticks, runs: await exclusive(() => keep(lives)) };
  },

  /** The next step, looked at closely before it counts. */
  async propose(runId: string, options: StepOptions): Promise<StepEvent> {
    const [live] = await exclusive(() => reopen([runId]));
    return exclusive(() => propose(live, { ...options, observe: true }));
  },

  /** The phases of a step by name, in order; none where one update moves everything. */
  phases: (head: string, config: Config, step: number): string[] => phasesOf(headById(head), config, step),

  /** From where a run stands, another goes on under another configuration. */
  async fork(runId: string, config: Config): Promise<ForkedRun> {
    const running = await device();
    return exclusive(async () => {
      const [parent] = await reopen([runId]);
      const { live, fresh, dropped } = await fork(parent, config);
      const parameters = countParameters(live.loop.parameters);
      return { run: live.run, parent: parent.run, device: running, parameters, fresh, dropped };
    });
  },

  /** Scores as the head stands now, not stored: for the video on stage while a run goes on. */
  async peek(runId: string, featureKey: string): Promise<ScoreRecord | null> {
    return exclusive(async () => (isLive(runId) ? scoreOne(runId, featureKey, true) : null));
  },

  /**
   * What one video looks like to a run.
   * @param asItStands by the last step, also where another one counts
   * @param keptStep at a step of which a look was kept; null for now
   */
  async look(
    runId: string,
    featureKey: string,
    asItStands: boolean,
    keptStep: number | null,
  ): Promise<Look | null> {
    if (keptStep !== null) return keptLook(runId, featureKey, keptStep);
    return exclusive(() => lookOne(runId, featureKey, asItStands));
  },

  /** The steps of which looks were kept. */
  keptLooks,

  /** The video that looks are kept of while a run trains. */
  follow,

  /** How one snippet came by its score. */
  async explain(
    runId: string,
    featureKey: string,
    snippet: number,
    asItStands: boolean,
  ): Promise<Explanation> {
    return exclusive(() => explainOne(runId, featureKey, snippet, asItStands));
  },

  /** What the head makes of snippets just before it scores them. */
  represent(
    runId: string,
    featureKeys: string[],
    every: number,
    asItStands: boolean,
    id: string,
    report: (progress: Progress) => void,
  ): Promise<Represented> {
    return runJob(id, report, (job) => represent(runId, featureKeys, every, asItStands, job));
  },

  /** How long the features of training bags were while this run trained. */
  magnitudes: (runId: string): Promise<MagnitudeMoment[]> => exclusive(() => magnitudeMoments(runId)),

  /** Forward and loss of a composed bag. */
  weigh: (runId: string, wish: BagWish, asItStands: boolean): Promise<WeighedWish> =>
    exclusive(() => weighBag(runId, wish, asItStands)),

  /** Scores snippets `[N,D]` that are in no store. */
  async watch(runId: string, features: NumericArray, backbone: string): Promise<Float32Array> {
    return exclusive(() => scoreWatched(runId, features, backbone));
  },

  /** The step that counts is this one, by a figure that the page computed. */
  async markBest(runId: string, figure: number): Promise<RunRecord> {
    const [current] = await exclusive(() => reopen([runId]));
    await exclusive(() => markBest(current, figure));
    const [run] = await exclusive(() => keep([current]));
    return run;
  },

  /** What people say of a run from now on. */
  async amend(runId: string, change: RunChange): Promise<void> {
    return exclusive(() => amend(runId, change));
  },

  /**
   * Scores by the step that counts, and stores them.
   * @param asItStands by the last step, also where another one counts; nothing is stored then
   */
  async score(
    runId: string,
    featureKeys: string[],
    asItStands: boolean,
    id: string,
    report: (progress: Progress) => void,
  ): Promise<ScoreRecord[]> {
    return runJob(id, report, async (job) => {
      const records: ScoreRecord[] = [];
      for (const featureKey of featureKeys) {
        await job.turn();
        records.push(await exclusive(() => scoreOne(runId, featureKey, asItStands)));
        job.report({ done: records.length, total: featureKeys.length, unit: 'videos' });
      }
      if (!asItStands) await (await store()).putScores(records);
      return records;
    });
  },

  /** Of videos that have a noisy variant; kept nowhere. */
  async scoreNoisy(runId: string, featureKeys: string[]): Promise<(ScoreRecord | null)[]> {
    const records: (ScoreRecord | null)[] = [];
    for (const featureKey of featureKeys) records.push(await exclusive(() => scoreNoisy(runId, featureKey)));
    return records;
  },

  /**
   * The run as a file: weights with state-dict names, without what only training needs; everything in a zip; or an ONNX
   * graph, of the head or with the backbone before it.
   * @param figures over the test part, for the zip
   */
  async exportRun(
    runId: string,
    format: RunFormat,
    figures: RunMetrics | null,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { run, saved } = await readStored(runId);
    const recorded = (pack: () => Promise<Uint8Array<ArrayBuffer>>) => exclusive(() => device().then(pack));
    const pack: Record<RunFormat, () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>> = {
      safetensors: () => packWeights(run, saved),
      zip: async () => packRunFile(await store(), run, figures),
      onnx: () => recorded(() => packOnnx(run, saved)),
      'full.onnx': () => recorded(async () => packFullOnnx(await store(), run, saved)),
    };
    const bytes = await pack[format]();
    return Comlink.transfer(bytes, [bytes.buffer]);
  },

  /** What a run made of the videos of its project. */
  async scoresOf(runId: string): Promise<ScoresFile> {
    const { run, saved } = await readStored(runId);
    return scoresOf(await store(), run, bytesToHex(sha256(packWeights(run, saved))));
  },

  /** What a file of weights is, as far as the names of its tensors tell. */
  kindOfWeights: (file: Blob, name: string): Promise<WeightsKind> => kindOfWeights(file, name),

  /** A run from a file, to score with: one of ours, or weights that someone else trained. */
  async importRun(file: Blob, name: string, projectId: string): Promise<RunRecord> {
    return importRun(await store(), new Uint8Array(await file.arrayBuffer()), name, projectId);
  },

  /** How far the device is from a fixture, in units of what is allowed. */
  async deviation(files: FixtureFiles): Promise<Deviations> {
    await device();
    const { measureDeviation } = await import('./measure.ts');
    return exclusive(() => measureDeviation(files));
  },

  async speed(request: SpeedRequest): Promise<Speed> {
    await device();
    const { measureSpeed } = await import('./measure.ts');
    return exclusive(() => measureSpeed(request));
  },

  command: commandJob,

  memory: () => ({ ...tf.memory(), deviceBytes: deviceBytes() }),

  /** For tests of recovery. */
  loseDevice,
};

async function measuredStep(
  live: Live,
  options: StepOptions,
): Promise<{ event: StepEvent; dispatches: number }> {
  let event: StepEvent;
  const { dispatches } = await workOf(async () => (event = await step(live, options)));
  return { event: event!, dispatches };
}

/** Tells the page how runs get on, a few times a second. */
class Meter {
  readonly #onTick: (tick: Tick) => void;
  readonly #started = performance.now();
  readonly #from: Map<Live, number>;
  readonly #waited: Map<Live, number>;
  readonly #pending = new Map<Live, Pick<Tick, 'event' | 'losses' | 'dispatches'>>();
  #last = this.#started;

  constructor(lives: readonly Live[], onTick: (tick: Tick) => void) {
    this.#onTick = onTick;
    this.#from = new Map(lives.map((live) => [live, live.loop.step]));
    this.#waited = new Map(lives.map((live) => [live, live.source.waitedMilliseconds]));
  }

  /** @param isLast nothing more will come of this run */
  count(live: Live, event: StepEvent, dispatches: number, isLast: boolean): void {
    const losses = [...(this.#pending.get(live)?.losses ?? []), live.losses[live.losses.length - 1]];
    this.#pending.set(live, { event, losses, dispatches });
    const now = performance.now();
    if (!isLast && now - this.#last <= TICK) return;
    this.#last = now;
    for (const [of, pending] of this.#pending) {
      const done = pending.event.step - this.#from.get(of)!;
      const stepsPerSecond = (1000 * done) / (now - this.#started);
      const waiting = (of.source.waitedMilliseconds - this.#waited.get(of)!) / (now - this.#started);
      this.#onTick({ runId: of.run.id, ...pending, stepsPerSecond, waiting });
    }
    this.#pending.clear();
  }
}

/** @throws Failure `data-missing` when the held-out videos have one label only, which nothing can be chosen by */
function heldOutOf({ videos, validate, seed }: RunSpec): { training: TrainedOn[]; heldOut: TrainedOn[] } {
  const parts = holdOut(videos, validate, new Random(seed).stream('held-out'));
  const [only, other] = new Set(parts.heldOut.map(({ label }) => label));
  if (other) return parts;
  throw new Failure({
    code: 'data-missing',
    what: `To choose a step by held-out videos, two of each label are needed; ${only ? `only "${only}" could be held out` : 'none could be held out'}.`,
    next: 'Label more training videos, or let the last step count.',
  });
}

/** The classes of anomaly that labels name, by name; none where no label names one. */
function classesOf(videos: readonly TrainedOn[]): string[] | undefined {
  // What a list calls a normal video ("Normal") is no class of anomaly.
  const anomalous = videos.filter(({ label }) => label === 'anomalous');
  const names = new Set(anomalous.flatMap(({ classes = [] }) => classes));
  return names.size > 0 ? [...names].sort() : undefined;
}

function countParameters(parameters: Readonly<ParameterTensors>): number {
  return Object.values(parameters).reduce((sum, tensor) => sum + tensor.size, 0);
}

watchSteps(async (runId, step) => {
  await keepLook(runId, step);
  await keepMagnitudes(runId, step);
});

export type TrainApi = typeof api;

Comlink.expose(answering(api));
