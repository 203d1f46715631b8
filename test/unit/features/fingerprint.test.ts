import { expect, test } from 'vitest';
import { fingerprintOf, mergeFingerprints, unlikeness } from '../../../src/engine/features/fingerprint.ts';
import { Random } from '../../../src/engine/random.ts';

/** 20 vectors of 8 numbers around a scale; a share of the numbers is zero. */
function features(scale: number, zeros = 0, size = 8) {
  const random = new Random(scale * 1000 + zeros * 10 + size);
  const draw = () => (random.uniform() < zeros ? 0 : scale * (1 + 0.2 * random.normal()));
  return { shape: [20, size], values: Float32Array.from({ length: 20 * size }, draw) };
}

const trained = mergeFingerprints([
  fingerprintOf(features(1), 'unknown'),
  fingerprintOf(features(1.3), 'unknown'),
]);
const met = (array: ReturnType<typeof features>, hash = 'unknown') =>
  unlikeness(trained, fingerprintOf(array, hash));

test('what was trained on is like itself, and so is what differs as videos do', () => {
  expect(met(features(1))).toBeNull();
  expect(met(features(1.7))).toBeNull();
  expect(met(features(1, 0.1))).toBeNull();
});

test('other scales, zeros, lengths and backbones are told', () => {
  expect(met(features(12))).toMatch(/their length is about 3\d, that of those trained on about 3\.\d/);
  expect(met(features(0.05))).toMatch(/length/);
  expect(met(features(1.6, 0.5))).toMatch(/% of their numbers are zero, and 0 % of those trained on/);
  expect(met(features(1, 0, 4))).toBe('they have 4 numbers each, those trained on 8');
  expect(met({ shape: [3, 8], values: new Float32Array(24) })).toMatch(/length is about 0\.0/);
  const made = fingerprintOf(features(1), 'a');
  expect(unlikeness(made, fingerprintOf(features(1), 'b'))).toMatch(/another backbone/);
  expect(unlikeness(made, fingerprintOf(features(1), 'unknown'))).toBeNull();
});

test('parts together are as the whole', () => {
  const [a, b] = [features(1, 0.3), features(2)];
  const whole = { shape: [40, 8], values: Float32Array.from([...a.values, ...b.values]) };
  const merged = mergeFingerprints([fingerprintOf(a, 'h'), fingerprintOf(b, 'h')]);
  const { zeros, ...rest } = fingerprintOf(whole, 'h');
  expect(merged).toMatchObject(rest);
  expect(merged.zeros).toBeCloseTo(zeros, 9);
});
