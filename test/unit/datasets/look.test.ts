import { expect, test } from 'vitest';
import { lookAt } from '../../../src/engine/datasets/look.ts';
import { recognise } from '../../../src/engine/datasets/recognise.ts';
import { quietJob } from '../../../src/engine/job.ts';
import { taken, videoOf } from './folder.ts';

const kindOf = async (text: string) =>
  (await lookAt([{ path: 'a.txt', blob: new Blob([text]) }], quietJob))[0].kind;
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
const numbers = (count: number) => Array.from({ length: count }, (_, i) => (i / 8).toFixed(6)).join(' ');

test('videos may be called by numbers: a list of them is a list', async () => {
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${100 + i}.npy`, [3, 8]]));
  const dataset = await taken({ ...files, 'train.txt': lines(20, (i) => `${100 + i} ${i % 2}`) });
  expect(dataset.videos).toHaveLength(20);
  expect(videoOf(dataset, '101').label).toBe('anomalous');
  expect(await kindOf(lines(20, (i) => `${i} ${1000 + i} 1 10 20`))).toBe('text');
});

test('the mask of all videos in a row is told as what it is, however wide its numbers are', async () => {
  const values = new Float64Array(525_000); // more than 4 MB
  const header =
    `{'descr': '<f8', 'fortran_order': False, 'shape': (${values.length},), }`.padEnd(117) + '\n';
  const start = new Uint8Array([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0]);
  const blob = new Blob([start, header, values]);
  const { ignored } = recognise(await lookAt([{ path: 'gt-ucf.npy', blob }], quietJob));
  expect(ignored).toEqual([{ path: 'gt-ucf.npy', why: expect.stringContaining('a number per frame') }]);
}, 30_000);

test('features are more than two columns, with the width of a segment before them or without', async () => {
  expect(await kindOf(lines(32, () => numbers(40)))).toBe('array');
  expect(await kindOf(lines(32, () => numbers(4096)))).toBe('array');
  expect(await kindOf(`22\n${lines(32, () => numbers(512))}`)).toBe('array');
  expect(await kindOf(lines(40, () => numbers(1)))).toBe('text');
});
