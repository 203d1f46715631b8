/** Each switch of the protocol, through the one path that makes figures, against the fixtures and plain counting. */
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import type { ScoredVideo } from '../../../src/engine/evaluation/scored-video.ts';
import { EXPANSION_RULES } from '../../../src/engine/evaluation/expand.ts';
import { frameTable } from '../../../src/engine/evaluation/frames.ts';
import { DEFAULT_PROTOCOL, resolveProtocol, type Protocol } from '../../../src/engine/evaluation/protocol.ts';
import {
  alone,
  checkedOption,
  parseProtocol,
  presetOf,
  writeProtocol,
} from '../../../src/engine/evaluation/protocol-words.ts';
import { PRESETS, SWITCHES } from '../../../src/engine/evaluation/switches.ts';
import { TRUTH_RULES, countedFrames, type TruthRule } from '../../../src/engine/evaluation/truth.ts';
import { readSharedJson, sharedIsHere } from '../../shared.ts';

function video(
  name: string,
  scores: number[],
  events: [number, number][],
  more: { frames?: number; width?: number } = {},
) {
  const intervals = events.map(([startFrame, endFrame]) => ({ class: 'x', startFrame, endFrame }));
  const frames = more.frames ?? scores.length * 16;
  return {
    name,
    scores,
    frames,
    framesPerSecond: 25,
    label: events.length > 0 ? ('anomalous' as const) : ('normal' as const),
    truth: { totalFrames: frames, intervals },
    ...more,
  };
}

/** The share of pairs, an anomalous frame and a normal one, that are ranked rightly: ROC-AUC as it is defined. */
function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  let [won, pairs] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < labels.length; j++) {
      if (!(labels[i] > 0 && labels[j] === 0)) continue;
      pairs++;
      won += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    }
  }
  return won / pairs;
}

const VIDEOS = [
  video('a', [0.1, 0.35, 0.9, 0.3], [[30, 45]]),
  video('b', [0.55, 0.5, 0.6, 0.65, 0.52], [[49, 60]]),
  video('c', [0.4, 0.7, 0.2], []),
  video('d', [0.05, 0.15, 0.1, 0.2], []),
];
const frameAuc = (protocol: Partial<Protocol>, videos: readonly ScoredVideo[] = VIDEOS) =>
  evaluate(videos, { ...protocol, threshold: 0.5 }).frameAuc;

