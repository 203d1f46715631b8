/**
 * A car park: two rows of bays along an aisle that cars drive slowly, a crossing over it, and a pavement to the entrance
 * of a shop in the north. People come from their cars and go to them.
 *
 * Spots: `open`, at the crossing and on the pavement; `bay`, beside a parked car's door; `wall`, before the walls in
 * the north; `bin`.
 */
import type { Random } from '../../random.ts';
import { box, Path, type Point } from '../ground.ts';
import type { Marking, Solid, Spot, World } from './world.ts';

const REACH = 45;
const BAY = { width: 2.7, length: 5.2 };
/** The aisle's half width. */
const AISLE = 3.2;
/** Where the pavement in the north begins, and the wall. */
const PAVEMENT = AISLE + BAY.length;
const WALL = PAVEMENT + 3.2;
/** Half the width of the crossing at x = 0; the bays at its ends are left free. */
const CROSSING = 1.4;
/** The shop's entrance: the middle of what juts out, and of the door in it. */
const ENTRANCE = 17;
const DOOR = ENTRANCE + 1.1;
/** Cars this near to the crossing are near enough to the camera that someone comes to them. */
const IN_USE = 14;
const PAINTS = [0xb9bcc0, 0xd8d9d6, 0x2b2d31, 0x5a5f66, 0x7d1f22, 0x1f3b63, 0x3d4d3f, 0x8c8070];

const at = (x: number, y: number): Point => ({ x, y });
const NORTH = at(0, 1);
const SOUTH = at(0, -1);
const WEST = at(-1, 0);

