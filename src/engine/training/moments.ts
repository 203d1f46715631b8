/** Which steps of a training are worth looking at again: early ones, where most changes, more closely than late ones. */

/** Looks that are kept of one run, at most. */
export const MOST_MOMENTS = 24;

/** From one moment to the next the number of steps grows by so much. */
const GROWTH = 1.25;

/** The step of the next moment after `step`: 0, 1, 2, 3, 4, 5, 7, 9, 12, 15, ... */
export function nextMoment(step: number): number {
  return Math.max(step + 1, Math.ceil(step * GROWTH));
}

/**
 * The moment that is missed least when there are too many: one between two others that lie close together for how late
 * they are. First and last stay.
 * @param steps growing, three or more
 * @returns its index
 */
export function leastMissed(steps: readonly number[]): number {
  let least = 1;
  const gap = (i: number) => (steps[i + 1] + 1) / (steps[i - 1] + 1);
  for (let i = 2; i < steps.length - 1; i++) if (gap(i) < gap(least)) least = i;
  return least;
}
