/** Videos with their scores, as an evaluation reads them. */
import { namedClasses } from '../../engine/evaluation/classes.ts';
import type { ScoredVideo } from '../../engine/evaluation/scored-video.ts';
import { rateOf } from '../../engine/evaluation/rate.ts';
import { widthOf } from '../../engine/evaluation/rows.ts';
import type { VideoTruth } from '../../engine/types.ts';
import type { FeatureSummary, ScoreRecord, VideoRecord } from '../../workers/client.ts';

/** A video that scores are judged by. */
export interface JudgedVideo {
  video: VideoRecord;
  features: FeatureSummary;
  truth: VideoTruth | undefined;
  /** Frames per score, for the expansion rule `widths`, where the features do not say it. */
  width?: number;
}

/** @param classes what the head that scored it tells apart */
export function scoredVideo(
  { video: { name, label }, features, truth, width }: JudgedVideo,
  score: ScoreRecord,
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
    width: width ?? widthOf(features),
  };
}
