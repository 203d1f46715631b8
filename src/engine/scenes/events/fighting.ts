/** Two people fall upon each other with fists and feet; when it is over they part. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import { Gesture, Walker } from '../actors/walker.ts';
import { add, between, distance, scale, subtract, unit } from '../ground.ts';
import type { Street } from '../street.ts';
import { nearestTo, pickOne } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

/** Metres between two who fight. */
const REACH = 0.75;
/** Metres from which they go for each other. */
const NEAR = 1.9;
const GIVE_UP_SECONDS = 7;

export const fighting: EventScript = {
  class: 'fighting',
  does: 'Two people punch and kick each other.',
  worlds: ['plaza', 'shop', 'carpark'],
  leastSeconds: 2,

  begin(street, seconds, random) {
    const free = street.crowd.free();
    const pairs = free.flatMap((actor) => {
      const [other] = nearestTo(
        actor.position,
        free.filter((one) => one !== actor),
      );
      const isNear = other && distance(actor.position, other.position) < 9;
      return isNear && !isOnRoad(street, between(actor.position, other.position, 0.5))
        ? [[actor, other] as const]
        : [];
    });
    const pair = pickOne(pairs, random);
    return pair && new Fighting(pair, seconds, random);
  },
};

function isOnRoad({ world }: Street, place: Actor['position']): boolean {
  return world.lanes.some(({ path }) => Math.abs(path.project(place).offset) < 2.4);
}

class Fighting implements RunningEvent {
  readonly class = 'fighting';
  readonly involved: readonly Actor[];
  isShowing = false;
  readonly #seconds: number;
  readonly #random: Random;
  #elapsed = 0;
  #next = 0;

  constructor(pair: readonly [Actor, Actor], seconds: number, random: Random) {
    this.involved = pair;
    this.#seconds = seconds;
    this.#random = random;
    const middle = between(pair[0].position, pair[1].position, 0.5);
    for (const actor of pair) {
      actor.held = null;
      const place = add(middle, scale(unit(subtract(actor.position, middle)), REACH / 2));
      actor.mind = new Walker([{ place }], { speed: 2.4, isBusy: true });
    }
  }

  step(street: Street, dt: number): boolean {
    const [one, other] = this.involved;
    this.#elapsed += dt;
    if (!this.isShowing) {
      if (this.#elapsed > GIVE_UP_SECONDS) return this.#part(street);
      if (distance(one.position, other.position) > NEAR) return true;
      this.isShowing = true;
      this.#elapsed = 0;
      one.mind = new Gesture('punch', other.position);
      other.mind = new Gesture('kick', one.position);
    }
    this.#next -= dt;
    if (this.#next < 0) this.#strike();
    // To and fro, always within reach.
    const away = subtract(other.position, one.position);
    const push = scale(unit(away), (distance(one.position, other.position) - REACH) * 2 * dt);
    const drift = { x: this.#random.between(-0.5, 0.5) * dt, y: this.#random.between(-0.5, 0.5) * dt };
    one.position = add(add(one.position, push), drift);
    other.position = add(subtract(other.position, push), drift);
    return this.#elapsed < this.#seconds || this.#part(street);
  }

  /** The next blow, now of one, now of the other. */
  #strike(): void {
    this.#next = this.#random.between(0.35, 0.8);
    for (const [i, actor] of this.involved.entries()) {
      const { mind } = actor;
      if (!(mind instanceof Gesture)) continue;
      mind.pose = this.#random.pick(['punch', 'punch', 'kick', 'grab']);
      mind.target = this.involved[1 - i].position;
    }
    const [one, other] = this.involved;
    const lunge = scale(unit(subtract(other.position, one.position)), 0.12);
    one.position = add(one.position, lunge);
    other.position = add(other.position, lunge);
  }

  #part(street: Street): false {
    this.isShowing = false;
    for (const actor of this.involved) street.crowd.leave(actor, { speed: 1.8, isBusy: true });
    return false;
  }
}
