/** Scores over a threshold. */

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

/** Whether an alarm touches a positive frame. */
export function isTrueAlarm({ startFrame, endFrame }: Alarm, labels: Uint8Array): boolean {
  return labels.subarray(startFrame, endFrame + 1).includes(1);
}
