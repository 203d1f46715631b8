import { expect, test } from 'vitest';
import { leastMissed, MOST_MOMENTS, nextMoment } from '../../../src/engine/training/moments.ts';

test('moments grow apart, and of a long training as many are kept as there is room for', () => {
  const steps = [0];
  while (steps.length < 12) steps.push(nextMoment(steps[steps.length - 1]));
  expect(steps).toEqual([0, 1, 2, 3, 4, 5, 7, 9, 12, 15, 19, 24]);

  const kept: number[] = [];
  for (let step = 0; step < 100_000; step = nextMoment(step)) {
    kept.push(step);
    if (kept.length > MOST_MOMENTS) kept.splice(leastMissed(kept), 1);
  }
  expect(kept.length).toBe(MOST_MOMENTS);
  expect(kept[0]).toBe(0);
  expect(kept.at(-1)).toBeGreaterThan(80_000);
  // No stretch of the training is left without a look for long.
  for (let i = 1; i < kept.length; i++) expect((kept[i] + 1) / (kept[i - 1] + 1)).toBeLessThan(4);
});
