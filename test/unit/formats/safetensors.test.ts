import { describe, expect, test } from 'vitest';
import { halfToFloat } from '../../../src/engine/formats/half.ts';
import { readSafetensors, writeSafetensors } from '../../../src/engine/formats/safetensors.ts';
import type { NumericArray } from '../../../src/engine/types.ts';

/** A file from a header and data, as an attacker would put it together. */
function file(header: string, data = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

test('what is written is read again', () => {
  const tensors = new Map([
    ['fc1.weight', { shape: [2, 3], values: Float32Array.from([1, -2, 3.5, 0, 1e-20, 7]) }],
    ['fc1.bias', { shape: [2], values: Float32Array.from([0.25, -0.5]) }],
  ]);
  const read = readSafetensors(writeSafetensors(tensors, { head: 'sultani' }));
  expect([...read.tensors]).toEqual([...tensors]);
  expect(read.metadata.get('head')).toBe('sultani');
});

test('half precision and bfloat16 are widened', () => {
  expect([0x3c00, 0xc000, 0x0001, 0x7c00].map(halfToFloat)).toEqual([1, -2, 2 ** -24, Infinity]);
  const bytes = file(
    '{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}',
    Uint8Array.from([0xc0, 0x3f]),
  );
  expect(readSafetensors(bytes).tensors.get('a')!.values[0]).toBe(1.5);
});

test('64-bit integers and booleans become numbers like all others', () => {
  const data = new Uint8Array(18);
  new BigInt64Array(data.buffer, 0, 2).set([-5n, 2n ** 40n]);
  data.set([1, 0], 16);
  const header =
    '{"a":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"b":{"dtype":"BOOL","shape":[2],"data_offsets":[16,18]}}';
  const { tensors } = readSafetensors(file(header, data));
  expect([...tensors.values()].map(({ values }) => [...values])).toEqual([
    [-5, 2 ** 40],
    [1, 0],
  ]);
});

describe('what breaks a rule is refused with the rule', () => {
  const four = new Uint8Array(4);
  const entry = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
  test.each([
    ['shorter than a header', new Uint8Array(5), /at least 8/],
    ['a header longer than the file', file('{}').slice(0, 9), /longer than the file/],
    ['not JSON', file('{"a":'), /not JSON/],
    ['not an object', file(' {}'), /begin with/],
    ['the same name twice', file(`{"a":${entry},"a":${entry}}`, four), /occurs twice/],
    [
      'an unknown field',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}', four),
      /is not \{dtype/,
    ],
    [
      'an unknown type',
      file('{"a":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}', four),
      /not a number type/,
    ],
    ['a hole', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', new Uint8Array(8)), /hole/],
    ['an overlap', file(`{"a":${entry},"b":${entry}}`, four), /hole or an overlap/],
    [
      'a wrong size',
      file('{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}', four),
      /wrong number of bytes/,
    ],
    ['a tail', file(`{"a":${entry}}`, new Uint8Array(9)), /cut short|should have/],
    [
      'a huge shape',
      file('{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}', four),
      /wrong number/,
    ],
  ])('%s', (_, bytes, reason) => {
    expect(() => readSafetensors(bytes, 'x.safetensors')).toThrow(reason);
    expect(() => readSafetensors(bytes, 'x.safetensors')).toThrow(/x\.safetensors/);
  });
});

test('half precision takes half the bytes, and leaves what no half is near', () => {
  const tensors: [string, NumericArray][] = [
    ['small', { shape: [2], values: Float32Array.of(0.1, -3) }],
    ['large', { shape: [1], values: Float32Array.of(1e6) }],
  ];
  const read = readSafetensors(writeSafetensors(tensors, {}, 'float16')).tensors;
  expect(read.get('small')!.values[0]).toBeCloseTo(0.1, 4);
  expect(read.get('small')!.values[0]).not.toBe(Math.fround(0.1));
  expect(read.get('small')!.values[1]).toBe(-3);
  expect(read.get('large')!.values[0]).toBe(1e6);
});
