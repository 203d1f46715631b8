/** Small helpers of the charts. */

/**
 * A step line through values that each hold from `edges[i]` to `edges[i + 1]`, as an SVG path. Where many steps fall on
 * one pixel, their lowest and highest are drawn: peaks stay, and the path is never longer than the screen is wide.
 * @param width of the screen, in pixels; steps beyond it are left out
 */
export function stepPath(
  edges: readonly number[],
  values: ArrayLike<number>,
  x: (v: number) => number,
  y: (v: number) => number,
  width: number,
): string {
  let path = '';
  const to = (across: number, level: number) =>
    (path += `${path === '' ? 'M' : 'L'}${across.toFixed(1)} ${level.toFixed(1)}`);
  for (let i = 0; i < values.length; i++) {
    const left = x(edges[i]);
    if (x(edges[i + 1]) < 0) continue;
    if (left > width) break;
    let [lowest, highest, last] = [values[i], values[i], i];
    while (last + 1 < values.length && x(edges[last + 2]) - left < 1) {
      last++;
      lowest = Math.min(lowest, values[last]);
      highest = Math.max(highest, values[last]);
    }
    if (last > i) {
      to(left, y(lowest));
      to(left, y(highest));
    } else to(left, y(values[i]));
    to(x(edges[last + 1]), y(values[last]));
    i = last;
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
