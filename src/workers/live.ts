/**
 * The heads that are trained: one, or two while a fork and the run that it comes from go on side by side. Opened from
 * features and labels or from the store, stepped, kept and asked for scores. Tensors of runs exist here and nowhere
 * else.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../engine/failure.ts';
import { topTubeOf } from '../engine/evaluation/tube-boxes.ts';
import type { BagConfig } from '../engine/features/bags.fields.ts';
import { normalise, viewsFirst, type FeatureScale } from '../engine/features/bags.ts';
import { fingerprintOf, unlikeness } from '../engine/features/fingerprint.ts';
import { headById } from '../engine/heads/catalogue.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { Head, ParameterTensors, Parameters } from '../engine/heads/head.ts';
import { readKeptRun, writeRun, type SavedRun } from '../engine/training/checkpoint.ts';
import type { StepEvent } from '../engine/training/events.ts';
import { forkCheckpoint } from '../engine/training/fork.ts';
import { partialAfter, partialUpTo, type PartialSteps } from '../engine/training/history.ts';
import { initialParameters, TrainingLoop, type Checkpoint } from '../engine/training/loop.ts';
import type { StepOptions } from '../engine/training/step.ts';
import type { NumericArray, Tubes, VideoFeatures } from '../engine/types.ts';
import {
  checkDevice,
  deviceReport,
  isDeviceLoss,
  rebuildDevice,
  startDevice,
  type BackendChoice,
  type DeviceReport,
} from './device.ts';
import { describe } from './run-files.ts';
import type { CheckpointRecord, RunChange, RunRecord, ScoreRecord } from './schema.ts';
import { Store } from './store.ts';
import { inputOf, isSameData, readTrainingData, type Scorable, type TrainingData } from './training-data.ts';
import { lossColumns, lossRows, type StepLosses } from './losses.ts';

/** A head that can score. */
export interface Model {
  run: RunRecord;
  head: Head;
  scale: FeatureScale | null;
  step: number;
  parameters: Readonly<ParameterTensors>;
}

/** A run that is being trained. */
export interface Live {
  run: RunRecord;
  head: Head;
  scale: FeatureScale | null;
  source: TrainingData['source'];
  loop: TrainingLoop;
  /** The latest checkpoint, on the CPU: what a lost device is recovered from. */
  checkpoint: Checkpoint;
  /** Parameters of the step that counts, on the CPU, where it is not the last. */
  best?: Parameters;
  losses: StepLosses[];
  /** Steps of which only one phase was done. */
  partial: PartialSteps[];
  /** The step that is looked at before it counts, as long as the loop holds it. */
  proposed?: StepEvent;
}

/** One run, or two that go on side by side. */
let alive: Live[] = [];
/** A finished run, loaded to score with, and whether by its last step where another one counts. */
let loaded: Model | null = null;
let isLoadedLast = false;
let backend: BackendChoice = 'auto';
let opened: Promise<Store> | null = null;
export const store = () => (opened ??= Store.open());

/**
 * Opening, stepping, scoring and keeping take turns: a step replaces the parameters that a score reads, and opening a
 * run lets go of those of the run before.
 */
let turn: Promise<unknown> = Promise.resolve();
export function exclusive<T>(work: () => Promise<T>): Promise<T> {
  const result = turn.then(work);
  turn = result.catch(() => {});
  return result;
}

/** Chooses the backend; the choice holds for every run opened afterwards. */
export function chooseDevice(choice: BackendChoice): Promise<DeviceReport> {
  backend = choice;
  return startDevice(choice);
}

/** What runs, started if it does not run yet. */
export const device = (): Promise<DeviceReport> => startDevice(backend);

export const liveRun = (runId: string): Live | undefined => alive.find(({ run }) => run.id === runId);
export const isLive = (runId: string): boolean => liveRun(runId) !== undefined;

/**
 * Makes a run a live one.
 * @param beside the live runs that go on; the others are let go of
 */
export async function open(record: RunRecord, saved?: SavedRun, beside: readonly Live[] = []): Promise<Live> {
  closeAllBut(beside);
  const head = headById(record.head);
  const twin = alive.find(({ run }) => isSameData(run, record));
  const data = twin ?? (await readTrainingData(record, await store(), saved?.scale));
  const loop = new TrainingLoop(
    head,
    record.config,
    data.source,
    record.seed,
    record.classes?.length ?? 0,
    saved?.checkpoint,
  );
  const fingerprint = record.fingerprint ?? ('fingerprint' in data ? data.fingerprint : undefined);
  const live: Live = {
    run: fingerprint ? { ...record, fingerprint } : record,
    head,
    scale: data.scale,
    source: data.source,
    loop,
    checkpoint: await loop.checkpoint(),
    best: saved?.best,
    losses: lossRows(record),
    partial: [...(record.partial ?? [])],
  };
  alive.push(live);
  return live;
}

