/** Frame-wise class figures: how well the frames of each class are found, and MF1 over all classes. */

export interface ClassFigures {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  /** These three are 0 where their denominator is. */
  precision: number;
  recall: number;
  f1: number;
}

/**
 * @param truth of one class, `[F]`: over 0 where the class is annotated; the frames of all videos in a row
 * @param predicted of the same class, `[F]`: over 0 where the class is told
 */
export function classFigures(truth: ArrayLike<number>, predicted: ArrayLike<number>): ClassFigures {
  let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
  for (let frame = 0; frame < truth.length; frame++) {
    if (predicted[frame] > 0) {
      if (truth[frame] > 0) truePositives++;
      else falsePositives++;
    } else if (truth[frame] > 0) falseNegatives++;
  }
  const precision = ratio(truePositives, truePositives + falsePositives);
  const recall = ratio(truePositives, truePositives + falseNegatives);
  const f1 = ratio(2 * precision * recall, precision + recall);
  return { truePositives, falsePositives, falseNegatives, precision, recall, f1 };
}

/** MF1: the mean F1 of ALL classes; one that never occurs and is never told counts as 0. Null without classes. */
export function meanF1(classes: readonly Pick<ClassFigures, 'f1'>[]): number | null {
  if (classes.length === 0) return null;
  return classes.reduce((sum, { f1 }) => sum + f1, 0) / classes.length;
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

/**
 * What is said of the named classes: the columns after "normal", the first.
 * @param values `[N,1+C]` row by row
 * @returns `[N,C]` row by row
 */
export function namedClasses(
  values: ArrayLike<number>,
  names: readonly string[],
): { names: string[]; values: number[] } {
  const columns = 1 + names.length;
  return { names: [...names], values: Array.from(values).filter((_, i) => i % columns > 0) };
}
