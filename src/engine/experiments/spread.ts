/** A figure over seeds. */
export interface Spread {
  mean: number;
  /** The standard deviation of these values, not an estimate of that of others. */
  deviation: number;
}

/** Null without values. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

export const spreadText = ({ mean, deviation }: Spread): string =>
  `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
