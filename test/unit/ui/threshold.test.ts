import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Clips, clipName } from '../../../src/ui/state/clips.svelte.ts';
import { timesOf } from '../../../src/ui/state/curves.svelte.ts';
import { Threshold } from '../../../src/ui/state/threshold.svelte.ts';

describe('a threshold', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watched() {
    const kept: [string, number][] = [];
    const threshold = new Threshold(async (runId, value) => void kept.push([runId, value]));
    return { threshold, kept };
  }

  test('is kept once, when it has come to rest', () => {
    const { threshold, kept } = watched();
    for (const value of [0.4, 0.3, 0.2]) threshold.choose(value, 'a');
    expect([threshold.value, kept]).toEqual([0.2, []]);
    vi.advanceTimersByTime(1000);
    expect(kept).toEqual([['a', 0.2]]);
  });

  test('is kept with its own run when another comes on screen before it rests', () => {
    const { threshold, kept } = watched();
    threshold.choose(0.2, 'a');
    threshold.restore(0.7);
    expect([threshold.value, kept]).toEqual([0.7, [['a', 0.2]]]);
    threshold.restore(undefined);
    vi.advanceTimersByTime(1000);
    expect([threshold.value, kept.length]).toEqual([0.5, 1]);
  });

  test('is no longer waited for when it is needed', async () => {
    const { threshold, kept } = watched();
    threshold.choose(0.2, 'a');
    await threshold.settle();
    vi.advanceTimersByTime(1000);
    expect(kept).toEqual([['a', 0.2]]);
  });

  test('without a run is a look only, and what is no number is none', () => {
    const { threshold, kept } = watched();
    threshold.choose(NaN, 'a');
    threshold.choose(0.2, null);
    vi.advanceTimersByTime(1000);
    expect([threshold.value, kept]).toEqual([0.2, []]);
  });
});

test('frames are shown when their snippet says, and between its borders as evenly as they come', () => {
  const snippets = [
    { firstFrame: 0, lastFrame: 15, startSeconds: 0.1, endSeconds: 0.9, missing: false },
    { firstFrame: 16, lastFrame: 19, startSeconds: 0.9, endSeconds: 1.3, missing: false },
  ];
  expect(timesOf({ snippets }, 16, 19)).toEqual({ startSeconds: 0.9, endSeconds: 1.3 });
  const { startSeconds, endSeconds } = timesOf({ snippets }, 8, 17);
  expect([startSeconds, endSeconds!.toFixed(6)]).toEqual([0.5, '1.100000']);
  expect(timesOf({ snippets: [] }, 0, 15)).toEqual({ startSeconds: null, endSeconds: null });
});

test('the name of a clip says the video, the times and whether it is blurred', () => {
  expect(clipName('gate2.mp4', 3.21, 67.5, false)).toBe('gate2 00m03.2s-01m07.5s');
  expect(clipName('a.webm', 59.97, 3600, false)).toBe('a 01m00.0s-60m00.0s');
  expect(clipName('north/gate:2', 0, 1, true)).toBe('north_gate_2 00m00.0s-00m01.0s blurred');
});

test('what cannot be exported says why', () => {
  const clips = (isHere: boolean) => new Clips({} as never, {} as never, { isHere: () => isHere } as never);
  const stretch = (facts: unknown, startSeconds: number | null) =>
    ({ video: { facts }, startSeconds, endSeconds: startSeconds }) as never;
  expect(clips(false).obstacle(stretch(null, 1))).toMatch(/Only the features of this video are here/);
  expect(clips(false).obstacle(stretch({}, 1))).toMatch(/drop it again/);
  expect(clips(true).obstacle(stretch({}, null))).toMatch(/Nobody knows when/);
  expect(clips(true).obstacle(stretch({}, 1))).toBeNull();
});
