/** What is wrong with the numbers of features, in words for their owner; and what is done about it. */
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';

export interface Judged {
  features: NumericArray;
  /** Rows, `[N]`, whose own numbers cannot be used: they repeat the nearest sound row before, or the first behind. */
  missing: boolean[];
  warnings: string[];
}

/**
 * @param features `[N,D]` or `[N,P,D]`; rows that hold NaN or infinite numbers are written over in place
 * @param name of the file, for messages
 * @throws Failure `data-mismatch` where there is no row to go by
 */
export function judgeNumbers(features: NumericArray, name: string): Judged {
  const { shape, values } = features;
  const [rows] = shape;
  const refuse = (what: string, next: string): never => {
    throw new Failure({ code: 'data-mismatch', subject: name, what, next });
  };
  if (values.length === 0) refuse('It holds no numbers.', 'Extract it again.');
  const perRow = values.length / rows;
  const missing = Array.from({ length: rows }, (_, row) => !isSound(values, row * perRow, perRow));
  const bad = missing.filter(Boolean).length;
  const warnings: string[] = [];
  if (bad === rows)
    refuse('It holds NaN or infinite numbers in every row.', 'Extract it again: there is nothing to go by.');
  if (bad > 0) {
    const first = missing.indexOf(true);
    const numbers = values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
    warnings.push(
      `${numbers} of its numbers are NaN or infinite, in ${bad} of ${rows} rows (the first is row ${first + 1}); these rows count as missing and repeat the row before.`,
    );
    repeatSound(values, missing, perRow);
  }
  const [first] = values;
  if (values.every((value) => value === first))
    warnings.push(
      first === 0
        ? 'All numbers are zero: these features carry no information.'
        : 'All numbers are equal: these features carry no information.',
    );
  return { features, missing, warnings };
}

function isSound(values: Float32Array, from: number, count: number): boolean {
  for (let i = from; i < from + count; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function repeatSound(values: Float32Array, missing: readonly boolean[], perRow: number): void {
  let sound = missing.indexOf(false);
  for (const [row, isMissing] of missing.entries()) {
    if (isMissing) values.copyWithin(row * perRow, sound * perRow, (sound + 1) * perRow);
    else sound = row;
  }
}

/** A short name of an array's numbers: equal arrays have one, others almost never. Not for secrets. */
export function digestOf({ shape, values }: NumericArray): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let [a, b] = [0x9e3779b9 ^ values.length, 0x85ebca6b ^ (shape.at(-1) ?? 0)];
  for (let i = 0; i < words.length; i++) {
    a = Math.imul(a ^ words[i], 0x01000193);
    b = Math.imul(b ^ (words[i] >>> 15) ^ words[i], 0xc2b2ae35);
    b = (b << 13) | (b >>> 19);
  }
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** One file among those that came together. */
export interface Companion {
  name: string;
  /** D */
  size: number;
  digest: string;
}

/**
 * What stands out when files are looked at together.
 * @returns warnings by name
 */
export function compareFiles(files: readonly Companion[]): Map<string, string[]> {
  const warnings = new Map<string, string[]>();
  const warn = (name: string, text: string) => warnings.set(name, [...(warnings.get(name) ?? []), text]);
  const counts = new Map<number, number>();
  for (const { size } of files) counts.set(size, (counts.get(size) ?? 0) + 1);
  const [[usual, many] = [0, 0]] = [...counts].sort((a, b) => b[1] - a[1]);
  const first = new Map<string, string>();
  for (const { name, size, digest } of files) {
    if (size !== usual)
      warn(
        name,
        `Its features have ${size} numbers, those of ${many} other file${many === 1 ? '' : 's'} ${usual}.`,
      );
    const twin = first.get(digest);
    if (twin === undefined) first.set(digest, name);
    else if (twin !== name) warn(name, `It holds the same numbers as ${twin}.`);
  }
  return warnings;
}
