/** All worlds, by name. */
import type { Random } from '../../random.ts';
import { carpark } from './carpark.ts';
import { junction } from './junction.ts';
import { plaza } from './plaza.ts';
import { road } from './road.ts';
import { shop } from './shop.ts';
import type { World, WorldId, WorldMaker } from './world.ts';

const MAKERS: Record<WorldId, WorldMaker> = { junction, road, plaza, shop, carpark };

export const WORLD_IDS = Object.keys(MAKERS) as readonly WorldId[];

export function makeWorld(id: WorldId, random: Random): World {
  return MAKERS[id](random);
}
