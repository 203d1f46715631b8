import { describe, expect, it, vi } from 'vitest';
import { isVehicle, type Actor } from '../../../src/engine/scenes/actors/actor.ts';
import { GONE } from '../../../src/engine/scenes/actors/crowd.ts';
import { detour } from '../../../src/engine/scenes/actors/detour.ts';
import { Dog } from '../../../src/engine/scenes/actors/dog.ts';
import { footprint } from '../../../src/engine/scenes/actors/forces.ts';
import { DOORWAY, Walker } from '../../../src/engine/scenes/actors/walker.ts';
import { backwards, gatesFrom, nearestNode, wayBetween } from '../../../src/engine/scenes/actors/ways.ts';
import { contains, distance, dot, leftOf, subtract, type Point } from '../../../src/engine/scenes/ground.ts';
import { Sight } from '../../../src/engine/scenes/sight.ts';
import { Street } from '../../../src/engine/scenes/street.ts';
import { WORLD_IDS } from '../../../src/engine/scenes/worlds/catalogue.ts';
import type { Solid, Walks, WorldId } from '../../../src/engine/scenes/worlds/world.ts';

// Whole minutes of streets.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60 * 15;
const SEEDS = [1, 2, 3];

const street = (world: WorldId, seed: number) =>
  new Street({ world, seed, seconds: 60, events: [], conditions: { weather: 'clear' } });
const people = ({ actors }: Street): Actor[] => actors.filter(({ kind }) => kind === 'person');

function isInside(place: Point, solid: Solid): boolean {
  const away = subtract(place, solid.centre);
  const [halfLength, halfWidth] = footprint(solid);
  return (
    Math.abs(dot(away, solid.facing)) < halfLength && Math.abs(dot(away, leftOf(solid.facing))) < halfWidth
  );
}

/** Two people to whom nothing else happens, in an empty street. */
function emptied(world: WorldId, seed: number): Street {
  const scene = street(world, seed);
  for (const { id } of scene.world.lanes) scene.traffic.closed.add(id);
  for (const actor of scene.actors) actor.isGone = true;
  scene.advance();
  for (const actor of scene.actors) actor.isGone = true;
  return scene;
}

describe.each(WORLD_IDS)('a minute of the %s', (world) => {
  it.each(SEEDS)('has nobody in a wall, and nobody on the road but at crossings (seed %i)', (seed) => {
    const scene = street(world, seed);
    const { walks, solids, lanes, crossings } = scene.world;
    const doors = (walks.doors ?? []).map((node) => walks.nodes[node]);
    for (let frame = 0; frame < MINUTE; frame++) {
      scene.advance();
      for (const { id, position, pose } of people(scene)) {
        const what = `${id} at ${position.x.toFixed(1)}, ${position.y.toFixed(1)} in frame ${frame}`;
        const isInDoor = doors.some((door) => distance(door, position) < DOORWAY.depth);
        // Who sits on a bench is on it.
        const within = isInDoor || pose === 'sit' ? [] : solids.filter((solid) => isInside(position, solid));
        expect(
          within.filter(({ kind }) => kind !== 'bench').map(({ kind }) => kind),
          what,
        ).toEqual([]);
        const isOnLane = lanes.some(({ path }) => Math.abs(path.project(position).offset) < 1.2);
        if (isOnLane)
          expect(
            crossings.some(({ polygon }) => contains(polygon, position)),
            what,
          ).toBe(true);
      }
    }
  });

  it('has as many people as it should, who get on', () => {
    const scene = street(world, 1);
    const wanted = scene.world.people * scene.conditions.density;
    const ids = new Set<number>();
    let count = 0;
    for (let frame = 0; frame < MINUTE; frame++) {
      scene.advance();
      count += people(scene).length;
      for (const { id } of people(scene)) ids.add(id);
    }
    expect(count / MINUTE).toBeGreaterThan(0.7 * wanted);
    expect(count / MINUTE).toBeLessThan(1.2 * wanted + 2);
    expect(ids.size).toBeGreaterThan(1.4 * wanted);
  });

  it('is the same for the same seed, and another for another', () => {
    const places = (seed: number) => {
      const scene = street(world, seed);
      for (let frame = 0; frame < 60; frame++) scene.advance();
      return scene.actors.map(({ id, position, facing, pose }) => ({ id, position, facing, pose }));
    };
    expect(places(4)).toEqual(places(4));
    expect(places(4)).not.toEqual(places(5));
  });
});

