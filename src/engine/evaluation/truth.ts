/** Annotated intervals to a label per frame. */
import { SNIPPET_FRAMES, type TruthInterval } from '../types.ts';

/**
 * How the field's evaluation codes read an interval start, end of F frames; frames from 0:
 * inclusive0  start .. min(end, F - 1)
 * inclusive1  max(start, 1) - 1 .. min(end, F) - 1: counted from 1, inclusive at both ends
 * wsal        start - 1 .. end - 1: as inclusive1
 * halfopen0   start .. end - 1
 */
export type TruthRule = 'inclusive0' | 'inclusive1' | 'wsal' | 'halfopen0';

export const TRUTH_RULES: readonly TruthRule[] = ['inclusive0', 'inclusive1', 'wsal', 'halfopen0'];

/**
 * How many frames of a video of F are counted:
 * frames     F
 * ceil16     as many as its snippets would have were the last one full
 * floor16    those of full snippets
 * drop_last  as floor16 of F - 1: a snippet less where F divides by 16
 */
export type FrameCount = 'frames' | 'ceil16' | 'floor16' | 'drop_last';

export function countedFrames(frames: number, rule: FrameCount): number {
  const whole = (snippets: number) => SNIPPET_FRAMES * Math.max(0, snippets);
  if (rule === 'ceil16') return whole(Math.ceil(frames / SNIPPET_FRAMES));
  if (rule === 'floor16') return whole(Math.floor(frames / SNIPPET_FRAMES));
  if (rule === 'drop_last') return whole(Math.floor((frames - 1) / SNIPPET_FRAMES));
  return frames;
}

/** By rule, what is added to start and end to get a half-open range of frames from 0. */
const SHIFTS: Record<TruthRule, readonly [start: number, end: number]> = {
  inclusive0: [0, 1],
  inclusive1: [-1, 0],
  wsal: [-1, 0],
  halfopen0: [0, 0],
};

/**
 * Frames are annotated from 1 and inclusive at both ends (the rule `inclusive1` of the field's evaluation code) unless
 * another rule is named. What lies outside the video is cut.
 * @returns `[F]`, 1 inside an interval
 */
export function frameLabels(
  intervals: readonly TruthInterval[],
  frames: number,
  rule: TruthRule = 'inclusive1',
): Uint8Array {
  const labels = new Uint8Array(frames);
  const [first, last] = SHIFTS[rule];
  for (const { startFrame, endFrame } of intervals) {
    labels.fill(1, Math.max(startFrame + first, 0), Math.max(0, Math.min(endFrame + last, frames)));
  }
  return labels;
}
