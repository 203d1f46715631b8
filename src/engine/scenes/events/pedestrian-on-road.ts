/** Someone walks on the carriageway, away from any crossing: into it, along it and over it, among the traffic. */
import type { Random } from '../../random.ts';
import type { Actor, Mind } from '../actors/actor.ts';
import { add, contains, distance, leftOf, Path, scale, unit, type Point } from '../ground.ts';
import type { Street } from '../street.ts';
import type { Lane } from '../worlds/world.ts';
import { pickOne } from './casting.ts';
import type { EventScript, RunningEvent } from './event.ts';

/** How far from the carriageway someone may be who walks onto it, metres. */
const NEAR = 9;
/** How far from a crossing, metres. */
const AWAY = 2.2;
/** From the middle of a lane to its edge. */
const HALF_LANE = 1.9;

export const pedestrianOnRoad: EventScript = {
  class: 'pedestrian-on-road',
  does: 'Someone walks into the road, along it among the traffic, and over it.',
  worlds: ['road', 'junction', 'shop'],
  leastSeconds: 3,

  begin(street, seconds, random) {
    const ways = street.actors.flatMap((actor) => {
      const way = street.crowd.free().includes(actor) ? wayOnto(street, actor) : null;
      return way ? [{ actor, way }] : [];
    });
    const chosen = pickOne(ways, random);
    return chosen && new OnRoad(street, chosen.actor, chosen.way, seconds, random);
  },
};

interface Way {
  lane: Lane;
  /** Where the person stands beside the lane. */
  distance: number;
  offset: number;
}

/** The nearest lane of someone in view, if they are beside it and no crossing is near: no other is crossed on the way. */
function wayOnto(street: Street, { position }: Actor): Way | null {
  const { lanes, crossings } = street.world;
  const isAtCrossing = crossings.some(
    ({ from, to, polygon }) =>
      distance(from, position) < AWAY || distance(to, position) < AWAY || contains(polygon, position),
  );
  if (isAtCrossing) return null;
  let nearest: Way | null = null;
  for (const lane of lanes) {
    if (lane.turn !== 'straight') continue;
    const place = lane.path.project(position);
    if (!nearest || Math.abs(place.offset) < Math.abs(nearest.offset)) nearest = { lane, ...place };
  }
  const seen = nearest && street.traffic.seen(nearest.lane);
  if (!nearest || !seen) return null;
  const isBeside = Math.abs(nearest.offset) > 1.5 && Math.abs(nearest.offset) < NEAR;
  const hasRoom = nearest.distance > seen[0] + 2 && nearest.distance < seen[1] - 2;
  return isBeside && hasRoom ? nearest : null;
}

function isOnCarriageway({ world }: Street, place: Point): boolean {
  return world.surfaces.findLast(({ polygon }) => contains(polygon, place))?.kind === 'asphalt';
}

function isOnCrossing({ world }: Street, place: Point): boolean {
  return world.crossings.some(({ polygon }) => contains(polygon, place));
}

class OnRoad implements RunningEvent {
  readonly class = 'pedestrian-on-road';
  readonly involved: readonly Actor[];
  isShowing = false;
  readonly #walk: Path;
  #gone = 0;
  readonly #pace: number;
  readonly #before: Mind;

  constructor(
    street: Street,
    actor: Actor,
    { lane, distance: at, offset }: Way,
    seconds: number,
    random: Random,
  ) {
    this.involved = [actor];
    this.#before = actor.mind;
    const side = offset > 0 ? 1 : -1;
    const beside = (along: number, aside: number): Point => {
      const { position, facing } = lane.path.at(at + along);
      return add(position, scale(leftOf(facing), aside * side));
    };
    const seen = street.traffic.seen(lane)!;
    const way = at - seen[0] < seen[1] - at ? 1 : -1;
    // Into the lane, along it for as long as there is time, and back to where it came from.
    this.#pace = random.between(1.3, 1.6);
    const along = Math.max(2, (seconds * this.#pace - 2 * HALF_LANE) * 0.8);
    const room = Math.min(along, (way > 0 ? seen[1] - at : at - seen[0]) - 1);
    const edge = HALF_LANE;
    this.#walk = new Path([
      actor.position,
      beside(0.5 * way, edge),
      beside(1.5 * way, -0.3),
      beside((1.5 + room) * way, -0.5),
      beside((2.5 + room) * way, edge),
      beside((3 + room) * way, Math.abs(offset)),
    ]);
    actor.mind = this.#walking;
  }

  step(street: Street): boolean {
    const [actor] = this.involved;
    const isWalking = this.#gone < this.#walk.length;
    // Whose walk ended in the middle of a junction is still on the road, until a crossing or a kerb is reached.
    this.isShowing =
      isOnCarriageway(street, actor.position) && (isWalking || !isOnCrossing(street, actor.position));
    if (!isWalking && actor.mind === this.#walking) actor.mind = this.#before;
    return isWalking || (this.isShowing && !actor.isGone);
  }

  readonly #walking: Mind = {
    step: (actor, _, dt) => {
      const { position, facing } = this.#walk.at(this.#gone);
      actor.position = position;
      actor.facing = unit(add(actor.facing, scale(facing, 6 * dt)));
      actor.speed = this.#pace;
      actor.pose = 'walk';
      actor.stride += this.#pace * dt;
      this.#gone += this.#pace * dt;
    },
  };
}
