/**
 * The one live head: opened from features and labels or from the store, stepped, kept and asked for scores. Tensors of
 * runs exist here and nowhere else.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../engine/failure.ts';
import type { BagConfig } from '../engine/features/bags.fields.ts';
import { measureScale, normalise, toBag, viewsFirst, type FeatureScale } from '../engine/features/bags.ts';
import {
  fingerprintOf,
  mergeFingerprints,
  unlikeness,
  type Fingerprint,
} from '../engine/features/fingerprint.ts';
import { headById } from '../engine/heads/catalogue.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { Head, ParameterTensors, Parameters } from '../engine/heads/head.ts';
import { readRun, writeRun, type SavedRun } from '../engine/training/checkpoint.ts';
import type { TrainingVideo } from '../engine/training/batch.ts';
import { TrainingLoop, type Checkpoint, type StepEvent } from '../engine/training/loop.ts';
import type { NumericArray, Provenance, Tubes, VideoFeatures } from '../engine/types.ts';
import {
  checkDevice,
  deviceReport,
  isDeviceLoss,
  rebuildDevice,
  startDevice,
  type BackendChoice,
  type DeviceReport,
} from './device.ts';
import type { RunRecord, ScoreRecord } from './schema.ts';
import { Store } from './store.ts';

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
  /** Parameters of the step that counts, on the CPU, where it is not the last. */
  best?: Parameters;
  losses: { total: number; terms: Record<string, number> }[];
}

let live: Live | null = null;
/** A finished run, loaded to score with. */
let loaded: Model | null = null;
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

export const isLive = (runId: string): boolean => live?.run.id === runId;

/** What a video is to a head, not scaled yet. */
interface RawBag {
  /** `[T,D]` or `[P,T,D]`; for tubes, `[m,D]` videolets. */
  bag: NumericArray;
  flipped?: NumericArray;
  sets?: Record<string, NumericArray>;
}

/** @throws Failure `data-missing` when the features are not of the kind that the head reads */
function rawBag(head: Head, config: BagConfig, video: VideoFeatures, name: string): RawBag {
  const array = inputOf(head, video, name);
  if (video.tubes && head.card.input === 'tubes') return { bag: array, sets: { ...video.tubes } };
  const missing = video.snippets.map((snippet) => snippet.missing);
  const bagOf = (input: NumericArray) => {
    const bag = viewsFirst(toBag(input, config.segments, { pooling: config.pooling, missing }));
    return bag.shape[0] === 1 ? { ...bag, shape: bag.shape.slice(1) } : bag;
  };
  const { flip, flipMaps, noise } = video.variants ?? {};
  const flipped = head.card.input === 'maps' ? flipMaps : flip;
  return {
    bag: bagOf(array),
    flipped: flipped && bagOf(flipped),
    sets: noise && noise.shape.length === 2 ? { noise: bagOf(noise) } : undefined,
  };
}

/** What a score needs to know of a video. */
type Scorable = Pick<VideoFeatures, 'features' | 'maps' | 'tubes'> & {
  provenance: Pick<Provenance, 'backbone'>;
};

/** `[N,...,D]`, what the head reads of a video. */
function inputOf({ card }: Head, { features, maps, tubes }: Scorable, subject?: string): NumericArray {
  const lacks = (what: string, next: string) =>
    new Failure({
      code: 'data-missing',
      subject,
      what: `${card.title} reads ${what}, and there are none.`,
      next,
    });
  if (card.input === 'maps') {
    if (!maps)
      throw lacks('feature maps', 'Extract the video again while this head is chosen, or add NAME.map.npy.');
    return maps;
  }
  if (card.input === 'tubes' && !tubes) throw lacks('tubes', 'Add NAME.tubes.safetensors.');
  return features;
}

