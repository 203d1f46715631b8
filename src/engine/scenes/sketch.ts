/**
 * A drawn street, simple and quick: a one-way road with two lanes, people on the pavements, and now and then something
 * that does not belong. It is what `demo` runs on where no real video may be shipped.
 *
 * A plan (who is where in which frame, and the truth) is pure arithmetic from a seed and the same everywhere; only the
 * drawing of it needs a canvas.
 */
import { Random } from '../random.ts';
import type { VideoTruth } from '../types.ts';

export const SKETCH_WIDTH = 256;
export const SKETCH_HEIGHT = 192;

/** Three things that do not belong on this street. */
export type SketchEvent = 'wrong-way' | 'sudden-stop' | 'crossing';

export const SKETCH_EVENTS: readonly SketchEvent[] = ['wrong-way', 'sudden-stop', 'crossing'];

export interface SketchOptions {
  seed: number;
  /** Which street the camera looks at; videos of one camera share its houses. */
  camera: number;
  seconds: number;
  framesPerSecond: number;
  /** Null for a normal video. */
  event: SketchEvent | null;
}

export interface CarState {
  x: number;
  y: number;
  braking: boolean;
  hazard: boolean;
}

export interface Car {
  length: number;
  colour: string;
  /** 1 drives to the right as everyone should, -1 to the left. */
  heading: 1 | -1;
  /** One state per frame; null while it is not in the picture. */
  states: (CarState | null)[];
}

export interface Person {
  colour: string;
  size: number;
  /** Where the feet are, per frame. */
  states: ({ x: number; y: number } | null)[];
}

export interface SketchPlan extends SketchOptions {
  frames: number;
  cars: Car[];
  people: Person[];
  /** Light of the day: 0.97 dull .. 1.03 bright. */
  light: number;
  /** Shapes of the houses behind the street. */
  houses: { x: number; width: number; height: number; colour: string }[];
  truth: VideoTruth;
}

const LANES = [88, 134];
export const ROAD_TOP = 58;
export const ROAD_BOTTOM = 158;
const CAR_COLOURS = ['#b24a3f', '#3f6fae', '#868c94', '#5f8a5a', '#b0843a', '#7d619c'];
const COAT_COLOURS = ['#7a3e6e', '#2c6e63', '#a8552b', '#44506b', '#8a8a3c', '#3d3d3d'];
const HOUSE_COLOURS = ['#a89f91', '#9a8478', '#8d97a1', '#b3a68a', '#85786f'];

/** All that will happen, from the seed alone. */
export function planSketch(options: SketchOptions): SketchPlan {
  const { seed, seconds, framesPerSecond, event } = options;
  const random = new Random(seed);
  const frames = Math.round(seconds * framesPerSecond);
  const interval = event ? planInterval(frames, framesPerSecond, random.stream('interval')) : null;
  const traffic = simulateTraffic(options, frames, interval, random.stream('traffic'));
  return {
    ...options,
    frames,
    cars: traffic.cars,
    people: [...walkers(frames, framesPerSecond, random.stream('walkers')), ...traffic.people],
    light: random.stream('light').between(0.97, 1.03),
    houses: planHouses(new Random(options.camera).stream('houses')),
    truth: {
      totalFrames: frames,
      intervals: interval
        ? [{ class: event!, startFrame: interval.first + 1, endFrame: interval.last + 1 }]
        : [],
    },
  };
}

interface FrameInterval {
  first: number;
  /** Inclusive. */
  last: number;
}

/** Three to five seconds somewhere between the first second and the last. */
function planInterval(frames: number, framesPerSecond: number, random: Random): FrameInterval {
  const length = Math.min(Math.round(random.between(3, 5) * framesPerSecond), Math.floor(frames / 2));
  const first = Math.round(random.between(framesPerSecond, frames - length - framesPerSecond));
  return { first, last: first + length - 1 };
}

