/** The people of a street: where they come from, where they go, with whom, and what they do on the way. */
import type { Random } from '../../random.ts';
import { cos, sin } from '../exact.ts';
import { add, between, distance, subtract, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Spot } from '../worlds/world.ts';
import type { Actor, Held, Look, Mind } from './actor.ts';
import { Dog } from './dog.ts';
import { Pause, Rest, seatOf } from './pastimes.ts';
import { Walker, type Steps, type Waypoint } from './walker.ts';
import { backwards, beside, gatesFrom, nearestNode, wayBetween } from './ways.ts';

const COATS = [
  0x2d3440, 0x4a3b38, 0x6a2f33, 0x2f4a3e, 0x8a8578, 0x3a4a6a, 0x9c8a5e, 0x5b4a66, 0xa85a3a, 0xb9b6ae,
];
const TROUSERS = [0x23262c, 0x3b4657, 0x57504a, 0x2f2f33, 0x6b6455];
const FURS = [0x6a4a2e, 0x2b2724, 0xb79a6a, 0x8a8680];

/** Pixels that someone must have whose doings are to be made out. */
const LEGIBLE = 22;

/** Worlds in which a walked dog is nothing out of the ordinary. */
const DOG_WORLDS: readonly string[] = ['road', 'junction'];

/** Shares of those who run for sport, who stop on the way, and who have to do with a parked car where there are some. */
const JOGGERS = 0.05;
const RESTING = 0.4;
const DRIVING = 0.45;
/** Share of those with free hands who carry something away from a shop or a stall. */
const SHOPPING = 0.5;
/** How far from the way a bench or a stall may be that one goes to, metres. */
const DETOUR = 7.5;
/** Metres between two who walk abreast, and from the middle of those who talk. */
const ABREAST = 0.75;
const CIRCLE = 0.65;

/** Where some people go, and what they do on the way. */
interface Outing {
  way: readonly Waypoint[];
  speed: number;
  company: Actor[];
  count: number;
  isToCar: boolean;
  /** Where they stop: after which place of the way. */
  stop: { after: number; place: Spot; kind: 'bench' | 'goods' | 'phone' | 'talk'; seconds: number } | null;
}

export class Crowd {
  readonly #street: Street;
  readonly #random: Random;
  readonly #wanted: number;
  #due = 0;

