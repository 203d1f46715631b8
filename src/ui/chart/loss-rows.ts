/** The terms of a loss as small charts: a row for each term, a line in it for each run. */
import type { Tick } from '../../workers/client.ts';
import { thin } from './scales.ts';

/** A run whose loss is drawn. */
export interface LossLine {
  name: string;
  losses: Tick['losses'];
  stroke: string;
  dash: string;
}

export interface LossRow {
  /** `total`, or a term by name. */
  name: string;
  low: number;
  high: number;
  /** For each line the steps that it is drawn through, counted from 0. */
  points: { index: number; value: number }[][];
}

/** @param most points that a line may have */
export function lossRows(lines: readonly LossLine[], most: number): LossRow[] {
  const names = new Set(['total']);
  for (const { losses } of lines) for (const { terms } of losses) for (const name in terms) names.add(name);
  return [...names].map((name) => {
    let [low, high] = [0, -Infinity];
    const points = lines.map(({ losses }) => {
      const values: number[] = [];
      const places: number[] = [];
      for (let index = 0; index < losses.length; index++) {
        const value = name === 'total' ? losses[index].total : losses[index].terms[name];
        if (!Number.isFinite(value)) continue; // a term that the step did not have
        values.push(value);
        places.push(index);
        if (value < low) low = value;
        if (value > high) high = value;
      }
      return thin(values, most).map(({ index, value }) => ({ index: places[index], value }));
    });
    return { name, low, high: high > low ? high : low + 1, points };
  });
}

/** At most `most` of the steps 1 to `count`, evenly, the first and the last among them. */
export function someSteps(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i + 1);
  return Array.from({ length: most }, (_, i) => 1 + Math.round((i * (count - 1)) / (most - 1)));
}
