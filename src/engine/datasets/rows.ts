/**
 * A feature file as rows, a few at a time: of the longest video of UCF-Crime ten crops are half a gigabyte, and no more
 * of it should lie in memory than is being worked on.
 */
import { Failure } from '../failure.ts';
import { axesOf, npyHeader, openArray, type NpyHeader } from './opening.ts';

export interface Rows {
  /** N, P and D of the file. */
  count: number;
  crops: number;
  size: number;
  /** Whether the file holds half precision. */
  isHalf: boolean;
  /** `[to - from, P, D]` */
  read(from: number, to: number): Promise<Float32Array>;
}

/** A file is read at once up to this size. */
export const WHOLE_BYTES = 48 << 20;

/**
 * @param bytes of the file, where they are at hand
 * @throws Failure `format-invalid`, or `data-mismatch` for an array that is no features
 */
export async function openRows(blob: Blob, path: string, bytes?: Uint8Array): Promise<Rows> {
  const header = npyHeader(bytes ?? new Uint8Array(await blob.slice(0, 1024).arrayBuffer()));
  const axes = header && axesOf(header.shape);
  const inPieces = !bytes && blob.size > WHOLE_BYTES && header && axes;
  return inPieces && !header.fortranOrder && !axes.cropsFirst
    ? piecewise(blob, path, header)
    : whole(bytes ?? new Uint8Array(await blob.arrayBuffer()), path, header);
}

async function whole(bytes: Uint8Array, path: string, header: NpyHeader | null): Promise<Rows> {
  const { shape, values } = await openArray(bytes, path);
  const axes = axesOf(shape) ?? refuse(path, shape);
  const { rows, crops, size, cropsFirst } = axes;
  const width = shape.at(-1)!;
  return {
    count: rows,
    crops,
    size,
    isHalf: header?.type.endsWith('f2') ?? false,
    read(from, to) {
      if (!cropsFirst)
        return Promise.resolve(
          narrow(values.subarray(from * crops * width, to * crops * width), width, size),
        );
      const part = new Float32Array((to - from) * crops * width);
      for (let crop = 0; crop < crops; crop++) {
        for (let row = from; row < to; row++) {
          const at = (crop * rows + row) * width;
          part.set(values.subarray(at, at + width), ((row - from) * crops + crop) * width);
        }
      }
      return Promise.resolve(narrow(part, width, size));
    },
  };
}

/** Each piece is read as a small array of its own, by the same reader. */
function piecewise(blob: Blob, path: string, { shape, type, start }: NpyHeader): Rows {
  const { rows, crops, size } = axesOf(shape)!;
  const width = shape.at(-1)!;
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
