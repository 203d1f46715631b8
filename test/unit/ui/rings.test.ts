import { expect, test } from 'vitest';
import type { BagConfig } from '../../../src/engine/features/bags.fields.ts';
import { toBag } from '../../../src/engine/features/bags.ts';
import { stretchesOfBag } from '../../../src/ui/chart/rings.ts';

const POOLINGS: BagConfig['pooling'][] = ['linspace', 'sultani', 'pad'];

test.each(POOLINGS)('under %s a ring stands on the snippets that its segment is the mean of', (pooling) => {
  for (const [count, segments] of [
    [40, 32],
    [32, 32],
    [5, 32],
    [100, 32],
    [33, 4],
  ]) {
    // Each snippet's feature has a one in its own place, so that a segment's says what it was pooled from.
    const features = { shape: [count, count], values: new Float32Array(count * count) };
    for (let n = 0; n < count; n++) features.values[n * count + n] = 1;
    const bag = toBag(features, segments, { pooling });
    const stretches = stretchesOfBag(count, { segments, pooling }, true);
    expect(stretches).toHaveLength(segments);
    stretches.forEach(({ first, last }, t) => {
      const row = bag.values.subarray(t * count, (t + 1) * count);
      expect([row.findIndex((value) => value > 0), row.findLastIndex((value) => value > 0)]).toEqual([
        first,
        last,
      ]);
    });
  }
});

test('with equal numbers of snippets segment 11 of 32 is snippets 21 and 22 of 40, not the 13th', () => {
  const at = (pooling: BagConfig['pooling']) => stretchesOfBag(40, { segments: 32, pooling }, true)[10];
  expect(at('pad')).toEqual({ first: 20, last: 21 });
  expect(at('linspace')).toEqual({ first: 12, last: 12 });
});

test('heads that see every videolet have a ring on each', () => {
  const stretches = stretchesOfBag(5, { segments: 32, pooling: 'linspace' }, false);
  expect(stretches).toEqual([0, 1, 2, 3, 4].map((n) => ({ first: n, last: n })));
});
