/** Gone on with, a folder of features stays of one backbone; what is there is not made again. */
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkFeatures, makeAll } from '../../../src/cli/filming.ts';
import type { StreetVideo } from '../../../src/engine/scenes/dataset.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'weaklens-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const VIDEOS = ['train-001', 'train-002', 'test-001'].map((name) => ({ name }) as StreetVideo);
const OURS = { id: 'weaklens-a0', hash: 'aa' };

function write(name: string, { id, hash }: typeof OURS) {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ backbone: id, hash }));
  writeFileSync(join(folder, `${name}.npy`), '');
}

it('lets an empty folder be, and one that the same backbone has begun', async () => {
  await checkFeatures(folder, VIDEOS, OURS);
  write('train-002', OURS);
  await checkFeatures(folder, VIDEOS, OURS);
});

it.each([
  ['another backbone', { id: 'i3d', hash: 'aa' }, /holds features of i3d .*, these would be of weaklens-a0/],
  [
    'other weights',
    { id: 'weaklens-a0', hash: 'bb' },
    /weaklens-a0 \(weights bb\), these would be of weaklens-a0 \(weights aa\)/,
  ],
])('refuses a folder that %s has begun', async (_, other, message) => {
  write('train-001', OURS);
  write('test-001', other);
  await expect(checkFeatures(folder, VIDEOS, OURS)).rejects.toThrow(message);
});

it('passes over notes whose features were never written', async () => {
  write('train-001', { id: 'i3d', hash: 'bb' });
  rmSync(join(folder, 'train-001.npy'));
  await checkFeatures(folder, VIDEOS, OURS);
});

it('makes what is not there, and leaves what is', async () => {
  writeFileSync(join(folder, 'train-002.webm'), 'as it was');
  const said: string[] = [];
  const made = await makeAll(
    folder,
    VIDEOS,
    { ending: 'webm', make: async ({ name }) => [['webm', `film of ${name}`]] },
    (what) => said.push(what),
  );
  expect(made).toBe(2);
  expect(said).toEqual(['train-001 (1 of 3)', 'test-001 (3 of 3)']);
  const contents = VIDEOS.map(({ name }) => readFileSync(join(folder, `${name}.webm`), 'utf8'));
  expect(contents).toEqual(['film of train-001', 'as it was', 'film of test-001']);
});
