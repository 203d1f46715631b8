/**
 * `NAME.weaklens`: a project as one file, a zip of plain parts that other tools can read one by one.
 *
 *     project.json            what there is: videos with weak labels, runs with losses, the head that is set up
 *     truth.json              intervals by video, apart from what training sees
 *     features/N.npy, .json   a video's features and the notes beside them, as `lab extract` writes them
 *     features/N.map.npy      its maps, where there are any
 *     runs/N.safetensors      weights with state-dict names
 *     runs/N.scores.safetensors   what the run made of the videos
 *     videos/N                a video file, for the few that travel along
 *
 * Guesses stay behind, and marks that were kept as truth travel as truth: they shall judge whoever opens the file.
 *
 * A reader trusts nothing: every part is checked before the first is used, and what is refused is named.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { zipSync, type Zippable } from 'fflate';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { importFeatures } from '../features/imported.ts';
import type { NumericArray, VideoFeatures, VideoTruth } from '../types.ts';
import { notesOf, parseNotes } from './notes.ts';
import { readNpy, writeNpy } from './npy.ts';
import { readJson } from './json.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { openZip } from './zip.ts';

const VERSION = 1;

/** Unpacked bytes that are taken into memory at most. */
const MOST_BYTES = 1 << 30;

const text = v.pipe(v.string(), v.maxLength(4096));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const label = v.picklist(['normal', 'anomalous']);
const classes = v.optional(v.array(text));

const facts = v.object({
  container: text,
  codec: text,
  width: count,
  height: count,
  rotationDegrees: v.picklist([0, 90, 180, 270]),
  durationSeconds: v.nullable(v.number()),
  framesPerSecond: v.nullable(v.number()),
  highDynamicRange: v.boolean(),
});

const video = v.object({
  /** Names it within the file. */
  id: text,
  name: text,
  /** SHA-256 of the video file. */
  hash: text,
  sizeBytes: count,
  /** Null where only features were given. */
  facts: v.nullable(facts),
  label: v.nullable(label),
  classes,
  part: v.picklist(['train', 'test']),
  /** The part that holds the video itself, where it travels along. */
  file: v.optional(text),
});

const trainedOn = v.object({ videoId: text, name: text, label, classes, featureKey: text });

const fingerprint = v.looseObject({});

const config = v.record(text, v.union([v.number(), v.string(), v.boolean()]));

interface FiledFork {
  /** The run that it comes from, by its id in the file. */
  runId: string;
  step: number;
  config: v.InferOutput<typeof config>;
  forkOf?: FiledFork;
}

const forkOf: v.GenericSchema<FiledFork> = v.object({
  runId: text,
  step: count,
  config,
  forkOf: v.optional(v.lazy(() => forkOf)),
});

const run = v.object({
  /** Names it within the file. */
  id: v.optional(text),
  head: text,
  config,
  seed: v.number(),
  createdAt: v.number(),
  step: count,
  steps: count,
  backend: v.picklist(['webgpu', 'wasm', 'webgl', 'cpu']),
  version: text,
  training: v.array(trainedOn),
  heldOut: v.optional(v.array(trainedOn)),
  selection: v.optional(v.picklist(['last', 'val', 'test'])),
  best: v.optional(v.object({ step: count, figure: v.number() })),
  features: v.optional(count),
  fingerprint: v.optional(fingerprint),
  classes,
  backbone: text,
  threshold: v.optional(v.number()),
  partial: v.optional(v.array(v.object({ only: text, from: count, to: count }))),
  forkOf: v.optional(forkOf),
  /** A term that a step did not have is null there. */
  losses: v.object({
    total: v.array(v.number()),
    terms: v.record(text, v.array(v.nullable(v.number()))),
  }),
});

const scoreEntry = v.object({
  featureKey: text,
  step: count,
  snippetsPerScore: count,
  unlike: v.optional(text),
});

