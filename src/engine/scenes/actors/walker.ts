/**
 * Walking: the social-force model (Helbing and Molnar, "Social force model for pedestrian dynamics", 1995). Everyone is
 * drawn to the next place of their way and pushed away by others, by walls and by vehicles.
 */
import { clamp, decay, norm } from '../exact.ts';
import { add, contains, distance, dot, leftOf, scale, subtract, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Crossing, Solid } from '../worlds/world.ts';
import { isVehicle, STILL, type Actor, type Mind } from './actor.ts';

/** Eq. 2: seconds in which the wished speed is reached. */
const RELAXATION = 0.5;
/** Eq. 3 and 4: strength (m/s^2) and range (m) of what others exert. */
const OTHERS = { strength: 2.1, range: 0.35 };
/** Eq. 5: the same of walls. */
const WALLS = { strength: 6, range: 0.2 };
/** Nobody walks faster than this times the wished speed. */
const FASTEST = 1.3;
/** Radius of a person, metres. */
const RADIUS = 0.3;
/** A place of the way is reached when it is this near, metres. */
const REACHED = 0.9;
/** Seconds that a road must be free of vehicles before someone steps onto it. */
const CROSSING_SECONDS = 4.5;
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
}

/** Where one goes next: a place, and the crossing that leads there. */
export interface Waypoint {
  place: Point;
  crossing?: string;
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
  /** Seconds it has got no nearer. */
  #stuck = 0;

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
    if (left < (isLast ? 0.35 : REACHED) || this.#stuck > 6) {
      this.#way.shift();
      this.#stuck = 0;
      return this.step(actor, street, dt);
    }
    const crossing = next.crossing && street.world.crossings.find(({ id }) => id === next.crossing);
    const mayGo = !crossing || this.#steps.isReckless || mayCross(actor, crossing, street);
    this.waitsAt = mayGo ? null : crossing.id;
    const wished = mayGo
      ? scale(unit(away), Math.min(this.speed, isLast ? 0.4 + left : this.speed))
      : { x: 0, y: 0 };
    this.#move(actor, street, wished, dt);
    this.#stuck = mayGo && actor.speed < 0.15 ? this.#stuck + dt : 0;
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
      if (other === actor || other.elevation > 0.5) continue;
      force = add(force, isVehicle(other) ? pushOfVehicle(actor, other) : pushOfPerson(actor, other));
    }
    for (const solid of street.world.solids) force = add(force, pushOfSolid(actor.position, solid));
    const faster = add(this.#velocity, scale(force, dt));
    const speed = norm(faster.x, faster.y);
    const most = FASTEST * Math.max(0.25, norm(wished.x, wished.y));
    this.#velocity = speed > most ? scale(faster, most / speed) : faster;
    actor.position = outOfSolids(add(actor.position, scale(this.#velocity, dt)), street.world.solids);
    actor.speed = Math.min(speed, most);
    actor.stride += actor.speed * dt;
    if (actor.speed > 0.15) actor.facing = unit(add(actor.facing, scale(unit(this.#velocity), 6 * dt)));
  }
}

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

/** Eq. 3: away from others, more so the nearer they are; those behind count for less (eq. 8). */
function pushOfPerson(actor: Actor, other: Actor): Point {
  const away = subtract(actor.position, other.position);
  const gap = norm(away.x, away.y) - 2 * RADIUS;
  if (gap > 2) return ZERO;
  const isAhead = dot(away, actor.facing) < 0;
  const strength = OTHERS.strength * decay(-Math.max(gap, -0.3) / OTHERS.range) * (isAhead ? 1 : 0.4);
  // A little to the right, so that two who meet do not dance.
  const direction = unit(away);
  return scale(subtract(direction, scale(leftOf(direction), 0.25)), strength);
}

function pushOfVehicle(actor: Actor, other: Actor): Point {
  const away = subtract(actor.position, other.position);
  if (Math.abs(away.x) + Math.abs(away.y) > 12) return ZERO;
  return pushOfBox(away, other.facing, other.size.length / 2, other.size.width / 2, 5, 0.4);
}

function pushOfSolid(position: Point, { centre, facing, length, width }: Solid): Point {
  const away = subtract(position, centre);
  if (Math.abs(away.x) + Math.abs(away.y) > length + width + 2) return ZERO;
  return pushOfBox(away, facing, length / 2, width / 2, WALLS.strength, WALLS.range);
}

/** Eq. 5: away from the nearest place of a box. */
function pushOfBox(
  away: Point,
  facing: Point,
  halfLength: number,
  halfWidth: number,
  strength: number,
  range: number,
): Point {
  const left = leftOf(facing);
  const [along, aside] = [dot(away, facing), dot(away, left)];
  const gapAlong = along - clamp(along, -halfLength, halfLength);
  const gapAside = aside - clamp(aside, -halfWidth, halfWidth);
  const gap = norm(gapAlong, gapAside);
  if (gap > 2 || gap === 0) return ZERO;
  const out = add(scale(facing, gapAlong / gap), scale(left, gapAside / gap));
  return scale(out, strength * decay(-Math.max(0, gap - RADIUS) / range));
}

/** Nobody is inside a wall: who would be is put back to its edge. */
function outOfSolids(position: Point, solids: readonly Solid[]): Point {
  for (const { centre, facing, length, width, kind } of solids) {
    const thin = kind === 'tree' ? 0.3 : 1; // a crown is no wall
    const away = subtract(position, centre);
    const left = leftOf(facing);
    const [along, aside] = [dot(away, facing), dot(away, left)];
    const [halfLength, halfWidth] = [(thin * length) / 2 + 0.15, (thin * width) / 2 + 0.15];
    if (Math.abs(along) >= halfLength || Math.abs(aside) >= halfWidth) continue;
    const isAlong = halfLength - Math.abs(along) < halfWidth - Math.abs(aside);
    const edge = isAlong
      ? add(scale(facing, along < 0 ? -halfLength : halfLength), scale(left, aside))
      : add(scale(facing, along), scale(left, aside < 0 ? -halfWidth : halfWidth));
    return add(centre, edge);
  }
  return position;
}

const ZERO: Point = { x: 0, y: 0 };

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

/** Stays for a while, in a pose, and goes on. */
export class Pause implements Mind {
  readonly isFree: boolean = true;
  #left: number;
  readonly #pose: Actor['pose'];
  readonly #then: Mind | ((actor: Actor, street: Street) => Mind);

  constructor(seconds: number, pose: Actor['pose'], then: Mind | ((actor: Actor, street: Street) => Mind)) {
    this.#left = seconds;
    this.#pose = pose;
    this.#then = then;
  }

  step(actor: Actor, street: Street, dt: number): void {
    actor.pose = this.#pose;
    actor.speed = 0;
    actor.stride += dt; // gestures go by seconds
    this.#left -= dt;
    if (this.#left > 0) return;
    actor.pose = 'stand';
    actor.mind = typeof this.#then === 'function' ? this.#then(actor, street) : this.#then;
  }
}
