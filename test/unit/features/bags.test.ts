import { describe, expect, test } from 'vitest';
import { measureScale, normalise, segmentBoundaries, toBag } from '../../../src/engine/features/bags.ts';
import { readSharedJson, sharedIsHere } from '../../shared.ts';

interface PoolCase {
  N: number;
  T: number;
  D: number;
  boundaries: number[];
  expected: number[][]; // not stored for the largest
}

describe.skipIf(!sharedIsHere)('pooling to T against NumPy', async () => {
  const cases =
    (await readSharedJson<{ cases: PoolCase[] }>('golden/pure_pool_process_feat.json'))?.cases ?? [];
  const more =
    (
      await readSharedJson<{ cases: { N: number; T: number; boundaries: number[] }[] }>(
        'golden/pure_pool_linspace_rounding.json',
      )
    )?.cases ?? [];

  test(`boundaries of ${cases.length + more.length} cases`, () => {
    expect(cases.length).toBeGreaterThan(50);
    for (const { N, T, boundaries } of [...cases, ...more])
      expect(segmentBoundaries(N, T)).toEqual(boundaries);
  });

  test('means', () => {
    for (const { N, T, D, expected } of cases.filter((entry) => entry.expected)) {
      const values = Float32Array.from(
        { length: N * D },
        (_, i) => ((7 * Math.floor(i / D) + 3 * (i % D)) % 32) / 16,
      );
      const bag = toBag({ shape: [N, D], values }, T);
      expect(bag.shape).toEqual([T, D]);
      expected.flat().forEach((value, i) => expect(bag.values[i]).toBeCloseTo(value, 6));
    }
  });
});

test('a missing snippet does not enter a mean that has others, and stands alone otherwise', () => {
  const features = { shape: [4, 1], values: Float32Array.from([1, 100, 3, 5]) };
  expect([...toBag(features, 2, [false, true, false, false]).values]).toEqual([1, 4]);
  expect([...toBag(features, 4, [false, true, false, false]).values]).toEqual([1, 100, 3, 5]);
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
