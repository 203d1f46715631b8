/** Videos as frames: a score beside a label for each, as every figure over frames reads them. */
import type { Snippet } from '../types.ts';
import type { EvaluationOptions, ScoredVideo } from './evaluate.ts';
import { expandScores } from './expand.ts';
import { frameLabels } from './truth.ts';

export interface FrameTable {
  video: ScoredVideo;
  scores: Float32Array;
  labels: Uint8Array;
  anomalous: boolean;
}

/** Frame scores beside frame labels; null for a video whose frames nobody can label. */
export function frameTable(
  video: ScoredVideo,
  { expansion }: Pick<EvaluationOptions, 'expansion'>,
): FrameTable | null {
  const intervals = video.truth?.intervals ?? (video.label === 'normal' ? [] : null);
  const frames = video.truth?.totalFrames ?? video.frames;
  if (intervals === null || frames === null || video.scores.length === 0) return null;
  if (expansion === 'widths' && video.width === undefined) return null;
  return {
    video,
    scores: expandScores(video.scores, frames, expansion, video.width),
    labels: frameLabels(intervals, frames),
    anomalous: intervals.length > 0,
  };
}

/** The seconds that the videos last together; null where one of them does not tell. */
export function totalSeconds(tables: readonly FrameTable[]): number | null {
  let seconds = 0;
  for (const { video, scores } of tables)
    seconds += video.framesPerSecond ? scores.length / video.framesPerSecond : NaN;
  return seconds > 0 ? seconds : null;
}

/** Several arrays as one. */
export function concatenate<T extends Uint8Array | Float32Array>(arrays: readonly T[]): T | number[] {
  if (arrays.length === 0) return [];
  const total = arrays.reduce((sum, array) => sum + array.length, 0);
  const joined = new (arrays[0].constructor as { new (length: number): T })(total);
  let position = 0;
  for (const array of arrays) {
    joined.set(array, position);
    position += array.length;
  }
  return joined;
}

/** Frames per second as decoded, over the whole video; null where features come without times. */
export function rateOf({
  frames,
  snippets,
}: {
  frames: number;
  snippets: readonly Snippet[];
}): number | null {
  const seconds =
    snippets.length > 0 ? snippets[snippets.length - 1].endSeconds - snippets[0].startSeconds : 0;
  return frames > 0 && seconds > 0 ? frames / seconds : null;
}
