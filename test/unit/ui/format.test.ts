import { expect, test } from 'vitest';
import { thin, stepPath } from '../../../src/ui/chart/scales.ts';
import { bytes, duration, score, short } from '../../../src/ui/format.ts';

test('durations, sizes and figures as people read them', () => {
  expect([0, 7.25, 59.6, 61, 3600 + 125, null].map(duration)).toEqual([
    '0.0 s',
    '7.3 s',
    '60 s',
    '1:01',
    '1:02:05',
    '–',
  ]);
  expect([12, 1500, 2_345_000, 7e9].map(bytes)).toEqual(['12 B', '1.5 kB', '2.3 MB', '7.0 GB']);
  expect([null, 0.5].map(score)).toEqual(['undefined', '0.500']);
  expect([0, 1.23456, 123456, 0.00001].map(short)).toEqual(['0', '1.23', '1.2e+5', '1.0e-5']);
});

test('a thinned series keeps its peaks', () => {
  const series = Array.from({ length: 1000 }, (_, i) => (i === 437 ? 50 : 1));
  const points = thin(series, 100);
  expect(points).toHaveLength(100);
  expect(points.some(({ index, value }) => index === 437 && value === 50)).toBe(true);
  expect(thin([1, 2], 100)).toEqual([
    { index: 0, value: 1 },
    { index: 1, value: 2 },
  ]);
});

test('a step line holds each value between its edges', () => {
  const axis = { edges: [0, 1, 2], shown: [0, 3] as const, x: (seconds: number) => seconds * 10 };
  expect(stepPath(axis, [5, 7], (y) => y)).toBe('M0.0 5.0L10.0 5.0L10.0 7.0L20.0 7.0');
});

test('a step line of more steps than pixels is short, and keeps its peaks', () => {
  const edges = Array.from({ length: 5001 }, (_, i) => i);
  const values = edges.slice(1).map((i) => (i === 3217 ? 1 : 0.25));
  const axis = { edges, shown: [0, edges.length] as const, x: (seconds: number) => seconds / 10 };
  const path = stepPath(axis, values, (y) => y * 100);
  expect(path.split(/[ML]/).length).toBeLessThan(4 * 500);
  const points = path
    .slice(1)
    .split('L')
    .map((point) => point.split(' ').map(Number));
  const peaks = points.filter(([, y]) => y === 100);
  expect(peaks.length).toBeGreaterThan(0);
  for (const [x] of peaks) expect(Math.abs(x - 321.7)).toBeLessThan(1.1);
});

test('a step line leaves out what is not shown', () => {
  const edges = Array.from({ length: 101 }, (_, i) => i);
  const values = edges.slice(1);
  const axis = { edges, shown: [40, 52] as const, x: (seconds: number) => (seconds - 40) * 10 };
  const path = stepPath(axis, values, (y) => y);
  expect(path.split(/[ML]/).length).toBeLessThan(28);
  expect(path.startsWith('M0.0 41.0')).toBe(true);
  expect(path.endsWith('L120.0 52.0')).toBe(true);
});
