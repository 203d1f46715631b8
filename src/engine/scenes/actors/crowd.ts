/** The people of a street: where they come from, where they go, with whom, and what they do on the way. */
import type { Random } from '../../random.ts';
import { add, distance, leftOf, scale, subtract, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Walks } from '../worlds/world.ts';
import type { Actor, Held, Look, Mind } from './actor.ts';
import { Dog } from './dog.ts';
import { Pause, Walker, type Steps, type Waypoint } from './walker.ts';

const COATS = [
  0x2d3440, 0x4a3b38, 0x6a2f33, 0x2f4a3e, 0x8a8578, 0x3a4a6a, 0x9c8a5e, 0x5b4a66, 0xa85a3a, 0xb9b6ae,
];
const TROUSERS = [0x23262c, 0x3b4657, 0x57504a, 0x2f2f33, 0x6b6455];
const FURS = [0x6a4a2e, 0x2b2724, 0xb79a6a, 0x8a8680];

/** Pixels that someone must have whose doings are to be made out. */
const LEGIBLE = 22;

/** Worlds in which a walked dog is nothing out of the ordinary. */
const DOG_WORLDS: readonly string[] = ['road', 'junction'];

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
    const { walks } = this.#street.world;
    const from = random.pick(walks.gates);
    const to = random.pick(walks.gates.filter((gate) => gate !== from));
    const way = wayBetween(walks, from, to);
    const start = isUnderWay ? random.below(way.length) : 0;
    const count = random.pick([1, 1, 1, 1, 2, 2, 3]);
    const speed = random.between(1.05, 1.5) * this.#street.conditions.mood;
    const at =
      isUnderWay && start + 1 < way.length
        ? between(way[start].place, way[start + 1].place, random.uniform())
        : way[0].place;
    const ahead = way.slice(Math.min(start + 1, way.length - 1));
    for (let i = 0; i < count; i++) {
      const aside = (i - (count - 1) / 2) * 0.7;
      const actor = this.person(shifted(at, ahead[0].place, aside), random);
      const own = ahead.map((waypoint, w) => this.#scatter(waypoint, ahead[w - 1]?.place ?? at, aside));
      actor.mind = this.#strolling(own, speed, count === 1);
      if (i === 0 && DOG_WORLDS.includes(this.#street.world.id) && random.uniform() < 0.08)
        this.dogOf(actor, random);
    }
    return count;
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
    const gate = random
      ? random.pick(walks.gates)
      : walks.gates.reduce((best, gate) =>
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

  /** Walks its way, perhaps with a rest in the middle, and is gone at its end. */
  #strolling(way: Waypoint[], speed: number, mayRest: boolean): Mind {
    const rests = mayRest && way.length > 1 && this.#random.uniform() < 0.3;
    if (!rests) return new Walker(way, { speed, then: GONE });
    const at = this.#random.below(way.length - 1);
    const seconds = this.#random.between(2, 7);
    const rest = way[at];
    // Not on the road, and not where others cross.
    if (rest.crossing || way[at + 1].crossing) return new Walker(way, { speed, then: GONE });
    const rested = () => new Walker(way.slice(at + 1), { speed, then: GONE });
    return new Walker(way.slice(0, at + 1), { speed, then: () => new Pause(seconds, 'stand', rested) });
  }

  /** Everyone goes a little beside the line. */
  #scatter({ place, crossing }: Waypoint, before: Point, aside: number): Waypoint {
    const { breadth } = this.#street.world.walks;
    const spread = crossing ? 0.5 : breadth;
    return { place: shifted(place, before, aside + this.#random.between(-spread, spread)), crossing };
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

/** A place moved to the left of the line that leads to it. */
function shifted(place: Point, before: Point, aside: number): Point {
  return add(place, scale(leftOf(unit(subtract(place, before))), aside));
}

const between = (a: Point, b: Point, share: number): Point => add(a, scale(subtract(b, a), share));

export function nearestNode({ nodes }: Walks, place: Point): number {
  return nodes.reduce(
    (best, node, i) => (distance(node, place) < distance(nodes[best], place) ? i : best),
    0,
  );
}

/** The shortest way between two nodes (Dijkstra), the first included. */
export function wayBetween({ nodes, edges }: Walks, from: number, to: number): Waypoint[] {
  const far = new Array<number>(nodes.length).fill(Infinity);
  const before = new Array<{ node: number; crossing?: string } | null>(nodes.length).fill(null);
  const open = new Set(nodes.keys());
  far[from] = 0;
  while (open.size > 0) {
    const node = [...open].reduce((best, other) => (far[other] < far[best] ? other : best));
    open.delete(node);
    for (const edge of edges) {
      const other = edge.from === node ? edge.to : edge.to === node ? edge.from : null;
      if (other === null) continue;
      const length = far[node] + distance(nodes[node], nodes[other]);
      if (length >= far[other]) continue;
      far[other] = length;
      before[other] = { node, crossing: edge.crossing };
    }
  }
  const way: Waypoint[] = [];
  for (let node = to; ;) {
    const step = before[node];
    way.unshift({ place: nodes[node], crossing: step?.crossing });
    if (!step) return way;
    node = step.node;
  }
}
