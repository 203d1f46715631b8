/** Numbers as files hold them: their types, and raw bytes of each as float32, which is all that is computed with here. */
import { fromHalf } from './half.ts';

/** Bytes of one number of each type that is read; `bool` is a byte that is zero or not. */
export const NUMBER_BYTES = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
} as const;
export type NumberType = keyof typeof NUMBER_BYTES;

export interface Numbers {
  values: Float32Array<ArrayBuffer>;
  /** What came of it that whoever owns the numbers should know. */
  warnings: string[];
}

/** Above it whole numbers are no longer exact, not even as float64. */
const LARGEST_EXACT = 2n ** 53n;

/**
 * @param bytes a whole number of numbers, at any offset
 * @param littleEndian as most files are
 */
export function toFloat32(bytes: Uint8Array, type: NumberType, littleEndian = true): Numbers {
  const size = NUMBER_BYTES[type];
  // A copy is aligned, and may be turned about.
  const buffer = bytes.slice().buffer;
  if (!littleEndian && size > 1) swapBytes(new Uint8Array(buffer), size);
  const warnings: string[] = [];
  const wide = (values: BigInt64Array | BigUint64Array) => {
    if (values.some((value: bigint) => value > LARGEST_EXACT || value < -LARGEST_EXACT))
      warnings.push('It holds whole numbers above 2^53, which are rounded here.');
    return Float32Array.from(values as BigInt64Array, Number);
  };
  return { values: convert(), warnings };

  function convert(): Float32Array<ArrayBuffer> {
    switch (type) {
      case 'float32':
        return new Float32Array(buffer);
      case 'float64':
        return new Float32Array(new Float64Array(buffer));
      case 'float16':
        return fromHalf(new Uint16Array(buffer));
      case 'bfloat16':
        return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
      case 'int64':
        return wide(new BigInt64Array(buffer));
      case 'uint64':
        return wide(new BigUint64Array(buffer));
      case 'int32':
        return new Float32Array(new Int32Array(buffer));
      case 'uint32':
        return new Float32Array(new Uint32Array(buffer));
      case 'int16':
        return new Float32Array(new Int16Array(buffer));
      case 'uint16':
        return new Float32Array(new Uint16Array(buffer));
      case 'int8':
        return new Float32Array(new Int8Array(buffer));
      case 'uint8':
        return new Float32Array(new Uint8Array(buffer));
      case 'bool':
        return Float32Array.from(new Uint8Array(buffer), (value) => (value === 0 ? 0 : 1));
    }
  }
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}

/** Column-major (Fortran, MATLAB) to row-major order. */
export function toRowMajor(
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
): Float32Array<ArrayBuffer> {
  if (shape.filter((size) => size > 1).length < 2) return values; // one axis has one order
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