function closeAllBut(kept: readonly Live[]): void {
  for (const { loop } of alive.filter((live) => !kept.includes(live))) loop.dispose();
  alive = alive.filter((live) => kept.includes(live));
  if (loaded) tf.dispose(loaded.parameters as ParameterTensors);
  loaded = null;
}

export async function readStored(runId: string): Promise<{ run: RunRecord; saved: SavedRun }> {
  const [run, checkpoint] = await Promise.all([
    (await store()).run(runId),
    (await store()).checkpoint(runId),
  ]);
  if (!run || !checkpoint) throw new Failure({ code: 'data-missing', what: 'The run is no longer stored.' });
  return { run, saved: readKeptRun(checkpoint.bytes, run.head) };
}

/** Runs to go on with, side by side: needs the features they were trained on. */
export async function reopen(runIds: readonly string[]): Promise<Live[]> {
  for (const runId of runIds) {
    if (isLive(runId)) continue;
    const { run, saved } = await readStored(runId);
    await startDevice(backend);
    await open(
      run,
      saved,
      alive.filter((live) => runIds.includes(live.run.id)),
    );
  }
  return runIds.map((runId) => liveRun(runId)!);
}

/**
 * A run that goes on from where another one stands, under another configuration; both are live then, and stored.
 * @throws Failure `config-invalid` when the head cannot be what the configuration says
 */
export async function fork(
  parent: Live,
  config: Config,
): Promise<{ live: Live; fresh: string[]; dropped: string[] }> {
  const { head, source } = parent;
  const { seed, classes, id: runId, forkOf } = parent.run;
  const initial = initialParameters(head, config, source.videos, seed, classes?.length ?? 0);
  await keep([parent]);
  const { checkpoint, fresh, dropped } = forkCheckpoint(head, config, initial, parent.checkpoint);
  const { step } = checkpoint;
  const now = Date.now();
  const record: RunRecord = {
    ...parent.run,
    id: crypto.randomUUID(),
    config,
    createdAt: now,
    updatedAt: now,
    forkOf: { runId, step, config: parent.run.config, ...(forkOf && { forkOf }) },
    best: undefined, // it counts what it makes of itself
  };
  const live = await open(record, { checkpoint, scale: parent.scale, metadata: {} }, [parent]);
  await keep([live]);
  return { live, fresh, dropped };
}

const tensorsOf = (parameters: Parameters): ParameterTensors =>
  Object.fromEntries(
    [...parameters].map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
  );

/**
 * A run to score with: needs its parameters only.
 * @param asItStands the parameters of the last step, also where another one counts
 */
async function modelOf(runId: string, asItStands: boolean): Promise<Model> {
  const live = liveRun(runId);
  if (live) {
    const { run, head, scale, loop, best } = live;
    if (!best || asItStands) return { run, head, scale, step: loop.step, parameters: loop.parameters };
    if (loaded?.run.id === runId && !isLoadedLast && loaded.step === run.best!.step) return loaded;
    if (loaded) tf.dispose(loaded.parameters as ParameterTensors);
    loaded = { run, head, scale, step: run.best!.step, parameters: tensorsOf(best) };
    isLoadedLast = false;
    return loaded;
  }
  if (loaded?.run.id === runId && isLoadedLast === asItStands) return loaded;
  const { run, saved } = await readStored(runId);
  await startDevice(backend);
  if (loaded) tf.dispose(loaded.parameters as ParameterTensors);
  const best = asItStands ? undefined : saved.best;
  isLoadedLast = asItStands;
  return (loaded = {
    run,
    head: headById(run.head),
    scale: saved.scale,
    step: (best && run.best?.step) ?? saved.checkpoint.step,
    parameters: tensorsOf(best ?? saved.checkpoint.parameters),
  });
}

/** A loop that goes on where the last checkpoint stands. */
function loopFrom({ head, run, source, checkpoint }: Live): TrainingLoop {
  return new TrainingLoop(head, run.config, source, run.seed, run.classes?.length ?? 0, checkpoint);
}

/** Does it, and does it again on another device when the device was lost on the way. */
async function surviving<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(await isDeviceLoss(error))) throw error;
      await rebuildDevice();
      loaded = null; // its tensors went with the device, as did those of live runs, which have checkpoints on the CPU
      for (const live of alive) live.loop = loopFrom(live);
    }
  }
}

