/**
 * Scores and truth in, every figure of the field out, as a protocol says; by default over all frames of all videos
 * together (the mean of per-video AUCs is another, not comparable number). What is undefined is null.
 */
import { SNIPPET_FRAMES, type Box } from '../types.ts';
import { findAlarms, isTrueAlarm } from './alarms.ts';
import { copiesScores, type ExpansionRule } from './expand.ts';
import { concatenate, frameScores, frameTable, rankedTogether, type FrameTable } from './frames.ts';
import { totalSeconds } from './rate.ts';
import { classFigures, meanF1 } from './classes.ts';
import { iouAt, localise, meanIou } from './localisation.ts';
import { resolveProtocol, type Protocol } from './protocol.ts';
import { averagePrecision, prAuc, rocAuc, videoScore } from './ranking.ts';
import type { ScoredVideo, VideoBoxes } from './scored-video.ts';
import { countedFrames, frameLabels } from './truth.ts';

/** At what overlap a tube counts as found: those of WSSTAD's Table 1. */
const OVERLAPS = [0.1, 0.2, 0.3];

/** A protocol, as far as it is not the default, and what it leaves to whoever watches. */
export interface EvaluationOptions extends Partial<Protocol> {
  /** A score at or above it is an alarm. */
  threshold: number;
  /** A class is said to occur where its score is at least this; 0.5 if not told. */
  classThreshold?: number;
}

export interface Evaluation {
  /** ROC-AUC over all frames of all annotated videos that count. */
  frameAuc: number | null;
  /** Trapezoid area under the precision-recall curve of the same frames. */
  prAuc: number | null;
  averagePrecision: number | null;
  /** ROC-AUC over the frames of anomalous videos only, their normal frames included. */
  anomalySubsetAuc: number | null;
  /** ROC-AUC of the score of each video against its label. */
  videoAuc: number | null;
  /** For each class, ROC-AUC over the frames of the videos it occurs in; positive are the frames of that class. */
  perClass: Record<string, number | null>;
  /** Mean F1 over all classes that any video or truth names, over the same frames as frameAuc. Null where none names any. */
  mf1: number | null;
  /** S_loc of each anomalous video with boxes, 0..1. */
  sLoc: Record<string, number> | null;
  /** For each overlap, the share of those videos that exceed it. */
  iouAt: Record<string, number> | null;
  /** The mean S_loc. */
  miou: number | null;
  /** Share of negative frames at or above the threshold. */
  falseAlarmRate: number | null;
  /** Alarms that touch no positive frame, per hour of annotated video. */
  falseAlarmsPerHour: number | null;
  threshold: number;
  expansion: ExpansionRule;
  /** All of it; the step that it speaks of is that of the scores which were given. */
  protocol: Protocol;
  videos: number;
  frames: number;
  /** What does not fit together, per video; nothing is padded in silence. */
  mismatches: { name: string; what: string }[];
}

export function evaluate(videos: readonly ScoredVideo[], options: EvaluationOptions): Evaluation {
  const { threshold, classThreshold = 0.5, ...told } = options;
  const protocol = resolveProtocol(told);
  const mismatches = videos.flatMap((video) => findMismatches(video, protocol));
  mismatches.push(...findGaps(videos));
  const all = videos.map((video) => frameTable(video, protocol)).filter((table) => table !== null);
  const anomalous = all.filter((table) => table.anomalous);
  const tables = protocol.subset === 'anomalous' ? anomalous : all;
  const ranked = rankedTogether(tables, protocol.average);
  const subset = rankedTogether(anomalous, protocol.average === 'macro' ? 'macro' : 'micro');
  const labelled = videos.filter((video) => video.label !== null && video.scores.length > 0);
  return {
    frameAuc: meanOver(ranked, rocAuc),
    prAuc: meanOver(ranked, prAuc),
    averagePrecision: meanOver(ranked, averagePrecision),
    anomalySubsetAuc: meanOver(subset, rocAuc),
    videoAuc: rocAuc(
      labelled.map((video) => (video.label === 'anomalous' ? 1 : 0)),
      labelled.map(({ scores, instances }) =>
        instances?.length ? videoScore(instances)! : videoScore(scores, protocol.videoScore)!,
      ),
    ),
    perClass: perClassAuc(anomalous, protocol),
    mf1: classesF1(tables, protocol, classThreshold),
    ...localisation(videos),
    ...falseAlarms(tables, threshold),
    threshold,
    expansion: protocol.expansion,
    protocol,
    videos: videos.length,
    frames: tables.reduce((sum, { labels }) => sum + labels.length, 0),
    mismatches,
  };
}

