import { expect, test } from 'vitest';
import { areHalves, floatToHalf, fromHalf, halfToFloat, toHalf } from '../../../src/engine/formats/half.ts';

test('every half comes back as itself', () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = halfToFloat(half);
    if (Number.isNaN(value)) expect(halfToFloat(floatToHalf(value))).toBeNaN();
    else if (floatToHalf(value) !== half)
      expect.fail(`${half.toString(16)} -> ${floatToHalf(value).toString(16)}`);
  }
});

test.each([
  ['a tie goes to the even one below', 1 + 2 ** -11, 1],
  ['a tie goes to the even one above', 1 + 3 * 2 ** -11, 1 + 2 ** -9],
  ['above the tie', 1 + 2 ** -11 + 2 ** -20, 1 + 2 ** -10],
  ['into the next exponent', 2 - 2 ** -12, 2],
  ['the largest', 65519, 65504],
  ['too large', 65520, Infinity],
  ['negative and too large', -1e6, -Infinity],
  ['subnormal', 3.4 * 2 ** -24, 3 * 2 ** -24],
  ['subnormal tie to even', 2.5 * 2 ** -24, 2 * 2 ** -24],
  ['below half of the least', 2 ** -26, 0],
])('%s', (_, value, expected) => {
  expect(halfToFloat(floatToHalf(value))).toBe(expected);
});

test('arrays are off by half a unit in the last place at most', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => 7 * Math.sin(i));
  fromHalf(toHalf(values)).forEach((value, i) =>
    expect(Math.abs(value - values[i])).toBeLessThanOrEqual(2 ** -11 * Math.abs(values[i]) + 2 ** -25),
  );
});

test('what is a half already is known', () => {
  expect(areHalves(fromHalf(Uint16Array.of(0, 1, 0x8000, 0x3c01, 0x7bff, 0xfbff)))).toBe(true);
  for (const value of [0.1, 65505, 2 ** -25, Infinity, NaN])
    expect(areHalves(Float32Array.of(1, value))).toBe(false);
});
