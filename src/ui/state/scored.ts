/** Videos with their scores, as an evaluation reads them. */
import { namedClasses } from '../../engine/evaluation/classes.ts';
import type { ScoredVideo } from '../../engine/evaluation/evaluate.ts';
import { rateOf } from '../../engine/evaluation/frames.ts';
import type { VideoTruth } from '../../engine/types.ts';
import type { FeatureSummary, ScoreRecord, VideoRecord } from '../../workers/client.ts';

/** @param classes what the head that scored it tells apart */
export function scoredVideo(
  { name, label }: VideoRecord,
  features: FeatureSummary,
  score: ScoreRecord,
  truth: VideoTruth | undefined,
  classes: readonly string[] | undefined,
): ScoredVideo {
  return {
    name,
    scores: score.scores,
    frames: features.frames || null,
    framesPerSecond: rateOf(features),
    label,
    truth: truth ? { totalFrames: truth.totalFrames, intervals: truth.intervals } : null,
    classScores: score.classes && classes && namedClasses(score.classes.values, classes),
    instances: score.instances,
  };
}
