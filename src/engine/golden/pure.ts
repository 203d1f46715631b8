/** Fixtures of plain arithmetic: pooling, expansion, truth, figures of merit. */
import { classFigures, meanF1 } from '../evaluation/classes.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import {
  expandBags,
  expandGig,
  expandScores,
  expandSultani,
  gigWindowStarts,
  type GigWindows,
} from '../evaluation/expand.ts';
import { boxIou, iouAt, localise, meanIou } from '../evaluation/localisation.ts';
import { averagePrecision, prAuc, rocAuc, videoScore } from '../evaluation/ranking.ts';
import { gaussianFilter } from '../evaluation/smoothing.ts';
import { frameLabels, type TruthRule } from '../evaluation/truth.ts';
import { normalise, toBag } from '../features/bags.ts';
import { segmentBoundaries } from '../features/segments.ts';
import type { Box } from '../types.ts';
import { unknown, type Deviations, type Fixture, type Notes } from './fixture.ts';

interface PureNotes extends Notes {
  kind: 'pure';
  name: string;
  tolerance: { atol: number; rtol: number };
  cases: never[];
}

export type PureFixture = Fixture<PureNotes>;

type Figures = ArrayLike<number | null>;
/** What we found beside what is expected, for one case. */
type Comparison = [found: Figures, expected: Figures];
type Case = (entry: never) => Comparison[];

const unrolled = (runs: [number, number][]) =>
  runs.flatMap(([value, length]) => new Array<number>(length).fill(value));

/** The features of the pooling fixtures: ((7n + 3d) mod 32) / 16, `[N,D]`. */
function ramp(snippets: number, size: number, offset = 0) {
  const values = Float32Array.from({ length: snippets * size }, (_, i) => {
    const [n, d] = [Math.floor(i / size), i % size];
    return ((7 * n + 3 * d) % 32) / 16 + offset;
  });
  return { shape: [snippets, size], values };
}

interface Pool {
  N: number;
  T: number;
  D: number;
  clips: number;
  boundaries: number[];
  expected?: number[][];
  expected_first?: number[];
  expected_last?: number[];
}

/** All segments, or the first and the last where only those are told. */
function pooled(values: Float32Array, size: number, entry: Pool): Comparison[] {
  if (entry.expected) return [[values, entry.expected.flat()]];
  return [
    [values.slice(0, size), entry.expected_first!],
    [values.slice(-size), entry.expected_last!],
  ];
}

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

interface Classes {
  frames: number;
  ground_truth_frames: number[][];
  predicted_frames: number[][];
  expected: {
    per_class: Record<'tp' | 'fp' | 'fn' | 'precision' | 'recall' | 'f1', number>[];
    mf1: number;
  };
}

interface TubeCase {
  ground_truth: Record<string, Box>;
  prediction: Record<string, Box>;
  detector_frames: number[];
  expected: { gamma: number[]; s_loc: number; iou: Record<string, number> };
}

interface TubeAggregate {
  aggregate: true;
  s_loc: number[];
  eps: number[];
  expected: Record<string, number>;
}

interface Dataset {
  videos: { name: string; abnormal: 0 | 1; labels: number[]; scores: number[] }[];
  expected: Record<string, number | null>;
}

