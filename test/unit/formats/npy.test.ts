import { describe, expect, test } from 'vitest';
import { readNpy, writeNpy } from '../../../src/engine/formats/npy.ts';

function npy(header: string, data: Uint8Array): Uint8Array {
  const text = header.padEnd(118) + '\n';
  const bytes = new Uint8Array(10 + text.length + data.length);
  bytes.set([0x93, 78, 85, 77, 80, 89, 1, 0, text.length & 255, text.length >> 8]);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes.set(data, 10 + text.length);
  return bytes;
}

test('what is written is read again, and its data is aligned to 64 bytes', () => {
  const array = { shape: [2, 3], values: Float32Array.from([1, 2, 3, 4, 5, -6]) };
  const bytes = writeNpy(array);
  expect(readNpy(bytes)).toEqual(array);
  expect((bytes.length - 24) % 64).toBe(0);
  expect(readNpy(writeNpy({ shape: [3], values: new Float32Array(3) })).shape).toEqual([3]);
});

test('both byte orders, other types and column-major order', () => {
  const big = new Uint8Array(new Float64Array([1.5, -2]).buffer).map(
    (_, i, all) => all[i - (i % 8) + 7 - (i % 8)],
  );
  expect([...readNpy(npy("{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }", big)).values]).toEqual([
    1.5, -2,
  ]);
  const columns = new Uint8Array(new Int16Array([1, 4, 2, 5, 3, 6]).buffer);
  const array = readNpy(npy("{'shape': (2, 3), 'fortran_order': True, 'descr': '<i2'}", columns));
  expect([...array.values]).toEqual([1, 2, 3, 4, 5, 6]);
});

describe('what NumPy would not write is refused', () => {
  const one = new Uint8Array(4);
  test.each([
    ['a web page', new TextEncoder().encode('<!DOCTYPE html><html>'), /web page/],
    ['objects', npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", one), /Python objects/],
    ['too few data', npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", one), /needs 8 bytes/],
    [
      'too many data',
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(5)),
      /needs 4 bytes/,
    ],
    [
      'a shape of 2^64',
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", one),
      /cannot be right/,
    ],
    ['a key too many', npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", one), /entry/],
    [
      'a key twice',
      npy("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", one),
      /twice/,
    ],
    [
      'code',
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os'),)}", one),
      /entry|cannot be right/,
    ],
  ])('%s', (_, bytes, reason) => {
    expect(() => readNpy(bytes, 'x.npy')).toThrow(reason);
  });
});