describe.each(['plaza', 'shop', 'carpark'] as const)('people of the %s', (world) => {
  it('come and go where they are not seen, at doors, or at their cars', () => {
    for (const seed of SEEDS) {
      const scene = street(world, seed);
      const sight = new Sight(scene);
      const { doors = [], nodes, cars = [] } = scene.world.walks;
      const exits = [...doors.map((node) => nodes[node]), ...cars.map(({ door }) => door.position)];
      const isOpen = (actor: Actor) =>
        actor.kind === 'person' &&
        scene.camera.sees(actor.position, 0.9, -4) &&
        (sight.boxOf(actor)?.visible ?? 0) > 0.3 &&
        !exits.some((exit) => distance(exit, actor.position) < 1.5);
      let before = new Set(scene.actors);
      for (let frame = 0; frame < MINUTE; frame++) {
        scene.advance();
        const now = new Set(scene.actors);
        const came = [...now].filter((actor) => !before.has(actor) && isOpen(actor));
        const left = [...before].filter((actor) => !now.has(actor) && isOpen(actor));
        expect(
          [...came, ...left].map(({ position }) => position),
          `seed ${seed}, frame ${frame}`,
        ).toEqual([]);
        before = now;
      }
    }
  });

  it('walk no dogs, for that is an event', () => {
    for (const seed of SEEDS)
      expect(street(world, seed).actors.some(({ kind }) => kind === 'dog')).toBe(false);
  });

  it('do more than walk', () => {
    const poses = new Set<string>();
    const held = new Set<string | null>();
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const scene = street(world, seed);
      for (let frame = 0; frame < MINUTE; frame++) {
        scene.advance();
        for (const actor of people(scene)) {
          poses.add(actor.pose);
          held.add(actor.held);
        }
      }
    }
    for (const pose of ['walk', 'stand']) expect(poses).toContain(pose);
    if (world === 'plaza') expect(poses).toContain('run');
    if (world !== 'carpark') expect(poses).toContain('sit');
    for (const thing of ['handbag', 'phone']) expect(held).toContain(thing);
    if (world !== 'plaza') expect(held).toContain('parcel');
  });
});

it('people of a group stay together', () => {
  const scene = emptied('plaza', 3);
  const way = wayBetween(scene.world.walks, 3, 2);
  const company: Actor[] = [];
  for (let i = 0; i < 3; i++) {
    const actor = scene.crowd.person({ x: way[0].place.x - 0.8 * i, y: way[0].place.y }, scene.random, null);
    company.push(actor);
    // The last one is slower by nature.
    actor.mind = new Walker(way, { speed: 1.4 - 0.15 * i, company });
  }
  let furthest = 0;
  for (let frame = 0; frame < 25 * 15; frame++) {
    scene.advance();
    for (const a of company)
      for (const b of company) furthest = Math.max(furthest, distance(a.position, b.position));
  }
  expect(furthest).toBeLessThan(3.2);
  expect(distance(company[0].position, way[0].place)).toBeGreaterThan(20);
});

it('who walks alone walks at the wished speed (eq. 2)', () => {
  const scene = emptied('plaza', 3);
  const actor = scene.crowd.person({ x: -14, y: 0 }, scene.random, null);
  actor.mind = new Walker([{ place: { x: 40, y: -0.5 } }], { speed: 1.4 });
  for (let frame = 0; frame < 45; frame++) scene.advance();
  expect(actor.speed).toBeCloseTo(1.4, 1);
  expect(actor.pose).toBe('walk');
  expect(actor.stride).toBeCloseTo(distance(actor.position, { x: -14, y: 0 }), 0);
});

it('two who meet pass each other without touching', () => {
  const scene = emptied('plaza', 3);
  const [a, b] = [-6, 6].map((x) => {
    const actor = scene.crowd.person({ x, y: -6.5 }, scene.random, null);
    actor.mind = new Walker([{ place: { x: -x, y: -6.5 } }], { speed: 1.3 });
    return actor;
  });
  let nearest = Infinity;
  for (let frame = 0; frame < 12 * 15; frame++) {
    scene.advance();
    nearest = Math.min(nearest, distance(a.position, b.position));
  }
  expect(nearest).toBeGreaterThan(0.45);
  expect(distance(a.position, { x: 6, y: -6.5 })).toBeLessThan(1);
  expect(distance(b.position, { x: -6, y: -6.5 })).toBeLessThan(1);
});

it('people wait at red and cross at green', () => {
  let waited = 0;
  let crossed = 0;
  for (const seed of SEEDS) {
    const scene = street('junction', seed);
    const on = new Map<number, string | null>();
    for (let frame = 0; frame < MINUTE; frame++) {
      scene.advance();
      for (const { id, position, mind } of people(scene)) {
        if (mind instanceof Walker && mind.waitsAt) waited++;
        const crossing = scene.world.crossings.find(({ polygon }) => contains(polygon, position));
        const before = on.get(id);
        // Who steps onto it from the pavement does so at green; a step takes its time.
        if (crossing && before === null) {
          crossed++;
          const hadGreen = scene.light(crossing.group!) === 'green' || lately(scene, crossing.group!);
          expect(hadGreen, `${id} in frame ${frame} of seed ${seed}`).toBe(true);
        }
        on.set(id, crossing?.id ?? null);
      }
    }
  }
  expect(waited).toBeGreaterThan(100);
  expect(crossed).toBeGreaterThan(10);
});

