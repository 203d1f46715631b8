import { describe, expect, test } from 'vitest';
import { principalAxes, projected } from '../../../src/engine/features/projection.ts';
import { Random } from '../../../src/engine/random.ts';

const COUNT = 400;

/** Points over axes that are known: orthogonal ones, each with a deviation of its own. */
function pointsOver(axes: readonly number[][], deviations: readonly number[], mean: readonly number[]) {
  const random = new Random(3);
  const along = axes.map(() => Array.from({ length: COUNT }, () => random.normal()));
  // Made uncorrelated and of variance 1, so that the decomposition is known exactly.
  along.forEach((own, a) => {
    const average = own.reduce((x, y) => x + y) / COUNT;
    own.forEach((value, n) => (own[n] = value - average));
    for (const other of along.slice(0, a)) {
      const share = own.reduce((sum, value, n) => sum + value * other[n], 0) / (COUNT - 1);
      own.forEach((value, n) => (own[n] = value - share * other[n]));
    }
    const deviation = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0) / (COUNT - 1));
    own.forEach((value, n) => (own[n] = value / deviation));
  });
  const size = mean.length;
  const values = new Float32Array(COUNT * size);
  for (let n = 0; n < COUNT; n++)
    for (let d = 0; d < size; d++)
      values[n * size + d] = axes.reduce(
        (sum, axis, a) => sum + deviations[a] * along[a][n] * axis[d],
        mean[d],
      );
  return { points: { shape: [COUNT, size], values }, along };
}

const h = Math.SQRT1_2;

describe('principal axes', () => {
  test('are those that the points were made of', async () => {
    const axes = [
      [0, h, h, 0, 0],
      [0, h, -h, 0, 0],
      [0, 0, 0, 0.6, 0.8],
    ];
    const { points, along } = pointsOver(axes, [5, 3, 0.5], [10, -2, 0, 4, 1]);
    const found = await principalAxes(points, 2);
    expect(found.variances[0]).toBeCloseTo(25, 3);
    expect(found.variances[1]).toBeCloseTo(9, 3);
    expect(found.totalVariance).toBeCloseTo(25 + 9 + 0.25, 3);
    found.mean.forEach((value, d) => expect(value).toBeCloseTo([10, -2, 0, 4, 1][d], 4));
    axes[0].forEach((value, d) => expect(found.axes[0][d]).toBeCloseTo(value, 4));
    const sign = Math.sign(found.axes[1][1]);
    axes[1].forEach((value, d) => expect(found.axes[1][d]).toBeCloseTo(sign * value, 4));
    const { shape, values } = projected(points, found);
    expect(shape).toEqual([COUNT, 2]);
    for (let n = 0; n < COUNT; n++) {
      expect(values[2 * n]).toBeCloseTo(5 * along[0][n], 3);
      expect(values[2 * n + 1]).toBeCloseTo(sign * 3 * along[1][n], 3);
    }
  });

  test('of many dimensions whose variances fall slowly are orthogonal eigenvectors', async () => {
    const size = 160;
    const random = new Random(5);
    const values = Float32Array.from(
      { length: 300 * size },
      (_, i) => random.normal() * (1 + 2 / (1 + (i % size))),
    );
    const { axes, variances, mean } = await principalAxes({ shape: [300, size], values }, 3);
    // C v = lambda v, with C formed in full.
    const row = (n: number) => Array.from({ length: size }, (_, d) => values[n * size + d] - mean[d]);
    const rows = Array.from({ length: 300 }, (_, n) => row(n));
    axes.forEach((axis, a) => {
      const product = new Float64Array(size);
      for (const own of rows) {
        const along = own.reduce((sum, value, d) => sum + value * axis[d], 0) / 299;
        own.forEach((value, d) => (product[d] += along * value));
      }
      const error = Math.hypot(...product.map((value, d) => value - variances[a] * axis[d]));
      expect(error / variances[a]).toBeLessThan(1e-4);
      axes.forEach((other, b) =>
        expect(axis.reduce((sum, value, d) => sum + value * other[d], 0)).toBeCloseTo(Number(a === b), 6),
      );
    });
    expect(variances[0]).toBeGreaterThan(variances[1]);
    expect(variances[1]).toBeGreaterThan(variances[2]);
  });

  test('are as many as the points span, and the same every time', async () => {
    const { points } = pointsOver([[0.6, 0.8, 0]], [2], [1, 1, 1]);
    const found = await principalAxes(points, 2);
    expect(found.axes.length).toBe(1);
    expect(found.variances[0]).toBeCloseTo(4, 3);
    expect(await principalAxes(points, 2)).toEqual(found);
    const same = { shape: [4, 3], values: new Float32Array(12).fill(7) };
    expect((await principalAxes(same, 2)).axes).toEqual([]);
    expect(projected(same, await principalAxes(same, 2)).shape).toEqual([4, 0]);
  });
});
