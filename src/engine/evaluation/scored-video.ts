/** A video with what a head says of it and what is true of it: what every figure is made of. */
import type { Box, VideoTruth, WeakLabel } from '../types.ts';

export interface ScoredVideo {
  name: string;
  scores: ArrayLike<number>;
  /** Frames of the video as decoded; null when only the truth knows. */
  frames: number | null;
  framesPerSecond: number | null;
  /** Null when nobody said. */
  label: WeakLabel | null;
  /** Null when not annotated. A normal video needs none: all its frames are negative. */
  truth: VideoTruth | null;
  /** Frames per score, for the rule `widths`. */
  width?: number;
  /** What the head says of each class, where it tells classes. */
  classScores?: ClassScores;
  /** Scores of its tubes, where it was searched for tubes: the video then scores as its highest tube (WSSTAD). */
  instances?: ArrayLike<number>;
  /** Where the top tube and the annotated one are, for anomalous videos that have boxes. */
  boxes?: VideoBoxes;
}

export interface ClassScores {
  names: readonly string[];
  /** `[N,C]` row by row, 0..1; N as many as the video has scores, C as many as there are names. */
  values: ArrayLike<number>;
}

/** By frame, counted from 0, as plain data, all in pixels of one picture. */
export interface VideoBoxes {
  truth: Readonly<Record<number, Box>>;
  predicted: Readonly<Record<number, Box>>;
  /** Frames that the detector looked at. */
  detectorFrames: readonly number[];
}
