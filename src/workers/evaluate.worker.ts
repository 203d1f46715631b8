/** Figures over many frames, away from the page, and texts: those that say what is true, and those for other tools. */
import * as Comlink from 'comlink';
import { runCurves } from '../engine/evaluation/curves.ts';
import { evaluate } from '../engine/evaluation/evaluate.ts';
import { judgeAlarms } from '../engine/evaluation/judgement.ts';
import { parseTad, parseUcf } from '../engine/formats/annotations.ts';
import { parseScores } from '../engine/formats/scores.ts';
import { parseWidths } from '../engine/evaluation/expand.ts';
import { lines, parseList, parseTruth, type ListEntry } from '../engine/formats/list.ts';
import type { VideoTruth } from '../engine/types.ts';
import { writeAlarms, writeScores } from './exports.ts';
import { answering } from './outcome.ts';

/** A dropped text: weak labels, or truth. */
export type Annotations =
  { kind: 'labels'; entries: ListEntry[] } | { kind: 'truth'; truths: Map<string, VideoTruth> };

const api = {
  evaluate,
  runCurves,
  judgeAlarms,
  readScores: parseScores,
  writeScores,
  writeAlarms,
  readWidths: parseWidths,

  /**
   * Tells a list (`name 0|1`), a truth file (`name class frames start end ...`) and the annotations of UCF-Crime
   * (`name class start end ...`) and of TAD (`name frames label start end ...`) by their first line.
   */
  readAnnotations(text: string, file: string): Annotations {
    const fields = lines(text).next().value?.fields ?? [];
    if (fields[1] === '0' || fields[1] === '1') return { kind: 'labels', entries: parseList(text, file) };
    const parse =
      Number(fields[1]) > 1 ? parseTad : fields.length > 3 && fields.length % 2 === 0 ? parseUcf : parseTruth;
    return { kind: 'truth', truths: parse(text, file) };
  },
};

export type EvaluateApi = typeof api;

Comlink.expose(answering(api));
