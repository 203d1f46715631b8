/** Which snippets of a video make which segment of its bag. Free of tfjs: the page shows what training pools. */
import type { BagConfig } from './bags.fields.ts';

/**
 * Where each of T segments begins: floor(i * (N / T)) in double arithmetic, the last entry exactly N. The rule of
 * `np.linspace(0, N, T + 1, dtype=int)`, which RTFM, MGFN and Watanabe use.
 * @returns T + 1 boundaries
 */
export function segmentBoundaries(snippets: number, segments: number): number[] {
  const step = snippets / segments;
  return [...Array.from({ length: segments }, (_, i) => Math.floor(i * step)), snippets];
}

/**
 * The snippets of each segment.
 * - `linspace`: from one boundary to the next, or the one snippet it starts at where a part is empty;
 * - `sultani`: boundaries round(linspace(1, N, T + 1)), as the released MATLAB code has them: the last snippet counts
 *   only where it starts a segment;
 * - `pad`: the last snippet is repeated until T divides their number (WSAL).
 */
export function snippetsOfSegments(
  snippets: number,
  segments: number,
  pooling: BagConfig['pooling'],
): number[][] {
  if (pooling === 'pad') {
    const each = Math.ceil(snippets / segments);
    return Array.from({ length: segments }, (_, t) =>
      range(t * each, (t + 1) * each).map((n) => Math.min(n, snippets - 1)),
    );
  }
  const bounds =
    pooling === 'sultani'
      ? Array.from({ length: segments + 1 }, (_, i) => Math.round((i * (snippets - 1)) / segments))
      : segmentBoundaries(snippets, segments);
  return Array.from({ length: segments }, (_, t) => range(bounds[t], Math.max(bounds[t + 1], bounds[t] + 1)));
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
