/** Snippet scores to frame scores, by named rules. What rule was used is printed with every figure. */
import { Failure } from '../failure.ts';
import { lines, MOST_FRAMES_SAID } from '../formats/list.ts';
import { MOST_FRAMES, SNIPPET_FRAMES } from '../types.ts';
import { rowOf } from './rows.ts';
import { gaussianFilter } from './smoothing.ts';

/**
 * repeat16         each score holds for 16 frames; cut to the frame count, or the last score holds on
 * stretch          score i of n covers frames floor(i F / n) .. floor((i + 1) F / n) - 1
 * wsal_ratio       as stretch, with both borders rounded to the nearest frame
 * widths           as repeat16, with a width per video, from a file
 * sultani_literal  {@link expandSultani}; scores of snippets are averaged over its 32 segments first
 * sultani_hold     the same, with the tail held
 * watanabe_bags    {@link expandBags}; scores of snippets are averaged over each bag first
 * gig              {@link expandGig} without its Gaussian; scores of snippets are averaged over each window first
 */
export type ExpansionRule =
  | 'repeat16'
  | 'stretch'
  | 'wsal_ratio'
  | 'widths'
  | 'sultani_literal'
  | 'sultani_hold'
  | 'watanabe_bags'
  | 'gig';

export const EXPANSION_RULES: readonly ExpansionRule[] = [
  'repeat16',
  'stretch',
  'wsal_ratio',
  'widths',
  'sultani_literal',
  'sultani_hold',
  'watanabe_bags',
  'gig',
];

/** Rules under which every frame has a score of its video; under the others it has a mean of some. */
export const copiesScores = (rule: ExpansionRule): boolean => rule !== 'watanabe_bags' && rule !== 'gig';

/** The expansion that the features of these videos ask for: scores of segments hold for as long as a segment is. */
export function expansionOf(videos: readonly { width?: number }[]): ExpansionRule {
  return videos.some(({ width }) => width !== SNIPPET_FRAMES) ? 'widths' : 'repeat16';
}

/** Segments of Sultani's evaluation, and snippets per bag of Watanabe's for UCF-Crime. */
const SULTANI_SEGMENTS = 32;
const BAG_SNIPPETS = 28;

/**
 * @param frames F, the number of frames of the video
 * @param width frames per score, for `widths`
 * @param bag snippets per bag, for `watanabe_bags`
 * @returns `[F]`
 */
export function expandScores(
  scores: ArrayLike<number>,
  frames: number,
  rule: ExpansionRule = 'repeat16',
  width?: number,
  bag = BAG_SNIPPETS,
): Float32Array {
  const count = scores.length;
  requireScores(scores);
  if (rule === 'sultani_literal' || rule === 'sultani_hold')
    return expandAsSultani(scores, frames, rule === 'sultani_hold' ? 'hold' : 'literal');
  if (rule === 'watanabe_bags') return expandAsBags(scores, frames, bag);
  if (rule === 'gig') return expandAsGig(scores, frames);
  const expanded = new Float32Array(frames);
  if (rule === 'stretch') {
    for (let i = 0; i < count; i++) {
      expanded.fill(scores[i], Math.floor((i * frames) / count), Math.floor(((i + 1) * frames) / count));
    }
    return expanded;
  }
  if (rule === 'wsal_ratio') {
    const ratio = frames / count;
    for (let i = 0; i < count; i++)
      expanded.fill(scores[i], Math.floor(i * ratio + 0.5), Math.floor((i + 1) * ratio + 0.5));
    return expanded;
  }
  const span = rule === 'widths' ? width : SNIPPET_FRAMES;
  if (!span)
    throw new Failure({ code: 'data-missing', what: 'The rule "widths" needs the width of every video.' });
  for (let frame = 0; frame < frames; frame++) expanded[frame] = scores[rowOf(frame, span, count)];
  return expanded;
}

/** Whether there is a score for each 16 frames, and not for each of some larger or smaller part. */
const areOfSnippets = (count: number, frames: number) => {
  const perSnippet = frames / SNIPPET_FRAMES;
  return count === Math.ceil(perSnippet) || count === Math.floor(perSnippet);
};

