/** Snippet scores to frame scores, by named rules. What rule was used is printed with every figure. */
import { Failure } from '../failure.ts';
import { lines } from '../formats/list.ts';
import { SNIPPET_FRAMES } from '../types.ts';

/**
 * repeat16  each score holds for 16 frames; cut to the frame count, or the last score holds on
 * stretch   score i of n covers frames floor(i F / n) .. floor((i + 1) F / n) - 1
 * widths    as repeat16, with a width per video, from a file
 */
export type ExpansionRule = 'repeat16' | 'stretch' | 'widths';

export const EXPANSION_RULES: readonly ExpansionRule[] = ['repeat16', 'stretch', 'widths'];

/**
 * @param frames F, the number of frames of the video
 * @param width frames per score, for `widths`
 * @returns `[F]`
 */
export function expandScores(
  scores: ArrayLike<number>,
  frames: number,
  rule: ExpansionRule = 'repeat16',
  width?: number,
): Float32Array {
  const count = scores.length;
  if (count === 0)
    throw new Failure({ code: 'data-missing', what: 'A video without scores cannot be expanded.' });
  const expanded = new Float32Array(frames);
  if (rule === 'stretch') {
    for (let i = 0; i < count; i++) {
      expanded.fill(scores[i], Math.floor((i * frames) / count), Math.floor(((i + 1) * frames) / count));
    }
    return expanded;
  }
  const span = rule === 'widths' ? width : SNIPPET_FRAMES;
  if (!span)
    throw new Failure({ code: 'data-missing', what: 'The rule "widths" needs the width of every video.' });
  for (let frame = 0; frame < frames; frame++)
    expanded[frame] = scores[Math.min(Math.floor(frame / span), count - 1)];
  return expanded;
}

/** `name width` per line, `#` comments: the widths of `--expand widths:FILE`. */
export function parseWidths(text: string, file: string): Map<string, number> {
  const widths = new Map<string, number>();
  for (const { fields, line } of lines(text)) {
    const [name, width] = fields;
    if (!(Number(width) > 0)) {
      throw new Failure({
        code: 'format-invalid',
        subject: `${file}, line ${line}`,
        what: 'expected "name width".',
      });
    }
    widths.set(name, Number(width));
  }
  return widths;
}
