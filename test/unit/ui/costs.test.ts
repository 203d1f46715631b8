import { expect, test } from 'vitest';
import { extractionCost } from '../../../src/ui/state/costs.ts';
import { pixelWarning } from '../../../src/ui/state/pixels.ts';
import type { Provenance } from '../../../src/engine/types.ts';

const made = (sampledFrames: number, decode: number, pixels: number, backbone: number, total: number) => ({
  provenance: { sampledFrames, seconds: { decode, pixels, backbone, total } } as Provenance,
});

test('the time of extraction is summed over videos and told for a frame', () => {
  const cost = extractionCost([made(10, 1, 2, 3, 6), made(30, 1, 0, 1, 2)])!;
  expect(cost).toMatchObject({ videos: 2, frames: 40, seconds: 8 });
  expect(cost.stages.map(({ name, seconds, share, perFrame }) => [name, seconds, share, perFrame])).toEqual([
    ['Decode', 2, 0.25, 50],
    ['Pixels', 2, 0.25, 50],
    ['Backbone', 4, 0.5, 100],
  ]);
});

test('features from files took no time here', () => {
  expect(extractionCost([made(0, 0, 0, 0, 0)])).toBeNull();
  expect(extractionCost([made(0, 0, 0, 0, 0), made(10, 1, 1, 1, 3)])).toMatchObject({
    videos: 1,
    frames: 10,
  });
});

test('a browser that alters pixels is named, with its own way out', () => {
  const altered = { copyTo: 'missing', canvas: 'altered', used: 'canvas', worst: 2 } as const;
  const as = (userAgent: string, more = {}) => ({ userAgent, ...more }) as unknown as Navigator;
  expect(pixelWarning({ ...altered, worst: 0 }, as('Firefox/150'))).toBeNull();
  expect(pixelWarning(altered, as('Firefox/150'))).toMatch(/^Firefox alters.*2 of 255.*resistFingerprinting/);
  expect(pixelWarning(altered, as('Chrome/150', { brave: {} }))).toMatch(/^Brave alters.*Shields/);
  expect(pixelWarning(altered, as('Chrome/150'))).toMatch(/^This browser alters/);
});
