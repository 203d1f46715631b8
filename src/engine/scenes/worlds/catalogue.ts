/** All worlds, by name. */
import type { Random } from '../../random.ts';
import { junction } from './junction.ts';
import { road } from './road.ts';
import type { World, WorldId, WorldMaker } from './world.ts';

const MAKERS: Partial<Record<WorldId, WorldMaker>> = { junction, road };

export const WORLD_IDS = Object.keys(MAKERS) as readonly WorldId[];

export function makeWorld(id: WorldId, random: Random): World {
  return MAKERS[id]!(random);
}