/** A figure of each group, and their mean; a group that has none is left out. */
function meanOver(
  groups: readonly FrameTable[][],
  figure: (labels: ArrayLike<number>, scores: ArrayLike<number>) => number | null,
): number | null {
  const figures = groups
    .map((tables) =>
      figure(
        concatenate(tables.map((table) => table.labels)),
        concatenate(tables.map((table) => table.scores)),
      ),
    )
    .filter((value) => value !== null);
  return figures.length > 0 ? figures.reduce((sum, value) => sum + value, 0) / figures.length : null;
}

function findMismatches(
  { name, scores, frames, truth, label, width }: ScoredVideo,
  { expansion: rule, length: counted }: Protocol,
) {
  const found: { name: string; what: string }[] = [];
  const total = truth?.totalFrames ?? null;
  if (scores.length === 0) found.push({ name, what: 'has no scores and is left out' });
  if (label === 'anomalous' && truth === null)
    found.push({ name, what: 'has no truth and is left out of frame figures' });
  if (total !== null && frames !== null && total !== frames) {
    found.push({ name, what: `its truth has ${total} frames and its features ${frames}` });
  }
  const length = total ?? frames;
  const isAgreed = total === null || frames === null || total === frames; // else it is told above
  if (rule === 'repeat16' && isAgreed && length !== null && scores.length > 0) {
    const snippets = Math.ceil(length / SNIPPET_FRAMES);
    if (snippets !== scores.length)
      found.push({
        name,
        what: `${length} frames make ${snippets} snippets and it has ${scores.length} scores`,
      });
  }
  if (length !== null && length > 0 && countedFrames(length, counted) === 0)
    found.push({ name, what: `has ${length} frames, which make no whole snippet, and is left out` });
  if (length === null) found.push({ name, what: 'has no frame count and is left out of frame figures' });
  if (label === null && truth === null)
    found.push({ name, what: 'has neither label nor truth and is left out' });
  if (rule === 'widths' && width === undefined)
    found.push({ name, what: 'has no width and is left out of frame figures' });
  if (label !== null && truth !== null && (label === 'anomalous') !== truth.intervals.length > 0) {
    found.push({ name, what: `is labelled ${label} and its truth has ${truth.intervals.length} intervals` });
  }
  return found;
}

/** What some videos have and others lack, for figures that only such videos make. */
function findGaps(videos: readonly ScoredVideo[]) {
  const found: { name: string; what: string }[] = [];
  const haveClasses = videos.some(tellsClasses);
  const haveBoxes = videos.some((video) => video.boxes && isAnomalous(video));
  for (const video of videos) {
    const { name, scores, classScores, boxes } = video;
    if (classScores && !tellsClasses(video)) {
      const [values, classes] = [classScores.values.length, classScores.names.length];
      found.push({
        name,
        what: `has ${values} class scores for ${scores.length} scores and ${classes} classes: none of them counts`,
      });
    } else if (haveClasses && !classScores && scores.length > 0) {
      found.push({ name, what: 'has no class scores: none of its frames counts as told' });
    }
    if (haveBoxes && !boxes && isAnomalous(video))
      found.push({ name, what: 'has no boxes and is left out of localisation' });
    else if (boxes && isAnomalous(video)) found.push(...findUnmet(name, boxes));
  }
  return found;
}

/** Frames of a tube and of the truth that do not meet: a frame that only one of the two has a box in counts as 0. */
function findUnmet(name: string, { truth, detectorFrames }: VideoBoxes) {
  const annotated = Object.keys(truth).map(Number);
  const looked = new Set(detectorFrames);
  const [first, last] = annotated.reduce(
    ([least, most], frame) => [Math.min(least, frame), Math.max(most, frame)],
    [Infinity, -Infinity],
  );
  const between = detectorFrames.filter((frame) => frame >= first && frame <= last);
  const met = annotated.filter((frame) => looked.has(frame)).length;
  if (met === 0)
    return [{ name, what: 'has tubes with boxes in none of the frames that are annotated: its S_loc is 0' }];
  return 2 * met < between.length
    ? [
        {
          name,
          what: `has annotated boxes in ${met} of ${between.length} frames that its tubes have boxes in: the others count as 0`,
        },
      ]
    : [];
}

