/** Ways over the net of a world: the shortest one, the same one back, and beside it. */
import { add, distance, leftOf, scale, subtract, unit, type Point } from '../ground.ts';
import type { Walks } from '../worlds/world.ts';
import type { Waypoint } from './walker.ts';

/** A place of a way moved to the left of the line that leads on from it, or to it, where there is room. */
export function beside(way: readonly Waypoint[], i: number, aside: number): Waypoint {
  const { place, crossing, isDoor, isNarrow } = way[i];
  if (isDoor || isNarrow) return way[i];
  const along = i > 0 ? subtract(place, way[i - 1].place) : subtract(way[1].place, place);
  return { place: add(place, scale(leftOf(unit(along)), aside)), crossing };
}

/** The same way from its end: crossings lead to the places that they led from. */
export function backwards(way: readonly Waypoint[]): Waypoint[] {
  return way.map((waypoint, i) => ({ ...waypoint, crossing: way[i + 1]?.crossing })).reverse();
}

export function nearestNode({ nodes }: Walks, place: Point): number {
  return nodes.reduce(
    (best, node, i) => (distance(node, place) < distance(nodes[best], place) ? i : best),
    0,
  );
}

/** The shortest way between two nodes (Dijkstra), the first included. */
export function wayBetween({ nodes, edges, doors = [] }: Walks, from: number, to: number): Waypoint[] {
  const far = new Array<number>(nodes.length).fill(Infinity);
  const before = new Array<{ node: number; crossing?: string } | null>(nodes.length).fill(null);
  const open = new Set(nodes.keys());
  far[from] = 0;
  while (open.size > 0) {
    const node = [...open].reduce((best, other) => (far[other] < far[best] ? other : best));
    open.delete(node);
    for (const edge of edges) {
      const other = edge.from === node ? edge.to : edge.to === node ? edge.from : null;
      if (other === null) continue;
      const length = far[node] + distance(nodes[node], nodes[other]);
      if (length >= far[other]) continue;
      far[other] = length;
      before[other] = { node, crossing: edge.crossing };
    }
  }
  const way: Waypoint[] = [];
  for (let node = to; ;) {
    const step = before[node];
    way.unshift({ place: nodes[node], crossing: step?.crossing, isDoor: doors.includes(node) });
    if (!step) return way;
    node = step.node;
  }
}

/** The gates that one can walk to from a node, itself where it is one. */
export function gatesFrom(walks: Walks, node: number): number[] {
  return walks.gates.filter((gate) => gate === node || wayBetween(walks, node, gate).length > 1);
}
