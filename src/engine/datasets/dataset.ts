/** A folder of features with what comes beside them, as a dataset; and what one of the field's datasets is to us. */
import type { Part, TruthBoxes, VideoTruth, WeakLabel } from '../types.ts';
import type { Channel } from './paths.ts';
import type { TextFormat } from './texts.ts';

/** A file of the folder, not read yet. */
export interface DatasetFile {
  /** With the folders that it lies in. */
  path: string;
  blob: Blob;
}

/** A file after a first look, which reads no more of it than it must. */
export interface LookedAt {
  path: string;
  sizeBytes: number;
  kind: 'array' | 'text' | 'boxes' | 'notes' | 'other';
  /** Of an array, where its header tells. */
  shape: readonly number[] | null;
  /** What a text says; of an array of one axis, a number per frame. */
  text?: string;
  frames?: readonly number[];
  /** Of annotated boxes, by the name of the video. */
  boxes?: ReadonlyMap<string, TruthBoxes>;
  /** Frames that a row stands for, where the file itself says so. */
  width?: number;
  /** Of a file of several arrays, what it calls this one. */
  array?: string;
  /** The path that says whose it is, where that is not the file's: a file of several arrays has one per video. */
  standsFor?: string;
  /** What came of opening it that its owner should know. */
  warnings?: string[];
  /** Of what no use can be made, why. */
  why?: string;
}

/** One of the files that make up the features of a video. */
export interface FeatureSource {
  path: string;
  channel: Channel;
  crop: number | null;
  shape: readonly number[] | null;
  /** The id of the reading that its axes are settled to be; absent where only reading it tells. */
  axes?: string;
  /** What its file calls the array. */
  array?: string;
}

export type ProblemKind =
  | 'features-missing'
  | 'crop-missing'
  | 'channel-missing'
  | 'label-missing'
  | 'truth-missing'
  | 'intervals-missing'
  | 'lengths-differ'
  | 'size-differs'
  | 'axes-open'
  | 'truth-longer'
  | 'label-disagrees'
  | 'in-both-parts'
  | 'twice'
  | 'unread';

/** What of a video is missing or disagrees, in words for its owner. */
export interface Problem {
  kind: ProblemKind;
  what: string;
}

export interface DatasetVideo {
  name: string;
  part: Part;
  /** Null where neither a list nor an annotation nor its name says. */
  label: WeakLabel | null;
  classes: string[];
  /** Files of its features, crop after crop; none where there are none. */
  sources: FeatureSource[];
  /** `[N,D]` or `[N,P,D]` that they come to; null where only reading them tells. */
  shape: readonly number[] | null;
  /** F, as a text or a mask says. */
  frames: number | null;
  /** Frames that a row stands for, where that is not 16: segments are wider than snippets. */
  rowFrames: number | null;
  problems: Problem[];
}

export interface Dataset {
  convention: { id: string; title: string };
  /** What it was recognised by. */
  because: string;
  videos: DatasetVideo[];
  /** By the name of the video; apart from all that training sees (design law 3). */
  truths: Map<string, VideoTruth>;
  /** Likewise, where in the picture anomalies are. */
  boxes: Map<string, TruthBoxes>;
  /** The lists and annotations that were understood. */
  texts: { path: string; format: TextFormat | 'boxes'; line: string; videos: number; unread: number[] }[];
  /** Files that no use could be made of, and why. */
  ignored: { path: string; why: string }[];
  /** What is to be known of all videos. */
  notes: string[];
}

/** What is known of a dataset beyond its files: how it calls its videos and what their names say. */
export interface Convention {
  id: string;
  title: string;
  /**
   * Why these names are of this dataset; null where they are not.
   * @param names of all videos
   * @param classes that texts name
   */
  recognise(names: readonly string[], classes: readonly string[]): string | null;
  /** What a name says by itself. */
  ofName(name: string): { label?: WeakLabel; classes?: string[] };
  /** What its own code of a class stands for: a word, or several, or none for what is no anomaly. */
  classNames?(code: string): string[];
  /** Features that are used, in the order in which their numbers are joined; others are left out. */
  channels: readonly Channel[];
  /** What a user of its files should know. */
  notes: readonly string[];
}