describe('each switch alone', () => {
  /** Frame labels and scores of a video, counted here once more. */
  const framesOf = ({ scores, frames, truth }: (typeof VIDEOS)[number]) => ({
    labels: Array.from({ length: frames! }, (_, f) =>
      Number(truth.intervals.some(({ startFrame, endFrame }) => f >= startFrame - 1 && f < endFrame)),
    ),
    scores: Array.from({ length: frames! }, (_, f) => scores[Math.floor(f / 16)]),
  });
  const pooled = (tables: { labels: number[]; scores: number[] }[]) =>
    auc(
      tables.flatMap(({ labels }) => labels),
      tables.flatMap(({ scores }) => scores),
    );
  const tables = VIDEOS.map(framesOf);
  const [a, b, c, d] = tables;
  const stretch = ({ labels, scores }: typeof a) => {
    const [low, high] = [Math.min(...scores), Math.max(...scores)];
    return {
      labels,
      scores: scores.map((score) =>
        Math.fround((Math.fround(score) - Math.fround(low)) / (Math.fround(high) - Math.fround(low))),
      ),
    };
  };

  test('averages: all frames, each video, pairs', () => {
    expect(frameAuc({})).toBeCloseTo(pooled(tables), 12);
    expect(frameAuc({ average: 'macro' })).toBeCloseTo((pooled([a]) + pooled([b])) / 2, 12);
    expect(frameAuc({ average: 'pairs' })).toBeCloseTo((pooled([a, c]) + pooled([b, d])) / 2, 12);
    expect(frameAuc({ average: 'macro' })).not.toBeCloseTo(frameAuc({})!, 3);
  });

  test('without normal videos', () => {
    const figures = evaluate(VIDEOS, { subset: 'anomalous', threshold: 0.5 });
    expect(figures.frameAuc).toBeCloseTo(pooled([a, b]), 12);
    expect(figures.frameAuc).toBe(evaluate(VIDEOS, { threshold: 0.5 }).anomalySubsetAuc);
    expect(figures.frames).toBe(a.labels.length + b.labels.length);
    expect(figures.videoAuc).toBe(evaluate(VIDEOS, { threshold: 0.5 }).videoAuc);
  });

  test('scores stretched per video, or of anomalous videos only', () => {
    expect(frameAuc({ normalise: 'video' })).toBeCloseTo(pooled(tables.map(stretch)), 6);
    expect(frameAuc({ normalise: 'anomalous' })).toBeCloseTo(pooled([stretch(a), stretch(b), c, d]), 6);
    const flat = frameTable(video('e', [0.7, 0.7], []), { normalise: 'video' })!;
    expect([...new Set(flat.scores)]).toEqual([0]);
  });

  test('the span of scores ranks videos otherwise', () => {
    const videos = [video('a', [0.7, 0.69], [[1, 4]]), video('b', [0.2, 0.4], [])];
    expect(evaluate(videos, { threshold: 0.5 }).videoAuc).toBe(1);
    expect(evaluate(videos, { videoScore: 'span', threshold: 0.5 }).videoAuc).toBe(0);
  });

  test('every option of every switch is taken, and all but the step’s and the video score’s change the figure', () => {
    const at = (protocol: Partial<Protocol>) =>
      evaluate(
        VIDEOS.map((v) => ({ ...v, width: 9 })),
        { ...protocol, threshold: 0.5 },
      );
    // The last frame of truth differs between readings of its intervals, and lengths differ where frames do not fill snippets.
    const long = video(
      'e',
      Array.from({ length: 20 }, (_, i) => i / 40),
      [[290, 320]],
    );
    const odd = [...VIDEOS, long].map((v) => ({
      ...v,
      width: 9,
      frames: v.frames! - 5,
      truth: { ...v.truth, totalFrames: v.frames! - 5 },
    }));
    const same: string[] = [];
    for (const { key, options, detail } of SWITCHES) {
      expect(options[0].value).toBe(DEFAULT_PROTOCOL[key]);
      for (const { value } of options.slice(1)) {
        const told = { [key]: value, ...(detail?.of.includes(value as string) && { bag: 2, sigma: 3 }) };
        const figures = evaluate(odd, { ...told, threshold: 0.5 });
        expect(figures.protocol).toMatchObject({ [key]: value });
        if (figures.frameAuc === evaluate(odd, { threshold: 0.5 }).frameAuc) same.push(`${key}=${value}`);
      }
    }
    expect(at({}).frameAuc).not.toBeNull();
    expect(same).toEqual([
      'truth=wsal',
      'videoScore=span',
      'selection=last',
      'selection=val',
      'selection=test',
    ]);
  });

  test('a protocol of defaults is what was there before it', () => {
    expect(evaluate(VIDEOS, { ...DEFAULT_PROTOCOL, threshold: 0.5 })).toEqual(
      evaluate(VIDEOS, { threshold: 0.5 }),
    );
  });
});

test('the totals of UCF-Crime that are in circulation follow from how frames are counted', () => {
  // Assault006 has 8096 frames, which divide by 16: 506 snippets, of which an extractor that loses the last keeps 505.
  expect(
    (['frames', 'ceil16', 'floor16', 'drop_last'] as const).map((rule) => countedFrames(8096, rule)),
  ).toEqual([8096, 8096, 8096, 8080]);
  expect(
    (['frames', 'ceil16', 'floor16', 'drop_last'] as const).map((rule) => countedFrames(1412, rule)),
  ).toEqual([1412, 1424, 1408, 1408]);
  expect((['ceil16', 'floor16', 'drop_last'] as const).map((rule) => countedFrames(5, rule))).toEqual([
    16, 0, 0,
  ]);
  const short = { ...video('a', [0.5], []), frames: 5, truth: null };
  expect(evaluate([short], { length: 'floor16', threshold: 0.5 }).mismatches).toEqual([
    { name: 'a', what: 'has 5 frames, which make no whole snippet, and is left out' },
  ]);
});

