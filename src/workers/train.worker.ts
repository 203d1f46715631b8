/**
 * Owns the one live head: opens runs, steps them, keeps their checkpoints and scores videos with them. The page holds
 * only plain data.
 */
import * as Comlink from 'comlink';
import * as tf from '@tensorflow/tfjs-core';
import { Failure, isAbort } from '../engine/failure.ts';
import type { BagConfig } from '../engine/features/bags.fields.ts';
import { measureScale, normalise, toBag, type FeatureScale } from '../engine/features/bags.ts';
import { headById } from '../engine/heads/catalogue.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { Head, ParameterTensors } from '../engine/heads/head.ts';
import type { Progress } from '../engine/job.ts';
import { readRun, writeRun, type SavedRun } from '../engine/training/checkpoint.ts';
import {
  TrainingLoop,
  type Checkpoint,
  type StepEvent,
  type TrainingVideo,
} from '../engine/training/loop.ts';
import type { WeakLabel } from '../engine/types.ts';
import {
  checkDevice,
  deviceBytes,
  deviceReport,
  isDeviceLoss,
  loseDevice,
  rebuildDevice,
  startDevice,
  type BackendChoice,
  type DeviceReport,
} from './device.ts';
import { commandJob, runJob } from './jobs.ts';
import { answering } from './outcome.ts';
import { Store, type RunRecord, type ScoreRecord } from './store.ts';

