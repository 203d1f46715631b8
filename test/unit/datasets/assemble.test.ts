import { expect, test } from 'vitest';
import { assemble, type AssembleOptions, type SourceFile } from '../../../src/engine/datasets/assemble.ts';
import { openRows, WHOLE_BYTES } from '../../../src/engine/datasets/rows.ts';
import { toBag } from '../../../src/engine/features/bags.ts';
import { fromHalf } from '../../../src/engine/formats/half.ts';
import { readNpy, writeNpy } from '../../../src/engine/formats/npy.ts';
import { quietJob } from '../../../src/engine/job.ts';
import { Random } from '../../../src/engine/random.ts';
import type { NumericArray } from '../../../src/engine/types.ts';

const keep: AssembleOptions = { segments: null, precision: 'auto' };

function array(seed: number, ...shape: number[]): NumericArray {
  const random = new Random(seed);
  return {
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
  };
}

const file = (
  features: NumericArray,
  path: string,
  channel: SourceFile['channel'] = 'features',
): SourceFile => ({
  path,
  channel,
  blob: new Blob([writeNpy(features)]),
});

const isSame = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length && (a as Float32Array).every((value, i) => value === b[i]);

test('a file of all crops stays as it is', async () => {
  const features = array(1, 7, 10, 4);
  const { shape, values, isHalf } = await assemble([file(features, 'a.npy')], keep, quietJob);
  expect([shape, isHalf]).toEqual([[7, 10, 4], false]);
  expect(values).toEqual(features.values);
});

test('crops first are turned, and a magnitude behind is left out', async () => {
  const features = array(1, 10, 3, 1025);
  const { shape, values } = await assemble([file(features, 'a.npy')], keep, quietJob);
  expect(shape).toEqual([3, 10, 1024]);
  // row 2 of crop 7
  expect(values.slice((2 * 10 + 7) * 1024, (2 * 10 + 7) * 1024 + 3)).toEqual(
    features.values.slice((7 * 3 + 2) * 1025, (7 * 3 + 2) * 1025 + 3),
  );
});

test('axes come as they lie: features before crops, or before snippets', async () => {
  const features = array(1, 6, 2048, 10);
  const { shape, values } = await assemble(
    [{ ...file(features, 'a.npy'), axes: 'snippets,features,crops' }],
    keep,
    quietJob,
  );
  expect(shape).toEqual([6, 10, 2048]);
  // number 5 of row 2 of crop 7
  expect(values[(2 * 10 + 7) * 2048 + 5]).toBe(features.values[(2 * 2048 + 5) * 10 + 7]);
  const columns = array(2, 512, 128);
  const turned = await assemble([{ ...file(columns, 'b.npy'), axes: 'features,snippets' }], keep, quietJob);
  expect(turned.shape).toEqual([128, 512]);
  expect(turned.values[3 * 512 + 9]).toBe(columns.values[9 * 128 + 3]);
});

test('a file per crop, and sound beside each of them, to the length of the shortest', async () => {
  const [first, second, sound] = [array(1, 5, 3), array(2, 6, 3), array(3, 5, 2)];
  const { shape, values, warnings } = await assemble(
    [file(first, 'a__0.npy'), file(second, 'a__1.npy'), file(sound, 'a__vggish.npy', 'audio')],
    keep,
    quietJob,
  );
  expect(shape).toEqual([5, 2, 5]);
  const row = (n: number, crop: number) => [...values.slice((n * 2 + crop) * 5, (n * 2 + crop + 1) * 5)];
  for (const [crop, own] of [first, second].entries()) {
    for (let n = 0; n < 5; n++)
      expect(row(n, crop)).toEqual([
        ...own.values.slice(n * 3, n * 3 + 3),
        ...sound.values.slice(n * 2, n * 2 + 2),
      ]);
  }
  expect(warnings).toEqual(['Its files have 5 to 6 rows: the first 5 of each are used.']);
});

test('longer videos are pooled as bags are, shorter ones are left alone', async () => {
  const features = array(1, 75, 2, 3);
  const pooled = await assemble([file(features, 'a.npy')], { ...keep, segments: 32 }, quietJob);
  expect([pooled.shape, pooled.rows]).toEqual([[32, 2, 3], 75]);
  expect(pooled.values).toEqual(toBag(features, 32).values);
  const short = await assemble([file(array(1, 20, 3), 'a.npy')], { ...keep, segments: 32 }, quietJob);
  expect(short.shape).toEqual([20, 3]);
});