/** Makes a run the live one. */
export async function open(record: RunRecord, saved?: SavedRun): Promise<Live> {
  close();
  const head = headById(record.head);
  const config = record.config as Config & BagConfig;
  const raw: RawBag[] = [];
  const prints: Fingerprint[] = [];
  let first: Provenance | null = null;
  for (const { name, featureKey } of record.training) {
    const features = await (await store()).features(featureKey);
    refuseMixed(name, features.provenance, (first ??= features.provenance));
    raw.push(rawBag(head, config, features, name));
    if (!record.fingerprint)
      prints.push(fingerprintOf(inputOf(head, features, name), features.provenance.backboneHash));
  }
  const needsScale = config.normalise.startsWith('standard') && raw.length > 0;
  const scale = saved ? saved.scale : needsScale ? measureScale(raw.map(({ bag }) => bag)) : null;
  const scaled = (array: NumericArray) => normalise(array, config.normalise, scale);
  const classes = record.classes ?? [];
  const videos = record.training.map(({ videoId, label, classes: own = [] }, i): TrainingVideo => {
    const { bag, flipped, sets } = raw[i];
    return {
      id: videoId,
      label,
      classes: own.map((name) => 1 + classes.indexOf(name)),
      bag: scaled(bag),
      flipped: flipped && scaled(flipped),
      sets:
        sets &&
        Object.fromEntries(
          Object.entries(sets).map(([name, set]) => [name, name === 'multivariate' ? set : scaled(set)]),
        ),
    };
  });
  const loop = new TrainingLoop(head, config, videos, record.seed, classes.length, saved?.checkpoint);
  live = {
    run: prints.length > 0 ? { ...record, fingerprint: mergeFingerprints(prints) } : record,
    head,
    scale,
    videos,
    loop,
    checkpoint: await loop.checkpoint(),
    best: saved?.best,
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

export async function readStored(runId: string): Promise<{ run: RunRecord; saved: SavedRun }> {
  const [run, checkpoint] = await Promise.all([
    (await store()).run(runId),
    (await store()).checkpoint(runId),
  ]);
  if (!run || !checkpoint) throw new Failure({ code: 'data-missing', what: 'The run is no longer stored.' });
  return { run, saved: readRun(checkpoint.bytes, run.head) };
}

/** A run to go on with: needs the features it was trained on. */
export async function reopen(runId: string): Promise<Live> {
  if (live?.run.id === runId) return live;
  const { run, saved } = await readStored(runId);
  await startDevice(backend);
  return open(run, saved);
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
  if (live?.run.id === runId) {
    const { run, head, scale, loop, best } = live;
    if (!best || asItStands) return { run, head, scale, step: loop.step, parameters: loop.parameters };
    if (loaded?.run.id === runId && loaded.step === run.best!.step) return loaded;
    if (loaded) tf.dispose(loaded.parameters as ParameterTensors);
    loaded = { run, head, scale, step: run.best!.step, parameters: tensorsOf(best) };
    return loaded;
  }
  if (loaded?.run.id === runId) return loaded;
  const { run, saved } = await readStored(runId);
  await startDevice(backend);
  if (loaded) tf.dispose(loaded.parameters as ParameterTensors);
  return (loaded = {
    run,
    head: headById(run.head),
    scale: saved.scale,
    step: (saved.best && run.best?.step) ?? saved.checkpoint.step,
    parameters: tensorsOf(saved.best ?? saved.checkpoint.parameters),
  });
}

/** Features may meet in one run only if backbone, rate and crops agree; equal lengths say nothing. */
function refuseMixed(name: string, own: Provenance, other: Provenance): void {
  const sourceOf = ({ backbone, backboneHash, framesPerSecond, crops }: Provenance) =>
    JSON.stringify([backbone, backboneHash, framesPerSecond, crops]);
  if (sourceOf(own) === sourceOf(other)) return;
  const inWords = ({ backbone, framesPerSecond }: Provenance) => `${backbone} at ${framesPerSecond} frames/s`;
  throw new Failure({
    code: 'data-mismatch',
    subject: name,
    what: `Its features come from ${inWords(own)}, those of other videos from ${inWords(other)}.`,
    next: 'Train on features of one backbone and rate only: extract again, or choose the backbone that all have.',
  });
}

/** A loop that goes on where the last checkpoint stands. */
function loopFrom({ head, run, videos, checkpoint }: Live): TrainingLoop {
  return new TrainingLoop(head, run.config, videos, run.seed, run.classes?.length ?? 0, checkpoint);
}

/** Does it, and does it again on another device when the device was lost on the way. */
async function surviving<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(await isDeviceLoss(error))) throw error;
      await rebuildDevice();
      loaded = null; // its tensors went with the device, as did the live run's, which has a checkpoint on the CPU
      if (live) live.loop = loopFrom(live);
    }
  }
}

/** One step; after a lost device the steps since the last checkpoint are done again, to the same numbers. */
export function step(current: Live): Promise<StepEvent> {
  return surviving(async () => {
    refuseReplaced(current);
    const event = await current.loop.next();
    checkDevice();
    current.losses.length = event.step - 1;
    current.losses.push({ total: event.total, terms: event.losses });
    return event;
  });
}

