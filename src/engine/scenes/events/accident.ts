/**
 * Two vehicles collide: one leaves its lane and hits another that comes towards it, or runs into the one before it.
 * Both slide to rest askew, smoke rises, and when the event is over they drive on slowly.
 */
import type { Random } from '../../random.ts';
import type { Actor, Mind } from '../actors/actor.ts';
import { Driver } from '../actors/driver.ts';
import { cos, sin } from '../exact.ts';
import { add, distance, dot, scale, subtract, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Lane } from '../worlds/world.ts';
import { isNarrow, pickOne, vehiclesInView, type SeenVehicle } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

/** Deceleration of a vehicle that slides, m/s^2. */
const FRICTION = 6;
/** Seconds that the striker may take to reach the other. */
const CHASE_SECONDS = 3;

export const accident: EventScript = {
  class: 'accident',
  does: 'Two vehicles collide, slide askew and stand smoking in the road.',
  worlds: ['road', 'junction'],
  leastSeconds: 2,

  begin(street, seconds, random) {
    const seen = vehiclesInView(street, [0.2, 0.75], ({ actor }) => !isNarrow(actor));
    const pairs = seen.flatMap((striker) =>
      seen
        .filter((struck) => struck !== striker && canStrike(striker, struck))
        .map((struck) => [striker, struck] as const),
    );
    const pair = pickOne(pairs, random);
    return pair && new Accident(pair[0], pair[1], seconds, random);
  },
};

/** Near enough, ahead, and one of them moving. */
function canStrike(striker: SeenVehicle, struck: SeenVehicle): boolean {
  const away = subtract(struck.actor.position, striker.actor.position);
  const apart = distance(struck.actor.position, striker.actor.position);
  return apart > 6 && apart < 26 && dot(unit(away), striker.actor.facing) > 0.55 && striker.actor.speed > 3;
}

class Accident implements RunningEvent {
  readonly class = 'accident';
  readonly involved: readonly Actor[];
  isShowing = false;
  readonly #lanes: readonly Lane[];
  readonly #random: Random;
  readonly #seconds: number;
  #elapsed = 0;
  /** When they met. */
  #struckAt: number | null = null;

  constructor(striker: SeenVehicle, struck: SeenVehicle, seconds: number, random: Random) {
    this.involved = [striker.actor, struck.actor];
    this.#lanes = [striker.driver.lane, struck.driver.lane];
    this.#seconds = seconds;
    this.#random = random;
    striker.actor.mind = new Striker(struck.actor);
    struck.driver.manners = { ...struck.driver.manners, looks: false }; // it sees nothing coming
  }

  step(street: Street, dt: number): boolean {
    this.#elapsed += dt;
    const [striker, struck] = this.involved;
    if (striker.isGone || struck.isGone) return false;
    if (this.#struckAt === null) {
      const reach = (striker.size.length + Math.min(struck.size.length, 5)) / 2 - 0.4;
      if (distance(striker.position, struck.position) < reach) this.#collide(street);
      else if (this.#elapsed > CHASE_SECONDS) return this.#release(street);
      return true;
    }
    const since = this.#elapsed - this.#struckAt;
    if (Math.floor(since / 0.3) !== Math.floor((since - dt) / 0.3) && since < this.#seconds - 0.5)
      this.#smoke(street);
    if (since < this.#seconds) return true;
    return this.#release(street);
  }

  #collide(street: Street): void {
    this.#struckAt = this.#elapsed;
    this.isShowing = true;
    const [striker, struck] = this.involved;
    const hit = unit(subtract(struck.position, striker.position));
    const impact = Math.max(3, striker.speed);
    const turn = this.#random.uniform() < 0.5 ? -1 : 1;
    const own = scale(struck.facing, struck.speed * 0.3);
    struck.mind = new Slide(add(own, scale(hit, impact * 0.6)), turn * this.#random.between(1.2, 2.2));
    striker.mind = new Slide(scale(hit, impact * 0.25), -turn * this.#random.between(0.8, 1.8));
    const position = add(striker.position, scale(hit, striker.size.length / 2));
    street.addEffect({ kind: 'sparks', position, elevation: 0.6, radius: 1.2, life: 0.5 });
    street.addEffect({ kind: 'smoke', position, elevation: 0.8, radius: 1.6, life: 1.6 });
  }

  #smoke(street: Street): void {
    const [striker] = this.involved;
    const position = add(striker.position, scale(striker.facing, striker.size.length * 0.4));
    street.addEffect({
      kind: 'smoke',
      position,
      elevation: 1,
      radius: this.#random.between(0.7, 1.3),
      life: 1.8,
    });
  }

  /** Everyone back to driving, slowly. */
  #release(street: Street): false {
    this.isShowing = false;
    this.involved.forEach((actor, i) => {
      if (actor.isGone) return;
      actor.roll = 0;
      actor.mind = Driver.rejoin(actor, this.#lanes[i], street.world.lanes[0].limit * 0.7);
    });
    return false;
  }
}

/** Steers at another vehicle without braking. */
class Striker implements Mind {
  readonly #target: Actor;

  constructor(target: Actor) {
    this.#target = target;
  }

  step(actor: Actor, _: Street, dt: number): void {
    const ahead = add(this.#target.position, scale(this.#target.facing, this.#target.speed * 0.35));
    const wanted = unit(subtract(ahead, actor.position));
    actor.facing = unit(add(actor.facing, scale(wanted, 2.4 * dt)));
    actor.speed = Math.min(13, actor.speed + 2.5 * dt);
    actor.position = add(actor.position, scale(actor.facing, actor.speed * dt));
    actor.stride += actor.speed * dt;
  }
}

/** Slides and turns until it comes to rest. */
class Slide implements Mind {
  #velocity: Point;
  #spin: number;

  /** @param spin radians per second */
  constructor(velocity: Point, spin: number) {
    this.#velocity = velocity;
    this.#spin = spin;
  }

  step(actor: Actor, _: Street, dt: number): void {
    const speed = Math.sqrt(dot(this.#velocity, this.#velocity));
    const next = Math.max(0, speed - FRICTION * dt);
    this.#velocity = scale(unit(this.#velocity), next);
    this.#spin *= Math.max(0, 1 - 2.2 * dt);
    actor.position = add(actor.position, scale(this.#velocity, dt));
    const [s, c] = [sin(this.#spin * dt), cos(this.#spin * dt)];
    const { x, y } = actor.facing;
    actor.facing = unit({ x: x * c - y * s, y: x * s + y * c });
    actor.speed = 0;
    actor.lights = { brake: true, left: true, right: true };
  }
}
