import { expect, test } from 'vitest';
import { findFeatures, holdsWeights } from '../../../src/engine/features/candidates.ts';
import type { ArrayFormat } from '../../../src/engine/formats/arrays.ts';

const file = (format: ArrayFormat, shapes: Record<string, number[]>) => ({
  format,
  arrays: Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    type: 'float32' as const,
    read: () => ({ shape, values: new Float32Array(0), warnings: [] }),
  })),
});
const names = (opened: ReturnType<typeof file>) =>
  findFeatures(opened, 'x').candidates.map(({ entry }) => entry.name);

test('labels and names beside the features are left alone, without a word', () => {
  const opened = file('npz', { arr_0: [40, 1024], labels: [40] });
  expect(findFeatures(opened, 'x')).toMatchObject({
    candidates: [{ entry: { name: 'arr_0' } }],
    warnings: [],
  });
});

test('what is called features is features, and what else could be is named', () => {
  const { candidates, warnings } = findFeatures(
    file('hdf5', { mask: [40, 40], 'data/features': [40, 1024] }),
    'x',
  );
  expect(candidates.map(({ entry }) => entry.name)).toEqual(['data/features']);
  expect(warnings).toEqual([expect.stringMatching(/also holds mask \(40, 40\)/)]);
});

test('a store of videos gives them all', () => {
  expect(
    names(file('hdf5', { Abuse001: [90, 1024], Normal_003: [1024, 1024], Fighting002: [7, 1024] })),
  ).toEqual(['Abuse001', 'Normal_003', 'Fighting002']);
});

test('weights are no features', () => {
  expect(holdsWeights(file('safetensors', { 'fc.weight': [512, 2048], 'fc.bias': [512] }))).toBe(true);
  expect(holdsWeights(file('pytorch', { w: [2, 3] }))).toBe(true);
  expect(holdsWeights(file('pytorch', { '': [40, 1024] }))).toBe(false);
  expect(holdsWeights(file('safetensors', { features: [40, 1024] }))).toBe(false);
  expect(holdsWeights(file('safetensors', { a: [40, 1024], b: [30, 1024] }))).toBe(false);
  expect(() => findFeatures(file('safetensors', { 'fc.weight': [512, 2048] }), 'x.st')).toThrow(
    /weights of a network/,
  );
});

test('what has no shape of features is refused with the shapes', () => {
  expect(() => findFeatures(file('npz', { a: [30, 40, 50], b: [3] }), 'x.npz')).toThrow(
    /x\.npz: Nothing in it has the shape of features: a \(30, 40, 50\), b \(3\)/,
  );
});
