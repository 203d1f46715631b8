/**
 * `NAME.weaklens`: a project as one file, a zip of plain parts that other tools can read one by one.
 *
 *     project.json            what there is: videos with weak labels, runs with losses, the head that is set up
 *     truth.json              intervals by video, apart from what training sees
 *     boxes.json              likewise, where in the picture anomalies are, by frame from 0; where some are known
 *     features/N.npy, .json   a video's features and the notes beside them, as `lab extract` writes them
 *     features/N.map.npy      its maps, where there are any
 *     features/N.flip.npy, .flip.map.npy, .noise.npy   features and maps of the video mirrored and with noise, likewise
 *     features/N.tubes.safetensors   its tubes, likewise: `region`, `global`, and what else is told of them
 *     runs/N.safetensors      weights with state-dict names
 *     runs/N.scores.safetensors   what the run made of the videos
 *     experiments.json        experiments and their results, where there are any
 *     videos/N                a video file, for the few that travel along
 *
 * Guesses stay behind, and marks that were kept as truth travel as truth: they shall judge whoever opens the file.
 *
 * A reader trusts nothing: every part is checked before the first is used, and what is refused is named.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { filedExperiment, type FiledExperiment } from '../experiments/result.ts';
import { importFeatures, tubesIn } from '../features/imported.ts';
import {
  MOST_FRAMES,
  type NumericArray,
  type TruthBoxes,
  type VideoFeatures,
  type VideoTruth,
} from '../types.ts';
import { Archive, ArchiveWriter, Room } from './archive.ts';
import {
  classes,
  config,
  count,
  filedRun,
  label,
  readFiledScores,
  text,
  writeFiledScores,
  type FiledRun,
} from './filed-run.ts';
import { areHalves, fitsHalf } from './half.ts';
import { notesOf, parseNotes } from './notes.ts';
import { readNpy, writeNpy } from './npy.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const FORMAT = 'weaklens-project';
const VERSION = 1;

/** Variants of features, and what their parts' names end with. */
const VARIANTS = { flip: 'flip.npy', flipMaps: 'flip.map.npy', noise: 'noise.npy' };

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

const manifest = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  name: text,
  about: v.optional(v.pipe(v.string(), v.maxLength(20_000))),
  head: v.nullable(v.object({ id: text, config, seed: v.number() })),
  /** The video to put on stage first, by its id. */
  shown: v.optional(text),
  videos: v.array(video),
  features: v.array(v.object({ key: text, file: text })),
  /** `hash`: SHA-256 of the weights, which files of old do not tell. */
  runs: v.array(v.object({ ...filedRun.entries, file: text, hash: v.optional(text) })),
});

const truths = v.record(
  text,
  v.object({
    totalFrames: v.nullable(v.pipe(count, v.maxValue(MOST_FRAMES))),
    intervals: v.array(v.object({ class: text, startFrame: count, endFrame: count })),
  }),
);

const corner = v.pipe(v.number(), v.finite());
const size = v.pipe(corner, v.gtValue(0));

const boxes = v.record(
  text,
  v.object({
    byFrame: v.record(
      v.pipe(
        v.string(),
        v.check(
          (frame) => /^\d+$/.test(frame) && Number(frame) < MOST_FRAMES,
          'a frame is a whole number from 0',
        ),
      ),
      v.pipe(
        v.tuple([corner, corner, corner, corner]),
        v.check(([x1, y1, x2, y2]) => x1 <= x2 && y1 <= y2, 'a box is left, top, right, bottom'),
      ),
    ),
    picture: v.nullable(v.tuple([size, size])),
  }),
);

const trials = v.object({ experiments: v.array(filedExperiment) });

export type FiledVideo = v.InferOutput<typeof video>;

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
  /** Likewise. */
  boxes: Map<string, TruthBoxes>;
  /** By feature key. */
  features: Map<string, VideoFeatures>;
  runs: FiledRun[];
  experiments: FiledExperiment[];
  /** The videos that travel along, by the part that holds each. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Of numbers: half precision takes half the bytes and changes scores in the fourth digit. */
export type Precision = 'float32' | 'float16';

/** As what each array of a project is written: nothing is made more exact than it is, nothing infinite. */
function precisionOf({ values }: NumericArray, type: Precision): Precision {
  return (type === 'float16' ? fitsHalf(values) : areHalves(values)) ? 'float16' : 'float32';
}

/** The arrays of one video's features: what the name of the part ends with, and how exactly its numbers are written. */
function arraysOf({ features, maps, variants = {} }: VideoFeatures, type: Precision) {
  const parts: [string, NumericArray | undefined, Precision][] = [
    ['npy', features, type],
    ['map.npy', maps, 'float16'],
    [VARIANTS.flip, variants.flip, type],
    [VARIANTS.flipMaps, variants.flipMaps, 'float16'],
    [VARIANTS.noise, variants.noise, type],
  ];
  return parts.flatMap(([ending, array, wanted]) =>
    array ? [{ ending, array, precision: precisionOf(array, wanted) }] : [],
  );
}

