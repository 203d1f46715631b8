import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/engine/scenes/actors/actor.ts';
import type { RunningEvent } from '../../../src/engine/scenes/events/event.ts';
import { add, between, leftOf, scale, subtract, unit } from '../../../src/engine/scenes/ground.ts';
import { Sight } from '../../../src/engine/scenes/sight.ts';
import { Street } from '../../../src/engine/scenes/street.ts';
import { TruthRecorder } from '../../../src/engine/scenes/truth.ts';
import type { Solid } from '../../../src/engine/scenes/worlds/world.ts';

const COLOURS = { colour: 0, accent: 0 };

/** A road with nobody on it and nothing beside it, and a car across the view in the middle of the picture. */
function scene() {
  const street = new Street({ world: 'road', seed: 4, seconds: 10, events: [] });
  street.actors.splice(0);
  const solids = street.world.solids as Solid[];
  solids.splice(0);
  const { position: eye, target } = street.camera.mount;
  const ahead = unit(subtract(target, eye));
  const car = street.add('car', { position: target, facing: leftOf(ahead), look: COLOURS });
  /** A wall before the car: its edge is so many metres to the right of the line from the camera to the car. */
  const wall = (kind: Solid['kind'], from: number, size: { width: number; height: number }) => {
    const centre = add(between(eye, target, 0.8), scale(leftOf(ahead), -from - size.width / 2));
    solids.push({ kind, centre, facing: scale(ahead, -1), length: 0.2, colour: 0, ...size });
  };
  return { street, solids, car, ahead, wall, box: (actor = car) => new Sight(street).boxOf(actor) };
}

describe('the box of an actor', () => {
  it('holds the corners of its body, and all of it is visible where nothing is in the way', () => {
    const { street, car, box } = scene();
    const left = leftOf(car.facing);
    const corners = [-1, 1].flatMap((x) =>
      [-1, 1].flatMap((y) =>
        [0, 1.5].map((z) =>
          street.camera.project(
            add(car.position, add(scale(car.facing, (x * 4.3) / 2), scale(left, (y * 1.8) / 2))),
            z,
          )!,
        ),
      ),
    );
    const { x1, y1, x2, y2, visible } = box()!;
    expect(visible).toBe(1);
    expect(x1).toBeCloseTo(Math.min(...corners.map(({ x }) => x)), 3);
    expect(x2).toBeCloseTo(Math.max(...corners.map(({ x }) => x)), 3);
    expect(y1).toBeCloseTo(Math.min(...corners.map(({ y }) => y)), 3);
    expect(y2).toBeCloseTo(Math.max(...corners.map(({ y }) => y)), 3);
    expect((x1 + x2) / 2).toBeCloseTo(160, -1);
  });

  it('turns with it: nose up, over to the right, and flat where someone lies', () => {
    const { street, car, box } = scene();
    const level = box()!;
    car.pitch = 0.4;
    const up = box()!;
    expect(up.y1).toBeLessThan(level.y1 - 3);
    expect(up.y2).toBeGreaterThan(level.y2 + 3); // its tail is below the ground
    car.pitch = 0;
    car.roll = Math.PI / 2;
    expect(box()!.y2 - box()!.y1).not.toBeCloseTo(level.y2 - level.y1, 0);
    const person = street.add('person', { position: car.position, facing: car.facing, look: COLOURS });
    car.isGone = true;
    street.actors.splice(0, 1);
    const standing = box(person)!;
    person.pose = 'lie';
    const lying = box(person)!;
    expect(lying.y2 - lying.y1).toBeLessThan(0.6 * (standing.y2 - standing.y1));
    expect(lying.x2 - lying.x1).toBeGreaterThan(2 * (standing.x2 - standing.x1));
  });

  it('stands on the kerb', () => {
    const { street, car, box } = scene();
    const road = box()!;
    (street.world.surfaces as object[]).push({
      kind: 'pavement',
      height: 0.3,
      polygon: [-50, 50].flatMap((x) => [-50, 50].map((y) => ({ x, y: y * Math.sign(x) }))),
    });
    const { y2 } = box(car)!;
    expect(y2).toBeLessThan(road.y2 - 1);
  });

  it('is halved, as is what is visible, where a wall hides half', () => {
    const { wall, box } = scene();
    const whole = box()!;
    wall('wall', 0.1, { width: 20, height: 12 });
    const half = box()!;
    expect(half.visible).toBeGreaterThan(0.35);
    expect(half.visible).toBeLessThan(0.65);
    const share = (half.x2 - half.x1) / (whole.x2 - whole.x1);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.7); // no finer than where it is looked for
    expect(half.x1).toBeCloseTo(whole.x1, 3);
    expect(half.x2).toBeLessThan(whole.x2 - 8);
  });

  it('is none behind a house, and whole behind a lamp or under a crown', () => {
    const { solids, wall, box } = scene();
    const whole = box()!;
    wall('house', -10, { width: 20, height: 12 });
    expect(box()).toBeNull();
    solids.splice(0);
    wall('lamp', -0.1, { width: 0.2, height: 8 });
    expect(box()!).toMatchObject({ x1: whole.x1, x2: whole.x2 });
    expect(box()!.visible).toBeGreaterThan(0.7);
  });

  it('is what is seen past another vehicle', () => {
    const { street, car, ahead, box } = scene();
    const whole = box()!;
    const { position: eye } = street.camera.mount;
    const before = between(eye, car.position, 0.72);
    street.add('bus', { position: add(before, scale(leftOf(ahead), -1.5)), facing: ahead, look: COLOURS });
    const { visible, x1 } = box()!;
    expect(visible).toBeLessThan(1);
    expect(x1).toBeCloseTo(whole.x1, 3);
  });

  it('is whole behind a fire, which one sees through, and behind a crate it is not', () => {
    const { street, car, ahead, box } = scene();
    const position = add(car.position, scale(ahead, -2.5));
    const size = { length: 2.4, width: 2.4, height: 2.6 };
    street.add('thing', {
      position,
      facing: ahead,
      size,
      look: { ...COLOURS, shape: 'scorch' },
    });
    expect(box()!.visible).toBe(1);
    street.add('thing', { position, facing: ahead, size, look: { ...COLOURS, shape: 'crate' } });
    expect(box()!.visible).toBeLessThan(1);
  });

  it('is cut at the edge of the picture, and none outside it', () => {
    const { street, car, box } = scene();
    const { width } = street.camera.size;
    while (street.camera.project(car.position, 0.7)!.x < width)
      car.position = add(car.position, scale(car.facing, -0.05));
    const cut = box()!;
    expect(cut.x2).toBe(width);
    expect(cut.visible).toBeGreaterThan(0.3);
    expect(cut.visible).toBeLessThan(0.7);
    car.position = add(car.position, scale(car.facing, -8));
    expect(box()).toBeNull();
  });

  it('is none where it is too small to be made out, and one of something large there', () => {
    const { street, ahead, box } = scene();
    street.actors.splice(0);
    const place = {
      position: add(street.camera.mount.position, scale(ahead, 60)),
      facing: ahead,
      look: COLOURS,
    };
    const parcel = street.add('thing', { ...place, size: { length: 0.3, width: 0.3, height: 0.3 } });
    expect(box(parcel)).toBeNull();
    street.actors.splice(0);
    expect(box(street.add('lorry', place))!.visible).toBe(1);
  });
});

