import { tubeBoxesIn } from '../../../src/engine/features/tube-boxes.ts';
import { describe, expect, test } from 'vitest';
import { viewsFirst } from '../../../src/engine/features/bags.ts';
import { importFeatures, importTubes } from '../../../src/engine/features/imported.ts';
import { writeSafetensors } from '../../../src/engine/formats/safetensors.ts';

const ramp = (...shape: number[]) => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});
const none = { features: null, maps: null, notes: null };

test('features may have crops, which come first to a head', () => {
  const { features, provenance } = importFeatures({ ...none, features: ramp(3, 2, 4) }, 'a.npy', 'h');
  expect(features.shape).toEqual([3, 2, 4]);
  expect(provenance.crops).toBe(2);
  const views = viewsFirst(features);
  expect(views.shape).toEqual([2, 3, 4]);
  expect([...views.values.slice(0, 8)]).toEqual([0, 1, 2, 3, 8, 9, 10, 11]); // crop 0 of snippets 0 and 1
});

test('maps alone stand for features by their mean over cells', () => {
  const { features, maps } = importFeatures({ ...none, maps: ramp(2, 1, 2, 3) }, 'a.map.npy', 'h');
  expect(maps!.shape).toEqual([2, 1, 2, 3]);
  expect([...features.values]).toEqual([1.5, 2.5, 3.5, 7.5, 8.5, 9.5]);
});

test('maps and features of different videos do not pass for one', () => {
  const files = { ...none, features: ramp(3, 4), maps: ramp(2, 1, 1, 4) };
  expect(() => importFeatures(files, 'a.npy', 'h')).toThrow(/3 rows and the maps beside it have 2/);
});

test('rows with NaN are missing and repeat the nearest sound row; without any there is nothing to go by', () => {
  const features = ramp(4, 2);
  features.values.set([NaN, 1], 0);
  features.values[5] = Infinity;
  const read = importFeatures({ ...none, features }, 'a.npy', 'h');
  expect([...read.features.values]).toEqual([2, 3, 2, 3, 2, 3, 6, 7]);
  expect(read.snippets.map(({ missing }) => missing)).toEqual([true, false, true, false]);
  expect(read.warnings).toEqual([expect.stringMatching(/2 of its numbers are NaN.*2 of 4 rows.*row 1/)]);
  const all = { shape: [2, 2], values: Float32Array.of(NaN, 1, 2, NaN) };
  expect(() => importFeatures({ ...none, features: all }, 'a.npy', 'h')).toThrow(/in every row/);
});

test('a vector with its own length behind it loses that', () => {
  const features = { shape: [1, 2049], values: new Float32Array(2049).fill(0.5) };
  features.values[2048] = Math.sqrt(2048 * 0.25);
  const { features: read, warnings } = importFeatures({ ...none, features }, 'a.npy', 'h');
  expect([read.shape, warnings.some((text) => /length of the others/.test(text))]).toEqual([[1, 2048], true]);
  features.values[2048] = 1;
  features.values[0] = 1;
  expect(importFeatures({ ...none, features }, 'a.npy', 'h').features.shape).toEqual([1, 2049]);
});

test('rows stand for as many frames as the file says', () => {
  const { snippets } = importFeatures({ ...none, features: ramp(3, 4), segmentFrames: 40 }, 'a.csv', 'h');
  expect(snippets.map(({ firstFrame, lastFrame }) => [firstFrame, lastFrame])).toEqual([
    [0, 39],
    [40, 79],
    [80, 119],
  ]);
});

test('a variant has the shape of what it is a variant of', () => {
  const features = ramp(3, 4);
  const noise = ramp(3, 4);
  expect(importFeatures({ ...none, features, variants: { noise } }, 'a', 'h').variants!.noise!.shape).toEqual(
    [3, 4],
  );
  const wrong = ramp(2, 4);
  expect(() => importFeatures({ ...none, features, variants: { flip: wrong } }, 'a', 'h')).toThrow(
    /flip features have the shape \(2, 4\), not \(3, 4\)/,
  );
});

