/**
 * A street while time runs: actors with behaviour, lights, and now and then an event. Pure arithmetic from one seed;
 * drawing it and recording its truth are done by those who watch (`drawing/`, `truth.ts`).
 */
import { Random } from '../random.ts';
import { newActor, type Actor, type ActorKind } from './actors/actor.ts';
import { lightOf, type Light } from './actors/signals.ts';
import { Traffic } from './actors/traffic.ts';
import { Crowd } from './actors/crowd.ts';
import { Camera, hang, type PictureSize } from './camera.ts';
import { drawConditions, type Conditions, type ConditionWishes } from './conditions.ts';
import { scriptOf } from './events/catalogue.ts';
import type { EventClass, RunningEvent } from './events/event.ts';
import { add, unit, type Point } from './ground.ts';
import { makeWorld } from './worlds/catalogue.ts';
import type { World, WorldId } from './worlds/world.ts';

export const STREET_SIZE: PictureSize = { width: 320, height: 240 };
export const STREET_RATE = 15;

/** Steps of the simulation per frame of the video. */
const STEPS_PER_FRAME = 2;
/** The street has been busy for a while when the video begins. */
const WARM_UP_SECONDS = 20;
/** How long an event is given to find its moment. */
const PATIENCE_SECONDS = 8;

/** An event that is to happen. */
export interface PlannedEvent {
  class: EventClass;
  /** When it should set in, and how long it should be seen. */
  startSeconds: number;
  seconds: number;
}

/** All that a street follows from. */
export interface StreetOptions {
  world: WorldId;
  seed: number;
  seconds: number;
  conditions?: ConditionWishes;
  events: readonly PlannedEvent[];
}

/** Fire, smoke and light that belong to no actor. */
export interface Effect {
  kind: 'fire' | 'smoke' | 'flash' | 'sparks' | 'puff';
  position: Point;
  elevation: number;
  /** Metres. */
  radius: number;
  /** Seconds since it began. */
  age: number;
  /** Seconds that it lasts. */
  life: number;
}

/** An event that has not begun. */
interface Waiting {
  event: PlannedEvent;
  random: Random;
  /** Seconds that it may be late; without end for one that was set off by hand. */
  patience: number;
}

export class Street {
  readonly options: StreetOptions;
  readonly world: World;
  readonly conditions: Conditions;
  readonly camera: Camera;
  readonly actors: Actor[] = [];
  readonly effects: Effect[] = [];
  /** Events that are under way. */
  readonly running: RunningEvent[] = [];
  /** Seconds since the first frame; negative while it warms up. */
  seconds = -WARM_UP_SECONDS;
  /** Draws of whatever happens by and by. */
  readonly random: Random;
  readonly traffic: Traffic;
  readonly crowd: Crowd;
  readonly #waiting: Waiting[];
  /** Those set off by hand that are under way and have shown nothing so far. */
  readonly #unshown = new Map<RunningEvent, Waiting>();
  #nextId = 0;

  constructor(options: StreetOptions) {
    this.options = options;
    const random = new Random(options.seed);
    this.world = makeWorld(options.world, random.stream('world'));
    this.conditions = drawConditions(random.stream('conditions'), options.seconds, options.conditions);
    this.camera = new Camera(
      hang(random.stream('mount').pick(this.world.mounts), random.stream('hang')),
      STREET_SIZE,
    );
    this.random = random.stream('life');
    this.traffic = new Traffic(this, random.stream('traffic'));
    this.crowd = new Crowd(this, random.stream('crowd'));
    this.#scatterCrates(random.stream('crates'));
    this.#waiting = options.events.map((event, i) => ({
      event,
      random: random.stream('event', i),
      patience: PATIENCE_SECONDS,
    }));
    while (this.seconds < -1e-9) this.#step();
    this.seconds = 0;
  }

  /** On to the next frame. */
  advance(): void {
    for (let i = 0; i < STEPS_PER_FRAME; i++) this.#step();
  }

  /** Brings someone onto the street. */
  add(kind: ActorKind, given: Parameters<typeof newActor>[2]): Actor {
    const actor = newActor(this.#nextId++, kind, given);
    this.actors.push(actor);
    return actor;
  }

  addEffect(effect: Omit<Effect, 'age'>): void {
    this.effects.push({ ...effect, age: 0 });
  }

  /** Sets an event off as soon as it can be, however long that takes; one that comes to nothing is tried again. */
  trigger(event: EventClass, seconds: number): void {
    const planned = { class: event, startSeconds: this.seconds, seconds };
    this.#waiting.push({
      event: planned,
      patience: Infinity,
      random: this.random.stream('trigger', Math.round(this.seconds * 1000)),
    });
  }

  /** What a group of lights shows; green where the world has none. */
  light(group: string): Light {
    return this.world.signals ? lightOf(this.world.signals, group, this.seconds + WARM_UP_SECONDS) : 'green';
  }

  /** Crates stand about in the city, whether anyone carries one or not. */
  #scatterCrates(random: Random): void {
    const places = random.shuffle(this.world.spots.open ?? []).slice(0, 2);
    for (const { position } of places) {
      this.add('thing', {
        position: add(position, { x: random.between(-0.6, 0.6), y: random.between(-0.6, 0.6) }),
        facing: unit({ x: 1, y: random.between(-0.5, 0.5) }),
        size: { length: 0.7, width: 0.9, height: 0.7 },
        look: { colour: 0x9a7444, accent: 0x6a5030, shape: 'crate' },
      });
    }
  }

  #step(): void {
    const dt = 1 / (STREET_RATE * STEPS_PER_FRAME);
    this.#setOff();
    for (const event of [...this.running]) this.#goOn(event, dt);
    this.traffic.step(dt);
    this.crowd.step(dt);
    for (const actor of [...this.actors]) actor.mind.step(actor, this, dt);
    forget(this.actors, ({ isGone }) => isGone);
    for (const effect of this.effects) effect.age += dt;
    forget(this.effects, ({ age, life }) => age > life);
    this.seconds += dt;
  }

  #goOn(event: RunningEvent, dt: number): void {
    const goesOn = event.step(this, dt);
    if (event.isShowing) this.#unshown.delete(event);
    if (goesOn) return;
    this.running.splice(this.running.indexOf(event), 1);
    const again = this.#unshown.get(event);
    if (again) this.#waiting.push(again);
    this.#unshown.delete(event);
  }

  #setOff(): void {
    for (const waiting of [...this.#waiting]) {
      const { event, random, patience } = waiting;
      const late = this.seconds - event.startSeconds;
      if (late < 0) continue;
      const running = scriptOf(event.class).begin(this, event.seconds, random);
      if (running) this.running.push(running);
      if (running && patience === Infinity) this.#unshown.set(running, waiting);
      if (running || late > patience) this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    }
  }
}

function forget<T>(items: T[], isOver: (item: T) => boolean): void {
  for (let i = items.length - 1; i >= 0; i--) if (isOver(items[i])) items.splice(i, 1);
}
