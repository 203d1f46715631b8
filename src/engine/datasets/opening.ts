/** The one door through which a dataset's files become numbers. */
import { readAxes, readingOf, type Reading } from '../features/axes.ts';
import type { ReadArray } from '../formats/array-entry.ts';
import { openArrays } from '../formats/arrays.ts';

/**
 * An array of a file: the one that it calls so, else the first.
 * @throws Failure `format-invalid`
 */
export async function openArray(bytes: Uint8Array, path: string, array?: string): Promise<ReadArray> {
  const opened = await openArrays(bytes, path);
  try {
    const { arrays } = opened;
    const read = (arrays.find(({ name }) => name === array) ?? arrays[0]).read();
    return { ...read, warnings: [...opened.warnings, ...read.warnings] };
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
  /** How the array is laid out. */
  reading: Reading;
  /** `[N,D]` or `[N,P,D]` as it lies there, so that a few rows can be read alone. */
  isInOrder: boolean;
}

/**
 * Null where an array of this shape is no features.
 * @param id of the reading that was settled on; the likeliest where none was
 */
export function axesOf(shape: readonly number[], id?: string): Axes | null {
  const [likeliest] = readingsOf(shape);
  if (!likeliest) return null;
  const reading = id === undefined ? likeliest : readingOf(shape, id, {}, 'features');
  const { snippets, crops, size, axes } = reading;
  const isInOrder = axes.at(-1) === 'features' && axes[0] === 'snippets';
  return { rows: snippets, crops, size: featuresOf(size), reading, isInOrder };
}

/** The ways to read an array, the likeliest first. One of a single axis is no features here: it may be a mask. */
export const readingsOf = (shape: readonly number[]): Reading[] => (shape.length < 2 ? [] : readAxes(shape));

/** 2,049 are 2,048 and their length, which heads compute themselves. */
const featuresOf = (size: number) => (size === 2049 || size === 1025 ? size - 1 : size);
