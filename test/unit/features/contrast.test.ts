import { expect, test } from 'vitest';
import { contrastOf } from '../../../src/engine/features/contrast.ts';

test('what sets a snippet apart is in deviations of its video, over the mean of its crops', () => {
  // Two crops, four snippets, three dimensions; the second dimension of the third snippet stands out.
  const rows = [
    [3, 0, 0],
    [3, 0, 1],
    [3, 4, 0],
    [3, 0, 1],
  ];
  const crop = (shift: number) => rows.flatMap(([a, b, c]) => [a + shift, b, c]);
  const contrast = contrastOf(
    { shape: [2, 4, 3], values: Float32Array.from([...crop(1), ...crop(-1)]) },
    2,
    2,
  );
  expect(contrast.size).toBe(3);
  expect(contrast.magnitude).toBeCloseTo(5, 6);
  expect(contrast.meanMagnitude).toBeCloseTo((3 + 5 + 2 * Math.sqrt(10)) / 4, 6);
  expect(contrast.strongest[0]).toMatchObject({ dimension: 1, value: 4, mean: 1 });
  expect(contrast.strongest[0].deviations).toBeCloseTo(Math.sqrt(3), 6);
  expect(contrast.strongest[1]).toMatchObject({ dimension: 2, deviations: -1 });
});
