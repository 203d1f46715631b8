import { expect, test } from 'vitest';
import { isDataset } from '../../../src/ui/state/dropping.ts';

const files = (...names: string[]) => names.map((name) => new File(['x'], name));
const many = (count: number, ending: string) => Array.from({ length: count }, (_, i) => `v${i}${ending}`);

test('arrays and texts are a dataset, whatever lies beside them', () => {
  expect(isDataset(files('a.npy', 'b.npy', 'train.txt'))).toBe(true);
  expect(isDataset(files('a.npy', 'b.npy', 'train.txt', 'LICENSE', 'make.py', 'head.pth', 'all.npz'))).toBe(
    true,
  );
  expect(isDataset(files('a.npz', 'b.npz', 'train.txt'))).toBe(true);
  expect(isDataset(files('store.h5', 'train.txt', 'test.csv'))).toBe(true);
  expect(isDataset(files('a__0.npy', 'a__1.npy', 'notes.docx'))).toBe(true);
  expect(isDataset(files(...many(20, '.npy'), 'odd.mat'))).toBe(true);
});

test('a few files, or none that are features, are no dataset', () => {
  expect(isDataset(files('a.npy', 'a.json'))).toBe(false);
  expect(isDataset(files('packed.npz', 'more.mat'))).toBe(false);
  expect(isDataset(files('a.tubes.safetensors', 'a.json', 'train.txt'))).toBe(false);
  expect(isDataset(files('train.txt'))).toBe(false);
});
