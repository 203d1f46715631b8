import { unzipSync, zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/engine/failure.ts';
import { openPytorch, readPytorch } from '../../../src/engine/formats/pytorch.ts';
import { Random } from '../../../src/engine/random.ts';

/** Written by PyTorch: tools/pytorch/fixtures.py. */
const fixture = (name: string) =>
  new Uint8Array(readFileSync(resolve(import.meta.dirname, 'pytorch', `${name}.pt`)));

const read = (name: string) =>
  Object.fromEntries(
    [...readPytorch(fixture(name))].map(([key, { shape, values }]) => [key, { shape, values: [...values] }]),
  );

const single = Math.fround;

const LAYER = {
  '0.weight': { shape: [2, 3], values: [1, -2, 3.5, 0, single(1e-20), 7] },
  '0.bias': { shape: [2], values: [0.25, -0.5] },
  '1.weight': { shape: [2], values: [1, 1] },
  '1.bias': { shape: [2], values: [0, 0] },
  '1.running_mean': { shape: [2], values: [0, 0] },
  '1.running_var': { shape: [2], values: [1, 1] },
  '1.num_batches_tracked': { shape: [], values: [0] },
};

describe('what torch.save writes', () => {
  test('a state dict, in its order', () => {
    expect(read('plain')).toEqual(LAYER);
    expect(Object.keys(read('plain'))).toEqual(Object.keys(LAYER));
  });

  test('with a newer pickle protocol', () => {
    expect(read('protocol4')).toEqual(LAYER);
  });

  test('as before version 1.6', () => {
    expect(read('legacy')).toEqual(LAYER);
    expect(read('legacy-views')).toEqual(read('views'));
  });

  test('a checkpoint around it, from a network on several devices', () => {
    expect(read('wrapped')).toEqual(LAYER);
  });

  test('parameters under "model"', () => {
    expect(read('parameters')).toEqual({ w: LAYER['0.weight'] });
  });

  test('numbers of every type', () => {
    const numbers = { shape: [4], values: [-3, 0, 1, 100] };
    expect(read('types')).toEqual({
      float64: numbers,
      float32: numbers,
      float16: numbers,
      bfloat16: numbers,
      int64: numbers,
      int32: numbers,
      int16: numbers,
      int8: numbers,
      uint8: { shape: [4], values: [0, 1, 100, 255] },
      bool: { shape: [4], values: [0, 1, 1, 0] },
      fraction16: { shape: [3], values: [0.0999755859375, -65504, 2 ** -24] },
      scalar: { shape: [], values: [-7] },
      empty: { shape: [0, 5], values: [] },
    });
  });

  test('views of one storage, whatever their strides', () => {
    const at = (row: number, column: number) => 6 * row + column;
    const columns = [0, 1, 2, 3, 4, 5];
    expect(read('views')).toEqual({
      transposed: { shape: [6, 4], values: columns.flatMap((c) => [0, 1, 2, 3].map((r) => at(r, c))) },
      column: { shape: [4], values: [2, 8, 14, 20] },
      window: { shape: [2, 3], values: [7, 9, 11, 13, 15, 17] },
      rows: { shape: [2, 6], values: [...columns.map((c) => at(2, c)), ...columns.map((c) => at(3, c))] },
      expanded: { shape: [3, 2], values: [6, 7, 6, 7, 6, 7] },
      axes: { shape: [6, 2, 2], values: columns.flatMap((c) => [0, 1, 2, 3].map((r) => at(r, c))) },
    });
  });

  test('bytes may lie anywhere in a buffer', () => {
    const bytes = fixture('plain');
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readPytorch(shifted.subarray(3)).get('0.bias')!.values).toEqual(Float32Array.of(0.25, -0.5));
  });
});

/** A checkpoint with some of its entries replaced; null leaves one out. */
function edited(name: string, entries: Record<string, Uint8Array | null>): Uint8Array {
  const all: Record<string, Uint8Array> = unzipSync(fixture(name));
  const [root] = Object.keys(all)[0].split('/');
  for (const [path, content] of Object.entries(entries)) {
    if (content) all[`${root}/${path}`] = content;
    else delete all[`${root}/${path}`];
  }
  return zipSync(all, { level: 0 });
}

/** A pickle put together by hand: text stands for its letters. */
function pickle(...parts: (string | number)[]): Uint8Array {
  const codes = parts.flatMap((part) =>
    typeof part === 'number' ? [part] : [...part].map((c) => c.charCodeAt(0)),
  );
  return Uint8Array.from([0x80, 2, ...codes]);
}

