/**
 * Runs as files: what the store holds of one, packed, and a packed one as a record. A run comes as a safetensors file
 * (weights alone), as `RUN.zip` (with scores and figures), or as weights that someone else trained, under the names
 * that their authors gave.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { Failure } from '../engine/failure.ts';
import { namedClasses } from '../engine/evaluation/classes.ts';
import { expansionOf } from '../engine/evaluation/expand.ts';
import { rateOf } from '../engine/evaluation/rate.ts';
import { widthOf } from '../engine/evaluation/rows.ts';
import { plainTube } from '../engine/evaluation/tube-boxes.ts';
import type { Fingerprint } from '../engine/features/fingerprint.ts';
import { isArchive } from '../engine/formats/archive.ts';
import { filedRun, type FiledRun, type FiledScores } from '../engine/formats/filed-run.ts';
import { readPytorch } from '../engine/formats/pytorch.ts';
import { holdsRun, readRunFile, writeRunFile, type RunMetrics } from '../engine/formats/run-file.ts';
import { MAX_HEADER_BYTES, readSafetensorsNames } from '../engine/formats/safetensors.ts';
import type { ScoresFile } from '../engine/formats/scores.ts';
import { headCards } from '../engine/heads/catalogue.fields.ts';
import { resolveConfig, type Config } from '../engine/heads/config.fields.ts';
import type { Parameters } from '../engine/heads/head.ts';
import { fullToOnnx } from '../engine/heads/full-onnx.ts';
import { headToOnnx, type TrainedHead } from '../engine/heads/onnx.ts';
import { isHead, recogniseHead, refuseUnlike } from '../engine/heads/recognise.ts';
import { readKeptRun, readRun, writeRun, type SavedRun } from '../engine/training/checkpoint.ts';
import { fetchWeights } from './backbones.ts';
import type { Provenance } from '../engine/types.ts';
import type { FeatureSummary, RunRecord, ScoreRecord, VideoRecord } from './schema.ts';
import type { Store } from './store.ts';

/** What a saved run may be: weights alone, everything, or a graph for other runtimes, of the head or from pictures on. */
export type RunFormat = 'safetensors' | 'zip' | 'onnx' | 'full.onnx';

/** What a file of weights is, as far as names tell. */
export type WeightsKind = 'run' | 'head' | 'other';

const ARRAYS = ['attention', 'classes', 'relation', 'boxes', 'boxFrames', 'picture'] as const;

/** Out of the store, for a project or for a file of its own. */
export async function packRun(
  store: Store,
  run: RunRecord,
  { keepOptimiser, type }: { keepOptimiser: boolean; type: 'float32' | 'float16' },
): Promise<FiledRun> {
  const [checkpoint, scores] = await Promise.all([store.checkpoint(run.id), store.scores(run.id)]);
  if (!checkpoint)
    throw new Failure({ code: 'data-missing', what: 'The weights of a run are no longer stored.' });
  const { projectId: _, updatedAt: __, losses, classes, training, heldOut, ...rest } = run;
  const saved = readKeptRun(checkpoint.bytes, run.head);
  const plain = (values: Float32Array) => Array.from(values);
  return {
    ...(rest as Omit<FiledRun, 'losses' | 'weights' | 'scores' | 'training'>),
    training: training.map(copied),
    ...(heldOut ? { heldOut: heldOut.map(copied) } : {}),
    ...(classes && { classes: [...classes] }),
    losses: {
      total: plain(losses.total),
      terms: Object.fromEntries(Object.entries(losses.terms).map(([name, values]) => [name, plain(values)])),
    },
    weights: keepOptimiser
      ? checkpoint.bytes
      : writeRun({ ...counted(run, saved), metadata: describe(run) }, false, type),
    scores: scores.map(packScores),
  };
}

/** Without the optimiser's memory, what is left is the step that counts. */
function counted(run: RunRecord, saved: SavedRun): SavedRun {
  if (!saved.best || !run.best) return saved;
  const { step } = run.best;
  return { ...saved, best: undefined, checkpoint: { ...saved.checkpoint, step, parameters: saved.best } };
}

const copied = <T extends { classes?: readonly string[] }>({ classes, ...video }: T) => ({
  ...video,
  ...(classes && { classes: [...classes] }),
});

