/** Many people come together at one place and stand about it. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import { Gesture, Walker } from '../actors/walker.ts';
import { cos, sin } from '../exact.ts';
import { distance, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import { nearestTo, pickOne, spotsInView } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

const [FEWEST, MOST] = [5, 11];
/** Metres from the middle at which they stand. */
const RING = 1.7;
const GIVE_UP_SECONDS = 11;

export const crowding: EventScript = {
  class: 'crowd',
  does: 'Many people run together and stand crowded round one place.',
  worlds: ['plaza', 'shop', 'carpark'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const spot = pickOne(spotsInView(street, 'open'), random);
    if (!spot) return null;
    const near = nearestTo(spot.position, street.crowd.around()).filter(
      ({ position }) => distance(position, spot.position) < 24,
    );
    return near.length < FEWEST ? null : new Crowding(near.slice(0, MOST), spot.position, seconds, random);
  },
};

class Crowding implements RunningEvent {
  readonly class = 'crowd';
  readonly involved: readonly Actor[];
  isShowing = false;
  readonly #middle: Point;
  readonly #random: Random;
  #waited = 0;
  #left: number;

  constructor(people: readonly Actor[], middle: Point, seconds: number, random: Random) {
    this.involved = people;
    this.#middle = middle;
    this.#left = seconds;
    this.#random = random;
    people.forEach((actor, i) => {
      const angle = (2 * Math.PI * i) / people.length;
      const radius = RING * random.between(0.8, 1.2);
      const place = { x: middle.x + radius * cos(angle), y: middle.y + radius * sin(angle) };
      const pose = random.pick(['stand', 'stand', 'wave'] as const);
      const then = new Gesture(pose, middle);
      actor.mind = new Walker([{ place }], {
        speed: random.between(2.3, 3.1),
        isBusy: true,
        isReckless: true,
        then,
      });
    });
  }

  step(street: Street, dt: number): boolean {
    if (!this.isShowing) {
      const there = this.involved.filter(
        ({ position }) => distance(position, this.#middle) < RING + 1.3,
      ).length;
      this.#waited += dt;
      this.isShowing = there >= FEWEST;
      return this.isShowing || this.#waited < GIVE_UP_SECONDS || this.#disperse(street);
    }
    this.#left -= dt;
    return this.#left > 0 || this.#disperse(street);
  }

  #disperse(street: Street): false {
    this.isShowing = false;
    for (const actor of this.involved)
      if (!actor.isGone) street.crowd.leave(actor, { speed: this.#random.between(1.2, 1.9) }, this.#random);
    return false;
  }
}
