/**
 * A square between houses, as on a campus: paths that meet at a fountain, lawns, benches under trees, a stall. Now and
 * then a van or a cyclist passes on the lane at its edge.
 *
 * Spots: `open`, on the pavement where there is room; `bench`, before each bench; `wall`, before the walls that could be
 * sprayed at; `bin`, beside each bin; `stall`, before the stall; `goods`, where its customers stand.
 */
import type { Random } from '../../random.ts';
import { box, Path, type Point } from '../ground.ts';
import type { Solid, Spot, World } from './world.ts';

/** Half the side of the square, and to where the paths lead. */
const SIDE = 17;
const REACH = 30;
/** Half the way between two houses. */
const ALLEY = 3;
/** The lane in the south, and the pavement before it. */
const LANE_Y = -20.5;
const PAVEMENT = { south: -18, north: -14 };

const at = (x: number, y: number): Point => ({ x, y });
const EAST = at(1, 0);
const WEST = at(-1, 0);
const NORTH = at(0, 1);
const SOUTH = at(0, -1);

export function plaza(random: Random): World {
  const solids: Solid[] = [];
  const put = (
    kind: Solid['kind'],
    centre: Point,
    facing: Point,
    [length, width, height]: readonly [number, number, number],
    colour: number,
  ) => solids.push({ kind, centre, facing, length, width, height, colour });
  const walls = [0xb7a99a, 0xa88f7f, 0x9aa3ad, 0xc2b28f, 0xa0937c] as const;
  // Houses in the north and the east, with an alley between them; what is behind the camera is not seen.
  for (const side of [-1, 1]) {
    for (let x = ALLEY; x < REACH;) {
      const width = random.between(12, 18);
      const centre = at(side * (x + width / 2), 29);
      put('house', centre, SOUTH, [10, width - 0.5, random.between(8, 15)], random.pick(walls));
      x += width;
    }
    for (let y = ALLEY; y < 18;) {
      const width = side < 0 ? 11.4 : random.between(11, 16);
      const centre = at(31, side * (y + width / 2));
      put('house', centre, WEST, [10, width - 0.5, random.between(8, 14)], random.pick(walls));
      y += side < 0 ? REACH : width; // one in the south: the lane is behind it
    }
  }
  put('fountain', at(0, 0), EAST, [4.4, 4.4, 1.6], 0x9c968c);
  put('stall', at(10.5, -8.5), NORTH, [2, 3.4, 2.6], random.pick([0xa33b34, 0x2f5f8a, 0x4f7a4a]));
  put('wall', at(-5, 9.6), SOUTH, [0.4, 7, 2.3], 0xa39c90);
  put('wall', at(12.6, 5.4), WEST, [0.4, 5, 2.2], 0xa39c90);
  const trees = [at(-17, 9), at(-11.5, 12), at(11, 10), at(4.5, 14), at(16, 4.5), at(17, -6)];
  for (const place of trees) {
    const size = random.between(3, 4.4);
    put('tree', place, EAST, [size, size, random.between(5, 7)], random.pick([0x4d7a3a, 0x5d8a42, 0x456f38]));
  }
  const benches: Spot[] = [];
  for (const [place, facing] of [
    [at(-8, 4.6), at(0, -1)],
    [at(6.5, 5.5), at(0, -1)],
    [at(7, -4.8), at(0, 1)],
    [at(-7, -5), at(0, 1)],
  ] as const) {
    put('bench', place, facing, [0.6, 1.8, 0.9], 0x6f5236);
    benches.push({ position: at(place.x + 0.75 * facing.x, place.y + 0.75 * facing.y), facing });
  }
  const bins: Spot[] = [];
  for (const place of [at(-9.4, 3), at(5, -6.6)]) {
    put('bin', place, EAST, [0.55, 0.55, 1], 0x3b4a3f);
    bins.push({ position: at(place.x + 0.8, place.y), facing: WEST });
  }
  for (const place of [at(-10.4, -8.4), at(8.5, 2.9), at(3.6, 12), at(-3.6, -13.6)])
    put('lamp', place, place.x < 0 ? EAST : WEST, [0.2, 0.2, 4.6], 0x55595e);
  const lane = (id: string, y: number, way: 1 | -1) => ({
    id,
    path: new Path([at(-way * 60, y), at(way * 60, y)]),
    limit: 5,
    flow: 1.6,
    kinds: ['cyclist', 'cyclist', 'van', 'car'] as const,
    turn: 'straight' as const,
  });
  return {
    id: 'plaza',
    title: 'square',
    bounds: box(-60, -40, 60, 40),
    surfaces: [
      { kind: 'grass', polygon: box(-90, -70, 90, 90) },
      { kind: 'paving', polygon: box(-3, -SIDE, 3, REACH + 8) },
      { kind: 'paving', polygon: box(-REACH - 8, -2.5, REACH + 8, 2.5) },
      { kind: 'paving', polygon: box(-9, -8, 9, 8) },
      { kind: 'paving', polygon: box(7, -12, 14, -5) },
      { kind: 'pavement', polygon: box(-70, PAVEMENT.south, 70, PAVEMENT.north), height: 0.1 },
      { kind: 'asphalt', polygon: box(-70, -23, 70, PAVEMENT.south) },
    ],
    markings: [{ kind: 'dashed', from: at(-60, LANE_Y), to: at(60, LANE_Y), width: 0.12 }],
    solids,
    lanes: [lane('east', LANE_Y - 1.2, 1), lane('west', LANE_Y + 1.2, -1)],
    crossings: [],
    walks: {
      nodes: [
        at(-34, 0), // 0
        at(39, 8), // 1: behind the houses, as the next one
        at(10, 37),
        at(-40, -15.9), // 3
        at(42, -15.9),
        at(-5, 0), // 5: round the fountain
        at(0, 5),
        at(5, 0),
        at(0, -5),
        at(0, -15.9), // 9
        at(10, -6), // 10: before the stall
        at(-5, 7.6), // 11: before the wall
        at(38, 0), // 12: the ends of the alleys
        at(0, 36.5),
      ],
      edges: [
        { from: 0, to: 5 },
        { from: 1, to: 12 },
        { from: 12, to: 7 },
        { from: 2, to: 13 },
        { from: 13, to: 6 },
        { from: 5, to: 6 },
        { from: 6, to: 7 },
        { from: 7, to: 8 },
        { from: 8, to: 5 },
        { from: 8, to: 9 },
        { from: 9, to: 3 },
        { from: 9, to: 4 },
        { from: 7, to: 10 },
        { from: 8, to: 10 },
        { from: 5, to: 11 },
        { from: 6, to: 11 },
      ],
      gates: [0, 1, 2, 3, 4],
      breadth: 1.2,
    },
    signals: null,
    mounts: [
      { position: at(-10, -12.6), height: 5.6, target: at(0.5, 0), targetHeight: 0.4, fieldOfView: 40 },
      { position: at(1.5, -14.8), height: 5.8, target: at(0, 0.5), targetHeight: 0.4, fieldOfView: 42 },
      { position: at(-15.5, 2), height: 5.8, target: at(0, -0.5), targetHeight: 0.4, fieldOfView: 40 },
    ],
    spots: {
      open: [at(-4.5, -3.5), at(4.5, 3.8), at(-5.5, 2), at(5, -2.2)].map((position) => ({
        position,
        facing: SOUTH,
      })),
      bench: benches,
      wall: [
        { position: at(-3.8, 8.7), facing: NORTH },
        { position: at(-6.2, 8.7), facing: NORTH },
        { position: at(11.7, 4.2), facing: EAST },
        { position: at(11.7, 6.4), facing: EAST },
      ],
      bin: bins,
      stall: [{ position: at(10, -6.4), facing: SOUTH }],
      goods: [at(9.2, -6.6), at(11.6, -6.6)].map((position) => ({ position, facing: SOUTH })),
    },
    people: 26,
  };
}
