import { expect, test } from 'vitest';
import { Random } from '../../../src/engine/random.ts';
import { drawDisturbance, interruption, jitter, motionBlur } from '../../../src/engine/video/disturb.ts';

const SIZE = 16;
/** Red is 1 in column `column`, green grows downwards, blue is 0.5. */
function picture(column: number): Float32Array {
  return Float32Array.from({ length: SIZE * SIZE * 3 }, (_, i) => {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % SIZE, Math.floor(i / 3 / SIZE)];
    return channel === 0 ? Number(x === column) : channel === 1 ? y / SIZE : 0.5;
  });
}
const red = (p: Float32Array, x: number, y = 8) => p[(y * SIZE + x) * 3];

test('a level blur spreads a column over five, and leaves what does not change across', () => {
  const blurred = motionBlur(0)(picture(8), SIZE);
  expect([5, 6, 8, 10, 11].map((x) => red(blurred, x))).toEqual([0, 0.2, 0.2, 0.2, 0].map(Math.fround));
  expect(blurred[(8 * SIZE + 3) * 3 + 1]).toBe(0.5);
});

test('a block of a quarter is a quarter of the picture, in one colour', () => {
  const blocked = interruption(0.25, 1, [0, 0])(picture(8), SIZE);
  const blue = Array.from({ length: SIZE * SIZE }, (_, i) => blocked[i * 3 + 2]).filter(
    (value) => value === 1,
  );
  expect(blue).toHaveLength((SIZE * SIZE) / 4);
  expect(interruption(1, 0, [1, 1])(picture(8), SIZE).every((value) => value === 0)).toBe(true);
});

test('a stretched picture shows its middle larger', () => {
  const wide = jitter(1.2, 1)(picture(12), SIZE);
  expect(red(wide, 13)).toBe(1); // 12 is 4.5 from the centre, and 5.4 afterwards
  expect(wide).toHaveLength(SIZE * SIZE * 3);
});

test('the same seed disturbs the same snippets, about a quarter of them', () => {
  const touched = (seed: number) =>
    Array.from({ length: 200 }, (_, n) => drawDisturbance(new Random(seed).stream('noise', n)) !== null);
  expect(touched(1)).toEqual(touched(1));
  expect(touched(1)).not.toEqual(touched(2));
  const count = touched(1).filter(Boolean).length;
  expect(count).toBeGreaterThan(30);
  expect(count).toBeLessThan(75);
});
