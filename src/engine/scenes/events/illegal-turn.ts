/** A vehicle turns round in the middle of the road, over the double line or inside the junction. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import { Driver } from '../actors/driver.ts';
import { add, bend, leftOf, Path, scale, type Point } from '../ground.ts';
import type { Lane } from '../worlds/world.ts';
import { isNarrow, oppositeLane, pickOne, vehiclesInView } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

/** Metres that a vehicle needs ahead of it to turn. */
const ROOM = 12;

export const illegalTurn: EventScript = {
  class: 'illegal-turn',
  does: 'A vehicle turns round in the road and goes back where it came from.',
  worlds: ['road', 'junction'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const turners = vehiclesInView(street, [0.15, 0.6], ({ actor, driver }) => {
      if (isNarrow(actor) || actor.size.length > 6 || driver.lane.turn !== 'straight' || actor.speed < 1.5)
        return false;
      // In a junction it is the middle where it is seen, not the arm before the lights.
      const { stop } = driver.lane;
      const past = stop ? driver.distance - stop.at : 1;
      return past > 0 && past < 14 && oppositeLane(street, actor.position, actor.facing) !== null;
    });
    const turner = pickOne(turners, random);
    if (!turner) return null;
    const { lane, offset } = oppositeLane(street, turner.actor.position, turner.actor.facing)!;
    return new IllegalTurn(turner.actor, lane, offset, seconds, random);
  },
};

class IllegalTurn implements RunningEvent {
  readonly class = 'illegal-turn';
  readonly involved: readonly Actor[];
  isShowing = true;
  readonly #driver: Driver;
  readonly #lane: Lane;
  readonly #turn: Path;

  constructor(actor: Actor, lane: Lane, offset: number, seconds: number, random: Random) {
    this.involved = [actor];
    this.#lane = lane;
    this.#turn = turnFrom(actor.position, actor.facing, offset, random.between(0.9, 1.1));
    const way: Lane = { id: 'illegal-turn', path: this.#turn, limit: 5, flow: 0, kinds: [], turn: 'left' };
    // It is over when the turn is: the speed follows from the time there is.
    const wish = Math.min(8, Math.max(3.2, this.#turn.length / seconds));
    this.#driver = new Driver(way, 0, wish);
    this.#driver.manners = { obeys: false, looks: false };
    actor.mind = this.#driver;
  }

  step(): boolean {
    const [actor] = this.involved;
    actor.lights.left = true;
    if (this.#driver.distance < this.#turn.length - 0.8) return !actor.isGone;
    this.isShowing = false;
    actor.mind = Driver.rejoin(actor, this.#lane, this.#lane.limit * 0.9);
    return false;
  }
}

/** Out to the right, and round to the left onto the lane that goes back. */
function turnFrom(position: Point, facing: Point, offset: number, size: number): Path {
  const left = leftOf(facing);
  const at = (ahead: number, aside: number): Point =>
    add(add(position, scale(facing, ahead * size)), scale(left, aside));
  return new Path([
    at(0, 0),
    ...bend(at(2, 0), at(ROOM * 0.55, -1.5), at(ROOM * 0.8, offset * 0.3), 8),
    ...bend(at(ROOM * 0.8, offset * 0.3), at(ROOM * 0.95, offset), at(ROOM * 0.4, offset), 10).slice(1),
    at(-4, offset),
  ]);
}