function packScores({
  featureKey,
  step,
  snippetsPerScore,
  unlike,
  scores,
  instances,
  ...rest
}: ScoreRecord): FiledScores {
  const arrays = Object.fromEntries(ARRAYS.flatMap((name) => (rest[name] ? [[name, rest[name]]] : [])));
  return { featureKey, step, snippetsPerScore, unlike, scores, instances, arrays };
}

/** The record of a run that came in a file. */
export function unpackRun(run: FiledRun, id: string, projectId: string, file: string): RunRecord {
  const { weights: _, scores: __, ...record } = run;
  return {
    ...record,
    id,
    projectId,
    updatedAt: Date.now(),
    config: knownConfig(run.head, run.config, file),
    fingerprint: record.fingerprint as Fingerprint | undefined,
    losses: {
      total: Float32Array.from(record.losses.total),
      terms: Object.fromEntries(
        Object.entries(record.losses.terms).map(([name, values]) => [
          name,
          Float32Array.from(values, (value) => value ?? NaN),
        ]),
      ),
    },
  };
}

/** Its scores, as the store has them. */
export function unpackScores({ scores }: FiledRun, runId: string): ScoreRecord[] {
  return scores.map(({ arrays, ...own }) => ({
    ...own,
    runId,
    ...Object.fromEntries(ARRAYS.flatMap((name) => (arrays[name] ? [[name, arrays[name]]] : []))),
  }));
}

/** @throws Failure where the head, or a setting of it, is not known here */
export function knownConfig(id: string, config: Record<string, unknown>, file: string): Config {
  const card = headCards.find((card) => card.id === id);
  if (card) return resolveConfig(card, undefined, config);
  throw new Failure({
    code: 'format-invalid',
    subject: file,
    what: `It holds a run of a head that is not known here ("${id}").`,
    next: 'Open it with a later version of Weaklens.',
  });
}

/** A run's weights as a safetensors file, without what only training needs. */
export const packWeights = (run: RunRecord, saved: SavedRun): Uint8Array<ArrayBuffer> =>
  writeRun({ ...counted(run, saved), metadata: describe(run) }, false);

/** A run's head as ONNX, which says of itself what the weights say. */
export function packOnnx(run: RunRecord, saved: SavedRun): Promise<Uint8Array<ArrayBuffer>> {
  const { trained, step } = trainedHead(run, saved);
  return headToOnnx(trained, { ...describe(run), step });
}

/**
 * A run's head behind the backbone that its features came from, as ONNX.
 * @throws Failure `weights-missing` where that backbone is not here, `weights-mismatch` where it is another by now,
 *   `data-mismatch` where features of several crops were learned from
 */
export async function packFullOnnx(
  store: Store,
  run: RunRecord,
  saved: SavedRun,
): Promise<Uint8Array<ArrayBuffer>> {
  const { trained, step } = trainedHead(run, saved);
  const backbone = await fetchWeights(run.backbone, store);
  const [made, here] = [run.fingerprint?.backboneHash, backbone.entry.sha256];
  if (made && here && made !== here)
    throw new Failure({
      code: 'weights-mismatch',
      subject: run.backbone,
      what: `Its weights here (${here.slice(0, 8)}) are not those that made the features of this run (${made.slice(0, 8)}).`,
      next: 'Save the head alone as ONNX instead: it takes features.',
    });
  const { crops, framesPerSecond } = (await madeFrom(store, run)) ?? {
    ...{ crops: 1, framesPerSecond: backbone.entry.input.framesPerSecond },
  };
  if (crops > 1)
    throw new Failure({
      code: 'data-mismatch',
      what: `This run was trained on ${crops} crops of every picture, and the graph is shown one.`,
      next: 'Save the head alone as ONNX instead, or train on features of one crop.',
    });
  return fullToOnnx(trained, backbone, framesPerSecond, { ...describe(run), step });
}

/** Where the features of a run come from: those that it learned from, or else those that it scored; null where none are here. */
async function madeFrom(store: Store, run: RunRecord): Promise<Provenance | null> {
  for (const { featureKey } of run.training) {
    const summary = await store.featureSummary(featureKey);
    if (summary) return summary.provenance;
  }
  return (await seenBy(store, run))[0]?.summary.provenance ?? null;
}

function trainedHead(run: RunRecord, saved: SavedRun): { trained: TrainedHead; step: string } {
  const { checkpoint, scale } = counted(run, saved);
  const { head, config } = run;
  const features = run.features ?? recogniseHead(checkpoint.parameters, head).dims.features;
  const trained = { head, config, scale, features, parameters: checkpoint.parameters };
  return { trained, step: String(checkpoint.step) };
}

