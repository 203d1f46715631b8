/** Files of arrays in the worker that is thrown away, with the real readers and with ones that misbehave. */
import { afterEach, expect, test } from 'vitest';
import { writeNpy } from '../../src/engine/formats/npy.ts';
import { writeSafetensors } from '../../src/engine/formats/safetensors.ts';
import { Reading } from '../../src/workers/reading.ts';
import { Store } from '../../src/workers/store.ts';
import { readShared, sharedIsHere } from '../shared.ts';
import hungUrl from './hung-reader.worker.ts?worker&url';

let reading = new Reading();
afterEach(() => {
  reading.end();
  reading = new Reading();
});

const ramp = (...shape: number[]) => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 64),
});
const file = (name: string, bytes: BlobPart) => new File([bytes], name);
const none = { features: null, maps: null, tubes: null, notes: null };

test('a reader that gives no sign is ended, one that dies is told, and the next file is read', async () => {
  const hung = new Reading(hungUrl, 1000);
  const started = performance.now();
  const first = hung.inspect(file('hang.h5', 'x')).result;
  const second = hung.inspect(file('crash.h5', 'x')).result;
  const third = hung.inspect(file('fine.npy', 'x')).result;
  await expect(first).rejects.toMatchObject({ code: 'stalled', subject: 'hang.h5' });
  await expect(second).rejects.toMatchObject({ code: 'worker-died', subject: 'crash.h5' });
  await expect(third).resolves.toMatchObject({ name: 'fine.npy' });
  expect(performance.now() - started).toBeLessThan(10_000);
  hung.end();
});

test('a file that waits its turn may be called off', async () => {
  const hung = new Reading(hungUrl, 1000);
  const first = hung.inspect(file('hang.h5', 'x'));
  const second = hung.inspect(file('fine.npy', 'x'));
  second.cancel();
  await expect(first.result).rejects.toMatchObject({ code: 'stalled' });
  await expect(second.result).rejects.toMatchObject({ code: 'cancelled' });
  hung.end();
});

test('features are kept; where axes are in doubt nothing is, until someone says', async () => {
  const store = await Store.open();
  const given = { ...none, features: file('gate.npy', writeNpy(ramp(512, 1024))) };
  const asked = await reading.importFeatures(given, 'gate.npy', { axes: 'ask' }).result;
  if (!('question' in asked)) throw new Error('it did not ask');
  expect(asked.question.readings.map(({ id }) => id)).toEqual(['snippets,features', 'features,snippets']);
  const kept = await reading.importFeatures(given, 'gate.npy', { axes: 'features,snippets' }).result;
  if ('question' in kept) throw new Error('it asked again');
  const [{ summary, name }] = kept.videos;
  expect([name, summary.shape]).toEqual(['gate', [1024, 512]]);
  expect((await store.features(summary.key)).features.values[1]).toBe(1024 / 64);
  const settled = await reading.importFeatures(given, 'gate.npy', { axes: 'ask', size: 1024 }).result;
  if ('question' in settled) throw new Error('it asked though the size settles it');
  expect(settled.videos[0].summary.shape).toEqual([512, 1024]);
  store.close();
});

test('a store of many videos becomes many', async () => {
  const bytes = writeSafetensors(
    new Map([
      ['Abuse001_x264', ramp(3, 1024)],
      ['Normal_Videos_003_x264', ramp(5, 1024)],
    ]),
  );
  const given = { ...none, features: file('store.safetensors', bytes) };
  const kept = await reading.importFeatures(given, 'store.safetensors', { axes: 'likeliest' }).result;
  if ('question' in kept) throw new Error('it asked');
  expect(kept.videos.map(({ name, summary }) => [name, summary.shape])).toEqual([
    ['Abuse001_x264', [3, 1024]],
    ['Normal_Videos_003_x264', [5, 1024]],
  ]);
  expect(new Set(kept.videos.map(({ hash }) => hash)).size).toBe(2);
});

test.skipIf(!sharedIsHere)(
  'HDF5 is read where it lies, and a bomb is refused, in a real worker',
  async () => {
    const shared = async (name: string) => file(name, (await readShared(`features/broken/${name}`))!);
    const given = { ...none, features: await shared('h5_gzip_chunked.h5') };
    const kept = await reading.importFeatures(given, 'h5_gzip_chunked.h5', { axes: 'likeliest' }).result;
    expect(kept).toMatchObject({ videos: [{ name: 'h5_gzip_chunked', summary: { shape: [32, 1024] } }] });
    for (const name of ['h5_deflate_bomb_1GB.h5', 'npz_bomb_1GB.npz', 'mat_zlib_bomb_300MB.mat'])
      await expect(reading.inspect(await shared(name)).result).rejects.toMatchObject({ subject: name });
    await expect(reading.inspect(await shared('npy_ok_f4.npy')).result).resolves.toMatchObject({
      warnings: [],
    });
  },
);
