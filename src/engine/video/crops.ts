/**
 * Which squares of a frame the network is shown. One crop is the centre. Five are, in this order, the corners top left,
 * top right, bottom left and bottom right, then the centre; ten are these of the picture and these of the picture
 * mirrored: the order of torchvision's `FiveCrop` and `TenCrop`, in which the field's ten-crop features come.
 */

export type Crops = 1 | 5 | 10;

export interface Crop {
  /** Left to right and top to bottom, -1..1; 0 is the middle. */
  at: readonly [number, number];
  mirrored: boolean;
}

/** Of the short side, where there are several: 224 of 256 pixels, as the field cuts them. */
const SHARE = 224 / 256;

const PLACES: readonly Crop['at'][] = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
  [0, 0],
];

/** The crops of a frame, in order. */
export function cropsOf(count: Crops): Crop[] {
  if (count === 1) return [{ at: [0, 0], mirrored: false }];
  return [false, true].slice(0, count / 5).flatMap((mirrored) => PLACES.map((at) => ({ at, mirrored })));
}

/** Side of a crop as a share of the short side. */
export function shareOf(count: Crops, cropShare: number): number {
  return count === 1 ? cropShare : Math.min(cropShare, SHARE);
}