const cases: Record<string, Case> = {
  pure_pool_process_feat(entry: Pool) {
    const { values } = toBag(ramp(entry.N, entry.D), entry.T);
    return [[segmentBoundaries(entry.N, entry.T), entry.boundaries], ...pooled(values, entry.D, entry)];
  },

  pure_pool_linspace_rounding: ({ N, T, boundaries }: Pool) => [[segmentBoundaries(N, T), boundaries]],

  pure_pool_sultani32(entry: Pool) {
    const bag = toBag(ramp(entry.clips, entry.D, 0.125), 32, { pooling: 'sultani' });
    return pooled(normalise(bag, 'l2', null).values, entry.D, entry);
  },

  pure_pool_wsal_pad: (entry: Pool) =>
    pooled(toBag(ramp(entry.N, entry.D), entry.T, { pooling: 'pad' }).values, entry.D, entry),

  pure_crop_average({ crops, T, scores, expected }: Record<string, never>) {
    const mean = (t: number) => (scores as number[][]).reduce((sum, row) => sum + row[t], 0) / crops;
    return [[Array.from({ length: T }, (_, t) => mean(t)), expected]];
  },

  pure_expand(entry: Expansion) {
    const { rule, scores } = entry;
    const expected = entry.expected ?? unrolled(entry.expected_rle!);
    const frames = entry.frames ?? expected.length;
    switch (rule) {
      case 'repeat16':
      case 'wsal_ratio':
        return [[expandScores(scores, entry.frames ?? scores.length * 16, rule), expected]];
      case 'watanabe_bags':
        return [[expandBags(entry.bag_scores!, entry.snippets!, entry.split!), expected]];
      case 'gig': {
        const { window, stride, sigma, smooth } = entry;
        return [
          [gigWindowStarts(frames), entry.window_starts!],
          [expandGig(scores, frames, { window, stride, sigma, smooth }), expected],
        ];
      }
      default: {
        const tail = rule === 'sultani_hold' ? 'hold' : 'literal';
        return [[expandSultani(scores, entry.clips!, frames, tail), expected]];
      }
    }
  },

  pure_gaussian_filter: ({ x, sigma, expected }: { x: number[]; sigma: number; expected: number[] }) => [
    [gaussianFilter(x, sigma), expected],
  ],

  pure_ground_truth(entry: {
    events: [number, number][];
    frames: number;
    rule: TruthRule;
    expected_rle: [number, number][];
  }) {
    const intervals = entry.events.map(([startFrame, endFrame]) => ({ class: 'x', startFrame, endFrame }));
    return [[frameLabels(intervals, entry.frames, entry.rule), unrolled(entry.expected_rle)]];
  },

  pure_ranking_metrics({
    labels,
    scores,
    expected,
  }: {
    labels: number[];
    scores: number[];
    expected: Record<'roc_auc' | 'pr_auc_trapezoid' | 'average_precision', number | null>;
  }) {
    return [
      [
        [rocAuc(labels, scores), prAuc(labels, scores), averagePrecision(labels, scores)],
        [expected.roc_auc, expected.pr_auc_trapezoid, expected.average_precision],
      ],
    ];
  },

  pure_mf1({ frames, ground_truth_frames, predicted_frames, expected }: Classes) {
    const marked = (at: number[]) => Uint8Array.from({ length: frames }, (_, i) => Number(at.includes(i)));
    const figures = ground_truth_frames.map((at, i) => classFigures(marked(at), marked(predicted_frames[i])));
    const perClass = figures.map((f, i): Comparison => {
      const { tp, fp, fn, precision, recall, f1 } = expected.per_class[i];
      return [
        [f.truePositives, f.falsePositives, f.falseNegatives, f.precision, f.recall, f.f1],
        [tp, fp, fn, precision, recall, f1],
      ];
    });
    return [...perClass, [[meanF1(figures)], [expected.mf1]]];
  },

  pure_tubes(entry: TubeCase | TubeAggregate) {
    if ('aggregate' in entry) {
      const { s_loc, eps, expected } = entry;
      return [
        [
          [...eps.map((e) => iouAt(s_loc, e)), meanIou(s_loc)],
          [...eps.map((e) => expected[`IoU@${e}`]), expected.MIoU],
        ],
      ];
    }
    const byFrame = (boxes: Record<string, Box>) =>
      new Map(Object.entries(boxes).map(([frame, box]) => [Number(frame), box]));
    const [truth, predicted] = [byFrame(entry.ground_truth), byFrame(entry.prediction)];
    const { sLoc, frames } = localise(truth, predicted, entry.detector_frames);
    const overlaps = Object.keys(entry.expected.iou).map((frame) => {
      const [a, b] = [truth.get(Number(frame)), predicted.get(Number(frame))];
      return a && b ? boxIou(a, b) : 0;
    });
    return [
      [frames, entry.expected.gamma],
      [[sLoc], [entry.expected.s_loc]],
      [overlaps, Object.values(entry.expected.iou)],
    ];
  },

  pure_dataset_metrics({ videos, expected }: Dataset) {
    const all = figuresOf(videos);
    const videoAuc = (rule: 'max' | 'span') =>
      rocAuc(
        videos.map(({ abnormal }) => abnormal),
        videos.map(({ scores }) => videoScore(scores, rule)!),
      );
    const falseAlarms = (abnormal: 0 | 1) =>
      figuresOf(videos.filter((video) => video.abnormal === abnormal)).falseAlarmRate;
    const found = {
      frame_auc: all.frameAuc,
      anomaly_subset_auc: all.anomalySubsetAuc,
      video_auc_max: videoAuc('max'),
      video_auc_span: videoAuc('span'),
      pr_auc_trapezoid: all.prAuc,
      average_precision: all.averagePrecision,
      false_alarm_all: all.falseAlarmRate,
      false_alarm_normal_videos: falseAlarms(0),
      false_alarm_abnormal_videos: falseAlarms(1),
    };
    const names = Object.keys(found) as (keyof typeof found)[];
    return [
      [[all.videoAuc], [expected.video_auc_max]],
      [names.map((name) => found[name]), names.map((name) => expected[name])],
    ];
  },
};

function figuresOf(videos: Dataset['videos']) {
  return evaluate(
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
}

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

/** Relative spacing of float32, in which we keep features and scores. */
const FLOAT32 = 2 ** -23;

export function checkPure(fixture: PureFixture): Deviations {
  const { name, tolerance, cases: entries } = fixture.notes;
  const compare = cases[name];
  if (!compare) throw unknown(fixture, `the arithmetic "${name}"`);
  const errors: Deviations = {};
  entries.forEach((entry, i) => {
    const worst = compare(entry).map((comparison) => deviation(comparison, tolerance));
    errors[`case ${i}`] = Math.max(...worst);
  });
  return errors;
}

/** What is undefined there must be undefined here; arrays that we keep in float32 are allowed its rounding. */
function deviation([found, expected]: Comparison, { atol, rtol }: PureNotes['tolerance']): number {
  if (found.length !== expected.length) return Infinity;
  const relative = found instanceof Float32Array ? Math.max(rtol, FLOAT32) : rtol;
  let worst = 0;
  for (let i = 0; i < found.length; i++) {
    const [value, wanted] = [found[i], expected[i]];
    if (value === null || wanted === null) {
      if (value !== wanted) return Infinity;
    } else worst = Math.max(worst, Math.abs(value - wanted) / (atol + relative * Math.abs(wanted)));
  }
  return worst;
}
