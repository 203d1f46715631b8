/**
 * A feature file as rows, a few at a time: of the longest video of UCF-Crime ten crops are half a gigabyte, and no more
 * of it should lie in memory than is being worked on.
 */
import { Failure } from '../failure.ts';
import { arrange } from '../features/axes.ts';
import type { ArrayEntry, ReadArray } from '../formats/array-entry.ts';
import { axesOf, npyHeader, openArray, type Axes, type NpyHeader } from './opening.ts';

export interface RowsFile {
  path: string;
  blob: Blob;
  /** The id of the reading that its axes are settled to be; the likeliest where none is. */
  axes?: string;
  /** Its bytes, where they are at hand. */
  bytes?: Uint8Array;
  /** The array in it, where it is opened: it may hold others. */
  entry?: ArrayEntry;
}

export interface Rows {
  /** N, P and D of the file. */
  count: number;
  crops: number;
  size: number;
  /** Whether the file holds half precision. */
  isHalf: boolean;
  /** What came of reading it that its owner should know. */
  warnings: readonly string[];
  /** `[to - from, P, D]` */
  read(from: number, to: number): Promise<Float32Array>;
}

/** A file is read at once up to this size. */
export const WHOLE_BYTES = 48 << 20;

/**
 * @param file with its bytes, where they are at hand, and the reading of its axes, where it is settled
 * @throws Failure `format-invalid`, or `data-mismatch` for an array that is no features
 */
export async function openRows({ blob, path, bytes, axes: id, entry }: RowsFile): Promise<Rows> {
  if (entry) return whole(entry.read(), path, false, id);
  const header = npyHeader(bytes ?? new Uint8Array(await blob.slice(0, 1024).arrayBuffer()));
  const axes = header && axesOf(header.shape, id);
  return header && axes?.isInOrder && !header.fortranOrder && !bytes && blob.size > WHOLE_BYTES
    ? piecewise(blob, path, header, axes)
    : whole(
        await openArray(bytes ?? new Uint8Array(await blob.arrayBuffer()), path),
        path,
        header?.type.endsWith('f2') ?? false,
        id,
      );
}

function whole(array: ReadArray, path: string, isHalf: boolean, id?: string): Rows {
  const { rows, crops, size, reading } = axesOf(array.shape, id) ?? refuse(path, array.shape);
  const { values } = arrange(array, reading);
  const width = reading.size;
  return {
    count: rows,
    crops,
    size,
    isHalf,
    warnings: array.warnings,
    read: (from, to) =>
      Promise.resolve(narrow(values.subarray(from * crops * width, to * crops * width), width, size)),
  };
}

/** Each piece is read as a small array of its own, by the same reader. */
function piecewise(
  blob: Blob,
  path: string,
  { shape, type, start }: NpyHeader,
  { rows, crops, size, reading }: Axes,
): Rows {
  const width = reading.size;
  const rowBytes = crops * width * Number(/\d+$/.exec(type)?.[0] ?? 0);
  const expected = start + rows * rowBytes;
  if (expected !== blob.size)
    throw new Failure({
      code: 'format-invalid',
      subject: path,
      what: `Its shape (${shape.join(', ')}) needs ${expected} bytes and it has ${blob.size}.`,
      next: 'It may have been cut short on its way: fetch it again.',
    });
  return {
    count: rows,
    crops,
    size,
    isHalf: type.endsWith('f2'),
    warnings: [],
    async read(from, to) {
      const data = new Uint8Array(
        await blob.slice(start + from * rowBytes, start + to * rowBytes).arrayBuffer(),
      );
      const { values } = await openArray(withHeader(data, type, [to - from, crops, width]), path);
      return narrow(values, width, size);
    },
  };
}

/** Version 1.0 of the format. */
function withHeader(data: Uint8Array, type: string, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = `${text}${' '.repeat(63 - ((10 + text.length) % 64))}\n`;
  const file = new Uint8Array(10 + header.length + data.length);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  file.set(new TextEncoder().encode(header), 10);
  file.set(data, 10 + header.length);
  return file;
}

/** The first `size` of each `width` numbers. */
function narrow(values: Float32Array, width: number, size: number): Float32Array {
  if (width === size) return values;
  const rows = values.length / width;
  const narrowed = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++)
    narrowed.set(values.subarray(row * width, row * width + size), row * size);
  return narrowed;
}

function refuse(path: string, shape: readonly number[]): never {
  throw new Failure({
    code: 'data-mismatch',
    subject: path,
    what: `Its shape is (${shape.join(', ')}); one row per snippet, (snippets, D), or one per crop, (snippets, crops, D), is read here.`,
  });
}
