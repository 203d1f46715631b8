/** A surveillance camera: fixed, high, perspective. Where things of the street come to lie in its picture. */
import type { Random } from '../random.ts';
import { norm, sin, cos } from './exact.ts';
import type { Point } from './ground.ts';
import type { Mount } from './worlds/world.ts';

export interface PictureSize {
  width: number;
  height: number;
}

/** A place in the picture: pixels from the top left corner, and metres from the camera along its axis. */
export interface Pixel {
  x: number;
  y: number;
  depth: number;
}

type Vector = readonly [x: number, y: number, z: number];

export class Camera {
  readonly mount: Mount;
  readonly size: PictureSize;
  /** Pixels per metre at a depth of one metre. */
  readonly #focal: number;
  readonly #right: Vector;
  readonly #down: Vector;
  readonly #ahead: Vector;

  constructor(mount: Mount, size: PictureSize) {
    this.mount = mount;
    this.size = size;
    const { position, height, target, targetHeight, fieldOfView } = mount;
    this.#ahead = normalised([target.x - position.x, target.y - position.y, targetHeight - height]);
    const [x, y, z] = this.#ahead;
    this.#right = normalised([y, -x, 0]);
    const [rx, ry] = this.#right;
    this.#down = [-ry * z, rx * z, ry * x - rx * y];
    const half = (fieldOfView * Math.PI) / 360;
    this.#focal = (size.height / 2) * (cos(half) / sin(half));
  }

  /** Null for what is behind the camera. */
  project({ x, y }: Point, z: number): Pixel | null {
    const { position, height } = this.mount;
    const away: Vector = [x - position.x, y - position.y, z - height];
    const depth = inner(away, this.#ahead);
    if (depth < 0.1) return null;
    const scale = this.#focal / depth;
    return {
      x: this.size.width / 2 + inner(away, this.#right) * scale,
      y: this.size.height / 2 + inner(away, this.#down) * scale,
      depth,
    };
  }

  /** How many pixels something has at a place that is so many metres high. */
  pixels(place: Point, metres: number): number {
    const pixel = this.project(place, metres / 2);
    return pixel ? (this.#focal * metres) / pixel.depth : 0;
  }

  /** @param margin pixels that the place must be away from the edge of the picture */
  sees(place: Point, z = 0.5, margin = 0): boolean {
    const pixel = this.project(place, z);
    if (!pixel) return false;
    const { width, height } = this.size;
    const { x, y } = pixel;
    return x >= margin && y >= margin && x < width - margin && y < height - margin;
  }
}

/** A mount as it was screwed on for one video: a little off from where it was meant to be. */
export function hang(mount: Mount, random: Random): Mount {
  const about = (value: number, spread: number) => value + random.between(-spread, spread);
  return {
    position: { x: about(mount.position.x, 1), y: about(mount.position.y, 1) },
    height: about(mount.height, 0.6),
    target: { x: about(mount.target.x, 1.2), y: about(mount.target.y, 1.2) },
    targetHeight: mount.targetHeight,
    fieldOfView: about(mount.fieldOfView, 2.5),
  };
}

const inner = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function normalised([x, y, z]: Vector): Vector {
  const length = norm(x, y, z);
  return [x / length, y / length, z / length];
}
