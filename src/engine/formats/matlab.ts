/**
 * MATLAB's MAT files of version 5 to 7 (`save -v7` and before): a header of 128 bytes, then elements, each a tag that says
 * its type and length. Only whole arrays of real numbers are read; cells, structs and text are named and left out. Files
 * of version 7.3 are HDF5, and are read as such.
 */
import { Failure } from '../failure.ts';
import type { ArrayEntry } from './array-entry.ts';
import { NUMBER_BYTES, toFloat32, toRowMajor, type NumberType } from './numbers.ts';
import { inflate, inflateStart, isBomb, printable } from './zip.ts';

const HEADER_BYTES = 128;
/** Where the header says where the content of opaque variables lies. */
const OPAQUE_AT = 116;
const MAX_BYTES = 2 ** 31;
const MAX_AXES = 8;
const [MATRIX, COMPRESSED] = [14, 15];

const TYPES = new Map<number, NumberType>([
  [1, 'int8'],
  [2, 'uint8'],
  [3, 'int16'],
  [4, 'uint16'],
  [5, 'int32'],
  [6, 'uint32'],
  [7, 'float32'],
  [9, 'float64'],
  [12, 'int64'],
  [13, 'uint64'],
]);

/** What an array may be a matrix of, by the number of its class: what is read, and what is left out by name. */
const CLASSES = new Map<number, NumberType>([
  [6, 'float64'],
  [7, 'float32'],
  [8, 'int8'],
  [9, 'uint8'],
  [10, 'int16'],
  [11, 'uint16'],
  [12, 'int32'],
  [13, 'uint32'],
  [14, 'int64'],
  [15, 'uint64'],
]);
/** Text and tables of new: they say no size, and their content lies in an array of its own. */
const OPAQUE = 17;
const OTHER_CLASSES = ['', 'a cell', 'a struct', 'an object', 'text', 'a sparse matrix'];

/**
 * @param name what to call it in errors
 * @throws Failure `format-invalid`
 */
export function openMatlab(
  bytes: Uint8Array,
  name = 'MATLAB file',
): { entries: ArrayEntry[]; warnings: string[] } {
  const refuse: Refuse = (why, next = "Save it again in MATLAB with save(file, 'features').") => {
    throw new Failure({
      code: 'format-invalid',
      subject: name,
      what: `This is not a sound MATLAB file: ${why}.`,
      next,
    });
  };
  if (bytes.byteLength < HEADER_BYTES) return refuse('it ends inside its header');
  const order = new TextDecoder('latin1').decode(bytes.subarray(126, 128));
  if (order !== 'IM' && order !== 'MI') return refuse('its byte order is not told');
  const littleEndian = order === 'IM';
  const entries: ArrayEntry[] = [];
  const warnings: string[] = [];
  const opaqueAt = viewOf(bytes).getBigUint64(OPAQUE_AT, littleEndian);
  for (let at = HEADER_BYTES; at < bytes.byteLength;) {
    const isContent = BigInt(at) === opaqueAt;
    const { type, data, next } = element(bytes, at, littleEndian, refuse);
    at = type === COMPRESSED ? data.byteOffset - bytes.byteOffset + data.byteLength : next; // these are not padded
    if (isContent) continue; // of variables that are left out
    const content = type === COMPRESSED ? unpacked(data, littleEndian, refuse) : data;
    if (type !== MATRIX && type !== COMPRESSED)
      refuse(`it holds an element of type ${type} where an array should be`);
    const matrix = readMatrix(content, littleEndian, refuse);
    if ('entry' in matrix) entries.push(matrix.entry);
    else warnings.push(matrix.leftOut);
  }
  const names = new Set(entries.map((entry) => entry.name));
  if (names.size < entries.length) refuse('it holds two arrays of one name');
  return { entries, warnings };
}

type Refuse = (why: string, next?: string) => never;

