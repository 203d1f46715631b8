import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { toBag, viewsFirst } from '../../../src/engine/features/bags.ts';
import { fromHalf, toHalf } from '../../../src/engine/formats/half.ts';
import { readNpy, writeNpy } from '../../../src/engine/formats/npy.ts';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { Random } from '../../../src/engine/random.ts';
import { TrainingLoop } from '../../../src/engine/training/loop.ts';
import type { NumericArray } from '../../../src/engine/types.ts';
import { losses, SEGMENTS, small } from '../../small.ts';

beforeAll(() => tf.setBackend('cpu'));

const head = headById('gig');
const config = resolveConfig(head.card, undefined, small.gig);

/** `[N,3,3,12]`; something stands out in a corner of every other video for a while. */
const videos = Array.from({ length: 8 }, (_, v): NumericArray => {
  const shape = [11 + v, 3, 3, 12];
  const random = new Random(v);
  const values = Float32Array.from({ length: (11 + v) * 108 }, () => Math.max(0, random.normal()));
  if (v % 2 === 1) for (let n = 4; n < 7; n++) values.fill(3, n * 108, n * 108 + 4);
  return { shape, values };
});

async function train(maps: NumericArray[]): Promise<{ totals: number[]; scores: ArrayLike<number> }> {
  const bags = maps.map((array, v) => ({
    id: `v${v}`,
    label: v % 2 === 1 ? ('anomalous' as const) : ('normal' as const),
    bag: viewsFirst(toBag(array, SEGMENTS)),
  }));
  const loop = new TrainingLoop(head, config, bags, 0, 0);
  const totals = await losses(loop, 30);
  const { shape, values } = viewsFirst(maps[1]);
  const x = tf.tensor3d(values, shape as [number, number, number]);
  const { scores } = await head.score(loop.parameters, x, config);
  x.dispose();
  loop.dispose();
  return { totals, scores };
}

test('a head that reads maps learns the same from maps in half precision', { timeout: 60_000 }, async () => {
  const exact = await train(videos);
  const rounded = await train(
    videos.map(({ shape, values }) => ({ shape, values: fromHalf(toHalf(values)) })),
  );
  const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
  expect(rounded.totals).not.toEqual(exact.totals);
  expect(farthest(exact.totals, rounded.totals)).toBeLessThan(2e-3);
  expect(farthest(exact.scores, rounded.scores)).toBeLessThan(2e-3);
  expect(exact.totals.at(-1)).toBeLessThan(0.8 * exact.totals[0]);
});

test('a file of maps takes half the room and is read back to what it was rounded to', () => {
  const [maps] = videos;
  const [whole, half] = [writeNpy(maps), writeNpy(maps, 'float16')];
  expect(half.length - 128).toBe((whole.length - 128) / 2);
  expect(readNpy(half, 'gate.map.npy')).toEqual({ ...maps, values: fromHalf(toHalf(maps.values)) });
});
