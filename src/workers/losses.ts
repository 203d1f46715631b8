/** The losses of a run: step by step while it is trained, in columns where it is kept. */
import type { RunRecord } from './schema.ts';

export interface StepLosses {
  total: number;
  terms: Record<string, number>;
}

export function lossRows({ losses }: Pick<RunRecord, 'losses'>): StepLosses[] {
  const names = Object.keys(losses.terms);
  return Array.from(losses.total, (total, i) => ({
    total,
    terms: Object.fromEntries(names.map((name) => [name, losses.terms[name][i]])),
  }));
}

/** A term that a step did not have is NaN there. */
export function lossColumns(rows: readonly StepLosses[]): RunRecord['losses'] {
  const names = [...new Set(rows.flatMap(({ terms }) => Object.keys(terms)))];
  return {
    total: Float32Array.from(rows, (row) => row.total),
    terms: Object.fromEntries(
      names.map((name) => [name, Float32Array.from(rows, (row) => row.terms[name] ?? NaN)]),
    ),
  };
}