test('half precision holds what it can hold, and says when it cannot', async () => {
  const features = array(1, 5, 3);
  const { values, isHalf } = await assemble(
    [file(features, 'a.npy')],
    { ...keep, precision: 'float16' },
    quietJob,
  );
  expect(isHalf).toBe(true);
  fromHalf(values as Uint16Array).forEach((value, i) =>
    expect(Math.abs(value - features.values[i])).toBeLessThanOrEqual(Math.abs(features.values[i]) * 2 ** -11),
  );
  features.values[4] = 1e6;
  const large = assemble([file(features, 'a.npy')], { ...keep, precision: 'float16' }, quietJob);
  await expect(large).rejects.toThrow(/above 65504/);
  const half: SourceFile = { ...file(features, 'a'), blob: new Blob([writeNpy(array(1, 5, 3), 'float16')]) };
  expect((await assemble([half], keep, quietJob)).isHalf).toBe(true);
});

test('a large file is read in pieces, to the same numbers as at once', async () => {
  const rows = Math.ceil(WHOLE_BYTES / (4 * 10 * 2048)) + 5;
  const features: NumericArray = { shape: [rows, 10, 2048], values: new Float32Array(rows * 10 * 2048) };
  for (let i = 0; i < features.values.length; i++) features.values[i] = (i % 8191) / 8192;
  const bytes = writeNpy(features);
  let largest = 0;
  const blob = new Blob([bytes]);
  const slice = blob.slice.bind(blob);
  blob.slice = (from, to) => {
    largest = Math.max(largest, to! - from!);
    return slice(from, to);
  };
  const opened = await openRows({ blob, path: 'a.npy' });
  const part = await opened.read(rows - 3, rows);
  expect(isSame(part, readNpy(bytes).values.subarray((rows - 3) * 10 * 2048))).toBe(true);
  const { values } = await assemble([{ path: 'a.npy', channel: 'features', blob }], keep, quietJob);
  expect(isSame(values, features.values)).toBe(true); // twelve million numbers: a matcher would take minutes
  expect(largest).toBeLessThan(WHOLE_BYTES / 4);
  const cut = new Blob([bytes.subarray(0, bytes.length - 4)]);
  await expect(openRows({ blob: cut, path: 'a.npy' })).rejects.toThrow(/needs \d+ bytes and it has/);
}, 60_000);

test('what carries no information is said', async () => {
  const zero = { shape: [3, 2], values: new Float32Array(6) };
  expect((await assemble([file(zero, 'a.npy')], keep, quietJob)).warnings[0]).toMatch(/All numbers are zero/);
});

test('rows that are no numbers repeat those before, and the file is named', async () => {
  const [sound, broken] = [array(1, 4, 2), array(2, 4, 2)];
  broken.values.set([NaN, 1, 2, 3, Infinity, NaN]);
  const { values, missing, warnings } = await assemble(
    [file(sound, 'a__0.npy'), file(broken, 'a__1.npy')],
    keep,
    quietJob,
  );
  expect(missing).toEqual([0, 2]);
  expect([...values].filter((_, i) => i % 4 >= 2)).toEqual([2, 3, 2, 3, 2, 3, ...broken.values.slice(6)]);
  expect(warnings).toEqual([
    expect.stringMatching(
      /^a__1.npy: 3 of its numbers are NaN or infinite, in 2 of 4 rows \(the first is row 1\)/,
    ),
  ]);
  const empty = { shape: [2, 2], values: new Float32Array(4).fill(NaN) };
  await expect(assemble([file(empty, 'a.npy')], keep, quietJob)).rejects.toThrow(/a.npy: .*in every row/);
});

test('what the reader of a file says is said of it by name', async () => {
  const blob = new Blob([`40\n${'0.5,0.25,1\n'.repeat(33)}`]);
  const { warnings } = await assemble([{ path: 'x/a.txt', channel: 'features', blob }], keep, quietJob);
  expect(warnings).toEqual([expect.stringMatching(/^x\/a.txt: It has a line more than the 32 segments/)]);
});
