/** Videos as frames: a score beside a label for each, as every figure over frames reads them. */
import { expandScores } from './expand.ts';
import { resolveProtocol, type Average, type Protocol, type Stretch } from './protocol.ts';
import type { ScoredVideo } from './scored-video.ts';
import { gaussianFilter } from './smoothing.ts';
import { countedFrames, frameLabels } from './truth.ts';

export interface FrameTable {
  video: ScoredVideo;
  scores: Float32Array;
  labels: Uint8Array;
  anomalous: boolean;
}

/** Frame scores beside frame labels, as a protocol reads them; null for a video whose frames nobody can label. */
export function frameTable(video: ScoredVideo, told: Partial<Protocol> = {}): FrameTable | null {
  const protocol = resolveProtocol(told);
  const intervals = video.truth?.intervals ?? (video.label === 'normal' ? [] : null);
  const known = video.truth?.totalFrames ?? video.frames;
  if (intervals === null || known === null || video.scores.length === 0) return null;
  if (protocol.expansion === 'widths' && video.width === undefined) return null;
  const frames = countedFrames(known, protocol.length);
  const anomalous = intervals.length > 0;
  const curve = frameScores(video.scores, frames, video.width, protocol);
  return {
    video,
    scores: isStretched(protocol.normalise, anomalous) ? stretched(curve) : curve,
    labels: frameLabels(intervals, frames, protocol.truth),
    anomalous,
  };
}

/** Expanded and smoothed. @returns `[frames]` */
export function frameScores(
  scores: ArrayLike<number>,
  frames: number,
  width: number | undefined,
  { expansion, bag, smoothing, sigma }: Pick<Protocol, 'expansion' | 'bag' | 'smoothing' | 'sigma'>,
): Float32Array {
  const source = smoothing === 'scores' ? gaussianFilter(scores, sigma) : scores;
  const curve = expandScores(source, frames, expansion, width, bag);
  return smoothing === 'frames' ? Float32Array.from(gaussianFilter(curve, sigma)) : curve;
}

const isStretched = (rule: Stretch, anomalous: boolean) =>
  rule === 'video' || (rule === 'anomalous' && anomalous);

/** From its lowest to its highest, 0..1; a flat curve has no highest and is 0. */
function stretched(curve: Float32Array): Float32Array {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of curve) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return curve.map((value) => (highest > lowest ? (value - lowest) / (highest - lowest) : 0));
}

/** The videos whose frames are ranked together; of every group there is a figure, and their mean is the protocol's. */
export function rankedTogether(tables: readonly FrameTable[], average: Average): FrameTable[][] {
  if (average === 'micro') return [[...tables]];
  if (average === 'macro') return tables.map((table) => [table]);
  const normal = tables.filter(({ anomalous }) => !anomalous);
  return tables
    .filter(({ anomalous }) => anomalous)
    .slice(0, normal.length)
    .map((table, i) => [table, normal[i]]);
}

/** Several arrays as one. */
export function concatenate<T extends Uint8Array | Float32Array>(arrays: readonly T[]): T | number[] {
  if (arrays.length === 0) return [];
  const total = arrays.reduce((sum, array) => sum + array.length, 0);
  const joined = new (arrays[0].constructor as { new (length: number): T })(total);
  let position = 0;
  for (const array of arrays) {
    joined.set(array, position);
    position += array.length;
  }
  return joined;
}
