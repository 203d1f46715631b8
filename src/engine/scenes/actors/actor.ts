/** Who is on the street: where each is, what it looks like, and what makes it move. */
import type { Point } from '../ground.ts';
import type { Street } from '../street.ts';

export type VehicleKind = 'car' | 'van' | 'lorry' | 'bus' | 'cyclist';
export type ActorKind = VehicleKind | 'person' | 'dog' | 'thing';

/** Metres. */
export interface Size {
  length: number;
  width: number;
  height: number;
}

/** How an actor is drawn; nothing moves by it. */
export interface Look {
  /** The body of a vehicle, the coat of a person: 0xrrggbb. */
  colour: number;
  /** The cabin or load, the trousers. */
  accent: number;
  /** What a thing is. */
  shape?: 'crate' | 'barrel' | 'graffiti' | 'scorch';
}

/** What a person does with arms and legs; others only stand. */
export type Pose =
  | 'stand'
  | 'walk'
  | 'run'
  | 'lie'
  | 'sit'
  | 'crouch'
  | 'punch'
  | 'kick'
  | 'aim'
  | 'hands-up'
  | 'smoke'
  | 'sweep'
  | 'spray'
  | 'carry'
  | 'grab'
  | 'wave';

/** What a person has in the hand. */
export type Held =
  'broom' | 'gun' | 'can' | 'cigarette' | 'leash' | 'handbag' | 'umbrella' | 'phone' | 'parcel';

export interface Lights {
  brake: boolean;
  left: boolean;
  right: boolean;
}

/** One step of someone's behaviour: it looks around and moves its own actor. */
export interface Mind {
  step(actor: Actor, street: Street, dt: number): void;
}

export interface Actor {
  readonly id: number;
  readonly kind: ActorKind;
  readonly size: Size;
  readonly look: Look;
  /** The middle of it on the ground. */
  position: Point;
  /** Of its underside, metres. */
  elevation: number;
  /** Which way it looks; of length 1. */
  facing: Point;
  /** Metres per second along `facing`; negative backwards. */
  speed: number;
  /** Radians: nose up, and over to the right. */
  pitch: number;
  roll: number;
  pose: Pose;
  held: Held | null;
  /** Metres gone so far, or seconds of a gesture: what the swing of legs and arms goes by. Of paint, the share that is there. */
  stride: number;
  lights: Lights;
  mind: Mind;
  /** True once it has left for good; the street forgets it. */
  isGone: boolean;
}

/** A mind of those that stay where they are. */
export const STILL: Mind = { step: () => {} };

export const SIZES: Record<Exclude<ActorKind, 'thing'>, Size> = {
  car: { length: 4.3, width: 1.8, height: 1.5 },
  van: { length: 5.4, width: 2.0, height: 2.3 },
  lorry: { length: 8.2, width: 2.4, height: 3.3 },
  bus: { length: 10.5, width: 2.5, height: 3.1 },
  cyclist: { length: 1.8, width: 0.6, height: 1.75 },
  person: { length: 0.45, width: 0.55, height: 1.75 },
  dog: { length: 0.9, width: 0.3, height: 0.6 },
};

/** What an actor is unless told otherwise. */
export function newActor(
  id: number,
  kind: ActorKind,
  given: Pick<Actor, 'position' | 'facing' | 'look'> & Partial<Omit<Actor, 'id' | 'kind'>>,
): Actor {
  const size = given.size ?? (kind === 'thing' ? { length: 0.8, width: 0.8, height: 0.8 } : SIZES[kind]);
  return {
    id,
    kind,
    elevation: 0,
    speed: 0,
    pitch: 0,
    roll: 0,
    pose: 'stand',
    held: null,
    stride: 0,
    lights: { brake: false, left: false, right: false },
    mind: STILL,
    isGone: false,
    ...given,
    size,
  };
}

export function isVehicle({ kind }: Actor): boolean {
  return kind !== 'person' && kind !== 'dog' && kind !== 'thing';
}