export function carpark(random: Random): World {
  const solids: Solid[] = [];
  const markings: Marking[] = [];
  const bays: Spot[] = [];
  const cars: { door: Spot; exit: Point }[] = [];
  for (const side of [1, -1]) {
    for (let x = -29.7; x < 30; x += BAY.width) {
      const [from, to] = [
        at(x - BAY.width / 2, side * AISLE),
        at(x - BAY.width / 2, side * (AISLE + BAY.length)),
      ];
      markings.push({ kind: 'bay', from, to, width: 0.12 });
      const isLeftFree = Math.abs(x) < (side > 0 ? 1 : 4); // for the crossing, and what the camera must see past
      if (isLeftFree || random.uniform() < 0.3) continue;
      const isVan = random.uniform() < 0.15;
      const centre = at(x, side * (AISLE + BAY.length / 2 + 0.1));
      const size = isVan
        ? { length: 5, width: 1.95, height: 2.2 }
        : { length: 4.2, width: 1.75, height: 1.5 };
      const kind = isVan ? 'parked-van' : 'parked-car';
      const facing = random.uniform() < 0.5 ? NORTH : SOUTH;
      solids.push({ kind, centre, facing, ...size, colour: random.pick(PAINTS) });
      if (Math.abs(x) > IN_USE) continue;
      const door: Spot = { position: at(x + 1.3, centre.y - 0.6), facing: WEST };
      if (side > 0 && Math.abs(x) < 12) bays.push(door);
      // In the north one walks on along the pavement, in the south behind the cars.
      cars.push({ door, exit: at(x + 1.35, side > 0 ? PAVEMENT + 0.9 : -PAVEMENT - 1.4) });
    }
  }
  const put = (
    kind: Solid['kind'],
    centre: Point,
    facing: Point,
    [length, width, height]: readonly [number, number, number],
    colour: number,
  ) => solids.push({ kind, centre, facing, length, width, height, colour });
  put('wall', at(-16, WALL), SOUTH, [0.4, 24, 2.6], 0xa39c90);
  put(
    'house',
    at(18, WALL + 6),
    SOUTH,
    [11, 36, random.between(6, 9)],
    random.pick([0xb7a99a, 0x9aa3ad, 0xc2b28f]),
  );
  put('shopfront', at(ENTRANCE, WALL + 0.6), SOUTH, [1.8, 4.6, 3.4], 0xcfc8ba);
  put('bin', at(1.5, WALL - 0.6), SOUTH, [0.55, 0.55, 1], 0x3b4a3f);
  for (const x of [-21.6, -0.8, 21.6]) put('lamp', at(x, WALL - 0.5), SOUTH, [0.22, 0.22, 6], 0x6b7076);
  for (const x of [-25, -19, -12, -4]) {
    const size = random.between(2.8, 3.8);
    put(
      'tree',
      at(x, WALL + 3),
      SOUTH,
      [size, size, random.between(5, 7)],
      random.pick([0x4d7a3a, 0x5d8a42, 0x456f38]),
    );
  }
  markings.push({ kind: 'zebra', from: at(0, -AISLE), to: at(0, AISLE), width: 2 * CROSSING });
  const lane = (id: string, y: number, way: 1 | -1) => ({
    id,
    path: new Path([at(-way * 70, y), at(way * 70, y)]),
    limit: 4.5,
    flow: 7,
    kinds: ['car', 'car', 'car', 'van'] as const,
    turn: 'straight' as const,
  });
  return {
    id: 'carpark',
    title: 'car park',
    bounds: box(-REACH, -30, REACH, 30),
    surfaces: [
      { kind: 'grass', polygon: box(-120, -80, 120, 80) },
      { kind: 'asphalt', polygon: box(-75, -AISLE - BAY.length - 8, 75, PAVEMENT) },
      { kind: 'pavement', polygon: box(-75, PAVEMENT, 75, WALL + 0.4), height: 0.1 },
    ],
    markings,
    solids,
    lanes: [lane('east', -1.5, 1), lane('west', 1.5, -1)],
    crossings: [
      {
        id: 'zebra',
        polygon: box(-CROSSING, -AISLE, CROSSING, AISLE),
        from: at(0, -AISLE - 0.6),
        to: at(0, AISLE + 0.6),
        group: null,
      },
    ],
    walks: {
      nodes: [
        at(-31, 15), // 0: behind the wall, and 1: behind the house
        at(39, 17),
        at(0, -19), // 2
        at(-31, PAVEMENT + 1.7), // 3: along the pavement
        at(-18, PAVEMENT + 1.7),
        at(-9, PAVEMENT + 1.7),
        at(0, PAVEMENT + 1.7), // 6
        at(9, PAVEMENT + 1.7),
        at(DOOR, PAVEMENT + 1.5), // 8
        at(38.5, PAVEMENT + 1.7),
        at(DOOR, WALL + 0.6), // 10: in the door
        at(0, AISLE + 0.6), // 11: the ends of the crossing
        at(0, -AISLE - 0.6),
        at(0, -PAVEMENT - 1.4), // 13: behind the cars in the south
        at(-11, -PAVEMENT - 1.4),
        at(11, -PAVEMENT - 1.4),
      ],
      edges: [
        { from: 0, to: 3 },
        { from: 1, to: 9 },
        { from: 3, to: 4 },
        { from: 4, to: 5 },
        { from: 5, to: 6 },
        { from: 6, to: 7 },
        { from: 7, to: 8 },
        { from: 8, to: 9 },
        { from: 8, to: 10 },
        { from: 6, to: 11 },
        { from: 11, to: 12, crossing: 'zebra' },
        { from: 12, to: 13 },
        { from: 13, to: 2 },
        { from: 13, to: 14 },
        { from: 13, to: 15 },
      ],
      gates: [0, 1, 2, 10],
      doors: [10],
      cars,
      breadth: 0.7,
    },
    signals: null,
    mounts: [
      { position: at(7, -13.5), height: 6, target: at(-0.5, 1.5), targetHeight: 0.5, fieldOfView: 42 },
      { position: at(12.5, 11), height: 6.2, target: at(0.5, 6), targetHeight: 0.5, fieldOfView: 42 },
      { position: at(-13, 11.2), height: 6.2, target: at(-0.5, 6), targetHeight: 0.5, fieldOfView: 42 },
    ],
    spots: {
      open: [
        at(-4, PAVEMENT + 1.4),
        at(3, PAVEMENT + 1.4),
        at(-6, PAVEMENT + 1.5),
        at(-2.4, -5.5),
        at(2.5, -6),
      ].map((position) => ({ position, facing: SOUTH })),
      bay: bays,
      wall: [
        { position: at(-7, WALL - 0.75), facing: NORTH },
        { position: at(-10, WALL - 0.75), facing: NORTH },
      ],
      bin: [{ position: at(2.3, WALL - 0.8), facing: WEST }],
    },
    people: 16,
  };
}
