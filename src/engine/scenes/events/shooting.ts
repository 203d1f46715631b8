/** Someone draws a gun and fires; one falls, all others run. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import { Gesture } from '../actors/walker.ts';
import { add, distance, scale } from '../ground.ts';
import type { Street } from '../street.ts';
import { pickOne, scare } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

/** Seconds from one shot to the next, and to the first. */
const SHOT_SECONDS = 0.55;

export const shooting: EventScript = {
  class: 'shooting',
  does: 'Someone aims a gun and fires: flashes; one falls, the others run.',
  worlds: ['plaza', 'shop', 'carpark'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const free = street.crowd.free();
    const pairs = free.flatMap((actor) =>
      free
        .filter((other) => other !== actor && isInRange(actor, other))
        .map((other) => [actor, other] as const),
    );
    const pair = pickOne(pairs, random);
    return pair && new Shooting(street, pair, seconds, random);
  },
};

function isInRange(actor: Actor, other: Actor): boolean {
  const apart = distance(actor.position, other.position);
  return apart > 1.5 && apart < 14;
}

class Shooting implements RunningEvent {
  readonly class = 'shooting';
  readonly involved: readonly Actor[];
  isShowing = true;
  readonly #random: Random;
  readonly #seconds: number;
  #elapsed = 0;
  #shots = 0;

  constructor(street: Street, [shooter, victim]: readonly [Actor, Actor], seconds: number, random: Random) {
    this.involved = [shooter, victim];
    this.#seconds = seconds;
    this.#random = random;
    shooter.held = 'gun';
    shooter.mind = new Gesture('aim', victim.position);
    victim.mind = new Gesture('hands-up', shooter.position);
    scare(street, shooter.position, 25, this.involved);
  }

  step(street: Street, dt: number): boolean {
    const [shooter, victim] = this.involved;
    this.#elapsed += dt;
    // The last half second is for getting up.
    const isFiring = this.#elapsed < this.#seconds - 0.6;
    if (isFiring && this.#elapsed > SHOT_SECONDS * (this.#shots + 1)) {
      this.#shots++;
      const muzzle = add(shooter.position, scale(shooter.facing, 0.95));
      street.addEffect({ kind: 'flash', position: muzzle, elevation: 1.4, radius: 0.55, life: 0.14 });
      street.addEffect({ kind: 'puff', position: muzzle, elevation: 1.4, radius: 0.25, life: 0.7 });
      if (this.#shots === 2) victim.mind = new Gesture('lie');
    }
    if (!isFiring && victim.pose === 'lie') victim.mind = new Gesture('crouch');
    if (this.#elapsed < this.#seconds) return true;
    this.isShowing = false;
    shooter.held = null;
    street.crowd.leave(shooter, { speed: 3.2, isBusy: true, isReckless: true }, this.#random);
    street.crowd.leave(victim, { speed: 0.8, isBusy: true });
    return false;
  }
}
