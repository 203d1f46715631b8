/** The one door through which a dataset's files become numbers. */
import { openArrays } from '../formats/arrays.ts';
import type { NumericArray } from '../types.ts';

/**
 * The first array of a file.
 * @throws Failure `format-invalid`
 */
export async function openArray(bytes: Uint8Array, path: string): Promise<NumericArray> {
  const opened = await openArrays(bytes, path);
  try {
    return opened.arrays[0].read();
  } finally {
    opened.close();
  }
}

/** What the header of a `.npy` says. */
export interface NpyHeader {
  shape: number[];
  /** As NumPy writes it, such as `<f4`. */
  type: string;
  fortranOrder: boolean;
  /** Where the numbers begin, in bytes. */
  start: number;
}

/** Null where it is no `.npy`. It is not checked here: reading the array is what does that. */
export function npyHeader(bytes: Uint8Array): NpyHeader | null {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  if (!text.startsWith('\x93NUMPY')) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = bytes[6] === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  const header = text.slice(0, start);
  const tuple = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(header)?.[1];
  const type = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  if (tuple === undefined || type === undefined) return null;
  const shape = tuple.split(',').flatMap((size) => /\d+/.exec(size)?.[0] ?? []);
  return {
    shape: shape.map(Number),
    type,
    fortranOrder: /'fortran_order'\s*:\s*True/.test(header),
    start,
  };
}

/** What the axes of an array are to us. */
export interface Axes {
  /** N */
  rows: number;
  /** P; 1 where the array has no axis of crops. */
  crops: number;
  /** D, without the column of magnitudes that files prepared for MGFN carry. */
  size: number;
  /** Where crops come first, `[P,N,D]`. */
  cropsFirst: boolean;
}

/** Null where an array of this shape is no features. An axis of 10, 5 or 1 is that of the crops. */
export function axesOf(shape: readonly number[]): Axes | null {
  const [first, second, last] = shape;
  if (shape.some((size) => size === 0)) return null;
  if (shape.length === 2) return { rows: first, crops: 1, size: featuresOf(second), cropsFirst: false };
  if (shape.length !== 3) return null;
  const cropsFirst = !CROPS.includes(second) && CROPS.includes(first);
  const [rows, crops] = cropsFirst ? [second, first] : [first, second];
  return { rows, crops, size: featuresOf(last), cropsFirst };
}

const CROPS: readonly number[] = [10, 5, 1];

/** 2,049 are 2,048 and their length, which heads compute themselves. */
const featuresOf = (size: number) => (size === 2049 || size === 1025 ? size - 1 : size);