describe('the truth of a street', () => {
  /** An event that shows in some frames, counted from 1. */
  function staged(shows: readonly [number, number]) {
    const { street, car, ahead } = scene();
    const other = street.add('person', {
      position: add(car.position, scale(leftOf(ahead), 5)),
      facing: ahead,
      look: COLOURS,
    });
    let frame = 0;
    const event: RunningEvent = {
      class: 'else',
      involved: [car, other],
      get isShowing() {
        return frame >= shows[0] && frame <= shows[1];
      },
      step: () => true,
    };
    street.running.push(event);
    const recorder = new TruthRecorder(street);
    const watch = (frames: number, before?: (frame: number) => void) => {
      for (; frame < frames;) {
        frame++;
        before?.(frame);
        recorder.record();
      }
      return recorder.truth();
    };
    return { car, other, watch };
  }

  const hide = (actor: Actor) => (actor.position = { x: 500, y: 500 });

  it('is the frames in which it shows, from 1 and inclusive, with a box for each and their union', () => {
    const { watch, car, other } = staged([5, 9]);
    const { totalFrames, intervals } = watch(20);
    expect(totalFrames).toBe(20);
    expect(intervals).toHaveLength(1);
    const [{ tracks, tube, ...interval }] = intervals;
    expect(interval).toEqual({ class: 'else', startFrame: 5, endFrame: 9 });
    expect(tracks.map(({ actor, kind }) => [actor, kind])).toEqual([
      [car.id, 'car'],
      [other.id, 'person'],
    ]);
    for (const { boxes } of tracks) expect([...boxes.keys()]).toEqual([5, 6, 7, 8, 9]);
    expect([...tube.keys()]).toEqual([5, 6, 7, 8, 9]);
    const [a, b] = tracks.map(({ boxes }) => boxes.get(7)!);
    expect(tube.get(7)).toMatchObject({ x1: Math.min(a.x1, b.x1), x2: Math.max(a.x2, b.x2) });
  });

  it('is from the first to the last frame in which one of the involved is seen', () => {
    const { watch, car, other } = staged([3, 18]);
    const place = car.position;
    hide(other);
    const { intervals } = watch(20, (frame) => {
      if (frame === 1 || frame === 10) hide(car);
      if (frame === 6 || frame === 12) car.position = place;
      if (frame === 15) car.isGone = true;
    });
    const [{ startFrame, endFrame, tracks, tube }] = intervals;
    expect([startFrame, endFrame]).toEqual([6, 14]);
    expect(tracks).toHaveLength(1);
    expect([...tracks[0].boxes.keys()]).toEqual([6, 7, 8, 9, 12, 13, 14]);
    expect([...tube.keys()]).toEqual([6, 7, 8, 9, 12, 13, 14]);
  });

  it('is nothing where nobody was seen', () => {
    const { watch, car, other } = staged([1, 20]);
    hide(car);
    hide(other);
    expect(watch(20)).toEqual({ totalFrames: 20, intervals: [] });
  });
});
