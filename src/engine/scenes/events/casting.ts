/** Finding those whom an event befalls: who is in view, where it can be seen, which lane comes the other way. */
import type { Random } from '../../random.ts';
import type { Actor, ActorKind } from '../actors/actor.ts';
import type { Driver } from '../actors/driver.ts';
import { distance, dot, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Lane, Spot } from '../worlds/world.ts';

/** A vehicle on a lane that the camera sees. */
export interface SeenVehicle {
  actor: Actor;
  driver: Driver;
  /** How far it has come along the stretch of its lane that is seen: 0 just in, 1 about to leave. */
  share: number;
}

/** @param shares how far along the seen stretch they should be */
export function vehiclesInView(
  street: Street,
  shares: readonly [number, number],
  accepts: (vehicle: SeenVehicle) => boolean = () => true,
): SeenVehicle[] {
  return street.traffic.drivers().flatMap(({ actor, driver }) => {
    const seen = street.traffic.seen(driver.lane);
    if (!seen || !driver.manners.obeys) return [];
    const share = (driver.distance - seen[0]) / (seen[1] - seen[0]);
    const vehicle = { actor, driver, share };
    return share >= shares[0] && share <= shares[1] && accepts(vehicle) ? [vehicle] : [];
  });
}

/** One of them, or null where there is none. */
export function pickOne<T>(items: readonly T[], random: Random): T | null {
  return items.length > 0 ? random.pick(items) : null;
}

/** Lanes that the camera sees, the longest stretch first. */
export function lanesInView(street: Street): { lane: Lane; from: number; to: number }[] {
  return street.world.lanes
    .flatMap((lane) => {
      const seen = street.traffic.seen(lane);
      return seen && lane.flow > 0 ? [{ lane, from: seen[0], to: seen[1] }] : [];
    })
    .sort((a, b) => b.to - b.from - (a.to - a.from));
}

/** The straight lane that comes the other way beside a place, and how far to the left of it that lane lies. */
export function oppositeLane(
  street: Street,
  place: Point,
  facing: Point,
): { lane: Lane; offset: number } | null {
  let best: { lane: Lane; offset: number } | null = null;
  for (const lane of street.world.lanes) {
    if (lane.turn !== 'straight') continue;
    const { distance, offset } = lane.path.project(place);
    if (dot(lane.path.at(distance).facing, facing) > -0.9 || offset < 1.5 || offset > 8) continue;
    if (!best || offset < best.offset) best = { lane, offset };
  }
  return best;
}

/** Nobody comes in further than this from where they are seen well, metres. */
const FURTHEST = 16;

/**
 * Where a vehicle can come in without being seen to: the nearest place on a lane beyond an end of what is seen of it at
 * which all of the vehicle is out of the picture; null where that is too far.
 * @param end metres along the lane
 * @param way 1 onwards along the lane, -1 back
 */
export function entryBeyond(
  { camera }: Street,
  { path }: Lane,
  end: number,
  way: 1 | -1,
  length: number,
): number | null {
  for (let at = end + way * 3; Math.abs(at - end) <= FURTHEST; at += way) {
    if (at < 0 || at > path.length) return null;
    const isSeen = [-0.5, 0, 0.5].some((share) => {
      const { position } = path.at(at + share * length);
      return [0.2, 2].some((height) => camera.sees(position, height, -10));
    });
    if (!isSeen) return at;
  }
  return null;
}

export function isNarrow({ kind }: { kind: ActorKind }): boolean {
  return kind === 'cyclist';
}

/** Places of a kind that the camera sees well. */
export function spotsInView(street: Street, ...names: string[]): Spot[] {
  const { camera, world } = street;
  return names
    .flatMap((name) => world.spots[name] ?? [])
    .filter(({ position }) => camera.sees(position, 0.9, 12) && camera.pixels(position, 1.75) > 18);
}

/** Of some people, those nearest to a place first. */
export function nearestTo(place: Point, people: readonly Actor[]): Actor[] {
  return [...people].sort((a, b) => distance(a.position, place) - distance(b.position, place));
}

/** Everyone in reach who is about their own business runs to the nearest gate. */
export function scare(street: Street, place: Point, reach: number, except: readonly Actor[]): void {
  for (const actor of street.crowd.around()) {
    if (except.includes(actor) || distance(actor.position, place) > reach) continue;
    street.crowd.leave(actor, { speed: 3, isReckless: true, isBusy: true });
  }
}
