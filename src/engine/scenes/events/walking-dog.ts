/** Someone walks a dog where dogs may not be: in, about, and out again. */
import type { Random } from '../../random.ts';
import type { Actor, Mind } from '../actors/actor.ts';
import { GONE } from '../actors/crowd.ts';
import { Walker, type Waypoint } from '../actors/walker.ts';
import { backwards, wayBetween } from '../actors/ways.ts';
import { between, distance, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import { pickOne } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

const SPEED = 1.6;

export const walkingDog: EventScript = {
  class: 'walking-dog',
  does: 'Someone walks a dog on a leash.',
  worlds: ['plaza', 'shop', 'carpark'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const { walks } = street.world;
    const { camera } = street;
    const gates = walks.gates.filter((gate) => !camera.sees(walks.nodes[gate], 0.5, -10));
    const from = pickOne(gates, random);
    if (from === null) return null;
    const insides = walks.nodes.flatMap((node, i) =>
      camera.sees(node, 0.5, 25) && wayBetween(walks, from, i).length > 1 ? [i] : [],
    );
    const to = pickOne(insides, random);
    return to !== null ? new WalkingDog(street, from, to, seconds, random) : null;
  },
};

class WalkingDog implements RunningEvent {
  readonly class = 'walking-dog';
  readonly involved: readonly Actor[];
  readonly #seconds: number;
  /** Where they go to in the end: just out of the picture, and on to where they came from. */
  readonly #back: readonly Waypoint[];
  /** How long they have been seen. */
  #seen = 0;
  #isLeaving = false;
  #isIn = false;

  constructor(street: Street, from: number, to: number, seconds: number, random: Random) {
    this.#seconds = seconds;
    const way = wayBetween(street.world.walks, from, to);
    const { start, before, rest } = lastUnseen(street, way);
    this.#back = [{ place: start }, ...backwards(before)];
    const owner = street.crowd.person(start, random, 'leash');
    const dog = street.crowd.dogOf(owner, random);
    owner.mind = new Walker(rest, {
      speed: SPEED,
      isBusy: true,
      then: () => this.#turnBack(owner),
    });
    this.involved = [owner, dog];
  }

  get isShowing(): boolean {
    return this.#isIn;
  }

  step(street: Street, dt: number): boolean {
    const [owner, dog] = this.involved;
    this.#isIn = street.camera.sees(dog.position, 0.3) && distance(owner.position, dog.position) < 6;
    if (this.#isIn) this.#seen += dt;
    // Half of the time in, half of it out.
    if (this.#seen > 0.5 * this.#seconds && !this.#isLeaving) this.#turnBack(owner);
    return !owner.isGone && !(this.#isLeaving && this.#seen > 0 && !this.#isIn);
  }

  /** Out again the way they came in. */
  #turnBack(owner: Actor): Mind {
    this.#isLeaving = true;
    owner.mind = new Walker(this.#back, { speed: SPEED, isBusy: true, then: GONE });
    return owner.mind;
  }
}

/** The last place of a way that is not in the picture, and what of the way is before it and after it. */
function lastUnseen(
  street: Street,
  way: readonly Waypoint[],
): { start: Point; before: Waypoint[]; rest: Waypoint[] } {
  for (let i = 0; i + 1 < way.length; i++) {
    const [from, to] = [way[i].place, way[i + 1].place];
    const metres = distance(from, to);
    for (let at = 0; at < metres; at += 0.5) {
      if (!street.camera.sees(between(from, to, at / metres), 0.5, -24)) continue;
      const start = between(from, to, Math.max(0, at - 1) / metres);
      return { start, before: way.slice(0, i + 1), rest: way.slice(i + 1) };
    }
  }
  return { start: way[0].place, before: way.slice(0, 1), rest: way.slice(1) };
}
