/** The vehicles of a street: who comes in, and what drivers can know of each other. */
import type { Random } from '../../random.ts';
import { contains, distance, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Crossing, Lane } from '../worlds/world.ts';
import { isVehicle, SIZES, type Actor, type Look, type VehicleKind } from './actor.ts';
import { Driver, usualOffset } from './driver.ts';

const PAINTS = [
  0xb9bcc0, 0xd8d9d6, 0x2b2d31, 0x5a5f66, 0x7d1f22, 0x1f3b63, 0x3d4d3f, 0x8c8070, 0xa33a2c, 0x274c4a,
];
const LOADS = [0x8a6b45, 0x6f7479, 0x4d5a3c, 0x7a5c3a];

/** Pixels that a car of ordinary height must have to be made out well. */
const LEGIBLE = 10;
/** Metres that must be free before one comes in. */
const ENTRY_GAP = 9;

export class Traffic {
  readonly #street: Street;
  readonly #random: Random;
  /** Seconds until the next one comes, per lane. */
  readonly #due: number[];
  readonly #entries = new Map<string, number | null>();
  readonly #seen = new Map<string, readonly [number, number] | null>();
  /** Lanes into which nobody comes for the time being. */
  readonly closed = new Set<string>();

  constructor(street: Street, random: Random) {
    this.#street = street;
    this.#random = random;
    this.#due = street.world.lanes.map((lane) => random.uniform() * this.#pause(lane));
  }

  /** Lets in who is due. */
  step(dt: number): void {
    this.#street.world.lanes.forEach((lane, i) => {
      if (lane.flow === 0 || (this.#due[i] -= dt) > 0 || this.closed.has(lane.id)) return;
      const kind = this.#random.pick(lane.kinds);
      if (!this.isFree(lane, 0, ENTRY_GAP + SIZES[kind].length)) return;
      this.enter(lane, kind, 0, this.#random);
      this.#due[i] = this.#pause(lane) * this.#random.between(0.4, 1.6);
    });
  }

  /** Brings a vehicle onto a lane, at the speed of those before it. */
  enter(lane: Lane, kind: VehicleKind, at: number, random: Random): Actor {
    const { mood } = this.#street.conditions;
    const limit =
      kind === 'cyclist' ? 4.6 : kind === 'lorry' || kind === 'bus' ? lane.limit * 0.88 : lane.limit;
    const wish = limit * mood * random.between(0.88, 1.1);
    const { position, facing } = lane.path.at(at);
    const driver = new Driver(lane, at, wish, usualOffset(kind, lane));
    const ahead = this.#nearestAhead(lane, at);
    const speed = ahead && ahead.gap < 30 ? Math.min(wish, ahead.speed) : wish;
    return this.#street.add(kind, { position, facing, look: drawLook(kind, random), speed, mind: driver });
  }

  /** Whether no vehicle stands within so many metres of a place on a lane. */
  isFree({ path }: Lane, at: number, metres: number): boolean {
    const { position } = path.at(at);
    return this.#street.actors.every(
      (actor) => !isVehicle(actor) || distance(actor.position, position) > metres,
    );
  }

  /** Where a lane comes to a crossing, metres along it; null where it does not. */
  entry({ id, path }: Lane, crossing: Crossing): number | null {
    const key = `${id}/${crossing.id}`;
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    let at = 0;
    while (at < path.length && !contains(crossing.polygon, path.at(at).position)) at += 0.25;
    const entry = at < path.length ? at : null;
    this.#entries.set(key, entry);
    return entry;
  }

  /** Whether traffic of a lane will be at a place within so many seconds, or is there. */
  isComing(way: string, place: Point, seconds: number): boolean {
    return this.#street.actors.some((actor) => {
      const { mind } = actor;
      if (!(mind instanceof Driver) || mind.lane.id !== way) return false;
      const at = mind.lane.path.project(place).distance;
      const nose = mind.distance + actor.size.length / 2;
      if (nose - actor.size.length > at + 1) return false;
      const { stop } = mind.lane;
      const isHeld = stop && nose < stop.at && this.#street.light(stop.group) === 'red';
      return !isHeld && at - nose < Math.max(actor.speed, 2) * seconds;
    });
  }

  /** The stretch of a lane that the camera sees well, metres along it; null where it sees none. */
  seen({ id, path }: Lane): readonly [number, number] | null {
    const known = this.#seen.get(id);
    if (known !== undefined) return known;
    let [first, last] = [Infinity, -Infinity];
    for (let at = 0; at <= path.length; at++) {
      const { position } = path.at(at);
      const { camera } = this.#street;
      if (!camera.sees(position, 0.7, 6) || camera.pixels(position, 1.5) < LEGIBLE) continue;
      first = Math.min(first, at);
      last = at;
    }
    const stretch = last - first > 5 ? ([first, last] as const) : null;
    this.#seen.set(id, stretch);
    return stretch;
  }

  /** Vehicles on lanes, with their drivers. */
  drivers(): { actor: Actor; driver: Driver }[] {
    return this.#street.actors.flatMap((actor) =>
      actor.mind instanceof Driver ? [{ actor, driver: actor.mind }] : [],
    );
  }

  #nearestAhead(lane: Lane, at: number): { gap: number; speed: number } | null {
    let nearest: { gap: number; speed: number } | null = null;
    for (const { actor, driver } of this.drivers()) {
      const gap = driver.distance - at;
      if (driver.lane.id === lane.id && gap > 0 && (!nearest || gap < nearest.gap))
        nearest = { gap, speed: actor.speed };
    }
    return nearest;
  }

  #pause({ flow }: Lane): number {
    return 60 / Math.max(0.01, flow * this.#street.conditions.density);
  }
}

function drawLook(kind: VehicleKind, random: Random): Look {
  const colour = random.pick(PAINTS);
  return { colour, accent: kind === 'lorry' ? random.pick(LOADS) : random.pick(PAINTS) };
}
