/**
 * How many frames a video has to the field's evaluation codes. The same scores and the same annotation give another
 * figure under another length, which is where "inconsistent numbers of samples" comes from. The totals of the 290 test
 * videos of UCF-Crime that circulate are named beside each.
 */
import { SNIPPET_FRAMES } from '../types.ts';

/**
 * frames   F, as the video has them: Sultani's code, WSAL (1,111,808)
 * ceil16   16 ceil(F / 16): the ground truth of RTFM, MGFN and Watanabe et al. (1,114,144)
 * floor16  16 floor(F / 16): whole snippets only (1,109,824)
 * clips16  16 floor((F - 1) / 16): of extractors that lose the last clip where 16 divides F; DeepMIL, UR-DMU, PEL4VAD,
 *          XDVioDet (1,109,680)
 * rows16   16 N, N the rows of the feature file: what `np.repeat(scores, 16)` covers; VadCLIP
 */
export type LengthRule = 'frames' | 'ceil16' | 'floor16' | 'clips16' | 'rows16';

export const LENGTH_RULES: readonly LengthRule[] = ['frames', 'ceil16', 'floor16', 'clips16', 'rows16'];

/**
 * @param frames F, null where nobody says
 * @param rows N, null without features
 * @returns null where the rule needs what is not known
 */
export function lengthOf(rule: LengthRule, frames: number | null, rows: number | null): number | null {
  if (rule === 'rows16') return rows === null ? null : SNIPPET_FRAMES * rows;
  if (frames === null) return null;
  switch (rule) {
    case 'frames':
      return frames;
    case 'ceil16':
      return SNIPPET_FRAMES * Math.ceil(frames / SNIPPET_FRAMES);
    case 'floor16':
      return SNIPPET_FRAMES * Math.floor(frames / SNIPPET_FRAMES);
    case 'clips16':
      return SNIPPET_FRAMES * Math.floor((frames - 1) / SNIPPET_FRAMES);
  }
}