  constructor(street: Street, random: Random) {
    this.#street = street;
    this.#random = random;
    this.#wanted = Math.round(street.world.people * street.conditions.density);
    for (let i = 0; i < this.#wanted;) i += this.#bring(true);
  }

  /** Lets someone in whenever there are fewer than there should be. */
  step(dt: number): void {
    this.#due -= dt;
    if (this.#due > 0) return;
    this.#due = this.#random.between(0.4, 1.6);
    if (this.#street.actors.filter(({ kind }) => kind === 'person').length < this.#wanted) this.#bring(false);
  }

  /**
   * Brings one person, or a few who belong together.
   * @param isUnderWay somewhere along the way already, as at the beginning
   * @returns how many
   */
  #bring(isUnderWay: boolean): number {
    const random = this.#random;
    const { world, conditions } = this.#street;
    const { way: whole, isFromCar, isToCar } = this.#route();
    const start = isUnderWay ? random.below(whole.length - 1) : 0;
    const at = isUnderWay ? between(whole[start].place, whole[start + 1].place, random.uniform()) : null;
    const way = at ? [{ place: at }, ...whole.slice(start + 1)] : whole;
    const count = isFromCar || isToCar ? 1 : random.pick([1, 1, 1, 1, 2, 2, 3]);
    const isJogging = count === 1 && !isFromCar && !isToCar && random.uniform() < JOGGERS;
    const speed = isJogging ? random.between(2.4, 2.8) : random.between(1.05, 1.5) * conditions.mood;
    const stop = !isJogging && random.uniform() < RESTING ? this.#stop(way, count) : null;
    const outing: Outing = { way, speed, company: [], count, isToCar, stop };
    // Everyone keeps to their side of the way, and goes a little to and fro on it.
    const room = Math.max(0, world.walks.breadth - ((count - 1) / 2) * ABREAST);
    const side = random.between(-room, room);
    const sides = way.map((_, i) => side * (way[i + 1]?.crossing ? 0.5 : random.between(0.7, 1)));
    for (let i = 0; i < count; i++) {
      const aside = (i - (count - 1) / 2) * ABREAST;
      const own = way.map((waypoint, w) => beside(way, w, waypoint.crossing ? aside : aside + sides[w]));
      const actor = this.person(own[0].place, random, isJogging ? null : undefined);
      actor.facing = unit(subtract(own[1].place, own[0].place));
      if (way[0].isDoor && actor.held === null && random.uniform() < SHOPPING) actor.held = 'parcel';
      outing.company.push(actor);
      const mind = this.#goes(outing, own, i);
      actor.mind = isFromCar && !isUnderWay ? new Pause(random.between(0.5, 0.9), 'crouch', mind) : mind;
      if (i === 0 && !isJogging && DOG_WORLDS.includes(world.id) && random.uniform() < 0.08)
        this.dogOf(actor, random);
    }
    return count;
  }

  /** From one gate to another, or between a gate and a parked car. */
  #route(): { way: Waypoint[]; isFromCar: boolean; isToCar: boolean } {
    const random = this.#random;
    const { walks } = this.#street.world;
    const from = random.pick(walks.gates);
    const { cars = [] } = walks;
    if (cars.length > 0 && random.uniform() < DRIVING) {
      const { door, exit } = random.pick(cars);
      const way = wayBetween(walks, from, nearestNode(walks, exit));
      // Not past the car and back.
      const isPast =
        way.length > 1 && distance(way.at(-2)!.place, exit) < distance(way.at(-2)!.place, way.at(-1)!.place);
      if (isPast && !way.at(-1)!.crossing) way.pop();
      way.push({ place: exit, isNarrow: true }, { place: door.position, isNarrow: true });
      const isToCar = random.uniform() < 0.5;
      return { way: isToCar ? way : backwards(way), isFromCar: !isToCar, isToCar };
    }
    const to = random.pick(gatesFrom(walks, from).filter((gate) => gate !== from));
    return { way: wayBetween(walks, from, to), isFromCar: false, isToCar: false };
  }

  /** A place to stop at, if there is one: a bench, something to look at, or just where they are. */
  #stop(way: readonly Waypoint[], count: number): Outing['stop'] {
    const random = this.#random;
    const { spots } = this.#street.world;
    // Not on the road, not where others cross, and not in a door.
    const places = way
      .map((_, i) => i)
      .filter(
        (i) => i > 0 && i + 1 < way.length && !way[i].crossing && !way[i + 1].crossing && !way[i].isDoor,
      );
    if (places.length === 0) return null;
    const after = random.pick(places);
    const { place } = way[after];
    const near = (name: string) =>
      (spots[name] ?? []).filter(({ position }) => distance(position, place) < DETOUR);
    const here: Spot = {
      position: place,
      facing: unit({ x: random.between(-1, 1), y: random.between(-1, 1) }),
    };
    if (count > 1) return { after, place: here, kind: 'talk', seconds: random.between(4, 10) };
    const benches = near('bench');
    const goods = near('goods');
    const chance = random.uniform();
    if (benches.length > 0 && chance < 0.4)
      return { after, place: random.pick(benches), kind: 'bench', seconds: random.between(7, 18) };
    if (goods.length > 0 && chance < 0.8)
      return { after, place: random.pick(goods), kind: 'goods', seconds: random.between(3, 8) };
    return { after, place: here, kind: 'phone', seconds: random.between(2, 7) };
  }