/** What a run is made of. */
export interface RunSpec {
  projectId: string;
  head: string;
  config: Config;
  seed: number;
  steps: number;
  /** Which of the project's videos it may learn from: a name, a weak label and features. Nothing else. */
  videos: { videoId: string; name: string; label: WeakLabel; featureKey: string }[];
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

/** A head that can score. */
interface Model {
  run: RunRecord;
  head: Head;
  scale: FeatureScale | null;
  step: number;
  parameters: Readonly<ParameterTensors>;
}

/** The run that is being trained. */
interface Live {
  run: RunRecord;
  head: Head;
  scale: FeatureScale | null;
  videos: TrainingVideo[];
  loop: TrainingLoop;
  /** The latest checkpoint, on the CPU: what a lost device is recovered from. */
  checkpoint: Checkpoint;
  losses: { total: number; terms: Record<string, number> }[];
}

let live: Live | null = null;
/** A finished run, loaded to score with. */
let loaded: Model | null = null;
let backend: BackendChoice = 'auto';
let opened: Promise<Store> | null = null;
const store = () => (opened ??= Store.open());

/** Steps, scores and checkpoints take turns: a step replaces the parameters that a score reads. */
let turn: Promise<unknown> = Promise.resolve();
function exclusive<T>(work: () => Promise<T>): Promise<T> {
  const result = turn.then(work);
  turn = result.catch(() => {});
  return result;
}

/** Makes a run the live one. */
async function open(record: RunRecord, saved?: SavedRun): Promise<Live> {
  close();
  const head = headById(record.head);
  const config = record.config as Config & BagConfig;
  const raw = await Promise.all(
    record.training.map(async ({ featureKey }) => {
      const { features, snippets } = await (await store()).features(featureKey);
      return toBag(
        features,
        config.segments,
        snippets.map((snippet) => snippet.missing),
      );
    }),
  );
  refuseMixedFeatures(
    record,
    raw.map(({ shape }) => shape[1]),
  );
  const needsScale = config.normalise.startsWith('standard') && raw.length > 0;
  const scale = saved ? saved.scale : needsScale ? measureScale(raw) : null;
  const videos = record.training.map(({ videoId, label }, i) => ({
    id: videoId,
    label,
    bag: normalise(raw[i], config.normalise, scale),
  }));
  const loop = new TrainingLoop(head, config, videos, record.seed, saved?.checkpoint);
  live = {
    run: record,
    head,
    scale,
    videos,
    loop,
    checkpoint: await loop.checkpoint(),
    losses: lossRows(record),
  };
  return live;
}

function close(): void {
  live?.loop.dispose();
  live = null;
  if (loaded) tf.dispose(loaded.parameters as ParameterTensors);
  loaded = null;
}

async function readStored(runId: string): Promise<{ run: RunRecord; saved: SavedRun }> {
  const [run, checkpoint] = await Promise.all([
    (await store()).run(runId),
    (await store()).checkpoint(runId),
  ]);
  if (!run || !checkpoint) throw new Failure({ code: 'data-missing', what: 'The run is no longer stored.' });
  return { run, saved: readRun(checkpoint.bytes, run.head) };
}

/** A run to go on with: needs the features it was trained on. */
async function reopen(runId: string): Promise<Live> {
  if (live?.run.id === runId) return live;
  const { run, saved } = await readStored(runId);
  await startDevice(backend);
  return open(run, saved);
}

/** A run to score with: needs its parameters only. */
async function modelOf(runId: string): Promise<Model> {
  if (live?.run.id === runId) {
    const { run, head, scale, loop } = live;
    return { run, head, scale, step: loop.step, parameters: loop.parameters };
  }
  if (loaded?.run.id === runId) return loaded;
  const { run, saved } = await readStored(runId);
  await startDevice(backend);
  if (loaded) tf.dispose(loaded.parameters as ParameterTensors);
  const parameters: ParameterTensors = {};
  for (const [name, { shape, values }] of saved.checkpoint.parameters)
    parameters[name] = tf.tensor(values, [...shape]);
  return (loaded = {
    run,
    head: headById(run.head),
    scale: saved.scale,
    step: saved.checkpoint.step,
    parameters,
  });
}

function refuseMixedFeatures(record: RunRecord, sizes: number[]): void {
  const odd = sizes.findIndex((size) => size !== sizes[0]);
  if (odd < 0) return;
  throw new Failure({
    code: 'data-mismatch',
    subject: record.training[odd].name,
    what: `Its features have ${sizes[odd]} numbers, those of ${record.training[0].name} have ${sizes[0]}.`,
    next: 'Train on features of one backbone only.',
  });
}

/** One step; a lost device is replaced, and the steps since the last checkpoint are done again, to the same numbers. */
async function step(current: Live): Promise<StepEvent> {
  for (;;) {
    try {
      const event = await current.loop.next();
      checkDevice();
      current.losses.length = event.step - 1;
      current.losses.push({ total: event.total, terms: event.losses });
      return event;
    } catch (error) {
      if (!isDeviceLoss(error)) throw error;
      await rebuildDevice();
      const { head, run, videos, checkpoint } = current;
      current.loop = new TrainingLoop(head, run.config, videos, run.seed, checkpoint);
    }
  }
}

/** Keeps the run as it stands: first on the CPU, then in the store. */
async function keep(current: Live): Promise<RunRecord> {
  current.checkpoint = await current.loop.checkpoint();
  checkDevice();
  current.run = {
    ...current.run,
    step: current.checkpoint.step,
    updatedAt: Date.now(),
    backend: deviceReport().backend,
    losses: lossColumns(current.losses.slice(0, current.checkpoint.step)),
  };
  const bytes = writeRun(
    { checkpoint: current.checkpoint, scale: current.scale, metadata: describe(current.run) },
    true,
  );
  await (await store()).putRun(current.run, { runId: current.run.id, step: current.run.step, bytes });
  return current.run;
}

/** What stands in the metadata of a run's file. */
function describe(run: RunRecord): Record<string, string> {
  return {
    format: 'weaklens-run',
    version: run.version,
    head: run.head,
    config: JSON.stringify(run.config),
    seed: String(run.seed),
    backbone: run.backbone,
  };
}

/** Scores one video through the features it has. */
async function scoreOne(
  { run, head, scale, step, parameters }: Model,
  featureKey: string,
): Promise<ScoreRecord> {
  const { features } = await (await store()).features(featureKey);
  const size = inputSize(parameters);
  if (size !== null && features.shape[1] !== size) {
    throw new Failure({
      code: 'data-mismatch',
      what: `The head was trained on features of ${size} numbers and meets some of ${features.shape[1]}.`,
      next: 'Extract the video with the backbone that the run was trained with.',
    });
  }
  const config = run.config as Config & BagConfig;
  const { values, shape } = normalise(features, config.normalise, scale);
  const snippets = tf.tensor3d(values, [1, shape[0], shape[1]]);
  try {
    const { scores, ...rest } = await head.score(parameters as ParameterTensors, snippets, config);
    checkDevice();
    return { runId: run.id, featureKey, step, scores: Float32Array.from(scores), ...rest };
  } finally {
    snippets.dispose();
  }
}

/** D of a head: the inputs of its first layer. */
function inputSize(parameters: Readonly<ParameterTensors>): number | null {
  const first = Object.values(parameters).find((tensor) => tensor.rank === 2);
  return first ? first.shape[1]! : null;
}

const api = {
  async prepare(choice: BackendChoice): Promise<DeviceReport> {
    backend = choice;
    return startDevice(choice);
  },

  /** A new run, not stepped yet, stored from the start. */
  async create(spec: RunSpec): Promise<OpenRun> {
    const device = await startDevice(backend);
    const first = spec.videos[0] && (await (await store()).featureSummary(spec.videos[0].featureKey));
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
      backend: device.backend,
      version: __WEAKLENS_VERSION__,
      training: spec.videos,
      backbone: first?.provenance.backbone ?? 'unknown',
      losses: { total: new Float32Array(0), terms: {} },
    };
    const current = await open(run);
    return { run: await keep(current), device, parameters: countParameters(current.loop.parameters) };
  },

