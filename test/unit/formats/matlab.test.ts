import { zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/engine/failure.ts';
import { openMatlab } from '../../../src/engine/formats/matlab.ts';
import { Random } from '../../../src/engine/random.ts';

/** Files put together by hand, as MATLAB's description of the format has them. */
class Builder {
  constructor(readonly littleEndian = true) {}

  words(...values: number[]): Uint8Array {
    const bytes = new Uint8Array(4 * values.length);
    for (const [i, value] of values.entries())
      new DataView(bytes.buffer).setUint32(4 * i, value, this.littleEndian);
    return bytes;
  }

  element(type: number, data: Uint8Array): Uint8Array {
    const padded = new Uint8Array(8 * Math.ceil(data.length / 8));
    padded.set(data);
    return join(this.words(type, data.length), padded);
  }

  /** At most four bytes, in the tag itself. */
  small(type: number, data: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(8);
    bytes.set(this.words((data.length << 16) | type));
    bytes.set(data, 4);
    return bytes;
  }

  matrix(name: string, shape: number[], kind: number, real: Uint8Array, flags = 0): Uint8Array {
    const title = new TextEncoder().encode(name);
    return this.element(
      14,
      join(
        this.element(6, this.words(kind | flags, 0)),
        this.element(5, this.words(...shape)),
        title.length <= 4 ? this.small(1, title) : this.element(1, title),
        real,
      ),
    );
  }

  /** A variable of a class that MATLAB keeps elsewhere in the file: it has no size of its own. */
  opaque(name: string, type: string): Uint8Array {
    const texts = [name, 'MCOS', type].map((text) => this.element(1, new TextEncoder().encode(text)));
    const place = this.matrix('', [1, 1], 13, this.element(6, this.words(0xdd000000)));
    return this.element(14, join(this.element(6, this.words(17, 0)), ...texts, place));
  }

  doubles(...values: number[]): Uint8Array {
    const bytes = new Uint8Array(8 * values.length);
    for (const [i, value] of values.entries())
      new DataView(bytes.buffer).setFloat64(8 * i, value, this.littleEndian);
    return this.element(9, bytes);
  }

  file(...elements: Uint8Array[]): Uint8Array {
    const header = new Uint8Array(128).fill(0x20);
    header.set(new TextEncoder().encode('MATLAB 5.0 MAT-file'));
    new DataView(header.buffer).setUint16(124, 0x0100, this.littleEndian);
    header.set(new TextEncoder().encode(this.littleEndian ? 'IM' : 'MI'), 126);
    return join(header, ...elements);
  }

  packed(element: Uint8Array): Uint8Array {
    const data = zlibSync(element);
    return join(this.words(15, data.length), data);
  }
}

function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const read = (bytes: Uint8Array) => {
  const { entries, warnings } = openMatlab(bytes, 'x.mat');
  return {
    arrays: entries.map((entry) => ({ name: entry.name, type: entry.type, ...entry.read() })),
    warnings,
  };
};

describe.each([
  ['little-endian', new Builder()],
  ['big-endian', new Builder(false)],
])('%s', (_, build) => {
  // Columns come first.
  const doubles = build.matrix('features', [2, 3], 6, build.doubles(1, 4, 2, 5, 3, 6));

  test('numbers in columns become rows, compressed or not', () => {
    const expected = {
      arrays: [
        {
          name: 'features',
          type: 'float64',
          shape: [2, 3],
          values: Float32Array.of(1, 2, 3, 4, 5, 6),
          warnings: [],
        },
      ],
      warnings: [],
    };
    expect(read(build.file(doubles))).toEqual(expected);
    expect(read(build.file(build.packed(doubles)))).toEqual(expected);
  });

  test('whole numbers may lie in a smaller type than their class, and in the tag', () => {
    const bytes = build.matrix('y', [1, 3], 6, build.small(2, Uint8Array.of(7, 8, 9)));
    expect(read(build.file(bytes)).arrays).toMatchObject([
      { name: 'y', shape: [1, 3], values: Float32Array.of(7, 8, 9) },
    ]);
  });

  test('several arrays, and what is none is named', () => {
    const cell = build.matrix('names', [1, 1], 1, doubles);
    const complex = build.matrix('wave', [1, 1], 6, join(build.doubles(1), build.doubles(2)), 0x800);
    const { arrays, warnings } = read(build.file(cell, build.packed(doubles), complex));
    expect(arrays.map(({ name }) => name)).toEqual(['features']);
    expect(warnings).toEqual(['"names" is a cell and was left out.', '"wave" is complex and was left out.']);
  });

  test('text and tables of new cost none of the numbers beside them, nor does what MATLAB keeps of them', () => {
    const kept = build.matrix('', [1, 4], 9, build.small(2, Uint8Array.of(1, 2, 3, 4)));
    const file = build.file(build.opaque('title', 'string'), build.opaque('log', 'table'), doubles, kept);
    const view = new DataView(file.buffer);
    const place = BigInt(file.length - kept.length);
    view.setBigUint64(116, place, build.littleEndian);
    const { arrays, warnings } = read(file);
    expect(arrays.map(({ name }) => name)).toEqual(['features']);
    expect(warnings).toEqual([
      '"title" is of MATLAB\'s class string and was left out.',
      '"log" is of MATLAB\'s class table and was left out.',
    ]);
  });
});

describe('what is not sound is refused', () => {
  const build = new Builder();
  const sound = build.matrix('x', [2, 2], 6, build.doubles(1, 2, 3, 4));
  test.each<[string, Uint8Array, RegExp]>([
    ['a header alone cut short', build.file().slice(0, 90), /ends inside its header/],
    ['an element cut short', build.file(sound).slice(0, -4), /longer than the file/],
    ['too few numbers', build.file(build.matrix('x', [3, 2], 6, build.doubles(1, 2, 3, 4))), /3 × 2 numbers/],
    [
      'a negative size',
      build.file(build.matrix('x', [-2, -2], 6, build.doubles(1, 2, 3, 4))),
      /"x" should have/,
    ],
    ['something else than an array', build.file(build.doubles(1)), /element of type 9/],
    ['one name twice', build.file(sound, sound), /two arrays of one name/],
    [
      'a damaged checksum',
      (() => {
        const bytes = build.file(build.packed(sound));
        bytes[bytes.length - 1] ^= 1;
        return bytes;
      })(),
      /damaged/,
    ],
  ])('%s', (_, bytes, why) => {
    expect(() => read(bytes)).toThrow(why);
  });

  test('damaged bytes are read or refused, and nothing else happens', { timeout: 60_000 }, () => {
    const random = new Random(3);
    const whole = build.file(sound, build.packed(sound.slice()));
    for (let i = 0; i < 2000; i++) {
      const bytes = whole.slice(0, random.below(4) === 0 ? random.below(whole.length) : whole.length);
      if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
      try {
        read(bytes);
      } catch (error) {
        expect(error, `${error}`).toBeInstanceOf(Failure);
      }
    }
  });
});
