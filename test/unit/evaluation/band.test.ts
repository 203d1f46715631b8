/** Mean and deviation over seeds, against numbers counted by hand. */
import { expect, test } from 'vitest';
import { bandOf, curveBand } from '../../../src/engine/evaluation/band.ts';
import { precisionRecallCurve, rocCurve } from '../../../src/engine/evaluation/ranking.ts';

test('mean and sample deviation, as far as all series go', () => {
  const { repeats, mean, deviation } = bandOf([
    [4, 2, 1],
    Float32Array.of(8, 2, 3, 100),
    [6, 5, 2, 100, 100],
  ]);
  expect(repeats).toBe(3);
  // 4, 8, 6: squares around 6 are 4, 4, 0, over n − 1 = 2 make 4. 2, 2, 5: 1, 1, 4 over 2 make 3.
  expect([...mean]).toEqual([6, 3, 2].map((value) => expect.closeTo(value, 12)));
  expect([...deviation]).toEqual([2, Math.sqrt(3), 1].map((value) => expect.closeTo(value, 12)));
});

test('one series is its own mean, and none is nothing', () => {
  expect(bandOf([[3, 1]])).toEqual({
    repeats: 1,
    mean: Float64Array.of(3, 1),
    deviation: Float64Array.of(0, 0),
  });
  expect(bandOf([])).toEqual({ repeats: 0, mean: new Float64Array(0), deviation: new Float64Array(0) });
});

test('where one series has no number there is none', () => {
  const { mean, deviation } = bandOf([
    [1, NaN, 2],
    [3, 4, 2],
  ]);
  expect([...mean]).toEqual([2, NaN, 2]);
  expect([...deviation]).toEqual([expect.closeTo(Math.SQRT2, 12), NaN, 0]);
});

test('ROC curves are averaged upwards at the same false positive rates', () => {
  // Steps: up to recall 0.5 at once, across to 0.5, up to 1. And: across to 0.5, up to 1 there.
  const first = { x: Float64Array.of(0, 0, 0.5, 0.5, 1), y: Float64Array.of(0, 0.5, 0.5, 1, 1) };
  const second = { x: Float64Array.of(0, 0.5, 0.5, 1), y: Float64Array.of(0, 0, 1, 1) };
  const { x, mean, deviation, repeats } = curveBand([first, second], 5);
  expect(repeats).toBe(2);
  expect([...x]).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect([...mean]).toEqual([0.25, 0.25, 1, 1, 1]);
  // 0.5 and 0 lie 0.25 from their mean: √(2 · 0.0625 / 1).
  const apart = expect.closeTo(Math.sqrt(0.125), 12);
  expect([...deviation]).toEqual([apart, apart, 0, 0, 0]);
});

test('between points a curve is straight', () => {
  const { mean } = curveBand([{ x: Float64Array.of(0, 0.4, 1), y: Float64Array.of(0, 0.8, 1) }], 6);
  expect([...mean]).toEqual([0, 0.4, 0.8, 0.8 + 0.2 / 3, 0.8 + 0.4 / 3, 1].map((y) => expect.closeTo(y, 12)));
});

test('curves as they are counted: precision over recall ends at prevalence, recall over false positives at 1', () => {
  const labels = [1, 0, 1, 0];
  const scores = [
    [0.9, 0.8, 0.7, 0.1], // recall 0.5 at precision 1, then 1/2; recall 1 at 2/3, then 2/4
    [0.9, 0.2, 0.8, 0.1], // recall 1 at precision 1
  ];
  const precision = curveBand(
    scores.map((own) => precisionRecallCurve(labels, own)!),
    3,
  );
  expect([...precision.mean]).toEqual([1, 1, 5 / 6].map((y) => expect.closeTo(y, 12)));
  expect([...precision.deviation]).toEqual([0, 0, Math.sqrt(1 / 18)].map((y) => expect.closeTo(y, 12)));
  const recall = curveBand(
    scores.map((own) => rocCurve(labels, own)!),
    3,
  );
  expect([...recall.mean]).toEqual([0.75, 1, 1]);
});
