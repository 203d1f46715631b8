/** Someone stands and smokes. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import { Gesture } from '../actors/walker.ts';
import { add, scale } from '../ground.ts';
import type { Street } from '../street.ts';
import { pickOne } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

/** Seconds from one puff of smoke to the next. */
const PUFF_SECONDS = 0.9;

export const smoking: EventScript = {
  class: 'smoking',
  does: 'Someone stands and smokes: the hand goes to the mouth, smoke rises.',
  worlds: ['plaza', 'shop', 'carpark'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    // What a hand does is only told from near.
    const near = street.crowd.free(15).filter(({ position }) => street.camera.pixels(position, 1.75) > 24);
    const smoker = pickOne(near, random);
    return smoker && new Smoking(smoker, seconds, random);
  },
};

class Smoking implements RunningEvent {
  readonly class = 'smoking';
  readonly involved: readonly Actor[];
  isShowing = true;
  readonly #random: Random;
  #left: number;
  #puff = 0.3;

  constructor(smoker: Actor, seconds: number, random: Random) {
    this.involved = [smoker];
    this.#left = seconds;
    this.#random = random;
    smoker.held = 'cigarette';
    smoker.mind = new Gesture('smoke');
  }

  step(street: Street, dt: number): boolean {
    const [smoker] = this.involved;
    this.#left -= dt;
    this.#puff -= dt;
    if (this.#puff < 0 && this.#left > 0.5) {
      this.#puff = PUFF_SECONDS * this.#random.between(0.8, 1.2);
      const position = add(smoker.position, scale(smoker.facing, 0.35));
      street.addEffect({
        kind: 'puff',
        position,
        elevation: smoker.size.height - 0.15,
        radius: 0.32,
        life: 1.6,
      });
    }
    if (this.#left > 0) return true;
    this.isShowing = false;
    smoker.held = null;
    street.crowd.leave(smoker, {}, this.#random);
    return false;
  }
}
