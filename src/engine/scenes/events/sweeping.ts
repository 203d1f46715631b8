/** Someone sweeps the ground with a broom. */
import type { Random } from '../../random.ts';
import type { Actor, Mind } from '../actors/actor.ts';
import { sin } from '../exact.ts';
import { Walker } from '../actors/walker.ts';
import { add, distance, leftOf, scale, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import { nearestTo, pickOne, spotsInView } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

const GIVE_UP_SECONDS = 10;
/** Metres per second while sweeping. */
const PACE = 0.35;

export const sweeping: EventScript = {
  class: 'sweeping',
  does: 'Someone sweeps the ground with a broom, step by step.',
  worlds: ['plaza', 'shop', 'carpark'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const spot = pickOne(spotsInView(street, 'open'), random);
    if (!spot) return null;
    const [sweeper] = nearestTo(spot.position, street.crowd.around());
    if (!sweeper || distance(sweeper.position, spot.position) > 18) return null;
    return new Sweeping(sweeper, spot.position, seconds, random);
  },
};

class Sweeping implements RunningEvent {
  readonly class = 'sweeping';
  readonly involved: readonly Actor[];
  isShowing = false;
  readonly #random: Random;
  #waited = 0;
  #left: number;
  #hasArrived = false;

  constructor(sweeper: Actor, place: Point, seconds: number, random: Random) {
    this.involved = [sweeper];
    this.#left = seconds;
    this.#random = random;
    const along = unit({ x: random.between(-1, 1), y: random.between(-0.3, 0.3) });
    const sweep: Mind = {
      step: (actor, _, dt) => {
        this.#hasArrived = true;
        actor.pose = 'sweep';
        actor.stride += dt;
        actor.speed = PACE;
        actor.position = add(actor.position, scale(along, PACE * dt));
        // From side to side with the broom.
        const swing = scale(leftOf(along), 0.35 * sin(5 * actor.stride));
        actor.facing = unit(add(actor.facing, scale(unit(add(along, swing)), 5 * dt)));
      },
    };
    sweeper.mind = new Walker([{ place }], { speed: 1.9, isBusy: true, then: sweep });
  }

  step(street: Street, dt: number): boolean {
    const [sweeper] = this.involved;
    if (!this.#hasArrived) {
      this.#waited += dt;
      if (this.#waited < GIVE_UP_SECONDS) return true;
      street.crowd.leave(sweeper);
      return false;
    }
    sweeper.held = 'broom';
    this.isShowing = true;
    this.#left -= dt;
    if (this.#left > 0) return true;
    this.isShowing = false;
    sweeper.held = null;
    street.crowd.leave(sweeper, {}, this.#random);
    return false;
  }
}
