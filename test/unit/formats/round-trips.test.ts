/** Random arrays through every format that is written here, and between NumPy, h5py and ours in both directions. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openArrays } from '../../../src/engine/formats/arrays.ts';
import { fromHalf, toHalf } from '../../../src/engine/formats/half.ts';
import { readNpy, writeNpy } from '../../../src/engine/formats/npy.ts';
import { readProjectFile, writeProjectFile } from '../../../src/engine/formats/project-file.ts';
import { readSafetensors, writeSafetensors } from '../../../src/engine/formats/safetensors.ts';
import { importFeatures } from '../../../src/engine/features/imported.ts';
import type { NumericArray } from '../../../src/engine/types.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
const arrayOf = (value: fc.Arbitrary<number>, shapes = sizes) =>
  shapes.chain((shape) =>
    fc
      .array(value, {
        minLength: shape.reduce((a, b) => a * b, 1),
        maxLength: shape.reduce((a, b) => a * b, 1),
      })
      .map((values): NumericArray => ({ shape, values: Float32Array.from(values) })),
  );
const any = fc.float({ noDefaultInfinity: false });
const halfway = (array: NumericArray): NumericArray => ({ ...array, values: fromHalf(toHalf(array.values)) });

describe('what is written is read again, bit for bit', () => {
  test('.npy, also by the door', async () => {
    await fc.assert(
      fc.asyncProperty(arrayOf(any), async (array) => {
        expect(readNpy(writeNpy(array))).toEqual(array);
        expect(readNpy(writeNpy(array, 'float16'))).toEqual(halfway(array));
        const { format, arrays } = await openArrays(writeNpy(array), 'gate.npy');
        const { shape, values } = arrays[0].read();
        expect({ format, shape, values }).toEqual({ format: 'npy', ...array });
      }),
    );
  });

  test('.safetensors, whatever the tensors are called', () => {
    const named = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 20 }).filter((name) => !FORBIDDEN.includes(name)),
      arrayOf(any),
      { minKeys: 1, maxKeys: 5 },
    );
    fc.assert(
      fc.property(
        named,
        fc.dictionary(
          fc.string().filter((key) => !FORBIDDEN.includes(key)),
          fc.string(),
        ),
        (tensors, metadata) => {
          const given = new Map(Object.entries(tensors).filter(([name]) => name.isWellFormed()));
          const said = Object.fromEntries(
            Object.entries(metadata).filter((pair) => pair.every((t) => t.isWellFormed())),
          );
          const read = readSafetensors(writeSafetensors(given, said));
          expect(read.tensors).toEqual(given);
          expect(Object.fromEntries(read.metadata)).toEqual(said);
        },
      ),
    );
  });

  test('.weaklens, the features of a project', () => {
    const shapes = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 }))
      .map((pair) => [...pair]);
    fc.assert(
      fc.property(arrayOf(fc.float({ noNaN: true, noDefaultInfinity: true }), shapes), (features) => {
        const video = importFeatures({ features, maps: null, notes: null }, 'gate.npy', 'a'.repeat(64));
        const project = {
          name: 'Gate',
          head: null,
          videos: [],
          truths: new Map(),
          boxes: new Map(),
          features: new Map([['key', video]]),
          runs: [],
          experiments: [],
          files: new Map(),
        };
        const again = readProjectFile(writeProjectFile(project), 'gate.weaklens').features.get('key')!;
        expect(again.features).toEqual(features);
        expect(again.snippets).toEqual(video.snippets);
      }),
      { numRuns: 30 },
    );
  });
});

/** Names that mean something to JavaScript, or to the format. */
const FORBIDDEN = ['__proto__', 'constructor', 'prototype', '__metadata__'];

