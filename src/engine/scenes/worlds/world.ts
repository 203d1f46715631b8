/** What a world is made of: ground, solids, lanes, ways to walk, signals, and places for a camera. */
import type { Random } from '../../random.ts';
import type { Path, Point, Polygon } from '../ground.ts';
import type { SignalPlan } from '../actors/signals.ts';

export type WorldId = 'junction' | 'road' | 'plaza' | 'shop' | 'carpark';

/** A patch of ground; later ones lie on earlier ones. */
export interface Surface {
  kind: 'asphalt' | 'pavement' | 'paving' | 'grass' | 'gravel';
  polygon: Polygon;
  /** Metres above the road: a kerb. */
  height?: number;
}

/** Paint on the road. */
export interface Marking {
  kind: 'solid' | 'dashed' | 'double' | 'zebra' | 'stop' | 'bay';
  /** The line, or for a zebra the middle of the crossing from kerb to kerb. */
  from: Point;
  to: Point;
  /** Metres across. */
  width: number;
}

/** Something that stands still, hides what is behind it, and is walked around. */
export interface Solid {
  kind:
    | 'house'
    | 'shopfront'
    | 'wall'
    | 'tree'
    | 'lamp'
    | 'signal'
    | 'bench'
    | 'bin'
    | 'fountain'
    | 'stall'
    | 'sign'
    | 'parked-car'
    | 'parked-van';
  centre: Point;
  /** Which way its front looks; of length 1. */
  facing: Point;
  length: number;
  width: number;
  height: number;
  /** 0xrrggbb */
  colour: number;
}

/** A way that vehicles may take, from one edge of the world to another. */
export interface Lane {
  id: string;
  path: Path;
  /** Metres per second. */
  limit: number;
  /** Vehicles per minute when the street is as busy as it gets. */
  flow: number;
  /** Who comes in here; equal chances for each entry. */
  kinds: readonly ('car' | 'van' | 'lorry' | 'bus' | 'cyclist')[];
  /** Where to stop when the light is red: metres along the path, and the group of lights. */
  stop?: { at: number; group: string };
  /** Lanes whose traffic goes first where this one crosses them, and where (metres along this path). */
  gives?: readonly { way: string; at: number }[];
  turn: 'straight' | 'left' | 'right';
  /** How far to the right of its middle cyclists keep, where there is room for others to pass them; metres. */
  cyclingAside?: number;
}

/** Where people cross a road. Traffic waits for whoever is on it, unless lights say who goes. */
export interface Crossing {
  id: string;
  polygon: Polygon;
  /** Kerb to kerb. */
  from: Point;
  to: Point;
  /** The lights of those on foot; null where traffic gives way. */
  group: string | null;
}

/** The net of ways for people on foot. */
export interface Walks {
  nodes: readonly Point[];
  /** Pairs of nodes; over a crossing where one is named. */
  edges: readonly { from: number; to: number; crossing?: string }[];
  /** Nodes at the edge of the world or at a door, where people come from and go to. */
  gates: readonly number[];
  /** Gates that are doors of houses: places within the wall, which people pass through there. */
  doors?: readonly number[];
  /** Parked cars that people come from and go to: beside the door, and where one is clear of the cars. */
  cars?: readonly { door: Spot; exit: Point }[];
  /** Metres that people keep from the line between two nodes at most. */
  breadth: number;
}

/** Where a camera may hang. It is chosen per video and does not move. */
export interface Mount {
  position: Point;
  /** Metres above the road. */
  height: number;
  target: Point;
  /** Metres up; the height of what it looks at. */
  targetHeight: number;
  /** Vertical field of view in degrees. */
  fieldOfView: number;
}

/** A place that an event needs: a bench, a wall, a door. */
export interface Spot {
  position: Point;
  facing: Point;
}

export interface World {
  id: WorldId;
  title: string;
  /** The ground that lanes lead over, from one edge of it to another. */
  bounds: Polygon;
  surfaces: readonly Surface[];
  markings: readonly Marking[];
  solids: readonly Solid[];
  lanes: readonly Lane[];
  crossings: readonly Crossing[];
  walks: Walks;
  signals: SignalPlan | null;
  mounts: readonly Mount[];
  /** By name, e.g. `wall`, `bench`, `bay`; what a world has is said in its file. */
  spots: Readonly<Record<string, readonly Spot[]>>;
  /** People on the way at once, when it is as busy as it gets. */
  people: number;
}

/** Makes a world; houses, trees and colours are drawn, ways are not. */
export type WorldMaker = (random: Random) => World;