/**
 * A run with everything: config, seed, weights, scores, figures, and what the scores are of.
 * @param figures over the test part
 */
export async function packRunFile(
  store: Store,
  run: RunRecord,
  figures: RunMetrics | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const filed = await packRun(store, run, { keepOptimiser: false, type: 'float32' });
  const seen = await seenBy(store, run);
  const features = seen.map(
    ({ summary: { key, shape, frames, provenance }, video: { name, label, part } }) => ({
      featureKey: key,
      name,
      label,
      part,
      videoHash: provenance.videoHash,
      backbone: provenance.backbone,
      backboneHash: provenance.backboneHash,
      shape: [...shape],
      frames,
    }),
  );
  const known = new Set(features.map(({ featureKey }) => featureKey));
  const scores = filed.scores.filter(({ featureKey }) => known.has(featureKey));
  const listed = await scoresOf(store, run, bytesToHex(sha256(filed.weights)));
  return writeRunFile({ run: { ...filed, scores }, features, metrics: figures }, listed);
}

/**
 * What a run made of the videos of its project.
 * @param hash SHA-256 of the run's file
 */
export async function scoresOf(store: Store, run: RunRecord, hash: string): Promise<ScoresFile> {
  const seen = await seenBy(store, run);
  const expansion = expansionOf(seen.map(({ summary }) => ({ width: widthOf(summary) })));
  const videos = seen.map(({ summary, video, record }): ScoresFile['videos'][number] => ({
    ...boxesOf(video, record),
    name: video.name,
    label: video.label === null ? null : video.label === 'anomalous' ? 1 : 0,
    frames: summary.frames || null,
    fps: rateOf(summary),
    scores: Array.from(record.scores),
    snippetsPerScore: record.snippetsPerScore,
    ...(expansion === 'widths' && { width: widthOf(summary) }),
    features: summary.key,
    ...(record.classes && run.classes && { classes: namedClasses(record.classes.values, run.classes) }),
  }));
  return {
    format: 'weaklens-scores',
    version: 1,
    expansion,
    run: { head: run.head, seed: run.seed, step: seen[0]?.record.step ?? run.step, hash },
    videos,
  };
}

/** Where the highest-scoring tube is, in pixels of a picture whose size is told where it is known. */
function boxesOf({ facts }: VideoRecord, record: ScoreRecord): Pick<ScoresFile['videos'][number], 'boxes'> {
  const boxes = plainTube(record, facts && [facts.width, facts.height]);
  return boxes ? { boxes } : {};
}

interface Seen {
  summary: FeatureSummary;
  video: VideoRecord;
  record: ScoreRecord;
}

/** The scores of a run with what they are of, by name; two videos of one name are told apart. */
async function seenBy(store: Store, run: RunRecord): Promise<Seen[]> {
  const [scores, summaries, videos] = await Promise.all([
    store.scores(run.id),
    store.featureSummaries(),
    store.videos(run.projectId),
  ]);
  const byKey = new Map(scores.map((record) => [record.featureKey, record]));
  const seen = summaries.flatMap((summary) => {
    const record = byKey.get(summary.key);
    const video = videos.find(({ hash }) => hash === summary.provenance.videoHash);
    return record && video ? [{ summary, video, record }] : [];
  });
  const times = new Map<string, number>();
  return seen
    .sort((a, b) => a.video.addedAt - b.video.addedAt)
    .map((one) => {
      const { name } = one.video;
      const time = (times.get(name) ?? 0) + 1;
      times.set(name, time);
      return time === 1 ? one : { ...one, video: { ...one.video, name: `${name} (${time})` } };
    });
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
    ...(run.threshold === undefined ? {} : { threshold: String(run.threshold) }),
    ...(run.features === undefined ? {} : { features: String(run.features) }),
    ...(run.fingerprint ? { fingerprint: JSON.stringify(run.fingerprint) } : {}),
    ...(run.classes ? { classes: JSON.stringify(run.classes) } : {}),
    ...(run.partial ? { partial: JSON.stringify(run.partial) } : {}),
    ...(run.forkOf ? { forkOf: JSON.stringify(run.forkOf) } : {}),
  };
}

/** PyTorch's files are read whole to know their names; no head, with its optimiser, is larger. */
const MOST_PYTORCH_BYTES = 512 << 20;

/**
 * What a file of weights is: the names of its tensors tell, of an archive those of its parts. However large it is, no more
 * is read than that takes.
 */
