/**
 * A square between houses, as on a campus: paths that meet at a fountain, lawns, benches under trees, a stall. Now and
 * then a van or a cyclist passes on the lane at its edge.
 *
 * Spots: `open`, on the pavement where there is room; `bench`, before each bench; `wall`, before the wall that could be
 * sprayed at; `bin`, beside each bin; `stall`, before the stall.
 */
import type { Random } from '../../random.ts';
import { box, Path, type Point } from '../ground.ts';
import type { Solid, Spot, World } from './world.ts';

/** Half the side of the square, and to where the paths lead. */
const SIDE = 17;
const REACH = 30;
/** The lane in the south. */
const LANE_Y = -20;

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
  // Houses in the north and the east; what is behind the camera is not seen.
  for (let x = -REACH; x < REACH;) {
    const width = random.between(12, 20);
    if (x + width < -3 || x > 3)
      put(
        'house',
        at(x + width / 2, 29),
        SOUTH,
        [10, width - 0.5, random.between(8, 15)],
        random.pick(walls),
      );
    x += width;
  }
  for (let y = -12; y < 20;) {
    const width = random.between(11, 16);
    if (y + width < -2.5 || y > 2.5)
      put('house', at(31, y + width / 2), WEST, [10, width - 0.5, random.between(8, 14)], random.pick(walls));
    y += width;
  }
  put('fountain', at(0, 0), EAST, [4.4, 4.4, 1.6], 0x9c968c);
  put('stall', at(10.5, -8.5), NORTH, [2, 3.4, 2.6], random.pick([0xa33b34, 0x2f5f8a, 0x4f7a4a]));
  put('wall', at(-5, 9.6), SOUTH, [0.4, 7, 2.3], 0xa39c90);
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
  for (const place of [at(-8, -1.9), at(8.5, 2), at(2.2, 9), at(-2.2, -11)])
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
      { kind: 'paving', polygon: box(-3, -SIDE, 3, REACH) },
      { kind: 'paving', polygon: box(-REACH, -2.5, REACH, 2.5) },
      { kind: 'paving', polygon: box(-9, -8, 9, 8) },
      { kind: 'paving', polygon: box(7, -12, 14, -5) },
      { kind: 'pavement', polygon: box(-70, -18, 70, -SIDE), height: 0.1 },
      { kind: 'asphalt', polygon: box(-70, -23, 70, -18) },
    ],
    markings: [{ kind: 'dashed', from: at(-60, LANE_Y - 0.5), to: at(60, LANE_Y - 0.5), width: 0.12 }],
    solids,
    lanes: [lane('east', LANE_Y - 1.6, 1), lane('west', LANE_Y + 0.7, -1)],
    crossings: [],
    walks: {
      nodes: [
        at(-REACH, 0), // 0
        at(REACH, 0),
        at(0, REACH),
        at(-30, -17.5),
        at(30, -17.5),
        at(-5, 0), // 5: round the fountain
        at(0, 5),
        at(5, 0),
        at(0, -5),
        at(0, -16.8), // 9
        at(10, -6.2), // 10: before the stall
        at(-5, 7.8), // 11: before the wall
      ],
      edges: [
        { from: 0, to: 5 },
        { from: 1, to: 7 },
        { from: 2, to: 6 },
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
      { position: at(-11, -14), height: 5.8, target: at(0.5, 0), targetHeight: 0.4, fieldOfView: 40 },
      { position: at(1, -16.5), height: 6.2, target: at(0, 0.5), targetHeight: 0.4, fieldOfView: 42 },
      { position: at(-16.5, 2), height: 6, target: at(0, 0), targetHeight: 0.4, fieldOfView: 40 },
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
      ],
      bin: bins,
      stall: [{ position: at(10, -6.4), facing: SOUTH }],
    },
    people: 20,
  };
}
