/** Everything about thresholds that a run's scores say: its curves, what each threshold does, and how scores lie. */
import { alarmProfile, type AlarmProfile } from './budget.ts';
import type { EvaluationOptions } from './evaluate.ts';
import type { ScoredVideo } from './scored-video.ts';
import { concatenate, frameTable } from './frames.ts';
import { scoreHistogram, type ScoreHistogram } from './histogram.ts';
import {
  areaUnder,
  averagePrecision,
  precisionRecallCurve,
  rocCurve,
  thinCurve,
  type Curve,
} from './ranking.ts';

/** A curve with every point, for the operating point, and with those that are worth drawing. */
export interface DrawnCurve {
  complete: Curve;
  drawn: Curve;
  /** Area under it by trapezoids. */
  area: number;
}

export interface RunCurves {
  /** Null where no frame, or every frame, is anomalous. */
  roc: DrawnCurve | null;
  precisionRecall: DrawnCurve | null;
  averagePrecision: number | null;
  /** Share of the frames that are anomalous: the precision of alarming always. */
  prevalence: number | null;
  alarms: AlarmProfile;
  histogram: ScoreHistogram;
  /** Videos whose frames somebody can label, and those frames. */
  videos: number;
  frames: number;
}

export function runCurves(
  videos: readonly ScoredVideo[],
  options: Pick<EvaluationOptions, 'expansion'>,
): RunCurves {
  const tables = videos.map((video) => frameTable(video, options)).filter((table) => table !== null);
  const labels = concatenate(tables.map((table) => table.labels));
  const scores = concatenate(tables.map((table) => table.scores));
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += labels[i];
  return {
    roc: drawable(rocCurve(labels, scores)),
    precisionRecall: drawable(precisionRecallCurve(labels, scores)),
    averagePrecision: averagePrecision(labels, scores),
    prevalence: labels.length > 0 ? positives / labels.length : null,
    alarms: alarmProfile(tables),
    histogram: scoreHistogram(videos),
    videos: tables.length,
    frames: labels.length,
  };
}

function drawable(curve: Curve | null): DrawnCurve | null {
  return curve && { complete: curve, drawn: thinCurve(curve), area: areaUnder(curve) };
}
