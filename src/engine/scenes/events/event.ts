/** What an event is: something that does not belong, with actors who bring it about. */
import type { Random } from '../../random.ts';
import type { Actor } from '../actors/actor.ts';
import type { Street } from '../street.ts';
import type { WorldId } from '../worlds/world.ts';

/** TAD's seven (WSAL, section V-A). */
export const TRAFFIC_EVENTS = [
  'accident',
  'illegal-turn',
  'illegal-occupation',
  'retrograde',
  'pedestrian-on-road',
  'road-spill',
  'else',
] as const;

/** CitySCENE's twelve (GIG, section 4.1); its accident is that of the traffic. */
export const CITY_EVENTS = [
  'accident',
  'carrying',
  'crowd',
  'explosion',
  'fighting',
  'graffiti',
  'robbery',
  'shooting',
  'smoking',
  'stealing',
  'sweeping',
  'walking-dog',
] as const;

export type EventClass = (typeof TRAFFIC_EVENTS)[number] | (typeof CITY_EVENTS)[number];

/** How one class of events is staged. */
export interface EventScript {
  readonly class: EventClass;
  /** What one sees, in a sentence. */
  readonly does: string;
  readonly worlds: readonly WorldId[];
  /** Seconds that it takes at least to be told by eye. */
  readonly leastSeconds: number;
  /**
   * Sets it off, in view of the camera and among those who are there, or with actors of its own.
   * @param seconds how long it should be seen
   * @returns null where it cannot be done right now: it is tried again in the next step
   */
  begin(street: Street, seconds: number, random: Random): RunningEvent | null;
}

export interface RunningEvent {
  readonly class: EventClass;
  /** Those whose boxes are the truth. It may grow. */
  readonly involved: readonly Actor[];
  /**
   * What is wrong at the moment: false before it shows (a culprit on its way in) and after it. The truth is from the
   * first to the last moment in which it shows and one of the involved is seen.
   */
  readonly isShowing: boolean;
  /** Called in every step before the actors move. @returns false once it is over */
  step(street: Street, dt: number): boolean;
}
