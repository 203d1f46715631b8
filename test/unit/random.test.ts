import { expect, test } from 'vitest';
import { Random } from '../../src/engine/random.ts';

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number) =>
    Array.from(
      { length: 5 },
      (
        (random) => () =>
          random.uniform()
      )(new Random(seed)),
    );
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('a stream depends on its purpose and not on what was drawn before', () => {
  const fresh = new Random(3).stream('dropout', 12).uniform();
  const used = new Random(3);
  used.uniform();
  expect(used.stream('dropout', 12).uniform()).toBe(fresh);
  expect(new Random(3).stream('dropout', 13).uniform()).not.toBe(fresh);
});

test('normal numbers have mean 0 and deviation 1', () => {
  const random = new Random(1);
  const values = Array.from({ length: 20_000 }, () => random.normal());
  const mean = values.reduce((a, b) => a + b) / values.length;
  const square = values.reduce((a, b) => a + b * b, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(square - 1)).toBeLessThan(0.05);
});

test('a dropout mask keeps the right share and the mean', () => {
  const mask = new Random(5).dropoutMask(100_000, 0.6);
  const kept = mask.filter((value) => value > 0).length / mask.length;
  expect(Math.abs(kept - 0.4)).toBeLessThan(0.01);
  expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.4)]));
});

test('shuffling keeps every item', () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const shuffled = new Random(2).shuffle(items);
  expect(shuffled).not.toEqual(items);
  expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
});
