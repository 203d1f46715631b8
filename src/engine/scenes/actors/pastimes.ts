/** What people do who do not walk: they stand and look, talk, sit on a bench, or bend down at the door of a car. */
import { add, distance, scale, subtract, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Spot } from '../worlds/world.ts';
import type { Actor, Mind } from './actor.ts';

type Next = Mind | ((actor: Actor, street: Street) => Mind);

/** Stays for a while, in a pose, perhaps looking at something, and goes on. */
export class Pause implements Mind {
  readonly isFree: boolean = true;
  #left: number;
  readonly #pose: Actor['pose'];
  readonly #then: Next;
  readonly #target: Point | null;

  constructor(seconds: number, pose: Actor['pose'], then: Next, target: Point | null = null) {
    this.#left = seconds;
    this.#pose = pose;
    this.#then = then;
    this.#target = target;
  }

  step(actor: Actor, street: Street, dt: number): void {
    actor.pose = this.#pose;
    actor.speed = 0;
    actor.stride += dt; // gestures go by seconds
    if (this.#target) turnTo(actor, subtract(this.#target, actor.position), dt);
    this.#left -= dt;
    if (this.#left > 0) return;
    actor.pose = 'stand';
    actor.mind = typeof this.#then === 'function' ? this.#then(actor, street) : this.#then;
  }
}

/** From where one stands before a bench to its seat, metres. */
const SEAT = 0.7;
/** Metres per second at which one sits down and gets up. */
const SITTING_DOWN = 0.9;

/** Sits on a bench for a while. */
export class Rest extends Pause {
  readonly #bench: Spot;
  readonly #seat: Point;
  #left: number;

  /** @param bench where one stands before it, and which way one looks who sits on it */
  constructor(seconds: number, bench: Spot, then: Next) {
    super(seconds, 'sit', then);
    this.#bench = bench;
    this.#seat = seatOf(bench);
    this.#left = seconds;
  }

  override step(actor: Actor, street: Street, dt: number): void {
    super.step(actor, street, dt);
    this.#left -= dt;
    const isRising = this.#left < SEAT / SITTING_DOWN;
    const away = subtract(isRising ? this.#bench.position : this.#seat, actor.position);
    const left = distance(away, { x: 0, y: 0 });
    actor.position = add(actor.position, scale(unit(away), Math.min(left, SITTING_DOWN * dt)));
    turnTo(actor, this.#bench.facing, dt);
    if (isRising || left > SEAT / 2) actor.pose = 'stand';
  }
}

/** Where one sits. */
export function seatOf({ position, facing }: Spot): Point {
  return subtract(position, scale(facing, SEAT));
}

function turnTo(actor: Actor, towards: Point, dt: number): void {
  if (distance(towards, { x: 0, y: 0 }) > 0.05)
    actor.facing = unit(add(actor.facing, scale(unit(towards), 6 * dt)));
}
