import { describe, expect, test } from 'vitest';
import { alarmBoxes, regionOf, type Seen } from '../../../src/ui/state/alarm-boxes.ts';

const seen: Seen = { picture: [320, 240], share: 1, width: 16, topCells: 3 };

/** A map of 4 by 4 cells, 1 where told and 0 elsewhere, the first a little stronger. */
const mapOf = (...cells: number[]) =>
  Float32Array.from({ length: 16 }, (_, i) => (cells[0] === i ? 1.1 : Number(cells.includes(i))));

describe('the cells that speak, as a rectangle', () => {
  test('those that touch the strongest', () => {
    expect(regionOf(mapOf(5, 6, 10), 3)).toEqual({ left: 1, top: 1, right: 3, bottom: 3 });
  });

  test('not one that stands apart, nor one across the edge', () => {
    expect(regionOf(mapOf(7, 8, 15), 3)).toEqual({ left: 3, top: 1, right: 4, bottom: 2 });
  });

  test('no more than k', () => {
    expect(regionOf(mapOf(0, 1, 2), 2)).toEqual({ left: 0, top: 0, right: 2, bottom: 1 });
  });
});

test('a box for every snippet of an alarm, in the middle square of the picture', () => {
  const relation = { shape: [3, 16], values: Float32Array.from([...mapOf(15), ...mapOf(0), ...mapOf(5, 6)]) };
  expect(alarmBoxes({ relation }, { startFrame: 20, endFrame: 40 }, { ...seen, topCells: 2 })).toEqual([
    { frame: 20, left: 40, top: 0, right: 160, bottom: 60 },
    { frame: 32, left: 100, top: 60, right: 220, bottom: 120 },
  ]);
});

test('I3D was shown less than the square', () => {
  const relation = { shape: [1, 16], values: mapOf(0) };
  const [box] = alarmBoxes(
    { relation },
    { startFrame: 0, endFrame: 15 },
    { ...seen, topCells: 1, share: 0.5 },
  );
  expect(box).toEqual({ frame: 0, left: 100, top: 60, right: 130, bottom: 90 });
});

test('the top tube, in the frames of the alarm and the pixels of the video', () => {
  const record = {
    boxes: {
      shape: [3, 5],
      values: Float32Array.from([4, 1, 2, 3, 4, 16, 10, 20, 30, 40, 90, 5, 6, 7, 8]),
    },
    boxFrames: { shape: [3], values: Float32Array.of(4, 16, 90) },
    picture: { shape: [2], values: Float32Array.of(160, 120) },
  };
  expect(alarmBoxes(record, { startFrame: 10, endFrame: 31 }, seen)).toEqual([
    { frame: 16, left: 20, top: 40, right: 60, bottom: 80 },
  ]);
});

test('boxes of a tube come in order, one a frame', () => {
  const record = {
    boxes: {
      shape: [3, 5],
      values: Float32Array.from([40, 1, 1, 5, 5, 10, 0, 0, 2, 2, 40, 3, 0, 9, 4]),
    },
    boxFrames: { shape: [2], values: Float32Array.of(10, 40) },
  };
  expect(alarmBoxes(record, { startFrame: 0, endFrame: 63 }, seen)).toEqual([
    { frame: 10, left: 0, top: 0, right: 2, bottom: 2 },
    { frame: 40, left: 1, top: 0, right: 9, bottom: 5 },
  ]);
});

test('a head that says only when has no boxes', () => {
  expect(alarmBoxes({}, { startFrame: 0, endFrame: 15 }, seen)).toEqual([]);
});