/** A car on the road while time runs. */
interface Driver {
  car: Car;
  lane: number;
  x: number;
  y: number;
  speed: number;
  wish: number;
}

/** Intelligent Driver Model (Treiber et al., 2000): keep the wished speed and a safe distance. Pixels and seconds. */
const IDM = { acceleration: 80, comfortable: 120, headway: 0.5, distance: 10 };

function simulateTraffic(
  options: SketchOptions,
  frames: number,
  interval: FrameInterval | null,
  random: Random,
) {
  const { framesPerSecond, event } = options;
  const dt = 1 / framesPerSecond;
  const drivers: Driver[] = [];
  const cars: Car[] = [];
  const runners =
    event === 'crossing' && interval ? planRunners(frames, interval, random.stream('runners')) : [];
  const nextEntry = LANES.map(() => random.between(0, 1.5));
  const density = random.between(0.95, 1.1);

  const enter = (lane: number, x: number, heading: 1 | -1): Driver => {
    const length = heading === 1 ? random.between(50, 58) : 84; // a lorry comes the wrong way
    const states = new Array<CarState | null>(frames).fill(null);
    const car: Car = { length, colour: random.pick(CAR_COLOURS), heading, states };
    const wish = random.between(92, 104);
    const driver: Driver = { car, lane, x, y: LANES[lane], speed: wish, wish };
    cars.push(car);
    drivers.push(driver);
    return driver;
  };
  for (const lane of LANES.keys()) {
    for (let x = random.between(0, 150); x < SKETCH_WIDTH; x += random.between(140, 170) * density)
      enter(lane, x, 1);
  }

  let culprit: Driver | null = null;
  for (let frame = 0; frame < frames; frame++) {
    const time = frame * dt;
    const isEvent = interval !== null && frame >= interval.first && frame <= interval.last;
    for (const lane of LANES.keys()) {
      const isBlocked = drivers.some((d) => d.lane === lane && d.x < 60 && d.car.heading === 1);
      if (time >= nextEntry[lane] && !isBlocked) {
        enter(lane, -40, 1);
        nextEntry[lane] = time + random.between(1.4, 1.9) * density;
      }
    }
    if (isEvent && event === 'wrong-way' && frame === interval.first)
      culprit = enter(1, SKETCH_WIDTH - 20, -1);
    if (isEvent && event === 'sudden-stop') culprit ??= mostCentral(drivers);

    for (const driver of drivers) {
      const stops = isEvent && event === 'sudden-stop' && driver === culprit;
      const flees = isEvent && meetsWrongWay(driver, culprit, event);
      const obstacle = nearestAhead(driver, drivers, isEvent ? runnersAt(runners, frame) : []);
      const acceleration = stops ? -320 : flees ? -160 : follow(driver, obstacle);
      driver.speed = Math.max(0, driver.speed + acceleration * dt);
      driver.x += driver.car.heading * driver.speed * dt;
      driver.y += (LANES[driver.lane] + (flees ? 24 : 0) - driver.y) * Math.min(1, 4 * dt);
      const isVisible = driver.x > -60 && driver.x < SKETCH_WIDTH + 60;
      driver.car.states[frame] = isVisible
        ? { x: driver.x, y: driver.y, braking: acceleration < -25 || driver.speed < 2, hazard: stops }
        : null;
    }
  }
  return { cars, people: runners };
}

function mostCentral(drivers: Driver[]): Driver {
  const away = ({ x }: Driver) => Math.abs(x - SKETCH_WIDTH * 0.55);
  return drivers.reduce((best, driver) => (away(driver) < away(best) ? driver : best));
}

/** Who meets a wrong-way driver brakes, flees to the pavement and waits there until it has passed. */
function meetsWrongWay(driver: Driver, culprit: Driver | null, event: SketchEvent | null): boolean {
  if (event !== 'wrong-way' || !culprit || driver === culprit || driver.lane !== culprit.lane) return false;
  const distance = culprit.x - driver.x;
  return distance > -60 && distance < 200;
}

