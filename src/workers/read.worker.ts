/**
 * Files of arrays to features, and to what they are. Such files come from anywhere and some readers are not ours, so
 * this worker is thrown away: whatever a file does to it, the page goes on.
 */
import * as Comlink from 'comlink';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { arrange, readingOf, type Reading } from '../engine/features/axes.ts';
import { findFeatures, holdsWeights, type Candidate } from '../engine/features/candidates.ts';
import { importFeatures, importTubes } from '../engine/features/imported.ts';
import { inspectFile, type Inspection } from '../engine/features/inspection.ts';
import { digestOf } from '../engine/features/quality.ts';
import { openArrays, withoutEnding } from '../engine/formats/arrays.ts';
import { parseNotes, type FeatureNotes } from '../engine/formats/notes.ts';
import { readNpy } from '../engine/formats/npy.ts';
import type { Job, Progress } from '../engine/job.ts';
import type { Variants, VideoFeatures } from '../engine/types.ts';
import { commandJob, runJob } from './jobs.ts';
import { answering } from './outcome.ts';
import type { FeatureSummary } from './schema.ts';
import { Store } from './store.ts';

type Report = (progress: Progress) => void;

/** The files of one video whose features were made elsewhere; one of the first three is there. */
export interface ImportedFiles {
  /** Any file of arrays. It may hold the features of several videos. */
  features: Blob | null;
  /** `NAME.map.npy` */
  maps: Blob | null;
  /** `NAME.tubes.safetensors` */
  tubes: Blob | null;
  variants?: Partial<Record<keyof Variants, Blob>>;
  /** The text of `NAME.json`. */
  notes: string | null;
}

export interface ImportWishes {
  /** How the axes are to be read, by the id of a reading; `ask` to be asked where several fit, `likeliest` not to be. */
  axes: string;
  /** D of features that these shall stand beside, which may settle how axes are read. */
  size?: number;
}

/** What only a person can say. */
export interface AxesQuestion {
  shape: readonly number[];
  /** The likeliest first. */
  readings: { id: string; says: string }[];
}

export interface ImportedVideo {
  /** As the file calls it, or as the file is called. */
  name: string;
  /** Stands for the video's hash. */
  hash: string;
  summary: FeatureSummary;
  /** Equal features have one. */
  digest: string;
}

export interface ImportResult {
  videos: ImportedVideo[];
  warnings: string[];
}

const PIECE_BYTES = 4 << 20;

let store: Promise<Store> | null = null;
const openStore = (): Promise<Store> => (store ??= Store.open());

const api = {
  /** What a file is; it is not kept. */
  async inspect(
    file: Blob,
    name: string,
    besides: readonly File[],
    id: string,
    report: Report,
  ): Promise<Inspection> {
    const beside = async (wanted: string) => {
      const found = besides.find((other) => other.name === wanted);
      return found ? new Uint8Array(await found.arrayBuffer()) : null;
    };
    return runJob(id, report, (job) =>
      inspectFile(file, name, beside, (done, total) => job.report({ done, total, unit: 'arrays' })),
    );
  },

  /** Whether a file holds features rather than weights. */
  async holdsFeatures(file: Blob, name: string, id: string, report: Report): Promise<boolean> {
    return runJob(id, report, async () => {
      const opened = await openArrays(file, name);
      opened.close();
      return !holdsWeights(opened);
    });
  },

  /**
   * Stores the features of one video, or of all that a file holds; or asks, and stores nothing.
   * @throws Failure naming the file
   */
  async importFeatures(
    files: ImportedFiles,
    name: string,
    wishes: ImportWishes,
    id: string,
    report: Report,
  ): Promise<ImportResult | { question: AxesQuestion }> {
    return runJob(id, report, async (job) => {
      const notes = files.notes === null ? null : parseNotes(files.notes, name);
      if (files.features && !files.tubes)
        return importArrays(files, files.features, notes, name, wishes, job);
      const file = (files.tubes ?? files.maps)!;
      const fileHash = await hashOf(file, job);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const video = files.tubes
        ? importTubes(bytes, name, fileHash)
        : importFeatures({ features: null, ...(await companions(files, name)), notes }, name, fileHash);
      return { videos: [await keep(video, name, fileHash, files)], warnings: [] };
    });
  },

  command: commandJob,
};

