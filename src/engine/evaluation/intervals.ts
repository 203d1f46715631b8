/**
 * Sets of frames, as intervals: what is marked, what is an alarm, what is true, and how far two of them agree. Nothing
 * here is as long as the video, so that a guess on an hour of it is judged at once.
 */
import type { FrameInterval } from '../types.ts';
import { snippetAlarms } from './alarms.ts';

/**
 * The same frames as few intervals, in order: what touches or overlaps becomes one. What lies outside the video is
 * cut, and an interval that ends before it starts holds no frame.
 * @param frames F, the number of frames of the video
 */
export function united(intervals: readonly FrameInterval[], frames: number): FrameInterval[] {
  const inside = intervals
    .map(({ startFrame, endFrame }) => ({
      startFrame: Math.max(1, startFrame),
      endFrame: Math.min(frames, endFrame),
    }))
    .filter(({ startFrame, endFrame }) => startFrame <= endFrame)
    .sort((a, b) => a.startFrame - b.startFrame);
  const result: FrameInterval[] = [];
  for (const interval of inside) {
    const last = result.at(-1);
    if (last && interval.startFrame <= last.endFrame + 1)
      last.endFrame = Math.max(last.endFrame, interval.endFrame);
    else result.push(interval);
  }
  return result;
}

/**
 * The frames that a head's scores put at or above the threshold.
 * @param width frames per score
 */
export function alarmIntervals(
  scores: ArrayLike<number>,
  threshold: number,
  frames: number,
  width: number,
): FrameInterval[] {
  return snippetAlarms(scores, threshold, frames, width).map(({ startFrame, endFrame }) => ({
    startFrame: startFrame + 1,
    endFrame: endFrame + 1,
  }));
}

/** How many frames intervals hold that do not overlap. */
export function countFrames(intervals: readonly FrameInterval[]): number {
  return intervals.reduce((sum, { startFrame, endFrame }) => sum + endFrame - startFrame + 1, 0);
}

/** Marked frames against true ones. Shares are 0..1, and null where they are undefined. */
export interface Agreement {
  markedFrames: number;
  trueFrames: number;
  /** Frames that are both. */
  sharedFrames: number;
  /** Of the marked frames, the share that is true; null where none is marked. */
  precision: number | null;
  /** Of the true frames, the share that is marked; null where none is true. */
  recall: number | null;
  /** 2 shared / (marked + true); null where none is either. */
  f1: number | null;
  /** shared / (marked or true); null where none is either. */
  iou: number | null;
}

/** @param frames F, the number of frames of the video */
export function agreement(
  marked: readonly FrameInterval[],
  truth: readonly FrameInterval[],
  frames: number,
): Agreement {
  const [a, b] = [united(marked, frames), united(truth, frames)];
  const [markedFrames, trueFrames] = [countFrames(a), countFrames(b)];
  const sharedFrames = countShared(a, b);
  const either = markedFrames + trueFrames - sharedFrames;
  return {
    markedFrames,
    trueFrames,
    sharedFrames,
    precision: markedFrames > 0 ? sharedFrames / markedFrames : null,
    recall: trueFrames > 0 ? sharedFrames / trueFrames : null,
    f1: either > 0 ? (2 * sharedFrames) / (markedFrames + trueFrames) : null,
    iou: either > 0 ? sharedFrames / either : null,
  };
}

/** Frames in both of two sets, each in order and without overlap. */
function countShared(a: readonly FrameInterval[], b: readonly FrameInterval[]): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const from = Math.max(a[i].startFrame, b[j].startFrame);
    const to = Math.min(a[i].endFrame, b[j].endFrame);
    shared += Math.max(0, to - from + 1);
    if (a[i].endFrame < b[j].endFrame) i++;
    else j++;
  }
  return shared;
}
