/** Points of many dimensions as points of two, away from the page and from training. */
import { Failure } from '../engine/failure.ts';
import { umap, type UmapOptions } from '../engine/features/neighbours.ts';
import { principalAxes, projected } from '../engine/features/projection.ts';
import type { Job } from '../engine/job.ts';
import type { NumericArray, VideoFeatures } from '../engine/types.ts';

/** Snippets of several videos as points, video by video. */
export interface SegmentPoints {
  /** `[n,E]` */
  points: NumericArray;
  /** `[n]` */
  magnitudes: Float32Array;
  /** Points of each video, in the order in which videos were asked for. */
  counts: number[];
}

/** How points are laid out in two dimensions. */
export type LayoutMethod = { kind: 'pca' } | ({ kind: 'umap' } & UmapOptions);

export interface Layout extends Omit<SegmentPoints, 'points'> {
  /** `[n,2]` */
  places: Float32Array;
  /** Numbers that each point was made of. */
  dimensions: number;
  /** Share of the variance along each of the two axes; null where they are no axes. */
  shares: [number, number] | null;
}

/** @throws Failure `data-missing` where there are too few points */
export async function layOut(
  { points, magnitudes, counts }: SegmentPoints,
  method: LayoutMethod,
  job: Job,
): Promise<Layout> {
  const [count, dimensions] = points.shape;
  const told = { magnitudes, counts, dimensions };
  if (method.kind === 'umap') {
    const { values } = await umap(points, method, job);
    return { ...told, places: values, shares: null };
  }
  const found = await principalAxes(points, 2, job);
  const { values } = projected(points, found);
  const places = new Float32Array(2 * count); // an axis that is not there leaves points at 0
  const axes = found.axes.length;
  for (let n = 0; n < count; n++) for (let a = 0; a < axes; a++) places[2 * n + a] = values[n * axes + a];
  const share = (axis: number) => (found.variances[axis] ?? 0) / (found.totalVariance || 1);
  return { ...told, places, shares: [share(0), share(1)] };
}

/**
 * The features of videos as they came out of the backbone, mean over crops.
 * @param every how many snippets a point stands for
 */
export async function featurePoints(
  read: (featureKey: string) => Promise<Pick<VideoFeatures, 'features'>>,
  featureKeys: readonly string[],
  every: number,
  job: Job,
): Promise<SegmentPoints> {
  const parts: Float32Array[] = [];
  let size = 0;
  for (const [i, featureKey] of featureKeys.entries()) {
    await job.turn();
    const { features } = await read(featureKey);
    const own = features.shape[features.shape.length - 1];
    if (size !== 0 && own !== size) {
      throw new Failure({
        code: 'data-mismatch',
        what: `Features of ${size} and of ${own} numbers cannot lie in one space.`,
        next: 'Extract all videos with the same backbone.',
      });
    }
    size = own;
    parts.push(thinned(overViews(features), size, every));
    job.report({ done: i, total: featureKeys.length, unit: 'videos' });
  }
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  const counts = parts.map((part) => part.length / size);
  parts.reduce((at, part) => (values.set(part, at), at + part.length), 0);
  const points = { shape: [values.length / Math.max(1, size), size], values };
  return { points, magnitudes: magnitudesOf(points), counts };
}

/** `[N,P,D]` to `[N,D]` */
function overViews({ shape, values }: NumericArray): Float32Array {
  const [count, size] = [shape[0], shape[shape.length - 1]];
  const views = values.length / (count * size);
  if (views === 1) return values;
  const mean = new Float32Array(count * size);
  for (let i = 0; i < values.length; i++) {
    const n = Math.floor(i / (views * size));
    mean[n * size + (i % size)] += values[i] / views;
  }
  return mean;
}

/** The first of every `every` rows. */
export function thinned(values: Float32Array, size: number, every: number): Float32Array {
  if (every === 1) return values;
  const rows = Math.ceil(values.length / size / every);
  const kept = new Float32Array(rows * size);
  for (let i = 0; i < rows; i++)
    kept.set(values.subarray(i * every * size, (i * every + 1) * size), i * size);
  return kept;
}

/** L2 norms of rows. */
export function magnitudesOf({ shape: [count, size], values }: NumericArray): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += values[n * size + d] ** 2;
    return Math.sqrt(sum);
  });
}
