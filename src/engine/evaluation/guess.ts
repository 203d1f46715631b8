/** Whether what was marked is right, for one video and over many. */
import type { Agreement } from './intervals.ts';

/** From this overlap on an anomaly counts as found: the largest of those in WSSTAD's Table 1. */
export const FOUND_IOU = 0.3;

/**
 * found        an anomaly is there, and what was marked overlaps it by an IoU of at least `FOUND_IOU`
 * missed       an anomaly is there, and it does not
 * clear        nothing unusual is there, and nothing was marked
 * false-alarm  nothing unusual is there, and something was marked
 */
export type Verdict = 'found' | 'missed' | 'clear' | 'false-alarm';

export function verdict({ trueFrames, markedFrames, iou }: Agreement): Verdict {
  if (trueFrames > 0) return (iou ?? 0) >= FOUND_IOU ? 'found' : 'missed';
  return markedFrames > 0 ? 'false-alarm' : 'clear';
}

/** How many of the videos with an anomaly were found, and how many of those without were left alone. */
export interface Tally {
  found: number;
  anomalous: number;
  clear: number;
  normal: number;
}

export function tally(verdicts: readonly Verdict[]): Tally {
  const count = (...wanted: Verdict[]) => verdicts.filter((one) => wanted.includes(one)).length;
  return {
    found: count('found'),
    anomalous: count('found', 'missed'),
    clear: count('clear'),
    normal: count('clear', 'false-alarm'),
  };
}
