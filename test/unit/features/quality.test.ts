import { expect, test } from 'vitest';
import { compareFiles, digestOf, judgeNumbers } from '../../../src/engine/features/quality.ts';

const array = (...values: number[]) => ({ shape: [values.length / 2, 2], values: Float32Array.from(values) });

test('sound numbers are left as they are, denormal ones too', () => {
  const given = array(1e-40, 2, 3, 4);
  expect(judgeNumbers(given, 'a')).toEqual({
    features: array(1e-40, 2, 3, 4),
    missing: [false, false],
    warnings: [],
  });
});

test('what carries no information is said to', () => {
  expect(judgeNumbers(array(0, 0, 0, 0), 'a').warnings).toEqual([
    expect.stringMatching(/All numbers are zero/),
  ]);
  expect(judgeNumbers(array(7, 7, 7, 7), 'a').warnings).toEqual([
    expect.stringMatching(/All numbers are equal/),
  ]);
  expect(() => judgeNumbers({ shape: [0, 2], values: new Float32Array(0) }, 'a.npy')).toThrow(
    /a\.npy: It holds no/,
  );
});

test('a crop that cannot be used spoils its row', () => {
  const features = { shape: [2, 2, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, NaN) };
  const { missing, warnings } = judgeNumbers(features, 'a');
  expect(missing).toEqual([false, true]);
  expect([...features.values]).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  expect(warnings).toEqual([
    expect.stringMatching(/^1 of its numbers .* in 1 of 2 rows \(the first is row 2\)/),
  ]);
});

test('equal numbers have one digest, others another', () => {
  const digests = [
    array(1, 2, 3, 4),
    array(2, 1, 3, 4),
    array(1, 2, 3, 4.0000005),
    array(-1, 2, 3, 4),
    array(1, 2),
  ];
  expect(digestOf(array(1, 2, 3, 4))).toBe(digestOf(digests[0]));
  expect(digestOf({ shape: [1, 4], values: digests[0].values })).not.toBe(digestOf(digests[0]));
  const many = Array.from({ length: 5000 }, (_, i) => digestOf(array(i, 1, 0, i % 7)));
  expect(new Set([...many, ...digests.map(digestOf)]).size).toBe(5005);
});

test('files that differ in size or not at all are named', () => {
  const warnings = compareFiles([
    { name: 'a', size: 1024, digest: '1' },
    { name: 'b', size: 2048, digest: '2' },
    { name: 'c', size: 2048, digest: '3' },
    { name: 'd', size: 2048, digest: '2' },
  ]);
  expect([...warnings]).toEqual([
    ['a', ['Its features have 1024 numbers, those of 3 other files 2048.']],
    ['d', ['It holds the same numbers as b.']],
  ]);
  expect(compareFiles([]).size).toBe(0);
});
