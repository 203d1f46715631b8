/** A vehicle comes along a lane the wrong way; those who meet it slow down and give it room. */
import type { Random } from '../../random.ts';
import { SIZES, type Actor } from '../actors/actor.ts';
import { Driver } from '../actors/driver.ts';
import { add, leftOf, Path, scale, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Lane } from '../worlds/world.ts';
import { entryBeyond, lanesInView, oppositeLane, pickOne } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

/** Metres from the middle of the lane: those it meets keep to the other side. */
const TOWARDS_MIDDLE = -0.7;

export const retrograde: EventScript = {
  class: 'retrograde',
  does: 'A vehicle drives against the traffic of its lane.',
  worlds: ['road', 'junction', 'shop', 'carpark'],
  leastSeconds: 2,

  begin(street, seconds, random) {
    const lanes = lanesInView(street).flatMap(({ lane, from, to }) => {
      const entry = entryBeyond(street, lane, to, 1, SIZES.van.length);
      return lane.turn === 'straight' && to - from > 14 && entry !== null ? [{ lane, from, entry }] : [];
    });
    const chosen = pickOne(lanes.slice(0, 3), random);
    if (!chosen || !street.traffic.isFree(chosen.lane, chosen.entry, 11)) return null;
    return new Retrograde(street, chosen.lane, [chosen.from, chosen.entry], seconds, random);
  },
};

class Retrograde implements RunningEvent {
  readonly class = 'retrograde';
  readonly involved: readonly Actor[];
  readonly #driver: Driver;
  /** Where on its way it is in view and on the wrong side, metres. */
  readonly #wrong: readonly [number, number];

  constructor(
    street: Street,
    lane: Lane,
    [from, entry]: readonly [number, number],
    seconds: number,
    random: Random,
  ) {
    const { path, back } = wayBack(street, lane, entry);
    const way: Lane = { id: 'retrograde', path, limit: 12, flow: 0, kinds: [], turn: 'straight' };
    const end = Math.min(entry - from, back);
    const actor = street.traffic.enter(way, random.pick(['car', 'car', 'van']), 0, random);
    // Fast enough to be through in time, and no faster than it may be.
    const wish = Math.min(13, Math.max(lane.limit * 0.6, end / seconds));
    this.#driver = new Driver(way, 0, wish, TOWARDS_MIDDLE);
    this.#driver.manners = { obeys: false, looks: true };
    actor.mind = this.#driver;
    actor.speed = wish;
    this.#wrong = [0, end];
    this.involved = [actor];
  }

  get isShowing(): boolean {
    const { distance } = this.#driver;
    return distance >= this.#wrong[0] && distance <= this.#wrong[1];
  }

  step(): boolean {
    return !this.involved[0].isGone && this.#driver.distance <= this.#wrong[1];
  }
}

/**
 * The way against a lane from a place on it. Where the lane has lights, it changes to its own side in the junction: it
 * cannot push through those who wait there.
 */
function wayBack(street: Street, lane: Lane, start: number): { path: Path; back: number } {
  const { path, stop } = lane;
  if (!stop) {
    const points: Point[] = [];
    for (let at = start; at > 0; at -= 4) points.push(path.at(at).position);
    return { path: new Path([...points, path.at(0).position]), back: Infinity };
  }
  const middle = stop.at + 12;
  const { position, facing } = path.at(middle);
  const own = oppositeLane(street, position, facing);
  const aside = scale(leftOf(facing), own?.offset ?? 0);
  const points = [path.at(start).position, path.at(middle + 11).position, path.at(middle + 8).position];
  for (const at of [middle - 4, middle - 8, 0]) points.push(add(path.at(at).position, aside));
  return { path: new Path(points), back: start - middle };
}
