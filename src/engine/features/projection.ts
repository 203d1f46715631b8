/**
 * Many dimensions seen in few: the axes along which points differ most (principal component analysis). Found by Lanczos
 * iteration on the covariance of a sample, which is never formed: it asks for products with a vector only, as many as
 * there are steps, and D may be thousands.
 */
import { quietJob, type Job } from '../job.ts';
import { Random } from '../random.ts';
import type { NumericArray } from '../types.ts';

/** The axes of the largest variance, largest first. */
export interface PrincipalAxes {
  /** `[D]` */
  mean: Float64Array;
  /** `[D]` each, of length 1 and orthogonal; the largest entry is positive, so that they are the same every time. */
  axes: Float64Array[];
  /** Along each axis. */
  variances: number[];
  /** Over all D dimensions. */
  totalVariance: number;
}

/** Points that the axes are measured by, at most. */
const SAMPLE = 2000;

/** Steps of the iteration beyond the axes that are asked for, at most: a slowly falling spectrum needs the most. */
const EXTRA_STEPS = 48;

/** An axis is found when what is left of C v - lambda v is no longer than this share of lambda. */
const TOLERANCE = 1e-6;

/** Steps between two looks at whether all are found. */
const PERIOD = 8;

/**
 * @param points `[n,D]`
 * @param count axes wanted; fewer come back where the points span fewer dimensions
 */
export async function principalAxes(
  points: NumericArray,
  count: number,
  job: Job = quietJob,
): Promise<PrincipalAxes> {
  const size = points.shape[points.shape.length - 1];
  const rows = centredSample(points, size);
  const { mean, values, sampled } = rows;
  const totalVariance = values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, sampled - 1);
  const most = Math.min(size, Math.max(0, sampled - 1));
  const steps = Math.min(most, count + EXTRA_STEPS);
  const times = (x: Float64Array) => covarianceTimes(values, sampled, x);
  const { basis, eigen } = await lanczos(times, { size, steps, scale: totalVariance, count }, job);
  const found = eigen.slice(0, count).filter(({ value }) => value > 1e-12 * totalVariance);
  return {
    mean,
    axes: found.map(({ vector }) => upright(combined(basis, vector, size))),
    variances: found.map(({ value }) => value),
    totalVariance,
  };
}

/** An eigenvalue and its eigenvector of length 1. */
interface Eigen {
  value: number;
  vector: Float64Array;
}

/**
 * Where points stand along the axes.
 * @param points `[n,D]`
 * @returns `[n,axes]`
 */
export function projected(points: NumericArray, { mean, axes }: PrincipalAxes): NumericArray {
  const size = mean.length;
  const count = points.values.length / size;
  const values = new Float32Array(count * axes.length);
  const origins = axes.map((axis) => axis.reduce((sum, value, d) => sum + value * mean[d], 0));
  for (let n = 0; n < count; n++) {
    const start = n * size;
    axes.forEach((axis, a) => {
      let sum = -origins[a];
      for (let d = 0; d < size; d++) sum += axis[d] * points.values[start + d];
      values[n * axes.length + a] = sum;
    });
  }
  return { shape: [count, axes.length], values };
}

/** Evenly spaced points, the mean of them taken off. */
function centredSample({ values }: NumericArray, size: number) {
  const count = values.length / size;
  const sampled = Math.min(count, SAMPLE);
  const centred = new Float64Array(sampled * size);
  const mean = new Float64Array(size);
  for (let i = 0; i < sampled; i++) {
    const start = Math.floor((i * count) / sampled) * size;
    for (let d = 0; d < size; d++) {
      centred[i * size + d] = values[start + d];
      mean[d] += values[start + d] / sampled;
    }
  }
  for (let i = 0; i < centred.length; i++) centred[i] -= mean[i % size];
  return { mean, values: centred, sampled };
}

/** X' X x / (n - 1) */
function covarianceTimes(centred: Float64Array, count: number, x: Float64Array): Float64Array {
  const size = x.length;
  const product = new Float64Array(size);
  for (let i = 0; i < count; i++) {
    const start = i * size;
    let along = 0;
    for (let d = 0; d < size; d++) along += centred[start + d] * x[d];
    along /= count - 1;
    for (let d = 0; d < size; d++) product[d] += along * centred[start + d];
  }
  return product;
}