/** Who looks at a run before each of its steps. */
let beforeStep: (runId: string, step: number) => Promise<void> = () => Promise.resolve();
export function watchSteps(watcher: typeof beforeStep): void {
  beforeStep = watcher;
}

/**
 * One step; after a lost device the steps since the last checkpoint are done again, to the same numbers. A step that
 * was proposed and still waits is the one that is taken.
 */
export function step(current: Live, options: StepOptions = {}): Promise<StepEvent> {
  return surviving(async () => {
    refuseReplaced(current);
    await beforeStep(current.run.id, current.loop.step);
    const { loop, proposed } = current;
    const waits = loop.hasProposal && proposed?.only === options.only;
    if (waits) loop.accept();
    const event = waits ? proposed! : await loop.next(options);
    checkDevice();
    current.losses.length = event.step - 1;
    current.losses.push({ total: event.total, terms: event.losses });
    current.partial = partialAfter(current.partial, event.step, event.only);
    return event;
  });
}

/** The next step, looked at before it counts: until it is taken, or another one is, the run stands where it did. */
export function propose(current: Live, options: StepOptions): Promise<StepEvent> {
  return surviving(async () => {
    refuseReplaced(current);
    current.proposed = await current.loop.propose(options);
    checkDevice();
    return current.proposed;
  });
}

/** Who still holds on to a run that another one has taken the place of. */
function refuseReplaced(current: Live): void {
  if (alive.includes(current)) return;
  throw new Failure({
    code: 'cancelled',
    subject: current.run.head,
    what: 'Another run was opened while this one was training.',
    kept: 'It is stored as its last checkpoint left it.',
  });
}

/** Takes a live run back to its last checkpoint. */
export function revert(current: Live): void {
  if (!alive.includes(current)) return;
  const { step } = current.checkpoint;
  current.loop.dispose();
  current.loop = loopFrom(current);
  current.losses.length = step;
  current.partial = partialUpTo(current.partial, step);
}

/** Keeps runs as they stand: first on the CPU, then all of them together in the store. */
export async function keep(lives: readonly Live[]): Promise<RunRecord[]> {
  const records = [];
  for (const live of lives.filter((live) => alive.includes(live))) records.push(await atRest(live));
  await (await store()).putRuns(records);
  return lives.map(({ run }) => run);
}

async function atRest(current: Live): Promise<{ run: RunRecord; checkpoint: CheckpointRecord }> {
  current.checkpoint = await surviving(async () => {
    const checkpoint = await current.loop.checkpoint();
    checkDevice();
    return checkpoint;
  });
  current.run = {
    ...current.run,
    step: current.checkpoint.step,
    updatedAt: Date.now(),
    backend: deviceReport().backend,
    losses: lossColumns(current.losses.slice(0, current.checkpoint.step)),
    ...(current.partial.length > 0 && { partial: partialUpTo(current.partial, current.checkpoint.step) }),
  };
  const bytes = writeRun(
    {
      checkpoint: current.checkpoint,
      best: current.best,
      scale: current.scale,
      metadata: describe(current.run),
    },
    true,
  );
  return { run: current.run, checkpoint: { runId: current.run.id, step: current.run.step, bytes } };
}

/** What people say of a run, kept with it; the live run, which is kept anew again and again, is told as well. */
export async function amend(runId: string, change: RunChange): Promise<void> {
  await (await store()).changeRun(runId, change);
  const live = liveRun(runId);
  if (live) live.run = { ...live.run, ...change };
}

/** From now on the run is scored as it stands, until it is marked again. */
export async function markBest(current: Live, figure: number): Promise<void> {
  const { parameters, step } = await surviving(() => current.loop.checkpoint());
  checkDevice();
  current.best = parameters;
  current.run = { ...current.run, best: { step, figure } };
}

/**
 * Scores one video through the features it has.
 * @param asItStands by the last step, also where another one counts
 */
export async function scoreOne(runId: string, featureKey: string, asItStands = false): Promise<ScoreRecord> {
  const video = await (await store()).features(featureKey);
  return surviving(async () => {
    const model = await modelOf(runId, asItStands);
    const record = await score(model, video, featureKey);
    // A look in passing tells nothing of the features.
    return asItStands ? record : { ...record, unlike: unlikenessTo(model, video) };
  });
}

/** Scores the noisy variant of a video; null where it has none. */
export async function scoreNoisy(runId: string, featureKey: string): Promise<ScoreRecord | null> {
  const video = await (await store()).features(featureKey);
  const features = video.variants?.noise;
  if (!features) return null;
  return surviving(async () => score(await modelOf(runId, false), { ...video, features }, featureKey));
}

