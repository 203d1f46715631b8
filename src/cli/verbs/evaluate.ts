import { basename } from 'node:path';
import { readAnnotations } from '../../engine/datasets/annotations.ts';
import type { Evaluation } from '../../engine/evaluation/evaluate.ts';
import { EXPANSION_RULES, type ExpansionRule } from '../../engine/evaluation/expand.ts';
import type { Protocol } from '../../engine/evaluation/protocol.ts';
import { parseProtocol, writeProtocol } from '../../engine/evaluation/protocol-words.ts';
import type { VideoBoxes } from '../../engine/evaluation/scored-video.ts';
import { PRESETS, SWITCHES } from '../../engine/evaluation/switches.ts';
import { videoBoxes } from '../../engine/evaluation/tube-boxes.ts';
import { parseScores } from '../../engine/formats/scores.ts';
import { UsageError, type Verb } from '../verb.ts';
import { readBytes, readText } from '../lists.ts';
import { openLab } from '../page.ts';

/** As they are written on the command line. */
const RULE_CHOICES = EXPANSION_RULES.map((rule) => (rule === 'widths' ? 'widths[:FILE]' : rule));

export const evaluate: Verb = {
  name: 'evaluate',
  usage:
    'evaluate --scores SCORES.json --truth FILE [--boxes FILE] [--expand RULE[:FILE]] [--protocol K=V,...] [--threshold S]',
  does: 'Every figure of the field over all frames of all videos, and what does not fit together.',
  options: {
    scores: { type: 'string' },
    truth: { type: 'string' },
    boxes: { type: 'string' },
    expand: { type: 'string' },
    protocol: { type: 'string' },
    threshold: { type: 'string', default: '0.5' },
  },
  help: {
    scores: 'what score wrote',
    truth:
      'a line per video: name class totalFrames start end ..., frames 1-based and inclusive, -1 for none',
    boxes:
      'where in the picture anomalies are: Test_annotation.pkl of UCF-Crime, or boxes.csv; for scores of tubes with boxes',
    expand: `snippet to frame: ${RULE_CHOICES.join(' | ')}; default: what the scores say, with their own widths`,
    protocol: `what is not the default, by name or by switch: ${PRESETS.map(({ id }) => id).join(' | ')}; ${SWITCHES.map(
      ({ key, detail }) => (detail ? `${key}, ${detail.key}` : key),
    ).join(', ')}`,
    threshold: 'a score at or above it is an alarm',
  },

  async run({ values, common }) {
    const scoresPath = values.scores as string | undefined;
    const truthPath = values.truth as string | undefined;
    if (!scoresPath || !truthPath) throw new UsageError('evaluate needs --scores and --truth');
    const threshold = Number(values.threshold);
    if (!Number.isFinite(threshold)) throw new UsageError('--threshold must be a number');
    const told = protocolOf(values.protocol as string | undefined);
    const [asked, widthsPath] = (values.expand as string | undefined)?.split(':') ?? [];
    if (asked !== undefined && told.expansion !== undefined && asked !== told.expansion)
      throw new UsageError(`--expand says ${asked} and --protocol ${told.expansion}`);
    const rule = asked ?? told.expansion;
    if (rule !== undefined && !(EXPANSION_RULES as readonly string[]).includes(rule)) {
      throw new UsageError(`--expand must be one of ${RULE_CHOICES.join(', ')}`);
    }
    const [scores, truth] = [await readText(scoresPath, 'scores'), await readText(truthPath, 'truth')];
    const boxesPath = values.boxes as string | undefined;
    const boxes = boxesPath === undefined ? {} : await boxesOf(boxesPath, scores, basename(scoresPath));
    const widths = widthsPath ? await readText(widthsPath, 'expand') : null;
    const names = {
      scores: basename(scoresPath),
      truth: basename(truthPath),
      widths: basename(widthsPath ?? ''),
    };
    const lab = await openLab(common);
    try {
      const evaluation: Evaluation = await lab.page.evaluate(
        async ({ scores, truth, boxes, widths, names, rule, threshold, told }) => {
          const { client } = globalThis.weaklens!;
          const file = await client.readScores(scores, names.scores);
          const annotations = await client.readAnnotations(truth, names.truth);
          if (annotations.kind !== 'truth')
            throw new Error(
              `${names.truth}: it is a ${annotations.kind === 'boxes' ? 'file of boxes' : 'list of labels'}, not a truth file.`,
            );
          const spans = widths === null ? null : await client.readWidths(widths, names.widths);
          const known = new Set(file.videos.map(({ name }) => name));
          const unscored = [...annotations.truths.keys()].filter((name) => !known.has(name));
          const expansion = (rule as ExpansionRule | undefined) ?? file.expansion;
          if (expansion === 'widths' && spans === null && file.videos.every(({ width }) => !width))
            throw new Error(`${names.scores} tells no widths: name a file of them, --expand widths:FILE`);
          const videos = file.videos.map(({ name, scores, frames, fps, label, width, classes }) => {
            const truth = annotations.truths.get(name) ?? null;
            const told = label === null ? null : label === 1 ? ('anomalous' as const) : ('normal' as const);
            const shown = truth
              ? truth.intervals.length > 0
                ? ('anomalous' as const)
                : ('normal' as const)
              : null;
            return {
              name,
              scores,
              frames,
              framesPerSecond: fps,
              label: told ?? shown,
              truth,
              width: spans ? spans.get(name) : width,
              classScores: classes,
              boxes: boxes[name],
            };
          });
          const result = await client.evaluate(videos, { ...told, expansion, threshold });
          const missing = unscored.map((name) => ({ name, what: 'is in the truth file and has no scores' }));
          return { ...result, mismatches: [...result.mismatches, ...missing] };
        },
        { scores, truth, boxes, widths, names, rule, threshold, told },
      );
      print(evaluation, common.json);
      return evaluation;
    } finally {
      await lab.close();
    }
  },
};

