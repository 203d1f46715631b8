import { expect, test } from 'vitest';
import { importedVideo } from '../../../src/engine/features/imported.ts';
import type { VideoTruth } from '../../../src/engine/types.ts';
import { TimeAxis } from '../../../src/ui/chart/axis.svelte.ts';
import type { Project } from '../../../src/ui/state/project.svelte.ts';
import { Stage } from '../../../src/ui/state/stage.svelte.ts';
import type { Client, FeatureSummary } from '../../../src/workers/client.ts';

/** A stage with a video on it of which there are only features. */
function stageWith(features: Partial<FeatureSummary>, truth?: VideoTruth): Stage {
  const project = {
    videos: [{ id: 'v', name: 'Shooting033_x264' }],
    featuresOf: () => ({ key: 'k', frames: 0, ...features }),
    truths: new Map(truth ? [['v', truth]] : []),
  };
  const stage = new Stage({} as Client, project as unknown as Project);
  stage.videoId = 'v';
  return stage;
}

const segments = (frames: number | null, rowFrames: number | null): Partial<FeatureSummary> => ({
  shape: [32, 512],
  ...importedVideo([32, 512], 32, 'h', { frames, rowFrames }),
});
const shooting = { startFrame: 1680, endFrame: 2000, class: 'Shooting' };

test('a video of wide segments is as long as its segments, and its truth lies on the axis', () => {
  const stage = stageWith(segments(3630, 113.4));
  expect(stage.frames).toBe(3630);
  const axis = new TimeAxis(stage);
  const { x, width } = axis.spanOfFrames(shooting.startFrame - 1, shooting.endFrame - 1)!;
  expect(x).toBeGreaterThan(axis.left);
  expect(x + width).toBeLessThan(axis.right);
  expect(axis.edges.at(-1)).toBe(stage.endOf(3629));
});

test('the cursor is in the segment that figures give its frame the score of, and goes where it is sent', () => {
  const stage = stageWith(segments(3630, 113.4));
  stage.goTo(1800);
  expect([stage.frame, stage.snippetIndex, stage.snippet!.firstFrame]).toEqual([1800, 15, 1701]);
  stage.stepSnippets(1);
  expect([stage.frame, stage.snippetIndex]).toEqual([1815, 16]);
  stage.stepSnippets(-2);
  expect([stage.frame, stage.snippetIndex]).toEqual([1588, 14]);
  stage.goTo(3629);
  expect(stage.snippetIndex).toBe(31);
  stage.stepSnippets(1);
  expect(stage.frame).toBe(3629);
});

test('where only the truth knows the length, the last score holds on to the end', () => {
  const truth = { totalFrames: 3630, intervals: [shooting] };
  const stage = stageWith(segments(null, null), truth);
  expect([stage.frames, stage.width]).toEqual([3630, 16]);
  stage.goTo(1800);
  expect([stage.frame, stage.snippetIndex]).toEqual([1800, 31]);
  expect(new TimeAxis(stage).edges.at(-1)).toBe(3630 / 25);
  expect(stageWith(segments(null, null)).frames).toBe(512);
});
