/**
 * `RUN.zip`: a run as one file, to go on with anywhere: a zip of plain parts that other tools can read one by one.
 *
 *     run.json              what the run is (head, configuration, seed, losses, threshold, versions), the features that
 *                           it has scores of (names, hashes), its figures, and the SHA-256 of every other part
 *     weights.safetensors   with state-dict names
 *     scores.json           what it made of the videos, as `lab score` writes it: for other tools
 *     scores.safetensors    the same with all that the head said besides: what is read here
 *
 * Neither videos nor features travel along: the manifest says which ones the scores are of.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { Archive, ArchiveWriter } from './archive.ts';
import {
  count,
  filedRun,
  label,
  readFiledScores,
  text,
  writeFiledScores,
  type FiledRun,
} from './filed-run.ts';
import type { ScoresFile } from './scores.ts';
import { zipNames } from './zip.ts';

const FORMAT = 'weaklens-run';
const VERSION = 1;

/** Features that scores are of. */
const seen = v.object({
  featureKey: text,
  name: text,
  label: v.nullable(label),
  part: v.picklist(['train', 'test']),
  /** SHA-256 of the video file, or of the feature file where there was none. */
  videoHash: text,
  backbone: text,
  /** SHA-256 of the backbone's weights. */
  backboneHash: text,
  /** `[N,D]`, or `[N,P,D]` with P crops. */
  shape: v.array(count),
  frames: count,
});

const figure = v.nullable(v.number());

/** The figures over the test part, as `lab evaluate` names them. */
const metrics = v.looseObject({
  frameAuc: figure,
  averagePrecision: figure,
  videoAuc: figure,
  threshold: v.number(),
  expansion: text,
  videos: count,
});

const manifest = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  run: filedRun,
  features: v.array(seen),
  metrics: v.nullable(metrics),
  /** SHA-256 by part. */
  parts: v.record(text, v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});

export type SeenFeatures = v.InferOutput<typeof seen>;
export type RunMetrics = v.InferOutput<typeof metrics>;

export interface RunFile {
  run: FiledRun;
  features: SeenFeatures[];
  metrics: RunMetrics | null;
}

/** @param scores the run's scores for other tools */
export function writeRunFile(
  { run, features, metrics }: RunFile,
  scores: ScoresFile,
): Uint8Array<ArrayBuffer> {
  const archive = new ArchiveWriter();
  const { weights, scores: records, ...record } = run;
  const parts = {
    'weights.safetensors': archive.bytes('weights.safetensors', weights),
    'scores.json': archive.json('scores.json', scores),
    'scores.safetensors': archive.bytes('scores.safetensors', writeFiledScores(records)),
  };
  const hashes = Object.fromEntries(
    Object.entries(parts).map(([name, bytes]) => [name, bytesToHex(sha256(bytes))]),
  );
  archive.json('run.json', {
    format: FORMAT,
    version: VERSION,
    run: record,
    features,
    metrics,
    parts: hashes,
  });
  return archive.toBytes();
}

/**
 * Whether an archive is a run that was saved here; only its directory is read.
 * @throws Failure `format-invalid` where that is not sound
 */
export const holdsRun = async (file: Blob, name: string): Promise<boolean> =>
  (await zipNames(file, name)).includes('run.json');

/**
 * @param file what to call it in messages
 * @throws Failure `format-invalid` naming the part that is wrong
 */
export function readRunFile(bytes: Uint8Array, file: string): RunFile {
  const archive = new Archive(bytes, file, 'run');
  if (!archive.get('run.json')) archive.refuse('It is not a run that was saved here: it has no run.json');
  const { run, features, metrics, parts } = archive.json('run.json', manifest, VERSION);
  for (const [name, hash] of Object.entries(parts))
    if (bytesToHex(sha256(archive.part(name))) !== hash)
      archive.refuse(
        `Its part ${name} was changed or damaged: its SHA-256 is not the one that run.json tells`,
      );
  for (const name of ['weights.safetensors', 'scores.safetensors'])
    if (!Object.hasOwn(parts, name)) archive.refuse(`Its run.json tells no SHA-256 of ${name}`);
  const names = new Map(features.map(({ featureKey, name }) => [featureKey, name]));
  const scores = readFiledScores(archive, 'scores.safetensors', file, names);
  for (const { featureKey } of scores)
    if (!names.has(featureKey))
      archive.refuse(`Its run.json does not tell what the scores of ${featureKey} are of`);
  return { run: { ...run, weights: archive.part('weights.safetensors'), scores }, features, metrics };
}
