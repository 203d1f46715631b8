/**
 * Light of the dark hours, without a light source that would have to be reckoned with at every pixel: pools on the ground
 * under lamps and before vehicles, a glow about what shines, and a share of it for whoever stands in it.
 */
import type { Actor } from '../actors/actor.ts';
import type { Conditions } from '../conditions.ts';
import { add, distance, dot, leftOf, scale, subtract, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { World } from '../worlds/world.ts';
import type { Patch } from './sprites.ts';

type Colour = readonly [number, number, number];

const LAMP: Colour = [1, 0.78, 0.48];
const HEADLIGHT: Colour = [1, 0.95, 0.82];
const WINDOW: Colour = [1, 0.86, 0.6];

/** Metres from the foot of a lamp to where it shines down. */
const ARM = 1.1;
/** Metres that the light of a lamp reaches. */
const REACH = 9;
/** Metres that headlights reach. */
const BEAM = 16;

/** How much of the light about is that of lamps. */
export function lampStrength({ daylight }: Conditions): number {
  return { day: 0, dusk: 0.35, night: 1 }[daylight];
}

const lampsOf = ({ solids }: World): Point[] =>
  solids.filter(({ kind }) => kind === 'lamp').map(({ centre, facing }) => add(centre, scale(facing, ARM)));

const hasHeadlights = ({ kind }: Actor): boolean => ['car', 'van', 'lorry', 'bus'].includes(kind);

/**
 * Factors on red, green and blue of the light that falls on something.
 * @param drivers whose headlights may fall on it
 */
export function lamplightAt(
  place: Point,
  world: World,
  strength: number,
  drivers: readonly Actor[] = [],
): Colour {
  if (strength === 0) return [1, 1, 1];
  let lamp = 0;
  for (const one of lampsOf(world)) {
    const share = distance(one, place) / REACH;
    if (share < 1) lamp += (1 - share * share) ** 2;
  }
  let beam = 0;
  for (const { position, facing, size } of drivers.filter(hasHeadlights)) {
    const away = subtract(place, position);
    const ahead = dot(away, facing) - size.length / 2;
    const aside = Math.abs(dot(away, leftOf(facing)));
    if (ahead < 0.2 || ahead > BEAM || aside > 1.2 + 0.25 * ahead) continue;
    beam += 1 - ahead / BEAM;
  }
  const sum = (i: 0 | 1 | 2) =>
    1 + strength * (3.4 * Math.min(1.2, lamp) * LAMP[i] + 3 * beam * HEADLIGHT[i]);
  return [sum(0), sum(1), sum(2)];
}

/** Light on the ground. Wet ground also shows what shines, drawn out towards the camera. */
export function poolsOf({ world, actors, conditions, camera }: Street): Patch[] {
  const strength = lampStrength(conditions);
  if (strength === 0) return [];
  const eye = camera.mount.position;
  const pools: Patch[] = [];
  const flat = (at: Point, radius: number, colour: Colour, alpha: number, along?: Point, stretch?: number) =>
    pools.push({ ...at, z: 0.17, radius, colour, alpha: alpha * strength, along, stretch });
  /** @param height of what is mirrored */
  const mirrored = (at: Point, height: number, radius: number, colour: Colour, alpha: number) => {
    if (conditions.weather !== 'rain') return;
    const way = unit(subtract(eye, at));
    // Where the ground shows it: as far before it as it is high above the ground, as seen from up there.
    const share = height / (height + camera.mount.height);
    const middle = add(at, scale(way, share * distance(at, eye)));
    flat(middle, radius, colour, alpha, way, 5);
  };
  for (const lamp of lampsOf(world)) {
    flat(lamp, REACH, LAMP, 0.17);
    flat(lamp, 0.5 * REACH, LAMP, 0.09);
    mirrored(lamp, 5, 0.5, LAMP, 0.35);
  }
  for (const { kind, centre, facing, length, width } of world.solids) {
    if (kind !== 'shopfront') continue;
    const middle = add(centre, scale(facing, length / 2 + 1.4));
    flat(middle, 2.6, WINDOW, 0.22, leftOf(facing), Math.max(1, width / 6));
  }
  for (const { position, facing, size, lights } of actors.filter(hasHeadlights)) {
    for (const side of [-1, 1]) {
      const lamp = corner(position, facing, size.length / 2, side * (size.width / 2 - 0.25));
      const splayed = unit(add(facing, scale(leftOf(facing), 0.07 * side)));
      flat(add(lamp, scale(splayed, 6)), 1.5, HEADLIGHT, 0.15, splayed, 3.9);
      flat(add(lamp, scale(splayed, 3)), 0.9, HEADLIGHT, 0.14, splayed, 3);
      mirrored(lamp, 0.7, 0.16, HEADLIGHT, 0.3);
      const tail = corner(position, facing, -size.length / 2, side * (size.width / 2 - 0.25));
      mirrored(tail, 0.7, 0.16, [1, 0.12, 0.08], lights.brake ? 0.6 : 0.25);
    }
  }
  return pools;
}

/** A glow about what shines towards the camera; more of it where the air is wet. */
export function glowsOf({ world, actors, conditions, camera }: Street): Patch[] {
  const strength = lampStrength(conditions);
  if (strength === 0) return [];
  const eye = camera.mount.position;
  const size = conditions.weather === 'clear' ? 1 : 1.7;
  const lamps = world.solids
    .filter(({ kind }) => kind === 'lamp')
    .flatMap(({ centre, facing, height }): Patch[] => {
      const at = { ...add(centre, scale(facing, ARM)), z: height - 0.1, colour: LAMP };
      return [
        { ...at, radius: 0.35 * size, alpha: 0.5 * strength },
        { ...at, radius: 0.9 * size, alpha: 0.16 * strength },
      ];
    });
  const headlights = actors.filter(hasHeadlights).flatMap((actor) => {
    const { position, facing, size: body, kind, elevation } = actor;
    const turned = dot(facing, unit(subtract(eye, position)));
    if (turned < 0.1) return [];
    return [-1, 1].map((side): Patch => {
      const at = corner(position, facing, body.length / 2 + 0.15, side * (body.width / 2 - 0.25));
      const z = elevation + (kind === 'car' ? 0.62 : 0.85);
      return { ...at, z, radius: 0.4 * size, colour: HEADLIGHT, alpha: 0.6 * strength * turned };
    });
  });
  return [...lamps, ...headlights];
}

const corner = (position: Point, facing: Point, ahead: number, aside: number): Point =>
  add(add(position, scale(facing, ahead)), scale(leftOf(facing), aside));
