/** Videos with their scores, as an evaluation reads them. */
import type { ScoredVideo } from '../../engine/evaluation/evaluate.ts';
import type { ExpansionRule } from '../../engine/evaluation/expand.ts';
import { SNIPPET_FRAMES, type VideoTruth } from '../../engine/types.ts';
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
    classScores: classScoresOf(score, classes),
    instances: score.instances,
    width: features.rowFrames ?? SNIPPET_FRAMES,
  };
}

/** The expansion that the features of these videos ask for: scores of segments hold for as long as a segment is. */
export function expansionOf(videos: readonly ScoredVideo[]): ExpansionRule {
  return videos.some(({ width }) => width !== SNIPPET_FRAMES) ? 'widths' : 'repeat16';
}

/** The columns of the named classes: without "normal", the first. */
function classScoresOf({ classes }: ScoreRecord, names?: readonly string[]): ScoredVideo['classScores'] {
  if (!classes || !names) return undefined;
  const columns = 1 + names.length;
  return { names: [...names], values: Array.from(classes.values).filter((_, i) => i % columns > 0) };
}

/** Frames per second as decoded, over the whole video; null where features come without times. */
export function rateOf({ frames, snippets }: FeatureSummary): number | null {
  const seconds =
    snippets.length > 0 ? snippets[snippets.length - 1].endSeconds - snippets[0].startSeconds : 0;
  return frames > 0 && seconds > 0 ? frames / seconds : null;
}
