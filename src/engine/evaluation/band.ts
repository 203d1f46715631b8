/** Repeats of one run over seeds as a mean and how far the repeats lie around it: what a line with a band draws. */
import type { Curve } from './ranking.ts';

/** Mean and deviation at each place of several series, in their own unit. */
export interface Band {
  /** How many series it is of. */
  repeats: number;
  mean: Float64Array;
  /**
   * The sample standard deviation (n − 1): these seeds stand for others that nobody has tried. 0 where there is a
   * single series.
   */
  deviation: Float64Array;
}

/**
 * Place by place, as far as all series go. Where one of them has no number (a term that the step did not have), there
 * is none.
 */
export function bandOf(series: readonly ArrayLike<number>[]): Band {
  const repeats = series.length;
  const length = repeats === 0 ? 0 : Math.min(...series.map((values) => values.length));
  const mean = new Float64Array(length);
  const deviation = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    for (const values of series) mean[i] += values[i];
    mean[i] /= repeats;
    let squares = 0;
    for (const values of series) squares += (values[i] - mean[i]) ** 2;
    deviation[i] = Math.sqrt(squares / Math.max(1, repeats - 1));
  }
  return { repeats, mean, deviation };
}

/** A band over a curve's axis across. */
export interface CurveBand extends Band {
  /** `[points]`, evenly from 0 to 1. */
  x: Float64Array;
}

/**
 * Curves averaged upwards at the same places across (vertical averaging): recall over the false positive rate, or
 * precision over recall. The mean of their areas is the area of the mean, but for the width of the grid.
 */
export function curveBand(curves: readonly Pick<Curve, 'x' | 'y'>[], points = 101): CurveBand {
  const x = Float64Array.from({ length: points }, (_, i) => i / (points - 1));
  return { x, ...bandOf(curves.map((curve) => x.map((across) => heightAt(curve, across)))) };
}

/** The height of a curve, straight between its points; where it goes straight up or down, the highest. */
function heightAt({ x, y }: Pick<Curve, 'x' | 'y'>, across: number): number {
  let [low, high] = [0, x.length - 1]; // the first point that is not left of it
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] >= across) high = middle;
    else low = middle + 1;
  }
  if (x[low] !== across) {
    const left = Math.max(0, low - 1);
    const share = x[low] > x[left] ? (across - x[left]) / (x[low] - x[left]) : 0;
    return y[left] + share * (y[low] - y[left]);
  }
  let highest = y[low];
  for (let i = low + 1; x[i] === across; i++) highest = Math.max(highest, y[i]);
  return highest;
}
