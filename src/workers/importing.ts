/**
 * Features of a dataset to the store, one video after the other: read, put together, pooled, kept. What was kept before
 * is known by its files' names, sizes and dates and is not read again. Runs in a worker only.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { assemble, type AssembleOptions, type SourceFile } from '../engine/datasets/assemble.ts';
import { openArray } from '../engine/datasets/opening.ts';
import type { Channel } from '../engine/datasets/paths.ts';
import { WHOLE_BYTES } from '../engine/datasets/rows.ts';
import { Failure, type FailureReport } from '../engine/failure.ts';
import { importedVideo, importFeatures, importTubes } from '../engine/features/imported.ts';
import { fingerprintOf } from '../engine/features/fingerprint.ts';
import type { ArrayEntry } from '../engine/formats/array-entry.ts';
import { openArrays, type OpenedArrays } from '../engine/formats/arrays.ts';
import { fromHalf } from '../engine/formats/half.ts';
import { parseNotes } from '../engine/formats/notes.ts';
import type { Job, Progress } from '../engine/job.ts';
import type { Variants } from '../engine/types.ts';
import type { FeatureSummary } from './schema.ts';
import type { Store, StoredVideo } from './store.ts';

/** A video to be imported. It has no field for truth (design law 3). */
export interface ImportVideo {
  name: string;
  sources: { path: string; channel: Channel; axes?: string; array?: string; file: File }[];
  /** F and the frames of a row, where they are known. */
  frames: number | null;
  rowFrames: number | null;
}

export interface ImportOptions extends AssembleOptions {
  /** Bytes that all features would take as float32: with more, `auto` means half precision. */
  totalBytes: number;
}

/** Features above this are kept in half precision, unless someone says otherwise. */
const EXACT_BYTES = 256 << 20;

/** What the page is told, video by video. */
export interface ImportTick {
  progress: Progress;
  stored?: {
    name: string;
    hash: string;
    sizeBytes: number;
    summary: FeatureSummary;
    wasKnown: boolean;
    /** What its owner should know, of it alone and beside the others. */
    warnings: string[];
  };
  refused?: { name: string; failure: FailureReport };
}

/** @param tell is waited for: what it says would otherwise arrive after the end of the job. */
export async function importVideos(
  videos: readonly ImportVideo[],
  options: ImportOptions,
  store: Store,
  job: Job,
  tell: (tick: ImportTick) => unknown,
): Promise<void> {
  const precision =
    options.precision === 'auto' && options.totalBytes > EXACT_BYTES ? 'float16' : options.precision;
  const chosen = { ...options, precision } as const;
  const known = new Map<string, FeatureSummary>();
  for (const summary of await store.featureSummaries())
    if (summary.origin) known.set(summary.origin, summary);
  const byHash = new Map<string, string>();
  const container = new Container();
  try {
    for (const [i, video] of videos.entries()) {
      await job.turn();
      const progress = { done: i + 1, total: videos.length, unit: 'videos' };
      const sizeBytes = video.sources.reduce((sum, { file }) => sum + file.size, 0);
      try {
        const origin = originOf(video, chosen);
        const before = known.get(origin);
        const summary = before ?? (await importOne(video, chosen, origin, store, container, job));
        const hash = summary.provenance.videoHash;
        const twin = byHash.get(hash);
        byHash.set(hash, twin ?? video.name);
        const warnings = [...summary.warnings, ...(twin ? [`It holds the same numbers as ${twin}.`] : [])];
        const stored = { name: video.name, hash, sizeBytes, summary, wasKnown: !!before, warnings };
        await tell({ progress, stored });
      } catch (error) {
        const failure = Failure.from(error);
        if (failure.code === 'cancelled' || failure.code.startsWith('storage')) throw failure;
        await tell({
          progress,
          refused: { name: video.name, failure: failure.about(video.name).toReport() },
        });
      }
    }
  } finally {
    container.close();
  }
}

/** The file of several arrays that was read from last: the videos of one follow each other, and opening it takes long. */
class Container {
  #file: File | null = null;
  #hash = '';
  #opened: OpenedArrays | null = null;

