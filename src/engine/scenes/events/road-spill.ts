/** A lorry loses its load: barrels and crates fall, tumble over the lanes and roll off to the side. */
import type { Random } from '../../random.ts';
import { SIZES, type Actor, type Mind } from '../actors/actor.ts';
import type { Driver } from '../actors/driver.ts';
import { add, dot, leftOf, scale, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Lane } from '../worlds/world.ts';
import { entryBeyond, lanesInView, pickOne, vehiclesInView } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

const PIECES = 7;
/** Seconds from one piece to the next. */
const APART = 0.18;
const GRAVITY = 9.8;
/** Metres beside the middle of the lane at which a piece lies out of the way. */
const CLEAR = 2.7;

export const roadSpill: EventScript = {
  class: 'road-spill',
  does: 'A lorry loses barrels and crates, which tumble and roll across the road.',
  worlds: ['road', 'junction'],
  leastSeconds: 2.5,

  begin(street, seconds, random) {
    const isLoaded = ({ actor, driver }: { actor: Actor; driver: Driver }) =>
      actor.kind === 'lorry' && driver.lane.turn === 'straight' && actor.speed > 2;
    const [lorry] = vehiclesInView(street, [-0.4, 0.35], isLoaded);
    if (lorry) return new RoadSpill(lorry.actor, lorry.driver.lane, seconds, random);
    const lanes = lanesInView(street).flatMap(({ lane, from }) => {
      const isPast = !lane.stop || from > lane.stop.at || street.light(lane.stop.group) === 'green';
      const entry = entryBeyond(street, lane, from, -1, SIZES.lorry.length);
      if (lane.turn !== 'straight' || !isPast || entry === null) return [];
      return street.traffic.isFree(lane, entry, 16) ? [{ lane, entry }] : [];
    });
    const chosen = pickOne(lanes.slice(0, 4), random);
    if (!chosen) return null;
    const actor = street.traffic.enter(chosen.lane, 'lorry', chosen.entry, random);
    return new RoadSpill(actor, chosen.lane, seconds, random);
  },
};

class RoadSpill implements RunningEvent {
  readonly class = 'road-spill';
  readonly involved: Actor[];
  isShowing = false;
  readonly #lorry: Actor;
  readonly #lane: Lane;
  readonly #seconds: number;
  readonly #random: Random;
  /** Since the first piece fell. */
  #elapsed = 0;

  constructor(lorry: Actor, lane: Lane, seconds: number, random: Random) {
    this.involved = [lorry];
    this.#lorry = lorry;
    this.#lane = lane;
    this.#seconds = seconds;
    this.#random = random;
  }

  step(street: Street, dt: number): boolean {
    if (!this.isShowing) {
      if (this.#lorry.isGone) return false;
      const seen = street.traffic.seen(this.#lane)!;
      const { distance } = this.#lane.path.project(this.#lorry.position);
      if (distance < seen[0] + 0.3 * (seen[1] - seen[0])) return true;
      this.isShowing = true;
    }
    const fallen = this.involved.length - 1;
    if (fallen < PIECES && this.#elapsed >= fallen * APART) this.#lose(street);
    this.#elapsed += dt;
    const pieces = this.involved.slice(1);
    const isLying = pieces.length === PIECES && pieces.every(({ speed }) => speed === 0);
    this.isShowing = !isLying;
    return !isLying;
  }

  #lose(street: Street): void {
    const { facing, position, size } = this.#lorry;
    const right = scale(leftOf(facing), -1); // to the verge, not among those who come the other way
    const isBarrel = this.#random.uniform() < 0.65;
    const back = add(position, scale(facing, -size.length / 2 - 0.3));
    const drop = add(back, scale(right, this.#random.between(-0.9, 0.8)));
    const piece = street.add('thing', {
      position: drop,
      facing: unit(add(facing, scale(right, this.#random.between(-0.8, 0.8)))),
      elevation: 1.6,
      size: isBarrel ? { length: 0.9, width: 0.9, height: 1.05 } : { length: 1, width: 0.9, height: 0.9 },
      look: {
        colour: isBarrel ? 0x3a5f8a : 0x9a7444,
        accent: 0x2b2b2b,
        shape: isBarrel ? 'barrel' : 'crate',
      },
    });
    // To the side in the time there is; the rest of the lorry's speed is soon gone.
    const aside = (CLEAR + this.#random.between(0, 1.5)) / Math.max(1.5, this.#seconds - 1);
    piece.mind = new Tumble(
      add(scale(facing, this.#lorry.speed * 0.5), scale(right, aside)),
      right,
      this.#lane,
    );
    this.involved.push(piece);
  }
}

/** Falls, bounces, slides to a stop along the road, and rolls on to the side until it is out of the way. */
class Tumble implements Mind {
  #velocity: Point;
  #falling = 0;
  readonly #side: Point;
  readonly #lane: Lane;

  constructor(velocity: Point, side: Point, lane: Lane) {
    this.#velocity = velocity;
    this.#side = side;
    this.#lane = lane;
  }

  step(actor: Actor, _: Street, dt: number): void {
    this.#falling += GRAVITY * dt;
    actor.elevation -= this.#falling * dt;
    if (actor.elevation < 0) {
      actor.elevation = 0;
      this.#falling *= -0.35;
    }
    const sideways = dot(this.#velocity, this.#side);
    const along = add(this.#velocity, scale(this.#side, -sideways));
    const isClear = this.#lane.path.project(actor.position).offset < -CLEAR;
    const aside = isClear ? Math.max(0, sideways - 3 * dt) : sideways;
    this.#velocity = add(scale(along, Math.max(0, 1 - 1.4 * dt)), scale(this.#side, aside));
    const speed = Math.sqrt(dot(this.#velocity, this.#velocity));
    actor.speed = aside === 0 && speed < 0.4 ? 0 : speed;
    if (actor.speed === 0) return;
    actor.position = add(actor.position, scale(this.#velocity, dt));
    actor.roll += (speed * dt) / 0.5;
    actor.stride += speed * dt;
  }
}
