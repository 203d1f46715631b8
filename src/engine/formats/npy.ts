/**
 * NumPy's `.npy`. Written in C order; read strictly: the header grammar is exactly that of
 * `{'descr': str, 'fortran_order': bool, 'shape': (ints,)}` and the data must have exactly the bytes that it promises.
 * Python objects (pickles) are refused: they are code.
 */
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';
import type { ArrayEntry } from './array-entry.ts';
import { toHalf } from './half.ts';
import { NUMBER_BYTES, toFloat32, toRowMajor, type NumberType } from './numbers.ts';
import { KIND_NAMES, sniff } from './sniff.ts';

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

/** Reads an array of numbers at once; see {@link openNpy}. */
export function readNpy(bytes: Uint8Array, name = '.npy file'): NumericArray {
  const { shape, values } = openNpy(bytes, name).read();
  return { shape, values };
}

/**
 * Reads the header of an array of numbers of any type, byte order and order of axes; its numbers become float32.
 * @param name what to call it in errors
 * @throws Failure `format-invalid`
 */
export function openNpy(bytes: Uint8Array, name = '.npy file'): ArrayEntry {
  const refuse = (
    what: string,
    next = "Save it again with numpy.save(file, array.astype('float32')).",
  ): never => {
    throw new Failure({ code: 'format-invalid', subject: name, what, next });
  };
  const kind = sniff(bytes);
  if (kind !== 'npy') return refuse(`This is not a .npy file: it is ${KIND_NAMES[kind]}.`);
  const [major, minor] = [bytes[6], bytes[7]];
  if (bytes.byteLength < 8) refuse('It ends inside its header.');
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
  const [, order, kindOf, size] =
    /^([<>|=])([a-zA-Z])(\d{1,4})?$/.exec(descr) ?? refuse(`Its type is ${descr.slice(0, 40)}.`);
  if (kindOf === 'O') refuse('It contains Python objects, which may be code and are never loaded.');
  const type = TYPES.get(`${kindOf}${size ?? ''}`);
  if (!type) return refuse(`Its numbers are of type ${descr}, which is not read here.`);

  const expected = shape.reduce((product, n) => product * BigInt(n), BigInt(NUMBER_BYTES[type]));
  if (expected !== BigInt(bytes.byteLength - dataStart)) {
    refuse(
      `Its shape (${shape.join(', ')}) needs ${expected} bytes of data and it has ${bytes.byteLength - dataStart}.`,
    );
  }
  return {
    name: '',
    shape,
    type,
    read() {
      const { values, warnings } = toFloat32(bytes.subarray(dataStart), type, order !== '>');
      return { shape, values: fortranOrder ? toRowMajor(values, shape) : values, warnings };
    },
  };
}

const TYPES = new Map<string, NumberType>([
  ['f2', 'float16'],
  ['f4', 'float32'],
  ['f8', 'float64'],
  ['i1', 'int8'],
  ['i2', 'int16'],
  ['i4', 'int32'],
  ['i8', 'int64'],
  ['b1', 'bool'],
  ['u1', 'uint8'],
  ['u2', 'uint16'],
  ['u4', 'uint32'],
  ['u8', 'uint64'],
]);

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
