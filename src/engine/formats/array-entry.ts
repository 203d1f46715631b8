/** An array in a file, whatever the format: what every reader of one gives. */
import type { NumericArray } from '../types.ts';
import type { NumberType } from './numbers.ts';

export interface ReadArray extends NumericArray {
  /** What came of reading it that its owner should know. */
  warnings: readonly string[];
}

/** An array of a file, not read yet. */
export interface ArrayEntry {
  /** What the file calls it; empty where a file holds one array and no name. */
  name: string;
  shape: readonly number[];
  type: NumberType | 'text';
  /** Frames that a row stands for, where the file says so. */
  segmentFrames?: number;
  /** @throws Failure `format-invalid` where it is damaged */
  read(): ReadArray;
}
