/** Smoothing of a score curve. */

/** The kernel is cut where its argument passes this many standard deviations. */
const TRUNCATE = 4;

/**
 * Gaussian smoothing as SciPy's `gaussian_filter1d` does it by default: the kernel ends at 4 sigma and sums to one, the
 * curve is mirrored at both ends with its end value doubled (c b a | a b c | c b a), as often as the kernel needs.
 * @param sigma in elements of `x`; 0 leaves the curve as it is
 * @returns as long as `x`
 */
export function gaussianFilter(x: ArrayLike<number>, sigma: number): Float64Array {
  const length = x.length;
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  if (radius === 0) return Float64Array.from(x);
  const kernel = gaussianKernel(sigma, radius);
  const period = 2 * length;
  const smooth = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let offset = -radius; offset <= radius; offset++) {
      const position = (((i + offset) % period) + period) % period;
      sum += kernel[offset + radius] * x[position < length ? position : period - 1 - position];
    }
    smooth[i] = sum;
  }
  return smooth;
}

/** @returns `[2 radius + 1]`, sums to one */
function gaussianKernel(sigma: number, radius: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