/** Whether a group had green within the last two seconds. */
function lately(scene: Street, group: string): boolean {
  const { seconds } = scene;
  scene.seconds = seconds - 2;
  const light = scene.light(group);
  scene.seconds = seconds;
  return light === 'green';
}

it('at a zebra without lights people wait for what comes, and vehicles for people', () => {
  for (const seed of SEEDS) {
    const scene = street('road', seed);
    for (let frame = 0; frame < MINUTE; frame++) {
      scene.advance();
      for (const person of people(scene))
        for (const vehicle of scene.actors.filter(isVehicle)) {
          const away = subtract(person.position, vehicle.position);
          const isRunOver =
            Math.abs(dot(away, vehicle.facing)) < vehicle.size.length / 2 &&
            Math.abs(dot(away, leftOf(vehicle.facing))) < vehicle.size.width / 2 - 0.1;
          expect(isRunOver, `${person.id} in frame ${frame} of seed ${seed}`).toBe(false);
        }
    }
  }
});

it('a dog keeps near its owner, and goes with them', () => {
  const scene = emptied('plaza', 1);
  const owner = scene.crowd.person({ x: -20, y: 0 }, scene.random, null);
  owner.mind = new Walker([{ place: { x: -4, y: 1 } }], { speed: 1.2, then: GONE });
  const dog = scene.crowd.dogOf(owner, scene.random);
  expect(dog.mind).toBeInstanceOf(Dog);
  while (!owner.isGone) {
    scene.advance();
    expect(distance(owner.position, dog.position)).toBeLessThan(2.5);
  }
  scene.advance();
  expect(dog.isGone).toBe(true);
});

it('who is sent away goes to a gate, round what is in the way, and is gone', () => {
  const scene = emptied('carpark', 2);
  const actor = scene.crowd.person({ x: 1.2, y: 7 }, scene.random, null);
  scene.crowd.leave(actor, { speed: 2 });
  for (let frame = 0; frame < 40 * 15 && !actor.isGone; frame++) scene.advance();
  expect(actor.isGone).toBe(true);
  const { nodes, gates } = scene.world.walks;
  expect(Math.min(...gates.map((gate) => distance(nodes[gate], actor.position)))).toBeLessThan(1);
});

describe('ways', () => {
  const walks: Walks = {
    nodes: [
      { x: 0, y: 0 },
      { x: 5, y: 0 },
      { x: 5, y: 5 },
      { x: 0, y: 9 },
      { x: 20, y: 20 },
    ],
    edges: [
      { from: 0, to: 1 },
      { from: 1, to: 2, crossing: 'zebra' },
      { from: 2, to: 3 },
      { from: 0, to: 3 },
    ],
    gates: [0, 2, 4],
    breadth: 1,
  };

  it('are the shortest, with the crossings that they take', () => {
    expect(wayBetween(walks, 0, 2).map(({ place, crossing }) => ({ place, crossing }))).toEqual([
      { place: { x: 0, y: 0 }, crossing: undefined },
      { place: { x: 5, y: 0 }, crossing: undefined },
      { place: { x: 5, y: 5 }, crossing: 'zebra' },
    ]);
  });

  it('lead back over the same crossings', () => {
    const there = wayBetween(walks, 0, 2);
    expect(backwards(there)).toEqual(wayBetween(walks, 2, 0));
  });

  it('lead to no gate that cannot be reached', () => {
    expect(gatesFrom(walks, 1)).toEqual([0, 2]);
    expect(nearestNode(walks, { x: 18, y: 17 })).toBe(4);
  });
});

it('a detour goes by way of a corner, and only where something is in the way', () => {
  const wall: Solid = {
    kind: 'wall',
    centre: { x: 0, y: 0 },
    facing: { x: 1, y: 0 },
    length: 1,
    width: 6,
    height: 2,
    colour: 0,
  };
  expect(detour({ x: -3, y: 0 }, { x: -3, y: 8 }, [wall])).toBeNull();
  const corner = detour({ x: -3, y: 1 }, { x: 3, y: 1 }, [wall])!;
  expect(corner.x).toBeLessThan(-0.5);
  expect(corner.y).toBeGreaterThan(3);
  const next = detour(corner, { x: 3, y: 1 }, [wall]);
  // From the corner on it sees its goal, or goes by way of the next corner.
  if (next) expect(next.x).toBeGreaterThan(0.5);
});
