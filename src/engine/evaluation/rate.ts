/** Frames and seconds: how fast a video goes, and how long videos last. */
import type { Snippet } from '../types.ts';
import type { FrameTable } from './frames.ts';

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

/** The seconds that the videos last together; null where one of them does not tell. */
export function totalSeconds(tables: readonly FrameTable[]): number | null {
  let seconds = 0;
  for (const { video, scores } of tables)
    seconds += video.framesPerSecond ? scores.length / video.framesPerSecond : NaN;
  return seconds > 0 ? seconds : null;
}
