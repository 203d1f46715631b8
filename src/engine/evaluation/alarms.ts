/** Scores over a threshold. */
import { SNIPPET_FRAMES } from '../types.ts';

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
 * The alarms of a video whose scores hold for 16 frames each (`repeat16`), without an entry per frame: what
 * `findAlarms(expandScores(scores, frames), threshold)` finds.
 * @param frames F, the number of frames of the video
 */
export function snippetAlarms(scores: ArrayLike<number>, threshold: number, frames: number): Alarm[] {
  const shown = Array.from(
    { length: Math.min(scores.length, Math.ceil(frames / SNIPPET_FRAMES)) },
    (_, i) => scores[i],
  );
  return findAlarms(shown, threshold).map(({ startFrame: first, endFrame: last, peak }) => ({
    startFrame: first * SNIPPET_FRAMES,
    // The last score holds on where frames are left.
    endFrame: (last === shown.length - 1 ? frames : (last + 1) * SNIPPET_FRAMES) - 1,
    peak,
  }));
}

/** Whether an alarm touches a positive frame. */
export function isTrueAlarm({ startFrame, endFrame }: Alarm, labels: Uint8Array): boolean {
  return labels.subarray(startFrame, endFrame + 1).includes(1);
}