test('classes are decided before frames copy a score, and after they average some', () => {
  const told = {
    ...video('a', [0.6, 0.6, 0.2], [[1, 32]]),
    classScores: { names: ['x'], values: [0.5, 0.5, 0.1] },
  };
  const mf1 = (protocol: Partial<Protocol>) => evaluate([told], { ...protocol, threshold: 0.5 }).mf1;
  expect(mf1({})).toBe(1);
  expect(mf1({ expansion: 'watanabe_bags', bag: 3 })).toBe(0); // a mean of 0.367 says no
  expect(mf1({ expansion: 'watanabe_bags', bag: 2 })).toBe(1);
});

describe('in words', () => {
  test('a protocol is read back as it is written, presets stand for what they set, and the later word wins', () => {
    const told = { average: 'macro', sigma: 3, smoothing: 'frames' } as const;
    expect(parseProtocol(writeProtocol(told))).toEqual(told);
    expect(parseProtocol('rtfm, subset=anomalous,length=frames')).toEqual({
      truth: 'inclusive0',
      length: 'frames',
      selection: 'test',
      subset: 'anomalous',
    });
    expect(parseProtocol('')).toEqual({});
    for (const { id, protocol } of PRESETS) expect(presetOf(protocol)).toBe(id);
    expect(presetOf({ average: 'macro' })).toBeNull();
  });

  test('GIG’s windows bring their Gaussian unless smoothing is told', () => {
    expect(resolveProtocol({ expansion: 'gig' }).smoothing).toBe('frames');
    expect(resolveProtocol({ expansion: 'gig', smoothing: 'none' }).smoothing).toBe('none');
    expect(alone('smoothing', { expansion: 'gig', smoothing: 'scores', sigma: 4 })).toEqual({
      smoothing: 'scores',
      sigma: 4,
    });
  });

  test.each([
    ['avrage=macro', /protocol avrage: There is no such switch: average, subset/],
    ['average=median', /protocol average=median: It is one of micro, macro, pairs/],
    ['mgnf', /protocol mgnf: There is no protocol of that name: default, rtfm/],
    ['sigma=x', /sigma=x: It is a number from 0 to 1000/],
    ['bag=1.5', /bag=1.5: It is a whole number from 1/],
  ])('%s is refused, with what there is', (text, message) => {
    expect(() => parseProtocol(text)).toThrow(message);
  });

  test('every rule is an option, and every option says in a sentence who uses it', () => {
    const values = (key: string) =>
      SWITCHES.find((own) => own.key === key)!
        .options.map(({ value }) => value)
        .sort();
    expect(values('expansion')).toEqual([...EXPANSION_RULES].sort());
    expect(values('truth')).toEqual([...TRUTH_RULES].sort());
    for (const { options } of SWITCHES) for (const { by } of options) expect(by).toMatch(/^.{10,}\.$/);
    expect(checkedOption('bag', '21')).toBe(21);
  });
});

const fixture = async <T>(name: string) =>
  (await readSharedJson<{ cases: T[] }>(`golden/${name}.json`))!.cases;
const unrolled = (runs: [number, number][]) =>
  runs.flatMap(([value, length]) => new Array<number>(length).fill(value));