function perClassAuc(tables: readonly FrameTable[], { truth }: Protocol): Record<string, number | null> {
  const classes = new Set(
    tables.flatMap(({ video }) => video.truth!.intervals.map((interval) => interval.class)),
  );
  const figures: Record<string, number | null> = {};
  for (const name of [...classes].sort()) {
    const own = tables
      .map(({ video, scores }) => ({
        intervals: video.truth!.intervals.filter((i) => i.class === name),
        scores,
      }))
      .filter(({ intervals }) => intervals.length > 0);
    const labels = own.map(({ intervals, scores }) => frameLabels(intervals, scores.length, truth));
    figures[name] = rocAuc(concatenate(labels), concatenate(own.map(({ scores }) => scores)));
  }
  return figures;
}

/**
 * Over the frames of all videos, those whose classes nobody told included: "frames absent from the result" are negative.
 * Videos may name their classes in different orders.
 */
function classesF1(tables: readonly FrameTable[], protocol: Protocol, classThreshold: number): number | null {
  const isCopied = copiesScores(protocol.expansion) && protocol.smoothing === 'none';
  const told = tables.filter(({ video }) => tellsClasses(video));
  if (told.length === 0) return null;
  // A class that occurs and that no head was taught is missed everywhere: its F1 is 0, and it counts.
  const occurring = tables.flatMap(({ video }) => video.truth?.intervals.map((i) => i.class) ?? []);
  const names = [...new Set([...told.flatMap(({ video }) => video.classScores!.names), ...occurring])];
  return meanF1(
    names.map((name) => {
      const truths = tables.map(({ video, labels }) => {
        const own = video.truth?.intervals.filter((interval) => interval.class === name) ?? [];
        return frameLabels(own, labels.length, protocol.truth);
      });
      const predicted = tables.map(({ video, labels }) => {
        const column = tellsClasses(video) ? video.classScores!.names.indexOf(name) : -1;
        if (column < 0) return new Float32Array(labels.length);
        const { names, values } = video.classScores!;
        const told = Array.from(video.scores, (_, n) => values[n * names.length + column]);
        const decide = (score: number) => Number(score >= classThreshold);
        // Decided before it is expanded where that only copies: a score that equals the threshold is not rounded below it.
        const curve = (each: number[]) => frameScores(each, labels.length, video.width, protocol);
        return isCopied ? curve(told.map(decide)) : curve(told).map(decide);
      });
      return classFigures(concatenate(truths), concatenate(predicted));
    }),
  );
}

/** Whether a video has class scores, and one per score and class. */
function tellsClasses({ scores, classScores }: ScoredVideo): boolean {
  return classScores?.values.length === scores.length * (classScores?.names.length ?? 0);
}

/** Of anomalous videos only: in a normal one there is nothing to be found. */
function localisation(videos: readonly ScoredVideo[]): Pick<Evaluation, 'sLoc' | 'iouAt' | 'miou'> {
  const byFrame = (boxes: Readonly<Record<number, Box>>) =>
    new Map(Object.entries(boxes).map(([frame, box]) => [Number(frame), box]));
  const sLoc: Record<string, number> = {};
  for (const { name, boxes } of videos.filter(isAnomalous)) {
    if (!boxes) continue;
    const { truth, predicted, detectorFrames } = boxes;
    sLoc[name] = localise(byFrame(truth), byFrame(predicted), detectorFrames).sLoc;
  }
  const all = Object.values(sLoc);
  if (all.length === 0) return { sLoc: null, iouAt: null, miou: null };
  return {
    sLoc,
    iouAt: Object.fromEntries(OVERLAPS.map((overlap) => [overlap, iouAt(all, overlap)!])),
    miou: meanIou(all),
  };
}

/** By its truth, or by its label where there is none. */
function isAnomalous({ truth, label }: ScoredVideo): boolean {
  return truth ? truth.intervals.length > 0 : label === 'anomalous';
}

function falseAlarms(tables: readonly FrameTable[], threshold: number) {
  let [negatives, positivesAmongThem, alarms] = [0, 0, 0];
  for (const { scores, labels } of tables) {
    labels.forEach((label, frame) => {
      if (label > 0) return;
      negatives++;
      if (scores[frame] >= threshold) positivesAmongThem++;
    });
    alarms += findAlarms(scores, threshold).filter((alarm) => !isTrueAlarm(alarm, labels)).length;
  }
  const seconds = totalSeconds(tables);
  return {
    falseAlarmRate: negatives > 0 ? positivesAmongThem / negatives : null,
    falseAlarmsPerHour: seconds === null ? null : alarms / (seconds / 3600),
  };
}
