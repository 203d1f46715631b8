/**
 * safetensors: 8 bytes of little-endian header length, a JSON header, raw little-endian data.
 * The reader is stricter than the reference implementation: no duplicate keys, no unknown fields, ranges that are
 * sorted, contiguous and cover all bytes. A file that breaks a rule is refused with the rule's name.
 */
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';
import type { ArrayEntry } from './array-entry.ts';
import { fitsHalf, toHalf } from './half.ts';
import { parseObject } from './json.ts';
import { NUMBER_BYTES, toFloat32, type NumberType } from './numbers.ts';
import { printable } from './zip.ts';

/** No header is longer. */
export const MAX_HEADER_BYTES = 16 << 20;
const MAX_TENSORS = 10_000;
const MAX_AXES = 8;

/** The types that are read, by what the format calls them. */
const TYPES = new Map<string, NumberType>([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U16', 'uint16'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
]);

export interface Safetensors {
  /** In file order. All numeric types are widened or rounded to float32. */
  tensors: Map<string, NumericArray>;
  metadata: Map<string, string>;
}

/**
 * Reads a file.
 * @param name what to call it in errors
 * @throws Failure `format-invalid`
 */
export function readSafetensors(bytes: Uint8Array, name = 'safetensors file'): Safetensors {
  const { entries, metadata } = openSafetensors(bytes, name);
  const tensors = new Map(
    entries.map(({ name: key, read }) => {
      const { shape, values } = read();
      return [key, { shape, values }];
    }),
  );
  return { tensors, metadata };
}

/**
 * Reads the header of a file; the tensors are read one by one.
 * @throws Failure `format-invalid`
 */
export function openSafetensors(
  bytes: Uint8Array,
  name = 'safetensors file',
): { entries: ArrayEntry[]; metadata: Map<string, string> } {
  const refuse = (why: string): never => {
    throw new Failure({
      code: 'format-invalid',
      subject: name,
      what: `This is not a sound safetensors file: ${why}.`,
      next: 'Save or download it again.',
    });
  };
  if (bytes.byteLength < 8) return refuse(`it has ${bytes.byteLength} bytes, a header needs at least 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getBigUint64(0, true);
  if (headerBytes > BigInt(Math.min(bytes.byteLength - 8, MAX_HEADER_BYTES))) {
    return refuse('its header is longer than the file or than 16 MB');
  }
  const dataStart = 8 + Number(headerBytes);
  const head = bytes.subarray(8, dataStart);
  if (head[0] !== 0x7b) refuse('its header does not begin with {');
  const header = parseObject(head, (reason) => refuse(`its header is wrong: ${reason}`));

  const metadata = new Map<string, string>();
  const entries: { key: string; type: NumberType; shape: number[]; start: number; end: number }[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') {
      for (const [k, v] of Object.entries(value ?? {})) {
        if (typeof v !== 'string') refuse('its metadata holds something other than text');
        metadata.set(k, v as string);
      }
      continue;
    }
    const { dtype, shape, data_offsets: range, ...rest } = (value ?? {}) as Record<string, unknown>;
    const type = typeof dtype === 'string' ? TYPES.get(dtype) : undefined;
    const said = `"${printable(key)}"`;
    if (!type) return refuse(`the type of ${said} (${printable(dtype)}) is not a number type read here`);
    if (!isCounts(shape) || !isCounts(range) || range.length !== 2 || Object.keys(rest).length > 0) {
      return refuse(`the entry ${said} is not {dtype, shape, data_offsets}`);
    }
    if (shape.length > MAX_AXES) refuse(`${said} has ${shape.length} axes`);
    entries.push({ key, type, shape, start: range[0], end: range[1] });
  }
  if (entries.length > MAX_TENSORS) refuse(`it holds more than ${MAX_TENSORS} tensors`);

  let position = 0;
  for (const { key, type, shape, start, end } of [...entries].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  )) {
    if (start !== position) refuse(`there is a hole or an overlap before "${printable(key)}"`);
    const size = shape.reduce((product, n) => product * BigInt(n), BigInt(NUMBER_BYTES[type]));
    if (BigInt(end - start) !== size) refuse(`"${printable(key)}" has the wrong number of bytes`);
    position = end;
  }
  if (dataStart + position !== bytes.byteLength) {
    refuse(`it should have ${dataStart + position} bytes and has ${bytes.byteLength} (cut short?)`);
  }
  return {
    metadata,
    entries: entries.map(({ key, type, shape, start, end }) => ({
      name: key,
      shape,
      type,
      read: () => ({ shape, ...toFloat32(bytes.subarray(dataStart + start, dataStart + end), type) }),
    })),
  };
}

/**
 * Writes tensors, in the order given.
 * @param type half precision takes half the bytes; a tensor with a number that no finite half is near stays in float32
 */
export function writeSafetensors(
  tensors: Iterable<[string, NumericArray]>,
  metadata: Record<string, string> = {},
  type: 'float32' | 'float16' = 'float32',
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  const blocks: (Float32Array | Uint16Array)[] = [];
  let position = 0;
  for (const [name, { shape, values: given }] of tensors) {
    const isHalf = type === 'float16' && fitsHalf(given);
    const values = isHalf ? toHalf(given) : given;
    header[name] = {
      dtype: isHalf ? 'F16' : 'F32',
      shape,
      data_offsets: [position, position + values.byteLength],
    };
    position += values.byteLength;
    blocks.push(values);
  }
  let text = JSON.stringify(header);
  const encoder = new TextEncoder();
  text += ' '.repeat((8 - (encoder.encode(text).byteLength % 8)) % 8);
  const headerBytes = encoder.encode(text);
  const file = new Uint8Array(8 + headerBytes.byteLength + position);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes.byteLength), true);
  file.set(headerBytes, 8);
  position = 8 + headerBytes.byteLength;
  for (const block of blocks) {
    file.set(new Uint8Array(block.buffer, block.byteOffset, block.byteLength), position);
    position += block.byteLength;
  }
  return file;
}

/** The names of a file's tensors, and its metadata, without a look at the numbers; none where it is not sound. */
export function readSafetensorsNames(bytes: Uint8Array): { names: string[]; metadata: Map<string, string> } {
  const none = { names: [], metadata: new Map<string, string>() };
  if (bytes.byteLength < 8) return none;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(bytes.byteLength - 8, MAX_HEADER_BYTES))) return none;
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + Number(length)))) as object;
    const { __metadata__: metadata = {}, ...tensors } = header as Record<string, object>;
    return {
      names: Object.keys(tensors),
      metadata: new Map(Object.entries(metadata)) as Map<string, string>,
    };
  } catch {
    return none;
  }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
