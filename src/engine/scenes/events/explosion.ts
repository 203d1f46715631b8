/** Something blows up and burns: a flash, fire and smoke; people run from it. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import type { Point } from '../ground.ts';
import type { Street } from '../street.ts';
import { pickOne, scare, spotsInView } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

/** Metres within which everyone runs. */
const FRIGHT = 22;

export const explosion: EventScript = {
  class: 'explosion',
  does: 'A flash, then fire and dark smoke; everyone near runs away.',
  worlds: ['plaza', 'shop', 'carpark'],
  leastSeconds: 2,

  begin(street, seconds, random) {
    const spot = pickOne(spotsInView(street, 'bin', 'bay', 'open'), random);
    return spot && new Explosion(street, spot.position, seconds, random);
  },
};

class Explosion implements RunningEvent {
  readonly class = 'explosion';
  readonly involved: readonly Actor[];
  isShowing = true;
  readonly #place: Point;
  readonly #random: Random;
  #left: number;
  #next = 0;

  constructor(street: Street, place: Point, seconds: number, random: Random) {
    this.#place = place;
    this.#left = seconds;
    this.#random = random;
    const fire = street.add('thing', {
      position: place,
      facing: { x: 1, y: 0 },
      size: { length: 2.4, width: 2.4, height: 2.6 },
      look: { colour: 0x1b1918, accent: 0x1b1918, shape: 'scorch' },
    });
    this.involved = [fire];
    street.addEffect({ kind: 'flash', position: place, elevation: 1, radius: 4.5, life: 0.45 });
    street.addEffect({ kind: 'sparks', position: place, elevation: 0.8, radius: 2.5, life: 0.9 });
    street.addEffect({ kind: 'fire', position: place, elevation: 0.2, radius: 1.1, life: seconds });
    scare(street, place, FRIGHT, []);
  }

  step(street: Street, dt: number): boolean {
    this.#left -= dt;
    this.#next -= dt;
    // The last smoke has gone when the fire has.
    if (this.#next < 0 && this.#left > 0.6) {
      this.#next = 0.22;
      const life = Math.min(2.2, this.#left);
      const radius = this.#random.between(0.9, 1.6);
      street.addEffect({ kind: 'smoke', position: this.#place, elevation: 1.2, radius, life });
    }
    this.isShowing = this.#left > 0;
    return this.isShowing;
  }
}
