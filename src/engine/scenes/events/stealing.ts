/** Someone takes goods from a stall, or a bag from a parked car, and runs. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import { Gesture, Walker } from '../actors/walker.ts';
import { add, distance, scale } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Spot } from '../worlds/world.ts';
import { nearestTo, pickOne, spotsInView } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

const GIVE_UP_SECONDS = 12;

export const stealing: EventScript = {
  class: 'stealing',
  does: 'Someone reaches into a stall or a parked car, takes a parcel and runs off with it.',
  worlds: ['shop', 'carpark'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const spot = pickOne(spotsInView(street, 'stall', 'bay'), random);
    if (!spot) return null;
    const [thief] = nearestTo(spot.position, street.crowd.around());
    if (!thief || distance(thief.position, spot.position) > 18) return null;
    return new Stealing(thief, spot, seconds, random);
  },
};

class Stealing implements RunningEvent {
  readonly class = 'stealing';
  readonly involved: readonly Actor[];
  isShowing = false;
  readonly #seconds: number;
  readonly #random: Random;
  #waited = 0;
  #elapsed = 0;
  #hasFled = false;

  constructor(thief: Actor, { position, facing }: Spot, seconds: number, random: Random) {
    this.involved = [thief];
    this.#seconds = seconds;
    this.#random = random;
    thief.held = null;
    const then = new Gesture('grab', add(position, scale(facing, 1)));
    thief.mind = new Walker([{ place: position }], { speed: 2.4, isBusy: true, then });
  }

  step(street: Street, dt: number): boolean {
    const [thief] = this.involved;
    if (!this.isShowing && !this.#hasFled) {
      this.#waited += dt;
      this.isShowing = thief.mind instanceof Gesture;
      if (this.isShowing || this.#waited < GIVE_UP_SECONDS) return true;
      street.crowd.leave(thief);
      return false;
    }
    this.#elapsed += dt;
    if (this.#elapsed > 0.5 * this.#seconds && !this.#hasFled) {
      this.#hasFled = true;
      thief.held = 'parcel';
      street.crowd.leave(thief, { speed: 3.3, isBusy: true, isReckless: true }, this.#random);
    }
    const isAway = this.#hasFled && !street.camera.sees(thief.position, 0.8);
    this.isShowing = this.#elapsed < this.#seconds && !isAway;
    return this.isShowing;
  }
}