const folder = mkdtempSync(join(tmpdir(), 'weaklens-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** Runs Python with NumPy and h5py; null where they are not installed. */
function python(code: string): string | null {
  for (const command of ['/usr/bin/python3', 'python3']) {
    try {
      execFileSync(command, ['-c', 'import numpy, h5py'], { stdio: 'ignore' });
    } catch {
      continue;
    }
    return execFileSync(command, ['-c', code], { cwd: folder, encoding: 'utf8' });
  }
  return null;
}

const hasPython = python('') !== null;
if (!hasPython) console.log('NumPy and h5py are not installed: files are not compared with theirs.');

describe.skipIf(!hasPython)('NumPy and h5py', () => {
  const array: NumericArray = {
    shape: [3, 2, 5],
    values: Float32Array.from({ length: 30 }, (_, i) => (i - 7) / 8),
  };

  test('read what is written here', () => {
    writeFileSync(at('ours.npy'), writeNpy(array));
    writeFileSync(at('half.npy'), writeNpy(array, 'float16'));
    writeFileSync(at('ours.safetensors'), writeSafetensors(new Map([['features', array]]), { made: 'here' }));
    const said = python(`
import json, numpy as np
a, h = np.load('ours.npy', allow_pickle=False), np.load('half.npy', allow_pickle=False)
raw = open('ours.safetensors', 'rb').read()
n = int.from_bytes(raw[:8], 'little')
head = json.loads(raw[8:8 + n])
start, end = head['features']['data_offsets']
s = np.frombuffer(raw[8 + n:][start:end], '<f4').reshape(head['features']['shape'])
print(json.dumps([str(a.dtype), str(h.dtype), a.tolist(), bool((a == h).all() and (a == s).all()), head['__metadata__']]))
`);
    const [type, half, values, same, metadata] = JSON.parse(said!) as [
      string,
      string,
      number[][][],
      boolean,
      unknown,
    ];
    expect([type, half, same, metadata]).toEqual(['float32', 'float16', true, { made: 'here' }]);
    expect(values.flat(2)).toEqual([...array.values]);
  });

  test('write what is read here: every type, order and version', { timeout: 60_000 }, async () => {
    python(`
import numpy as np
a = ((np.arange(30) - 7) / 8).reshape(3, 2, 5)
whole = (np.arange(30) - 7).reshape(3, 2, 5)
for t in ['<f2', '>f2', '<f4', '>f4', '<f8', '>f8']: np.save('f%s.npy' % t.replace('<', 'l').replace('>', 'b'), a.astype(t))
for t in ['i1', '<i2', '>i2', '<i4', '>i4', '<i8', '>i8']: np.save('i%s.npy' % t.replace('<', 'l').replace('>', 'b'), whole.astype(t))
np.save('order.npy', np.asfortranarray(a.astype('f4')))
for v in [(1, 0), (2, 0), (3, 0)]:
    with open('v%d.npy' % v[0], 'wb') as f: np.lib.format.write_array(f, a.astype('f4'), version=v)
np.savez('plain.npz', features=a.astype('f4'), labels=np.arange(3))
np.savez_compressed('packed.npz', features=np.asfortranarray(a), labels=np.arange(3))
np.savetxt('text.csv', a.reshape(6, 5), delimiter=',')
np.savetxt('text.txt', a.reshape(6, 5), fmt='%f')
`);
    const { readdirSync } = await import('node:fs');
    const names = readdirSync(folder).filter((name) => !/^(ours|half)/.test(name));
    expect(names.length).toBe(21);
    for (const name of names) {
      const { arrays } = await openArrays(new Uint8Array(readFileSync(at(name))), name);
      const { shape, values, warnings } = arrays[0].read();
      const expected = name.startsWith('i') ? array.values.map((value) => value * 8) : array.values;
      expect([name, shape, [...values], warnings]).toEqual([
        name,
        name.startsWith('text') ? [6, 5] : [3, 2, 5],
        [...expected],
        [],
      ]);
    }
  });

  test(
    'HDF5: every type and order, chunks, groups, and what is left out by name',
    { timeout: 60_000 },
    async () => {
      python(`
import numpy as np, h5py
a = ((np.arange(30) - 7) / 8).reshape(3, 2, 5)
with h5py.File('many.h5', 'w') as f:
    for t in ['<f2', '>f2', '<f4', '>f4', '<f8', '>f8']: f['float/' + t] = a.astype(t)
    for t in ['i1', '<i2', '>i2', '<i4', '>i4', '<i8', '>i8']: f['whole/' + t] = (8 * a).astype(t)
    f.create_dataset('packed', data=a, chunks=(1, 2, 3), compression='gzip', shuffle=True, fletcher32=True)
    f['flags'] = a > 0
    f['names'] = ['a', 'b']
    f['itself'] = f['/']
    f['elsewhere'] = h5py.ExternalLink('/etc/passwd', '/')
    big = np.arange(3000 * 3000, dtype='f4').reshape(3000, 3000)
    f['slabs'] = big
`);
      const opened = await openArrays(new Uint8Array(readFileSync(at('many.h5'))), 'many.h5').catch(String);
      // A group that holds itself is met again and again, and the reader must come to an end.
      expect(opened).toMatch(/more than 20000 objects|more than 32 deep/);
      python(`
import h5py
with h5py.File('many.h5', 'a') as f: del f['itself']
`);
      const { arrays, warnings, close } = await openArrays(
        new Uint8Array(readFileSync(at('many.h5'))),
        'many.h5',
      );
      expect(warnings).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/"names" holds text/),
          expect.stringMatching(/"elsewhere" is a link/),
        ]),
      );
      expect(arrays.length).toBe(6 + 7 + 3);
      for (const { name, read } of arrays) {
        const { shape, values } = read();
        if (name === 'slabs') {
          expect(shape).toEqual([3000, 3000]);
          expect([values[0], values[4_500_001], values[8_999_999]]).toEqual([0, 4_500_001, 8_999_999]);
          continue;
        }
        const expected = name.startsWith('whole')
          ? array.values.map((value) => value * 8)
          : name === 'flags'
            ? array.values.map((value) => Number(value > 0))
            : array.values;
        expect([name, shape, [...values]]).toEqual([name, [3, 2, 5], [...expected]]);
      }
      close();
    },
  );
});
