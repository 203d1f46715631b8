/**
 * Reads a PyTorch fixture and judges numbers by its acceptance rule (`../shared/golden/README.md`, section 2).
 */
import { readSafetensors } from '../src/engine/formats/safetensors.ts';
import type { NumericArray } from '../src/engine/types.ts';
import { readShared, readSharedJson } from './shared.ts';

export interface FixtureNotes {
  config: Record<string, unknown> & { optimizer: Record<string, number | string> };
  loss_terms: Record<string, { value: number; weight: number | null; atol: number }>;
  loss_total: number;
  loss_total_atol: number;
  steps: number[];
  tolerances: Record<string, { rtol: number; atol?: number }>;
  null_gradient_params: string[];
  parameters: number;
}

export interface Fixture {
  name: string;
  notes: FixtureNotes;
  tensors: Map<string, NumericArray>;
}

export async function readFixture(name: string): Promise<Fixture> {
  const [notes, bytes] = await Promise.all([
    readSharedJson<FixtureNotes>(`golden/${name}.json`),
    readShared(`golden/${name}.safetensors`),
  ]);
  if (!notes || !bytes) throw new Error(`fixture ${name} is missing`);
  return { name, notes, tensors: readSafetensors(bytes, name).tensors };
}

/** The tensors whose names begin with `prefix`, by the rest of the name. */
export function below(fixture: Fixture, prefix: string): Map<string, NumericArray> {
  return new Map(
    [...fixture.tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((max, v) => Math.max(max, Math.abs(v)), 0);

/** How far `actual` is from `expected`, in units of what is allowed: at most 1 is a pass. */
export function outputError(
  actual: ArrayLike<number>,
  expected: NumericArray,
  rtol: number,
  atol: number,
): number {
  if (actual.length !== expected.values.length) return Infinity;
  const worst = largest(Array.from(expected.values, (value, i) => actual[i] - value));
  return worst / (atol + rtol * largest(expected.values));
}

/** @param largestGradient over the whole fixture */
export function gradientError(
  actual: ArrayLike<number>,
  expected: NumericArray,
  rtol: number,
  largestGradient: number,
  isNull: boolean,
): number {
  if (isNull) return largest(actual) / (1e-4 * Math.max(largestGradient, 1e-3));
  return outputError(actual, expected, rtol, 1e-6 * largestGradient);
}

/** Compares updates where the gradient is more than rounding noise. */
export function updateError(
  actual: ArrayLike<number>,
  before: NumericArray,
  after: NumericArray,
  gradient: NumericArray,
  rtol: number,
): number {
  const floor = 1e-4 * largest(gradient.values);
  let [difference, size] = [0, 0];
  gradient.values.forEach((g, i) => {
    if (Math.abs(g) < floor) return;
    const expected = after.values[i] - before.values[i];
    difference += (actual[i] - before.values[i] - expected) ** 2;
    size += expected ** 2;
  });
  return size === 0 ? (difference === 0 ? 0 : Infinity) : Math.sqrt(difference / size) / rtol;
}

export const largestGradientOf = (fixture: Fixture) =>
  Math.max(...[...below(fixture, 'grad.')].map(([, array]) => largest(array.values)));
