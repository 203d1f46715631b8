/** What an event shows, against what its truth says: nobody pops up or vanishes, and boxes and frames are those one sees. */
import { describe, expect, it, vi } from 'vitest';
import { scriptOf } from '../../../src/engine/scenes/events/catalogue.ts';
import type { EventClass, RunningEvent } from '../../../src/engine/scenes/events/event.ts';
import { contains } from '../../../src/engine/scenes/ground.ts';
import { Sight } from '../../../src/engine/scenes/sight.ts';
import { Street } from '../../../src/engine/scenes/street.ts';
import type { WorldId } from '../../../src/engine/scenes/worlds/world.ts';

// Each looks at many streets.
vi.setConfig({ testTimeout: 60_000 });

const SECONDS = 4;

/** Goes through the frames of streets in which an event is due at once, for as long as it is under way. */
function follow(
  world: WorldId,
  name: EventClass,
  look: (street: Street, event: RunningEvent, isNew: boolean) => void,
  seeds = 4,
): number {
  let happened = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const events = [{ class: name, startSeconds: 0.5, seconds: SECONDS }];
    const street = new Street({ world, seed, seconds: 16, events });
    let event: RunningEvent | undefined;
    for (let frame = 0; frame < 16 * 15; frame++) {
      street.advance();
      const isNew = !event;
      event ??= street.running[0];
      if (event && street.running.length === 0 && event.involved.every((actor) => actor.kind !== 'dog'))
        break;
      if (event) look(street, event, isNew);
      if (event && isNew) happened++;
    }
  }
  return happened;
}

describe('who comes into an event from outside', () => {
  const cases = (['retrograde', 'road-spill'] as const).flatMap((name) =>
    scriptOf(name).worlds.map((world) => ({ name, world })),
  );

  it.each(cases)('is not in the picture all at once: $name in the $world', ({ name, world }) => {
    const newest = (street: Street) => Math.max(...street.actors.map(({ id }) => id));
    const happened = follow(world, name, (street, { involved: [vehicle] }, isNew) => {
      // A lorry may have been there before.
      if (!isNew || vehicle.id !== newest(street)) return;
      const box = new Sight(street).boxOf(vehicle);
      if (box) expect(Math.min(box.x1, box.y1, 320 - box.x2, 240 - box.y2)).toBeLessThan(1);
    });
    expect(happened).toBeGreaterThan(0);
  });

  it.each(scriptOf('walking-dog').worlds)('does not leave while it is seen: the dog of the %s', (world) => {
    let last: { box: unknown; isGone: boolean } | null = null;
    follow(world, 'walking-dog', (street, { involved }, isNew) => {
      const [, dog] = involved;
      if (isNew) last = null;
      if (dog.isGone && last && !last.isGone) expect(last.box).toBeNull();
      last = { isGone: dog.isGone, box: dog.isGone ? null : new Sight(street).boxOf(dog) };
    });
  });
});

it.each(scriptOf('pedestrian-on-road').worlds)(
  'a pedestrian on the road of the %s shows while on the carriageway, and only then',
  (world) => {
    const frames = { shown: 0, missed: 0, wrong: 0 };
    follow(
      world,
      'pedestrian-on-road',
      (street, event) => {
        if (!street.running.includes(event)) return;
        const { surfaces } = street.world;
        const under = surfaces.findLast(({ polygon }) => contains(polygon, event.involved[0].position));
        const isOnRoad = under?.kind === 'asphalt';
        if (event.isShowing) frames[isOnRoad ? 'shown' : 'wrong']++;
        else if (isOnRoad) frames.missed++;
      },
      world === 'junction' ? 14 : 4,
    ); // those whom the junction's cameras see well are nearly all at its crossings
    expect(frames.shown).toBeGreaterThan(20);
    expect(frames.missed + frames.wrong).toBeLessThan(0.1 * frames.shown);
  },
);

it('paint is where it is sprayed, above the feet of who sprays it', () => {
  let looked = 0;
  follow('plaza', 'graffiti', (street, { involved: [sprayer, paint], isShowing }) => {
    const sight = new Sight(street);
    const [body, sprayed] = [sight.boxOf(sprayer), paint && sight.boxOf(paint)];
    if (!isShowing || !body || !sprayed || body.visible < 0.9) return;
    looked++;
    expect(sprayed.y2).toBeLessThan(body.y2 - 2);
    expect(sprayed.y1).toBeLessThan((body.y1 + body.y2) / 2);
  });
  expect(looked).toBeGreaterThan(20);
});
