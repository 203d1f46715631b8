/**
 * The forces of the social-force model (Helbing and Molnar, 1995) that push someone away from others, from walls and
 * from vehicles: m/s^2, exponential in the gap.
 */
import { clamp, decay, norm } from '../exact.ts';
import { add, dot, leftOf, scale, subtract, unit, type Point } from '../ground.ts';
import type { Solid } from '../worlds/world.ts';
import type { Actor } from './actor.ts';

/** Eq. 3 and 4: strength (m/s^2) and range (m) of what others exert. */
const OTHERS = { strength: 2.1, range: 0.35 };
/** Eq. 5: the same of walls. */
const WALLS = { strength: 6, range: 0.2 };
/** Radius of a person, metres. */
const RADIUS = 0.3;

const ZERO: Point = { x: 0, y: 0 };

/** Eq. 3: away from others, more so the nearer they are; those behind count for less (eq. 8). */
export function pushOfPerson(actor: Actor, other: Actor): Point {
  const away = subtract(actor.position, other.position);
  const gap = norm(away.x, away.y) - 2 * RADIUS;
  if (gap > 2) return ZERO;
  const isAhead = dot(away, actor.facing) < 0;
  const strength = OTHERS.strength * decay(-Math.max(gap, -0.3) / OTHERS.range) * (isAhead ? 1 : 0.4);
  // A little to the right, so that two who meet do not dance.
  const direction = unit(away);
  return scale(subtract(direction, scale(leftOf(direction), 0.25)), strength);
}

export function pushOfVehicle(actor: Actor, other: Actor): Point {
  const away = subtract(actor.position, other.position);
  if (Math.abs(away.x) + Math.abs(away.y) > 12) return ZERO;
  return pushOfBox(away, other.facing, other.size.length / 2, other.size.width / 2, 5, 0.4);
}

export function pushOfSolid(position: Point, solid: Solid): Point {
  const away = subtract(position, solid.centre);
  if (Math.abs(away.x) + Math.abs(away.y) > solid.length + solid.width + 2) return ZERO;
  const [halfLength, halfWidth] = footprint(solid);
  return pushOfBox(away, solid.facing, halfLength, halfWidth, WALLS.strength, WALLS.range);
}

/** Half the length and the width of what stands on the ground: of a tree the trunk, for one walks under its crown. */
export function footprint({ kind, length, width }: Solid): readonly [number, number] {
  return kind === 'tree' ? [0.25, 0.25] : [length / 2, width / 2];
}

/** Eq. 5: away from the nearest place of a box. */
function pushOfBox(
  away: Point,
  facing: Point,
  halfLength: number,
  halfWidth: number,
  strength: number,
  range: number,
): Point {
  const left = leftOf(facing);
  const [along, aside] = [dot(away, facing), dot(away, left)];
  const gapAlong = along - clamp(along, -halfLength, halfLength);
  const gapAside = aside - clamp(aside, -halfWidth, halfWidth);
  const gap = norm(gapAlong, gapAside);
  if (gap > 2 || gap === 0) return ZERO;
  const out = add(scale(facing, gapAlong / gap), scale(left, gapAside / gap));
  return scale(out, strength * decay(-Math.max(0, gap - RADIUS) / range));
}

/** Nobody is inside a wall: who would be is put back to its edge. */
export function outOfSolids(place: Point, solids: readonly Solid[]): Point {
  let position = place;
  for (const solid of solids) {
    const { centre, facing } = solid;
    const away = subtract(position, centre);
    const left = leftOf(facing);
    const [along, aside] = [dot(away, facing), dot(away, left)];
    const [halfLength, halfWidth] = footprint(solid).map((half) => half + 0.15);
    if (Math.abs(along) >= halfLength || Math.abs(aside) >= halfWidth) continue;
    const isAlong = halfLength - Math.abs(along) < halfWidth - Math.abs(aside);
    const edge = isAlong
      ? add(scale(facing, along < 0 ? -halfLength : halfLength), scale(left, aside))
      : add(scale(facing, along), scale(left, aside < 0 ? -halfWidth : halfWidth));
    position = add(centre, edge);
  }
  return position;
}