function unlikenessTo({ run, head }: Model, video: VideoFeatures): string | undefined {
  if (!run.fingerprint) return undefined;
  const met = fingerprintOf(inputOf(head, video), video.provenance.backboneHash);
  return unlikeness(run.fingerprint, met) ?? undefined;
}

/**
 * Scores snippets that are in no store: of a source that is being watched. Of the run as it stands, where it is the one
 * that is being trained.
 * @param features `[N,D]`
 * @param backbone where they come from
 * @returns `[N]`
 */
export async function scoreWatched(
  runId: string,
  features: NumericArray,
  backbone: string,
): Promise<Float32Array> {
  return surviving(async () => {
    const model = await modelOf(runId, isLive(runId));
    const { scores } = await score(model, { features, provenance: { backbone } }, '');
    return scores;
  });
}

/** Asks a run's head for anything; its parameters are the head's, and only lent. */
export function askModel<T>(
  runId: string,
  asItStands: boolean,
  ask: (model: Model) => Promise<T>,
): Promise<T> {
  return surviving(async () => ask(await modelOf(runId, asItStands)));
}

/** What a head is shown of a video. */
export interface Shown {
  run: RunRecord;
  head: Head;
  config: Config & BagConfig;
  step: number;
  parameters: ParameterTensors;
  /** `[P,N,D]`, scaled; the same as numbers. */
  snippets: tf.Tensor3D;
  views: NumericArray;
  sets?: Record<string, tf.Tensor2D>;
  video: Scorable;
}

/** Shows a stored video to a run's head, as {@link scoreOne} does, to do something else with it. */
export async function showOne<T>(
  runId: string,
  featureKey: string,
  asItStands: boolean,
  use: (shown: Shown) => Promise<T>,
): Promise<T> {
  const video = await (await store()).features(featureKey);
  return surviving(async () => show(await modelOf(runId, asItStands), video, use));
}

async function score(model: Model, video: Scorable, featureKey: string): Promise<ScoreRecord> {
  return show(model, video, async ({ run, head, config, step, parameters, snippets, sets }) => {
    const { scores, ...rest } = await head.score(parameters, snippets, config, sets);
    checkDevice();
    const top = video.tubes && rest.instances && topTubeOf(video.tubes, rest.instances);
    return { runId: run.id, featureKey, step, scores: Float32Array.from(scores), ...rest, ...top };
  });
}

/**
 * What a head reads of a video, not scaled yet: `[N,...,D]`.
 * @throws Failure `data-mismatch` when it was trained on features of another kind
 */
export function readableBy({ run, head }: Model, video: Scorable, subject?: string): NumericArray {
  const refuse = (trained: string, met: string): never => {
    throw new Failure({
      code: 'data-mismatch',
      subject,
      what: `The head was trained on features of ${trained} and meets some of ${met}.`,
      next: 'Extract the video with the backbone that the run was trained with.',
    });
  };
  const { backbone } = video.provenance;
  const isKnown = (name: string) => name !== 'imported' && name !== 'unknown';
  if (isKnown(backbone) && isKnown(run.backbone) && backbone !== run.backbone) refuse(run.backbone, backbone);
  const array = inputOf(head, video, subject);
  const size = array.shape.at(-1)!;
  if (run.features !== undefined && size !== run.features) refuse(`${run.features} numbers`, String(size));
  return array;
}

async function show<T>(model: Model, video: Scorable, use: (shown: Shown) => Promise<T>): Promise<T> {
  const { run, head, scale, step, parameters } = model;
  const array = readableBy(model, video);
  const config = run.config as Config & BagConfig;
  const scaled = (input: NumericArray) => normalise(input, config.normalise, scale);
  const tensor = ({ values, shape }: NumericArray) => tf.tensor(values, [...shape]);
  const views = scaled(viewsFirst(array));
  const snippets = tensor(views) as tf.Tensor3D; // [P,N,D]
  const tubes =
    head.card.input === 'tubes' ? tubeTensors(video.tubes!, (input) => tensor(scaled(input))) : undefined;
  const sets = tubes as Record<string, tf.Tensor2D> | undefined;
  try {
    return await use({
      ...{ run, head, config, step, snippets, views, sets, video },
      parameters: parameters as ParameterTensors,
    });
  } finally {
    tf.dispose([snippets, ...Object.values(tubes ?? {})]);
  }
}

/** The kind of a tube is no feature, and is not scaled. */
function tubeTensors({ region, global, multivariate }: Tubes, tensor: (input: NumericArray) => tf.Tensor) {
  const kinds = multivariate && tf.tensor(multivariate.values, [...multivariate.shape]);
  return { region: tensor(region), global: tensor(global), ...(kinds && { multivariate: kinds }) };
}
