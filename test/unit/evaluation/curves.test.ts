import { describe, expect, test } from 'vitest';
import { alarmProfile, entryAt, figuresAt, thresholdWithin } from '../../../src/engine/evaluation/budget.ts';
import { runCurves } from '../../../src/engine/evaluation/curves.ts';
import { evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import type { ScoredVideo } from '../../../src/engine/evaluation/scored-video.ts';
import { frameTable } from '../../../src/engine/evaluation/frames.ts';
import { countAbove, scoreHistogram } from '../../../src/engine/evaluation/histogram.ts';
import { judgeAlarms } from '../../../src/engine/evaluation/judgement.ts';
import {
  areaUnder,
  averagePrecision,
  prAuc,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
  thinCurve,
} from '../../../src/engine/evaluation/ranking.ts';
import { Random } from '../../../src/engine/random.ts';

/** Labels and scores with a signal in them; `levels` distinct scores, so that there are ties. */
function drawn(seed: number, count: number, levels: number) {
  const random = new Random(seed).stream('curves');
  const labels = Array.from({ length: count }, () => Number(random.uniform() < 0.3));
  const scores = labels.map((label) => Math.round((0.7 * random.uniform() + 0.3 * label) * levels) / levels);
  return { labels, scores };
}

/** A video of 16 frames a second whose scores hold for 16 frames each. */
function video(
  name: string,
  scores: number[],
  truth: [number, number][] | null,
  label: ScoredVideo['label'],
): ScoredVideo {
  const intervals = truth?.map(([startFrame, endFrame]) => ({ class: 'Fall', startFrame, endFrame })) ?? null;
  const frames = scores.length * 16;
  return {
    name,
    scores,
    frames,
    framesPerSecond: 16,
    label,
    truth: intervals && { totalFrames: frames, intervals },
  };
}

const repeat16 = { expansion: 'repeat16' } as const;
const tablesOf = (videos: ScoredVideo[]) => videos.map((one) => frameTable(one, repeat16)!);

/** Videos of random scores, half of them with two events. */
function dataset(seed: number, count = 12): ScoredVideo[] {
  const random = new Random(seed).stream('dataset');
  return Array.from({ length: count }, (_, i) => {
    const scores = Array.from({ length: 30 }, () => Math.round(20 * random.uniform()) / 20);
    const isAnomalous = i % 2 === 0;
    const truth: [number, number][] = isAnomalous
      ? [
          [40, 90],
          [300, 333],
        ]
      : [];
    return video(`v${i}`, scores, truth, isAnomalous ? 'anomalous' : 'normal');
  });
}

describe.each([
  ['few ties', 3000, 100_000],
  ['many ties', 3000, 7],
  ['ties only', 50, 1],
])('curves, %s', (_, count, levels) => {
  const { labels, scores } = drawn(5, count, levels);
  const roc = rocCurve(labels, scores)!;
  const precisionRecall = precisionRecallCurve(labels, scores)!;

  test('their areas are the figures of the field', () => {
    expect(areaUnder(roc)).toBeCloseTo(rocAuc(labels, scores)!, 12);
    expect(areaUnder(precisionRecall)).toBeCloseTo(prAuc(labels, scores)!, 12);
    let steps = 0;
    for (let i = 1; i < precisionRecall.x.length; i++)
      steps += (precisionRecall.x[i] - precisionRecall.x[i - 1]) * precisionRecall.y[i];
    expect(steps).toBeCloseTo(averagePrecision(labels, scores)!, 12);
  });

  test('a point for each distinct score, and each says what its threshold does', () => {
    const distinct = [...new Set(scores)].sort((a, b) => b - a);
    expect([...roc.thresholds]).toEqual([Infinity, ...distinct]);
    expect([...precisionRecall.thresholds]).toEqual([Infinity, ...distinct]);
    const at = Math.floor(distinct.length / 2);
    const found = scores.map((score) => score >= distinct[at]);
    const [tp, fp] = [1, 0].map((label) => found.filter((is, i) => is && labels[i] === label).length);
    const positives = labels.filter(Boolean).length;
    expect(roc.y[at + 1]).toBe(tp / positives);
    expect(roc.x[at + 1]).toBe(fp / (labels.length - positives));
    expect(precisionRecall.x[at + 1]).toBe(tp / positives);
    expect(precisionRecall.y[at + 1]).toBe(tp / (tp + fp));
  });

  test('thinned they keep their ends and their areas', () => {
    for (const curve of [roc, precisionRecall]) {
      const thin = thinCurve(curve);
      expect(Math.abs(areaUnder(thin) - areaUnder(curve))).toBeLessThanOrEqual(1e-6 + 1e-12);
      expect(thin.x.length).toBeLessThanOrEqual(Math.min(curve.x.length, 1000));
      expect([thin.x[0], thin.y[0], thin.x.at(-1), thin.y.at(-1)]).toEqual([
        curve.x[0],
        curve.y[0],
        curve.x.at(-1),
        curve.y.at(-1),
      ]);
    }
  });
});

test('points on one line are not drawn', () => {
  const perfect = rocCurve([1, 1, 1, 0, 0, 0], [0.9, 0.8, 0.7, 0.3, 0.2, 0.1])!;
  expect([...thinCurve(perfect).thresholds]).toEqual([Infinity, 0.7, 0.1]);
});

test('with one class only there is no curve', () => {
  expect(rocCurve([0, 0], [0.1, 0.2])).toBeNull();
  expect(precisionRecallCurve([1, 1], [0.1, 0.2])).toBeNull();
});

test('a run’s curves tell the figures of its evaluation', () => {
  const videos = dataset(3);
  const curves = runCurves(videos, repeat16);
  const figures = evaluate(videos, { ...repeat16, threshold: 0.5 });
  expect(curves.roc!.area).toBeCloseTo(figures.frameAuc!, 12);
  expect(curves.precisionRecall!.area).toBeCloseTo(figures.prAuc!, 12);
  expect(curves.averagePrecision).toBe(figures.averagePrecision);
  expect([curves.videos, curves.frames]).toEqual([12, figures.frames]);
});

describe('what every threshold would do', () => {
  const videos = dataset(8);
  const profile = alarmProfile(tablesOf(videos));

  test('is what an evaluation at it finds', () => {
    expect(profile.thresholds.length).toBeGreaterThan(15);
    for (const threshold of [...profile.thresholds, 0.33, 1.1]) {
      const { falseAlarms, falseAlarmsPerHour, alarms, eventRecall } = figuresAt(profile, threshold);
      const judged = judgeAlarms(videos, { ...repeat16, threshold });
      const count = (verdict: string) => judged.filter((one) => one.verdict === verdict).length;
      expect([falseAlarms, alarms]).toEqual([count('false'), count('false') + count('true')]);
      expect(eventRecall).toBeCloseTo(1 - count('missed') / 12, 12);
      const figures = evaluate(videos, { ...repeat16, threshold });
      expect(falseAlarmsPerHour).toBeCloseTo(figures.falseAlarmsPerHour!, 9);
    }
  });

  test('a threshold stands at the last score that is not below it', () => {
    const thresholds = [Infinity, 0.9, 0.5, 0.1];
    expect([2, 0.9, 0.6, 0.5, 0.05].map((threshold) => entryAt(thresholds, threshold))).toEqual([
      0, 1, 1, 2, 3,
    ]);
  });

  test('a budget gets the lowest threshold that keeps it all the way down', () => {
    for (const perHour of [0, 10, 25, 60, 1e6]) {
      const threshold = thresholdWithin(profile, perHour)!;
      const entry = entryAt(profile.thresholds, threshold);
      const rates = [...profile.falseAlarms].map((count) => count / profile.hours!);
      expect(Math.max(...rates.slice(0, entry + 1))).toBeLessThanOrEqual(perHour);
      if (entry + 1 < rates.length) expect(rates[entry + 1]).toBeGreaterThan(perHour);
    }
  });

  test('one alarm that never ends keeps no budget', () => {
    // Two false alarms at 0.8, and a single one at 0.2, of an hour's video.
    const quiet = { ...video('a', [0.8, 0.2, 0.8], [], 'normal'), framesPerSecond: 48 / 3600 };
    const own = alarmProfile(tablesOf([quiet]));
    expect([...own.falseAlarms]).toEqual([0, 2, 1]);
    expect(thresholdWithin(own, 1)).toBe(Infinity);
    expect(thresholdWithin(own, 2)).toBeCloseTo(0.2, 6);
  });

  test('without times there is no budget, and without events no recall', () => {
    const own = alarmProfile(tablesOf([{ ...video('a', [0.9], [], 'normal'), framesPerSecond: null }]));
    expect(thresholdWithin(own, 3)).toBeNull();
    expect(figuresAt(own, 0.5)).toEqual({
      alarms: 1,
      falseAlarms: 1,
      falseAlarmsPerHour: null,
      eventRecall: null,
    });
  });
});

test('alarms are judged one by one, with their frames', () => {
  const judged = judgeAlarms(
    [
      video('a', [0.1, 0.9, 0.9, 0.1, 0.3], [[17, 40], [66, 80]], 'anomalous'), // prettier-ignore
      video('b', [0.2, 0.7], [], 'normal'),
      video('c', [0.6, 0.1], null, null),
    ],
    { ...repeat16, threshold: 0.5 },
  );
  const rounded = judged.map((one) => ({ ...one, peak: Number(one.peak.toFixed(3)) }));
  expect(rounded).toEqual([
    { verdict: 'true', video: 0, startFrame: 16, endFrame: 47, peak: 0.9 },
    { verdict: 'false', video: 1, startFrame: 16, endFrame: 31, peak: 0.7 },
    { verdict: 'unjudged', video: 2, startFrame: 0, endFrame: 15, peak: 0.6 },
    { verdict: 'missed', video: 0, startFrame: 65, endFrame: 79, peak: 0.3, class: 'Fall' },
  ]);
});

test('scores are counted by the label of their video', () => {
  const { counts, scores } = scoreHistogram(
    [
      video('a', [0, 0.49, 1], null, 'anomalous'),
      video('b', [0.5, 0.51], null, 'normal'),
      video('c', [0.9], null, null),
    ],
    2,
  );
  expect([[...counts.normal], [...counts.anomalous]]).toEqual([
    [0, 2],
    [2, 1],
  ]);
  expect([0, 0.5, 0.505, 0.6].map((threshold) => countAbove(scores.normal, threshold))).toEqual([2, 2, 1, 0]);
  expect(countAbove(scores.anomalous, 1)).toBe(1);
});
