/**
 * IEEE 754 half precision, for what need not be more exact: feature maps and weights. Maps of a long video are tens of
 * millions of numbers, which is why whole arrays are plain loops: `from` with a function takes thirty times as long.
 */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Exponents of a float are 112 above those of a half. */
const SHIFT = 2 ** 112;
/** The largest finite half. */
export const LARGEST_HALF = 65504;

export function halfToFloat(half: number): number {
  const magnitude = half & 0x7fff;
  if (magnitude > 0x7c00) return NaN;
  bits[0] = magnitude << 13; // where a half is subnormal so is this, and the product comes out right
  const value = magnitude === 0x7c00 ? Infinity : float[0] * SHIFT;
  return half & 0x8000 ? -value : value;
}

/** To the nearest, ties to even; what is too large becomes infinite. */
export function floatToHalf(value: number): number {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = bits[0] & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520 and more
  if (magnitude < 0x38800000) {
    // Subnormal: a multiple of 2^-24. The sum with 0.5 lets the float unit do the rounding.
    bits[0] = magnitude;
    float[0] += 0.5;
    return sign | (bits[0] - 0x3f000000);
  }
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
}

/** Whether there is a finite half for each of them. */
export function fitsHalf(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]) <= LARGEST_HALF)) return false;
  return true;
}

/** Whether each of them is a finite half already, as what was kept in half precision is. */
export function areHalves(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++)
    if (!(Math.abs(values[i]) <= LARGEST_HALF && halfToFloat(floatToHalf(values[i])) === values[i]))
      return false;
  return true;
}

export function toHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = floatToHalf(values[i]);
  return halves;
}

export function fromHalf(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = halfToFloat(halves[i]);
  return values;
}