interface Obstacle {
  gap: number;
  speed: number;
}

function nearestAhead(
  driver: Driver,
  drivers: Driver[],
  people: { x: number; y: number }[],
): Obstacle | null {
  let nearest: Obstacle | null = null;
  const consider = (x: number, halfLength: number, speed: number) => {
    const gap = driver.car.heading * (x - driver.x) - halfLength - driver.car.length / 2;
    if (gap > -10 && gap < 160 && (!nearest || gap < nearest.gap)) nearest = { gap, speed };
  };
  for (const other of drivers) {
    const inTheWay =
      other !== driver && Math.abs(other.y - driver.y) < 20 && other.car.heading === driver.car.heading;
    if (inTheWay && driver.car.heading * (other.x - driver.x) > 0)
      consider(other.x, other.car.length / 2, other.speed);
  }
  for (const { x, y } of people) {
    if (Math.abs(y - driver.y) < 34 && x > driver.x) consider(x, 4, 0);
  }
  return nearest;
}

function follow({ speed, wish }: Driver, obstacle: Obstacle | null): number {
  const free = 1 - (speed / wish) ** 4;
  if (!obstacle) return IDM.acceleration * free;
  const approach = (speed * (speed - obstacle.speed)) / (2 * Math.sqrt(IDM.acceleration * IDM.comfortable));
  const safe = IDM.distance + Math.max(0, speed * IDM.headway + approach);
  return Math.max(-320, IDM.acceleration * (free - (safe / Math.max(1, obstacle.gap)) ** 2));
}

/** People who run across the road together, there and back. */
function planRunners(frames: number, { first, last }: FrameInterval, random: Random): Person[] {
  const centre = random.between(90, 170);
  const crossings = 2;
  return Array.from({ length: 5 }, () => {
    const x = centre + random.between(-28, 28);
    const delay = random.between(0, 0.15);
    const sway = random.between(-25, 25);
    const states: Person['states'] = new Array(frames).fill(null);
    for (let frame = first; frame <= last; frame++) {
      const way = Math.max(0, (frame - first) / (last - first) - delay) / (1 - delay);
      const back = Math.abs(((way * crossings) % 2) - 1); // 1 at the near side, 0 at the far side
      states[frame] = { x: x + sway * way, y: ROAD_TOP + 8 + back * (ROAD_BOTTOM - ROAD_TOP - 4) };
    }
    return { colour: random.pick(COAT_COLOURS), size: random.between(25, 30), states };
  });
}

function runnersAt(runners: Person[], frame: number): { x: number; y: number }[] {
  return runners.map(({ states }) => states[frame]).filter((state) => state !== null);
}

function walkers(frames: number, framesPerSecond: number, random: Random): Person[] {
  return Array.from({ length: 6 }, (_, i) => {
    const far = i % 2 === 0;
    const y = far ? random.between(50, 56) : random.between(172, 188);
    const speed = random.between(14, 20) * (random.uniform() < 0.5 ? -1 : 1);
    const start = random.between(0, SKETCH_WIDTH);
    const size = far ? random.between(15, 18) : random.between(27, 31);
    const around = SKETCH_WIDTH + 20; // who leaves on one side comes back on the other
    const states = Array.from({ length: frames }, (_, frame) => {
      const x = start + (speed * frame) / framesPerSecond;
      return { x: (((x % around) + around) % around) - 10, y };
    });
    return { colour: random.pick(COAT_COLOURS), size, states };
  });
}

function planHouses(random: Random): SketchPlan['houses'] {
  const houses: SketchPlan['houses'] = [];
  for (let x = -random.between(0, 20); x < SKETCH_WIDTH;) {
    const width = random.between(30, 62);
    houses.push({ x, width, height: random.between(20, 36), colour: random.pick(HOUSE_COLOURS) });
    x += width + random.between(0, 5);
  }
  return houses;
}
