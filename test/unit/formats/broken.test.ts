import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/engine/failure.ts';
import { inspectFile } from '../../../src/engine/features/inspection.ts';
import { openArrays } from '../../../src/engine/formats/arrays.ts';
import { sharedIsHere } from '../../shared.ts';

const folder = resolve(import.meta.dirname, '../../../../shared/features/broken');
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const beside = (name: string) =>
  Promise.resolve(sharedIsHere && readdirSync(folder).includes(name) ? bytesOf(name) : null);

/** No file takes longer, on any machine that this runs on, and none more memory than a few times what a sound one does. */
const LONGEST = 15_000;
const MOST_BYTES = 300 << 20;

describe.skipIf(!sharedIsHere)('every file of ../shared/features/broken does what its index expects', () => {
  const rows = !sharedIsHere
    ? []
    : readFileSync(join(folder, 'index.tsv'), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'));

  beforeAll(() => openArrays(bytesOf('h5_ok.h5'), 'h5_ok.h5')); // the library starts once, which takes its time

  test('the index names them all', () => {
    const listed = rows.map(([file]) => file).sort();
    expect(listed).toEqual(
      readdirSync(folder)
        .filter((file) => file !== 'index.tsv')
        .sort(),
    );
    expect(listed.length).toBeGreaterThan(100);
  });

  test.each(rows.map(([file, odd, expected]) => [file, odd, expected] as const))(
    '%s (%s): %s',
    { timeout: LONGEST },
    async (file, _, expected) => {
      const before = process.memoryUsage().rss;
      const verdict = await inspectFile(bytesOf(file), file, beside).then(
        ({ warnings }) => ({ is: warnings.length > 0 ? 'warn' : 'accept', why: warnings.join(' ') }),
        (error: unknown) => {
          expect(error).toBeInstanceOf(Failure);
          const { code, subject, what, next } = error as Failure;
          expect(code).not.toBe('bug');
          expect(subject).toMatch(new RegExp(`^${file}`));
          expect([what, next]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
          return { is: 'refuse', why: what };
        },
      );
      expect(process.memoryUsage().rss - before).toBeLessThan(MOST_BYTES);
      if (expected === 'refuse-or-warn') expect(verdict.is).not.toBe('accept');
      // They are read as they should be; that their numbers are all equal is true as well.
      else if (['npy_denormal.npy', 'npy_dtype_b1.npy'].includes(file))
        expect(verdict.why).toMatch(/^All numbers are equal/);
      else expect(verdict, verdict.why).toMatchObject({ is: expected });
    },
  );

  test('nothing of what they hold got into where it has no business', () => {
    expect(({} as Record<string, unknown>).dtype).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.keys(globalThis).filter((key) => /pwned|evil|__x/.test(key))).toEqual([]);
  });

  test('what is refused is named for what it is', async () => {
    const why = (file: string) => inspectFile(bytesOf(file), file, beside).then(() => '', String);
    expect(await why('git_lfs_pointer.npy')).toMatch(/Git LFS pointer/);
    expect(await why('html_named.npy')).toMatch(/web page/);
    expect(await why('txt_named.npy')).toMatch(/text with numbers/);
    expect(await why('npy_object_pickle.npy')).toMatch(/Python objects/);
    expect(await why('npz_slip.npz')).toMatch(/leads out of the archive/);
    expect(await why('npz_overlap_300x1MB.npz')).toMatch(/300 MB/);
    expect(await why('h5_huge_virtual_shape.h5')).toMatch(/10000000 × 1000000/);
    expect(await why('proj_future.json')).toMatch(/later version of Weaklens \(format 9999/);
    expect(await why('proj_version_nan.json')).toMatch(/NaN/);
    expect(await why('proj_utf16.json')).toMatch(/UTF-16/);
    expect(await why('proj_hash_mismatch.json')).toMatch(/w\.safetensors/);
    expect(await why('proj_array.json')).toMatch(/a list, not an object/);
  });
});
