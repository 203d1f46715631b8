/**
 * Walking: the social-force model (Helbing and Molnar, "Social force model for pedestrian dynamics", 1995). Everyone is
 * drawn to the next place of their way and pushed away by others, by walls and by vehicles. Those who belong together
 * are drawn to each other besides, and wait for each other (after Moussaid et al., "The walking behaviour of pedestrian
 * social groups", 2010).
 */
import { clamp, norm } from '../exact.ts';
import { add, contains, distance, dot, leftOf, scale, subtract, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Crossing } from '../worlds/world.ts';
import { isVehicle, STILL, type Actor, type Mind } from './actor.ts';
import { detour } from './detour.ts';
import { outOfSolids, pushOfPerson, pushOfSolid, pushOfVehicle } from './forces.ts';

/** Eq. 2: seconds in which the wished speed is reached. */
const RELAXATION = 0.5;
/** What draws someone back to companions who are further away than this: m/s^2, m. */
const COMPANIONS = { strength: 1.2, distance: 1.1 };
/** Who has lost the others by so much goes on alone, metres. */
const LOST = 9;
/** Nobody strays further from the line to the next place than this without being drawn back to it: 1/s^2, m. */
const LINE = { strength: 2, distance: 0.5 };
/** Who comes no nearer by this, metres, is stuck; for how many seconds before they step aside, change the side, give up. */
const PROGRESS = 0.05;
const STUCK = { aside: 0.8, change: 1.5, up: 8 };
/** Nobody walks faster than this times the wished speed. */
const FASTEST = 1.3;
/** A place of the way is reached when it is this near, metres; one that must be met, and the last one. */
const REACHED = { roughly: 0.9, closely: 0.35 };
/** Nobody goes round more corners than this on one way. */
const CORNERS = 12;
/** Seconds that a road must be free of vehicles before someone steps onto it. */
const CROSSING_SECONDS = 4.5;
/** How far before a door's place, and to either side of it, one may pass through the wall, metres. */
export const DOORWAY = { depth: 2, side: 0.7 };
/** From the middle of a lane to where one is out of the way of vehicles, metres. */
const HALF_LANE = 1.9;
/** Above this people run, m/s. */
const RUNNING = 2.2;

export interface Steps {
  /** Metres per second. */
  speed?: number;
  /** What comes when the last place is reached; standing still unless told. */
  then?: Mind | ((actor: Actor, street: Street) => Mind);
  /** Crosses roads without looking. */
  isReckless?: boolean;
  /** Belongs to an event: no other may take it. */
  isBusy?: boolean;
  /** The pose on the way, where it is neither walking nor running. */
  pose?: Actor['pose'];
  /** All those who go together, this one among them. */
  company?: readonly Actor[];
}

/** Where one goes next: a place, and the crossing that leads there. */
export interface Waypoint {
  place: Point;
  crossing?: string;
  /** Is within a wall, and where one may pass through it. */
  isDoor?: boolean;
  /** Between parked cars or round a corner: there is no room to keep to a side, and none to cut it short. */
  isNarrow?: boolean;
}

export class Walker implements Mind {
  /** The crossing at whose kerb it stands and waits; drivers look for it. */
  waitsAt: string | null = null;
  /** Events take over only those who are about their own business. */
  readonly isFree: boolean;
  speed: number;
  readonly #way: Waypoint[];
  readonly #steps: Steps;
  #velocity: Point = { x: 0, y: 0 };
  /** How near it has come to the next place, and for how many seconds it has come no nearer. */
  #nearest = Infinity;
  #stuck = 0;
  /** Corners that it has gone round. */
  #corners = 0;
  /** The place it comes from. */
  #last: Waypoint | null = null;

  constructor(way: readonly Waypoint[], steps: Steps = {}) {
    this.#way = [...way];
    this.#steps = steps;
    this.isFree = !steps.isBusy;
    this.speed = steps.speed ?? 1.3;
  }

