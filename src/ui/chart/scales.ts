/** Small helpers of the charts. */

/** What a step line needs of an axis: see `TimeAxis`. */
export interface StepAxis {
  edges: readonly number[];
  shown: readonly [number, number];
  x(seconds: number): number;
}

/**
 * A step line through values that each hold from `edges[i]` to `edges[i + 1]`, as an SVG path, as far as it is on
 * screen. Where many steps fall on one pixel, their lowest and highest are drawn: peaks stay, and the path is never
 * longer than the screen is wide.
 */
export function stepPath(axis: StepAxis, values: ArrayLike<number>, y: (v: number) => number): string {
  const { edges } = axis;
  const [first, end] = axis.shown;
  let path = '';
  const to = (across: number, level: number) =>
    (path += `${path === '' ? 'M' : 'L'}${across.toFixed(1)} ${level.toFixed(1)}`);
  let left = axis.x(edges[first]);
  for (let i = first; i < Math.min(values.length, end); i++) {
    let [lowest, highest, last] = [values[i], values[i], i];
    let right = axis.x(edges[i + 1]);
    while (last + 1 < values.length) {
      const next = axis.x(edges[last + 2]);
      if (next - left >= 1) break;
      last++;
      right = next;
      lowest = Math.min(lowest, values[last]);
      highest = Math.max(highest, values[last]);
    }
    if (last > i) {
      to(left, y(lowest));
      to(left, y(highest));
    } else to(left, y(values[i]));
    to(right, y(values[last]));
    i = last;
    left = right;
  }
  return path;
}

/** At most `most` points of a series: of each stretch its extreme, so that peaks stay. */
export function thin(values: readonly number[], most: number): { index: number; value: number }[] {
  if (values.length <= most) return values.map((value, index) => ({ index, value }));
  const stretch = values.length / most;
  return Array.from({ length: most }, (_, i) => {
    const [from, to] = [
      Math.floor(i * stretch),
      Math.max(Math.floor((i + 1) * stretch), Math.floor(i * stretch) + 1),
    ];
    let index = from;
    const mean = (values[from] + values[to - 1]) / 2;
    for (let j = from; j < to; j++)
      if (Math.abs(values[j] - mean) > Math.abs(values[index] - mean)) index = j;
    return { index, value: values[index] };
  });
}
