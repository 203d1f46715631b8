/** Truth in the field's own formats: annotations of UCF-Crime and of TAD, and boxes by frame. */
import { unionBox } from '../evaluation/localisation.ts';
import { Failure } from '../failure.ts';
import type { StreetTruth } from '../scenes/truth.ts';
import { MOST_FRAMES, type Box, type TruthBoxes, type TruthInterval, type VideoTruth } from '../types.ts';
import { lines, MOST_FRAMES_SAID, videoName } from './list.ts';

/**
 * UCF-Crime's temporal annotation: two intervals, -1 where there is none. Of more than two the first two are named, as
 * the format has no room for others.
 * @param file with its extension
 */
export function formatUcf(file: string, { intervals }: VideoTruth): string {
  const frames = [0, 1].flatMap((i) => [intervals[i]?.startFrame ?? -1, intervals[i]?.endFrame ?? -1]);
  return `${[file, intervals[0]?.class ?? 'Normal', ...frames].join('  ')}\n`;
}

/** TAD's list: frames, label, and one interval that holds all; `0 N` for a normal video. */
export function formatTad(file: string, { intervals }: VideoTruth, totalFrames: number): string {
  if (intervals.length === 0) return `frames/normal/${file} ${totalFrames} 0 0 ${totalFrames}\n`;
  const first = Math.min(...intervals.map(({ startFrame }) => startFrame));
  const last = Math.max(...intervals.map(({ endFrame }) => endFrame));
  return `frames/abnormal/${file} ${totalFrames} 1 ${first} ${last}\n`;
}

/**
 * Reads UCF-Crime's annotation, `Abuse028_x264.mp4  Abuse  165  240  -1  -1`, by video without its extension. It does
 * not say how long a video is.
 * @throws Failure `format-invalid` naming the line
 */
export function parseUcf(text: string, file = 'annotation'): Map<string, VideoTruth> {
  return parseLines(text, file, ([path, className, ...rest]) => ({
    path,
    totalFrames: null,
    intervals: intervalsOf(className, rest.map(Number)),
  }));
}

/**
 * Reads TAD's list, `frames/abnormal/01_Accident_006.mp4 266 1 75 110`, and others of its kind with more intervals and
 * the class as the folder, by video without its extension.
 * @throws Failure `format-invalid` naming the line
 */
export function parseTad(text: string, file = 'annotation'): Map<string, VideoTruth> {
  return parseLines(text, file, ([path, total, label, ...rest]) => ({
    path,
    totalFrames: Number(total),
    intervals: label === '0' ? intervalsOf('', []) : intervalsOf(classOf(path), rest.map(Number)),
  }));
}

/** @param read null stands for numbers that are none */
function parseLines(
  text: string,
  file: string,
  read: (fields: string[]) => {
    path: string;
    totalFrames: number | null;
    intervals: TruthInterval[] | null;
  },
): Map<string, VideoTruth> {
  const truths = new Map<string, VideoTruth>();
  for (const { fields, line } of lines(text)) {
    const { path, totalFrames, intervals } = read(fields);
    if (fields.length < 4 || intervals === null || Number.isNaN(totalFrames))
      throw new Failure({
        code: 'format-invalid',
        subject: `${file}, line ${line}`,
        what: 'Its frames are no pairs of whole numbers.',
      });
    const last = Math.max(totalFrames ?? 0, ...intervals.map(({ endFrame }) => endFrame));
    if (last > MOST_FRAMES)
      throw new Failure({
        code: 'format-invalid',
        subject: `${file}, line ${line}`,
        what: `It names ${MOST_FRAMES_SAID}.`,
      });
    truths.set(videoName(path), { totalFrames, intervals });
  }
  return truths;
}

function intervalsOf(className: string, frames: readonly number[]): TruthInterval[] | null {
  if (frames.length % 2 !== 0 || !frames.every(Number.isInteger)) return null;
  const pairs = frames.flatMap((start, i) => (i % 2 === 0 ? [[start, frames[i + 1]] as const] : []));
  if (pairs.some(([start, end]) => end < start)) return null;
  return pairs
    .filter(([start]) => start >= 0)
    .map(([startFrame, endFrame]) => ({ class: className, startFrame, endFrame }));
}

/** As its name says (`01_Accident_006`), else its folder. */
function classOf(path: string): string {
  const [folder = 'anomalous', name] = path.split('/').slice(-2);
  return /^\d+_([a-z]+)_\d/i.exec(name ?? folder)?.[1] ?? folder;
}

/** What the columns of {@link formatBoxes} are, which the first line of such a file says. */
export const BOX_COLUMNS = 'video,class,event,actor,kind,frame,x1,y1,x2,y2,visible';

/**
 * A line per actor and frame: pixels from the top left corner, frames from 1, the share that is visible. Lines of actor
 * `all` are the union of those of a frame.
 */
export function formatBoxes(name: string, { intervals }: StreetTruth): string {
  const round = (value: number, digits: number) => value.toFixed(digits);
  return intervals
    .flatMap(({ class: className, tracks, tube }, event) =>
      [...tracks, { actor: 'all', kind: '', boxes: tube }].flatMap(({ actor, kind, boxes }) =>
        [...boxes].map(([frame, { x1, y1, x2, y2, visible }]) => {
          const corners = [x1, y1, x2, y2].map((value) => round(value, 1));
          return `${[name, className, event + 1, actor, kind, frame, ...corners, round(visible, 2)].join(',')}\n`;
        }),
      ),
    )
    .join('');
}

/** Whether a text is one of boxes by frame, as its first line says. */
export const areBoxes = (text: string): boolean => text.replace(/^\ufeff/, '').startsWith(BOX_COLUMNS);

/**
 * Reads what {@link formatBoxes} writes, with the columns as its first line: the boxes of a frame are united, whoever
 * they are of. The file does not say how large the picture is.
 * @throws Failure `format-invalid` naming the line
 */
export function parseBoxes(text: string, file = 'boxes'): Map<string, TruthBoxes> {
  const videos = new Map<string, Record<number, Box>>();
  const columns = BOX_COLUMNS.split(',').length;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (index === 0 || line.trim() === '') continue;
    const refuse = (what: string): never => {
      throw new Failure({ code: 'format-invalid', subject: `${file}, line ${index + 1}`, what });
    };
    const fields = line.split(',');
    const [name, , , , , ...numbers] = fields;
    const areNumbers = numbers.every((field) => field.trim() !== '' && Number.isFinite(Number(field)));
    if (fields.length !== columns || !areNumbers) refuse(`It is not "${BOX_COLUMNS}".`);
    const [frame, x1, y1, x2, y2] = numbers.map(Number);
    if (frame > MOST_FRAMES) refuse(`It names ${MOST_FRAMES_SAID}.`);
    if (!Number.isInteger(frame) || frame < 1) refuse('Its frame is no whole number from 1.');
    if (x2 < x1 || y2 < y1) refuse('Its box ends before it begins.');
    const boxes = videos.get(videoName(name)) ?? {};
    boxes[frame - 1] = unionBox(boxes[frame - 1], [x1, y1, x2, y2]);
    videos.set(videoName(name), boxes);
  }
  if (videos.size === 0)
    throw new Failure({ code: 'format-invalid', subject: file, what: 'It has no boxes.' });
  return new Map([...videos].map(([name, byFrame]) => [name, { byFrame, picture: null }]));
}
