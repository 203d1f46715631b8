/**
 * The boxes in a file of tubes, as a row each: `boxes [k,6]`, tube, frame (both from 0), left, top, right, bottom; or as
 * a box of each tube in each of f frames, `boxes [n,f,4]` beside `frames [n,f]`, in which a frame below 0 stands for none.
 * `picture [2]`, the width and height of the picture that they are in, may be there; it is that of the video otherwise.
 */
import { Failure } from '../failure.ts';
import type { NumericArray, Tubes } from '../types.ts';

/** A tube of 100 frames in each of 10,000 would be as many. */
const MOST_BOXES = 1_000_000;
/** Whole numbers are exact up to here as float32, which all numbers of a file are read as. */
const MOST_FRAME = 2 ** 24;

/**
 * @param count of tubes, n
 * @returns nothing where the file has no boxes
 * @throws Failure `data-mismatch` naming what is wrong
 */
export function tubeBoxesIn(
  tensors: ReadonlyMap<string, NumericArray>,
  count: number,
  name: string,
): Pick<Tubes, 'boxes' | 'picture'> {
  const given = tensors.get('boxes');
  if (!given) return {};
  const refuse = (what: string, next?: string): never => {
    throw new Failure({ code: 'data-mismatch', subject: name, what, next });
  };
  const boxes = given.shape.length === 3 ? inRows(given, tensors.get('frames'), refuse) : given;
  const { shape, values } = boxes;
  if (shape.length !== 2 || shape[1] !== 6)
    refuse(
      `"boxes" has the shape (${shape.join(', ')}).`,
      'It needs a row per box, (k, 6): tube, frame, left, top, right, bottom.',
    );
  if (shape[0] > MOST_BOXES) refuse(`It has ${shape[0]} boxes; up to ${MOST_BOXES} are read.`);
  if (shape[0] === 0) return {};
  if (!values.every(Number.isFinite)) refuse('Its boxes hold NaN or infinite numbers.', 'Write it again.');
  for (let at = 0; at < values.length; at += 6) {
    const [tube, frame, x1, y1, x2, y2] = values.subarray(at, at + 6);
    const row = at / 6;
    if (!Number.isInteger(tube) || tube < 0 || tube >= count)
      refuse(`Box ${row} is of tube ${tube}, and the tubes are 0 to ${count - 1}.`);
    if (!Number.isInteger(frame) || frame < 0 || frame >= MOST_FRAME)
      refuse(`Box ${row} is in frame ${frame}; frames are whole numbers from 0 below ${MOST_FRAME}.`);
    if (x2 < x1 || y2 < y1)
      refuse(
        `Box ${row} ends before it begins (${[x1, y1, x2, y2].join(', ')}).`,
        'A box is left, top, right, bottom.',
      );
  }
  return { boxes, ...pictureIn(tensors, refuse) };
}

type Refuse = (what: string, next?: string) => never;

function pictureIn(tensors: ReadonlyMap<string, NumericArray>, refuse: Refuse): Pick<Tubes, 'picture'> {
  const picture = tensors.get('picture');
  if (!picture) return {};
  const isSize = picture.shape.join() === '2' && picture.values.every((size) => size > 0 && size < Infinity);
  return isSize ? { picture } : refuse('"picture" is not the width and height of a picture, (2).');
}

/** `[n,f,4]` and `[n,f]` to `[k,6]`. */
function inRows(
  { shape: [tubes, each, corners], values }: NumericArray,
  frames: NumericArray | undefined,
  refuse: Refuse,
): NumericArray {
  if (corners !== 4 || frames?.shape.join() !== `${tubes},${each}`)
    return refuse(
      `"boxes" has the shape (${[tubes, each, corners].join(', ')}) and "frames" (${frames?.shape.join(', ') ?? 'none'}).`,
      'Boxes of each tube in each of f frames are (n, f, 4), with their frames beside them, (n, f).',
    );
  if (tubes * each > MOST_BOXES) refuse(`It has ${tubes * each} boxes; up to ${MOST_BOXES} are read.`);
  const rows: number[] = [];
  for (const [i, frame] of frames.values.entries())
    if (!(frame < 0)) rows.push(Math.floor(i / each), frame, ...values.subarray(4 * i, 4 * i + 4));
  return { shape: [rows.length / 6, 6], values: Float32Array.from(rows) };
}
