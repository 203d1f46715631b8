/**
 * Functions that are the same to the last bit in every browser. What the language leaves open (`Math.sin`, `Math.exp`,
 * `**`) may differ in the last digit from one engine to the next, and a street in which everyone watches everyone
 * turns a last digit into another street. These are made of the operations that IEEE 754 fixes: + - * / and the
 * square root. Good to six digits, which is more than a street needs.
 */

const TURN = 2 * Math.PI;

/** @param angle radians */
export function sin(angle: number): number {
  const x = angle - TURN * Math.round(angle / TURN); // -pi .. pi
  const folded = x > Math.PI / 2 ? Math.PI - x : x < -Math.PI / 2 ? -Math.PI - x : x;
  const square = folded * folded;
  const series =
    1 - (square / 6) * (1 - (square / 20) * (1 - (square / 42) * (1 - (square / 72) * (1 - square / 110))));
  return folded * series;
}

/** @param angle radians */
export function cos(angle: number): number {
  return sin(angle + Math.PI / 2);
}

/** e to the x, for x <= 0: (1 + x/4096)^4096, by squaring. */
export function decay(x: number): number {
  let value = Math.max(0, 1 + x / 4096);
  for (let i = 0; i < 12; i++) value *= value;
  return value;
}

/** The length of a vector; `Math.hypot` is not the same everywhere. */
export function norm(x: number, y: number, z = 0): number {
  return Math.sqrt(x * x + y * y + z * z);
}

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
