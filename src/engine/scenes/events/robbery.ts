/** Someone runs up to another, tears the bag away and runs off with it. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import { Gesture, Walker } from '../actors/walker.ts';
import { distance } from '../ground.ts';
import type { Street } from '../street.ts';
import { nearestTo, pickOne } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

const GIVE_UP_SECONDS = 8;

export const robbery: EventScript = {
  class: 'robbery',
  does: 'Someone grabs another, who puts the hands up, tears the bag away and runs off.',
  worlds: ['plaza', 'shop', 'carpark'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const free = street.crowd.free();
    const victims = free.filter(({ held }) => held === 'handbag' || held === null);
    const victim = pickOne(victims, random);
    if (!victim) return null;
    const [robber] = nearestTo(
      victim.position,
      free.filter((actor) => actor !== victim),
    );
    if (!robber || distance(robber.position, victim.position) > 14) return null;
    return new Robbery(robber, victim, seconds, random);
  },
};

class Robbery implements RunningEvent {
  readonly class = 'robbery';
  readonly involved: readonly Actor[];
  isShowing = false;
  readonly #random: Random;
  readonly #seconds: number;
  #waited = 0;
  #elapsed = 0;
  #hasFled = false;

  constructor(robber: Actor, victim: Actor, seconds: number, random: Random) {
    this.involved = [robber, victim];
    this.#seconds = seconds;
    this.#random = random;
    victim.held = 'handbag';
    robber.held = null;
    victim.mind = new Gesture('stand');
    robber.mind = new Walker([{ place: victim.position }], { speed: 3, isBusy: true, isReckless: true });
  }

  step(street: Street, dt: number): boolean {
    const [robber, victim] = this.involved;
    if (!this.isShowing && !this.#hasFled) {
      this.#waited += dt;
      if (this.#waited > GIVE_UP_SECONDS) return this.#end(street);
      if (distance(robber.position, victim.position) > 1.15) return true;
      this.isShowing = true;
      robber.mind = new Gesture('grab', victim.position);
      victim.mind = new Gesture('hands-up', robber.position);
    }
    this.#elapsed += dt;
    // They struggle for the first half, the robber flees in the second.
    if (this.#elapsed > 0.45 * this.#seconds && !this.#hasFled) {
      this.#hasFled = true;
      robber.held = 'handbag';
      victim.held = null;
      street.crowd.leave(robber, { speed: 3.4, isBusy: true, isReckless: true }, this.#random);
      victim.mind = new Gesture('wave', robber.position);
    }
    const isAway = this.#hasFled && !street.camera.sees(robber.position, 0.8);
    return (this.#elapsed < this.#seconds && !isAway) || this.#end(street);
  }

  #end(street: Street): false {
    this.isShowing = false;
    const [robber, victim] = this.involved;
    if (!this.#hasFled) street.crowd.leave(robber);
    street.crowd.leave(victim, { speed: 1.2 });
    return false;
  }
}
