import { expect, test } from 'vitest';
import { keptStep } from '../../../src/ui/state/steps.ts';

const training = [{ videoId: 'a', name: 'a', label: 'normal' as const, featureKey: 'a' }];
const best = { step: 40, figure: 0.8 };

test('a run has its last step and the one it was told to choose, and says which it has not', () => {
  expect(keptStep({ training }, 'run')).toBe('counted');
  expect(keptStep({ training }, 'last')).toBe('counted');
  expect(keptStep({ training }, 'test')).toEqual({
    missing:
      'This run counts its last step and kept no weights chosen by the test videos: train it with that selection.',
  });
  expect(keptStep({ training, selection: 'val', best }, 'last')).toBe('last');
  expect(keptStep({ training, selection: 'val', best }, 'val')).toBe('counted');
  expect(keptStep({ training, selection: 'val', best }, 'test')).toHaveProperty('missing');
});

test('where no step was better yet, the last one counts; a file holds only the one that counts', () => {
  expect(keptStep({ training, selection: 'test' }, 'last')).toBe('counted');
  expect(keptStep({ training: [], selection: 'test' }, 'last')).toEqual({
    missing: 'This run counts the best step on the test videos, and its file holds no other.',
  });
  expect(keptStep({ training: [], selection: 'last' }, 'last')).toBe('counted');
});
