/** Boxes of tubes on their way to localisation: from all of a video to those of its highest-scoring tube, beside the truth. */
import type { Box, NumericArray, PictureSize, TruthBoxes, Tubes } from '../types.ts';
import { unionBox } from './localisation.ts';
import type { VideoBoxes } from './scored-video.ts';

/** What is kept of a video's boxes with its scores. */
export interface ScoredBoxes {
  /** `[k,5]`: frame (from 0), left, top, right, bottom of each box of the highest-scoring tube. */
  boxes: NumericArray;
  /** `[f]`: the frames in which any tube has a box, which are those that the detector looked at. */
  boxFrames: NumericArray;
  /** `[2]`: width and height of the picture that the boxes are in, where it is not that of the video. */
  picture?: NumericArray;
}

/** The same as plain data. */
export interface TopTube {
  /** Frame (from 0), left, top, right, bottom. */
  tube: number[][];
  frames: number[];
  /** Null where nobody says. */
  picture: PictureSize | null;
}

/**
 * The boxes of the tube that scores highest (WSSTAD: "top-1"), the first of equals; null where no tube has any.
 * @param scores one per tube
 */
export function topTubeOf({ boxes, picture }: Tubes, scores: ArrayLike<number>): ScoredBoxes | null {
  if (!boxes || scores.length === 0) return null;
  let top = 0;
  for (let tube = 1; tube < scores.length; tube++) if (scores[tube] > scores[top]) top = tube;
  const own: number[] = [];
  const frames = new Set<number>();
  for (let at = 0; at < boxes.values.length; at += 6) {
    frames.add(boxes.values[at + 1]);
    if (boxes.values[at] === top) own.push(...boxes.values.subarray(at + 1, at + 6));
  }
  const ascending = Float32Array.from(frames).sort();
  return {
    boxes: { shape: [own.length / 5, 5], values: Float32Array.from(own) },
    boxFrames: { shape: [ascending.length], values: ascending },
    ...(picture && { picture }),
  };
}

/**
 * As plain data; null where there are none, or none that can be read, as files may have them.
 * @param shown the picture of the video, where it is known
 */
export function plainTube(
  { boxes, boxFrames, picture }: Partial<ScoredBoxes>,
  shown: PictureSize | null,
): TopTube | null {
  const [count, columns] = boxes?.shape ?? [];
  if (!boxes || !boxFrames || columns !== 5 || boxes.values.length !== 5 * count) return null;
  const size = picture?.values.length === 2 ? ([picture.values[0], picture.values[1]] as const) : shown;
  const tube = Array.from({ length: count }, (_, i) => [...boxes.values.subarray(5 * i, 5 * i + 5)]);
  return { tube, frames: [...boxFrames.values], picture: size };
}

/**
 * A tube beside the annotated boxes, in pixels of the picture that those are in; undefined where one of the two is not
 * known. Where nobody says how large a picture is, both are taken to be in the same.
 * @param shown the picture of the video, where it is known
 */
export function videoBoxes(
  truth: TruthBoxes | undefined,
  top: TopTube | null,
  shown: PictureSize | null = null,
): VideoBoxes | undefined {
  if (!truth || !top || Object.keys(truth.byFrame).length === 0) return undefined;
  const predicted = boxesIn(top, truth.picture ?? shown);
  return { truth: truth.byFrame, predicted, detectorFrames: top.frames };
}

/** The boxes of a tube by frame, ascending, those of one frame united, in pixels of a picture of the given size. */
export function boxesIn({ tube, picture }: TopTube, to: PictureSize | null): Record<number, Box> {
  const [x, y] = to && picture ? [to[0] / picture[0], to[1] / picture[1]] : [1, 1];
  const byFrame: Record<number, Box> = {};
  for (const [frame, x1, y1, x2, y2] of tube)
    byFrame[frame] = unionBox(byFrame[frame], [x * x1, y * y1, x * x2, y * y2]);
  return byFrame;
}
