import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import { expandScores } from '../../../src/engine/evaluation/expand.ts';
import { averagePrecision, prAuc, rocAuc } from '../../../src/engine/evaluation/ranking.ts';
import { frameLabels } from '../../../src/engine/evaluation/truth.ts';
import { readSharedJson, sharedIsHere } from '../../shared.ts';

const casesOf = async <T>(name: string) =>
  (await readSharedJson<{ cases: T[] }>(`golden/${name}.json`))?.cases ?? [];
const unrolled = (runs: [number, number][]) =>
  runs.flatMap(([value, length]) => new Array<number>(length).fill(value));

describe.skipIf(!sharedIsHere)('evaluation against NumPy and scikit-learn', async () => {
  interface Ranking {
    tag: string;
    labels: number[];
    scores: number[];
    expected: Record<'roc_auc' | 'pr_auc_trapezoid' | 'average_precision', number | null>;
  }
  const rankings = await casesOf<Ranking>('pure_ranking_metrics');
  test.each(rankings.map((entry) => [entry.tag, entry] as const))(
    'ranking: %s',
    (_, { labels, scores, expected }) => {
      const figures = [rocAuc(labels, scores), prAuc(labels, scores), averagePrecision(labels, scores)];
      const wanted = [expected.roc_auc, expected.pr_auc_trapezoid, expected.average_precision];
      figures.forEach((figure, i) => {
        if (wanted[i] === null) expect(figure).toBeNull();
        else expect(Math.abs(figure! - wanted[i])).toBeLessThan(1e-9);
      });
    },
  );

  interface Expansion {
    rule: string;
    scores: number[];
    frames: number | null;
    expected?: number[];
    expected_rle?: [number, number][];
  }
  const expansions = (await casesOf<Expansion>('pure_expand')).filter(({ rule }) => rule === 'repeat16');
  test.each(expansions.map((entry, i) => [i, entry] as const))('repeat16, case %i', (_, entry) => {
    const expected = entry.expected ?? unrolled(entry.expected_rle!);
    const expanded = expandScores(entry.scores, entry.frames ?? entry.scores.length * 16);
    expect(Array.from(expanded)).toEqual(Array.from(Float32Array.from(expected)));
  });

  interface Truth {
    events: [number, number][];
    frames: number;
    rule: string;
    expected_rle: [number, number][];
  }
  const truths = (await casesOf<Truth>('pure_ground_truth')).filter(({ rule }) => rule === 'inclusive1');
  test.each(truths.map((entry, i) => [i, entry] as const))(
    'truth, case %i',
    (_, { events, frames, expected_rle }) => {
      const intervals = events
        .filter(([start]) => start >= 0)
        .map(([startFrame, endFrame]) => ({ class: 'x', startFrame, endFrame }));
      expect(Array.from(frameLabels(intervals, frames))).toEqual(unrolled(expected_rle));
    },
  );

  interface Dataset {
    videos: { name: string; abnormal: 0 | 1; labels: number[]; scores: number[] }[];
    expected: Record<string, number>;
  }
  const datasets = await casesOf<Dataset>('pure_dataset_metrics');
  test.each(datasets.map((entry, i) => [i, entry] as const))(
    'a whole dataset, case %i',
    (_, { videos, expected }) => {
      const figures = evaluate(
        videos.map(({ name, abnormal, labels, scores }) => ({
          name,
          scores,
          frames: labels.length,
          framesPerSecond: 25,
          label: abnormal ? 'anomalous' : 'normal',
          truth: { totalFrames: labels.length, intervals: intervalsOf(labels) },
          width: 1,
        })),
        { expansion: 'widths', threshold: 0.5 },
      );
      const pairs: [number | null, string][] = [
        [figures.frameAuc, 'frame_auc'],
        [figures.anomalySubsetAuc, 'anomaly_subset_auc'],
        [figures.videoAuc, 'video_auc_max'],
        [figures.prAuc, 'pr_auc_trapezoid'],
        [figures.averagePrecision, 'average_precision'],
        [figures.falseAlarmRate, 'false_alarm_all'],
      ];
      for (const [figure, key] of pairs) expect(figure, key).toBeCloseTo(expected[key], 6);
    },
  );
});

function intervalsOf(labels: readonly number[]) {
  const intervals: { class: string; startFrame: number; endFrame: number }[] = [];
  labels.forEach((label, i) => {
    if (label === 0) return;
    const last = intervals.at(-1);
    if (last?.endFrame === i) last.endFrame = i + 1;
    else intervals.push({ class: 'x', startFrame: i + 1, endFrame: i + 1 });
  });
  return intervals;
}