/** One element: its type, its bytes, and where the next begins. */
function element(bytes: Uint8Array, at: number, littleEndian: boolean, refuse: Refuse) {
  if (at + 8 > bytes.byteLength) return refuse('it is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = view.getUint32(at, littleEndian);
  const small = tag >>> 16; // up to four bytes stand in the tag itself
  const length = small || view.getUint32(at + 4, littleEndian);
  const start = small ? at + 4 : at + 8;
  if (small > 4 || start + length > bytes.byteLength)
    return refuse('an element of it is longer than the file');
  const next = small ? at + 8 : start + 8 * Math.ceil(length / 8);
  return { type: small ? tag & 0xffff : tag, data: bytes.subarray(start, start + length), next };
}

/** The array in a compressed element, which says its size in its first bytes. */
function unpacked(packed: Uint8Array, littleEndian: boolean, refuse: Refuse): Uint8Array {
  const damaged = (): never => refuse('what is compressed in it is damaged');
  if (packed.length < 6 || (packed[0] & 15) !== 8) return damaged();
  const deflated = packed.subarray(2, -4);
  const tag = inflateStart(deflated, 8) ?? damaged();
  const view = new DataView(tag.buffer);
  const type = view.getUint32(0, littleEndian);
  const size = view.getUint32(4, littleEndian);
  if (type !== MATRIX) refuse(`it holds an element of type ${type} where an array should be`);
  if (size > MAX_BYTES || isBomb(packed.length, size))
    refuse(`its ${packed.length} bytes claim to unpack to ${Math.round(size / 2 ** 20)} MB`);
  const content = inflate(deflated, 8 + size) ?? damaged();
  const checksum = new DataView(packed.buffer, packed.byteOffset + packed.length - 4).getUint32(0, false);
  if (adler32(content) !== checksum) damaged();
  return content.subarray(8);
}

function readMatrix(
  bytes: Uint8Array,
  littleEndian: boolean,
  refuse: Refuse,
): { entry: ArrayEntry } | { leftOut: string } {
  const flags = element(bytes, 0, littleEndian, refuse);
  if (flags.type !== 6 || flags.data.length !== 8) return refuse('an array in it does not say what it is');
  const word = viewOf(flags.data).getUint32(0, littleEndian);
  const [kind, isComplex] = [word & 255, (word & 0x800) !== 0];
  if (kind === OPAQUE) {
    const [title, , type] = texts(bytes, flags.next, littleEndian, refuse);
    return { leftOut: `"${printable(title)}" is of MATLAB's class ${printable(type)} and was left out.` };
  }
  const sizes = element(bytes, flags.next, littleEndian, refuse);
  const title = element(bytes, sizes.next, littleEndian, refuse);
  if (sizes.type !== 5 || title.type !== 1) return refuse('an array in it does not say its size');
  const name = new TextDecoder('latin1').decode(title.data);
  const said = `"${printable(name)}"`;
  if (!CLASSES.has(kind) || isComplex) {
    const what = isComplex ? 'complex' : (OTHER_CLASSES[kind] ?? 'of no class that is known');
    return { leftOut: `${said} is ${what} and was left out.` };
  }
  if (sizes.data.length < 8 || sizes.data.length > 4 * MAX_AXES || sizes.data.length % 4 !== 0)
    return refuse(`${said} has a shape that cannot be right`);
  const shape = Array.from({ length: sizes.data.length / 4 }, (_, i) =>
    viewOf(sizes.data).getInt32(4 * i, littleEndian),
  );
  const real = element(bytes, title.next, littleEndian, refuse);
  // Whole numbers are kept in the smallest type that holds them, whatever the class.
  const type = TYPES.get(real.type);
  const expected = shape.reduce((product, n) => product * n, type ? NUMBER_BYTES[type] : NaN);
  if (shape.some((n) => n < 0) || expected !== real.data.length)
    return refuse(`${said} should have ${shape.join(' × ')} numbers and has ${real.data.length} bytes`);
  return {
    entry: {
      name,
      shape,
      type: CLASSES.get(kind)!,
      read() {
        const { values, warnings } = toFloat32(real.data, type!, littleEndian);
        return { shape, values: toRowMajor(values, shape), warnings };
      },
    },
  };
}

/** What an opaque variable says of itself: its name, the system of its class, and its class. */
function texts(bytes: Uint8Array, at: number, littleEndian: boolean, refuse: Refuse): string[] {
  return Array.from({ length: 3 }, () => {
    const { type, data, next } = element(bytes, at, littleEndian, refuse);
    if (type !== 1) refuse('an array in it does not say what it is');
    at = next;
    return new TextDecoder('latin1').decode(data);
  });
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new DataView(buffer, byteOffset, byteLength);

function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (let start = 0; start < bytes.length; start += 3800) {
    const end = Math.min(bytes.length, start + 3800); // sums stay below 2^32 for so long
    for (let i = start; i < end; i++) high += low += bytes[i];
    [low, high] = [low % 65521, high % 65521];
  }
  return ((high << 16) | low) >>> 0;
}
