/** A planned street to pictures, frame by frame. */
import { Random } from '../random.ts';
import {
  ROAD_BOTTOM,
  ROAD_TOP,
  SKETCH_HEIGHT,
  SKETCH_WIDTH,
  type Car,
  type CarState,
  type Person,
  type SketchPlan,
} from './sketch.ts';

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
