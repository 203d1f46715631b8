/** Houses, trees, lamps and all that stands about, from simple shapes. */
import * as THREE from 'three';
import type { Random } from '../../random.ts';
import { distance, type Point } from '../ground.ts';
import type { Solid } from '../worlds/world.ts';
import { bodyOf } from './bodies.ts';
import { Frame, makeShape, placed } from './parts.ts';

const BOX = makeShape('box');
const CYLINDER = makeShape('drum');
const BALL = makeShape('ball');
/** Looks ahead. */
const PANE = new THREE.PlaneGeometry(1, 1).rotateY(Math.PI / 2).rotateX(Math.PI / 2);

type Size = readonly [number, number, number];

/** A solid piece casts a shadow, a pane does not, and a glowing one is light itself. */
export type Finish = 'solid' | 'pane' | 'glowing';

export type Put = (shape: THREE.BufferGeometry, at: Frame, size: Size, hex: number, finish?: Finish) => void;

export interface Seen {
  random: Random;
  seenFrom: Point;
  isDark: boolean;
}

export function addSolid(solid: Solid, put: Put, { random, seenFrom, isDark }: Seen): void {
  const { kind, centre, facing, length, width, height, colour } = solid;
  const frame = new Frame(placed(centre, facing));
  const box = (x: number, y: number, z: number, size: Size, hex: number) =>
    put(BOX, frame.at(x, y, z), size, hex);
  switch (kind) {
    case 'house':
    case 'shopfront': {
      box(0, 0, height / 2, [length, width, height], colour);
      box(0, 0, height + 0.15, [length + 0.4, width + 0.4, 0.3], shade(colour, 0.75));
      if (kind === 'shopfront') box(length / 2 + 0.7, 0, 3.05, [1.5, width - 0.4, 0.12], 0x8c3a32); // the awning
      addWindows(frame, solid, random, seenFrom, isDark, (at, size, hex) =>
        put(PANE, at, size, hex, hex === LIT ? 'glowing' : 'pane'),
      );
      return;
    }
    case 'tree': {
      put(CYLINDER, frame.at(0, 0, height * 0.22), [0.32, 0.32, height * 0.44], 0x5a4632);
      for (let i = 0; i < 5; i++) {
        const place = frame.at(
          random.between(-0.7, 0.7),
          random.between(-0.7, 0.7),
          height * random.between(0.5, 0.85),
        );
        const size = random.between(0.55, 0.85) * length;
        put(BALL, place, [size, size, size * 0.9], shade(colour, random.between(0.8, 1.15)));
      }
      return;
    }
    case 'lamp':
      put(CYLINDER, frame.at(0, 0, height / 2), [0.16, 0.16, height], colour);
      box(0.6, 0, height, [1.3, 0.1, 0.1], colour);
      put(
        BOX,
        frame.at(1.1, 0, height - 0.08),
        [0.6, 0.26, 0.1],
        isDark ? LIT : 0xd8d8d0,
        isDark ? 'glowing' : 'solid',
      );
      return;
    case 'signal':
      put(CYLINDER, frame.at(0, 0, height / 2), [0.14, 0.14, height], colour);
      box(0.14, 0, height - 0.5, [0.24, 0.36, 1], 0x1d1f21);
      return;
    case 'bench':
      box(0, 0, 0.45, [0.45, width, 0.06], colour);
      box(-0.2, 0, 0.7, [0.06, width, 0.4], colour);
      for (const side of [-1, 1]) box(0, (side * width) / 2.6, 0.22, [0.4, 0.08, 0.44], 0x3a3c3e);
      return;
    case 'bin':
      put(CYLINDER, frame.at(0, 0, height / 2), [length, width, height], colour);
      return;
    case 'fountain':
      put(CYLINDER, frame.at(0, 0, 0.25), [length, width, 0.5], colour);
      put(CYLINDER, frame.at(0, 0, 0.46), [length * 0.88, width * 0.88, 0.12], 0x6f98a8);
      put(CYLINDER, frame.at(0, 0, height / 2), [length * 0.14, width * 0.14, height], colour);
      put(CYLINDER, frame.at(0, 0, height * 0.8), [length * 0.35, width * 0.35, 0.14], colour);
      return;
    case 'stall':
      box(0, 0, 0.45, [length, width, 0.9], 0x7a5c3e);
      box(0, 0, height, [length + 0.6, width + 0.4, 0.1], colour);
      for (const x of [-1, 1])
        for (const y of [-1, 1])
          box((x * length) / 2, (y * width) / 2, height / 2, [0.07, 0.07, height], 0x5a5a58);
      for (let i = 0; i < 6; i++)
        box(
          random.between(-0.3, 0.3) * length,
          ((i - 2.5) / 6) * width,
          1,
          [0.4, width / 8, 0.25],
          random.pick(GOODS),
        );
      return;
    case 'parked-car':
    case 'parked-van':
      for (const { shape, at, size, hex } of bodyOf(kind === 'parked-car' ? 'car' : 'van', solid, {
        colour,
        accent: colour,
      }))
        put(makeShape(shape), frame.at(...at), size, hex);
      return;
    case 'sign':
      put(CYLINDER, frame.at(0, 0, height / 2), [0.08, 0.08, height], 0x8a8c8e);
      box(0.06, 0, height - 0.3, [0.05, width, 0.6], colour);
      return;
    case 'wall':
      box(0, 0, height / 2, [length, width, height], colour);
  }
}

const LIT = 0xf3d9a0;
const GOODS = [0xb04a3a, 0xc99a3a, 0x5a8a4a, 0xd0c8b8, 0x7a4a6a];

/** Metres from which no window can be made out. */
const BLUR = 75;

/** Rows of windows on the sides that are seen; a shop has a wide one, a door and an awning in front. */
function addWindows(
  frame: Frame,
  { kind, centre, length, width, height }: Solid,
  random: Random,
  seenFrom: Point,
  isDark: boolean,
  put: (at: Frame, size: Size, hex: number) => void,
): void {
  if (distance(centre, seenFrom) > BLUR) return;
  const ground = kind === 'shopfront' ? 3.4 : 0;
  for (const side of [0, 1, 2, 3]) {
    const [deep, wide] = side % 2 === 0 ? [length, width] : [width, length];
    const face = frame.at(0, 0, 0, { yaw: (side * Math.PI) / 2 }).at(deep / 2 + 0.03, 0, 0);
    const { elements } = face.matrix;
    const isSeen = (seenFrom.x - elements[12]) * elements[0] + (seenFrom.y - elements[13]) * elements[1] > 0;
    if (!isSeen) continue;
    for (let z = Math.max(1.7, ground + 1.2); z < height - 0.9; z += 2.9) {
      for (let y = -wide / 2 + 1.4; y < wide / 2 - 0.9; y += 2.5) {
        const isLit = isDark && random.uniform() < 0.3;
        put(face.at(0, y, z), [1, 1.15, 1.4], isLit ? LIT : random.uniform() < 0.5 ? 0x37424c : 0x2c353d);
      }
    }
  }
  if (kind !== 'shopfront') return;
  const front = frame.at(length / 2 + 0.04, 0, 0);
  put(front.at(0, -0.6, 1.45), [1, width - 3.2, 2.1], isDark ? LIT : 0x4a5a66);
  put(front.at(0, width / 2 - 1.2, 1.15), [1, 1.2, 2.3], isDark ? LIT : 0x3a3330);
}

/** A colour made darker (below 1) or lighter. */
function shade(hex: number, factor: number): number {
  return new THREE.Color(hex).multiplyScalar(factor).getHex();
}
