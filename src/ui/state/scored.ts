/** Videos with their scores, as an evaluation reads them. */
import { namedClasses } from '../../engine/evaluation/classes.ts';
import type { ScoredVideo } from '../../engine/evaluation/scored-video.ts';
import { rateOf } from '../../engine/evaluation/rate.ts';
import { widthOf } from '../../engine/evaluation/rows.ts';
import { plainTube, videoBoxes } from '../../engine/evaluation/tube-boxes.ts';
import type { TruthBoxes, VideoTruth } from '../../engine/types.ts';
import type { FeatureSummary, ScoreRecord, VideoRecord } from '../../workers/client.ts';

/** A video that scores are judged by. */
export interface JudgedVideo {
  video: VideoRecord;
  features: FeatureSummary;
  truth: VideoTruth | undefined;
  boxes?: TruthBoxes;
  /** Frames per score, for the expansion rule `widths`, where the features do not say it. */
  width?: number;
}

/** @param classes what the head that scored it tells apart */
export function scoredVideo(
  { video: { name, label, facts }, features, truth, boxes, width }: JudgedVideo,
  score: ScoreRecord,
  classes: readonly string[] | undefined,
): ScoredVideo {
  const shown = facts && ([facts.width, facts.height] as const);
  return {
    name,
    scores: score.scores,
    frames: features.frames || null,
    framesPerSecond: rateOf(features),
    label,
    truth: truth ? { totalFrames: truth.totalFrames, intervals: truth.intervals } : null,
    classScores: score.classes && classes && namedClasses(score.classes.values, classes),
    instances: score.instances,
    boxes: videoBoxes(boxes, plainTube(score, shown), shown),
    width: width ?? widthOf(features),
  };
}
