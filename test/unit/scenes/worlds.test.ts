import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/engine/random.ts';
import { footprint } from '../../../src/engine/scenes/actors/forces.ts';
import { wayBetween } from '../../../src/engine/scenes/actors/ways.ts';
import { Camera } from '../../../src/engine/scenes/camera.ts';
import { contains, dot, leftOf, subtract, type Point } from '../../../src/engine/scenes/ground.ts';
import { STREET_SIZE } from '../../../src/engine/scenes/street.ts';
import { makeWorld, WORLD_IDS } from '../../../src/engine/scenes/worlds/catalogue.ts';
import type { Solid, World } from '../../../src/engine/scenes/worlds/world.ts';

/** Pixels that a person must have in the middle of the picture, where what people do is to be recognised. */
const LEGIBLE = 30;
const CITY = ['plaza', 'shop', 'carpark'] as const;
const SEEDS = [1, 2, 3, 4, 5];

const isInside = (place: Point, solid: Solid): boolean => {
  const away = subtract(place, solid.centre);
  const [halfLength, halfWidth] = footprint(solid);
  return (
    Math.abs(dot(away, solid.facing)) < halfLength && Math.abs(dot(away, leftOf(solid.facing))) < halfWidth
  );
};

const cameras = (world: World) => world.mounts.map((mount) => new Camera(mount, STREET_SIZE));

describe.each(WORLD_IDS)('the world "%s"', (id) => {
  const worlds = SEEDS.map((seed) => makeWorld(id, new Random(seed)));

  it('is the same again for the same draws, and differs for others', () => {
    expect(makeWorld(id, new Random(1))).toEqual(worlds[0]);
    expect(makeWorld(id, new Random(2)).solids).not.toEqual(worlds[0].solids);
  });

  it('leads from every gate to every other', () => {
    for (const { walks } of worlds) {
      expect(walks.gates.length).toBeGreaterThanOrEqual(3);
      for (const from of walks.gates)
        for (const to of walks.gates)
          if (from !== to) expect(wayBetween(walks, from, to).length, `${from} to ${to}`).toBeGreaterThan(1);
    }
  });

  it('has no place of a way in a wall, but for its doors', () => {
    for (const { walks, solids } of worlds)
      walks.nodes.forEach((node, i) => {
        if (walks.doors?.includes(i)) return;
        expect(
          solids.filter((solid) => isInside(node, solid)).map(({ kind }) => kind),
          `node ${i}`,
        ).toEqual([]);
      });
  });

  it('names only crossings that it has, and joins their kerbs', () => {
    for (const { walks, crossings } of worlds) {
      const named = walks.edges.flatMap(({ crossing }) => crossing ?? []);
      expect(new Set(named)).toEqual(new Set(crossings.map((crossing) => crossing.id)));
    }
  });

  it('has lanes that come from outside and lead out again, over ground that is not built on', () => {
    for (const { lanes, bounds, solids } of worlds) {
      expect(lanes.length).toBeGreaterThan(0);
      for (const { path, stop } of lanes) {
        const isEnd = (place: Point) =>
          !contains(bounds, { x: place.x * 0.999, y: place.y * 0.999 }) || isAtEdge(place, bounds);
        expect(isEnd(path.points[0])).toBe(true);
        expect(isEnd(path.points.at(-1)!)).toBe(true);
        if (stop) expect(stop.at).toBeLessThan(path.length);
        for (let at = 0; at < path.length; at += 1)
          for (const solid of solids)
            if (isInside(path.at(at).position, solid)) expect.fail(`a ${solid.kind} stands on a lane`);
      }
    }
  });
});

const isAtEdge = (place: Point, bounds: readonly Point[]): boolean =>
  bounds.some(({ x, y }) => Math.abs(x - place.x) < 1 || Math.abs(y - place.y) < 1);

describe.each(CITY)('the cameras of the %s', (id) => {
  const worlds = SEEDS.map((seed) => makeWorld(id, new Random(seed)));

  it('hang high, show people large in the middle, and not from within a wall', () => {
    for (const world of worlds) {
      expect(world.mounts.length).toBeGreaterThanOrEqual(3);
      for (const camera of cameras(world)) {
        const { position, height, target } = camera.mount;
        expect(height).toBeGreaterThan(5);
        expect(camera.pixels(target, 1.75)).toBeGreaterThanOrEqual(LEGIBLE);
        for (const solid of world.solids)
          if (isInside(position, solid)) expect(solid.height, solid.kind).toBeLessThan(height);
      }
    }
  });

  it('see spots of every kind, some of them each', () => {
    for (const world of worlds) {
      const views = cameras(world);
      for (const [name, spots] of Object.entries(world.spots)) {
        expect(spots.length, name).toBeGreaterThan(0);
        const isSeen = views.some((camera) => spots.some(({ position }) => camera.sees(position, 0.9, 12)));
        expect(isSeen, name).toBe(true);
      }
      for (const camera of views) {
        const open = world.spots.open.filter(({ position }) => camera.sees(position, 0.9, 12));
        expect(open.length).toBeGreaterThanOrEqual(2);
      }
    }
  });

  it('find the spots free: nobody who stands there stands in a wall', () => {
    for (const { spots, solids } of worlds)
      for (const [name, places] of Object.entries(spots))
        for (const { position, facing } of places) {
          expect(Math.abs(dot(facing, facing) - 1), name).toBeLessThan(1e-6);
          const within = solids.filter((solid) => isInside(position, solid)).map(({ kind }) => kind);
          expect(within, `${name} at ${position.x}, ${position.y}`).toEqual([]);
        }
  });
});