describe.runIf(sharedIsHere)('the fixtures, through the protocol', () => {
  test('pure_dataset_metrics: pooled, anomalous only, and the mean per video', async () => {
    interface Case {
      videos: { name: string; abnormal: 0 | 1; labels: number[]; scores: number[] }[];
      expected: Record<string, number | null>;
    }
    for (const { videos, expected } of await fixture<Case>('pure_dataset_metrics')) {
      const scored = videos.map(({ name, labels, scores, abnormal }) => ({
        ...video(
          name,
          scores,
          labels.flatMap((label, i): [number, number][] => (label ? [[i + 1, i + 1]] : [])),
          { frames: labels.length },
        ),
        label: abnormal ? ('anomalous' as const) : ('normal' as const),
        width: 1,
      }));
      const at = (protocol: Partial<Protocol>) =>
        evaluate(scored, { expansion: 'widths', ...protocol, threshold: 0.5 });
      const close = (found: number | null, wanted: number | null) =>
        wanted === null ? expect(found).toBeNull() : expect(found).toBeCloseTo(wanted, 9);
      close(at({}).frameAuc, expected.frame_auc);
      close(at({}).prAuc, expected.pr_auc_trapezoid);
      close(at({}).averagePrecision, expected.average_precision);
      close(at({ subset: 'anomalous' }).frameAuc, expected.anomaly_subset_auc);
      close(at({ subset: 'anomalous' }).falseAlarmRate, expected.false_alarm_abnormal_videos);
      close(at({ average: 'macro' }).frameAuc, expected.mean_per_video_auc_do_not_use);
      close(at({ videoScore: 'max' }).videoAuc, expected.video_auc_max);
      close(at({ videoScore: 'span' }).videoAuc, expected.video_auc_span);
    }
  });

  test('pure_expand: every rule', async () => {
    interface Case {
      rule: Protocol['expansion'];
      scores: number[];
      frames: number | null;
      smooth?: 'none' | 'frames' | 'windows';
      sigma?: number;
      bag_scores?: number[];
      split?: number;
      snippets?: number;
      expected?: number[];
      expected_rle?: [number, number][];
    }
    const cases = (await fixture<Case>('pure_expand')).map((entry) => {
      const { rule, smooth, sigma, split, snippets, bag_scores } = entry;
      const expected = entry.expected ?? unrolled(entry.expected_rle!);
      const scores = bag_scores ?? entry.scores;
      const smoothing = smooth === 'windows' ? ('scores' as const) : smooth;
      const frames = entry.frames ?? (snippets ? snippets * 16 : scores.length * 16);
      return { expected, scores, frames, protocol: { expansion: rule, smoothing, sigma, bag: split } };
    });
    expect(cases.length).toBe(43);
    for (const { expected, scores, frames, protocol } of cases) {
      const table = frameTable(video('a', scores, [], { frames }), protocol)!;
      expect(table.scores).toHaveLength(expected.length);
      table.scores.forEach((score, frame) =>
        expect(
          Math.abs(score - expected[frame]),
          `${protocol.expansion} ${protocol.smoothing} frame ${frame}`,
        ).toBeLessThan(1e-6),
      );
    }
  });

  test('pure_gaussian_filter: over scores of one frame each', async () => {
    for (const { x, sigma, expected } of await fixture<{ x: number[]; sigma: number; expected: number[] }>(
      'pure_gaussian_filter',
    )) {
      const one = video('a', x, [], { frames: x.length, width: 1 });
      for (const smoothing of ['frames', 'scores'] as const) {
        const { scores } = frameTable(one, { expansion: 'widths', smoothing, sigma })!;
        scores.forEach((score, frame) => expect(score).toBeCloseTo(expected[frame], 6));
      }
    }
  });

  test('pure_ground_truth: every reading of an interval', async () => {
    for (const entry of await fixture<{
      events: [number, number][];
      frames: number;
      rule: TruthRule;
      expected_rle: [number, number][];
    }>('pure_ground_truth')) {
      const { labels } = frameTable(video('a', [0.5], entry.events, { frames: entry.frames }), {
        truth: entry.rule,
      })!;
      expect([...labels]).toEqual(unrolled(entry.expected_rle));
    }
  });
});
