import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { assemble } from '../../../src/engine/datasets/assemble.ts';
import type { Dataset } from '../../../src/engine/datasets/dataset.ts';
import { lookAt } from '../../../src/engine/datasets/look.ts';
import { recognise } from '../../../src/engine/datasets/recognise.ts';
import { openArrays } from '../../../src/engine/formats/arrays.ts';
import { writeNpy } from '../../../src/engine/formats/npy.ts';
import { writeSafetensors } from '../../../src/engine/formats/safetensors.ts';
import { quietJob } from '../../../src/engine/job.ts';
import type { NumericArray } from '../../../src/engine/types.ts';

const array = (value: number, ...shape: number[]): NumericArray => ({
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b)).fill(value),
});
const packed = (arrays: Record<string, NumericArray>) =>
  new Blob([
    zipSync(
      Object.fromEntries(Object.entries(arrays).map(([name, one]) => [`${name}.npy`, writeNpy(one)])),
    ) as Uint8Array<ArrayBuffer>,
  ]);
const taken = async (folder: Record<string, Blob | string>): Promise<Dataset> => {
  const files = Object.entries(folder).map(([path, content]) => ({
    path,
    blob: typeof content === 'string' ? new Blob([content]) : content,
  }));
  return recognise(await lookAt(files, quietJob));
};
const rows = ({ videos }: Dataset) =>
  videos.map(({ name, label, part, shape, sources }) => [name, label, part, shape, sources[0]?.array]);

test('a file of many arrays is as many videos, called as its keys', async () => {
  const store = new Blob([
    writeSafetensors(
      new Map([
        ['Abuse001', array(1, 5, 64)],
        ['Normal002', array(2, 4, 64)],
      ]),
    ),
  ]);
  const dataset = await taken({ 'x/store.safetensors': store, 'x/train.txt': 'Abuse001 1\nNormal002 0\n' });
  expect(rows(dataset)).toEqual([
    ['Abuse001', 'anomalous', 'train', [5, 64], 'Abuse001'],
    ['Normal002', 'normal', 'train', [4, 64], 'Normal002'],
  ]);
});

test('keys may be paths, whose last word is the same everywhere; WSAL’s names are those of UCF-Crime', async () => {
  const store = packed({
    'Train/Abuse001_x264/features': array(1, 32, 64),
    'Test/Normal_Videos_003_x264/features': array(2, 32, 64),
  });
  const dataset = await taken({ 'wsal.npz': store });
  expect(dataset.convention.id).toBe('ucf-crime');
  expect(rows(dataset).map((row) => row.slice(0, 3))).toEqual([
    ['Abuse001_x264', 'anomalous', 'train'],
    ['Normal_Videos_003_x264', 'normal', 'test'],
  ]);
});

test('a file per video, with labels beside the features in it', async () => {
  const dataset = await taken({
    'a.npz': packed({ features: array(1, 5, 64), labels: array(0, 5) }),
    'b.npz': packed({ features: array(2, 6, 64), labels: array(0, 6) }),
    'train.txt': 'a 0\nb 1\n',
    LICENSE: 'free',
  });
  expect(rows(dataset)).toEqual([
    ['a', 'normal', 'train', [5, 64], 'features'],
    ['b', 'anomalous', 'train', [6, 64], 'features'],
  ]);
  expect(dataset.ignored.map(({ path }) => path)).toEqual(['LICENSE']);
});

test('what of a file was left alone is said by name', async () => {
  const dataset = await taken({
    'a.npz': packed({ features: array(1, 5, 64), other: array(1, 5, 512) }),
    'b.npz': packed({ features: array(2, 6, 64) }),
  });
  const said = dataset.videos.map(({ problems }) => problems.filter(({ kind }) => kind === 'unread'));
  expect(said).toEqual([
    [{ kind: 'unread', what: 'a.npz: It also holds other (5, 512), which was left alone.' }],
    [],
  ]);
});

test('weights beside features are named and left out', async () => {
  const head = new Blob([
    writeSafetensors(
      new Map([
        ['fc.weight', array(1, 8, 64)],
        ['fc.bias', array(1, 8)],
      ]),
    ),
  ]);
  const dataset = await taken({ 'a.npz': packed({ features: array(1, 5, 64) }), 'head.safetensors': head });
  expect(dataset.ignored).toEqual([
    { path: 'head.safetensors', why: expect.stringContaining('weights of a network') },
  ]);
  expect(dataset.videos).toHaveLength(1);
});

test('each is read by its key', async () => {
  const blob = packed({ a: array(1, 5, 64), b: array(2, 4, 64) });
  const { arrays } = await openArrays(blob, 'store.npz');
  const entry = arrays.find(({ name }) => name === 'b');
  const { shape, values } = await assemble(
    [{ path: 'store.npz', channel: 'features', blob, entry }],
    { segments: null, precision: 'auto' },
    quietJob,
  );
  expect([shape, values[0]]).toEqual([[4, 64], 2]);
});
