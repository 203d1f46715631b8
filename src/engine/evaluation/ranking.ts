/**
 * Ranking metrics. Where a class is missing a metric is undefined: null, never 0, 0.5 or 1.
 * Scores that are equal share one threshold.
 */

/** The points of a curve, from the highest threshold down. */
interface Steps {
  /** Positives and negatives at or above each distinct score. */
  truePositives: number[];
  falsePositives: number[];
  thresholds: number[];
  positives: number;
  negatives: number;
}

function steps(labels: ArrayLike<number>, scores: ArrayLike<number>): Steps {
  // Frames of one snippet share a score: there are far fewer scores than frames to sort.
  const tally = new Map<number, [positives: number, negatives: number]>();
  for (let i = 0; i < labels.length; i++) {
    let counts = tally.get(scores[i]);
    if (!counts) tally.set(scores[i], (counts = [0, 0]));
    counts[labels[i] > 0 ? 0 : 1]++;
  }
  const thresholds = Float64Array.from(tally.keys()).sort().reverse();
  const result: Steps = {
    truePositives: [],
    falsePositives: [],
    thresholds: [...thresholds],
    positives: 0,
    negatives: 0,
  };
  for (const threshold of thresholds) {
    const [positives, negatives] = tally.get(threshold)!;
    result.truePositives.push((result.positives += positives));
    result.falsePositives.push((result.negatives += negatives));
  }
  return result;
}

/**
 * A curve as it is drawn, a point for each distinct score from the highest down: what an alarm at every score from the
 * threshold up finds, and at what price. The first point is that of no alarm at all; its threshold is infinite.
 */
export interface Curve {
  thresholds: Float64Array;
  x: Float64Array;
  y: Float64Array;
}

/** False positive rate against recall, from (0, 0) to (1, 1). Null where a class is missing. */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): Curve | null {
  const { truePositives, falsePositives, thresholds, positives, negatives } = steps(labels, scores);
  if (positives === 0 || negatives === 0) return null;
  return {
    thresholds: Float64Array.from([Infinity, ...thresholds]),
    x: Float64Array.from([0, ...falsePositives.map((fp) => fp / negatives)]),
    y: Float64Array.from([0, ...truePositives.map((tp) => tp / positives)]),
  };
}

/** Recall against precision, closed with recall 0 and precision 1. Null where a class is missing. */
export function precisionRecallCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): Curve | null {
  const { truePositives, falsePositives, thresholds, positives, negatives } = steps(labels, scores);
  if (positives === 0 || negatives === 0) return null;
  return {
    thresholds: Float64Array.from([Infinity, ...thresholds]),
    x: Float64Array.from([0, ...truePositives.map((tp) => tp / positives)]),
    y: Float64Array.from([1, ...truePositives.map((tp, i) => tp / (tp + falsePositives[i]))]),
  };
}

/** Area under a curve by trapezoids. */
export function areaUnder({ x, y }: Pick<Curve, 'x' | 'y'>): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return area;
}

/**
 * The points of a curve that are worth drawing: one is left out where the line past it goes the same way. What that
 * adds to the area or takes from it is carried along, so that the area of the whole never moves by more than
 * `tolerance`, however many points are left out.
 */
export function thinCurve({ thresholds, x, y }: Curve, tolerance = 1e-6): Curve {
  const kept = [0];
  let owed = 0;
  for (let i = 1; i < x.length - 1; i++) {
    const last = kept[kept.length - 1];
    // Half the cross product: the triangle between the last point kept, this one and the next, above the line or below.
    const triangle = ((x[i] - x[last]) * (y[i + 1] - y[last]) - (x[i + 1] - x[last]) * (y[i] - y[last])) / 2;
    if (Math.abs(owed + triangle) <= tolerance) owed += triangle;
    else kept.push(i);
  }
  if (x.length > 1) kept.push(x.length - 1);
  const pick = (values: Float64Array) => Float64Array.from(kept, (i) => values[i]);
  return { thresholds: pick(thresholds), x: pick(x), y: pick(y) };
}

/** Area under the ROC polygon over distinct thresholds; ties get the diagonal. */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const { truePositives, falsePositives, positives, negatives } = steps(labels, scores);
  if (positives === 0 || negatives === 0) return null;
  let area = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const [tp, fp] = i === 0 ? [0, 0] : [truePositives[i - 1], falsePositives[i - 1]];
    area += ((falsePositives[i] - fp) * (truePositives[i] + tp)) / 2;
  }
  return area / (positives * negatives);
}

/**
 * Area under the precision-recall curve by trapezoids, closed with recall 0 and precision 1: what most of the field's
 * code prints as "AP".
 */
export function prAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const { truePositives, falsePositives, positives, negatives } = steps(labels, scores);
  if (positives === 0 || negatives === 0) return null;
  let area = 0;
  let [recall, precision] = [0, 1];
  truePositives.forEach((tp, i) => {
    const [nextRecall, nextPrecision] = [tp / positives, tp / (tp + falsePositives[i])];
    area += ((nextRecall - recall) * (nextPrecision + precision)) / 2;
    [recall, precision] = [nextRecall, nextPrecision];
  });
  return area;
}

/** Average precision: the step sum over recall. */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const { truePositives, falsePositives, positives, negatives } = steps(labels, scores);
  if (positives === 0 || negatives === 0) return null;
  let sum = 0;
  truePositives.forEach((tp, i) => {
    const gained = tp - (i === 0 ? 0 : truePositives[i - 1]);
    sum += (gained / positives) * (tp / (tp + falsePositives[i]));
  });
  return sum;
}

/**
 * max   the highest score
 * span  the highest minus the lowest
 */
export type VideoScoreRule = 'max' | 'span';

/** One score for a whole video, to rank videos by. Null without scores. */
export function videoScore(scores: ArrayLike<number>, rule: VideoScoreRule = 'max'): number | null {
  if (scores.length === 0) return null;
  let [lowest, highest] = [scores[0], scores[0]];
  for (let i = 1; i < scores.length; i++) {
    lowest = Math.min(lowest, scores[i]);
    highest = Math.max(highest, scores[i]);
  }
  return rule === 'span' ? highest - lowest : highest;
}
