/**
 * What an import comes to, video by video: what was found, what is missing, what disagrees, and how many frames each
 * convention of the field makes of it. Plain data: the page shows it, the command line prints it.
 */
import { lengthOf, LENGTH_RULES, type LengthRule } from '../evaluation/lengths.ts';
import { frameLabels } from '../evaluation/truth.ts';
import { SNIPPET_FRAMES, type Part, type WeakLabel } from '../types.ts';
import type { Dataset, Problem } from './dataset.ts';

/** What becomes of a video under one rule for its length. */
export interface LengthChoice {
  rule: LengthRule;
  frames: number;
  /** Frames that are anomalous under this length; null without truth. */
  positives: number | null;
  /** Frames of scores that fall off behind the end, and frames that have none of their own and keep the last one. */
  cut: number;
  held: number;
}

export interface ReportRow {
  name: string;
  part: Part;
  label: WeakLabel | null;
  classes: string[];
  files: number;
  shape: readonly number[] | null;
  frames: number | null;
  rowFrames: number | null;
  /** Annotated intervals; null without truth. */
  intervals: number | null;
  /** Frames with annotated boxes; null without any. */
  boxes: number | null;
  problems: Problem[];
  lengths: LengthChoice[];
}

/** One rule over all videos of the test part that have a truth. */
export interface LengthTotal extends LengthChoice {
  videos: number;
}

export interface ImportReport {
  dataset: string;
  because: string;
  totals: {
    videos: number;
    train: number;
    test: number;
    normal: number;
    anomalous: number;
    unlabelled: number;
    /** With features, and with truth. */
    features: number;
    truths: number;
    boxes: number;
    problems: number;
  };
  lengths: LengthTotal[];
  texts: Dataset['texts'];
  ignored: Dataset['ignored'];
  notes: string[];
  videos: ReportRow[];
}

export function importReport(dataset: Dataset): ImportReport {
  const videos = dataset.videos.map((video): ReportRow => {
    const { name, part, label, classes, sources, shape, frames, rowFrames, problems } = video;
    const truth = dataset.truths.get(name);
    const rows = shape?.[0] ?? null;
    const lengths = LENGTH_RULES.flatMap((rule): LengthChoice[] => {
      const length = lengthOf(rule, frames, rows);
      if (length === null || (rule === 'rows16' && rowFrames !== null)) return [];
      const covered = rows === null ? length : Math.round(rows * (rowFrames ?? SNIPPET_FRAMES));
      const isWhole = rowFrames !== null; // the last row goes to the end
      return [
        {
          rule,
          frames: length,
          positives: truth ? frameLabels(truth.intervals, length).reduce((sum, one) => sum + one, 0) : null,
          cut: Math.max(0, covered - length),
          held: isWhole ? 0 : Math.max(0, length - covered),
        },
      ];
    });
    const intervals = truth ? truth.intervals.length : null;
    const files = sources.length;
    const own = dataset.boxes.get(name);
    const boxes = own ? Object.keys(own.byFrame).length : null;
    const known = { name, part, label, classes, files, shape, frames, rowFrames };
    return { ...known, intervals, boxes, problems, lengths };
  });
  const count = (is: (row: ReportRow) => boolean) => videos.filter(is).length;
  return {
    dataset: dataset.convention.title,
    because: dataset.because,
    totals: {
      videos: videos.length,
      train: count(({ part }) => part === 'train'),
      test: count(({ part }) => part === 'test'),
      normal: count(({ label }) => label === 'normal'),
      anomalous: count(({ label }) => label === 'anomalous'),
      unlabelled: count(({ label }) => label === null),
      features: count(({ files }) => files > 0),
      truths: dataset.truths.size,
      boxes: dataset.boxes.size,
      problems: count(({ problems }) => problems.length > 0),
    },
    lengths: LENGTH_RULES.flatMap((rule) => totalOf(rule, videos)),
    texts: dataset.texts,
    ignored: dataset.ignored,
    notes: dataset.notes,
    videos,
  };
}

/** A rule counts only where every judged video has a length under it: part of a total compares with nothing. */
function totalOf(rule: LengthRule, videos: readonly ReportRow[]): LengthTotal[] {
  const judged = videos.filter(
    ({ part, files, intervals }) => part === 'test' && files > 0 && intervals !== null,
  );
  const choices = judged.flatMap(({ lengths }) => lengths.find((one) => one.rule === rule) ?? []);
  if (choices.length === 0 || choices.length < judged.length) return [];
  const sum = (of: (one: LengthChoice) => number) => choices.reduce((total, one) => total + of(one), 0);
  return [
    {
      rule,
      videos: choices.length,
      frames: sum(({ frames }) => frames),
      positives: sum(({ positives }) => positives ?? 0),
      cut: sum(({ cut }) => cut),
      held: sum(({ held }) => held),
    },
  ];
}

/** The report as a table of tab-separated values: a line per video. */
export function reportTable({ videos }: ImportReport): string {
  const head = [
    'video',
    'part',
    'label',
    'classes',
    'files',
    'shape',
    'frames',
    'framesPerRow',
    'intervals',
    'boxes',
  ];
  const lines = videos.map((row) => {
    const { name, part, label, classes, files, shape, frames, rowFrames, intervals, boxes } = row;
    const { problems, lengths } = row;
    return [
      ...[name, part, label ?? '', classes.join(' '), files, shape?.join(' x ') ?? ''],
      ...[frames ?? '', rowFrames ?? '', intervals ?? '', boxes ?? ''],
      ...LENGTH_RULES.map((rule) => lengths.find((one) => one.rule === rule)?.frames ?? ''),
      problems.map(({ what }) => what).join('; '),
    ].join('\t');
  });
  return `${[[...head, ...LENGTH_RULES, 'problems'].join('\t'), ...lines].join('\n')}\n`;
}
