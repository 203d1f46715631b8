/** Places on the ground, in metres: x to the east, y to the north. Heights are z, upwards. */
import { norm } from './exact.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Corners in order; the last one is joined to the first. */
export type Polygon = readonly Point[];

export const add = (a: Point, b: Point): Point => ({ x: a.x + b.x, y: a.y + b.y });
export const subtract = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y });
export const scale = (a: Point, factor: number): Point => ({ x: a.x * factor, y: a.y * factor });
export const dot = (a: Point, b: Point): number => a.x * b.x + a.y * b.y;
export const distance = (a: Point, b: Point): number => norm(a.x - b.x, a.y - b.y);
/** A quarter turn to the left. */
export const leftOf = ({ x, y }: Point): Point => ({ x: -y, y: x });

/** The direction of a vector, of length 1; east where it has none. */
export function unit({ x, y }: Point): Point {
  const length = norm(x, y);
  return length > 0 ? { x: x / length, y: y / length } : { x: 1, y: 0 };
}

/** A way between two places: 0 at `from`, 1 at `to`. */
export const between = (from: Point, to: Point, share: number): Point => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
});

/** Corners of a rectangle around a place that faces some way. */
export function rectangle(centre: Point, facing: Point, length: number, width: number): Polygon {
  const ahead = scale(facing, length / 2);
  const aside = scale(leftOf(facing), width / 2);
  return [
    add(add(centre, ahead), aside),
    subtract(add(centre, ahead), aside),
    subtract(subtract(centre, ahead), aside),
    add(subtract(centre, ahead), aside),
  ];
}

/** Corners of a rectangle along the axes. */
export const box = (west: number, south: number, east: number, north: number): Polygon => [
  { x: west, y: south },
  { x: east, y: south },
  { x: east, y: north },
  { x: west, y: north },
];

export function contains(polygon: Polygon, { x, y }: Point): boolean {
  let isInside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [a, b] = [polygon[i], polygon[j]];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) isInside = !isInside;
  }
  return isInside;
}

/** The height of the ground at a place: later surfaces lie on earlier ones. */
export function groundAt(surfaces: readonly { polygon: Polygon; height?: number }[], place: Point): number {
  let z = 0;
  for (const { polygon, height = 0 } of surfaces) if (contains(polygon, place)) z = height;
  return z;
}

/** Where a point stands beside a path. */
export interface Projection {
  /** Metres along the path to the nearest place on it. */
  distance: number;
  /** Metres to the left of it; negative to the right. */
  offset: number;
}

/** A line of straight pieces that is walked or driven along. */
export class Path {
  readonly points: readonly Point[];
  /** Metres. */
  readonly length: number;
  readonly #starts: number[];

  constructor(points: readonly Point[]) {
    this.points = points;
    this.#starts = [0];
    for (let i = 1; i < points.length; i++)
      this.#starts.push(this.#starts[i - 1] + distance(points[i - 1], points[i]));
    this.length = this.#starts[points.length - 1];
  }

  /** The place after so many metres, and which way the path goes there; beyond its ends it goes straight on. */
  at(metres: number): { position: Point; facing: Point } {
    const i = this.#pieceAt(metres);
    const [from, to] = [this.points[i], this.points[i + 1]];
    const facing = unit(subtract(to, from));
    return { position: add(from, scale(facing, metres - this.#starts[i])), facing };
  }

  /** @param within only pieces that begin or end between these distances are looked at; all of them unless told */
  project(point: Point, within: readonly [number, number] = [-Infinity, Infinity]): Projection {
    let best: Projection = { distance: 0, offset: Infinity };
    let nearest = Infinity;
    for (let i = 0; i + 1 < this.points.length; i++) {
      if (this.#starts[i + 1] < within[0] || this.#starts[i] > within[1]) continue;
      const from = this.points[i];
      const facing = unit(subtract(this.points[i + 1], from));
      const away = subtract(point, from);
      const length = this.#starts[i + 1] - this.#starts[i];
      const ahead = dot(away, facing);
      const isFirst = i === 0;
      const isLast = i + 2 === this.points.length;
      const along = Math.max(isFirst ? -Infinity : 0, Math.min(isLast ? Infinity : length, ahead));
      const gap = distance(away, scale(facing, along));
      if (gap >= nearest) continue;
      nearest = gap;
      best = { distance: this.#starts[i] + along, offset: dot(away, leftOf(facing)) };
    }
    return best;
  }

  #pieceAt(metres: number): number {
    let i = 0;
    while (i + 2 < this.points.length && this.#starts[i + 1] <= metres) i++;
    return i;
  }
}

/** A bend from one place to another by way of a corner (a quadratic Bezier curve), the ends included. */
export function bend(from: Point, corner: Point, to: Point, pieces = 10): Point[] {
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const t = i / pieces;
    return between(between(from, corner, t), between(corner, to, t), t);
  });
}