function expandAsSultani(scores: ArrayLike<number>, frames: number, tail: SultaniTail): Float32Array {
  // As many scores as segments are those of segments, but for a video of just so many snippets.
  const isExact = scores.length === Math.ceil(frames / SNIPPET_FRAMES);
  const isPooled = !isExact && (scores.length === SULTANI_SEGMENTS || !areOfSnippets(scores.length, frames));
  const clips = isPooled ? Math.max(1, Math.floor(frames / SNIPPET_FRAMES)) : scores.length;
  const segments = isPooled ? scores : meansOver(scores, sultaniSegments(SULTANI_SEGMENTS, clips));
  return Float32Array.from(expandSultani(segments, clips, frames, tail));
}

/** Frames behind the last snippet keep the score of the last bag. */
function expandAsBags(scores: ArrayLike<number>, frames: number, bag: number): Float32Array {
  const snippets = Math.ceil(frames / SNIPPET_FRAMES);
  const isPooled = !areOfSnippets(scores.length, frames) && scores.length === Math.ceil(snippets / bag);
  const count = isPooled ? snippets : scores.length;
  const starts = Array.from({ length: Math.ceil(count / bag) }, (_, i) => i * bag);
  const means = isPooled
    ? scores
    : meansOver(
        scores,
        starts.map((start) => [start, Math.min(start + bag, count)]),
      );
  const expanded = expandBags(means, count, bag);
  return Float32Array.from({ length: frames }, (_, frame) => expanded[Math.min(frame, expanded.length - 1)]);
}

function expandAsGig(scores: ArrayLike<number>, frames: number): Float32Array {
  const starts = gigWindowStarts(frames);
  const isOfWindows = scores.length === starts.length && !areOfSnippets(scores.length, frames);
  const held = isOfWindows ? null : expandScores(scores, frames);
  const windows = held
    ? meansOver(
        held,
        starts.map((start) => [start, Math.min(start + GIG_WINDOWS.window, frames)]),
      )
    : scores;
  return Float32Array.from(expandGig(windows, frames, { smooth: 'none' }));
}

/** The means over ranges, which are not empty. */
function meansOver(
  values: ArrayLike<number>,
  ranges: readonly (readonly [start: number, end: number])[],
): Float64Array {
  return Float64Array.from(ranges, ([start, end]) => {
    // The mean of equal scores is that score, whatever their sum is rounded to.
    let [sum, isOne] = [0, true];
    for (let i = start; i < end; i++) {
      sum += values[i];
      isOne &&= values[i] === values[start];
    }
    return isOne ? values[start] : sum / (end - start);
  });
}

/**
 * What becomes of the frames behind the last clip that a segment covers:
 * literal  they stay 0, as in the published evaluation code
 * hold     they keep the score of the last segment
 */
export type SultaniTail = 'literal' | 'hold';

/**
 * The scores of segments that pool the clips of a video by Sultani's rule, to frames: a segment's score holds for its
 * clips, a later segment overwrites an earlier one, and frames behind the clips repeat the last of theirs.
 * @param scores one per segment
 * @param clips number of clips of 16 frames the segments pool
 * @returns `[frames]`
 */
export function expandSultani(
  scores: ArrayLike<number>,
  clips: number,
  frames: number,
  tail: SultaniTail = 'literal',
): Float64Array {
  requireScores(scores);
  const segments = scores.length;
  const perClip = new Float64Array(clips);
  let covered = 0;
  sultaniSegments(segments, clips).forEach(([first, end], i) => {
    perClip.fill(scores[i], first, end);
    covered = Math.max(covered, end);
  });
  if (tail === 'hold') perClip.fill(scores[segments - 1], covered);
  return Float64Array.from(
    { length: frames },
    (_, frame) => perClip[Math.min(Math.floor(frame / SNIPPET_FRAMES), clips - 1)],
  );
}

/** The clips of each segment: at least one. */
function sultaniSegments(segments: number, clips: number): [first: number, end: number][] {
  return Array.from({ length: segments }, (_, i) => {
    const first = sultaniShot(i, segments, clips);
    return [first, Math.max(first + 1, sultaniShot(i + 1, segments, clips))];
  });
}

