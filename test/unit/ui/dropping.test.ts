import { expect, test } from 'vitest';
import { Failure } from '../../../src/engine/failure.ts';
import type { App } from '../../../src/ui/state/app.svelte.ts';
import { Dropping, isDataset } from '../../../src/ui/state/dropping.ts';

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

test('a file that cannot be told costs none of those that were dropped with it', async () => {
  const none = async () => ({ added: [], refused: [] });
  const unreadable = new Failure({ code: 'file-unreadable', what: 'It could not be read.' });
  const app = {
    client: { reading: {}, kindOfWeights: () => Promise.reject(unreadable) },
    notices: { refuse: (error: Error, name: string) => ({ name, reason: error.message }) },
    stage: { video: {}, refresh: async () => {} },
    project: {
      videos: [],
      addVideos: async (files: File[]) => ({ added: files.map(({ name }) => name), refused: [] }),
    },
    importing: { add: none },
    addBackbones: none,
    leaveExhibit: async () => {},
  } as unknown as App;
  const files = ['large.zip', 'gate.mp4'].map((name) => new File([], name));
  expect(await new Dropping(app).add(files)).toEqual({
    added: ['gate.mp4'],
    refused: [{ name: 'large.zip', reason: unreadable.message }],
  });
});
