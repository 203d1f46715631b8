/**
 * Driving: along a lane, behind whoever is ahead (Intelligent Driver Model: Treiber, Hennecke and Helbing, 2000), by the
 * lights, giving way at crossings and to traffic that goes first.
 */
import { clamp, norm } from '../exact.ts';
import { add, contains, dot, leftOf, scale, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Crossing, Lane } from '../worlds/world.ts';
import { isVehicle, type Actor, type ActorKind, type Mind } from './actor.ts';
import { waitsToCross } from './walker.ts';

/** Eq. 3 and 4 of the model: m/s^2, m/s^2, seconds, metres. */
const IDM = { acceleration: 1.8, comfortable: 2.6, headway: 1.2, distance: 1.8 };
/** No brake does more, m/s^2. */
const HARDEST = 8;
/** How far ahead a driver looks, metres. */
const SIGHT = 55;
/** Metres to the side that are kept free. */
const CLEARANCE = 0.35;
/** Metres before a crossing or a stop line at which the nose comes to stand. */
const BEFORE_LINE = 0.8;
/** Seconds that must lie between one's own passage and that of traffic that goes first. */
const GAP_SECONDS = 3.5;

/** What makes one slow down: metres from the nose to it, and how fast it goes the same way. */
interface Obstacle {
  gap: number;
  speed: number;
}

const NOTHING: Obstacle = { gap: Infinity, speed: 0 };

/** What a driver may be told to disregard. */
export interface Manners {
  /** Lights, crossings and right of way. */
  obeys: boolean;
  /** Whatever stands in the way. */
  looks: boolean;
}

export class Driver implements Mind {
  lane: Lane;
  /** Of the middle of the vehicle, metres along the lane. */
  distance: number;
  /** Metres to the left of the lane's middle; where it is, and where it wants to be. */
  offset: number;
  wishedOffset: number;
  /** Where it wants to be while nothing is amiss. */
  usualOffset: number;
  /** Metres per second on a free road. */
  wish: number;
  manners: Manners = { obeys: true, looks: true };
  /** A place along the lane to stop at, for as long as it is set. */
  halt: number | null = null;
  /** Keeps the warning lights on. */
  warns = false;
  /** Seconds it has stood. */
  #stood = 0;

  constructor(lane: Lane, distance: number, wish: number, offset = 0) {
    this.lane = lane;
    this.distance = distance;
    this.wish = wish;
    this.offset = this.wishedOffset = this.usualOffset = offset;
  }

  /** Takes a vehicle from wherever it stands back onto a lane. */
  static rejoin(actor: Actor, lane: Lane, wish: number): Driver {
    const { distance, offset } = lane.path.project(actor.position);
    const driver = new Driver(lane, distance, wish, offset);
    driver.wishedOffset = driver.usualOffset = usualOffset(actor.kind, lane);
    return driver;
  }

  step(actor: Actor, street: Street, dt: number): void {
    const obstacle = this.#ahead(actor, street);
    const acceleration = Math.max(-HARDEST, follow(actor.speed, this.wish, obstacle));
    actor.speed = Math.max(0, actor.speed + acceleration * dt);
    this.#stood = actor.speed < 0.3 ? this.#stood + dt : 0;
    const gone = actor.speed * dt;
    this.distance += gone;
    actor.stride += gone;
    // It moves aside only as it moves on, at most one metre in four.
    const aside = clamp(this.wishedOffset - this.offset, -gone / 4, gone / 4);
    this.offset += aside;
    const { position, facing } = this.lane.path.at(this.distance);
    const left = leftOf(facing);
    actor.position = add(position, scale(left, this.offset));
    const wanted = gone > 0 ? unit(add(facing, scale(left, aside / gone))) : facing;
    actor.facing = unit(add(actor.facing, scale(wanted, 1.2 * gone))); // it turns as it goes, not on the spot
    actor.lights.brake = acceleration < -0.8 || actor.speed < 0.2;
    const isTurning = Math.abs(this.distance - this.lane.path.length / 2) < 25;
    actor.lights.left = this.warns || (this.lane.turn === 'left' && isTurning);
    actor.lights.right = this.warns || (this.lane.turn === 'right' && isTurning);
    if (this.distance > this.lane.path.length) actor.isGone = true;
  }

