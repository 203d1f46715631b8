/** Someone sprays a wall. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import { Gesture, Walker } from '../actors/walker.ts';
import { add, distance, scale } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Spot } from '../worlds/world.ts';
import { nearestTo, pickOne, spotsInView } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

const PAINTS = [0x2f6fd0, 0xd03a6a, 0x2fa05a, 0xe0b020, 0x8a3ac0];
const GIVE_UP_SECONDS = 12;

export const graffiti: EventScript = {
  class: 'graffiti',
  does: 'Someone sprays paint on a wall, which shows more and more of it.',
  worlds: ['plaza', 'shop'],
  leastSeconds: 3,

  begin(street, seconds, random) {
    const spot = pickOne(spotsInView(street, 'wall'), random);
    if (!spot) return null;
    const [sprayer] = nearestTo(spot.position, street.crowd.around());
    if (!sprayer || distance(sprayer.position, spot.position) > 20) return null;
    return new Graffiti(sprayer, spot, seconds, random);
  },
};

class Graffiti implements RunningEvent {
  readonly class = 'graffiti';
  readonly involved: Actor[];
  isShowing = false;
  readonly #spot: Spot;
  readonly #seconds: number;
  readonly #random: Random;
  #waited = 0;
  #left: number;

  constructor(sprayer: Actor, spot: Spot, seconds: number, random: Random) {
    this.involved = [sprayer];
    this.#spot = spot;
    this.#seconds = this.#left = seconds;
    this.#random = random;
    const target = add(spot.position, scale(spot.facing, 2));
    sprayer.mind = new Walker([{ place: spot.position }], {
      speed: 2.4,
      isBusy: true,
      then: new Gesture('spray', target),
    });
  }

  step(street: Street, dt: number): boolean {
    const [sprayer, paint] = this.involved;
    if (!(sprayer.mind instanceof Gesture)) {
      this.#waited += dt;
      if (this.#waited < GIVE_UP_SECONDS) return true;
      street.crowd.leave(sprayer);
      return false;
    }
    if (!paint) {
      sprayer.held = 'can';
      this.isShowing = true;
      this.involved.push(this.#paint(street));
      return true;
    }
    this.#left -= dt;
    paint.stride = 1 - Math.max(0, this.#left) / this.#seconds;
    if (this.#left > 0) return true;
    this.isShowing = false;
    sprayer.held = null;
    street.crowd.leave(sprayer, { speed: 2.6, isBusy: true }, this.#random);
    return false;
  }

  #paint(street: Street): Actor {
    const { position, facing } = this.#spot;
    return street.add('thing', {
      position: add(position, scale(facing, 0.5)),
      facing: scale(facing, -1),
      elevation: 0.6,
      size: { length: 0.1, width: 1.8, height: 1.3 },
      look: { colour: this.#random.pick(PAINTS), accent: this.#random.pick(PAINTS), shape: 'graffiti' },
    });
  }
}
