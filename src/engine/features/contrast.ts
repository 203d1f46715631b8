/** What sets the feature of one snippet apart from those of the rest of its video. */
import type { NumericArray } from '../types.ts';

export interface FeatureContrast {
  /** D */
  size: number;
  /** The length of the feature, and the mean length over the video. */
  magnitude: number;
  meanMagnitude: number;
  /** Its dimensions that are farthest from the video's mean, in deviations of the video, farthest first. */
  strongest: { dimension: number; value: number; mean: number; deviations: number }[];
}

/**
 * @param views `[P,N,D]`; crops, or the cells of a map, are averaged first
 * @param most how many dimensions are told
 */
export function contrastOf({ shape, values }: NumericArray, snippet: number, most = 8): FeatureContrast {
  const [views, count, size] = shape;
  const means = new Float64Array(count * size);
  values.forEach((value, i) => (means[i % (count * size)] += value / views));
  const lengths = Array.from({ length: count }, (_, n) =>
    Math.sqrt(means.subarray(n * size, (n + 1) * size).reduce((sum, value) => sum + value * value, 0)),
  );
  const [mean, squares] = [new Float64Array(size), new Float64Array(size)];
  means.forEach((value, i) => (mean[i % size] += value / count));
  means.forEach((value, i) => (squares[i % size] += (value - mean[i % size]) ** 2 / count));
  const strongest = Array.from({ length: size }, (_, dimension) => {
    const value = means[snippet * size + dimension];
    const deviation = Math.sqrt(squares[dimension]);
    const deviations = deviation > 1e-9 ? (value - mean[dimension]) / deviation : 0;
    return { dimension, value, mean: mean[dimension], deviations };
  });
  strongest.sort((a, b) => Math.abs(b.deviations) - Math.abs(a.deviations));
  return {
    size,
    magnitude: lengths[snippet],
    meanMagnitude: lengths.reduce((a, b) => a + b, 0) / count,
    strongest: strongest.slice(0, most),
  };
}