async function importArrays(
  files: ImportedFiles,
  file: Blob,
  notes: FeatureNotes | null,
  name: string,
  wishes: ImportWishes,
  job: Job,
): Promise<ImportResult | { question: AxesQuestion }> {
  const opened = await openArrays(file, name);
  try {
    const known = { size: wishes.size };
    const { candidates, warnings } = findFeatures(opened, name, known);
    const isOne = candidates.length === 1;
    const readings = candidates.map((candidate) => fitting(candidate, isOne ? notes : null));
    const open = readings.findIndex((fit) => fit.length > 1);
    if (wishes.axes === 'ask' && open >= 0) {
      const said = readings[open].map(({ id, says }) => ({ id, says }));
      return { question: { shape: candidates[open].entry.shape, readings: said } };
    }
    const fileHash = await hashOf(file, job);
    const videos: ImportedVideo[] = [];
    for (const [i, { entry }] of candidates.entries()) {
      await job.turn();
      job.report({ done: i, total: candidates.length, unit: 'videos' });
      const said = isOne ? name : `${name}: ${entry.name}`;
      const isWish = wishes.axes !== 'ask' && wishes.axes !== 'likeliest';
      const reading = isWish ? readingOf(entry.shape, wishes.axes, known, said) : readings[i][0];
      const array = entry.read();
      const given = {
        features: arrange(array, reading),
        ...(isOne ? await companions(files, name) : { maps: null }),
        notes: isOne ? notes : null,
        segmentFrames: entry.segmentFrames,
      };
      const hash = isOne
        ? fileHash
        : bytesToHex(sha256(new TextEncoder().encode(`${fileHash}/${entry.name}`)));
      const video = importFeatures(given, said, hash);
      video.warnings.push(...array.warnings);
      videos.push(await keep(video, isOne ? withoutEnding(name) : entry.name, hash, isOne ? files : null));
    }
    return { videos, warnings: [...opened.warnings, ...warnings] };
  } finally {
    opened.close();
  }
}

/** The readings that agree with what stands beside the file, if any does. */
function fitting({ readings }: Candidate, notes: FeatureNotes | null): Reading[] {
  const agreeing = notes ? readings.filter(({ snippets }) => snippets === notes.snippets.length) : [];
  return agreeing.length > 0 ? agreeing.slice(0, 1) : readings;
}

/** What stands beside the features of one video, as it is written here. */
async function companions(files: ImportedFiles, name: string) {
  const read = async (file: Blob, said: string) => readNpy(new Uint8Array(await file.arrayBuffer()), said);
  const variants: Variants = {};
  for (const [kind, file] of Object.entries(files.variants ?? {}))
    variants[kind as keyof Variants] = await read(file, `${name}, ${kind}`);
  return { maps: files.maps ? await read(files.maps, name) : null, variants };
}

async function keep(
  video: VideoFeatures,
  name: string,
  fileHash: string,
  files: ImportedFiles | null,
): Promise<ImportedVideo> {
  const hash = video.provenance.videoHash;
  const key = [hash, fileHash, ...(files?.maps ? ['maps'] : []), ...Object.keys(files?.variants ?? {})].join(
    '/',
  );
  const open = await openStore();
  const digest = digestOf(video.features);
  return { name, hash, digest, summary: await open.putFeatures(key, video, Date.now()) };
}

async function hashOf(file: Blob, job: Job): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    await job.turn();
    job.report({ done: at, total: file.size, unit: 'bytes' });
    hash.update(new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer()));
  }
  return bytesToHex(hash.digest());
}

export type ReadApi = typeof api;

Comlink.expose(answering(api));
