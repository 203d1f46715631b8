import { describe, expect, test } from 'vitest';
import { classFigures, meanF1 } from '../../../src/engine/evaluation/classes.ts';
import { evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import {
  expandBags,
  expandGig,
  expandScores,
  expandSultani,
  gigWindowStarts,
  type GigWindows,
} from '../../../src/engine/evaluation/expand.ts';
import { boxIou, iouAt, localise, meanIou, type Box } from '../../../src/engine/evaluation/localisation.ts';
import { averagePrecision, prAuc, rocAuc, videoScore } from '../../../src/engine/evaluation/ranking.ts';
import { gaussianFilter } from '../../../src/engine/evaluation/smoothing.ts';
import { frameLabels, type TruthRule } from '../../../src/engine/evaluation/truth.ts';
import { readSharedJson, sharedIsHere } from '../../shared.ts';

const casesOf = async <T>(name: string) =>
  (await readSharedJson<{ cases: T[] }>(`golden/${name}.json`))?.cases ?? [];
const unrolled = (runs: [number, number][]) =>
  runs.flatMap(([value, length]) => new Array<number>(length).fill(value));

/** Within the tolerance of the files, 1e-9 absolute and relative; what is undefined there is undefined here. */
function expectClose(found: ArrayLike<number | null>, expected: ArrayLike<number | null>) {
  expect(found.length).toBe(expected.length);
  const isClose = (value: number | null, wanted: number | null) =>
    value === null || wanted === null
      ? value === wanted
      : Math.abs(value - wanted) <= 1e-9 + 1e-9 * Math.abs(wanted);
  const pairs = Array.from(found, (value, i) => ({ i, value, wanted: expected[i] }));
  expect(pairs.filter(({ value, wanted }) => !isClose(value, wanted))).toEqual([]);
}

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

  interface Expansion extends Partial<GigWindows> {
    rule: 'repeat16' | 'wsal_ratio' | 'sultani_literal' | 'sultani_hold' | 'watanabe_bags' | 'gig';
    scores: number[];
    frames: number | null;
    clips?: number;
    bag_scores?: number[];
    split?: number;
    snippets?: number;
    window_starts?: number[];
    expected?: number[];
    expected_rle?: [number, number][];
  }
  const expansions = await casesOf<Expansion>('pure_expand');
  test.each(expansions.map((entry, i) => [entry.rule, i, entry] as const))(
    'expansion %s, case %i',
    (rule, _, entry) => {
      const expected = entry.expected ?? unrolled(entry.expected_rle!);
      const { scores } = entry;
      const frames = entry.frames ?? expected.length;
      if (rule === 'repeat16' || rule === 'wsal_ratio') {
        const expanded = expandScores(scores, entry.frames ?? scores.length * 16, rule);
        expect(Array.from(expanded)).toEqual(Array.from(Float32Array.from(expected)));
      } else if (rule === 'watanabe_bags') {
        expectClose(expandBags(entry.bag_scores!, entry.snippets!, entry.split!), expected);
      } else if (rule === 'gig') {
        const { window, stride, sigma, smooth } = entry;
        expect(gigWindowStarts(frames)).toEqual(entry.window_starts);
        expectClose(expandGig(scores, frames, { window, stride, sigma, smooth }), expected);
      } else {
        const tail = rule === 'sultani_hold' ? 'hold' : 'literal';
        expectClose(expandSultani(scores, entry.clips!, frames, tail), expected);
      }
    },
  );

  const filters = await casesOf<{ x: number[]; sigma: number; expected: number[] }>('pure_gaussian_filter');
  test.each(filters.map((entry, i) => [i, entry] as const))(
    'gaussian filter, case %i',
    (_, { x, sigma, expected }) => expectClose(gaussianFilter(x, sigma), expected),
  );

  interface Truth {
    events: [number, number][];
    frames: number;
    rule: TruthRule;
    expected_rle: [number, number][];
  }
  const truths = await casesOf<Truth>('pure_ground_truth');
  test.each(truths.map((entry, i) => [entry.rule, i, entry] as const))(
    'truth %s, case %i',
    (rule, _, { events, frames, expected_rle }) => {
      const intervals = events.map(([startFrame, endFrame]) => ({ class: 'x', startFrame, endFrame }));
      expect(Array.from(frameLabels(intervals, frames, rule))).toEqual(unrolled(expected_rle));
      if (rule === 'inclusive1')
        expect(frameLabels(intervals, frames)).toEqual(frameLabels(intervals, frames, rule));
    },
  );

  interface Classes {
    frames: number;
    ground_truth_frames: number[][];
    predicted_frames: number[][];
    expected: {
      per_class: Record<'tp' | 'fp' | 'fn' | 'precision' | 'recall' | 'f1', number>[];
      mf1: number;
    };
  }
  const classes = await casesOf<Classes>('pure_mf1');
  test.each(classes.map((entry, i) => [i, entry] as const))('classes, case %i', (_, entry) => {
    const { frames, ground_truth_frames, predicted_frames, expected } = entry;
    const marked = (at: number[]) => Uint8Array.from({ length: frames }, (_, i) => Number(at.includes(i)));
    const figures = ground_truth_frames.map((at, i) => classFigures(marked(at), marked(predicted_frames[i])));
    expect(figures.length).toBe(expected.per_class.length);
    figures.forEach((f, i) => {
      const { tp, fp, fn, precision, recall, f1 } = expected.per_class[i];
      expectClose(
        [f.truePositives, f.falsePositives, f.falseNegatives, f.precision, f.recall, f.f1],
        [tp, fp, fn, precision, recall, f1],
      );
    });
    expectClose([meanF1(figures)], [expected.mf1]);
  });

  interface TubeCase {
    ground_truth: Record<string, Box>;
    prediction: Record<string, Box>;
    detector_frames: number[];
    expected: { gamma: number[]; s_loc: number; iou: Record<string, number> };
  }
  interface Aggregate {
    aggregate: true;
    s_loc: number[];
    eps: number[];
    expected: Record<string, number>;
  }
  const tubes = await casesOf<TubeCase | Aggregate>('pure_tubes');
  test.each(tubes.map((entry, i) => [i, entry] as const))('tubes, case %i', (_, entry) => {
    if ('aggregate' in entry) {
      const { s_loc, eps, expected } = entry;
      expectClose(
        [...eps.map((e) => iouAt(s_loc, e)), meanIou(s_loc)],
        [...eps.map((e) => expected[`IoU@${e}`]), expected.MIoU],
      );
      return;
    }
    const [truth, predicted] = [entry.ground_truth, entry.prediction].map(
      (boxes) => new Map(Object.entries(boxes).map(([frame, box]) => [Number(frame), box])),
    );
    const { sLoc, frames } = localise(truth, predicted, entry.detector_frames);
    expect(frames).toEqual(entry.expected.gamma);
    expectClose([sLoc], [entry.expected.s_loc]);
    for (const [frame, iou] of Object.entries(entry.expected.iou)) {
      const [a, b] = [truth.get(Number(frame)), predicted.get(Number(frame))];
      expectClose([a && b ? boxIou(a, b) : 0], [iou]);
    }
  });

  interface Dataset {
    videos: { name: string; abnormal: 0 | 1; labels: number[]; scores: number[] }[];
    expected: Record<string, number | null>;
  }
  const datasets = await casesOf<Dataset>('pure_dataset_metrics');
  test.each(datasets.map((entry, i) => [i, entry] as const))(
    'a whole dataset, case %i',
    (_, { videos, expected }) => {
      const figuresOf = (chosen: Dataset['videos']) =>
        evaluate(
          chosen.map(({ name, abnormal, labels, scores }) => ({
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
      const figures = figuresOf(videos);
      const videoAuc = (rule: 'max' | 'span') =>
        rocAuc(
          videos.map(({ abnormal }) => abnormal),
          videos.map(({ scores }) => videoScore(scores, rule)!),
        );
      const pairs: [number | null, string][] = [
        [figures.frameAuc, 'frame_auc'],
        [figures.anomalySubsetAuc, 'anomaly_subset_auc'],
        [figures.videoAuc, 'video_auc_max'],
        [videoAuc('max'), 'video_auc_max'],
        [videoAuc('span'), 'video_auc_span'],
        [figures.prAuc, 'pr_auc_trapezoid'],
        [figures.averagePrecision, 'average_precision'],
        [figures.falseAlarmRate, 'false_alarm_all'],
        [figuresOf(videos.filter((v) => !v.abnormal)).falseAlarmRate, 'false_alarm_normal_videos'],
        [figuresOf(videos.filter((v) => v.abnormal)).falseAlarmRate, 'false_alarm_abnormal_videos'],
      ];
      expectClose(
        pairs.map(([figure]) => figure),
        pairs.map(([, key]) => expected[key]),
      );
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
