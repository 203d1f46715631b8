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

interface CarState {
  x: number;
  y: number;
  braking: boolean;
  hazard: boolean;
}

interface Car {
  length: number;
  colour: string;
  /** 1 drives to the right as everyone should, -1 to the left. */
  heading: 1 | -1;
  /** One state per frame; null while it is not in the picture. */
  states: (CarState | null)[];
}

interface Person {
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
const ROAD_TOP = 58;
const ROAD_BOTTOM = 158;
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

/** Draws one frame of a plan, as a fixed camera with some sensor noise sees it. */
export function drawSketch(
  context: OffscreenCanvasRenderingContext2D,
  plan: SketchPlan,
  frame: number,
): void {
  const noise = new Random(plan.seed).stream('noise', frame);
  drawStreet(context, plan);
  const cars = plan.cars
    .map((car) => ({ car, state: car.states[frame] }))
    .filter((entry): entry is { car: Car; state: CarState } => entry.state !== null);
  const people = plan.people
    .map((person) => ({ person, state: person.states[frame] }))
    .filter((entry): entry is { person: Person; state: { x: number; y: number } } => entry.state !== null);
  const blink = Math.floor((frame / plan.framesPerSecond) * 3) % 2 === 0;
  for (const { person, state } of people.filter(({ state }) => state.y < ROAD_BOTTOM)) {
    drawPerson(context, person, state, frame / plan.framesPerSecond);
  }
  for (const { car, state } of cars.sort((a, b) => a.state.y - b.state.y))
    drawCar(context, car, state, blink);
  for (const { person, state } of people.filter(({ state }) => state.y >= ROAD_BOTTOM)) {
    drawPerson(context, person, state, frame / plan.framesPerSecond);
  }
  const light = plan.light + noise.between(-0.012, 0.012) - 1;
  context.fillStyle = light < 0 ? `rgb(20 24 40 / ${-light})` : `rgb(255 250 235 / ${light})`;
  context.fillRect(0, 0, SKETCH_WIDTH, SKETCH_HEIGHT);
  for (let i = 0; i < 60; i++) {
    context.fillStyle = noise.uniform() < 0.5 ? 'rgb(0 0 0 / 12%)' : 'rgb(255 255 255 / 12%)';
    context.fillRect(noise.below(SKETCH_WIDTH), noise.below(SKETCH_HEIGHT), 1, 1);
  }
}

function drawStreet(context: OffscreenCanvasRenderingContext2D, { houses }: SketchPlan): void {
  const fill = (colour: string, x: number, y: number, width: number, height: number) => {
    context.fillStyle = colour;
    context.fillRect(x, y, width, height);
  };
  fill('#b9cbd6', 0, 0, SKETCH_WIDTH, 40);
  for (const house of houses) {
    fill(house.colour, house.x, 40 - house.height, house.width, house.height);
    for (let x = house.x + 5; x < house.x + house.width - 6; x += 11) {
      for (let y = 46 - house.height; y < 32; y += 12) fill('#5b6670', x, y, 5, 7);
    }
  }
  fill('#a3a19b', 0, 40, SKETCH_WIDTH, ROAD_TOP - 40);
  fill('#55575b', 0, ROAD_TOP, SKETCH_WIDTH, ROAD_BOTTOM - ROAD_TOP);
  fill('#a3a19b', 0, ROAD_BOTTOM, SKETCH_WIDTH, SKETCH_HEIGHT - ROAD_BOTTOM);
  for (let x = 8; x < SKETCH_WIDTH; x += 32) fill('#d9d7cf', x, (ROAD_TOP + ROAD_BOTTOM) / 2 - 1, 16, 2);
  fill('#c9c7bf', 0, ROAD_TOP, SKETCH_WIDTH, 1);
  fill('#c9c7bf', 0, ROAD_BOTTOM - 1, SKETCH_WIDTH, 1);
}

function drawCar(
  context: OffscreenCanvasRenderingContext2D,
  { length, colour, heading }: Car,
  { x, y, braking, hazard }: CarState,
  blink: boolean,
): void {
  context.save();
  context.translate(x, y);
  context.scale(heading, 1);
  context.fillStyle = 'rgb(0 0 0 / 30%)';
  context.fillRect(-length / 2 + 2, 12, length, 4);
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(-length / 2, -6, length, 18, 5);
  context.fill();
  context.beginPath();
  context.roundRect(-length * 0.3, -18, length * 0.52, 15, 5);
  context.fill();
  context.fillStyle = '#bcd3df';
  context.fillRect(-length * 0.24, -15, length * 0.18, 8);
  context.fillRect(0, -15, length * 0.17, 8);
  context.fillStyle = '#1d1e20';
  for (const wheel of [-length * 0.3, length * 0.3]) {
    context.beginPath();
    context.arc(wheel, 12, 5.4, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = '#fff4c2';
  context.fillRect(length / 2 - 5, -3, 5, 5);
  context.fillStyle = braking ? '#ff3322' : '#7a1b16';
  context.fillRect(-length / 2, -3, 5, 6);
  if (hazard && blink) {
    context.fillStyle = '#ffa31a';
    context.fillRect(-length / 2 - 1, 3, 6, 6);
    context.fillRect(length / 2 - 5, 3, 6, 6);
  }
  context.restore();
}

function drawPerson(
  context: OffscreenCanvasRenderingContext2D,
  { colour, size }: Person,
  { x, y }: { x: number; y: number },
  seconds: number,
): void {
  const stride = Math.sin(seconds * 9 + x * 0.3) * size * 0.16;
  context.strokeStyle = '#2a2a2e';
  context.lineWidth = size * 0.14;
  context.beginPath();
  context.moveTo(x, y - size * 0.4);
  context.lineTo(x - stride, y);
  context.moveTo(x, y - size * 0.4);
  context.lineTo(x + stride, y);
  context.stroke();
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x - size * 0.17, y - size * 0.82, size * 0.34, size * 0.48, size * 0.12);
  context.fill();
  context.fillStyle = '#d2a182';
  context.beginPath();
  context.arc(x, y - size * 0.92, size * 0.13, 0, 2 * Math.PI);
  context.fill();
}
