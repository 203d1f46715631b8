import { expect, test } from 'vitest';
import { hintFor, milestone, type Situation } from '../../../src/ui/state/hints.ts';

const NOTHING: Situation = {
  isPlaying: false,
  hasRun: false,
  runs: 0,
  hasVideo: false,
  isScored: false,
  hasTruth: false,
  isTruthShown: false,
  hasGuess: false,
  hasThreshold: false,
};
const TRAINED = { ...NOTHING, hasRun: true, runs: 1, hasVideo: true, isScored: true };

test('a hint follows from what is there, and goes when it was followed', () => {
  expect(hintFor(NOTHING)).toBeNull(); // what is missing before a run is said elsewhere
  expect(hintFor({ ...TRAINED, isPlaying: true })).toContain('rings');
  expect(hintFor({ ...TRAINED, hasVideo: false })).toContain('Put a video on stage');
  expect(hintFor({ ...TRAINED, isScored: false })).toContain('no score');
  expect(hintFor({ ...TRAINED, hasTruth: true })).toContain('Mark your guess');
  expect(hintFor({ ...TRAINED, hasTruth: true, hasGuess: true })).toContain('reveal the truth');
  expect(hintFor({ ...TRAINED, hasTruth: true, isTruthShown: true })).toContain('threshold');
  expect(hintFor({ ...TRAINED, hasThreshold: true })).toContain('Switch a component');
  expect(hintFor({ ...TRAINED, hasThreshold: true, runs: 2 })).toBeNull();
});

test('milestones are said once each', () => {
  const said = Array.from({ length: 201 }, (_, step) => milestone(step, 200));
  expect([...new Set(said)]).toEqual([
    '',
    'Training has begun.',
    'A quarter of the steps is done.',
    'Half of the steps are done.',
    'Three quarters of the steps are done.',
    'Training is done, 200 steps.',
  ]);
  expect(milestone(1, 1)).toBe('Training is done, 1 step.');
});
