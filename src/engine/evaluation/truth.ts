/** Annotated intervals to a label per frame. */
import type { TruthInterval } from '../types.ts';

/**
 * Frames are annotated from 1 and inclusive at both ends (the rule `inclusive1` of the field's evaluation code):
 * frames max(start, 1) .. min(end, F) are positive.
 * @returns `[F]`, 1 inside an interval
 */
export function frameLabels(intervals: readonly TruthInterval[], frames: number): Uint8Array {
  const labels = new Uint8Array(frames);
  for (const { startFrame, endFrame } of intervals) {
    labels.fill(1, Math.max(startFrame, 1) - 1, Math.max(0, Math.min(endFrame, frames)));
  }
  return labels;
}
