/** The terms of a loss as small charts: a row for each term, a line in it for each run. */
import { bandOf } from '../../engine/evaluation/band.ts';
import type { RunRecord, Tick } from '../../workers/client.ts';
import { short } from '../format.ts';
import { t } from '../text/text.svelte.ts';
import { thin } from './scales.ts';

type Losses = Tick['losses'];

/** A run whose loss is drawn, or repeats of one as their mean. */
export interface LossLine {
  name: string;
  losses: Losses;
  /** Of a mean: the standard deviation at each step, in the unit of the loss. */
  deviations?: Losses;
  stroke: string;
  dash: string;
}

export interface LossRow {
  /** `total`, or a term by name. */
  name: string;
  low: number;
  high: number;
  /** For each line the steps that it is drawn through, counted from 0. */
  points: { index: number; value: number; deviation?: number }[][];
}

/** Rows of a record stay the same for as long as the record does. */
const stored = new WeakMap<RunRecord, Losses>();

/** The losses of a stored run, step by step. */
export function lossesOf(run: RunRecord): Losses {
  const known = stored.get(run);
  if (known) return known;
  const { total, terms } = run.losses;
  const names = Object.keys(terms);
  const losses = Array.from(total, (value, i) => ({
    total: value,
    terms: Object.fromEntries(names.map((name) => [name, terms[name][i]])),
  }));
  stored.set(run, losses);
  return losses;
}

/** As a name is shown: terms have names of their own in every language. */
export const shownName = (name: string): string => (name === 'total' ? t('total') : name);

/** `total`, or a term by name; not a number where the step did not have it. */
const termOf = (entry: Losses[number] | undefined, name: string): number =>
  (name === 'total' ? entry?.total : entry?.terms[name]) ?? NaN;

/** `total` and every term that some step has. */
function namesIn(all: readonly Losses[]): string[] {
  const names = new Set(['total']);
  for (const losses of all) for (const { terms } of losses) for (const name in terms) names.add(name);
  return [...names];
}

/** Repeats as their mean and its band, as far as all of them go. */
export function foldLosses(repeats: readonly Losses[]): Required<Pick<LossLine, 'losses' | 'deviations'>> {
  const bands = namesIn(repeats).map((name) => {
    const { mean, deviation } = bandOf(repeats.map((losses) => losses.map((entry) => termOf(entry, name))));
    return { name, mean, deviation };
  });
  const [total, ...terms] = bands;
  const rows = (of: 'mean' | 'deviation') =>
    Array.from(total[of], (value, i) => ({
      total: value,
      terms: Object.fromEntries(terms.map((term) => [term.name, term[of][i]])),
    }));
  return { losses: rows('mean'), deviations: rows('deviation') };
}

/** @param index of the step, counted from 0 */
export const lossAt = ({ losses }: LossLine, index: number, name: string): number =>
  termOf(losses[index], name);

/** The same as it is written: a mean with its deviation. */
export function lossText(line: LossLine, index: number, name: string): string {
  const value = short(lossAt(line, index, name));
  const entry = line.deviations?.[index];
  return entry ? `${value} ± ${short(termOf(entry, name))}` : value;
}

/** @param most points that a line may have */
export function lossRows(lines: readonly LossLine[], most: number): LossRow[] {
  return namesIn(lines.map(({ losses }) => losses)).map((name) => {
    let [low, high] = [0, -Infinity];
    const points = lines.map(({ losses, deviations }) => {
      const values: number[] = [];
      const places: number[] = [];
      const deviationAt = (index: number) => deviations && termOf(deviations[index], name);
      for (let index = 0; index < losses.length; index++) {
        const value = termOf(losses[index], name);
        if (!Number.isFinite(value)) continue; // a term that the step did not have
        values.push(value);
        places.push(index);
        const around = deviationAt(index) ?? 0;
        low = Math.min(low, value - around);
        high = Math.max(high, value + around);
      }
      return thin(values, most).map(({ index, value }) => ({
        index: places[index],
        value,
        deviation: deviationAt(places[index]),
      }));
    });
    return { name, low, high: high > low ? high : low + 1, points };
  });
}

/** At most `most` of the steps 1 to `count`, evenly, the first and the last among them. */
export function someSteps(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i + 1);
  return Array.from({ length: most }, (_, i) => 1 + Math.round((i * (count - 1)) / (most - 1)));
}
