/** Figures over many frames, away from the page, and texts: those that say what is true, and those for other tools. */
import * as Comlink from 'comlink';
import { runCurves } from '../engine/evaluation/curves.ts';
import { evaluate } from '../engine/evaluation/evaluate.ts';
import { judgeAlarms } from '../engine/evaluation/judgement.ts';
import { parseScores } from '../engine/formats/scores.ts';
import { parseWidths } from '../engine/evaluation/expand.ts';
import { readAnnotations, refuseLarge, type Annotations } from '../engine/datasets/annotations.ts';
import type { Dataset, DatasetFile } from '../engine/datasets/dataset.ts';
import { lookAt } from '../engine/datasets/look.ts';
import { recognise } from '../engine/datasets/recognise.ts';
import { importReport, type ImportReport } from '../engine/datasets/report.ts';
import { boxesOf, truthsOf } from '../engine/datasets/writing.ts';
import type { Progress } from '../engine/job.ts';
import type { TruthBoxes, VideoTruth } from '../engine/types.ts';
import { writeAlarms, writeScores } from './exports.ts';
import { commandJob, runJob } from './jobs.ts';
import { answering } from './outcome.ts';

/** A folder that was looked through. */
export interface ReadDataset {
  dataset: Dataset;
  report: ImportReport;
  /** By the name of the video, each with its length. */
  truths: Map<string, VideoTruth>;
  /** Likewise, where in the picture anomalies are. */
  boxes: Map<string, TruthBoxes>;
}

const api = {
  evaluate,
  runCurves,
  judgeAlarms,
  readScores: parseScores,
  writeScores,
  writeAlarms,
  readWidths: parseWidths,

  /** A folder of features as a dataset, and what an import of it comes to. */
  async readDataset(
    files: readonly DatasetFile[],
    id: string,
    report: (progress: Progress) => void,
  ): Promise<ReadDataset> {
    const dataset = await runJob(id, report, async (job) => recognise(await lookAt(files, job)));
    const truths = truthsOf(dataset, 'frames');
    return { dataset, report: importReport(dataset), truths, boxes: boxesOf(dataset) };
  },

  command: commandJob,

  /** @param content text, or a file that may be a pickle of boxes */
  async readAnnotations(content: string | Blob, file: string): Promise<Annotations> {
    if (typeof content === 'string') return readAnnotations(content, file);
    refuseLarge(content.size, file);
    return readAnnotations(new Uint8Array(await content.arrayBuffer()), file);
  },
};

export type EvaluateApi = typeof api;

Comlink.expose(answering(api));
