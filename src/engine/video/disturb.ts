/**
 * Disturbances that surveillance knows and that are no anomalies, put on pictures: WSAL's noise simulation (Lv et al.,
 * IEEE TIP 2021, section III-C) and the mirror image by which GIG enlarges its data.
 */
import type { Random } from '../random.ts';

/** How a video is shown to the backbone beside as it is. */
export type Variant = 'flip' | 'noise';

/** Share of the snippets that noise touches. */
const TOUCHED = 0.25;

/** Black, blue, purple: what a decoder shows where it has lost the picture. */
const COLOURS = [
  [0, 0, 0],
  [0, 0, 1],
  [0.5, 0, 0.5],
] as const;

type Disturbance = (picture: Float32Array, size: number) => Float32Array;

/**
 * The noise of one snippet: the same disturbance for all its pictures, or none.
 * @param random the stream of the snippet
 */
export function drawDisturbance(random: Random): Disturbance | null {
  if (random.uniform() >= TOUCHED) return null;
  const kinds = [
    () => motionBlur(random.between(-45, 45)),
    () =>
      interruption(random.between(0.25, 1), random.below(COLOURS.length), [
        random.uniform(),
        random.uniform(),
      ]),
    () => jitter(1 + random.between(-0.2, 0.2), 1 + random.between(-0.2, 0.2)),
  ];
  return kinds[random.below(kinds.length)]();
}

/** The mean of five points along a line. */
export function motionBlur(angleDegrees: number): Disturbance {
  const angle = (angleDegrees * Math.PI) / 180;
  const steps = [-2, -1, 0, 1, 2].map((step) => [
    Math.round(step * Math.cos(angle)),
    Math.round(step * Math.sin(angle)),
  ]);
  return (picture, size) =>
    mapPoints(size, (x, y, channel) => {
      let sum = 0;
      for (const [dx, dy] of steps) sum += at(picture, size, x + dx, y + dy, channel);
      return sum / steps.length;
    });
}

/**
 * A block of one colour over a share of the picture.
 * @param share of the area, 0..1
 * @param place where the block stands in the room that it leaves, 0..1 across and down
 */
export function interruption(
  share: number,
  colour: number,
  place: readonly [x: number, y: number],
): Disturbance {
  return (picture, size) => {
    const side = Math.round(Math.sqrt(share) * size);
    const [left, top] = place.map((part) => Math.round(part * (size - side)));
    return mapPoints(size, (x, y, channel) => {
      const isInside = x >= left && x < left + side && y >= top && y < top + side;
      return isInside ? COLOURS[colour][channel] : at(picture, size, x, y, channel);
    });
  };
}

/** The lens moves: each axis is stretched about the centre, the border held. */
export function jitter(scaleX: number, scaleY: number): Disturbance {
  return (picture, size) => {
    const centre = (size - 1) / 2;
    const from = (position: number, scale: number) => Math.round(centre + (position - centre) / scale);
    return mapPoints(size, (x, y, channel) => at(picture, size, from(x, scaleX), from(y, scaleY), channel));
  };
}

/** `[size,size,3]` from a function of place and channel. */
function mapPoints(size: number, value: (x: number, y: number, channel: number) => number): Float32Array {
  const picture = new Float32Array(size * size * 3);
  let i = 0;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) for (let c = 0; c < 3; c++) picture[i++] = value(x, y, c);
  return picture;
}

/** A point of the picture, or the nearest one on its border. */
function at(picture: Float32Array, size: number, x: number, y: number, channel: number): number {
  const inside = (position: number) => Math.min(size - 1, Math.max(0, position));
  return picture[(inside(y) * size + inside(x)) * 3 + channel];
}
