import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrange, readAxes, readingOf } from '../../../src/engine/features/axes.ts';

const ids = (shape: number[], size?: number) => readAxes(shape, { size }).map(({ id }) => id);

test.each<[string, number[], string[]]>([
  ['one row per snippet', [120, 1024], ['snippets,features']],
  ['an odd size, as of reduced features', [120, 500], ['snippets,features']],
  ['ten crops, as RTFM has them', [97, 10, 2048], ['snippets,crops,features']],
  ['crops first, as MGFN has them', [10, 32, 2048], ['crops,snippets,features']],
  ['with the magnitude behind', [10, 32, 2049], ['crops,snippets,features']],
  ['five crops of XD-Violence', [5, 40, 1024], ['crops,snippets,features']],
  ['one crop', [40, 1, 1024], ['snippets,crops,features']],
  ['a batch of one around it', [1, 40, 10, 2048], ['snippets,crops,features']],
  ['features first', [4096, 32], ['features,snippets', 'snippets,features']],
  ['a single vector', [2048], ['1*2048']],
  ['two sizes that are both known', [512, 1024], ['snippets,features', 'features,snippets']],
  ['crops on two axes', [10, 5, 1024], ['snippets,crops,features', 'crops,snippets,features']],
  ['ten snippets of ten crops', [10, 10, 2048], ['snippets,crops,features', 'crops,snippets,features']],
  ['C3D in one row', [32 * 4096], ['32*4096', '64*2048', '128*1024', '256*512', '1024*128', '512*256']],
  ['few crops that are none of the usual', [30, 3, 7], ['snippets,crops,features']],
  ['nothing that fits', [30, 40, 50], []],
  ['no numbers', [0, 1024], []],
  ['one number', [], []],
  ['a length that no size divides', [97], []],
])('%s', (_, shape, expected) => {
  expect(ids(shape)).toEqual(expected);
});

test('a size that is known from elsewhere settles it', () => {
  expect(ids([512, 1024], 512)).toEqual(['features,snippets']);
  expect(ids([512, 1024], 1024)).toEqual(['snippets,features']);
  expect(ids([32 * 4096], 1024)).toEqual(['128*1024']);
  expect(ids([10, 7, 77], 77)).toEqual(['crops,snippets,features']);
});

test('a reading that is asked for is taken, if it can be', () => {
  expect(readingOf([512, 1024], 'features,snippets', {}, 'a').snippets).toBe(1024);
  expect(readingOf([60, 10, 7], 'crops,features,snippets', {}, 'a')).toMatchObject({
    crops: 60,
    snippets: 7,
  });
  expect(readingOf([12], '3*4', {}, 'a')).toMatchObject({ snippets: 3, size: 4 });
  expect(() => readingOf([512, 1024], 'crops,snippets,features', {}, 'a.npy')).toThrow(
    /a\.npy: .*cannot be read/,
  );
  expect(() => readingOf([12], '5*4', {}, 'a')).toThrow(/cannot be read/);
});

test('whatever the order of its axes, the same numbers come out', () => {
  const orders = [
    ['snippets', 'crops', 'features'],
    ['crops', 'snippets', 'features'],
    ['snippets', 'features', 'crops'],
    ['features', 'crops', 'snippets'],
    ['crops', 'features', 'snippets'],
    ['features', 'snippets', 'crops'],
  ] as const;
  const size = fc.integer({ min: 2, max: 6 });
  fc.assert(
    fc.property(size, size, size, fc.constantFrom(...orders), (snippets, crops, features, axes) => {
      const lengths = { snippets, crops, features };
      const shape = axes.map((axis) => lengths[axis]);
      const stride = (axis: (typeof axes)[number]) =>
        shape.slice(axes.indexOf(axis) + 1).reduce((product, n) => product * n, 1);
      const values = new Float32Array(snippets * crops * features);
      const expected = new Float32Array(values.length);
      let i = 0;
      for (let n = 0; n < snippets; n++)
        for (let p = 0; p < crops; p++)
          for (let d = 0; d < features; d++, i++) {
            expected[i] = i;
            values[n * stride('snippets') + p * stride('crops') + d * stride('features')] = i;
          }
      const arranged = arrange({ shape, values }, readingOf(shape, axes.join(), {}, 'a'));
      expect(arranged).toEqual({ shape: [snippets, crops, features], values: expected });
    }),
  );
});

test('axes of size 1 are left out', () => {
  const values = Float32Array.from({ length: 2 * 10 * 2048 }, (_, i) => i);
  const [reading] = readAxes([1, 10, 2, 2048]);
  const arranged = arrange({ shape: [1, 10, 2, 2048], values }, reading);
  expect(arranged.shape).toEqual([2, 10, 2048]);
  expect([...arranged.values.slice(2048, 2050)]).toEqual([4096, 4097]);
  const [deep] = readAxes([1, 1, 20, 2048]);
  expect(arrange({ shape: [1, 1, 20, 2048], values }, deep)).toEqual({ shape: [20, 2048], values });
});
