import { describe, expect, test } from 'vitest';
import { TimeGrid } from '../../../src/engine/video/sampling.ts';
import { FrameTable, SnippetMeans } from '../../../src/engine/video/snippets.ts';

/** Which frames are sampled, and how often the one before is shown again. */
function sample(times: number[], fps = 5, hold = 29): [frame: number, held: number][] {
  const grid = new TimeGrid(fps, hold);
  return times.flatMap((seconds, i) => {
    const held = grid.next(seconds);
    return held === null ? [] : [[i, held] as [number, number]];
  });
}

const at = (fps: number, count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i / fps);

describe('frames are taken by time, whatever the rate of the file', () => {
  test.each([
    [25, [0, 5, 10, 15, 20]],
    [30, [0, 6, 12, 18, 24]],
    [12.5, [0, 3, 5, 8, 10]],
    [10, [0, 2, 4, 6, 8]],
  ])('%d frames a second', (fps, expected) => {
    expect(
      sample(at(fps, Math.ceil(fps)))
        .map(([frame]) => frame)
        .slice(0, 5),
    ).toEqual(expected);
  });

  test('a variable rate gives the same times as an even one', () => {
    const times = [...at(50, 50), ...at(10, 20, 1)];
    const chosen = sample(times).map(([frame]) => times[frame]);
    chosen.forEach((seconds, k) => expect(seconds).toBeCloseTo(k / 5, 9));
    expect(chosen).toHaveLength(15);
  });

  test('timestamps rounded to milliseconds do not shift the grid', () => {
    const times = at(29.97, 90).map((t) => Math.floor(t * 1000) / 1000);
    expect(sample(times)).toHaveLength(15);
  });

  test('a first timestamp that is not 0 changes nothing', () => {
    expect(sample(at(25, 25, 3600))).toEqual(sample(at(25, 25)));
    expect(sample(at(25, 25, -3.7))).toEqual(sample(at(25, 25)));
  });

  test('a slow file shows a frame again, but no longer than the network remembers', () => {
    expect(sample(at(1, 3))).toEqual([
      [0, 0],
      [1, 4],
      [2, 4],
    ]);
    expect(sample([0, 3600])).toEqual([
      [0, 0],
      [1, 29],
    ]);
  });

  test('nothing is held over a gap', () => {
    const grid = new TimeGrid(5, 29);
    expect(grid.next(0)).toBe(0);
    grid.skipTo(4);
    expect(grid.next(4)).toBe(0);
  });
});

describe('frames to snippets', () => {
  const table = (frames: number, lost: number[] = []) => {
    const frameTable = new FrameTable();
    for (let i = 0; i < frames; i++) frameTable.add(i / 10, lost.includes(i));
    return frameTable;
  };

  test('sixteen frames each, the last may be shorter', () => {
    const snippets = table(35).snippets();
    expect(snippets.map(({ firstFrame, lastFrame }) => [firstFrame, lastFrame])).toEqual([
      [0, 15],
      [16, 31],
      [32, 34],
    ]);
    expect(snippets[1].startSeconds).toBeCloseTo(1.6);
    expect(snippets[2].endSeconds).toBeCloseTo(3.5);
  });

  test('gaps are runs of lost frames; a snippet without any frame is missing', () => {
    const lost = [3, 4, ...Array.from({ length: 17 }, (_, i) => 16 + i)];
    const frameTable = table(48, lost);
    expect(frameTable.gaps().map(({ firstFrame, lastFrame }) => [firstFrame, lastFrame])).toEqual([
      [3, 4],
      [16, 32],
    ]);
    expect(frameTable.gaps()[1].endSeconds).toBeCloseTo(3.3);
    expect(frameTable.snippets().map(({ missing }) => missing)).toEqual([false, true, false]);
  });

  test('a table grows beyond its first thousand frames', () => {
    const seconds = table(3000).seconds();
    expect(seconds).toHaveLength(3000);
    expect(seconds[2999]).toBeCloseTo(299.9);
  });

  test('a snippet has the mean of what was seen in it, or the latest seen before', () => {
    const means = new SnippetMeans(1);
    for (const [frame, value] of [
      [0, 1],
      [5, 3],
      [33, 10],
      [40, 20],
    ])
      means.add(frame, Float32Array.of(value));
    // snippet 0: frames 0, 5; snippet 1: none, so frame 5; snippet 2: frames 33, 40; snippets 3, 4: none, so frame 40
    expect([...means.rows(5).values]).toEqual([2, 3, 15, 20, 20]);
  });

  test('before the first sampled frame, the first stands', () => {
    const means = new SnippetMeans(2);
    means.add(40, Float32Array.of(1, 2));
    expect([...means.rows(4).values]).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
  });

  test('maps wait in half precision, and what does not fit waits as it is', () => {
    const means = new SnippetMeans(2, true);
    means.add(0, Float32Array.of(1 + 2 ** -11, 1 / 3));
    means.add(32, Float32Array.of(1e6, 1 / 3));
    const { values } = means.rows(3);
    expect([...values.subarray(0, 2)]).toEqual([1, 0.333251953125]);
    expect(values.subarray(2, 4)).toEqual(values.subarray(0, 2)); // of the latest earlier frame
    expect(values.subarray(4)).toEqual(Float32Array.of(1e6, 1 / 3));
  });
});
