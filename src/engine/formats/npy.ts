/**
 * NumPy's `.npy`. Written in C order; read strictly: the header grammar is exactly that of
 * `{'descr': str, 'fortran_order': bool, 'shape': (ints,)}` and the data must have exactly the bytes that it promises.
 * Python objects (pickles) are refused: they are code.
 */
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';
import { halfToFloat, toHalf } from './half.ts';

const MAX_HEADER_BYTES = 10_000;

/** Encodes values as version 1.0 of the format. */
export function writeNpy(
  { shape, values: given }: NumericArray,
  type: 'float32' | 'float16' = 'float32',
): Uint8Array<ArrayBuffer> {
  const values = type === 'float16' ? toHalf(given) : given;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '<f${values.BYTES_PER_ELEMENT}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padding = 63 - ((10 + header.length) % 64);
  const text = header + ' '.repeat(padding) + '\n';
  const file = new Uint8Array(10 + text.length + values.byteLength);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, text.length & 255, text.length >> 8]);
  file.set(new TextEncoder().encode(text), 10);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + text.length);
  return file;
}

/**
 * Reads an array of numbers; all types become float32.
 * @param name what to call it in errors
 * @throws Failure `format-invalid`
 */
export function readNpy(bytes: Uint8Array, name = '.npy file'): NumericArray {
  const refuse = (
    what: string,
    next = "Save it again with numpy.save(file, array.astype('float32')).",
  ): never => {
    throw new Failure({ code: 'format-invalid', subject: name, what, next });
  };
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (magic !== '\x93NUMPY') return refuse(`This is not a .npy file (${describe(bytes)}).`);
  const [major, minor] = [bytes[6], bytes[7]];
  if (minor !== 0 || (major !== 1 && major !== 2 && major !== 3))
    refuse(`Its format version is ${major}.${minor}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengthBytes = major === 1 ? 2 : 4;
  if (bytes.byteLength < 8 + lengthBytes) refuse('It ends inside its header.');
  const headerBytes = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = 8 + lengthBytes + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || dataStart > bytes.byteLength)
    refuse('Its header is longer than allowed.');
  const { descr, fortranOrder, shape } = parseHeader(
    new TextDecoder('latin1').decode(bytes.subarray(8 + lengthBytes, dataStart)),
    refuse,
  );
  const [, order, kind, size] = /^([<>|=])([a-zA-Z])(\d+)?$/.exec(descr) ?? refuse(`Its type is ${descr}.`);
  if (kind === 'O') refuse('It contains Python objects, which may be code and are never loaded.');
  const itemBytes = Number(size ?? 0);
  const read = reader(kind, itemBytes);
  if (!read) return refuse(`Its numbers are of type ${descr}, which is not read here.`);

  const count = shape.reduce((product, n) => product * n, 1);
  const expected = BigInt(itemBytes) * shape.reduce((product, n) => product * BigInt(n), 1n);
  if (expected !== BigInt(bytes.byteLength - dataStart)) {
    refuse(
      `Its shape (${shape.join(', ')}) needs ${expected} bytes of data and it has ${bytes.byteLength - dataStart}.`,
    );
  }
  const values = new Float32Array(count);
  const littleEndian = order !== '>';
  const data = new DataView(bytes.buffer, bytes.byteOffset + dataStart);
  for (let i = 0; i < count; i++) values[i] = read(data, i * itemBytes, littleEndian);
  return { shape, values: fortranOrder ? toRowMajor(values, shape) : values };
}

type Reader = (data: DataView, offset: number, littleEndian: boolean) => number;

function reader(kind: string, itemBytes: number): Reader | null {
  switch (`${kind}${itemBytes}`) {
    case 'f2':
      return (data, at, little) => halfToFloat(data.getUint16(at, little));
    case 'f4':
      return (data, at, little) => data.getFloat32(at, little);
    case 'f8':
      return (data, at, little) => data.getFloat64(at, little);
    case 'i1':
      return (data, at) => data.getInt8(at);
    case 'i2':
      return (data, at, little) => data.getInt16(at, little);
    case 'i4':
      return (data, at, little) => data.getInt32(at, little);
    case 'i8':
      return (data, at, little) => Number(data.getBigInt64(at, little));
    case 'b1':
    case 'u1':
      return (data, at) => data.getUint8(at);
    case 'u2':
      return (data, at, little) => data.getUint16(at, little);
    case 'u4':
      return (data, at, little) => data.getUint32(at, little);
    case 'u8':
      return (data, at, little) => Number(data.getBigUint64(at, little));
    default:
      return null;
  }
}

/** A Python dict literal with exactly the three keys, in any order, and nothing else. Never evaluated. */
function parseHeader(text: string, refuse: (what: string) => never) {
  const body = /^\s*\{(.*?),?\s*\}\s*$/s.exec(text)?.[1] ?? refuse('Its header is not a Python dict.');
  const entry =
    /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*(?:(['"])([^'"]*)\3|(True|False)|\(([^()]*)\))\s*(?:,|$)/y;
  const found = new Map<string, { text?: string; flag?: string; tuple?: string }>();
  while (entry.lastIndex < body.length) {
    const match = entry.exec(body) ?? refuse('Its header has an entry that NumPy would not write.');
    const [, , key, , string, flag, tuple] = match;
    if (found.has(key)) refuse(`Its header names ${key} twice.`);
    found.set(key, { text: string, flag, tuple });
  }
  const descr = found.get('descr')?.text;
  const order = found.get('fortran_order')?.flag;
  const tuple = found.get('shape')?.tuple;
  if (descr === undefined || order === undefined || tuple === undefined) {
    return refuse('Its header lacks descr, fortran_order or shape.');
  }
  const items = tuple.replace(/,\s*$/, '').split(',');
  const shape =
    tuple.trim() === '' ? [] : items.map((item) => Number(/^\s*(\d{1,10})L?\s*$/.exec(item)?.[1] ?? NaN));
  if (shape.some((n) => !(n < 2 ** 31)) || shape.length > 4) refuse(`Its shape (${tuple}) cannot be right.`);
  return { descr, fortranOrder: order === 'True', shape };
}

/** Column-major (Fortran) to row-major order. */
function toRowMajor(values: Float32Array, shape: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < values.length; i++) {
    let position = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) position = position * shape[axis] + index[axis];
    result[i] = values[position];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return result;
}

/** What a file that is not what its name says seems to be. */
function describe(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200)).trimStart();
  if (bytes.byteLength === 0) return 'it is empty';
  if (/^<(!doctype|html)/i.test(start)) return 'it is a web page: the download failed';
  if (start.startsWith('version https://git-lfs'))
    return 'it is a Git LFS pointer: the real file was not downloaded';
  if (start.startsWith('PK')) return 'it is a zip archive';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'it is gzip-compressed';
  return 'its first bytes are not those of NumPy';
}
