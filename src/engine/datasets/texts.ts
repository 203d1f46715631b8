/**
 * The text files that come with datasets, told apart by the shape of their lines. What they say is turned into our
 * terms: a label, classes, frames from 1 and inclusive. A line's place in its file says nothing.
 */
import { MOST_FRAMES, type FrameInterval, type WeakLabel } from '../types.ts';

/** What one line says of a video. */
export interface Said {
  /** As it stands there: a name, or a path. */
  path: string;
  label?: WeakLabel;
  /** Classes of anomaly. */
  classes?: string[];
  totalFrames?: number;
  /** Where its anomalies are; absent where the line does not tell, empty where it tells that there are none. */
  intervals?: (FrameInterval & { class?: string })[];
  /** Frames that a row of features stands for. */
  width?: number;
}

export type TextFormat =
  | 'list'
  | 'truth'
  | 'ucf'
  | 'ur-dmu'
  | 'umil'
  | 'frames-none'
  | 'bar'
  | 'mist'
  | 'words'
  | 'xd'
  | 'frames'
  | 'widths'
  | 'names';

interface Grammar {
  id: TextFormat;
  /** What a line looks like. */
  line: string;
  separator: RegExp;
  /** Null where a line is of another kind. */
  read(fields: readonly string[]): Said | null;
}

export interface DatasetText {
  file: string;
  format: TextFormat;
  /** What a line of it looks like. */
  line: string;
  said: Said[];
  /** Numbers of the lines that are of another kind. */
  unread: number[];
  /** Of those that name more frames than a video can have: they say nothing. */
  beyond: number[];
}

/** Share of a file's lines that must be of one kind. */
const ENOUGH = 0.8;

/** Reads a text; null where its lines are of no kind that is known, as those of a README. */
export function readText(text: string, file: string): DatasetText | null {
  const rows = text
    .split(/\r?\n/)
    .map((raw, i) => ({ raw: raw.trim(), line: i + 1 }))
    .filter(({ raw }) => raw !== '' && !raw.startsWith('#') && !isHeader(raw));
  if (rows.length === 0) return null;
  let best: DatasetText | null = null;
  let most = 0;
  for (const { id, line, separator, read } of GRAMMARS) {
    const said: Said[] = [];
    const unread: number[] = [];
    const beyond: number[] = [];
    for (const { raw, line } of rows) {
      const fields = (raw.includes('\t') && separator === BLANKS ? raw.split('\t') : raw.split(separator))
        .map((field) => field.trim())
        .filter((field) => field !== '');
      const one = fields.length > 0 ? read(fields) : null;
      if (!one) unread.push(line);
      else if (isBeyond(one)) beyond.push(line);
      else said.push(one);
    }
    const count = said.length + beyond.length;
    if (count < ENOUGH * rows.length || count <= most) continue;
    most = count;
    best = { file, format: id, line, said, unread, beyond };
  }
  return best;
}

const isBeyond = ({ totalFrames = 0, width = 0, intervals = [] }: Said) =>
  Math.max(totalFrames, width, ...intervals.map(({ endFrame }) => endFrame)) > MOST_FRAMES;

/** The first line of a table names its columns. */
const isHeader = (raw: string) => /^(path|video|name|file)\s*,/i.test(raw);

const BLANKS = /[ \t]+/;
const COMMA = /,/;
const BAR = /\|/;

const isInteger = (field: string | undefined) => field !== undefined && /^-?\d+$/.test(field);
const isWord = (field: string | undefined) => field !== undefined && !/^-?[\d.]+$/.test(field);
const labelOf = (field: string): WeakLabel | null =>
  field === '0' ? 'normal' : field === '1' ? 'anomalous' : null;
const isNormal = (word: string) => /^(normal|a(-0)*|none)$/i.test(word);

/** Pairs of frames; null where they are none. -1 stands for "no interval". */
function pairs(fields: readonly string[], shift = 0): FrameInterval[] | null {
  if (fields.length % 2 !== 0 || !fields.every(isInteger)) return null;
  const intervals: FrameInterval[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const [start, end] = [Number(fields[i]), Number(fields[i + 1])];
    if (start < 0 || end < 0) continue;
    if (end < start) return null;
    intervals.push({ startFrame: start + shift, endFrame: end });
  }
  return intervals;
}

const inClass = (intervals: FrameInterval[] | null, name: string) =>
  intervals?.map((interval) => ({ ...interval, class: name })) ?? null;

/** What a word says that stands where the class of a video stands. */
function ofClass(word: string): Pick<Said, 'label' | 'classes'> {
  return isNormal(word) ? { label: 'normal' } : { label: 'anomalous', classes: [word] };
}

