/** Trains heads: the calls that the page makes of the one live head. The page holds only plain data. */
import * as Comlink from 'comlink';
import * as tf from '@tensorflow/tfjs-core';
import { Failure, isAbort } from '../engine/failure.ts';
import { headById } from '../engine/heads/catalogue.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { ParameterTensors } from '../engine/heads/head.ts';
import type { Deviations } from '../engine/golden/fixture.ts';
import type { Progress } from '../engine/job.ts';
import { readRun, writeRun } from '../engine/training/checkpoint.ts';
import { Random } from '../engine/random.ts';
import type { Fingerprint } from '../engine/features/fingerprint.ts';
import { holdOut } from '../engine/training/sampler.ts';
import type { StepEvent } from '../engine/training/loop.ts';
import type { NumericArray } from '../engine/types.ts';
import { deviceBytes, loseDevice, type BackendChoice, type DeviceReport } from './device.ts';
import { commandJob, runJob } from './jobs.ts';
import {
  chooseDevice,
  describe,
  device,
  exclusive,
  isLive,
  keep,
  markBest,
  open,
  readStored,
  reopen,
  revert,
  scoreOne,
  scoreWatched,
  step,
  store,
} from './live.ts';
import type { FixtureFiles, Speed, SpeedRequest } from './measure.ts';
import { answering } from './outcome.ts';
import type { RunRecord, ScoreRecord, Selection, TrainedOn } from './schema.ts';

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
  /** Share of the videos that is held out where the selection is `val`, 0..1. */
  validate: number;
}

/** What the page is told while a run goes on, a few times a second. */
export interface Tick {
  /** The latest step. */
  event: StepEvent;
  /** Total and terms of every step since the tick before. */
  losses: { total: number; terms: Record<string, number> }[];
  stepsPerSecond: number;
}

export interface OpenRun {
  run: RunRecord;
  device: DeviceReport;
  /** Numbers that are trained. */
  parameters: number;
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
      classes: classesOf(spec.videos),
      features: first?.shape.at(-1),
      backbone: first?.provenance.backbone ?? 'unknown',
      losses: { total: new Float32Array(0), terms: {} },
    };
    return exclusive(async () => {
      const current = await open(run);
      return {
        run: await keep(current),
        device: running,
        parameters: countParameters(current.loop.parameters),
      };
    });
  },

  /** Steps until `steps` are done or the job is cancelled, which is how a run is paused. */
  async play(runId: string, steps: number, id: string, onTick: (tick: Tick) => void): Promise<RunRecord> {
    const current = await exclusive(() => reopen(runId));
    current.run = { ...current.run, steps: Math.max(steps, current.run.steps) };
    const started = performance.now();
    const from = current.loop.step;
    let [lastTick, lastCheckpoint] = [started, started];
    let pending: Tick['losses'] = [];
    try {
      await runJob(id, onTick as unknown as (progress: Progress) => void, async (job) => {
        while (current.loop.step < steps) {
          await job.turn();
          const event = await exclusive(() => step(current));
          pending.push(current.losses[current.losses.length - 1]);
          const now = performance.now();
          if (now - lastTick > TICK || event.step === steps) {
            const stepsPerSecond = (1000 * (event.step - from)) / (now - started);
            onTick({ event, losses: pending, stepsPerSecond });
            pending = [];
            lastTick = now;
          }
          if (now - lastCheckpoint > CHECKPOINT) {
            await exclusive(() => keep(current));
            lastCheckpoint = performance.now();
          }
        }
      });
    } catch (error) {
      if (!isAbort(error)) {
        // Parameters that came of a faulty device or led to no number are not worth a sound checkpoint.
        const isSound = !(error instanceof Failure && ['device-fault', 'diverged'].includes(error.code));
        await exclusive(() => (isSound ? keep(current) : revert(current))).catch(() => {});
        throw error;
      }
    }
    return exclusive(() => keep(current));
  },

  async step(runId: string): Promise<{ tick: Tick; run: RunRecord }> {
    const current = await exclusive(() => reopen(runId));
    const event = await exclusive(() => step(current));
    const losses = [current.losses[current.losses.length - 1]];
    return { tick: { event, losses, stepsPerSecond: 0 }, run: await exclusive(() => keep(current)) };
  },

  /** Scores as the head stands now, not stored: for the video on stage while a run goes on. */
  async peek(runId: string, featureKey: string): Promise<ScoreRecord | null> {
    return exclusive(async () => (isLive(runId) ? scoreOne(runId, featureKey, true) : null));
  },

  /** Scores snippets `[N,D]` that are in no store. */
  async watch(runId: string, features: NumericArray, backbone: string): Promise<Float32Array> {
    return exclusive(() => scoreWatched(runId, features, backbone));
  },

  /** The step that counts is this one, by a figure that the page computed. */
  async markBest(runId: string, figure: number): Promise<RunRecord> {
    const current = await exclusive(() => reopen(runId));
    await exclusive(() => markBest(current, figure));
    return exclusive(() => keep(current));
  },

  /** Scores and stores them. */
  async score(
    runId: string,
    featureKeys: string[],
    id: string,
    report: (progress: Progress) => void,
  ): Promise<ScoreRecord[]> {
    return runJob(id, report, async (job) => {
      const records: ScoreRecord[] = [];
      for (const featureKey of featureKeys) {
        await job.turn();
        records.push(await exclusive(() => scoreOne(runId, featureKey)));
        job.report({ done: records.length, total: featureKeys.length, unit: 'videos' });
      }
      await (await store()).putScores(records);
      return records;
    });
  },

  /** The run as a safetensors file with state-dict names, without what only training needs. */
  async exportRun(runId: string): Promise<Uint8Array<ArrayBuffer>> {
    const { run, saved } = await readStored(runId);
    const { step, parameters } = saved.checkpoint;
    const counted = saved.best ? { step: run.best!.step, parameters: saved.best } : { step, parameters };
    const checkpoint = { ...saved.checkpoint, ...counted };
    return writeRun({ ...saved, checkpoint, metadata: describe(run) }, false);
  },

  /** A run from a file, to score with. */
  async importRun(bytes: Uint8Array, name: string, projectId: string): Promise<RunRecord> {
    const saved = readRun(bytes, name);
    const { head, config, seed, backbone, version, features, classes, selection, fingerprint } =
      saved.metadata;
    headById(head);
    const now = Date.now();
    const run: RunRecord = {
      id: crypto.randomUUID(),
      projectId,
      head,
      config: JSON.parse(config) as Config,
      seed: Number(seed),
      createdAt: now,
      updatedAt: now,
      step: saved.checkpoint.step,
      steps: saved.checkpoint.step,
      backend: 'cpu',
      version: version ?? 'unknown',
      training: [],
      selection: (selection ?? 'last') as Selection,
      classes: classes === undefined ? undefined : (JSON.parse(classes) as string[]),
      features: features === undefined ? undefined : Number(features),
      fingerprint: fingerprint === undefined ? undefined : (JSON.parse(fingerprint) as Fingerprint),
      backbone: backbone ?? 'unknown',
      losses: { total: new Float32Array(0), terms: {} },
    };
    await (await store()).putRun(run, { runId: run.id, step: run.step, bytes: Uint8Array.from(bytes) });
    return run;
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

export type TrainApi = typeof api;

Comlink.expose(answering(api));