const manifest = v.object({
  format: v.literal('weaklens-project'),
  version: v.literal(VERSION),
  name: text,
  about: v.optional(v.pipe(v.string(), v.maxLength(20_000))),
  head: v.nullable(v.object({ id: text, config, seed: v.number() })),
  /** The video to put on stage first, by its id. */
  shown: v.optional(text),
  videos: v.array(video),
  features: v.array(v.object({ key: text, file: text })),
  /** `hash`: SHA-256 of the weights, which files of old do not tell. */
  runs: v.array(v.object({ ...run.entries, file: text, hash: v.optional(text) })),
});

const truths = v.record(
  text,
  v.object({
    totalFrames: v.nullable(count),
    intervals: v.array(v.object({ class: text, startFrame: count, endFrame: count })),
  }),
);

export type FiledVideo = v.InferOutput<typeof video>;

/** The scores of one video, `[N]`, and what else the head said of it. */
export type FiledScores = v.InferOutput<typeof scoreEntry> & {
  scores: Float32Array;
  /** By what they are: attention, classes, relation. */
  arrays: Record<string, NumericArray>;
  instances?: Float32Array;
};

export interface FiledRun extends v.InferOutput<typeof run> {
  /** A safetensors file. */
  weights: Uint8Array<ArrayBuffer>;
  scores: FiledScores[];
}

export interface ProjectFile {
  name: string;
  /** What it is, for whoever opens it. */
  about?: string;
  head: v.InferOutput<typeof manifest>['head'];
  /** The video to put on stage first, by its id. */
  shown?: string;
  videos: FiledVideo[];
  /** By video id. */
  truths: Map<string, VideoTruth>;
  /** By feature key. */
  features: Map<string, VideoFeatures>;
  runs: FiledRun[];
  /** The videos that travel along, by the part that holds each. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
}

/**
 * @param type of the features' numbers: half precision takes half the bytes and changes scores in the fourth digit
 */
export function writeProjectFile(
  project: ProjectFile,
  type: 'float32' | 'float16' = 'float32',
): Uint8Array<ArrayBuffer> {
  const parts: Zippable = {};
  const encoder = new TextEncoder();
  const put = (name: string, value: unknown) => (parts[name] = encoder.encode(JSON.stringify(value)));
  const features = [...project.features].map(([key, features], i) => {
    const file = `features/${i}`;
    const own = project.videos.find(({ hash }) => hash === features.provenance.videoHash);
    parts[`${file}.npy`] = writeNpy(features.features, type);
    if (features.maps) parts[`${file}.map.npy`] = writeNpy(features.maps, 'float16');
    put(`${file}.json`, notesOf(own?.name ?? key, own?.facts?.framesPerSecond ?? null, features));
    return { key, file };
  });
  const runs = project.runs.map(({ weights, scores, ...record }, i) => {
    const file = `runs/${i}`;
    parts[`${file}.safetensors`] = weights;
    parts[`${file}.scores.safetensors`] = writeScores(scores);
    return { ...record, file, hash: bytesToHex(sha256(weights)) };
  });
  for (const [name, bytes] of project.files) parts[name] = [bytes, { level: 0 }]; // compressed as they are
  const { name, about, head, shown, videos } = project;
  const content = { name, about, head, shown, videos, features, runs };
  put('project.json', { format: 'weaklens-project', version: VERSION, ...content });
  put('truth.json', Object.fromEntries(project.truths));
  return zipSync(parts, { level: 6, mtime: '2020-01-01' }) as Uint8Array<ArrayBuffer>; // the same project, the same bytes
}

/**
 * @param file what to call it in messages
 * @throws Failure `format-invalid` naming the part that is wrong
 */
export function readProjectFile(bytes: Uint8Array, file: string): ProjectFile {
  const { members } = openZip(bytes, file, { bytes: MOST_BYTES });
  const parts = new Map(members.map((member) => [member.name, member]));
  const part = (name: string): Uint8Array<ArrayBuffer> =>
    parts.get(name)?.read() ?? refuse(file, `The part ${name} is missing`);
  const { features, runs, ...content } = checked(manifest, part('project.json'), file, 'project.json');
  const told = checked(truths, part('truth.json'), file, 'truth.json');
  const ids = new Set(content.videos.map(({ id }) => id));
  if (ids.size < content.videos.length) refuse(file, 'Two of its videos have one id');
  return {
    name: content.name,
    about: content.about,
    head: content.head,
    shown: content.shown,
    videos: content.videos,
    truths: new Map(Object.entries(told).filter(([id]) => ids.has(id))),
    features: new Map(
      features.map(({ key, file: name }) => {
        const notes = parseNotes(new TextDecoder().decode(part(`${name}.json`)), `${file}: ${name}.json`);
        const maps = parts.get(`${name}.map.npy`)?.read();
        const said = `${file}: ${name}.npy`;
        const own = {
          features: readNpy(part(`${name}.npy`), said),
          maps: maps ? readNpy(maps, said) : null,
          notes,
        };
        return [key, importFeatures(own, said, notes.videoHash)];
      }),
    ),
    runs: runs.map(({ file: name, hash, ...record }) => {
      const weights = part(`${name}.safetensors`);
      if (hash !== undefined && bytesToHex(sha256(weights)) !== hash)
        refuse(file, `The weights ${name}.safetensors are not those that were saved`);
      const scores = readScores(part(`${name}.scores.safetensors`), `${file}: ${name}.scores.safetensors`);
      return { ...record, weights, scores };
    }),
    files: new Map(
      content.videos.flatMap(({ file: name }) => (name === undefined ? [] : [[name, part(name)] as const])),
    ),
  };
}

function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  bytes: Uint8Array,
  file: string,
  part: string,
): v.InferOutput<Schema> {
  return readJson(schema, bytes, `${file}: ${part}`, { newest: VERSION, next: AGAIN });
}

