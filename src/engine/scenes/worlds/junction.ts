/**
 * A junction of two streets with lights. Each arm has a lane in and a lane out, a zebra crossing before its stop line
 * and pavements on both sides; traffic keeps to the right.
 *
 * Spots: none.
 */
import type { Random } from '../../random.ts';
import { bend, box, Path, type Point, type Polygon } from '../ground.ts';
import type { SignalPlan } from '../actors/signals.ts';
import type { Crossing, Lane, Marking, Solid, Surface, Walks, World } from './world.ts';

/** Metres from the middle to the end of an arm. */
const REACH = 80;
/** Where people come from. */
const GATE = 48;
/** The middle of a lane, and the kerb, from the middle of the street. */
const LANE = 1.8;
const KERB = 3.8;
/** The two edges of a crossing, and the stop line before it. */
const CROSSING = { near: 8, far: 11.2 };
const STOP = 12.4;
/** Where the houses begin. */
const FRONT = 14;

/** A quarter turn to the left, n times: what is written for the arm in the south holds for all. */
function turned({ x, y }: Point, quarters: number): Point {
  if (quarters === 0) return { x, y };
  return turned({ x: -y, y: x }, quarters - 1);
}

/** Arms in the order of quarter turns from the south, with the lights of those who come from there. */
const ARMS = ['south', 'east', 'north', 'west'] as const;
const groupOf = (arm: number): string => (arm % 2 === 0 ? 'ns' : 'ew');

/** Those on foot go beside the traffic that goes their way. */
const SIGNALS: SignalPlan = [
  { seconds: 7, green: ['ns', 'walk-ns'] },
  { seconds: 3, green: ['ns'] },
  { seconds: 2, green: [], amber: ['ns'] },
  { seconds: 1.5, green: [] },
  { seconds: 7, green: ['ew', 'walk-ew'] },
  { seconds: 3, green: ['ew'] },
  { seconds: 2, green: [], amber: ['ew'] },
  { seconds: 1.5, green: [] },
];

export function junction(random: Random): World {
  return {
    id: 'junction',
    title: 'signalled junction',
    bounds: box(-REACH, -REACH, REACH, REACH),
    surfaces: surfaces(),
    markings: ARMS.flatMap((_, arm) => markings(arm)),
    solids: ARMS.flatMap((_, corner) => solids(corner, random.stream('corner', corner))),
    lanes: ARMS.flatMap((_, arm) => lanes(arm)),
    crossings: ARMS.map((_, arm) => crossing(arm)),
    walks: walks(),
    signals: SIGNALS,
    mounts: [0, 1, 2, 3].map((corner) => ({
      position: turned({ x: -11.5, y: -13 }, corner),
      height: 9.5,
      target: turned({ x: 1.5, y: 1 }, corner),
      targetHeight: 0,
      fieldOfView: 50,
    })),
    spots: {},
    people: 22,
  };
}

function surfaces(): Surface[] {
  const corners = ARMS.map((_, corner): Surface => {
    const polygon: Polygon = [
      { x: KERB + 1.6, y: -KERB },
      { x: REACH, y: -KERB },
      { x: REACH, y: -REACH },
      { x: KERB, y: -REACH },
      { x: KERB, y: -KERB - 1.6 },
    ].map((point) => turned(point, corner));
    return { kind: 'pavement', polygon, height: 0.12 };
  });
  return [{ kind: 'asphalt', polygon: box(-REACH - 30, -REACH - 30, REACH + 30, REACH + 30) }, ...corners];
}

function markings(arm: number): Marking[] {
  const line = (kind: Marking['kind'], from: Point, to: Point, width: number): Marking => ({
    kind,
    from: turned(from, arm),
    to: turned(to, arm),
    width,
  });
  const middle = (CROSSING.near + CROSSING.far) / 2;
  return [
    line('double', { x: 0, y: -STOP - 10 }, { x: 0, y: -STOP }, 0.3),
    line('dashed', { x: 0, y: -REACH }, { x: 0, y: -STOP - 10 }, 0.15),
    line('stop', { x: 0.2, y: -STOP }, { x: KERB - 0.2, y: -STOP }, 0.4),
    line('zebra', { x: -KERB, y: -middle }, { x: KERB, y: -middle }, CROSSING.far - CROSSING.near),
  ];
}

