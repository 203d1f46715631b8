import { expect, test } from 'vitest';
import { nearest, umap } from '../../../src/engine/features/neighbours.ts';
import { quietJob, type Progress } from '../../../src/engine/job.ts';
import { Random } from '../../../src/engine/random.ts';

/** Three clouds far apart, `each` points in turn. */
function clouds(each: number, size: number) {
  const random = new Random(2);
  const values = Float32Array.from({ length: 3 * each * size }, (_, i) => {
    const [n, d] = [Math.floor(i / size), i % size];
    return random.normal() + (d === n % 3 ? 40 : 0);
  });
  return { shape: [3 * each, size], values };
}

test('the nearest points are those that comparing all finds', async () => {
  const { shape, values } = clouds(20, 7);
  const { indices, distances } = await nearest({ shape, values }, 6);
  const distance = (a: number, b: number) =>
    Math.hypot(...Array.from({ length: 7 }, (_, d) => values[a * 7 + d] - values[b * 7 + d]));
  for (let n = 0; n < shape[0]; n++) {
    const all = Array.from({ length: shape[0] }, (_, other) => other).sort(
      (a, b) => distance(n, a) - distance(n, b),
    );
    expect(indices[n]).toEqual(all.slice(0, 6));
    distances[n].forEach((value, i) => expect(value).toBeCloseTo(distance(n, all[i]), 4));
  }
  expect((await nearest({ shape: [2, 1], values: new Float32Array([0, 3]) }, 5)).indices).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

const options = { neighbours: 8, minDistance: 0.1, seed: 4 };

test(
  'UMAP keeps clouds together and apart from each other, and the same seed gives the same picture',
  { timeout: 60_000 },
  async () => {
    const points = clouds(30, 60);
    const told: Progress[] = [];
    const { shape, values } = await umap(points, options, { ...quietJob, report: (p) => told.push(p) });
    expect(shape).toEqual([90, 2]);
    const distance = (a: number, b: number) =>
      Math.hypot(values[2 * a] - values[2 * b], values[2 * a + 1] - values[2 * b + 1]);
    // The nearest point in the picture is one of the same cloud.
    for (let n = 0; n < 90; n++) {
      const others = Array.from({ length: 90 }, (_, other) => other).filter((other) => other !== n);
      const next = others.reduce((a, b) => (distance(n, a) <= distance(n, b) ? a : b));
      expect(next % 3).toBe(n % 3);
    }
    expect(told[told.length - 1]).toEqual({ done: 100, total: 100, unit: '%' });
    expect(told.every(({ done }, i) => i === 0 || done >= told[i - 1].done)).toBe(true);
    expect(Array.from((await umap(points, options)).values)).toEqual(Array.from(values));
  },
);

test('UMAP can be ended at any time, and says what it lacks', async () => {
  let turns = 0;
  const job = {
    ...quietJob,
    turn: async () => {
      if (++turns > 100) throw new DOMException('', 'AbortError');
    },
  };
  await expect(umap(clouds(30, 5), options, job)).rejects.toThrow(DOMException);
  expect(turns).toBe(101);
  await expect(umap(clouds(2, 5), options)).rejects.toMatchObject({ code: 'data-missing' });
});
