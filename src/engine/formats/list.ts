/**
 * Lists (`name label [class...]`, label 0 normal, 1 anomalous) and truth files
 * (`name class totalFrames start1 end1 [start2 end2 ...]`, frames 1-based and inclusive, -1 for none).
 * `#` begins a comment only at the start of a line; fields are split at tabs if a line has one, else at blanks.
 */
import { Failure } from '../failure.ts';
import { MOST_FRAMES, type TruthInterval, type VideoTruth, type WeakLabel } from '../types.ts';

/** For messages. */
export const MOST_FRAMES_SAID = `more than ${MOST_FRAMES.toLocaleString('en')} frames`;

export interface ListEntry {
  name: string;
  label: WeakLabel;
  classes: string[];
}

/**
 * Reads a list of weak labels.
 * @throws Failure `format-invalid` naming the line
 */
export function parseList(text: string, file = 'list'): ListEntry[] {
  const entries = new Map<string, ListEntry>();
  for (const { fields, line } of lines(text)) {
    const [name, label, ...classes] = fields;
    if (label !== '0' && label !== '1') refuse(file, line, 'the label must be 0 (normal) or 1 (anomalous)');
    if (entries.has(name)) refuse(file, line, `${name} is listed twice`);
    entries.set(name, { name, label: label === '1' ? 'anomalous' : 'normal', classes });
  }
  return nonEmpty([...entries.values()], file);
}

/**
 * Reads a truth file. A video with several classes has a line for each.
 * @throws Failure `format-invalid` naming the line
 */
export function parseTruth(text: string, file = 'truth file'): Map<string, VideoTruth> {
  const truths = new Map<string, VideoTruth>();
  for (const { fields, line } of lines(text)) {
    const [name, className, total, ...rest] = fields;
    const numbers = [total, ...rest].map(Number);
    if (fields.length < 3 || numbers.some((n) => !Number.isInteger(n))) {
      refuse(file, line, 'expected "name class totalFrames start end ..." with whole numbers');
    }
    if (Math.max(...numbers) > MOST_FRAMES) refuse(file, line, `it names ${MOST_FRAMES_SAID}`);
    if (rest.length % 2 !== 0) refuse(file, line, 'an interval has a start and no end');
    const intervals: TruthInterval[] = [];
    for (let i = 1; i < numbers.length; i += 2) {
      const [startFrame, endFrame] = [numbers[i], numbers[i + 1]];
      if (startFrame < 0 || endFrame < 0) continue;
      if (endFrame < startFrame)
        refuse(file, line, `the interval ${startFrame} ${endFrame} ends before it starts`);
      intervals.push({ class: className, startFrame, endFrame });
    }
    const known = truths.get(name);
    const totalFrames = numbers[0] > 0 ? numbers[0] : null;
    if (known && known.totalFrames !== totalFrames)
      refuse(file, line, `${name} has two different frame counts`);
    truths.set(name, {
      totalFrames,
      intervals: [...(known?.intervals ?? []), ...intervals],
    });
  }
  nonEmpty([...truths], file);
  return truths;
}

/** One truth line per class of a video, in the order of the file format. */
export function formatTruth(name: string, truth: VideoTruth): string {
  const classes = new Map<string, TruthInterval[]>();
  for (const interval of truth.intervals) {
    classes.set(interval.class, [...(classes.get(interval.class) ?? []), interval]);
  }
  if (classes.size === 0) return `${name}\tNormal\t${truth.totalFrames ?? -1}\t-1\t-1\n`;
  return [...classes]
    .map(([className, intervals]) => {
      const frames = intervals.flatMap(({ startFrame, endFrame }) => [startFrame, endFrame]);
      return [name, className, truth.totalFrames ?? -1, ...frames].join('\t') + '\n';
    })
    .join('');
}

/** A file name without folders, extension and the suffixes that feature files carry: what lists call a video. */
export function videoName(path: string): string {
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return base.replace(/\.(npy|json|mp4|m4v|mov|mkv|webm|ts|avi)$/i, '');
}

/** The lines of a file that say something, in fields: split at tabs if a line has one, else at blanks. */
export function* lines(text: string): Generator<{ fields: string[]; line: number }> {
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (raw.startsWith('#') || raw.trim() === '') continue;
    const fields = raw.includes('\t') ? raw.split('\t').map((field) => field.trim()) : raw.trim().split(/ +/);
    yield { fields: fields.filter((field, i) => field !== '' || i === 0), line: index + 1 };
  }
}

function refuse(file: string, line: number, why: string): never {
  throw new Failure({ code: 'format-invalid', subject: `${file}, line ${line}`, what: `${why}.` });
}

function nonEmpty<T>(entries: T[], file: string): T[] {
  if (entries.length > 0) return entries;
  throw new Failure({ code: 'format-invalid', subject: file, what: 'It names no video.' });
}
