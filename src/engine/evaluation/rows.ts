/**
 * Which frames a row of features stands for, and which row a frame has its score from. A row is a snippet of 16 frames
 * or a segment of any width, a fractional one too: row i has the frames with floor(frame / width) = i, and the last row
 * all that are left. Expansion, alarms, imported features and the stage ask here, so that none can be a frame off.
 */
import { SNIPPET_FRAMES, type VideoFeatures, type VideoTruth } from '../types.ts';

/** Frames per row. */
export const widthOf = ({ rowFrames }: Pick<VideoFeatures, 'rowFrames'>): number =>
  rowFrames ?? SNIPPET_FRAMES;

/**
 * The row that a frame belongs to, both from 0.
 * @param width frames per row
 * @param count number of rows; without it there is one for every frame
 */
export const rowOf = (frame: number, width: number, count = Infinity): number =>
  Math.min(Math.floor(frame / width), count - 1);

/** The first frame of a row, both from 0; of the row behind the last one, the frame behind its own. */
export function firstFrameOf(row: number, width: number): number {
  let frame = Math.ceil(row * width);
  // The product is rounded otherwise than the quotient, which decides.
  while (frame > 0 && rowOf(frame - 1, width) >= row) frame--;
  while (rowOf(frame, width) < row) frame++;
  return frame;
}

/** What is known of a video's length through its features. */
export interface RowsOfVideo extends Pick<VideoFeatures, 'rowFrames' | 'snippets'> {
  shape: readonly number[];
  /** Frames that were decoded; 0 where features came without them. */
  frames: number;
}

/** F: as decoded, else as the truth counts them, else as far as the rows go. */
export function framesOf(
  features: RowsOfVideo,
  truth: Pick<VideoTruth, 'totalFrames'> | null | undefined,
): number {
  const { frames, shape, snippets } = features;
  const last = snippets.at(-1);
  return (
    frames || truth?.totalFrames || (last ? last.lastFrame + 1 : firstFrameOf(shape[0], widthOf(features)))
  );
}
