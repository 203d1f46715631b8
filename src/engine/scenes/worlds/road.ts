/**
 * A two-way road: a lane each way, a double line between them, a shoulder on either side, pavements beyond it, and a
 * zebra crossing without lights. Traffic keeps to the right.
 *
 * Spots: none.
 */
import type { Random } from '../../random.ts';
import { box, Path, type Point } from '../ground.ts';
import type { Lane, Solid, World } from './world.ts';

/** Half the length of the road. */
const REACH = 120;
/** Where people come from: far enough to be small. */
const GATE = 50;
/** The middle of a lane, from the middle line. */
const LANE = 2.1;
/** From the middle line to the edge of the carriageway, of the shoulder, and of the pavement. */
const EDGE = 4.2;
const SHOULDER = EDGE + 2.6;
const PAVEMENT = SHOULDER + 3;

const east = (x: number, y: number): Point => ({ x, y });

export function road(random: Random): World {
  const lane = (id: string, y: number, way: 1 | -1): Lane => ({
    id,
    path: new Path([east(-way * REACH, y), east(way * REACH, y)]),
    limit: 11,
    flow: 22,
    kinds: ['car', 'car', 'car', 'car', 'van', 'lorry', 'bus', 'cyclist'],
    turn: 'straight',
    cyclingAside: 1.6,
  });
  const crossingAt = random.between(6, 12);
  const solids: Solid[] = [];
  for (let x = -REACH; x < REACH; x += random.between(9, 16)) {
    const height = random.between(5, 9);
    solids.push({
      kind: 'tree',
      centre: east(x, PAVEMENT + random.between(2, 5)),
      facing: east(0, -1),
      length: 3,
      width: 3,
      height,
      colour: random.pick([0x4d7a3a, 0x5d8a42, 0x3f6b34]),
    });
  }
  for (let x = -REACH; x < REACH;) {
    const length = random.between(12, 20);
    solids.push({
      kind: 'house',
      centre: east(x + length / 2, PAVEMENT + 16),
      facing: east(0, -1),
      length: 10,
      width: length - 2,
      height: random.between(6, 13),
      colour: random.pick([0xb7a99a, 0xa88f7f, 0x9aa3ad, 0xc2b28f, 0x8f7f78]),
    });
    x += length + random.between(0, 6);
  }
  for (const x of [-45, -15, 15, 45]) {
    solids.push({
      kind: 'lamp',
      centre: east(x, SHOULDER + 0.8),
      facing: east(0, -1),
      length: 0.25,
      width: 0.25,
      height: 8,
      colour: 0x70757a,
    });
  }
  return {
    id: 'road',
    title: 'two-way road',
    bounds: box(-REACH, -40, REACH, 40),
    surfaces: [
      { kind: 'grass', polygon: box(-REACH - 60, -80, REACH + 60, 80) },
      { kind: 'pavement', polygon: box(-REACH, SHOULDER, REACH, PAVEMENT), height: 0.12 },
      { kind: 'pavement', polygon: box(-REACH, -PAVEMENT, REACH, -SHOULDER), height: 0.12 },
      { kind: 'gravel', polygon: box(-REACH, -SHOULDER, REACH, SHOULDER) },
      { kind: 'asphalt', polygon: box(-REACH, -EDGE, REACH, EDGE) },
    ],
    markings: [
      { kind: 'double', from: east(-REACH, 0), to: east(REACH, 0), width: 0.35 },
      { kind: 'solid', from: east(-REACH, EDGE - 0.2), to: east(REACH, EDGE - 0.2), width: 0.15 },
      { kind: 'solid', from: east(-REACH, 0.2 - EDGE), to: east(REACH, 0.2 - EDGE), width: 0.15 },
      { kind: 'zebra', from: east(crossingAt, -EDGE), to: east(crossingAt, EDGE), width: 3.5 },
    ],
    solids,
    lanes: [lane('east', -LANE, 1), lane('west', LANE, -1)],
    crossings: [
      {
        id: 'zebra',
        polygon: box(crossingAt - 1.75, -EDGE, crossingAt + 1.75, EDGE),
        from: east(crossingAt, -SHOULDER - 0.5),
        to: east(crossingAt, SHOULDER + 0.5),
        group: null,
      },
    ],
    walks: {
      nodes: [
        east(-GATE, -SHOULDER - 1.5),
        east(crossingAt, -SHOULDER - 1.5),
        east(GATE, -SHOULDER - 1.5),
        east(-GATE, SHOULDER + 1.5),
        east(crossingAt, SHOULDER + 1.5),
        east(GATE, SHOULDER + 1.5),
      ],
      edges: [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
        { from: 3, to: 4 },
        { from: 4, to: 5 },
        { from: 1, to: 4, crossing: 'zebra' },
      ],
      gates: [0, 2, 3, 5],
      breadth: 1,
    },
    signals: null,
    mounts: [
      { position: east(-4, -15), height: 8.5, target: east(2, 0.5), targetHeight: 0, fieldOfView: 46 },
      { position: east(-24, -9), height: 9, target: east(2, 0.5), targetHeight: 0, fieldOfView: 34 },
      { position: east(26, -12), height: 9, target: east(0, 0.5), targetHeight: 0, fieldOfView: 36 },
    ],
    spots: {},
    people: 10,
  };
}
