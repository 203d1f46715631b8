import { expect, test } from 'vitest';
import { viewsFirst } from '../../../src/engine/features/bags.ts';
import { importFeatures, importTubes } from '../../../src/engine/features/imported.ts';
import { writeNpy } from '../../../src/engine/formats/npy.ts';
import { writeSafetensors } from '../../../src/engine/formats/safetensors.ts';

const ramp = (...shape: number[]) => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});
const none = { features: null, maps: null, notes: null };

test('features may have crops, which come first to a head', () => {
  const { features, provenance } = importFeatures(
    { ...none, features: writeNpy(ramp(3, 2, 4)) },
    'a.npy',
    'h',
  );
  expect(features.shape).toEqual([3, 2, 4]);
  expect(provenance.crops).toBe(2);
  const views = viewsFirst(features);
  expect(views.shape).toEqual([2, 3, 4]);
  expect([...views.values.slice(0, 8)]).toEqual([0, 1, 2, 3, 8, 9, 10, 11]); // crop 0 of snippets 0 and 1
});

test('maps alone stand for features by their mean over cells', () => {
  const { features, maps } = importFeatures({ ...none, maps: writeNpy(ramp(2, 1, 2, 3)) }, 'a.map.npy', 'h');
  expect(maps!.shape).toEqual([2, 1, 2, 3]);
  expect([...features.values]).toEqual([1.5, 2.5, 3.5, 7.5, 8.5, 9.5]);
});

test('maps and features of different videos do not pass for one', () => {
  const files = { ...none, features: writeNpy(ramp(3, 4)), maps: writeNpy(ramp(2, 1, 1, 4)) };
  expect(() => importFeatures(files, 'a.npy', 'h')).toThrow(/3 rows and the maps beside it have 2/);
});

test('a variant has the shape of what it is a variant of', () => {
  const features = writeNpy(ramp(3, 4));
  const noise = writeNpy(ramp(3, 4));
  expect(importFeatures({ ...none, features, variants: { noise } }, 'a', 'h').variants!.noise!.shape).toEqual(
    [3, 4],
  );
  const wrong = writeNpy(ramp(2, 4));
  expect(() => importFeatures({ ...none, features, variants: { flip: wrong } }, 'a', 'h')).toThrow(
    /flip features have the shape \(2, 4\), not \(3, 4\)/,
  );
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
