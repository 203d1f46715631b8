/** A figure over seeds. */
export interface Spread {
  mean: number;
  /** The sample standard deviation (n − 1), as a band has it; 0 of a single value. */
  deviation: number;
}

/** Null without values. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

export const spreadText = ({ mean, deviation }: Spread): string =>
  `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
