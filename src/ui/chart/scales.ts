/** Small helpers of the charts. */

/** A step line through values that each hold from `edges[i]` to `edges[i + 1]`, as an SVG path. */
export function stepPath(
  edges: readonly number[],
  values: ArrayLike<number>,
  x: (v: number) => number,
  y: (v: number) => number,
): string {
  let path = '';
  for (let i = 0; i < values.length; i++) {
    const [left, right, level] = [x(edges[i]), x(edges[i + 1]), y(values[i])];
    path += `${i === 0 ? 'M' : 'L'}${left.toFixed(1)} ${level.toFixed(1)}L${right.toFixed(1)} ${level.toFixed(1)}`;
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