/** Bytes that the features of one video take in a project, but for what is said of them. */
export function featuresBytes(video: VideoFeatures, type: Precision): number {
  const tubes = Object.values(video.tubes ?? {}) as NumericArray[];
  return (
    arraysOf(video, type).reduce(
      (sum, { array, precision }) => sum + array.values.length * (precision === 'float16' ? 2 : 4),
      0,
    ) + tubes.reduce((sum, { values }) => sum + values.byteLength, 0)
  );
}

/** Counts what goes into a project. */
export const projectRoom = (name: string): Room =>
  new Room(
    'Remove runs or videos that it can do without, or save it smaller, in the console: weaklens.saveProject({ type: "float16", keepOptimiser: false }).',
    name,
  );

/**
 * @param type of the features' numbers
 * @throws Failure `data-mismatch` where it is more than can be opened again
 */
export function writeProjectFile(project: ProjectFile, type: Precision = 'float32'): Uint8Array<ArrayBuffer> {
  const archive = new ArchiveWriter(projectRoom(project.name));
  const features = [...project.features].map(([key, features], i) => {
    const file = `features/${i}`;
    const own = project.videos.find(({ hash }) => hash === features.provenance.videoHash);
    for (const { ending, array, precision } of arraysOf(features, type))
      archive.bytes(`${file}.${ending}`, writeNpy(array, precision));
    if (features.tubes)
      archive.bytes(`${file}.tubes.safetensors`, writeSafetensors(Object.entries(features.tubes)));
    archive.json(`${file}.json`, notesOf(own?.name ?? key, own?.facts?.framesPerSecond ?? null, features));
    return { key, file };
  });
  const runs = project.runs.map(({ weights, scores, ...record }, i) => {
    const file = `runs/${i}`;
    archive.bytes(`${file}.safetensors`, weights);
    archive.bytes(`${file}.scores.safetensors`, writeFiledScores(scores));
    return { ...record, file, hash: bytesToHex(sha256(weights)) };
  });
  for (const [name, bytes] of project.files) archive.bytes(name, bytes, true);
  const { name, about, head, shown, videos } = project;
  const content = { name, about, head, shown, videos, features, runs };
  archive.json('project.json', { format: FORMAT, version: VERSION, ...content });
  archive.json('truth.json', Object.fromEntries(project.truths));
  if (project.boxes.size > 0) archive.json('boxes.json', Object.fromEntries(project.boxes));
  const { experiments } = project;
  if (experiments.length > 0) archive.json('experiments.json', { experiments });
  return archive.toBytes();
}

/**
 * @param file what to call it in messages
 * @throws Failure `format-invalid` naming the part that is wrong
 */
export function readProjectFile(bytes: Uint8Array, file: string): ProjectFile {
  const archive = new Archive(bytes, file, 'project');
  const part = (name: string) => archive.part(name);
  const { features, runs, ...content } = archive.json('project.json', manifest, VERSION);
  const told = archive.json('truth.json', truths);
  const boxed = archive.get('boxes.json') ? archive.json('boxes.json', boxes) : {};
  const ids = new Set(content.videos.map(({ id }) => id));
  if (ids.size < content.videos.length) archive.refuse('Two of its videos have one id');
  return {
    name: content.name,
    about: content.about,
    head: content.head,
    shown: content.shown,
    videos: content.videos,
    truths: new Map(Object.entries(told).filter(([id]) => ids.has(id))),
    boxes: new Map(Object.entries(boxed).filter(([id]) => ids.has(id))),
    features: new Map(
      features.map(({ key, file: name }) => {
        const notes = parseNotes(new TextDecoder().decode(part(`${name}.json`)), `${file}: ${name}.json`);
        const array = (ending: string) => {
          const bytes = archive.get(`${name}.${ending}`);
          return bytes && readNpy(bytes, `${file}: ${name}.${ending}`);
        };
        const said = `${file}: ${name}.npy`;
        const own = importFeatures(
          {
            features: readNpy(part(`${name}.npy`), said),
            maps: array('map.npy'),
            variants: Object.fromEntries(
              Object.entries(VARIANTS).map(([variant, ending]) => [variant, array(ending) ?? undefined]),
            ),
            notes,
          },
          said,
          notes.videoHash,
        );
        const listed = archive.get(`${name}.tubes.safetensors`);
        if (!listed) return [key, own];
        const tubesName = `${file}: ${name}.tubes.safetensors`;
        const { tensors } = readSafetensors(listed, tubesName);
        const { videolet: features, ...tubes } = tubesIn(tensors, tubesName, own.features);
        return [key, { ...own, features, tubes }];
      }),
    ),
    runs: runs.map(({ file: name, hash, ...record }) => {
      const weights = part(`${name}.safetensors`);
      if (hash !== undefined && bytesToHex(sha256(weights)) !== hash)
        archive.refuse(`The weights ${name}.safetensors are not those that were saved`);
      return { ...record, weights, scores: readFiledScores(archive, `${name}.scores.safetensors`, file) };
    }),
    experiments: archive.get('experiments.json') ? archive.json('experiments.json', trials).experiments : [],
    files: new Map(
      content.videos.flatMap(({ file: name }) => (name === undefined ? [] : [[name, part(name)] as const])),
    ),
  };
}