const string = (text: string) => `X${String.fromCharCode(text.length)}\0\0\0${text}`;
/** A tensor `w` of a storage of two float32 numbers, with an offset, shape and strides as pickle instructions. */
const tensor = (rest: string) =>
  pickle(
    '}',
    string('w'),
    'ctorch._utils\n_rebuild_tensor_v2\n((',
    string('storage'),
    `ctorch\nFloatStorage\n${string('0')}${string('cpu')}K\x02tQ`,
    `${rest}\x89}tRs.`,
  );

describe('what is no file of tensors is refused', () => {
  const cases: [string, () => Uint8Array, RegExp][] = [
    ['code', () => fixture('code'), /contains code \(it refers to posix\.system\).*safetensors/],
    ['a whole module', () => fixture('module'), /contains code \(it refers to torch\.nn\..*state_dict/],
    ['an old file, cut short', () => fixture('legacy').slice(0, -9), /cut short/],
    ['an old file with code', () => fixture('legacy-code'), /contains code \(it refers to posix\.system\)/],
    ['a bare pickle', () => pickle('}.'), /those of no PyTorch file/],
    [
      'an old tar file',
      () => {
        const tar = new Uint8Array(1024);
        tar.set(new TextEncoder().encode('ustar'), 257);
        return tar;
      },
      /tar archive.*older than 0\.1\.10/,
    ],
    [
      'a picture',
      () => Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
      /those of no PyTorch file/,
    ],
    ['nothing', () => new Uint8Array(0), /those of no PyTorch file/],
    ['half a file', () => fixture('plain').slice(0, 900), /cut short/],
    ['another zip archive', () => zipSync({ 'word/document.xml': pickle('}.') }), /without data\.pkl/],
    ['a missing storage', () => edited('plain', { 'data/1': null }), /"[^"]*data\/1" is missing/],
    [
      'a short storage',
      () => edited('plain', { 'data/0': new Uint8Array(20) }),
      /should have 24 bytes and has 20/,
    ],
    [
      'a long storage',
      () => edited('plain', { 'data/0': new Uint8Array(28) }),
      /should have 24 bytes and has 28/,
    ],
    [
      'numbers of another machine',
      () => edited('plain', { byteorder: new TextEncoder().encode('big') }),
      /big-endian/,
    ],
    ['one number', () => edited('plain', { 'data.pkl': pickle('K\x05.') }), /not a dict of tensors/],
    ['an empty dict', () => edited('plain', { 'data.pkl': pickle('}.') }), /empty/],
    [
      'a dict of numbers',
      () => edited('plain', { 'data.pkl': pickle('}', string('epoch'), 'K\x05s.') }),
      /"epoch" is no tensor/,
    ],
    [
      'a pickle that breaks off',
      () => edited('plain', { 'data.pkl': pickle('}X\xff\xff\xff\xff') }),
      /breaks off/,
    ],
    ['too many pops', () => edited('plain', { 'data.pkl': pickle('0.') }), /than it was given/],
    ['an unopened mark', () => edited('plain', { 'data.pkl': pickle('t.') }), /did not begin/],
    ['an object', () => edited('plain', { 'data.pkl': pickle('(ios\nsystem\n.') }), /instruction 0x69/],
    [
      'code behind a tensor',
      () => edited('plain', { 'data.pkl': pickle('cbuiltins\neval\n(', string('1'), 'tR.') }),
      /contains code \(it refers to builtins\.eval\)/,
    ],
    [
      'a call of a type',
      () => edited('plain', { 'data.pkl': pickle('ctorch\nFloatStorage\n)R.') }),
      /contains code \(it refers to torch\.FloatStorage\)/,
    ],
    [
      'a tensor beyond its storage',
      () => edited('plain', { 'data.pkl': tensor('K\x01K\x02\x85K\x01\x85') }),
      /\[2\] in it lies outside its storage of 2 numbers/,
    ],
    [
      'an offset before its storage',
      () => edited('plain', { 'data.pkl': tensor('J\xff\xff\xff\xffK\x02\x85K\x01\x85') }),
      /not \{storage/,
    ],
    [
      'an absurd size',
      () => edited('plain', { 'data.pkl': tensor('K\0J\0\0\0\x70\x85K\0\x85') }),
      /more tensors than can be right/,
    ],
    [
      'a shape without strides',
      () => edited('plain', { 'data.pkl': tensor('K\0K\x01K\x01\x86)') }),
      /lies outside/,
    ],
  ];
  test.each(cases)('%s', (_, bytes, reason) => {
    expect(() => readPytorch(bytes(), 'x.pt')).toThrow(reason);
    expect(() => readPytorch(bytes(), 'x.pt')).toThrow(/^x\.pt: /);
  });

  test('hand-made tensors are read where nothing is wrong with them', () => {
    const numbers = new Uint8Array(Float32Array.of(3, 4).buffer);
    const bytes = edited('plain', { 'data.pkl': tensor('K\x01K\x03\x85K\0\x85'), 'data/0': numbers });
    expect([...readPytorch(bytes).get('w')!.values]).toEqual([4, 4, 4]);
  });

  test('a tensor alone and a list of them are read where any tensors are wanted', () => {
    const numbers = new Uint8Array(Float32Array.of(3, 4).buffer);
    const bare = (instructions: string, tail: string) =>
      edited('plain', {
        'data.pkl': pickle(
          instructions,
          'ctorch._utils\n_rebuild_tensor_v2\n((',
          string('storage'),
          `ctorch\nFloatStorage\n${string('0')}${string('cpu')}K\x02tQ`,
          `K\0K\x02\x85K\x01\x85\x89}tR${tail}.`,
        ),
        'data/0': numbers,
      });
    const read = (bytes: Uint8Array) => openPytorch(bytes, 'x.pt').map((e) => [e.name, [...e.read().values]]);
    expect(read(bare('', ''))).toEqual([['', [3, 4]]]);
    expect(read(bare(']', 'a'))).toEqual([['0', [3, 4]]]);
    expect(() => readPytorch(bare('', ''), 'x.pt')).toThrow(/not a dict of tensors/);
  });

  test('of an old file with the memory of its optimiser the state dict is read', () => {
    const tensor = (key: string, length: number) =>
      `ctorch._utils\n_rebuild_tensor_v2\n((${string('storage')}ctorch\nFloatStorage\n${string(key)}${string('cpu')}` +
      `K${String.fromCharCode(length)}NtQK\0K${String.fromCharCode(length)}\x85K\x01\x85\x89}tR`;
    const dicts = `(${string('state_dict')}}${string('w')}${tensor('w', 2)}s${string('optimizer')}}${string('m')}${tensor('m', 3)}su`;
    const storage = (...values: number[]) => [
      ...new Uint8Array(BigInt64Array.of(BigInt(values.length)).buffer),
      ...new Uint8Array(Float32Array.from(values).buffer),
    ];
    const file = (keys: string) =>
      Uint8Array.from([
        ...pickle('\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.'),
        ...pickle('M\xe9\x03.'),
        ...pickle('}.'),
        ...pickle('}', dicts, '.'),
        ...pickle('](', keys, 'e.'),
        ...storage(7, 8, 9),
        ...storage(3, 4),
      ]);
    const read = readPytorch(file(string('m') + string('w')), 'x.pth');
    expect([...read]).toEqual([['w', { shape: [2], values: Float32Array.of(3, 4) }]]);
    expect(() => readPytorch(file(string('z') + string('w')), 'x.pth')).toThrow(/storage z belongs to no/);
  });

  test('a dict that holds itself ends', () => {
    const bytes = edited('plain', { 'data.pkl': pickle('}q\0', string('model'), 'h\0s.') });
    expect(() => readPytorch(bytes)).toThrow(/"model" is no tensor/);
  });
});

test('damaged bytes are read or refused, and nothing else happens', { timeout: 60_000 }, () => {
  const random = new Random(1);
  for (const name of ['plain', 'protocol4', 'views']) {
    const entry = Object.entries(unzipSync(fixture(name))).find(([path]) => path.endsWith('data.pkl'))![1];
    for (let i = 0; i < 150; i++) {
      const [whole, list] = [fixture(name), entry.slice()];
      const spoil = (bytes: Uint8Array) => (bytes[random.below(bytes.length)] = random.below(256));
      spoil(whole);
      spoil(list);
      for (const bytes of [
        whole,
        edited(name, { 'data.pkl': list }),
        whole.slice(0, random.below(whole.length)),
      ]) {
        try {
          readPytorch(bytes, 'x.pt');
        } catch (error) {
          expect(error, `${error}`).toBeInstanceOf(Failure);
        }
      }
    }
  }
});
