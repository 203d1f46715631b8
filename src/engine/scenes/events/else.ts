/** TAD's "else": here a vehicle that winds its way along the road at speed, from one side to the other. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import { Driver } from '../actors/driver.ts';
import { sin } from '../exact.ts';
import { add, leftOf, Path, scale, type Point } from '../ground.ts';
import type { Lane } from '../worlds/world.ts';
import { isNarrow, pickOne, vehiclesInView, type SeenVehicle } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

export const otherwise: EventScript = {
  class: 'else',
  does: 'A vehicle swerves along the road from side to side.',
  worlds: ['road', 'junction'],
  leastSeconds: 2,

  begin(street, seconds, random) {
    const swervers = vehiclesInView(street, [-0.15, 0.3], ({ actor, driver }) => {
      const { stop, turn } = driver.lane;
      const isPast = !stop || driver.distance > stop.at - 4;
      return !isNarrow(actor) && actor.size.length < 6 && turn === 'straight' && isPast && actor.speed > 3;
    });
    const swerver = pickOne(swervers, random);
    return swerver && new Swerving(swerver, seconds, random);
  },
};

class Swerving implements RunningEvent {
  readonly class = 'else';
  readonly involved: readonly Actor[];
  isShowing = true;
  readonly #driver: Driver;
  readonly #lane: Lane;

  constructor({ actor, driver }: SeenVehicle, seconds: number, random: Random) {
    this.involved = [actor];
    this.#lane = driver.lane;
    const metres = Math.max(18, Math.min(seconds * 10, 45));
    const path = winding(driver.lane.path, driver.distance, metres, random.between(2.2, 3));
    const way: Lane = { id: 'swerving', path, limit: 13, flow: 0, kinds: [], turn: 'straight' };
    this.#driver = new Driver(way, 0, Math.max(7, metres / seconds));
    this.#driver.manners = { obeys: false, looks: false };
    actor.mind = this.#driver;
  }

  step(): boolean {
    const [actor] = this.involved;
    if (this.#driver.distance < this.#driver.lane.path.length - 1) return !actor.isGone;
    this.isShowing = false;
    actor.mind = Driver.rejoin(actor, this.#lane, this.#lane.limit);
    return false;
  }
}

/** A wave about a lane, mostly to the left of it: once to and fro in 14 metres. */
function winding(path: Path, from: number, metres: number, swing: number): Path {
  const points: Point[] = [];
  for (let i = 0; i <= metres; i++) {
    const { position, facing } = path.at(from + i);
    const fade = Math.min(1, i / 5, (metres - i) / 5);
    points.push(add(position, scale(leftOf(facing), fade * (swing * sin((i / 14) * 2 * Math.PI) + 0.9))));
  }
  return new Path(points);
}