/** The clip, from 0, that segment `i` starts at; halves are rounded up. */
function sultaniShot(i: number, segments: number, clips: number): number {
  return i === segments ? clips - 1 : Math.floor(1 + (i * (clips - 1)) / segments + 0.5) - 1;
}

/**
 * One score per bag of `bagSnippets` snippets in a row, the last bag being what is left.
 * @returns `[16 snippets]`
 */
export function expandBags(
  bagScores: ArrayLike<number>,
  snippets: number,
  bagSnippets: number,
): Float64Array {
  requireScores(bagScores);
  const bags = Math.ceil(snippets / bagSnippets);
  if (bagScores.length !== bags)
    throw new Failure({
      code: 'data-missing',
      what: `${snippets} snippets make ${bags} bags and there are ${bagScores.length} scores.`,
    });
  return Float64Array.from(
    { length: snippets * SNIPPET_FRAMES },
    (_, frame) => bagScores[Math.floor(frame / (bagSnippets * SNIPPET_FRAMES))],
  );
}

export interface GigWindows {
  /** Frames per window. */
  window: number;
  /** Frames from one window to the next. */
  stride: number;
  /** Of the Gaussian, in frames or windows. */
  sigma: number;
  /** What the Gaussian goes over: the curve of frames, the scores before they are expanded, or nothing. */
  smooth: 'frames' | 'windows' | 'none';
}

const GIG_WINDOWS: GigWindows = { window: 6, stride: 3, sigma: 2, smooth: 'frames' };

/** The first frame of every full window; a video shorter than one has one. */
export function gigWindowStarts(
  frames: number,
  { window, stride }: Pick<GigWindows, 'window' | 'stride'> = GIG_WINDOWS,
): number[] {
  const count = Math.max(0, Math.floor((frames - window) / stride)) + 1;
  return Array.from({ length: count }, (_, i) => i * stride);
}

/**
 * One score per window: a frame gets the mean of the windows that cover it; a frame that none covers, the score of the
 * window before it.
 * @returns `[frames]`
 */
export function expandGig(
  windowScores: ArrayLike<number>,
  frames: number,
  options: Partial<GigWindows> = {},
): Float64Array {
  requireScores(windowScores);
  const {
    window = GIG_WINDOWS.window,
    stride = GIG_WINDOWS.stride,
    sigma = GIG_WINDOWS.sigma,
    smooth = GIG_WINDOWS.smooth,
  } = options;
  const scores = smooth === 'windows' ? gaussianFilter(windowScores, sigma) : Float64Array.from(windowScores);
  const [sums, counts] = [new Float64Array(frames), new Uint32Array(frames)];
  gigWindowStarts(frames, { window, stride })
    .slice(0, scores.length)
    .forEach((start, i) => {
      for (let frame = start; frame < Math.min(start + window, frames); frame++) {
        sums[frame] += scores[i];
        counts[frame]++;
      }
    });
  let before = scores[0];
  const expanded = sums.map((sum, frame) => (before = counts[frame] > 0 ? sum / counts[frame] : before));
  return smooth === 'frames' ? gaussianFilter(expanded, sigma) : expanded;
}

function requireScores(scores: ArrayLike<number>): void {
  if (scores.length === 0)
    throw new Failure({ code: 'data-missing', what: 'A video without scores cannot be expanded.' });
}

/** `name width` per line, `#` comments: the widths of `--expand widths:FILE`. */
export function parseWidths(text: string, file: string): Map<string, number> {
  const widths = new Map<string, number>();
  for (const { fields, line } of lines(text)) {
    const [name, width] = fields;
    const isFound = Number(width) > 0;
    if (!isFound || Number(width) > MOST_FRAMES) {
      throw new Failure({
        code: 'format-invalid',
        subject: `${file}, line ${line}`,
        what: isFound ? `it names ${MOST_FRAMES_SAID}.` : 'expected "name width".',
      });
    }
    widths.set(name, Number(width));
  }
  return widths;
}
