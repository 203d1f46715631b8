/**
 * Features of a video, which has any number of snippets, to a bag, which has T segments; and the scaling that both a
 * bag in training and a video being scored go through.
 */
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';
import type { BagConfig } from './bags.fields.ts';
import { snippetsOfSegments } from './segments.ts';

export interface Pooling {
  /** Which snippets make a segment; `linspace` if not told. */
  pooling?: BagConfig['pooling'];
  /** Marks snippets that lie in a gap; they are left out of a mean that has others. */
  missing?: readonly boolean[];
}

/**
 * A video as a bag of T segments, each the mean of its snippets.
 * @param features `[N,D]`; further axes count as one
 * @returns `[T,D]`
 */
export function toBag(
  features: NumericArray,
  segments: number,
  { pooling = 'linspace', missing }: Pooling = {},
): NumericArray {
  const snippets = features.shape[0];
  const size = features.values.length / snippets;
  const values = new Float32Array(segments * size);
  snippetsOfSegments(snippets, segments, pooling).forEach((part, t) => {
    const present = part.filter((n) => !missing?.[n]);
    const rows = present.length > 0 ? present : part;
    if (rows.length === 1) {
      values.set(features.values.subarray(rows[0] * size, (rows[0] + 1) * size), t * size);
      return;
    }
    const sum = new Float64Array(size);
    for (const n of rows) for (let d = 0; d < size; d++) sum[d] += features.values[n * size + d];
    for (let d = 0; d < size; d++) values[t * size + d] = sum[d] / rows.length;
  });
  return { shape: [segments, ...features.shape.slice(1)], values };
}

/**
 * Crops, or the cells of a feature map, in front: `[N,D]`, `[N,P,D]` or `[N,h,w,D]` to `[P,N,D]`, P = 1 where there is
 * one view only.
 */
export function viewsFirst({ shape, values }: NumericArray): NumericArray {
  const [count, size] = [shape[0], shape[shape.length - 1]];
  const views = values.length / (count * size);
  if (views === 1) return { shape: [1, count, size], values };
  const turned = new Float32Array(values.length);
  for (let n = 0; n < count; n++) {
    for (let view = 0; view < views; view++) {
      const from = (n * views + view) * size;
      turned.set(values.subarray(from, from + size), (view * count + n) * size);
    }
  }
  return { shape: [views, count, size], values: turned };
}

/** Mean and deviation of each dimension; what `standard` normalisation subtracts and divides by. */
export interface FeatureScale {
  mean: Float32Array;
  deviation: Float32Array;
}

/**
 * Measures the scale over training bags. Dimensions that never change get deviation 1, so that they stay 0.
 * @param bags `[...,D]` each
 */
export function measureScale(bags: readonly NumericArray[]): FeatureScale {
  const size = bags[0].shape.at(-1)!;
  const meter = new ScaleMeter(
    size,
    bags.reduce((count, bag) => count + bag.values.length / size, 0),
  );
  for (const bag of bags) meter.addToMean(bag);
  for (const bag of bags) meter.addToDeviation(bag);
  return meter.scale;
}

/** Measures a scale over bags that do not lie in memory together: all of them go by twice. */
export class ScaleMeter {
  readonly #size: number;
  readonly #rows: number;
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;

  /**
   * @param size D
   * @param rows of all bags together
   */
  constructor(size: number, rows: number) {
    this.#size = size;
    this.#rows = rows;
    this.#sum = new Float64Array(size);
    this.#squares = new Float64Array(size);
  }

  addToMean({ values }: NumericArray): void {
    const [sum, size, rows] = [this.#sum, this.#size, this.#rows];
    for (let start = 0; start < values.length; start += size)
      for (let d = 0; d < size; d++) sum[d] += values[start + d] / rows;
  }

  /** Once the mean is complete. */
  addToDeviation({ values }: NumericArray): void {
    const [sum, squares, size, rows] = [this.#sum, this.#squares, this.#size, this.#rows];
    for (let start = 0; start < values.length; start += size)
      for (let d = 0; d < size; d++) squares[d] += (values[start + d] - sum[d]) ** 2 / rows;
  }

  get scale(): FeatureScale {
    return {
      mean: Float32Array.from(this.#sum),
      deviation: Float32Array.from(this.#squares, (square) => (square > 1e-12 ? Math.sqrt(square) : 1)),
    };
  }
}

/**
 * A feature as a head wants to see it; the same function for training and for scoring (design law 2).
 * @param features `[...,D]`
 * @param scale needed for the `standard` kinds
 */
export function normalise(
  features: NumericArray,
  kind: BagConfig['normalise'],
  scale: FeatureScale | null,
): NumericArray {
  switch (kind) {
    case 'none':
      return features;
    case 'l2':
      return toLengthOne(features);
    case 'standard':
      return standardise(features, scale);
    case 'standard-l2':
      return toLengthOne(standardise(features, scale));
  }
}

function standardise({ shape, values }: NumericArray, scale: FeatureScale | null): NumericArray {
  if (!scale) throw new Failure({ code: 'data-missing', what: 'The run lacks the scale of its features.' });
  const size = shape[shape.length - 1];
  const { mean, deviation } = scale;
  return { shape, values: values.map((value, i) => (value - mean[i % size]) / deviation[i % size]) };
}

function toLengthOne({ shape, values }: NumericArray): NumericArray {
  const size = shape[shape.length - 1];
  const scaled = values.slice();
  for (let start = 0; start < scaled.length; start += size) {
    let squares = 0;
    for (let i = start; i < start + size; i++) squares += scaled[i] * scaled[i];
    const length = Math.sqrt(squares);
    if (length > 0) for (let i = start; i < start + size; i++) scaled[i] /= length;
  }
  return { shape, values: scaled };
}