/** Who still holds on to a run that another one has taken the place of. */
function refuseReplaced(current: Live): void {
  if (live === current) return;
  throw new Failure({
    code: 'cancelled',
    subject: current.run.head,
    what: 'Another run was opened while this one was training.',
    kept: 'It is stored as its last checkpoint left it.',
  });
}

/** Takes the live run back to its last checkpoint. */
export async function revert(current: Live): Promise<RunRecord> {
  if (live !== current) return current.run;
  current.loop.dispose();
  current.loop = loopFrom(current);
  current.losses.length = current.checkpoint.step;
  return current.run;
}

/** Keeps the run as it stands: first on the CPU, then in the store. */
export async function keep(current: Live): Promise<RunRecord> {
  if (live !== current) return current.run;
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
  await (await store()).putRun(current.run, { runId: current.run.id, step: current.run.step, bytes });
  return current.run;
}

/** What stands in the metadata of a run's file. */
export function describe(run: RunRecord): Record<string, string> {
  return {
    format: 'weaklens-run',
    version: run.version,
    head: run.head,
    config: JSON.stringify(run.config),
    seed: String(run.seed),
    backbone: run.backbone,
    selection: run.selection ?? 'last',
    ...(run.best ? { bestStep: String(run.best.step), bestFigure: String(run.best.figure) } : {}),
    ...(run.features === undefined ? {} : { features: String(run.features) }),
    ...(run.fingerprint ? { fingerprint: JSON.stringify(run.fingerprint) } : {}),
    ...(run.classes ? { classes: JSON.stringify(run.classes) } : {}),
  };
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

async function score(
  { run, head, scale, step, parameters }: Model,
  video: Scorable,
  featureKey: string,
): Promise<ScoreRecord> {
  const refuse = (trained: string, met: string): never => {
    throw new Failure({
      code: 'data-mismatch',
      what: `The head was trained on features of ${trained} and meets some of ${met}.`,
      next: 'Extract the video with the backbone that the run was trained with.',
    });
  };
  const { backbone } = video.provenance;
  const isKnown = (name: string) => name !== 'imported' && name !== 'unknown';
  if (isKnown(backbone) && isKnown(run.backbone) && backbone !== run.backbone) refuse(run.backbone, backbone);
  const array = inputOf(head, video);
  const size = array.shape.at(-1)!;
  if (run.features !== undefined && size !== run.features) refuse(`${run.features} numbers`, String(size));
  const config = run.config as Config & BagConfig;
  const tensor = (input: NumericArray) => {
    const { values, shape } = normalise(input, config.normalise, scale);
    return tf.tensor(values, [...shape]);
  };
  const snippets = tensor(viewsFirst(array)) as tf.Tensor3D; // [P,N,D]
  const tubes = head.card.input === 'tubes' ? tubeTensors(video.tubes!, tensor) : undefined;
  try {
    const { scores, ...rest } = await head.score(
      parameters as ParameterTensors,
      snippets,
      config,
      tubes as Record<string, tf.Tensor2D> | undefined,
    );
    checkDevice();
    return { runId: run.id, featureKey, step, scores: Float32Array.from(scores), ...rest };
  } finally {
    tf.dispose([snippets, ...Object.values(tubes ?? {})]);
  }
}

/** The kind of a tube is no feature, and is not scaled. */
function tubeTensors({ region, global, multivariate }: Tubes, tensor: (input: NumericArray) => tf.Tensor) {
  const kinds = multivariate && tf.tensor(multivariate.values, [...multivariate.shape]);
  return { region: tensor(region), global: tensor(global), ...(kinds && { multivariate: kinds }) };
}

function lossRows({ losses }: RunRecord): Live['losses'] {
  const names = Object.keys(losses.terms);
  return Array.from(losses.total, (total, i) => ({
    total,
    terms: Object.fromEntries(names.map((name) => [name, losses.terms[name][i]])),
  }));
}

/** A term that a step did not have is NaN there. */
function lossColumns(rows: Live['losses']): RunRecord['losses'] {
  const names = [...new Set(rows.flatMap(({ terms }) => Object.keys(terms)))];
  return {
    total: Float32Array.from(rows, (row) => row.total),
    terms: Object.fromEntries(
      names.map((name) => [name, Float32Array.from(rows, (row) => row.terms[name] ?? NaN)]),
    ),
  };
}
