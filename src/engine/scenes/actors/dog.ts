/** A dog on a leash: beside its owner, and now and then where it smells something. */
import { norm, sin } from '../exact.ts';
import { add, leftOf, scale, subtract, unit } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Actor, Mind } from './actor.ts';
import { outOfSolids } from './forces.ts';

const SPEED = 2.6;

export class Dog implements Mind {
  readonly owner: Actor;
  #seconds: number;

  /** @param phase seconds, so that two dogs do not do the same */
  constructor(owner: Actor, phase: number) {
    this.owner = owner;
    this.#seconds = phase;
  }

  step(actor: Actor, street: Street, dt: number): void {
    this.#seconds += dt;
    if (this.owner.isGone) {
      actor.isGone = true;
      return;
    }
    const { position, facing } = this.owner;
    const ahead = 0.7 + 0.6 * sin(0.9 * this.#seconds);
    const aside = 0.7 + 0.4 * sin(1.7 * this.#seconds);
    const wished = add(add(position, scale(facing, ahead)), scale(leftOf(facing), -aside));
    const away = subtract(wished, actor.position);
    const left = norm(away.x, away.y);
    actor.speed = Math.min(SPEED, 1.8 * left);
    if (left > 0.05) {
      const next = add(actor.position, scale(away, Math.min(1, (actor.speed * dt) / left)));
      actor.position = outOfSolids(next, street.world.solids);
      actor.facing = unit(add(actor.facing, scale(unit(away), 5 * dt)));
    }
    actor.stride += actor.speed * dt;
  }
}
