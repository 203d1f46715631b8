/** Round whatever stands between two places: by way of its corners. */
import { add, distance, dot, leftOf, rectangle, subtract, type Point } from '../ground.ts';
import type { Solid } from '../worlds/world.ts';
import { footprint } from './forces.ts';

/** Metres beside something at which it is in the way, and at which one walks round its corners. */
const IN_THE_WAY = 0.12;
const ROUND = 0.45;

/** The next place to go to on the way round the first thing that is in the way; null where nothing is. */
export function detour(from: Point, to: Point, solids: readonly Solid[]): Point | null {
  let first: Solid | null = null;
  let nearest = Infinity;
  for (const solid of solids) {
    const share = entry(from, to, solid);
    if (share === null || share >= nearest) continue;
    nearest = share;
    first = solid;
  }
  if (!first || entry(to, to, first) !== null) return null;
  const [halfLength, halfWidth] = footprint(first);
  const corners = rectangle(first.centre, first.facing, 2 * (halfLength + ROUND), 2 * (halfWidth + ROUND));
  let best: Point | null = null;
  let shortest = Infinity;
  for (const corner of corners) {
    const length = distance(from, corner) + distance(corner, to);
    if (length >= shortest || distance(from, corner) < 0.5 || entry(from, corner, first) !== null) continue;
    if (solids.some((solid) => entry(corner, corner, solid) !== null)) continue;
    shortest = length;
    best = corner;
  }
  return best;
}

/** How far along a line, 0 to 1, it runs into something; null where it does not. */
function entry(from: Point, to: Point, solid: Solid): number | null {
  const start = subtract(from, solid.centre);
  const way = subtract(to, from);
  const halves = footprint(solid);
  const reach = halves[0] + halves[1] + 1;
  const middle = add(start, { x: way.x / 2, y: way.y / 2 });
  if (Math.abs(middle.x) > reach + Math.abs(way.x) / 2 || Math.abs(middle.y) > reach + Math.abs(way.y) / 2)
    return null;
  let [enters, leaves] = [0, 1];
  for (const [i, axis] of [solid.facing, leftOf(solid.facing)].entries()) {
    const [at, gone, half] = [dot(start, axis), dot(way, axis), halves[i] + IN_THE_WAY];
    if (Math.abs(gone) < 1e-9) {
      if (Math.abs(at) >= half) return null;
      continue;
    }
    const [a, b] = [(-half - at) / gone, (half - at) / gone];
    enters = Math.max(enters, Math.min(a, b));
    leaves = Math.min(leaves, Math.max(a, b));
  }
  return enters < leaves || (from === to && enters <= leaves) ? enters : null;
}
