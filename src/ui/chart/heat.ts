/** A table of numbers as a picture: the higher, the more of one colour. The page scales the picture to its place. */

export interface Heat {
  rows: number;
  columns: number;
  /** Row by row. */
  values: ArrayLike<number>;
  /** What has the full colour. */
  highest: number;
}

/** Pixels of a picture along each side, at most: no map is shown larger. */
const MOST = 600;
const MOST_SQUARE = 240;

/**
 * A pixel for every cell, or where there are too many, for the highest of several.
 * @param colour as CSS computes it, `rgb(r, g, b)`; cells of 0 are see-through
 */
export function paintHeat(canvas: HTMLCanvasElement, heat: Heat, colour: string): void {
  const most = heat.rows > MOST_SQUARE ? MOST_SQUARE : MOST;
  const { rows, columns, values, highest } = pooled(heat, most);
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

/** The highest of neighbouring cells, so that there are at most `most` rows and columns. */
export function pooled({ rows, columns, values, highest }: Heat, most: number): Heat {
  if (rows <= most && columns <= most) return { rows, columns, values, highest };
  const [height, width] = [Math.min(rows, most), Math.min(columns, most)];
  const across = Uint32Array.from({ length: columns }, (_, column) => Math.floor((column * width) / columns));
  const pool = new Float32Array(height * width);
  for (let row = 0; row < rows; row++) {
    const to = Math.floor((row * height) / rows) * width;
    const from = row * columns;
    for (let column = 0; column < columns; column++) {
      const value = values[from + column];
      if (value > pool[to + across[column]]) pool[to + across[column]] = value;
    }
  }
  return { rows: height, columns: width, values: pool, highest };
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