  /** The mind of one of them, from the first place of the way to the last. */
  #goes({ speed, company, count, isToCar, stop }: Outing, way: readonly Waypoint[], i: number): Mind {
    const parts = { speed, company };
    const then: Mind = isToCar ? new Pause(0.8, 'crouch', GONE) : GONE;
    if (!stop) return new Walker(way, { ...parts, then });
    const { after, place, kind, seconds } = stop;
    const goOn = () => new Walker(way.slice(after + 1), { ...parts, then });
    const before = way.slice(0, after + (kind === 'phone' ? 1 : 0));
    const { position, facing } = place;
    const angle = (2 * Math.PI * i) / count;
    switch (kind) {
      case 'bench':
        return new Walker([...before, { place: position }], {
          ...parts,
          then: (_, { actors }) =>
            actors.some((other) => other.pose === 'sit' && distance(other.position, seatOf(place)) < 0.8)
              ? goOn()
              : new Rest(seconds, place, goOn),
        });
      case 'goods': {
        const buys = this.#random.uniform() < SHOPPING;
        const bought = (actor: Actor) => {
          if (buys && actor.held === null) actor.held = 'parcel';
          return goOn();
        };
        const goods = add(position, facing);
        return new Walker([...before, { place: position }], {
          ...parts,
          then: new Pause(seconds, 'stand', bought, goods),
        });
      }
      case 'talk': {
        const own = add(position, { x: CIRCLE * cos(angle), y: CIRCLE * sin(angle) });
        return new Walker([...before, { place: own }], {
          ...parts,
          then: new Pause(seconds, 'stand', goOn, position),
        });
      }
      case 'phone':
        return new Walker(before, {
          ...parts,
          then: (actor) => {
            actor.held ??= 'phone';
            return new Pause(seconds, 'stand', goOn);
          },
        });
    }
  }

  /** Someone who stands at a place. */
  person(position: Point, random: Random, held: Held | null = this.#inHand(random)): Actor {
    const tall = random.between(1.58, 1.9);
    return this.#street.add('person', {
      position,
      facing: unit({ x: random.between(-1, 1), y: random.between(-1, 1) }),
      size: { length: 0.45, width: 0.55, height: tall },
      look: drawPersonLook(random),
      held,
    });
  }

  /** A dog beside its owner, on a leash. */
  dogOf(owner: Actor, random: Random): Actor {
    owner.held = 'leash';
    const colour = random.pick(FURS);
    return this.#street.add('dog', {
      position: add(owner.position, { x: 0.8, y: 0.3 }),
      facing: owner.facing,
      look: { colour, accent: colour },
      mind: new Dog(owner, random.between(0, 6)),
    });
  }

  /** The way from a place to a gate, for someone who wants to leave: any gate, or the nearest. */
  leaving(from: Point, random: Random | null = null): Waypoint[] {
    const { walks } = this.#street.world;
    const nearest = nearestNode(walks, from);
    const gates = gatesFrom(walks, nearest);
    const gate = random
      ? random.pick(gates)
      : gates.reduce((best, gate) =>
          distance(walks.nodes[gate], from) < distance(walks.nodes[best], from) ? gate : best,
        );
    return wayBetween(walks, nearest, gate);
  }

  /** Goes to a gate and is gone. */
  leave(actor: Actor, steps: Steps = {}, random: Random | null = null): void {
    actor.mind = new Walker(this.leaving(actor.position, random), { ...steps, then: GONE });
  }

  /** People who are about their own business, wherever they are. */
  around(): Actor[] {
    return this.#street.actors.filter(
      ({ kind, mind, held }) =>
        kind === 'person' &&
        held !== 'leash' &&
        (mind instanceof Walker || mind instanceof Pause) &&
        mind.isFree,
    );
  }

  /** Those of them whose doings the camera would see well. */
  free(margin = 10): Actor[] {
    const { camera } = this.#street;
    return this.around().filter(
      ({ position }) => camera.sees(position, 0.9, margin) && camera.pixels(position, 1.75) > LEGIBLE,
    );
  }

  #inHand(random: Random): Held | null {
    const chance = random.uniform();
    if (this.#street.conditions.weather === 'rain' && chance < 0.55) return 'umbrella';
    if (chance < 0.18) return 'handbag';
    return chance < 0.26 ? 'phone' : null;
  }
}

export function drawPersonLook(random: Random): Look {
  return { colour: random.pick(COATS), accent: random.pick(TROUSERS) };
}

/** The end of a way that leads out of the world. */
export const GONE: Mind = {
  step(actor) {
    actor.isGone = true;
  },
};
