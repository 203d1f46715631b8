import { describe, expect, test } from 'vitest';
import { findAlarms, snippetAlarms } from '../../../src/engine/evaluation/alarms.ts';
import { expandScores, expansionOf } from '../../../src/engine/evaluation/expand.ts';
import { firstFrameOf, framesOf, rowOf } from '../../../src/engine/evaluation/rows.ts';
import { importedVideo, importFeatures } from '../../../src/engine/features/imported.ts';
import { Random } from '../../../src/engine/random.ts';

/** Frames per row: of snippets, of segments that the files say, and of quotients that are rounded. */
const WIDTHS = [16, 113, 113.4, 3630 / 32, 100 / 3, 22 / 7, 16.1, 0.7];

/** Shooting033 of UCF-Crime: 32 segments of 113.4 frames, the last one to frame 3630. */
const shooting = { frames: 3630, rowFrames: 113.4 };

test.each(WIDTHS)('rows of %d frames follow each other without a gap', (width) => {
  for (let row = 0; row < 400; row++) {
    const first = firstFrameOf(row, width);
    expect(rowOf(first, width)).toBeGreaterThanOrEqual(row);
    if (first > 0) expect(rowOf(first - 1, width)).toBeLessThan(row);
  }
});

test('alarms are those of the expanded scores, whatever a row is wide', () => {
  const random = new Random(3);
  for (const width of WIDTHS.filter((width) => width >= 1)) {
    for (const frames of [1, 15, 512, 3630]) {
      const scores = Float32Array.from({ length: 32 }, () => random.uniform());
      const expanded = expandScores(scores, frames, 'widths', width);
      for (const threshold of [0, 0.3, 0.8, 1])
        expect(snippetAlarms(scores, threshold, frames, width)).toEqual(findAlarms(expanded, threshold));
    }
  }
  expect(snippetAlarms([], 0, 3630, 113.4)).toEqual([]);
});

test('an alarm of the segment that holds the shooting is where the shooting is', () => {
  const scores = new Float32Array(32).fill(0.1);
  scores.fill(0.9, 15, 18);
  const [alarm] = snippetAlarms(scores, 0.5, shooting.frames, shooting.rowFrames);
  expect(alarm).toMatchObject({ startFrame: 1701, endFrame: 2041 });
});

describe('snippets of imported features', () => {
  const spans = ({ snippets }: Pick<ReturnType<typeof importedVideo>, 'snippets'>) =>
    snippets.map(({ firstFrame, lastFrame }) => [firstFrame, lastFrame]);

  test('are the frames whose scores they give, as figures expand them', () => {
    for (const rowFrames of [113, 113.4, 3630 / 32]) {
      const own = importedVideo([32, 8], 32, 'h', { frames: 3630, rowFrames });
      const expanded = expandScores(
        Array.from({ length: 32 }, (_, n) => n),
        3630,
        'widths',
        own.rowFrames,
      );
      const seen = own.snippets.flatMap(({ firstFrame, lastFrame }, n) =>
        Array.from({ length: lastFrame + 1 - firstFrame }, () => n),
      );
      expect(seen).toEqual(Array.from(expanded));
    }
  });

  test('are so where rows were pooled to segments', () => {
    const own = importedVideo([4, 8], 9, 'h', { frames: 150, rowFrames: null });
    expect(own.rowFrames).toBe(36);
    expect(spans(own)).toEqual([
      [0, 35],
      [36, 71],
      [72, 107],
      [108, 149],
    ]);
  });

  test('have whole frames where a file names a width that is none', () => {
    const values = new Float32Array(3 * 2).fill(0.5);
    const features = { shape: [3, 2], values };
    const own = importFeatures({ features, maps: null, notes: null, segmentFrames: 2.5 }, 'a.csv', 'h');
    expect(spans(own)).toEqual([
      [0, 2],
      [3, 4],
      [5, 7],
    ]);
  });
});

test('a video is as long as it was decoded, else as its truth says, else as its rows go', () => {
  const { snippets, rowFrames } = importedVideo([32, 8], 32, 'h', { frames: null, rowFrames: 113.4 });
  const features = { shape: [32, 8], frames: 0, snippets, rowFrames };
  expect(framesOf(features, null)).toBe(3629);
  expect(framesOf(features, { totalFrames: null })).toBe(3629);
  expect(framesOf(features, { totalFrames: 3630 })).toBe(3630);
  expect(framesOf({ ...features, frames: 3631 }, { totalFrames: 3630 })).toBe(3631);
  expect(framesOf({ ...features, snippets: [] }, null)).toBe(3629);
});

test('scores of segments ask for their widths, scores of snippets do not', () => {
  expect(expansionOf([{ width: 16 }, { width: 16 }])).toBe('repeat16');
  expect(expansionOf([{ width: 16 }, { width: 113.4 }])).toBe('widths');
});
