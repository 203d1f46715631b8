/** A vehicle stops where one must not: on a crossing, in the middle of a junction or of a lane, and stays there. */
import type { Actor } from '../actors/actor.ts';
import type { Driver } from '../actors/driver.ts';
import type { Street } from '../street.ts';
import { isNarrow, pickOne, vehiclesInView, type SeenVehicle } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

export const illegalOccupation: EventScript = {
  class: 'illegal-occupation',
  does: 'A vehicle stops on a crossing or in a free lane, warning lights on, and blocks it.',
  worlds: ['road', 'junction'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const free = vehiclesInView(street, [0.15, 0.7], (vehicle) => placeFor(vehicle, street) !== null);
    const chosen = pickOne(free, random);
    return chosen && new IllegalOccupation(chosen.actor, chosen.driver, placeFor(chosen, street)!, seconds);
  },
};

/** Where it would come to stand: where a lane crosses a zebra, else as soon as it can; metres along its lane. */
function placeFor({ actor, driver }: SeenVehicle, street: Street): number | null {
  if (isNarrow(actor) || actor.speed < 3) return null;
  const nearest = driver.distance + (actor.speed * actor.speed) / (2 * 3) + 1;
  const seen = street.traffic.seen(driver.lane)!;
  const { stop } = driver.lane;
  if (stop && driver.distance + actor.size.length / 2 < stop.at) return null; // its light may be red
  if (stop) return nearest < seen[1] - 6 && nearest < stop.at + 24 ? nearest : null;
  for (const crossing of street.world.crossings) {
    const at = street.traffic.entry(driver.lane, crossing);
    if (at !== null && at + 1.7 > nearest && at + 1.7 < nearest + 15) return at + 1.7;
  }
  return nearest < seen[1] - 5 ? nearest : null;
}

class IllegalOccupation implements RunningEvent {
  readonly class = 'illegal-occupation';
  readonly involved: readonly Actor[];
  readonly #driver: Driver;
  readonly #seconds: number;
  #stood = 0;

  constructor(actor: Actor, driver: Driver, at: number, seconds: number) {
    this.involved = [actor];
    this.#driver = driver;
    this.#seconds = seconds;
    driver.manners = { obeys: false, looks: true };
    driver.halt = at;
  }

  /** Standing still is what is wrong. */
  get isShowing(): boolean {
    return this.#stood > 0 && this.#driver.halt !== null;
  }

  step(_: Street, dt: number): boolean {
    const [actor] = this.involved;
    if (this.#stood === 0 && actor.speed > 0.4) return !actor.isGone;
    this.#stood += dt;
    this.#driver.warns = true;
    if (this.#stood < this.#seconds) return true;
    this.#driver.halt = null;
    this.#driver.warns = false;
    this.#driver.manners = { obeys: true, looks: true };
    return false;
  }
}
