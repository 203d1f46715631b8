/**
 * A shop in a row of houses, with a stall of goods on the pavement before it, and a street with a lane each way.
 *
 * Spots: `stall`, before the goods outside; `goods`, where customers look at them and into the window; `open`, on the
 * pavement where there is room; `wall`, before the walls of the houses beside; `bench`, `bin`.
 */
import type { Random } from '../../random.ts';
import { box, Path, type Point } from '../ground.ts';
import type { Solid, World } from './world.ts';

const REACH = 60;
/** The middle of the alleys beside the houses next door. */
const ALLEY = 20.3;
/** The middle of the shop's door. */
const DOOR = 5.3;
/** Kerbs of the street, and the line of the houses. */
const KERB = -3.2;
const FAR_KERB = -10.4;
const FRONT = 3.4;

const at = (x: number, y: number): Point => ({ x, y });
const EAST = at(1, 0);
const WEST = at(-1, 0);
const NORTH = at(0, 1);
const SOUTH = at(0, -1);

export function shop(random: Random): World {
  const walls = [0xb7a99a, 0xa88f7f, 0x9aa3ad, 0xc2b28f, 0x8f7f78] as const;
  const solids: Solid[] = [];
  const put = (
    kind: Solid['kind'],
    centre: Point,
    facing: Point,
    [length, width, height]: readonly [number, number, number],
    colour: number,
  ) => solids.push({ kind, centre, facing, length, width, height, colour });
  put('shopfront', at(0, FRONT + 5), SOUTH, [10, 13, random.between(6.5, 9)], random.pick(walls));
  put('house', at(-12.7, FRONT + 5), SOUTH, [10, 11.8, random.between(6, 9)], 0xb3aa9c);
  // To either side a house, an alley where people come from, and more houses.
  for (const side of [-1, 1]) {
    for (let x = side > 0 ? 7 : ALLEY + 1.7; x < REACH;) {
      const width = x === 7 ? ALLEY - 1.7 - x : random.between(10, 15);
      const centre = at(side * (x + width / 2), FRONT + 5);
      put('house', centre, SOUTH, [10, width, random.between(7, 12)], random.pick(walls));
      x += x === 7 ? width + 3.4 : width + 0.5;
    }
  }
  put('stall', at(2.2, FRONT - 0.9), SOUTH, [1.2, 3.2, 2.3], random.pick([0xa33b34, 0x2f5f8a, 0x4f7a4a]));
  put('bench', at(-9, FRONT - 0.5), SOUTH, [0.6, 1.8, 0.9], 0x6f5236);
  put('bin', at(-6.4, KERB + 0.7), EAST, [0.55, 0.55, 1], 0x3b4a3f);
  put('sign', at(6.8, KERB + 0.5), WEST, [0.08, 0.7, 2.6], 0x2f5f8a);
  for (const x of [-22, -3.6, 13, 28]) put('lamp', at(x, KERB + 0.4), SOUTH, [0.2, 0.2, 5.5], 0x55595e);
  for (const x of [-14.5, 9.5, 21]) {
    const size = random.between(2.2, 2.8);
    put(
      'tree',
      at(x, KERB + 0.9),
      EAST,
      [size, size, random.between(4.2, 5.4)],
      random.pick([0x4d7a3a, 0x5d8a42, 0x456f38]),
    );
  }
  const lane = (id: string, y: number, way: 1 | -1) => ({
    id,
    path: new Path([at(-way * 110, y), at(way * 110, y)]),
    limit: 8,
    flow: 18,
    kinds: ['car', 'car', 'car', 'van', 'cyclist', 'lorry'] as const,
    turn: 'straight' as const,
  });
  const middle = (KERB + FAR_KERB) / 2;
  const pavement = 0.2;
  return {
    id: 'shop',
    title: 'shop front',
    bounds: box(-REACH, -30, REACH, 30),
    surfaces: [
      { kind: 'asphalt', polygon: box(-130, -40, 130, 40) },
      { kind: 'pavement', polygon: box(-130, KERB, 130, FRONT + 12), height: 0.12 },
      { kind: 'pavement', polygon: box(-130, -40, 130, FAR_KERB), height: 0.12 },
    ],
    markings: [{ kind: 'dashed', from: at(-110, middle), to: at(110, middle), width: 0.15 }],
    solids,
    lanes: [lane('east', middle - 1.8, 1), lane('west', middle + 1.8, -1)],
    crossings: [],
    walks: {
      nodes: [
        at(-ALLEY, pavement), // 0
        at(-12, pavement),
        at(-4, pavement), // 2
        at(2, pavement), // 3: before the stall
        at(9, pavement),
        at(ALLEY, pavement), // 5
        at(DOOR, 1.7), // 6: before the door
        at(DOOR, FRONT + 1), // 7: in the door
        at(-ALLEY, FRONT + 8), // 8: in the alleys
        at(ALLEY, FRONT + 8),
      ],
      edges: [
        { from: 8, to: 0 },
        { from: 0, to: 1 },
        { from: 1, to: 2 },
        { from: 2, to: 3 },
        { from: 3, to: 4 },
        { from: 4, to: 5 },
        { from: 5, to: 9 },
        { from: 3, to: 6 },
        { from: 4, to: 6 },
        { from: 6, to: 7 },
      ],
      gates: [8, 9, 7],
      doors: [7],
      breadth: 1,
    },
    signals: null,
    mounts: [
      { position: at(-10, -13), height: 5.6, target: at(-1, 0.5), targetHeight: 0.6, fieldOfView: 44 },
      { position: at(10, -12.5), height: 5.8, target: at(-1.5, 0.5), targetHeight: 0.6, fieldOfView: 42 },
      { position: at(-14.5, -5.5), height: 5.2, target: at(-1, 0), targetHeight: 0.6, fieldOfView: 40 },
    ],
    spots: {
      stall: [
        { position: at(1.6, FRONT - 2.2), facing: NORTH },
        { position: at(2.9, FRONT - 2.2), facing: NORTH },
      ],
      goods: [
        { position: at(0.8, FRONT - 2.3), facing: NORTH },
        { position: at(3.7, FRONT - 2.3), facing: NORTH },
        { position: at(-2.5, FRONT - 0.9), facing: NORTH },
        { position: at(-4.2, FRONT - 1), facing: NORTH },
      ],
      open: [at(-3, -0.6), at(-0.5, -0.4), at(-7.5, 0.4), at(5, -0.8)].map((position) => ({
        position,
        facing: SOUTH,
      })),
      wall: [
        { position: at(-12, FRONT - 0.75), facing: NORTH },
        { position: at(-13.5, FRONT - 0.75), facing: NORTH },
        { position: at(8.6, FRONT - 0.75), facing: NORTH },
        { position: at(10.4, FRONT - 0.75), facing: NORTH },
      ],
      bench: [{ position: at(-9, FRONT - 1.2), facing: SOUTH }],
      bin: [{ position: at(-5.6, KERB + 0.7), facing: WEST }],
    },
    people: 14,
  };
}
