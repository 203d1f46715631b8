/**
 * safetensors: 8 bytes of little-endian header length, a JSON header, raw little-endian data.
 * The reader is stricter than the reference implementation: no duplicate keys, no unknown fields, ranges that are
 * sorted, contiguous and cover all bytes. A file that breaks a rule is refused with the rule's name.
 */
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';
import { fitsHalf, fromHalf, toHalf } from './half.ts';

const MAX_HEADER_BYTES = 16 << 20;
const MAX_TENSORS = 10_000;

/** Bytes of one number of each type that is read. */
export const ITEM_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;
export type Dtype = keyof typeof ITEM_BYTES;

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
  let text = '';
  let header: Record<string, unknown> = {};
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart));
    if (!text.startsWith('{')) refuse('its header does not begin with {');
    header = JSON.parse(text);
  } catch (error) {
    if (error instanceof Failure) throw error;
    refuse('its header is not JSON');
  }
  const repeated = firstRepeatedKey(text);
  if (repeated !== null) refuse(`the name "${repeated}" occurs twice`);

  const metadata = new Map<string, string>();
  const entries: { key: string; dtype: Dtype; shape: number[]; start: number; end: number }[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') {
      for (const [k, v] of Object.entries(value as object)) {
        if (typeof v !== 'string') refuse('its metadata holds something other than text');
        metadata.set(k, v as string);
      }
      continue;
    }
    const { dtype, shape, data_offsets: range, ...rest } = (value ?? {}) as Record<string, unknown>;
    if (typeof dtype !== 'string' || !(dtype in ITEM_BYTES)) {
      refuse(`the type of "${key}" (${String(dtype)}) is not a number type read here`);
    }
    if (!isCounts(shape) || !isCounts(range) || range.length !== 2 || Object.keys(rest).length > 0) {
      return refuse(`the entry "${key}" is not {dtype, shape, data_offsets}`);
    }
    entries.push({ key, dtype: dtype as Dtype, shape, start: range[0], end: range[1] });
  }
  if (entries.length > MAX_TENSORS) refuse(`it holds more than ${MAX_TENSORS} tensors`);

  let position = 0;
  for (const entry of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (entry.start !== position) refuse(`there is a hole or an overlap before "${entry.key}"`);
    const size = entry.shape.reduce((product, n) => product * BigInt(n), BigInt(ITEM_BYTES[entry.dtype]));
    if (BigInt(entry.end - entry.start) !== size) refuse(`"${entry.key}" has the wrong number of bytes`);
    position = entry.end;
  }
  if (dataStart + position !== bytes.byteLength) {
    refuse(`it should have ${dataStart + position} bytes and has ${bytes.byteLength} (cut short?)`);
  }

  const tensors = new Map<string, NumericArray>();
  for (const { key, dtype, shape, start, end } of entries) {
    const raw = new Uint8Array(bytes.subarray(dataStart + start, dataStart + end)); // a copy, hence aligned
    tensors.set(key, { shape, values: toFloat32(raw.buffer, dtype) });
  }
  return { tensors, metadata };
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

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** `JSON.parse` keeps the last of two equal keys in silence; this finds the first repeated one of the outer object. */
function firstRepeatedKey(json: string): string | null {
  const seen = new Set<string>();
  let depth = 0;
  for (const [token, string, after] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && after !== undefined) {
      const key = JSON.parse(string) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return null;
}

/**
 * Little-endian numbers of any type as float32.
 * @returns a view of the buffer where that is what it holds
 */
export function toFloat32(buffer: ArrayBuffer, dtype: Dtype): Float32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer));
    case 'F16':
      return fromHalf(new Uint16Array(buffer));
    case 'BF16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case 'I32':
      return Float32Array.from(new Int32Array(buffer));
    case 'I16':
      return Float32Array.from(new Int16Array(buffer));
    case 'I8':
      return Float32Array.from(new Int8Array(buffer));
    case 'U16':
      return Float32Array.from(new Uint16Array(buffer));
    case 'U8':
      return Float32Array.from(new Uint8Array(buffer));
    case 'BOOL':
      return Float32Array.from(new Uint8Array(buffer), (value) => (value === 0 ? 0 : 1));
  }
}
