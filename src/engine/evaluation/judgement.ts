/** Alarms held against the truth, one by one, for whoever wants to look at their frames. */
import { findAlarms, isTrueAlarm, type Alarm } from './alarms.ts';
import type { EvaluationOptions } from './evaluate.ts';
import type { ScoredVideo } from './scored-video.ts';
import { expandScores } from './expand.ts';
import { frameTable } from './frames.ts';

/**
 * false     an alarm that touches no anomalous frame
 * missed    a true interval that no alarm touches
 * true      an alarm that touches one
 * unjudged  an alarm in a video whose truth nobody has told
 */
export type Verdict = 'false' | 'missed' | 'true' | 'unjudged';

export interface Judged extends Alarm {
  verdict: Verdict;
  /** Index of the video. */
  video: number;
  /** What is missed. */
  class?: string;
}

/** Every alarm and every missed interval, those of the highest score first. */
export function judgeAlarms(
  videos: readonly ScoredVideo[],
  options: Pick<EvaluationOptions, 'expansion' | 'threshold'>,
): Judged[] {
  return videos.flatMap((video, i) => judge(video, i, options)).sort((a, b) => b.peak - a.peak);
}

function judge(
  video: ScoredVideo,
  index: number,
  options: Pick<EvaluationOptions, 'expansion' | 'threshold'>,
): Judged[] {
  const { expansion, threshold } = options;
  const table = frameTable(video, options);
  if (!table) {
    const isKnown = video.scores.length > 0 && (expansion !== 'widths' || video.width !== undefined);
    if (!isKnown || video.frames === null) return [];
    const scores = expandScores(video.scores, video.frames, expansion, video.width);
    return findAlarms(scores, threshold).map((alarm) => ({ ...alarm, verdict: 'unjudged', video: index }));
  }
  const { scores, labels } = table;
  const judged = findAlarms(scores, threshold).map((alarm): Judged => {
    return { ...alarm, verdict: isTrueAlarm(alarm, labels) ? 'true' : 'false', video: index };
  });
  for (const { startFrame, endFrame, class: name } of video.truth?.intervals ?? []) {
    const [first, end] = [Math.max(startFrame - 1, 0), Math.min(endFrame, scores.length)]; // counted from 1 there
    if (first >= end) continue;
    const peak = scores.subarray(first, end).reduce((highest, score) => Math.max(highest, score));
    if (peak >= threshold) continue;
    judged.push({ startFrame: first, endFrame: end - 1, peak, verdict: 'missed', video: index, class: name });
  }
  return judged;
}
