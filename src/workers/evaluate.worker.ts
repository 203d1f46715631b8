/** Figures over many frames, away from the page, and the texts that say what is true. */
import * as Comlink from 'comlink';
import { evaluate } from '../engine/evaluation/evaluate.ts';
import { parseScores } from '../engine/formats/scores.ts';
import { parseWidths } from '../engine/evaluation/expand.ts';
import { lines, parseList, parseTruth, type ListEntry } from '../engine/formats/list.ts';
import type { VideoTruth } from '../engine/types.ts';
import { answering } from './outcome.ts';

/** A dropped text: weak labels, or truth. */
export type Annotations =
  { kind: 'labels'; entries: ListEntry[] } | { kind: 'truth'; truths: Map<string, VideoTruth> };

const api = {
  evaluate,
  readScores: parseScores,
  readWidths: parseWidths,

  /** Tells a list (`name 0|1`) from a truth file (`name class frames ...`) by its first line. */
  readAnnotations(text: string, file: string): Annotations {
    const second = lines(text).next().value?.fields[1];
    return second === '0' || second === '1'
      ? { kind: 'labels', entries: parseList(text, file) }
      : { kind: 'truth', truths: parseTruth(text, file) };
  },
};

export type EvaluateApi = typeof api;

Comlink.expose(answering(api));