const AGAIN = 'Save the project again, with this version of Weaklens or a later one.';

function refuse(file: string, what: string): never {
  throw new Failure({
    code: 'format-invalid',
    subject: file,
    what: `${what}.`,
    next: AGAIN,
  });
}

function writeScores(records: readonly FiledScores[]): Uint8Array<ArrayBuffer> {
  const tensors: [string, NumericArray][] = records.flatMap(({ scores, instances, arrays }, i) => [
    [`${i}/scores`, { shape: [scores.length], values: scores }],
    ...(instances
      ? [[`${i}/instances`, { shape: [instances.length], values: instances }] as [string, NumericArray]]
      : []),
    ...Object.entries(arrays).map(([name, array]): [string, NumericArray] => [`${i}/${name}`, array]),
  ]);
  const entries = records.map(({ featureKey, step, snippetsPerScore, unlike }) => ({
    featureKey,
    step,
    snippetsPerScore,
    unlike,
  }));
  return writeSafetensors(tensors, { records: JSON.stringify(entries) });
}

function readScores(bytes: Uint8Array, file: string): FiledScores[] {
  const { tensors, metadata } = readSafetensors(bytes, file);
  const list = `{"records":${metadata.get('records') ?? '[]'}}`;
  return readJson(v.object({ records: v.array(scoreEntry) }), list, file).records.map((entry, i) => {
    const own = new Map([...tensors].filter(([key]) => key.startsWith(`${i}/`)));
    const take = (name: string) => {
      const array = own.get(`${i}/${name}`);
      own.delete(`${i}/${name}`);
      return array;
    };
    const scores = take('scores');
    const instances = take('instances');
    if (scores?.shape.length !== 1) return refuse(file, `It has no scores of ${entry.featureKey}`);
    return {
      ...entry,
      scores: scores.values,
      ...(instances && { instances: instances.values }),
      arrays: Object.fromEntries([...own].map(([key, array]) => [key.slice(`${i}/`.length), array])),
    };
  });
}
