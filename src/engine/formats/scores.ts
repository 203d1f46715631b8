/**
 * `SCORES.json`: what a run made of a list of videos.
 *
 *     { "format": "weaklens-scores", "version": 1, "expansion": "repeat16",
 *       "run": { "head", "seed", "step", "hash" },
 *       "videos": [{ "name", "label": 0|1|null, "frames", "fps", "scores": [...], "snippetsPerScore", "width",
 *                    "features", "classes": { "names": [...], "values": [...] },
 *                    "boxes": { "tube": [[frame, x1, y1, x2, y2], ...], "frames": [...], "picture": [w, h]|null } }] }
 *
 * `hash` is the SHA-256 of the run's file, `features` the hash of the backbone that the video was seen through;
 * `classes` is there where the head tells classes: a row of scores per snippet, a column per name. `frames` and `fps`
 * are null where the features do not tell. `width`, the frames that a score holds for, is there where the expansion is
 * `widths`; files of that expansion without it need a file of widths to be judged. `boxes` is there where the head reads
 * tubes and those have boxes: the boxes of the highest-scoring tube, the frames (all from 0) in which any tube has one,
 * and the size of the picture that they are in.
 */
import { EXPANSION_RULES, type ExpansionRule } from '../evaluation/expand.ts';
import type { TopTube } from '../evaluation/tube-boxes.ts';
import { Failure } from '../failure.ts';
import { MOST_FRAMES } from '../types.ts';
import { parseObject } from './json.ts';
import { MOST_FRAMES_SAID } from './list.ts';

export interface ScoredEntry {
  name: string;
  label: 0 | 1 | null;
  frames: number | null;
  fps: number | null;
  scores: number[];
  snippetsPerScore: number;
  /** Frames per score, for the expansion rule `widths`. */
  width?: number;
  features: string;
  /** The values are `[N,C]` row by row, 0..1: N as many as there are scores, C as many as there are names. */
  classes?: { names: string[]; values: number[] };
  /** Of the highest-scoring tube, where tubes have boxes. */
  boxes?: TopTube;
}

export interface ScoresFile {
  format: 'weaklens-scores';
  version: 1;
  expansion: ExpansionRule;
  run: { head: string; seed: number; step: number; hash: string };
  videos: ScoredEntry[];
}

/** @throws Failure `format-invalid` naming what is wrong */
export function parseScores(text: Uint8Array | string, file: string): ScoresFile {
  const refuse = (what: string): never => {
    throw new Failure({ code: 'format-invalid', subject: file, what });
  };
  const json = parseObject(text, (why) =>
    refuse(`${why[0].toUpperCase()}${why.slice(1)}.`),
  ) as unknown as ScoresFile;
  if (json.format !== 'weaklens-scores')
    return refuse('It is not a file of scores ("format": "weaklens-scores").');
  if (json.version !== 1) refuse(`Its version is ${String(json.version)}; version 1 is read here.`);
  if (!EXPANSION_RULES.includes(json.expansion))
    refuse(`Its expansion rule "${String(json.expansion)}" is not known.`);
  if (!Array.isArray(json.videos)) refuse('It has no list of videos.');
  const names = new Set<string>();
  for (const video of json.videos) {
    if (typeof video?.name !== 'string') refuse('A video has no name.');
    if (names.has(video.name)) refuse(`It has ${video.name} twice.`);
    names.add(video.name);
    if (![0, 1, null].includes(video.label)) refuse(`The label of ${video.name} is not 0, 1 or null.`);
    const isSize = (value: unknown) => value === null || (typeof value === 'number' && value > 0);
    if (!isSize(video.frames) || !isSize(video.fps))
      refuse(`The frames and fps of ${video.name} are not numbers above 0, or null.`);
    if (video.frames !== null && !Number.isInteger(video.frames))
      refuse(`The frames of ${video.name} are not a whole number.`);
    if (video.width !== undefined && !(Number.isFinite(video.width) && video.width > 0))
      refuse(`The width of ${video.name} is not a number of frames above 0.`);
    if (Math.max(video.frames ?? 0, video.width ?? 0) > MOST_FRAMES)
      refuse(`${video.name} has ${MOST_FRAMES_SAID}.`);
    const isScore = (score: unknown) => typeof score === 'number' && score >= 0 && score <= 1;
    if (!Array.isArray(video.scores) || !video.scores.every(isScore)) {
      refuse(`The scores of ${video.name} are not numbers from 0 to 1.`);
    }
    const { classes, boxes } = video;
    if (boxes !== undefined && !areBoxes(boxes))
      refuse(`The boxes of ${video.name} are not { tube: [[frame, x1, y1, x2, y2]], frames, picture }.`);
    if (classes === undefined) continue;
    const areNames = Array.isArray(classes?.names) && classes.names.every((name) => typeof name === 'string');
    if (!areNames || new Set(classes.names).size !== classes.names.length)
      refuse(`The classes of ${video.name} are not named, each once.`);
    const isTable =
      Array.isArray(classes.values) &&
      classes.values.every(isScore) &&
      classes.values.length === classes.names.length * video.scores.length;
    if (!isTable) refuse(`The classes of ${video.name} are not one score from 0 to 1 per snippet and name.`);
  }
  return json;
}

/** Of a file that may hold anything. */
function areBoxes(boxes: TopTube): boolean {
  const areNumbers = (list: unknown, length?: number): boolean =>
    Array.isArray(list) && list.every(Number.isFinite) && (length === undefined || list.length === length);
  const isWhole = (frame: number) => Number.isInteger(frame) && frame >= 0;
  return (
    Array.isArray(boxes?.tube) &&
    boxes.tube.every((box) => areNumbers(box, 5) && isWhole(box[0])) &&
    areNumbers(boxes.frames) &&
    boxes.frames.every(isWhole) &&
    (boxes.picture === null || (areNumbers(boxes.picture, 2) && boxes.picture.every((size) => size > 0)))
  );
}
