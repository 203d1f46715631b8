/** A table of numbers as a picture: the higher, the more of one colour. Drawn a cell to a pixel; the page scales it. */

export interface Heat {
  rows: number;
  columns: number;
  /** Row by row. */
  values: ArrayLike<number>;
  /** What has the full colour. */
  highest: number;
}

/** @param colour as CSS computes it, `rgb(r, g, b)`; cells of 0 are see-through */
export function paintHeat(
  canvas: HTMLCanvasElement,
  { rows, columns, values, highest }: Heat,
  colour: string,
): void {
  canvas.width = columns;
  canvas.height = rows;
  const [red, green, blue] = (colour.match(/[\d.]+/g) ?? ['0', '0', '0']).map(Number);
  const picture = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    picture.data[4 * i] = red;
    picture.data[4 * i + 1] = green;
    picture.data[4 * i + 2] = blue;
    picture.data[4 * i + 3] = 255 * intensity(values[i], highest);
  }
  canvas.getContext('2d')!.putImageData(picture, 0, 0);
}

/** 0..1: the square root lets small shares be seen beside large ones. */
export function intensity(value: number, highest: number): number {
  return highest > 0 ? Math.sqrt(Math.min(1, Math.max(0, value / highest))) : 0;
}

/** The largest of many numbers, which may be too many for an argument list. */
export function largest(values: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}
