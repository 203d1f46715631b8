/**
 * What a camera sees of someone: the box in its picture, and how much of it is hidden by what stands before it. Houses,
 * vehicles and people hide as boxes, trees as a trunk and a crown, lamps as the poles they are; smoke, fog and darkness
 * hide nothing.
 */
import type { Actor } from './actors/actor.ts';
import type { Camera } from './camera.ts';
import { cos, norm, sin } from './exact.ts';
import { add, dot, groundAt, leftOf, scale, subtract, type Point } from './ground.ts';
import type { Street } from './street.ts';
import type { Solid } from './worlds/world.ts';

/** Of a frame, in pixels from the top left corner; what is out of the picture or hidden is not in it. */
export interface Box {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  /** Share of the actor that is in the picture and not hidden. */
  visible: number;
}

/** Less than this of an actor does not count as seen. */
const LEAST_VISIBLE = 0.1;
/** Square pixels that a box must have. */
const LEAST_AREA = 20;

/** A place in space, metres. */
interface Place extends Point {
  z: number;
}

/** Something that hides: an upright box. */
interface Screen {
  centre: Point;
  facing: Point;
  length: number;
  width: number;
  bottom: number;
  top: number;
}

export class Sight {
  readonly #street: Street;
  readonly #camera: Camera;
  readonly #eye: Place;
  readonly #screens: Screen[];

  constructor(street: Street) {
    this.#street = street;
    this.#camera = street.camera;
    const { position, height } = street.camera.mount;
    this.#eye = { ...position, z: height };
    this.#screens = street.world.solids.flatMap(screensOf);
  }

