/** All events, by class. */
import type { WorldId } from '../worlds/world.ts';
import { accident } from './accident.ts';
import { carrying } from './carrying.ts';
import { crowding } from './crowd.ts';
import { otherwise } from './else.ts';
import type { EventClass, EventScript } from './event.ts';
import { explosion } from './explosion.ts';
import { fighting } from './fighting.ts';
import { graffiti } from './graffiti.ts';
import { illegalOccupation } from './illegal-occupation.ts';
import { illegalTurn } from './illegal-turn.ts';
import { pedestrianOnRoad } from './pedestrian-on-road.ts';
import { retrograde } from './retrograde.ts';
import { roadSpill } from './road-spill.ts';
import { robbery } from './robbery.ts';
import { shooting } from './shooting.ts';
import { smoking } from './smoking.ts';
import { stealing } from './stealing.ts';
import { sweeping } from './sweeping.ts';
import { walkingDog } from './walking-dog.ts';

export const SCRIPTS: readonly EventScript[] = [
  accident,
  illegalTurn,
  illegalOccupation,
  retrograde,
  pedestrianOnRoad,
  roadSpill,
  otherwise,
  carrying,
  crowding,
  explosion,
  fighting,
  graffiti,
  robbery,
  shooting,
  smoking,
  stealing,
  sweeping,
  walkingDog,
];

export function scriptOf(name: EventClass): EventScript {
  return SCRIPTS.find((script) => script.class === name)!;
}

/** What can happen in a world. */
export function eventsOf(world: WorldId): readonly EventScript[] {
  return SCRIPTS.filter(({ worlds }) => worlds.includes(world));
}