  step(actor: Actor, street: Street, dt: number): void {
    const [next] = this.#way;
    if (!next) return this.#arrive(actor, street, dt);
    const away = subtract(next.place, actor.position);
    const left = norm(away.x, away.y);
    const isLast = this.#way.length === 1;
    this.#last ??= { place: actor.position };
    if (this.#nearest === Infinity && this.#turnCorner(actor, next, street))
      return this.step(actor, street, dt);
    const mayGiveUp = !next.crossing && !this.#way[1]?.crossing && (!isLast || left < 1.5);
    if (
      left < (isLast || next.isNarrow ? REACHED.closely : REACHED.roughly) ||
      (this.#stuck > STUCK.up && mayGiveUp)
    ) {
      this.#last = this.#way.shift()!;
      this.#stuck = 0;
      this.#nearest = Infinity;
      return this.step(actor, street, dt);
    }
    const crossing = next.crossing && street.world.crossings.find(({ id }) => id === next.crossing);
    const mayGo = !crossing || this.#steps.isReckless || mayCross(actor, crossing, street);
    this.waitsAt = mayGo ? null : crossing.id;
    const speed = this.speed * this.#pace(actor, unit(away), crossing ? 0.85 : 0.5);
    const wished = mayGo
      ? scale(this.#direction(actor, away, street), isLast ? Math.min(speed, 0.4 + left) : speed)
      : ZERO;
    this.#move(actor, street, wished, dt);
    this.#stuck = mayGo && left > this.#nearest - PROGRESS ? this.#stuck + dt : 0;
    if (this.#stuck === 0) this.#nearest = left;
    if (actor.speed > 0.2) actor.pose = this.#steps.pose ?? (actor.speed > RUNNING ? 'run' : 'walk');
    else if (!mayGo || actor.speed < 0.08) actor.pose = this.#steps.pose === 'carry' ? 'carry' : 'stand';
  }

  #arrive(actor: Actor, street: Street, dt: number): void {
    actor.speed = 0;
    const { then = STILL } = this.#steps;
    actor.mind = typeof then === 'function' ? then(actor, street) : then;
    if (actor.mind === STILL) actor.pose = 'stand';
    actor.mind.step(actor, street, dt);
  }

  /** Eq. 1: the sum of all forces, and what comes of it. */
  #move(actor: Actor, street: Street, wished: Point, dt: number): void {
    let force = scale(subtract(wished, this.#velocity), 1 / RELAXATION); // Eq. 2
    for (const other of street.actors) {
      if (other === actor || other.elevation > 0.5 || other.kind === 'dog') continue; // dogs step aside themselves
      force = add(force, isVehicle(other) ? pushOfVehicle(actor, other) : pushOfPerson(actor, other));
    }
    const { middle, isAlone } = this.#companions(actor);
    const apart = subtract(middle, actor.position);
    if (!isAlone && !this.waitsAt && norm(apart.x, apart.y) > COMPANIONS.distance)
      force = add(force, scale(unit(apart), COMPANIONS.strength));
    force = add(force, this.#pullOfLine(actor));
    const solids = this.#isInDoor(actor) ? [] : street.world.solids;
    for (const solid of solids) force = add(force, pushOfSolid(actor.position, solid));
    const faster = add(this.#velocity, scale(force, dt));
    const speed = norm(faster.x, faster.y);
    const most = FASTEST * Math.max(0.25, norm(wished.x, wished.y));
    this.#velocity = speed > most ? scale(faster, most / speed) : faster;
    const place = outOfSolids(add(actor.position, scale(this.#velocity, dt)), solids);
    // Who waits at a kerb is not pushed over it.
    if (this.waitsAt && street.world.crossings.some(({ polygon }) => contains(polygon, place)))
      this.#velocity = ZERO;
    else actor.position = place;
    actor.speed = Math.min(norm(this.#velocity.x, this.#velocity.y), most);
    actor.stride += actor.speed * dt;
    if (actor.speed > 0.15) actor.facing = unit(add(actor.facing, scale(unit(this.#velocity), 6 * dt)));
  }

  /** Whether something stands in the way to the next place, and its corner comes first. */
  #turnCorner({ position }: Actor, { place, crossing, isDoor }: Waypoint, { world }: Street): boolean {
    if (crossing || isDoor || this.#last?.isDoor || this.#corners >= CORNERS) return false;
    const corner = detour(position, place, world.solids);
    if (!corner) return false;
    this.#corners++;
    this.#way.unshift({ place: corner, isNarrow: true });
    return true;
  }

  /** Straight on; who is stuck tries it now on the left, now on the right, but not by way of the road. */
  #direction({ position }: Actor, away: Point, street: Street): Point {
    const ahead = unit(away);
    if (this.#stuck < STUCK.aside) return ahead;
    const left = leftOf(ahead);
    const first = Math.floor(this.#stuck / STUCK.change) % 2 === 0 ? 1 : -1;
    const side = isOnRoad(add(position, scale(left, first)), street) ? -first : first;
    return unit(add(scale(ahead, 0.3), scale(left, side)));
  }

  /** Back to the line between the last place and the next, so that nobody is pushed off the pavement for good. */
  #pullOfLine({ position }: Actor): Point {
    if (!this.#last || this.#stuck >= STUCK.aside) return ZERO;
    const left = leftOf(unit(subtract(this.#way[0].place, this.#last.place)));
    const offset = this.#offset(position);
    const much = offset - clamp(offset, -LINE.distance, LINE.distance);
    return scale(left, -LINE.strength * clamp(much, -1, 1));
  }

  /** Who is ahead of the others slows down, who is behind hurries: a factor on the wished speed. */
  #pace(actor: Actor, ahead: Point, slowest: number): number {
    const { middle, isAlone } = this.#companions(actor);
    const lead = dot(subtract(actor.position, middle), ahead);
    if (isAlone || Math.abs(lead) < 0.3) return 1;
    return clamp(1 - 0.4 * (lead - (lead > 0 ? 0.3 : -0.3)), slowest, 1.25);
  }

  /** Where the others are who still walk with this one. */
  #companions(actor: Actor): { middle: Point; isAlone: boolean } {
    const { company = [] } = this.#steps;
    let sum = ZERO;
    let count = 0;
    for (const other of company) {
      const isAlong = other !== actor && !other.isGone && other.mind instanceof Walker;
      if (!isAlong || (other.mind as Walker).#steps.company !== company) continue;
      if (distance(other.position, actor.position) > LOST) continue;
      sum = add(sum, other.position);
      count++;
    }
    return { middle: scale(sum, 1 / Math.max(1, count)), isAlone: count === 0 };
  }

  /** Whether it comes out of a door or goes in, and is right before it or within. */
  #isInDoor({ position }: Actor): boolean {
    const [next] = this.#way;
    const door = next.isDoor ? next : this.#last;
    if (!door?.isDoor || distance(door.place, position) > DOORWAY.depth) return false;
    return Math.abs(this.#offset(position)) < DOORWAY.side;
  }

  /** Metres to the left of the line from the last place to the next. */
  #offset(position: Point): number {
    const from = this.#last?.place ?? position;
    return dot(subtract(position, from), leftOf(unit(subtract(this.#way[0].place, from))));
  }
}

const ZERO: Point = { x: 0, y: 0 };

/** Whether someone stands at the kerb of a crossing and wants to cross. */
export function waitsToCross({ mind }: Actor, { id }: Crossing): boolean {
  return mind instanceof Walker && mind.waitsAt === id;
}

/** By the lights where there are some, else when vehicles have stopped or are far. Who is on it already goes on. */
function mayCross(actor: Actor, crossing: Crossing, street: Street): boolean {
  const { from, to, polygon, group } = crossing;
  const kerb = distance(actor.position, from) < distance(actor.position, to) ? from : to;
  if (contains(polygon, actor.position) || distance(actor.position, kerb) > 1.6) return true;
  if (group && street.light(group) !== 'green') return false;
  const middle = scale(add(from, to), 0.5);
  return street.actors.every((other) => {
    if (!isVehicle(other) || other.speed < 0.4) return true;
    const away = subtract(middle, other.position);
    const ahead = dot(away, other.facing);
    const aside = Math.abs(dot(away, leftOf(other.facing)));
    if (aside > distance(from, to) / 2 + 1 || ahead < -other.size.length) return true;
    // Where lights say who goes, only who is about to run over it matters.
    return ahead - other.size.length / 2 > other.speed * (group ? 1.2 : CROSSING_SECONDS);
  });
}

/** Whether a place is where vehicles go, and no crossing. */
function isOnRoad(place: Point, { world }: Street): boolean {
  return (
    world.lanes.some(({ path }) => Math.abs(path.project(place).offset) < HALF_LANE) &&
    !world.crossings.some(({ polygon }) => contains(polygon, place))
  );
}

/** Keeps at a gesture, looking at something, until someone gives it another mind. */
export class Gesture implements Mind {
  readonly isFree = false;
  pose: Actor['pose'];
  target: Point | null;

  constructor(pose: Actor['pose'], target: Point | null = null) {
    this.pose = pose;
    this.target = target;
  }

  step(actor: Actor, _: Street, dt: number): void {
    actor.pose = this.pose;
    actor.speed = 0;
    actor.stride += dt;
    if (!this.target || distance(this.target, actor.position) < 0.05) return;
    actor.facing = unit(add(actor.facing, scale(unit(subtract(this.target, actor.position)), 8 * dt)));
  }
}