/** The three ways that one may go who comes from an arm. */
function lanes(arm: number): Lane[] {
  const from = ARMS[arm];
  const opposite = ARMS[(arm + 2) % 4];
  const path = (points: Point[]) => new Path(points.map((point) => turned(point, arm)));
  const start = { x: LANE, y: -REACH };
  const straight = path([start, { x: LANE, y: REACH }]);
  const right = path([
    start,
    ...bend({ x: LANE, y: -7.5 }, { x: LANE, y: -LANE }, { x: 7.5, y: -LANE }),
    { x: REACH, y: -LANE },
  ]);
  const left = path([
    start,
    ...bend({ x: LANE, y: -5.5 }, { x: LANE, y: LANE }, { x: -5.5, y: LANE }, 14),
    { x: -REACH, y: LANE },
  ]);
  const stop = { at: REACH - STOP, group: groupOf(arm) };
  const crossesAt = left.project(turned({ x: -LANE, y: LANE }, arm)).distance;
  const shared = { limit: 9, stop, kinds: ['car', 'car', 'car', 'car', 'van', 'lorry', 'cyclist'] as const };
  return [
    {
      ...shared,
      id: `${from}-straight`,
      path: straight,
      flow: 7,
      turn: 'straight',
      kinds: [...shared.kinds, 'bus'],
    },
    { ...shared, id: `${from}-right`, path: right, flow: 1.8, turn: 'right' },
    {
      ...shared,
      id: `${from}-left`,
      path: left,
      flow: 1.8,
      turn: 'left',
      gives: [
        { way: `${opposite}-straight`, at: crossesAt },
        { way: `${opposite}-right`, at: crossesAt + 2 },
      ],
    },
  ];
}

function crossing(arm: number): Crossing {
  const middle = (CROSSING.near + CROSSING.far) / 2;
  const at = (x: number, y: number) => turned({ x, y }, arm);
  return {
    id: ARMS[arm],
    polygon: [
      at(-KERB, -CROSSING.far),
      at(KERB, -CROSSING.far),
      at(KERB, -CROSSING.near),
      at(-KERB, -CROSSING.near),
    ],
    from: at(-KERB - 0.7, -middle),
    to: at(KERB + 0.7, -middle),
    // Who crosses the arm in the south walks east or west.
    group: arm % 2 === 0 ? 'walk-ew' : 'walk-ns',
  };
}

/** Per corner: a node at the crossing of either street, and a gate at the end of either pavement. */
function walks(): Walks {
  const middle = (CROSSING.near + CROSSING.far) / 2;
  const nodes = ARMS.flatMap((_, corner) =>
    [
      { x: KERB + 1.2, y: -middle },
      { x: middle, y: -KERB - 1.2 },
      { x: KERB + 2, y: -GATE },
      { x: GATE, y: -KERB - 2 },
    ].map((point) => turned(point, corner)),
  );
  const edges = ARMS.flatMap((arm, corner) => {
    const first = 4 * corner;
    // The corner in the south-west is the fourth: its second node lies on the other side of the arm in the south.
    const across = 4 * ((corner + 3) % 4) + 1;
    return [
      { from: first, to: first + 1 },
      { from: first, to: first + 2 },
      { from: first + 1, to: first + 3 },
      { from: first, to: across, crossing: arm },
    ];
  });
  const gates = ARMS.flatMap((_, corner) => [4 * corner + 2, 4 * corner + 3]);
  return { nodes, edges, gates, breadth: 1.2 };
}

function solids(corner: number, random: Random): Solid[] {
  const made: Solid[] = [];
  const put = (
    kind: Solid['kind'],
    place: Point,
    facing: Point,
    size: [number, number, number],
    colour: number,
  ) => {
    const [length, width, height] = size;
    made.push({
      kind,
      centre: turned(place, corner),
      facing: turned(facing, corner),
      length,
      width,
      height,
      colour,
    });
  };
  const walls = [0xb7a99a, 0xa88f7f, 0x9aa3ad, 0xc2b28f, 0x8f7f78, 0xa0937c] as const;
  // A house on the corner, set back, and a row along either street.
  const depth = 12;
  for (let x = FRONT; x < REACH;) {
    const width = random.between(11, 17);
    put(
      'house',
      { x: x + width / 2, y: -FRONT - depth / 2 },
      { x: 0, y: 1 },
      [depth, width - 0.5, random.between(7, 15)],
      random.pick(walls),
    );
    x += width;
  }
  for (let y = FRONT + depth; y < REACH;) {
    const width = random.between(11, 17);
    put(
      'house',
      { x: FRONT + depth / 2, y: -y - width / 2 },
      { x: -1, y: 0 },
      [depth, width - 0.5, random.between(7, 15)],
      random.pick(walls),
    );
    y += width;
  }
  put('signal', { x: KERB + 0.5, y: -STOP + 0.4 }, { x: 0, y: -1 }, [0.25, 0.25, 3.6], 0x33363a);
  put('lamp', { x: KERB + 0.8, y: -22 - random.between(0, 4) }, { x: -1, y: 0 }, [0.22, 0.22, 7.5], 0x6b7076);
  put('lamp', { x: 24 + random.between(0, 4), y: -KERB - 0.8 }, { x: 0, y: 1 }, [0.22, 0.22, 7.5], 0x6b7076);
  for (let x = 17; x < 60; x += random.between(9, 14))
    put(
      'tree',
      { x, y: -KERB - 5.4 },
      { x: 0, y: 1 },
      [2.6, 2.6, random.between(4.5, 7)],
      random.pick([0x4d7a3a, 0x5d8a42, 0x456f38]),
    );
  put('bin', { x: 7.6, y: -11.8 }, { x: 0, y: 1 }, [0.5, 0.5, 1], 0x3b4a3f);
  return made;
}
