import { expect, test } from 'vitest';
import { measureScale, normalise, toBag } from '../../../src/engine/features/bags.ts';

test('a missing snippet does not enter a mean that has others, and stands alone otherwise', () => {
  const features = { shape: [4, 1], values: Float32Array.from([1, 100, 3, 5]) };
  const missing = [false, true, false, false];
  expect([...toBag(features, 2, { missing }).values]).toEqual([1, 4]);
  expect([...toBag(features, 4, { missing }).values]).toEqual([1, 100, 3, 5]);
});

test('the scale is measured over all segments, and dimensions that never change stay 0', () => {
  const bags = [
    { shape: [2, 2], values: Float32Array.from([1, 5, 3, 5]) },
    { shape: [1, 2], values: Float32Array.from([5, 5]) },
  ];
  const scale = measureScale(bags);
  expect([...scale.mean]).toEqual([3, 5]);
  const scaled = normalise(bags[0], 'standard', scale);
  expect(scaled.values[0]).toBeCloseTo(-Math.sqrt(1.5), 5);
  expect(scaled.values[1]).toBe(0);
});

test('length 1, and nothing stays nothing', () => {
  const features = { shape: [2, 2], values: Float32Array.from([3, 4, 0, 0]) };
  expect([...normalise(features, 'l2', null).values]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0]);
  expect(normalise(features, 'none', null)).toBe(features);
  expect(() => normalise(features, 'standard', null)).toThrow(/lacks the scale/);
});
