/** All events, by class. */
import type { WorldId } from '../worlds/world.ts';
import { accident } from './accident.ts';
import { otherwise } from './else.ts';
import type { EventClass, EventScript } from './event.ts';
import { illegalOccupation } from './illegal-occupation.ts';
import { illegalTurn } from './illegal-turn.ts';
import { pedestrianOnRoad } from './pedestrian-on-road.ts';
import { retrograde } from './retrograde.ts';
import { roadSpill } from './road-spill.ts';

export const SCRIPTS: readonly EventScript[] = [
  accident,
  illegalTurn,
  illegalOccupation,
  retrograde,
  pedestrianOnRoad,
  roadSpill,
  otherwise,
];

export function scriptOf(name: EventClass): EventScript {
  return SCRIPTS.find((script) => script.class === name)!;
}

/** What can happen in a world. */
export function eventsOf(world: WorldId): readonly EventScript[] {
  return SCRIPTS.filter(({ worlds }) => worlds.includes(world));
}
