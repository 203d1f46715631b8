/** A dataset in our own files: lists of weak labels, truth, and the widths of segments. */
import { lengthOf, type LengthRule } from '../evaluation/lengths.ts';
import { Failure } from '../failure.ts';
import { formatTruth } from '../formats/list.ts';
import type { Part, TruthBoxes, VideoTruth } from '../types.ts';
import type { Dataset, DatasetVideo } from './dataset.ts';

/** Videos that have features; the others are in the report. */
const present = ({ videos }: Dataset, part: Part) =>
  videos.filter((video) => video.part === part && video.sources.length > 0);

/** `name label [class...]` of the videos of a part that have features and a label. */
export function listOf(dataset: Dataset, part: Part): string {
  return present(dataset, part)
    .filter(({ label }) => label !== null)
    .map(({ name, label, classes }) => `${[name, label === 'anomalous' ? 1 : 0, ...classes].join('\t')}\n`)
    .join('');
}

/**
 * What is true of every video that has features, each as long as a rule makes it. A normal video needs no annotation;
 * one that is to be judged, is anomalous and has none is left out.
 */
export function truthsOf(dataset: Dataset, rule: LengthRule): Map<string, VideoTruth> {
  const truths = new Map<string, VideoTruth>();
  for (const video of [...present(dataset, 'train'), ...present(dataset, 'test')]) {
    const isNormal = video.label === 'normal' && video.part === 'test';
    const truth = dataset.truths.get(video.name) ?? (isNormal ? { intervals: [] } : null);
    if (truth) truths.set(video.name, { ...truth, totalFrames: framesOf(video, rule) });
  }
  return truths;
}

/** The boxes of every video that has features. */
export function boxesOf(dataset: Dataset): Map<string, TruthBoxes> {
  const named = new Set([...present(dataset, 'train'), ...present(dataset, 'test')].map(({ name }) => name));
  return new Map([...dataset.boxes].filter(([name]) => named.has(name)));
}

/** The truth file of the videos to be judged. */
export function truthFileOf(dataset: Dataset, rule: LengthRule): string {
  const truths = truthsOf(dataset, rule);
  return present(dataset, 'test')
    .flatMap(({ name }) => (truths.has(name) ? formatTruth(name, truths.get(name)!) : []))
    .join('');
}

/**
 * F under a rule; where nobody says how long a video is, as long as its rows make it.
 * @throws Failure `config-invalid` where the rule counts rows as 16 frames each and they stand for others
 */
export function framesOf({ name, frames, shape, rowFrames }: DatasetVideo, rule: LengthRule): number | null {
  if (rule === 'rows16' && rowFrames !== null)
    throw new Failure({
      code: 'config-invalid',
      subject: name,
      what: `Its rows stand for ${rowFrames} frames each, not for 16: the length rows16 is none for segments.`,
      next: 'Choose another rule, such as frames.',
    });
  const rows = shape?.[0] ?? null;
  const known = frames ?? (rows === null ? null : Math.round(rows * (rowFrames ?? 16)));
  return lengthOf(rule, known, rows);
}

/**
 * `name width` of the videos whose rows are no snippets of 16 frames; empty where there are none. A width has a decimal
 * point, which is what tells it from a count of frames.
 */
export function widthsOf(dataset: Dataset): string {
  const wide = dataset.videos.some(({ rowFrames }) => rowFrames !== null);
  if (!wide) return '';
  return present(dataset, 'test')
    .map(({ name, rowFrames }) => `${name}\t${withPoint(rowFrames ?? 16)}\n`)
    .join('');
}

const withPoint = (width: number) => (Number.isInteger(width) ? width.toFixed(1) : String(width));
