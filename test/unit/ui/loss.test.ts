import { expect, test } from 'vitest';
import { foldLosses, lossRows, lossText, someSteps } from '../../../src/ui/chart/loss-rows.ts';
import { captionOf } from '../../../src/ui/views/step-captions.ts';
import type { StepEvent } from '../../../src/workers/client.ts';

const line = (totals: number[], terms: Record<string, (number | undefined)[]>) => ({
  name: 'run',
  stroke: 'black',
  dash: 'none',
  losses: totals.map((total, i) => ({
    total,
    terms: Object.fromEntries(
      Object.entries(terms).flatMap(([name, values]) => {
        const value = values[i];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  })),
});

test('every term is a row of its own, with a line for each run, on one scale', () => {
  const rows = lossRows([line([3, 2], { rank: [2, 1], smooth: [1, 1] }), line([4], { rank: [-1] })], 100);
  expect(rows.map(({ name }) => name)).toEqual(['total', 'rank', 'smooth']);
  expect(rows[1]).toEqual({
    name: 'rank',
    low: -1,
    high: 2,
    points: [
      [
        { index: 0, value: 2 },
        { index: 1, value: 1 },
      ],
      [{ index: 0, value: -1 }],
    ],
  });
  expect(rows[2].points[1]).toEqual([]);
  expect(lossRows([line([], {})], 100)).toEqual([{ name: 'total', low: 0, high: 1, points: [[]] }]);
});

test('a term that some steps do not have keeps the places of the others', () => {
  const [, clean] = lossRows([line([1, 1, 1, 1], { clean: [undefined, 5, undefined, 7] })], 100);
  expect(clean.points[0]).toEqual([
    { index: 1, value: 5 },
    { index: 3, value: 7 },
  ]);
});

test('repeats are their mean with a band that fits in, and are written so', () => {
  const repeats = [line([3, 2], { rank: [2, undefined] }), line([5, 4, 9], { rank: [4, 1, 1] })];
  const mean = { ...repeats[0], ...foldLosses(repeats.map(({ losses }) => losses)) };
  const apart = expect.closeTo(Math.SQRT2, 12) as unknown as number; // √((1 + 1) / (2 − 1))
  expect(mean.losses).toEqual([
    { total: 4, terms: { rank: 3 } },
    { total: 3, terms: { rank: NaN } },
  ]);
  expect(mean.deviations).toEqual([
    { total: apart, terms: { rank: apart } },
    { total: apart, terms: { rank: NaN } },
  ]);
  const [total, rank] = lossRows([mean], 100);
  expect(total).toMatchObject({ low: 0, high: expect.closeTo(4 + Math.SQRT2, 12) });
  expect(rank.points).toEqual([[{ index: 0, value: 3, deviation: apart }]]);
  expect(lossText(mean, 0, 'total')).toBe('4.00 ± 1.41');
  expect(lossText(repeats[0], 0, 'total')).toBe('3.00');
  expect(lossText(mean, 2, 'total')).toBe('–');
});

test('a long table shows some steps, the first and the last among them', () => {
  expect(someSteps(4, 10)).toEqual([1, 2, 3, 4]);
  const some = someSteps(1000, 5);
  expect(some).toEqual([1, 251, 501, 750, 1000]);
});

test('captions say what really happened', () => {
  const bag = (id: string, label: 'normal' | 'anomalous', top: number) => ({
    id,
    label,
    scores: Float32Array.of(0.1, top, 0.2),
  });
  const event: StepEvent = {
    step: 7,
    losses: { rank: 0.5, smooth: 2, silent: 9 },
    weights: { rank: 1, smooth: 0.1, silent: 0 },
    total: 0.7,
    chosen: [
      { id: 'a', segments: [1] },
      { id: 'b', segments: [1] },
      { id: 'a', segments: [1] },
    ],
    only: 'tube',
    detail: {
      bags: [bag('a', 'normal', 0.25), bag('b', 'anomalous', 0.75), bag('a', 'normal', 0.5)],
      layers: [
        { name: 'fc1', size: 10, gradient: 3, change: 0.3, norm: 30 },
        { name: 'fc2', size: 2, gradient: 4, change: 0.4, norm: 40 },
      ],
    },
  };
  expect(captionOf('sample', event)).toBe(
    'The step draws 3 bags: 2 of normal videos, 1 of anomalous ones. Videos are drawn again (1 times) where a label has too few. They are marked in the list of videos.',
  );
  expect(captionOf('score', event)).toContain('0.375 on average in normal bags and 0.750 in anomalous ones');
  expect(captionOf('choose', event)).toContain(
    'Of 3 segments the loss sees a bag through 1 only: the ringed one',
  );
  expect(captionOf('choose', { ...event, chosen: [] })).toContain('chooses no segments');
  expect(captionOf('loss', event)).toBe(
    'The loss is 0.700: the weighted sum of 2 terms; 1 more count nothing in this step.',
  );
  expect(captionOf('update', event)).toBe(
    '12 numbers move against their gradient, whose norm is 5.00: by 0.500 in all, 1.00 % of their size. Only the phase “tube” was done.',
  );
});
