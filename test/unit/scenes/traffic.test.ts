import { describe, expect, it } from 'vitest';
import { isVehicle, type Actor } from '../../../src/engine/scenes/actors/actor.ts';
import type { Driver } from '../../../src/engine/scenes/actors/driver.ts';
import { distance, dot, leftOf, subtract, type Point } from '../../../src/engine/scenes/ground.ts';
import { Street } from '../../../src/engine/scenes/street.ts';
import type { WorldId } from '../../../src/engine/scenes/worlds/world.ts';

const FRAMES = 300;
const street = (world: WorldId, seed: number) => new Street({ world, seed, seconds: 20, events: [] });

/** Whether the rectangles that two actors cover overlap (separating axes), by more than a hand's breadth. */
function overlap(a: Actor, b: Actor): boolean {
  const away = subtract(b.position, a.position);
  const half = (actor: Actor, axis: Point) =>
    (Math.abs(dot(actor.facing, axis)) * actor.size.length +
      Math.abs(dot(leftOf(actor.facing), axis)) * actor.size.width) /
    2;
  const axes = [a.facing, leftOf(a.facing), b.facing, leftOf(b.facing)];
  return axes.every((axis) => Math.abs(dot(away, axis)) < half(a, axis) + half(b, axis) - 0.1);
}

describe.each(['road', 'junction'] as const)('traffic of the %s', (world) => {
  it.each([1, 2, 3, 4])('never runs into itself (seed %i)', (seed) => {
    const scene = street(world, seed);
    let vehicles = 0;
    for (let frame = 0; frame < FRAMES; frame++) {
      scene.advance();
      const there = scene.actors.filter(isVehicle);
      vehicles += there.length;
      for (const [i, a] of there.entries())
        for (const b of there.slice(i + 1))
          expect(overlap(a, b), `frame ${frame}: ${a.kind} ${b.kind}`).toBe(false);
    }
    expect(vehicles / FRAMES).toBeGreaterThan(3);
  });

  it('keeps to its lanes, moves on, and goes forwards', () => {
    const scene = street(world, 9);
    const gone = new Map<number, number>();
    for (let frame = 0; frame < FRAMES; frame++) {
      scene.advance();
      for (const { actor, driver } of scene.traffic.drivers()) {
        const { offset } = driver.lane.path.project(actor.position, [
          driver.distance - 3,
          driver.distance + 3,
        ]);
        expect(Math.abs(offset)).toBeLessThan(2);
        expect(actor.speed).toBeGreaterThanOrEqual(0);
        gone.set(actor.id, (gone.get(actor.id) ?? 0) + actor.speed / 15);
      }
    }
    expect(Math.max(...gone.values())).toBeGreaterThan(60);
  });
});

it('stops at red, before the line, and goes at green', () => {
  const scene = street('junction', 5);
  let held = 0;
  let passed = 0;
  const before = new Map<number, number>();
  for (let frame = 0; frame < 2 * FRAMES; frame++) {
    scene.advance();
    for (const { actor, driver } of scene.traffic.drivers()) {
      const { stop } = driver.lane;
      if (!stop) continue;
      const nose = driver.distance + actor.size.length / 2;
      const was = before.get(actor.id) ?? nose;
      if (was < stop.at && nose >= stop.at) {
        passed++;
        expect(scene.light(stop.group), `${actor.kind} at ${nose}`).not.toBe('red');
      }
      if (scene.light(stop.group) === 'red' && actor.speed < 0.1 && nose < stop.at && stop.at - nose < 3)
        held++;
      before.set(actor.id, nose);
    }
  }
  expect(held).toBeGreaterThan(20);
  expect(passed).toBeGreaterThan(5);
});

it('gives way to oncoming traffic when it turns left', () => {
  const scene = street('junction', 21);
  const turning = scene.world.lanes.find(({ id }) => id === 'south-left')!;
  const oncoming = scene.world.lanes.find(({ id }) => id === 'north-straight')!;
  for (const actor of scene.actors) actor.isGone = true;
  scene.traffic.closed.clear();
  for (const { id } of scene.world.lanes) scene.traffic.closed.add(id);
  while (scene.light('ns') !== 'green') scene.advance();
  const turner = scene.traffic.enter(turning, 'car', turning.stop!.at - 4, scene.random);
  const other = scene.traffic.enter(oncoming, 'car', oncoming.stop!.at - 14, scene.random);
  const conflict = turning.path.at(turning.gives![0].at).position;
  const arrivals = new Map<Actor, number>();
  for (let frame = 0; frame < FRAMES && arrivals.size < 2; frame++) {
    scene.advance();
    for (const actor of [turner, other])
      if (!arrivals.has(actor) && distance(actor.position, conflict) < 1.5) arrivals.set(actor, frame);
  }
  expect(arrivals.get(other)!).toBeLessThan(arrivals.get(turner)!);
});

it('follows the Intelligent Driver Model: speed and distance of a queue that is under way settle', () => {
  const scene = street('road', 2);
  for (const actor of scene.actors) actor.isGone = true;
  for (const { id } of scene.world.lanes) scene.traffic.closed.add(id);
  scene.advance();
  const [lane] = scene.world.lanes;
  const leader = scene.traffic.enter(lane, 'car', 40, scene.random);
  const follower = scene.traffic.enter(lane, 'car', 20, scene.random);
  (leader.mind as Driver).wish = 5;
  (follower.mind as Driver).wish = 12;
  for (let frame = 0; frame < 12 * 15; frame++) scene.advance();
  const gap = distance(leader.position, follower.position) - 4.3;
  // Eq. 4 with both at v: the gap is (s0 + vT) / sqrt(1 - (v/v0)^4).
  const expected = (1.8 + 5 * 1.2) / Math.sqrt(1 - (5 / 12) ** 4);
  expect(follower.speed).toBeCloseTo(5, 1);
  expect(Math.abs(gap - expected)).toBeLessThan(0.5);
});