describe('boxes of tubes', () => {
  const file = (own: Record<string, [number[], number[]]>) => {
    const tensors = new Map([
      ['region', ramp(2, 4)],
      ['global', ramp(2, 4)],
      ['videolet', ramp(5, 4)],
    ]);
    for (const [name, [shape, values]] of Object.entries(own))
      tensors.set(name, { shape, values: Float32Array.from(values) });
    return writeSafetensors(tensors, {});
  };
  const read = (own: Record<string, [number[], number[]]>) => importTubes(file(own), 'a', 'h').tubes!;

  test('a row each, with the picture that they are in', () => {
    const rows = [0, 15, 1, 2, 30, 40, 1, 16, 0, 0, 9, 9];
    const { boxes, picture } = read({ boxes: [[2, 6], rows], picture: [[2], [320, 240]] });
    expect([boxes!.shape, [...boxes!.values], [...picture!.values]]).toEqual([[2, 6], rows, [320, 240]]);
    expect(read({})).not.toHaveProperty('boxes');
    expect(read({ boxes: [[1, 6], rows.slice(0, 6)] })).not.toHaveProperty('picture');
  });

  test('or in each of f frames, of which those below 0 are none', () => {
    const corners = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0, 0, 0];
    const { boxes } = read({
      boxes: [[2, 2, 4], corners],
      frames: [
        [2, 2],
        [15, 31, 15, -1],
      ],
    });
    expect(boxes!.shape).toEqual([3, 6]);
    expect([...boxes!.values]).toEqual([0, 15, 1, 2, 3, 4, 0, 31, 5, 6, 7, 8, 1, 15, 9, 10, 11, 12]);
  });

  test('more than are read are refused before they are written out', () => {
    const [n, f] = [2, 600_000];
    const tensors = {
      boxes: { shape: [n, f, 4], values: new Float32Array(n * f * 4) },
      frames: { shape: [n, f], values: new Float32Array(n * f) },
    };
    expect(() => tubeBoxesIn(new Map(Object.entries(tensors)), n, 'x')).toThrow(
      /It has 1200000 boxes; up to/,
    );
  });

  test.each([
    [
      'a tube that is not there',
      {
        boxes: [
          [1, 6],
          [2, 0, 1, 1, 2, 2],
        ],
      },
      /Box 0 is of tube 2.*0 to 1/,
    ],
    [
      'a tube below 0',
      {
        boxes: [
          [1, 6],
          [-1, 0, 1, 1, 2, 2],
        ],
      },
      /Box 0 is of tube -1/,
    ],
    [
      'half a frame',
      {
        boxes: [
          [1, 6],
          [0, 0.5, 1, 1, 2, 2],
        ],
      },
      /Box 0 is in frame 0\.5/,
    ],
    [
      'a frame that float32 cannot tell',
      {
        boxes: [
          [1, 6],
          [0, 2 ** 24, 1, 1, 2, 2],
        ],
      },
      /in frame 16777216/,
    ],
    [
      'NaN',
      {
        boxes: [
          [1, 6],
          [0, 0, NaN, 1, 2, 2],
        ],
      },
      /NaN/,
    ],
    [
      'five columns',
      {
        boxes: [
          [1, 5],
          [0, 0, 1, 1, 2],
        ],
      },
      /shape \(1, 5\).*\(k, 6\)/,
    ],
    [
      'a box inside out',
      {
        boxes: [
          [1, 6],
          [0, 0, 3, 1, 2, 2],
        ],
      },
      /Box 0 ends before it begins/,
    ],
    [
      'boxes without frames',
      {
        boxes: [
          [2, 1, 4],
          [0, 0, 1, 1, 0, 0, 1, 1],
        ],
      },
      /"frames" \(none\)/,
    ],
    ['too many', { boxes: [[1_000_001, 6], Array<number>(6_000_006).fill(0)] }, /1000001 boxes/],
    [
      'no picture',
      {
        boxes: [
          [1, 6],
          [0, 0, 1, 1, 2, 2],
        ],
        picture: [[2], [0, 240]],
      },
      /"picture" is not the width and height/,
    ],
  ] as [string, Record<string, [number[], number[]]>, RegExp][])('%s is refused', (_, own, reason) => {
    expect(() => read(own)).toThrow(reason);
  });
});

test('tubes: videolets stand where snippets stand; what does not fit together is refused by name', () => {
  const file = (region: number[], global: number[], videolet: number[]) =>
    writeSafetensors(
      new Map([
        ['region', ramp(...region)],
        ['global', ramp(...global)],
        ['videolet', ramp(...videolet)],
      ]),
      {},
    );
  const { features, tubes, snippets } = importTubes(file([2, 4], [2, 4], [5, 4]), 'a.tubes.safetensors', 'h');
  expect([features.shape, tubes!.region.shape, snippets.length]).toEqual([[5, 4], [2, 4], 5]);
  expect(() => importTubes(file([2, 4], [3, 4], [5, 4]), 'a', 'h')).toThrow(/must agree in D/);
  const kinds = (count: number) => {
    const own = new Map([
      ['region', ramp(2, 4)],
      ['global', ramp(2, 4)],
      ['videolet', ramp(5, 4)],
    ]);
    return writeSafetensors(own.set('multivariate', ramp(count, 1)), {});
  };
  expect(importTubes(kinds(2), 'a', 'h').tubes!.multivariate!.shape).toEqual([2, 1]);
  expect(() => importTubes(kinds(3), 'a', 'h')).toThrow(/one number per tube/);
  const partial = writeSafetensors(new Map([['region', ramp(2, 4)]]), {});
  expect(() => importTubes(partial, 'a', 'h')).toThrow(/no "global"/);
});
