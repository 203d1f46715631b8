/**
 * Points that lie near each other in many dimensions lie near each other in two: UMAP (McInnes, Healy, Melville,
 * "UMAP: Uniform Manifold Approximation and Projection", 2018), laid out by `umap-js`. Who is near whom is found here,
 * exactly, so that it can be told how far it is and be ended at any time.
 */
import { UMAP } from 'umap-js';
import { Failure } from '../failure.ts';
import { quietJob, type Job } from '../job.ts';
import { Random } from '../random.ts';
import type { NumericArray } from '../types.ts';
import { principalAxes, projected } from './projection.ts';

export interface UmapOptions {
  /** How many points count as near, the point itself among them. */
  neighbours: number;
  /** How close together points may lie, 0..1. */
  minDistance: number;
  seed: number;
}

/** Distances are measured along so many principal axes, at most: beyond them is mostly noise. */
const AXES = 50;

/** Neighbours are found first, then points are moved: both count as so many in what is told of the progress. */
const SEARCH_SHARE = 50;
const TOTAL = 100;

/**
 * @param points `[n,D]`
 * @returns `[n,2]`
 * @throws Failure `data-missing` with fewer points than neighbours
 */
export async function umap(
  points: NumericArray,
  options: UmapOptions,
  job: Job = quietJob,
): Promise<NumericArray> {
  const { neighbours, minDistance, seed } = options;
  const count = points.shape[0];
  if (count <= neighbours) {
    throw new Failure({
      code: 'data-missing',
      what: `UMAP looks at ${neighbours} neighbours of every segment, and there are ${count} segments.`,
      next: 'Extract features of more videos, or look at the principal axes.',
    });
  }
  const narrow = points.shape[1] > AXES ? projected(points, await principalAxes(points, AXES, job)) : points;
  const { indices, distances } = await nearest(narrow, neighbours, {
    signal: job.signal,
    turn: () => job.turn(),
    report: ({ done, total }) =>
      job.report({ done: Math.floor((SEARCH_SHARE * done) / total!), total: TOTAL, unit: '%' }),
  });
  const random = new Random(seed).stream('umap');
  const layout = new UMAP({
    nComponents: 2,
    nNeighbors: neighbours,
    minDist: minDistance,
    random: () => random.uniform(),
  });
  layout.setPrecomputedKNN(indices, distances);
  const epochs = layout.initializeFit(indices); // who is near whom is known: the points themselves are not read
  for (let epoch = 0; epoch < epochs; epoch++) {
    await job.turn();
    layout.step();
    const done = SEARCH_SHARE + Math.floor(((TOTAL - SEARCH_SHARE) * (epoch + 1)) / epochs);
    job.report({ done, total: TOTAL, unit: '%' });
  }
  return { shape: [count, 2], values: Float32Array.from(layout.getEmbedding().flat()) };
}

/**
 * The nearest points of every point by Euclidean distance, itself first, then nearer ones before farther ones.
 * @param points `[n,D]`
 */
export async function nearest(
  { shape: [count, size], values }: NumericArray,
  neighbours: number,
  job: Job = quietJob,
): Promise<{ indices: number[][]; distances: number[][] }> {
  const wanted = Math.min(neighbours, count);
  const [indices, distances]: [number[][], number[][]] = [[], []];
  for (let n = 0; n < count; n++) {
    await job.turn();
    if (n % 64 === 0) job.report({ done: n, total: count, unit: 'points' });
    const own = [n];
    const squares = [0];
    const start = n * size;
    let worst = Infinity;
    for (let other = 0; other < count; other++) {
      if (other === n) continue;
      const from = other * size;
      let square = 0;
      for (let d = 0; d < size && square < worst; d++) square += (values[start + d] - values[from + d]) ** 2;
      if (own.length === wanted && square >= worst) continue;
      let place = Math.min(own.length, wanted - 1);
      while (place > 1 && squares[place - 1] > square) {
        own[place] = own[place - 1];
        squares[place] = squares[place - 1];
        place--;
      }
      own[place] = other;
      squares[place] = square;
      if (own.length === wanted) worst = squares[wanted - 1];
    }
    indices.push(own);
    distances.push(squares.map(Math.sqrt));
  }
  job.report({ done: count, total: count, unit: 'points' });
  return { indices, distances };
}
