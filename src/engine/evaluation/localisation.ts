/**
 * Where in the picture an anomaly is: a tube of boxes against the annotated one, by the measures of Wu et al.,
 * "Weakly-Supervised Spatio-Temporal Anomaly Detection in Surveillance Video", IJCAI 2021, Eq. 10.
 */

import type { Random } from '../random.ts';
import type { Box } from '../types.ts';

/** The box of each frame that has one. */
export type Tube = ReadonlyMap<number, Box>;

export interface TubeLocalisation {
  /** S_loc, 0..1. */
  sLoc: number;
  /** The frames it is the mean over, ascending: Γ of Eq. 10. */
  frames: number[];
}

/** The smallest box that holds both; the second one where there is no first. */
export const unionBox = (a: Box | undefined, b: Box): Box =>
  a ? [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])] : b;

/** Intersection over union; 0 for boxes that do not touch or have no area. */
export function boxIou(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const shared = width * height;
  const union = area(a) + area(b) - shared;
  return union > 0 ? shared / union : 0;
}

/**
 * S_loc of one video (Wu et al. IJCAI 2021, Eq. 10): the mean IoU over the frames the detector looked at in which truth
 * or prediction has a box. A frame with only one of the two counts as 0, and S_loc without any such frame is 0.
 * @param detectorFrames the frames the detector looked at
 */
export function localise(truth: Tube, predicted: Tube, detectorFrames: Iterable<number>): TubeLocalisation {
  const frames = [...new Set(detectorFrames)]
    .filter((frame) => truth.has(frame) || predicted.has(frame))
    .sort((a, b) => a - b);
  let sum = 0;
  for (const frame of frames) {
    const [wanted, found] = [truth.get(frame), predicted.get(frame)];
    if (wanted && found) sum += boxIou(wanted, found);
  }
  return { sLoc: frames.length > 0 ? sum / frames.length : 0, frames };
}

/** IoU@eps: the share of anomalous videos whose S_loc is strictly larger than `eps`. Null without videos. */
export function iouAt(sLocs: readonly number[], eps: number): number | null {
  return sLocs.length > 0 ? sLocs.filter((sLoc) => sLoc > eps).length / sLocs.length : null;
}

/** MIoU: the mean S_loc of the anomalous videos. Null without videos. */
export function meanIou(sLocs: readonly number[]): number | null {
  return sLocs.length > 0 ? sLocs.reduce((sum, sLoc) => sum + sLoc, 0) / sLocs.length : null;
}

/**
 * The row "Random" of WSSTAD's Table 1: a tube drawn among the candidates. Null without candidates.
 * @param random a stream of the run's seed
 */
export function randomTube(candidates: readonly Tube[], random: Random): Tube | null {
  return candidates.length > 0 ? candidates[random.below(candidates.length)] : null;
}

/** The row "Upper Bound": the candidate that overlaps most with the truth. Null without candidates. */
export function upperBoundTube(
  candidates: readonly Tube[],
  truth: Tube,
  detectorFrames: Iterable<number>,
): Tube | null {
  const frames = [...detectorFrames];
  let best: { tube: Tube; sLoc: number } | null = null;
  for (const tube of candidates) {
    const { sLoc } = localise(truth, tube, frames);
    if (!best || sLoc > best.sLoc) best = { tube, sLoc };
  }
  return best?.tube ?? null;
}

function area([x1, y1, x2, y2]: Box): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}