  /** The nearest of all that one must slow down for. */
  #ahead(actor: Actor, street: Street): Obstacle {
    const nose = this.distance + actor.size.length / 2;
    let nearest = NOTHING;
    const consider = (at: number, speed: number) => {
      if (at - nose < nearest.gap) nearest = { gap: at - nose, speed };
    };
    const couldStop = (at: number) => at - nose > (actor.speed * actor.speed) / (2 * 4.5) - 0.5;
    if (this.halt !== null) consider(this.halt + actor.size.length / 2, 0);
    if (this.manners.looks) this.#lookAtOthers(actor, street, consider);
    if (!this.manners.obeys) return nearest;
    const { stop } = this.lane;
    if (stop && nose < stop.at && street.light(stop.group) !== 'green' && couldStop(stop.at))
      consider(stop.at - BEFORE_LINE, 0);
    for (const crossing of street.world.crossings) {
      const at = street.traffic.entry(this.lane, crossing);
      if (at === null || nose > at || at - nose > SIGHT || !couldStop(at)) continue;
      if (isInUse(crossing, street)) consider(at - BEFORE_LINE, 0);
    }
    for (const { way, at } of this.lane.gives ?? []) {
      const before = at - 4.5;
      if (nose > before || at - nose > 25) continue;
      if (street.traffic.isComing(way, this.lane.path.at(at).position, this.#stood > 7 ? 1.8 : GAP_SECONDS))
        consider(before, 0);
    }
    return nearest;
  }

  #lookAtOthers(actor: Actor, street: Street, consider: (at: number, speed: number) => void): void {
    const { path } = this.lane;
    const nose = this.distance + actor.size.length / 2;
    let isMet = false;
    for (const other of street.actors) {
      if (other === actor || other.elevation > 2.5) continue;
      const away = norm(other.position.x - actor.position.x, other.position.y - actor.position.y);
      if (away > SIGHT + 6) continue;
      const place = path.project(other.position, [this.distance - 8, this.distance + SIGHT + 8]);
      if (place.distance <= this.distance) continue;
      const { facing } = path.at(place.distance);
      const along = Math.abs(dot(other.facing, facing));
      const across = Math.sqrt(Math.max(0, 1 - along * along));
      const { length, width } = other.size;
      const halfLength = (along * length + across * width) / 2;
      const halfWidth = (across * length + along * width) / 2;
      const speed = other.speed * dot(other.facing, facing);
      const gap = Math.abs(place.offset - this.offset) - halfWidth - actor.size.width / 2;
      if (isVehicle(other) && speed < -1.5 && gap < 1 && place.distance - nose < 50) isMet = true;
      if (gap < CLEARANCE && place.distance - halfLength > nose - 2)
        consider(place.distance - halfLength, speed);
      else if (
        other.kind === 'person' &&
        gap < 1.2 &&
        isSteppingIn(other, facing, place.offset - this.offset)
      )
        consider(place.distance - halfLength, 0);
    }
    this.#meet(actor, isMet);
  }

  /** Someone comes the wrong way: to the right, slowly, until they have passed. */
  #meet(actor: Actor, isMet: boolean): void {
    if (!this.manners.obeys) return;
    this.wishedOffset = isMet ? this.usualOffset - 1.9 : this.usualOffset;
    if (isMet) actor.speed = Math.max(Math.min(actor.speed, 2.5), actor.speed - 0.2);
  }
}

/** Cyclists keep to the right where they can be passed there. */
export function usualOffset(kind: ActorKind, { cyclingAside = 0 }: Lane): number {
  return kind === 'cyclist' ? -cyclingAside : 0;
}

function isSteppingIn(person: Actor, facing: Point, offset: number): boolean {
  const towards = person.speed * dot(person.facing, leftOf(facing));
  return offset > 0 ? towards < -0.5 : towards > 0.5;
}

/** Whether someone is on a crossing, or, where no lights say who goes, stands there and wants to cross. */
function isInUse(crossing: Crossing, street: Street): boolean {
  return street.actors.some(
    (actor) =>
      (actor.kind === 'person' || actor.kind === 'dog') &&
      (contains(crossing.polygon, actor.position) || (!crossing.group && waitsToCross(actor, crossing))),
  );
}

/** Acceleration of the model, m/s^2. */
function follow(speed: number, wish: number, { gap, speed: leader }: Obstacle): number {
  const share = speed / Math.max(0.1, wish);
  const free = 1 - share * share * share * share;
  if (gap === Infinity) return IDM.acceleration * free;
  const closing = (speed * (speed - leader)) / (2 * Math.sqrt(IDM.acceleration * IDM.comfortable));
  const wanted = IDM.distance + Math.max(0, speed * IDM.headway + closing);
  const pressure = wanted / Math.max(0.3, gap);
  return IDM.acceleration * (free - pressure * pressure);
}
