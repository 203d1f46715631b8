/**
 * A car park: two rows of bays along an aisle that cars drive slowly, a pavement to the entrance in the north.
 *
 * Spots: `open`, in the aisle's end and on the pavement; `bay`, beside a parked car's door; `wall`, before the wall in
 * the north; `bin`.
 */
import type { Random } from '../../random.ts';
import { box, Path, type Point } from '../ground.ts';
import type { Marking, Solid, Spot, World } from './world.ts';

const REACH = 45;
/** Where people come from. */
const GATE = 30;
const BAY = { width: 2.7, length: 5.2 };
/** The aisle's half width. */
const AISLE = 3.2;
/** Where the pavement in the north begins, and the wall. */
const PAVEMENT = AISLE + BAY.length;
const WALL = PAVEMENT + 3.2;
const PAINTS = [0xb9bcc0, 0xd8d9d6, 0x2b2d31, 0x5a5f66, 0x7d1f22, 0x1f3b63, 0x3d4d3f, 0x8c8070];

const at = (x: number, y: number): Point => ({ x, y });
const NORTH = at(0, 1);
const SOUTH = at(0, -1);
const WEST = at(-1, 0);

export function carpark(random: Random): World {
  const solids: Solid[] = [];
  const markings: Marking[] = [];
  const bays: Spot[] = [];
  for (const side of [1, -1]) {
    for (let x = -29.7; x < 30; x += BAY.width) {
      const [from, to] = [
        at(x - BAY.width / 2, side * AISLE),
        at(x - BAY.width / 2, side * (AISLE + BAY.length)),
      ];
      markings.push({ kind: 'bay', from, to, width: 0.12 });
      const isLeftFree = Math.abs(x) < 5 && side === -1; // what the camera must see past
      if (isLeftFree || random.uniform() < 0.3) continue;
      const isVan = random.uniform() < 0.15;
      const centre = at(x, side * (AISLE + BAY.length / 2 + 0.1));
      const size = isVan
        ? { length: 5, width: 1.95, height: 2.2 }
        : { length: 4.2, width: 1.75, height: 1.5 };
      const kind = isVan ? 'parked-van' : 'parked-car';
      const facing = random.uniform() < 0.5 ? NORTH : SOUTH;
      solids.push({ kind, centre, facing, ...size, colour: random.pick(PAINTS) });
      if (side === 1 && Math.abs(x) < 12) bays.push({ position: at(x + 1.25, centre.y - 0.6), facing: WEST });
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
  put('bin', at(1.5, WALL - 0.6), SOUTH, [0.55, 0.55, 1], 0x3b4a3f);
  for (const x of [-21, -7, 8, 22]) put('lamp', at(x, PAVEMENT + 0.5), SOUTH, [0.22, 0.22, 6], 0x6b7076);
  for (const x of [-30, -24, -12, -4]) {
    const size = random.between(2.8, 3.8);
    put(
      'tree',
      at(x, WALL + 3),
      SOUTH,
      [size, size, random.between(5, 7)],
      random.pick([0x4d7a3a, 0x5d8a42, 0x456f38]),
    );
  }
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
    crossings: [],
    walks: {
      nodes: [
        at(-GATE, PAVEMENT + 1.7),
        at(-12, PAVEMENT + 1.7),
        at(0, PAVEMENT + 1.7), // 2
        at(12, PAVEMENT + 1.7),
        at(GATE, PAVEMENT + 1.7), // 4
        at(9, WALL + 0.3), // 5: the entrance of the house
      ],
      edges: [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
        { from: 2, to: 3 },
        { from: 3, to: 4 },
        { from: 3, to: 5 },
        { from: 2, to: 5 },
      ],
      gates: [0, 4, 5],
      breadth: 0.8,
    },
    signals: null,
    mounts: [
      { position: at(-9, -13.5), height: 6.4, target: at(0, 4), targetHeight: 0.5, fieldOfView: 44 },
      { position: at(9, -13.5), height: 6.6, target: at(-0.5, 4), targetHeight: 0.5, fieldOfView: 44 },
      { position: at(-17, -3), height: 6.2, target: at(0, 4), targetHeight: 0.5, fieldOfView: 40 },
    ],
    spots: {
      open: [
        at(-4, PAVEMENT + 1.4),
        at(3, PAVEMENT + 1.6),
        at(-9, PAVEMENT + 1.5),
        at(-2.4, -5.5),
        at(1.5, -6),
      ].map((position) => ({ position, facing: SOUTH })),
      bay: bays,
      wall: [
        { position: at(-7, WALL - 0.75), facing: NORTH },
        { position: at(-10, WALL - 0.75), facing: NORTH },
      ],
      bin: [{ position: at(2.3, WALL - 0.8), facing: WEST }],
    },
    people: 12,
  };
}
