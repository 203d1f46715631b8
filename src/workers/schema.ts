/** The records that are kept on this device, and how a database of an earlier version becomes one of today. */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { BackboneEntry } from '../engine/backbone/weights.ts';
import type { Fingerprint } from '../engine/features/fingerprint.ts';
import type { Protocol, RunPlan } from '../engine/experiments/experiment.ts';
import type { RunResult } from '../engine/experiments/result.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { Fork, PartialSteps } from '../engine/training/history.ts';
import type {
  BackendName,
  FrameInterval,
  NumericArray,
  Part,
  TruthBoxes,
  Tubes,
  Variants,
  VideoFacts,
  VideoFeatures,
  VideoTruth,
  WeakLabel,
} from '../engine/types.ts';

export interface ProjectRecord {
  id: string;
  name: string;
  createdAt: number;
  /** The head that is set up, with its fields. */
  head: { id: string; config: Config; seed: number };
  /** What it is, where it came as a file that says so. */
  about?: string;
  /** The video to put on stage first. */
  shown?: string;
  /** Which of those that come with the page it is a copy of. */
  shipped?: 'exhibit' | 'street-small';
}

export interface VideoRecord {
  id: string;
  projectId: string;
  /** As its owner calls it; several videos may have one name. */
  name: string;
  /** SHA-256 of the file. */
  hash: string;
  sizeBytes: number;
  /** Null where only features were given. */
  facts: VideoFacts | null;
  label: WeakLabel | null;
  /** Classes of anomaly that its label names. */
  classes?: readonly string[];
  part: Part;
  addedAt: number;
  /** Whether a copy of the file lies in this browser. */
  kept: boolean;
}

/** Truth has a store of its own, which training has no business with. */
export interface TruthRecord extends VideoTruth {
  videoId: string;
}

/** Where in the picture an anomaly is: kept as truth is, and beside it, so that new intervals leave the boxes alone. */
export interface BoxesRecord extends TruthBoxes {
  videoId: string;
}

/** Where someone says that an anomaly is, before having seen the truth. No truth, and nothing for training. */
export interface GuessRecord {
  videoId: string;
  /** What is marked now, in order; none at all says "nothing unusual". Null while nothing is said. */
  intervals: readonly FrameInterval[] | null;
  /** Time spent on it, from the first mark until the truth was revealed. */
  seconds: number;
  /** When the truth was first revealed; null before. */
  revealedAt: number | null;
  /** What was marked when it was. Later changes are made with the truth in sight. */
  revealed: readonly FrameInterval[] | null;
}

/** Features without their arrays: what lists need. */
export interface FeatureSummary extends Omit<
  VideoFeatures,
  'features' | 'frameSeconds' | 'maps' | 'tubes' | 'variants'
> {
  key: string;
  /** `[N, D]`, or `[N, P, D]` with P crops. */
  shape: readonly number[];
  /** What else is there: maps or tubes. */
  also?: readonly ('maps' | 'tubes')[];
  frames: number;
  bytes: number;
  usedAt: number;
  /** The files that they were imported from, and how: the same ones are known again without reading them. */
  origin?: string;
  /** What they look like, where it was found when they were stored. */
  fingerprint?: Fingerprint;
}

type ArrayName = 'features' | 'frameSeconds' | 'maps' | keyof Tubes | keyof Variants;

export interface FeatureManifest extends FeatureSummary {
  /** `isHalf`: kept in half precision, which records of old have nothing of. */
  arrays: { name: ArrayName; shape: readonly number[]; chunks: number; isHalf?: boolean }[];
}

export type Selection = 'last' | 'val' | 'test';

/** A step that was better than all before, and by what. */
export interface Best {
  step: number;
  /** Video AUC by the span of scores on held-out training videos (`val`), or frame AUC on the test part (`test`). */
  figure: number;
}

/** A video as a run may know it: a name, a weak label and features. Nothing else. */
export interface TrainedOn {
  videoId: string;
  name: string;
  label: WeakLabel;
  classes?: readonly string[];
  featureKey: string;
}

export interface RunRecord {
  id: string;
  projectId: string;
  head: string;
  config: Config;
  seed: number;
  createdAt: number;
  updatedAt: number;
  /** Steps done and steps asked for. */
  step: number;
  steps: number;
  backend: BackendName;
  version: string;
  /** The videos it was trained on, and the features it saw them through. */
  training: TrainedOn[];
  /** Training videos that were held out, to choose the step that counts by them. */
  heldOut?: TrainedOn[];
  /** Share of the training videos that was to be held out, 0..1; absent in records of old. */
  validate?: number;
  /** Which step counts; `test` looks at what it will be judged by. */
  selection?: Selection;
  /** The step that counts, where it is not the last. */
  best?: Best;
  /** D */
  features?: number;
  /** What the features looked like that it was trained on. */
  fingerprint?: Fingerprint;
  /** C, the classes of anomaly that its labels name, in the order of the head's outputs. */
  classes?: readonly string[];
  backbone: string;
  /** A score at or above it is an alarm; absent where nobody has chosen one. */
  threshold?: number;
  /** What someone wrote about it. */
  note?: string;
  /** Looks without a better figure after which it was to end; absent where it was not. */
  patience?: number;
  /** Steps of which only one phase was done, where there are such. */
  partial?: PartialSteps[];
  /** The run that it was until it was forked, where it was. */
  forkOf?: Fork;
  /** One entry per step: the weighted total and the unweighted terms. */
  losses: { total: Float32Array; terms: Record<string, Float32Array> };
}

/** What people say of a run. */
export type RunChange = Partial<Pick<RunRecord, 'threshold' | 'note'>>;