  /** The box of what is seen of an actor at this moment; null where next to nothing is. */
  boxOf(actor: Actor): Box | null {
    const { width, height } = this.#camera.size;
    const { world, actors } = this.#street;
    const others = actors.filter((other) => other !== actor && !isThin(other));
    const screens = [...this.#screens, ...others.map(screenOf)];
    let [x1, y1, x2, y2] = [width, height, 0, 0];
    let seen = 0;
    const places = placesOf(actor, groundAt(world.surfaces, actor.position));
    for (const place of places) {
      const pixel = this.#camera.project(place, place.z);
      if (!pixel || screens.some((screen) => hides(screen, place, this.#eye))) continue;
      const [x, y] = [Math.max(0, Math.min(width, pixel.x)), Math.max(0, Math.min(height, pixel.y))];
      if (x === pixel.x && y === pixel.y) seen++;
      [x1, y1] = [Math.min(x1, x), Math.min(y1, y)];
      [x2, y2] = [Math.max(x2, x), Math.max(y2, y)];
    }
    const visible = seen / places.length;
    const isSeen = visible >= LEAST_VISIBLE && (x2 - x1) * (y2 - y1) >= LEAST_AREA;
    return isSeen ? { x1, y1, x2, y2, visible } : null;
  }
}

/** Metres along an edge above which it is looked at in more places than its ends and its middle. */
const LONG = 3;

/** Where along an edge someone is looked for, metres from its middle. */
function marks(metres: number): number[] {
  const pieces = metres > LONG ? 4 : 2;
  return Array.from({ length: pieces + 1 }, (_, i) => (i / pieces - 0.5) * metres);
}

/** Who lies is as long as tall; who sits or crouches is less tall. */
function extent({ size, pose }: Actor): { length: number; width: number; height: number } {
  const { length, width, height } = size;
  if (pose === 'lie') return { length: height, width, height: 0.4 };
  return { length, width, height: pose === 'sit' || pose === 'crouch' ? 0.72 * height : height };
}

/** Places all over an actor's box, turned as the actor is. */
function placesOf(actor: Actor, ground: number): Place[] {
  const { position, facing, elevation, pitch, roll } = actor;
  const { length, width, height } = extent(actor);
  const left = leftOf(facing);
  const [sp, cp, sr, cr] = [sin(pitch), cos(pitch), sin(roll), cos(roll)];
  const [alongs, asides, ups] = [length, width, height].map(marks);
  return alongs.flatMap((along) =>
    asides.flatMap((aside) =>
      ups.map((middle): Place => {
        const up = middle + height / 2;
        const [y, z] = [aside * cr - up * sr, aside * sr + up * cr]; // over to the right
        const [x, rise] = [along * cp - z * sp, along * sp + z * cp]; // nose up
        const { x: east, y: north } = add(position, add(scale(facing, x), scale(left, y)));
        return { x: east, y: north, z: ground + elevation + rise };
      }),
    ),
  );
}

/** What of a solid hides: as it is drawn, in the rough. */
function screensOf({ kind, centre, facing, length, width, height }: Solid): Screen[] {
  const slab = (long: number, wide: number, bottom: number, top: number, ahead = 0): Screen => ({
    centre: add(centre, scale(facing, ahead)),
    facing,
    length: long,
    width: wide,
    bottom,
    top,
  });
  switch (kind) {
    case 'tree':
      return [
        slab(0.32, 0.32, 0, 0.44 * height),
        slab(0.85 * length, 0.85 * width, 0.42 * height, 0.95 * height),
      ];
    case 'lamp':
    case 'signal':
    case 'sign':
      return [slab(0.15, 0.15, 0, height)];
    case 'shopfront':
      return [slab(length, width, 0, height), slab(1.5, width - 0.4, 2.99, 3.11, length / 2 + 0.7)];
    case 'stall':
      return [slab(length, width, 0, 0.9), slab(length + 0.6, width + 0.4, height - 0.05, height + 0.05)];
    case 'fountain':
      return [slab(0.88 * length, 0.88 * width, 0, 0.5), slab(0.3 * length, 0.3 * width, 0.5, 0.85 * height)];
    case 'bench':
      return [slab(0.45, width, 0.3, 0.9)];
    case 'parked-car':
      return [slab(length, width, 0, 0.8), slab(0.56 * length, 0.86 * width, 0.8, height)];
    default:
      return [slab(length, width, 0, height)];
  }
}

/** Paint on a wall, and burnt ground, whose box is that of the fire over it. */
function isThin({ look }: Actor): boolean {
  return look.shape === 'graffiti' || look.shape === 'scorch';
}

/** People and vehicles do not fill their boxes. */
function screenOf(actor: Actor): Screen {
  const { position, facing, elevation } = actor;
  const { length, width, height } = extent(actor);
  return {
    centre: position,
    facing,
    length: 0.9 * length,
    width: 0.8 * width,
    bottom: elevation,
    top: elevation + 0.9 * height,
  };
}

/** Whether the line from a place to the eye goes through a screen. */
function hides(screen: Screen, place: Place, eye: Place): boolean {
  const { centre, facing, length, width, bottom, top } = screen;
  const [from, to] = [subtract(place, centre), subtract(eye, centre)];
  // Most are far from the line: as seen from above, farther than they are large.
  const line = subtract(to, from);
  const away = Math.abs(from.x * line.y - from.y * line.x);
  if (away > (norm(length, width) / 2) * norm(line.x, line.y)) return false;
  const left = leftOf(facing);
  let [enter, leave] = [0.001, 0.999]; // shares of the line
  const slabs = [
    [dot(from, facing), dot(to, facing), -length / 2, length / 2],
    [dot(from, left), dot(to, left), -width / 2, width / 2],
    [place.z, eye.z, bottom, top],
  ];
  for (const [start, end, low, high] of slabs) {
    const way = end - start;
    if (Math.abs(way) < 1e-9) {
      if (start < low || start > high) return false;
      continue;
    }
    const [one, other] = [(low - start) / way, (high - start) / way];
    enter = Math.max(enter, Math.min(one, other));
    leave = Math.min(leave, Math.max(one, other));
  }
  return enter < leave;
}