  async open(file: File, path: string, job: Job): Promise<{ hash: string; entries: ArrayEntry[] }> {
    if (this.#file !== file || !this.#opened) {
      this.close();
      this.#hash = await hashOf(file, undefined, job);
      this.#opened = await openArrays(file, path);
      this.#file = file;
    }
    return { hash: this.#hash, entries: this.#opened.arrays };
  }

  close(): void {
    this.#opened?.close();
    this.#opened = null;
  }
}

/** How most files lie: not worth a word, so that what was kept before words were given is still known. */
const IN_ORDER = ['snippets,features', 'snippets,crops,features'];

/** Everything that makes two imports of one video different, without reading it. */
function originOf(
  { sources, frames, rowFrames }: ImportVideo,
  { segments, precision }: AssembleOptions,
): string {
  const files = sources.map(({ path, channel, axes, array, file }) => [
    ...[path, channel, file.size, file.lastModified],
    ...(array === undefined ? [] : [array]),
    ...(axes === undefined || IN_ORDER.includes(axes) ? [] : [axes]),
    ...(channel === 'tubes' ? ['boxes'] : []), // which were not kept before
  ]);
  return JSON.stringify([files, frames, rowFrames, segments, precision]);
}

/** Channels that stand beside features and are read as they are. */
const OWN: readonly Channel[] = ['maps', 'flip', 'flipMaps', 'noise', 'tubes', 'notes'];

async function importOne(
  video: ImportVideo,
  options: AssembleOptions,
  origin: string,
  store: Store,
  container: Container,
  job: Job,
): Promise<FeatureSummary> {
  if (video.sources.some(({ channel }) => OWN.includes(channel))) return importOwn(video, origin, store);
  const total = video.sources.reduce((sum, { file }) => sum + file.size, 0);
  const sources: SourceFile[] = [];
  const hashes: string[] = [];
  for (const { path, channel, axes, array, file } of video.sources) {
    if (array !== undefined) {
      const { hash, entries } = await container.open(file, path, job);
      const entry = entries.find(({ name }) => name === array)!;
      hashes.push(
        entries.length === 1 ? hash : bytesToHex(sha256(new TextEncoder().encode(`${hash}/${array}`))),
      );
      sources.push({ path, channel, axes, blob: file, entry });
      continue;
    }
    const bytes = total <= WHOLE_BYTES ? new Uint8Array(await file.arrayBuffer()) : undefined;
    hashes.push(await hashOf(file, bytes, job));
    sources.push({ path, channel, axes, blob: file, bytes });
  }
  const hash = hashes.length === 1 ? hashes[0] : bytesToHex(sha256(new TextEncoder().encode(hashes.join())));
  const { shape, rows, values, missing, warnings } = await assemble(sources, options, job);
  const own = importedVideo(shape, rows, hash, video);
  // A segment of several rows is not missing where one of them is.
  const isMissing = new Set(shape[0] === rows ? missing : []);
  const snippets = own.snippets.map((snippet, n) =>
    isMissing.has(n) ? { ...snippet, missing: true } : snippet,
  );
  const stored: StoredVideo = { ...own, snippets, features: { shape, values }, warnings };
  const key = [hash, hash, options.segments ?? 'all', values instanceof Uint16Array ? 'half' : 'single'].join(
    '/',
  );
  const plain = values instanceof Uint16Array ? fromHalf(values) : values;
  const fingerprint = fingerprintOf({ shape, values: plain }, own.provenance.backboneHash);
  return store.putFeatures(key, stored, Date.now(), { origin, fingerprint });
}

/** Our own files: features with their notes, maps and variants, or tubes. */
async function importOwn({ sources }: ImportVideo, origin: string, store: Store): Promise<FeatureSummary> {
  const arrays = new Map(sources.map(({ channel, array }) => [channel, array]));
  const files = new Map(sources.map(({ channel, file }) => [channel, file]));
  const bytesOf = async (channel: Channel) => {
    const file = files.get(channel);
    return file ? new Uint8Array(await file.arrayBuffer()) : null;
  };
  const read = async (channel: Channel) => {
    const bytes = await bytesOf(channel);
    return bytes && openArray(bytes, files.get(channel)!.name, arrays.get(channel));
  };
  const [features, maps, tubes] = [await read('features'), await read('maps'), await bytesOf('tubes')];
  const first = tubes ?? (await bytesOf('features')) ?? (await bytesOf('maps'));
  const { name } = files.get('tubes') ?? files.get('features') ?? files.get('maps') ?? sources[0].file;
  if (!first)
    throw new Failure({ code: 'data-missing', subject: name, what: 'There are no features beside it.' });
  const variants: Variants = {};
  for (const kind of ['flip', 'flipMaps', 'noise'] as const) {
    const variant = await read(kind);
    if (variant) variants[kind] = variant;
  }
  const fileHash = bytesToHex(sha256(first));
  const text = await files.get('notes')?.text();
  const notes = text === undefined ? null : parseNotes(text, name);
  const video = tubes
    ? importTubes(tubes, name, fileHash)
    : importFeatures({ features, maps, variants, notes }, name, fileHash);
  const key = [
    video.provenance.videoHash,
    fileHash,
    ...(maps ? ['maps'] : []),
    ...Object.keys(variants),
  ].join('/');
  return store.putFeatures(key, video, Date.now(), { origin });
}

const PIECE_BYTES = 4 << 20;

/** SHA-256 of a file. */
async function hashOf(file: Blob, bytes: Uint8Array<ArrayBuffer> | undefined, job: Job): Promise<string> {
  if (bytes && globalThis.crypto.subtle)
    return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  const hash = sha256.create();
  for (let position = 0; position < file.size; position += PIECE_BYTES) {
    await job.turn();
    hash.update(new Uint8Array(await file.slice(position, position + PIECE_BYTES).arrayBuffer()));
  }
  return bytesToHex(hash.digest());
}
