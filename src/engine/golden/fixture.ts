/**
 * Fixtures: numbers that another framework computed, and the rule by which ours are judged. A fixture is `NAME.json`,
 * with `NAME.safetensors` beside it where it holds tensors. All errors are in units of what the fixture allows: at
 * most 1 is a pass.
 */
import { Failure } from '../failure.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import type { NumericArray } from '../types.ts';

/** Deviations by what was compared, each in units of what is allowed. */
export type Deviations = Record<string, number>;

/** The `.json` of a fixture: what all kinds share. */
export interface Notes {
  kind: 'model' | 'op' | 'optim' | 'pure' | 'head_io';
  config: Record<string, unknown>;
}

export interface Fixture<N extends Notes = Notes> {
  name: string;
  notes: N;
  /** By name, `input.x` and the like; empty for a fixture of plain numbers. */
  tensors: Map<string, NumericArray>;
}

/**
 * @param json the text of `NAME.json`
 * @param bytes `NAME.safetensors`, if there is one
 * @throws Failure `format-invalid` naming the file
 */
export function parseFixture(name: string, json: string, bytes: Uint8Array<ArrayBuffer> | null): Fixture {
  let notes: Notes;
  try {
    notes = JSON.parse(json) as Notes;
  } catch {
    throw new Failure({ code: 'format-invalid', subject: `${name}.json`, what: 'It is not JSON.' });
  }
  if (typeof notes?.kind !== 'string') {
    throw new Failure({
      code: 'format-invalid',
      subject: `${name}.json`,
      what: 'It is not a fixture: it says no "kind" (model, op, optim, pure or head_io).',
    });
  }
  return { name, notes, tensors: bytes ? readSafetensors(bytes, `${name}.safetensors`).tensors : new Map() };
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

/** How far `actual` is from `expected`. */
export function outputError(
  actual: ArrayLike<number>,
  expected: NumericArray,
  rtol: number,
  atol: number,
): number {
  if (actual.length !== expected.values.length) return Infinity;
  const worst = largest(Array.from(expected.values, (value, i) => actual[i] - value));
  if (worst === 0) return 0; // where nothing is allowed, too
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

/** That a fixture is of something we do not have. */
export function unknown({ name }: Fixture, what: string): Failure {
  return new Failure({
    code: 'format-invalid',
    subject: name,
    what: `The fixture is of ${what}, which Weaklens does not have.`,
  });
}
