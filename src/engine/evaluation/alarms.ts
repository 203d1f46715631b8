/** Scores over a threshold. */
import { firstFrameOf, rowOf } from './rows.ts';

export interface Alarm {
  /** First frame, from 0. */
  startFrame: number;
  /** Last frame, inclusive. */
  endFrame: number;
  /** Highest score inside. */
  peak: number;
}

/** Maximal runs of frames whose score is at or above the threshold. */
export function findAlarms(frameScores: ArrayLike<number>, threshold: number): Alarm[] {
  const alarms: Alarm[] = [];
  let open: Alarm | null = null;
  for (let frame = 0; frame < frameScores.length; frame++) {
    const score = frameScores[frame];
    if (score < threshold) {
      open = null;
    } else if (open === null) {
      open = { startFrame: frame, endFrame: frame, peak: score };
      alarms.push(open);
    } else {
      open.endFrame = frame;
      open.peak = Math.max(open.peak, score);
    }
  }
  return alarms;
}

/**
 * The alarms of a video, without an entry per frame: what `findAlarms` finds in scores that `expandScores` expanded by
 * `widths`, or by `repeat16` where rows are snippets.
 * @param frames F, the number of frames of the video
 * @param width frames per score, at least 1
 */
export function snippetAlarms(
  scores: ArrayLike<number>,
  threshold: number,
  frames: number,
  width: number,
): Alarm[] {
  const count = rowOf(frames - 1, width, scores.length) + 1;
  const shown = Array.from({ length: count }, (_, row) => scores[row]);
  return findAlarms(shown, threshold).map(({ startFrame: first, endFrame: last, peak }) => ({
    startFrame: firstFrameOf(first, width),
    // The last score holds on where frames are left.
    endFrame: (last === count - 1 ? frames : firstFrameOf(last + 1, width)) - 1,
    peak,
  }));
}

/** Whether an alarm touches a positive frame. */
export function isTrueAlarm({ startFrame, endFrame }: Alarm, labels: Uint8Array): boolean {
  return labels.subarray(startFrame, endFrame + 1).includes(1);
}