/**
 * Annotated boxes beside those of the top tubes, by video.
 * @throws UsageError where there is no such file; Failure where it holds no boxes
 */
async function boxesOf(path: string, scores: string, file: string): Promise<Record<string, VideoBoxes>> {
  const bytes = await readBytes(path, 'boxes');
  const read = readAnnotations(bytes, basename(path));
  if (read.kind !== 'boxes') throw new UsageError(`--boxes ${path}: it holds no boxes`);
  const found: Record<string, VideoBoxes> = {};
  for (const { name, boxes = null } of parseScores(scores, file).videos) {
    const own = videoBoxes(read.boxes.get(name), boxes);
    if (own) found[name] = own;
  }
  if (Object.keys(found).length === 0)
    console.error(
      `--boxes ${path}: no video has both, annotated boxes there and boxes of tubes in ${file}; nothing is localised`,
    );
  return found;
}

/** A protocol, but for the step: its scores are in the file. */
function protocolOf(text: string | undefined): Partial<Protocol> {
  if (text === undefined) return {};
  let told: Partial<Protocol>;
  try {
    told = parseProtocol(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (/\bselection\s*=/.test(text) && told.selection !== 'run')
    throw new UsageError(
      `--protocol selection=${told.selection}: the scores are of one step; choose it by train --select`,
    );
  if (told.selection !== undefined && told.selection !== 'run')
    console.error(
      `the protocol counts the step "${told.selection}"; these are figures of the step that was scored`,
    );
  return { ...told, selection: 'run' };
}

function print(evaluation: Evaluation, onStderr: boolean): void {
  const write = onStderr ? console.error : console.log;
  const figure = (value: number | null) => (value === null ? 'undefined' : value.toFixed(4));
  write(`frame AUC          ${figure(evaluation.frameAuc)}`);
  write(
    `average precision  ${figure(evaluation.averagePrecision)}   (trapezoid ${figure(evaluation.prAuc)})`,
  );
  write(`anomaly subset AUC ${figure(evaluation.anomalySubsetAuc)}`);
  write(`video AUC          ${figure(evaluation.videoAuc)}`);
  for (const [name, auc] of Object.entries(evaluation.perClass)) write(`  ${name.padEnd(16)} ${figure(auc)}`);
  if (evaluation.mf1 !== null) write(`MF1                ${figure(evaluation.mf1)}`);
  if (evaluation.miou !== null) write(`MIoU               ${figure(evaluation.miou)}`);
  for (const [overlap, share] of Object.entries(evaluation.iouAt ?? {}))
    write(`${`IoU@${overlap}`.padEnd(18)} ${figure(share)}`);
  write(
    `false alarms       ${figure(evaluation.falseAlarmRate)} of frames, ${figure(evaluation.falseAlarmsPerHour)} an hour`,
  );
  write(
    `over ${evaluation.videos} videos, ${evaluation.frames} frames, expansion ${evaluation.expansion}, threshold ${evaluation.threshold}`,
  );
  const { expansion: _, ...rest } = evaluation.protocol;
  write(`protocol ${writeProtocol(rest)}`);
  for (const { name, what } of evaluation.mismatches) write(`mismatch: ${name} ${what}`);
}
