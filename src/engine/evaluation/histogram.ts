/** How often a head gives which score, to the videos of either weak label. No truth is needed for it. */
import type { WeakLabel } from '../types.ts';
import type { ScoredVideo } from './scored-video.ts';

/** The scores, in ascending order, and counted in bins of equal width over 0..1; a score of 1 falls into the last. */
export interface ScoreHistogram {
  bins: number;
  /** How many scores of videos with the label, `[bins]`. */
  counts: Record<WeakLabel, Uint32Array>;
  scores: Record<WeakLabel, Float32Array>;
}

/** Videos without a label are left out. */
export function scoreHistogram(videos: readonly ScoredVideo[], bins = 40): ScoreHistogram {
  const scoresOf = (label: WeakLabel) => {
    const own = videos.filter((video) => video.label === label).flatMap(({ scores }) => Array.from(scores));
    return Float32Array.from(own).sort();
  };
  const scores = { normal: scoresOf('normal'), anomalous: scoresOf('anomalous') };
  const countsOf = (own: Float32Array) => {
    const counts = new Uint32Array(bins);
    for (const score of own) counts[binOf(score, bins)]++;
    return counts;
  };
  return { bins, counts: { normal: countsOf(scores.normal), anomalous: countsOf(scores.anomalous) }, scores };
}

/** How many of the scores, in ascending order, are at or above a threshold. */
export function countAbove(ascending: Float32Array, threshold: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] >= threshold) high = middle;
    else low = middle + 1;
  }
  return ascending.length - low;
}

function binOf(score: number, bins: number): number {
  return Math.min(Math.max(Math.floor(score * bins), 0), bins - 1);
}
