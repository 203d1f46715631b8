/** How often a head gives which score, to the videos of either weak label. No truth is needed for it. */
import type { WeakLabel } from '../types.ts';
import type { ScoredVideo } from './evaluate.ts';

/** Scores counted in bins of equal width over 0..1; a score of 1 falls into the last. */
export interface ScoreHistogram {
  bins: number;
  /** Scores of videos with the label, `[bins]`. */
  counts: Record<WeakLabel, Uint32Array>;
  totals: Record<WeakLabel, number>;
}

/** Videos without a label are left out. */
export function scoreHistogram(videos: readonly ScoredVideo[], bins = 40): ScoreHistogram {
  const counts = { normal: new Uint32Array(bins), anomalous: new Uint32Array(bins) };
  const totals = { normal: 0, anomalous: 0 };
  for (const { label, scores } of videos) {
    if (label === null) continue;
    for (let i = 0; i < scores.length; i++) counts[label][binOf(scores[i], bins)]++;
    totals[label] += scores.length;
  }
  return { bins, counts, totals };
}

function binOf(score: number, bins: number): number {
  return Math.min(Math.max(Math.floor(score * bins), 0), bins - 1);
}
