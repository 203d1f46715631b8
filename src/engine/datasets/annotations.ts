/**
 * An annotation that comes alone, for videos that are here: weak labels, truth, or boxes. Our own files are read strictly,
 * line by line; those of the field as they are in a folder, by what most of their lines are like.
 */
import { Failure } from '../failure.ts';
import { parseTad, parseUcf } from '../formats/annotations.ts';
import { boxesFormat, readBoxes } from '../formats/boxes.ts';
import {
  lines,
  MOST_FRAMES_SAID,
  parseList,
  parseTruth,
  videoName,
  type ListEntry,
} from '../formats/list.ts';
import type { TruthBoxes, VideoTruth } from '../types.ts';
import { conventions } from './catalogue.ts';
import { readText, type DatasetText, type TextFormat } from './texts.ts';

/** A dropped annotation: weak labels, truth, or where in the picture it is. */
export type Annotations =
  | { kind: 'labels'; entries: ListEntry[] }
  | { kind: 'truth'; truths: Map<string, VideoTruth> }
  | { kind: 'boxes'; boxes: Map<string, TruthBoxes> };

/** Boxes of every frame of a dataset take some tens of megabytes as text. */
export const MOST_ANNOTATION_BYTES = 256 << 20;

/** Formats that a strict reader of their own names the faulty lines of. */
const STRICT: readonly TextFormat[] = ['list', 'truth', 'ucf', 'umil'];

/**
 * @param content text, or the bytes of a file that may be a pickle of boxes
 * @throws Failure `format-invalid` naming the line that is of another kind than the others
 */
export function readAnnotations(content: string | Uint8Array, file: string): Annotations {
  refuseLarge(content.length, file);
  const format = boxesFormat(content);
  if (format) return { kind: 'boxes', boxes: readBoxes(content, format, file) };
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  const read = readText(text, file);
  const speaks = read?.said.some(({ label, intervals }) => label !== undefined || intervals !== undefined);
  if (!read || STRICT.includes(read.format) || (!speaks && read.beyond.length === 0))
    return readStrictly(text, file, read?.format);
  const [line] = [...read.unread, ...read.beyond];
  if (line !== undefined)
    throw new Failure({
      code: 'format-invalid',
      subject: `${file}, line ${line}`,
      what: read.beyond.includes(line)
        ? `It names ${MOST_FRAMES_SAID}.`
        : `Its lines are "${read.line}"; this one is not.`,
    });
  return said(read);
}

/** @throws Failure `format-invalid` where a file is too long to be an annotation, which may be asked before it is read */
export function refuseLarge(bytes: number, file: string): void {
  if (bytes <= MOST_ANNOTATION_BYTES) return;
  throw new Failure({
    code: 'format-invalid',
    subject: file,
    what: `It has ${Math.round(bytes / 2 ** 20)} MB, more than any list or annotation of the field.`,
    next: 'Drop the list or the annotation itself.',
  });
}

/** By what it was told to be; where it is nothing that is known, its first line says whose errors to name. */
function readStrictly(text: string, file: string, format?: TextFormat): Annotations {
  const [, second, ...rest] = lines(text).next().value?.fields ?? [];
  if (format === 'list' || (!format && (second === '0' || second === '1')))
    return { kind: 'labels', entries: parseList(text, file) };
  if (format === 'umil' || (!format && Number(second) > 1))
    return { kind: 'truth', truths: parseTad(text, file) };
  const isUcf = format === 'ucf' || (!format && rest.length > 1 && rest.length % 2 === 0);
  return { kind: 'truth', truths: (isUcf ? parseUcf : parseTruth)(text, file) };
}

/** What the lines of a text of the field say, in its dataset's words for classes. */
function said({ said }: DatasetText): Annotations {
  const names = said.map(({ path }) => videoName(path));
  const words = said.flatMap(({ classes = [] }) => classes);
  const convention = conventions.find((one) => one.recognise(names, words) !== null)!;
  const entries = new Map<string, ListEntry>();
  const truths = new Map<string, VideoTruth>();
  for (const [i, { label, classes, intervals, totalFrames = null }] of said.entries()) {
    const name = names[i];
    const own = classes?.flatMap((code) => convention.classNames?.(code) ?? code) ?? [];
    const known = own.length > 0 ? own : (convention.ofName(name).classes ?? []);
    if (label) entries.set(name, { name, label, classes: label === 'anomalous' ? known : [] });
    if (!intervals) continue;
    const only = known.length === 1 ? known[0] : 'anomalous';
    const before = truths.get(name);
    truths.set(name, {
      totalFrames: totalFrames ?? before?.totalFrames ?? null,
      intervals: [
        ...(before?.intervals ?? []),
        ...intervals.map(({ class: word = only, startFrame, endFrame }) => ({
          class: word,
          startFrame,
          endFrame,
        })),
      ],
    });
  }
  return truths.size > 0 ? { kind: 'truth', truths } : { kind: 'labels', entries: [...entries.values()] };
}
