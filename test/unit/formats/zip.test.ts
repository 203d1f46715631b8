import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/engine/failure.ts';
import { openZip, zipNames } from '../../../src/engine/formats/zip.ts';

const text = (content: string) => new TextEncoder().encode(content);
const open = (bytes: Uint8Array) =>
  new Map(openZip(bytes, 'x.zip').members.map(({ name, read }) => [name, read()]));

test('random members come back, stored and deflated', () => {
  const names = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abc_-é€😀') });
  fc.assert(
    fc.property(
      fc.dictionary(names, fc.uint8Array({ maxLength: 300 })),
      fc.constantFrom(0, 6),
      (parts, level) => {
        const members = open(zipSync({ ...parts }, { level: level as 0 | 6 }));
        expect(members).toEqual(new Map(Object.entries(parts)));
      },
    ),
  );
});

test('names are read from the directory alone, behind gigabytes of members', async () => {
  const archive = zipSync({ 'a.npy': text('aaaa'), 'run.json': text('{}') });
  const directory = String.fromCharCode(...archive).indexOf('PK\x01\x02');
  const end = archive.slice(directory);
  const gigabytes = 3e9;
  new DataView(end.buffer).setUint32(end.length - 6, directory + gigabytes, true);
  const large = {
    size: archive.length + gigabytes,
    slice: (from: number) => new Blob([new Uint8Array(directory + gigabytes - from), end]),
  };
  expect(await zipNames(large as unknown as Blob, 'x.zip')).toEqual(['a.npy', 'run.json']);
  await expect(zipNames(new Blob([archive.slice(0, -3)]), 'x.zip')).rejects.toThrow(/cut short/);
});

describe('what is not sound is refused', () => {
  const whole = zipSync({ 'a.npy': text('aaaaaaaaaaaaaaaaaaaaaaaa'), 'b.npy': text('bbbb') }, { level: 6 });
  const changed = (find: string, change: (bytes: Uint8Array, at: number) => void, last = false) => {
    const bytes = whole.slice();
    const latin = String.fromCharCode(...bytes);
    change(bytes, last ? latin.lastIndexOf(find) : latin.indexOf(find));
    return bytes;
  };
  test.each<[string, () => Uint8Array, RegExp]>([
    ['cut short', () => whole.slice(0, -9), /cut short/],
    ['a wrong checksum', () => changed('PK\x03\x04', (b, at) => (b[at + 14] ^= 1)), /two things/],
    ['another name inside', () => changed('a.npy', (b, at) => (b[at] = 99)), /is called "c.npy" elsewhere/],
    [
      'a member that lies elsewhere',
      () => changed('PK\x01\x02', (b, at) => (b[at + 42] += 3)),
      /is not where it should be/,
    ],
    ['an encrypted member', () => changed('PK\x01\x02', (b, at) => (b[at + 8] |= 1)), /encrypted/],
    ['another compression', () => changed('PK\x01\x02', (b, at) => (b[at + 10] = 14)), /not read here/],
    ['more members than there are', () => changed('PK\x05\x06', (b, at) => (b[at + 10] = 9)), /breaks off/],
    ['a way out', () => zipSync({ 'a/../../b.npy': text('x') }), /leads out of the archive/],
    ['a drive', () => zipSync({ 'c:\\b.npy': text('x') }), /leads out of the archive/],
    ['nothing', () => new Uint8Array(0), /directory is missing/],
  ])('%s', (_, bytes, why) => {
    expect(() => open(bytes())).toThrow(why);
  });

  test('a name that means something to JavaScript is a name like any other', () => {
    const bytes = zipSync({ __proto_a: text('x') });
    for (let at = 0; at < bytes.length - 9; at++)
      if (String.fromCharCode(...bytes.subarray(at, at + 9)) === '__proto_a')
        bytes.set(text('__proto__'), at);
    expect([...open(bytes).keys()]).toEqual(['__proto__']);
  });

  test('damaged bytes are read or refused, and nothing else happens', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const bytes = whole.slice();
        bytes[at] = value;
        try {
          open(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