/** An experiment of a project and how far it has come. Its run under way has its id for a project until it is done. */
export interface ExperimentRecord {
  id: string;
  projectId: string;
  createdAt: number;
  /** Of which table or figure. */
  experiment: string;
  protocol: Protocol;
  plans: readonly RunPlan[];
  /** What it began with, by source of features: its runs must all be of the same. */
  data: Record<string, RunResult['data']>;
  results: readonly RunResult[];
  /** True where someone wants it to wait. */
  isPaused: boolean;
  /** Whether its runs stay, with their weights, among those of the project. */
  keepsRuns: boolean;
}

export interface CheckpointRecord {
  runId: string;
  step: number;
  /** A safetensors file with the parameters and the optimiser's memory. */
  bytes: Uint8Array<ArrayBuffer>;
}

export interface ScoreRecord {
  runId: string;
  featureKey: string;
  step: number;
  scores: Float32Array;
  snippetsPerScore: number;
  attention?: NumericArray;
  /** `[N,1+C]`; column 0 stands for "normal". */
  classes?: NumericArray;
  /** `[N,hw]` */
  relation?: NumericArray;
  /** `[n]`, of tubes. */
  instances?: Float32Array;
  /** `[k,5]`: frame (from 0), left, top, right, bottom of each box of the highest-scoring tube, where there are boxes. */
  boxes?: NumericArray;
  /** `[f]`: the frames, from 0, in which any tube of the video has a box. */
  boxFrames?: NumericArray;
  /** `[2]`: width and height of the picture that the boxes are in, where it is not that of the video. */
  picture?: NumericArray;
  /** Why the video's features are unlike those that the run was trained on, where they are. */
  unlike?: string;
}

/** A backbone that came as a file; the file lies beside it. */
export interface BackboneRecord {
  id: string;
  entry: BackboneEntry;
  /** How many classes its file has a classifier for; null where it has none, absent in records of old. */
  classes?: number | null;
  /** What they are called, where someone said so. */
  classNames?: readonly string[];
  sizeBytes: number;
  addedAt: number;
}

/** A checkpoint without its bytes, which lie in pieces: a large head's memory is more than a browser takes as one value. */
export interface CheckpointManifest extends Omit<CheckpointRecord, 'bytes'> {
  chunks: number;
}

export interface Schema extends DBSchema {
  projects: { key: string; value: ProjectRecord };
  videos: { key: string; value: VideoRecord; indexes: { byProject: string } };
  truths: { key: string; value: TruthRecord };
  boxes: { key: string; value: BoxesRecord };
  guesses: { key: string; value: GuessRecord };
  features: { key: string; value: FeatureManifest };
  featureChunks: { key: [string, string, number]; value: ArrayBuffer };
  runs: { key: string; value: RunRecord; indexes: { byProject: string } };
  checkpoints: { key: string; value: CheckpointManifest };
  checkpointChunks: { key: [string, number]; value: ArrayBuffer };
  scores: { key: [string, string]; value: ScoreRecord; indexes: { byRun: string } };
  experiments: { key: string; value: ExperimentRecord; indexes: { byProject: string } };
  backbones: { key: string; value: BackboneRecord };
  backboneFiles: { key: string; value: Uint8Array<ArrayBuffer> };
}

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/** Step i takes a database from version i to i + 1. Steps are never changed once released, only added. */
export const migrations: ((db: IDBPDatabase<Schema>, upgrade: Upgrade) => void | Promise<void>)[] = [
  (db) => {
    db.createObjectStore('projects', { keyPath: 'id' });
    db.createObjectStore('videos', { keyPath: 'id' }).createIndex('byProject', 'projectId');
    db.createObjectStore('features', { keyPath: 'key' });
    db.createObjectStore('featureChunks');
    db.createObjectStore('runs', { keyPath: 'id' }).createIndex('byProject', 'projectId');
    db.createObjectStore('checkpoints', { keyPath: 'runId' });
  },
  // Truth moved out of the video records, where training could have read it; scores are kept per run.
  async (db, upgrade) => {
    const truths = db.createObjectStore('truths', { keyPath: 'videoId' });
    db.createObjectStore('scores', { keyPath: ['runId', 'featureKey'] }).createIndex('byRun', 'runId');
    for await (const cursor of upgrade.objectStore('videos')) {
      const { truth, ...video } = cursor.value as VideoRecord & { truth?: VideoTruth };
      if (truth) await truths.put({ videoId: video.id, ...truth });
      await cursor.update(video);
    }
  },
  // Backbones of one's own.
  (db) => {
    db.createObjectStore('backbones', { keyPath: 'id' });
    db.createObjectStore('backboneFiles');
  },
  // Guesses, marked before the truth is revealed.
  (db) => {
    db.createObjectStore('guesses', { keyPath: 'videoId' });
  },
  // Checkpoints in pieces.
  async (db, upgrade) => {
    const chunks = db.createObjectStore('checkpointChunks');
    for await (const cursor of upgrade.objectStore('checkpoints')) {
      const { bytes, ...checkpoint } = cursor.value as CheckpointManifest & Partial<CheckpointRecord>;
      if (bytes) await chunks.put(bytes.slice().buffer, [checkpoint.runId, 0]);
      await cursor.update({ ...checkpoint, chunks: bytes ? 1 : 0 });
    }
  },
  // Experiments.
  (db) => {
    db.createObjectStore('experiments', { keyPath: 'id' }).createIndex('byProject', 'projectId');
  },
  // Annotated boxes.
  (db) => {
    db.createObjectStore('boxes', { keyPath: 'videoId' });
  },
];