/**
 * The eigenvalues of a symmetric matrix, largest first, from a tridiagonal one over an orthogonal basis that is cleaned
 * of rounding at every step. It ends where the largest are found, or the matrix spans no more.
 * @param scale of the matrix: what is far smaller counts as nothing
 * @returns eigenvectors over the basis
 */
async function lanczos(
  times: (x: Float64Array) => Float64Array,
  { size, steps, scale, count }: { size: number; steps: number; scale: number; count: number },
  job: Job,
): Promise<{ basis: Float64Array[]; eigen: Eigen[] }> {
  const random = new Random(0).stream('principal axes');
  const basis: Float64Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let eigen: Eigen[] = [];
  if (scale === 0) return { basis, eigen };
  let next = times(Float64Array.from({ length: size }, () => random.normal())); // within what the points span
  for (let step = 0; step < steps; step++) {
    await job.turn();
    for (let again = 0; again < 2; again++) for (const own of basis) takeOff(next, own, dot(next, own));
    const length = Math.sqrt(dot(next, next));
    if (step > 0) {
      const isSpent = length <= 1e-10 * scale;
      if (isSpent || (step > count && step % PERIOD === 0)) {
        eigen = eigenOfTridiagonal(diagonal, beside);
        const isFound = ({ value, vector }: Eigen) =>
          length * Math.abs(vector[vector.length - 1]) <= TOLERANCE * value;
        if (isSpent || eigen.slice(0, count).every(isFound)) return { basis, eigen };
      }
      beside.push(length);
    }
    const own = next.map((value) => value / length);
    basis.push(own);
    next = times(own);
    diagonal.push(dot(next, own));
  }
  return { basis, eigen: eigenOfTridiagonal(diagonal, beside) };
}

/**
 * By Jacobi's rotations; largest first.
 * @param beside what stands beside the diagonal, one entry fewer
 */
function eigenOfTridiagonal(diagonal: readonly number[], beside: readonly number[]): Eigen[] {
  const n = diagonal.length;
  const a = diagonal.map((value, i) => {
    const row = new Float64Array(n);
    row[i] = value;
    if (i > 0) row[i - 1] = beside[i - 1];
    if (i < n - 1) row[i + 1] = beside[i];
    return row;
  });
  const vectors = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => Number(i === j))); // rows
  const size = Math.sqrt(a.reduce((sum, row) => sum + dot(row, row), 0));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p][q] ** 2;
    if (Math.sqrt(off) <= 1e-13 * size) break;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) if (Math.abs(a[p][q]) > 1e-16 * size) rotate(a, vectors, p, q);
  }
  return vectors.map((vector, i) => ({ value: a[i][i], vector })).sort((x, y) => y.value - x.value);
}

/** The rotation of p and q that leaves 0 between them. */
function rotate(a: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of a) {
    const kept = row[p];
    row[p] = c * kept - s * row[q];
    row[q] = s * kept + c * row[q];
  }
  turn(a[p], a[q], c, s);
  turn(vectors[p], vectors[q], c, s);
}

function turn(first: Float64Array, second: Float64Array, c: number, s: number): void {
  for (let i = 0; i < first.length; i++) {
    const kept = first[i];
    first[i] = c * kept - s * second[i];
    second[i] = s * kept + c * second[i];
  }
}

function combined(basis: readonly Float64Array[], weights: Float64Array, size: number): Float64Array {
  const sum = new Float64Array(size);
  basis.forEach((own, i) => takeOff(sum, own, -weights[i]));
  return sum;
}

/** An axis has two directions: the one in which its largest entry is positive. */
function upright(axis: Float64Array): Float64Array {
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? axis.map((value) => -value) : axis;
}

function takeOff(from: Float64Array, what: Float64Array, times: number): void {
  for (let d = 0; d < from.length; d++) from[d] -= times * what[d];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
}