/** Of two that read the same lines the first one counts. */
const GRAMMARS: readonly Grammar[] = [
  {
    id: 'list',
    line: 'name 0|1 [class...]',
    separator: BLANKS,
    read([path, label, ...classes]) {
      const known = label === undefined ? null : labelOf(label);
      return known && classes.every(isWord) ? { path, label: known, ...(classes[0] && { classes }) } : null;
    },
  },
  {
    id: 'truth',
    line: 'name class totalFrames start end ...',
    separator: BLANKS,
    read([path, word, total, ...rest]) {
      const intervals = inClass(pairs(rest), word);
      if (!isWord(word) || !isInteger(total) || !intervals) return null;
      return { path, ...ofClass(word), ...(Number(total) > 0 && { totalFrames: Number(total) }), intervals };
    },
  },
  {
    // UCF-Crime's Temporal_Anomaly_Annotation.txt; frames are counted from 1
    id: 'ucf',
    line: 'name class start end start end',
    separator: BLANKS,
    read([path, word, ...rest]) {
      const intervals = inClass(pairs(rest), word);
      return isWord(word) && rest.length > 0 && intervals ? { path, ...ofClass(word), intervals } : null;
    },
  },
  {
    id: 'ur-dmu',
    line: 'path totalFrames class start end ...',
    separator: BLANKS,
    read([path, total, word, ...rest]) {
      const intervals = inClass(pairs(rest), word);
      if (!isInteger(total) || !isWord(word) || rest.length === 0 || !intervals) return null;
      return { path, ...ofClass(word), totalFrames: Number(total), intervals };
    },
  },
  {
    // UMIL and TAD; of a normal video the interval is the whole of it
    id: 'umil',
    line: 'path totalFrames 0|1 start end ...',
    separator: BLANKS,
    read([path, total, label, ...rest]) {
      const known = label === undefined ? null : labelOf(label);
      const intervals = pairs(rest);
      if (!isInteger(total) || !(Number(total) > 1) || !known || rest.length === 0 || !intervals) return null;
      return {
        path,
        label: known,
        totalFrames: Number(total),
        intervals: known === 'normal' ? [] : intervals,
      };
    },
  },
  {
    id: 'frames-none',
    line: 'path totalFrames -1',
    separator: BLANKS,
    read: ([path, total, none, ...rest]) =>
      isInteger(total) && Number(total) > 0 && none === '-1' && rest.length === 0
        ? { path, label: 'normal', totalFrames: Number(total), intervals: [] }
        : null,
  },
  {
    id: 'bar',
    line: 'path|totalFrames|[start, end, ...]',
    separator: BAR,
    read([path, total, list = '', ...rest]) {
      if (!isInteger(total) || rest.length > 0) return null;
      const intervals = list === '-1' ? [] : pairs(list.replace(/[[\]\s]/g, '').split(','));
      if (!intervals) return null;
      const label = intervals.length > 0 ? 'anomalous' : 'normal';
      return { path, label, totalFrames: Number(total), intervals };
    },
  },
  {
    // MIST's lists of ShanghaiTech: -1 frames where the video is to be judged by its mask
    id: 'mist',
    line: 'name,0|1,frames',
    separator: COMMA,
    read([path, label, frames, ...rest]) {
      const known = label === undefined ? null : labelOf(label);
      if (!known || !isInteger(frames) || rest.length > 0) return null;
      return { path, label: known, ...(Number(frames) > 0 && { totalFrames: Number(frames) }) };
    },
  },
  {
    id: 'words',
    line: 'path,class',
    separator: COMMA,
    read: ([path, word, ...rest]) =>
      isWord(word) && rest.length === 0
        ? { path, ...ofClass(word) }
        : word !== undefined && labelOf(word) && rest.length === 0
          ? { path, label: labelOf(word)! }
          : null,
  },
  {
    // XD-Violence's annotations.txt: frames from 0, the last one no longer in it
    id: 'xd',
    line: 'name start end ...',
    separator: BLANKS,
    read([path, ...rest]) {
      const intervals = pairs(rest, 1);
      const isSound = intervals !== null && rest.length > 0 && intervals.length === rest.length / 2;
      return isSound && intervals.every(({ startFrame, endFrame }) => endFrame >= startFrame)
        ? { path, label: 'anomalous', intervals }
        : null;
    },
  },
  {
    id: 'frames',
    line: 'name frames',
    separator: BLANKS,
    read: ([path, frames, ...rest]) =>
      isInteger(frames) && Number(frames) > 0 && rest.length === 0
        ? { path, totalFrames: Number(frames) }
        : null,
  },
  {
    id: 'widths',
    line: 'name framesPerRow',
    separator: BLANKS,
    read: ([path, width, ...rest]) =>
      width !== undefined && /^\d+\.\d+$/.test(width) && Number(width) > 0 && rest.length === 0
        ? { path, width: Number(width) }
        : null,
  },
  {
    // Names may hold blanks nowhere in the field's lists; prose does.
    id: 'names',
    line: 'path',
    separator: BLANKS,
    read: ([path, ...rest]) => (rest.length === 0 && isWord(path) ? { path } : null),
  },
];