export async function kindOfWeights(file: Blob, name: string): Promise<WeightsKind> {
  try {
    const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    if (isPytorch(name)) {
      if (file.size > MOST_PYTORCH_BYTES) return 'other';
      const tensors = readPytorch(new Uint8Array(await file.arrayBuffer()), name);
      return isHead(tensors.keys()) ? 'head' : 'other';
    }
    if (isArchive(start)) return (await holdsRun(file, name)) ? 'run' : 'other';
    if (!isSafetensors(name)) return 'other';
    const head = new Uint8Array(await file.slice(0, 8 + MAX_HEADER_BYTES).arrayBuffer());
    const { names, metadata } = readSafetensorsNames(head);
    return metadata.get('format') === 'weaklens-run' ? 'run' : isHead(names) ? 'head' : 'other';
  } catch {
    return 'other'; // whoever reads it as something else says what is wrong with it
  }
}

/**
 * A run from a file, with what scores it brings, kept in the store.
 * @throws Failure `format-invalid`, or `weights-mismatch` naming the tensors that differ
 */
export async function importRun(
  store: Store,
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  projectId: string,
): Promise<RunRecord> {
  const filed =
    isArchive(bytes) && !isPytorch(file) ? readRunFile(bytes, file).run : readWeights(bytes, file);
  const run = unpackRun(filed, crypto.randomUUID(), projectId, file);
  const { parameters } = readRun(filed.weights, file).checkpoint;
  refuseUnlike(run, parameters, file);
  const checkpoint = { runId: run.id, step: run.step, bytes: filed.weights };
  await store.putRuns([{ run: { ...run, createdAt: run.updatedAt }, checkpoint }]);
  await store.putScores(unpackScores(filed, run.id));
  return run;
}

/** A run's own weights, or those of a head that says nothing of itself. */
function readWeights(bytes: Uint8Array<ArrayBuffer>, file: string): FiledRun {
  if (!isSafetensors(file)) return strangersRun(readPytorch(bytes, file), file);
  const saved = readRun(bytes, file);
  const { metadata, checkpoint } = saved;
  if (metadata.format !== 'weaklens-run') return strangersRun(checkpoint.parameters, file);
  const json = (key: string): unknown => {
    if (metadata[key] === undefined) return undefined;
    try {
      return JSON.parse(metadata[key]);
    } catch {
      return null; // no field may be null, so that it is refused by its name
    }
  };
  const { head, seed, backbone = 'unknown', version = 'unknown', selection = 'last' } = metadata;
  const number = (key: string) => (metadata[key] === undefined ? undefined : Number(metadata[key]));
  const told = {
    head,
    config: json('config'),
    seed: Number(seed),
    createdAt: Date.now(),
    step: checkpoint.step,
    steps: checkpoint.step,
    backend: 'cpu',
    version,
    training: [],
    selection,
    classes: json('classes'),
    features: number('features'),
    fingerprint: json('fingerprint'),
    partial: json('partial'),
    forkOf: json('forkOf'),
    backbone,
    threshold: number('threshold'),
    losses: { total: [], terms: {} },
  };
  const result = v.safeParse(filedRun, told, { abortEarly: true });
  if (result.success) return { ...result.output, weights: bytes, scores: [] };
  throw new Failure({
    code: 'format-invalid',
    subject: file,
    what: `What it says of its run is not as it should be at ${v.getDotPath(result.issues[0]) ?? 'the top'}.`,
    next: 'Save the run again.',
  });
}

/** Weights that someone else trained, as a run. */
function strangersRun(tensors: Parameters, file: string): FiledRun {
  const { head, config, dims, parameters } = recogniseHead(tensors, file);
  const classes = dims.classes ? Array.from({ length: dims.classes }, (_, i) => `class ${i + 1}`) : undefined;
  const run = {
    head,
    config,
    seed: 0,
    createdAt: Date.now(),
    step: 0,
    steps: 0,
    backend: 'cpu' as const,
    version: file,
    training: [],
    features: dims.features,
    classes,
    backbone: 'unknown',
    losses: { total: [], terms: {} },
  };
  const checkpoint = { step: 0, parameters, slots: new Map(), memory: new Map() };
  const weights = writeRun({ checkpoint, scale: null, metadata: {} }, false);
  return { ...run, weights, scores: [] };
}

const isSafetensors = (file: string) => /\.safetensors$/i.test(file);
const isPytorch = (file: string) => /\.(pt|pth)$/i.test(file);
