import { describe, expect, test } from 'vitest';
import { resizeAndCrop, type PictureGeometry, type RgbaPicture } from '../../../src/engine/video/pixels.ts';

/** A picture whose red is the column and whose green is the row. */
function gradient(width: number, height: number): RgbaPicture {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x, y, 0, 255], (y * width + x) * 4);
  }
  return { width, height, data };
}

function resized(picture: RgbaPicture, geometry: Partial<PictureGeometry>, size: number): Float32Array {
  const into = new Float32Array(size * size * 3);
  resizeAndCrop(
    picture,
    { rotationDegrees: 0, flip: false, aspect: picture.width / picture.height, ...geometry },
    size,
    into,
  );
  return into.map((value) => value * 255);
}

/** [column, row] of the source that is seen at [u, v]. */
const seen = (pixels: Float32Array, size: number, u: number, v: number) => [
  ...pixels.subarray((v * size + u) * 3, (v * size + u) * 3 + 2),
];

test('at its own size nothing changes', () => {
  const picture = gradient(8, 8);
  const pixels = resized(picture, {}, 8);
  for (let v = 0; v < 8; v++) for (let u = 0; u < 8; u++) expect(seen(pixels, 8, u, v)).toEqual([u, v]);
});

test('half the size is the mean of four, with pixel centres at halves', () => {
  expect(seen(resized(gradient(8, 8), {}, 4), 4, 1, 2)).toEqual([2.5, 4.5]);
});

test('the long side is cropped at the centre', () => {
  const pixels = resized(gradient(16, 8), {}, 8);
  expect(seen(pixels, 8, 0, 0)).toEqual([4, 0]);
  expect(seen(pixels, 8, 7, 7)).toEqual([11, 7]);
  const upright = resized(gradient(8, 16), {}, 8);
  expect(seen(upright, 8, 0, 0)).toEqual([0, 4]);
});

test('pixels that are not square are shown as they are meant', () => {
  // 8 x 8 stored, twice as wide as it looks: the crop takes the middle half of the columns.
  const pixels = resized(gradient(8, 8), { aspect: 2 }, 4);
  expect(seen(pixels, 4, 0, 0)[0]).toBeCloseTo(2, 5);
  expect(seen(pixels, 4, 3, 0)[0]).toBeCloseTo(5, 5);
});

describe('turns are clockwise and come first', () => {
  const size = 4;
  // What stands in the upper left corner of the shown picture: a corner [column, row] of the stored one.
  test.each([
    [0, [0, 0]],
    [90, [0, 3]],
    [180, [3, 3]],
    [270, [3, 0]],
  ] as const)('%i degrees', (rotationDegrees, corner) => {
    const pixels = resized(gradient(4, 4), { rotationDegrees }, size);
    expect(seen(pixels, size, 0, 0)).toEqual(corner);
  });

  test('a mirrored picture is mirrored after it was turned', () => {
    expect(seen(resized(gradient(4, 4), { flip: true }, 4), 4, 0, 0)).toEqual([3, 0]);
    expect(seen(resized(gradient(4, 4), { flip: true, rotationDegrees: 90 }, 4), 4, 0, 0)).toEqual([0, 0]);
  });

  test('a turned wide picture is cropped as the upright one it becomes', () => {
    const pixels = resized(gradient(16, 8), { rotationDegrees: 90 }, 8);
    expect(seen(pixels, 8, 0, 0)).toEqual([4, 7]);
  });
});

test('a picture of one pixel fills the frame', () => {
  const pixels = resized({ width: 1, height: 1, data: Uint8Array.of(10, 20, 30, 255) }, {}, 3);
  expect([...pixels.subarray(0, 3)].map(Math.round)).toEqual([10, 20, 30]);
});
