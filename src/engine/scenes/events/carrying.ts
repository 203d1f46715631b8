/** Someone lifts a crate that stands about and carries it away. */
import type { Actor, Mind } from '../actors/actor.ts';
import { Gesture, Walker } from '../actors/walker.ts';
import { add, distance, scale, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import { nearestTo, pickOne, spotsInView } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

const GIVE_UP_SECONDS = 12;
const LIFT_SECONDS = 0.7;
const PACE = 0.9;

export const carrying: EventScript = {
  class: 'carrying',
  does: 'Someone lifts a large crate and carries it along, leaning back.',
  worlds: ['plaza', 'shop', 'carpark'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const isTaken = (thing: Actor) => street.running.some(({ involved }) => involved.includes(thing));
    const crates = street.actors.filter(
      (thing) =>
        thing.look.shape === 'crate' && street.camera.sees(thing.position, 0.4, 10) && !isTaken(thing),
    );
    const crate = pickOne(crates, random);
    if (!crate) return null;
    const [carrier] = nearestTo(crate.position, street.crowd.around());
    if (!carrier || distance(carrier.position, crate.position) > 18) return null;
    // To where it is seen for as long as it is carried.
    const goals = spotsInView(street, 'open', 'bench', 'bin').filter(
      ({ position }) => distance(position, crate.position) > 1.5,
    );
    const goal = pickOne(goals, random);
    return goal && new Carrying(carrier, crate, goal.position, seconds);
  },
};

class Carrying implements RunningEvent {
  readonly class = 'carrying';
  readonly involved: readonly Actor[];
  isShowing = false;
  readonly #goal: Point;
  #waited = 0;
  #lifting = 0;
  #left: number;

  constructor(carrier: Actor, crate: Actor, goal: Point, seconds: number) {
    this.involved = [carrier, crate];
    this.#goal = goal;
    this.#left = seconds;
    carrier.mind = new Walker([{ place: crate.position }], {
      speed: 2.4,
      isBusy: true,
      then: new Gesture('crouch', crate.position),
    });
  }

  step(street: Street, dt: number): boolean {
    const [carrier, crate] = this.involved;
    const isThere = distance(carrier.position, crate.position) < 1;
    if (!this.isShowing && this.#lifting === 0 && !isThere) {
      this.#waited += dt;
      if (this.#waited < GIVE_UP_SECONDS) return true;
      street.crowd.leave(carrier);
      return false;
    }
    this.#lifting += dt;
    this.isShowing = true;
    if (this.#lifting < LIFT_SECONDS) {
      if (!(carrier.mind instanceof Gesture)) carrier.mind = new Gesture('crouch', crate.position);
      return true;
    }
    if (carrier.mind instanceof Gesture) {
      carrier.held = null;
      const rest: Mind = { step: (actor) => void (actor.pose = 'carry') };
      carrier.mind = new Walker([{ place: this.#goal }], {
        speed: PACE,
        isBusy: true,
        pose: 'carry',
        then: rest,
      });
    }
    crate.position = add(carrier.position, scale(carrier.facing, 0.55));
    crate.facing = carrier.facing;
    crate.elevation = 0.75;
    this.#left -= dt;
    if (this.#left > 0) return true;
    this.isShowing = false;
    crate.elevation = 0;
    street.crowd.leave(carrier, { speed: 1.4 });
    return false;
  }
}