  /** A stored run, where its last checkpoint left it. */
  async reopen(runId: string): Promise<OpenRun> {
    const { run, loop } = await reopen(runId);
    return { run, device: deviceReport(), parameters: countParameters(loop.parameters) };
  },

  /** Steps until `steps` are done or the job is cancelled, which is how a run is paused. */
  async play(runId: string, steps: number, id: string, onTick: (tick: Tick) => void): Promise<RunRecord> {
    const current = await reopen(runId);
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
        await exclusive(() => keep(current)).catch(() => {});
        throw error;
      }
    }
    return exclusive(() => keep(current));
  },

  async step(runId: string): Promise<{ tick: Tick; run: RunRecord }> {
    const current = await reopen(runId);
    const event = await exclusive(() => step(current));
    const losses = [current.losses[current.losses.length - 1]];
    return { tick: { event, losses, stepsPerSecond: 0 }, run: await exclusive(() => keep(current)) };
  },

  /** Scores as the head stands now, not stored: for the video on stage while a run goes on. */
  async peek(runId: string, featureKey: string): Promise<ScoreRecord | null> {
    return exclusive(async () =>
      live?.run.id === runId ? scoreOne(await modelOf(runId), featureKey) : null,
    );
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
        records.push(await exclusive(async () => scoreOne(await modelOf(runId), featureKey)));
        job.report({ done: records.length, total: featureKeys.length, unit: 'videos' });
      }
      await (await store()).putScores(records);
      return records;
    });
  },

  /** The run as a safetensors file with state-dict names, without what only training needs. */
  async exportRun(runId: string): Promise<Uint8Array<ArrayBuffer>> {
    const { run, saved } = await readStored(runId);
    return writeRun({ ...saved, metadata: describe(run) }, false);
  },

  /** A run from a file, to score with. */
  async importRun(bytes: Uint8Array, name: string, projectId: string): Promise<RunRecord> {
    const saved = readRun(bytes, name);
    const { head, config, seed, backbone, version } = saved.metadata;
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
      backbone: backbone ?? 'unknown',
      losses: { total: new Float32Array(0), terms: {} },
    };
    await (await store()).putRun(run, { runId: run.id, step: run.step, bytes: Uint8Array.from(bytes) });
    return run;
  },

  /** Lets go of the live run's tensors. */
  close,

  command: commandJob,

  memory: () => ({ ...tf.memory(), deviceBytes: deviceBytes() }),

  /** For tests of recovery. */
  loseDevice,
};

function countParameters(parameters: Readonly<ParameterTensors>): number {
  return Object.values(parameters).reduce((sum, tensor) => sum + tensor.size, 0);
}

function lossRows({ losses }: RunRecord): Live['losses'] {
  const names = Object.keys(losses.terms);
  return Array.from(losses.total, (total, i) => ({
    total,
    terms: Object.fromEntries(names.map((name) => [name, losses.terms[name][i]])),
  }));
}

function lossColumns(rows: Live['losses']): RunRecord['losses'] {
  const names = Object.keys(rows[0]?.terms ?? {});
  return {
    total: Float32Array.from(rows, (row) => row.total),
    terms: Object.fromEntries(names.map((name) => [name, Float32Array.from(rows, (row) => row.terms[name])])),
  };
}

export type TrainApi = typeof api;

Comlink.expose(answering(api));
