/** Vehicles, from boxes and wheels. */
import { isVehicle, type Actor } from '../actors/actor.ts';
import { drawRider } from './people.ts';
import type { Frame, Parts } from './parts.ts';

const GLASS = 0x20282f;
const TYRE = 0x17181a;
const DARK = 0x2c2f33;

/** What a vehicle shows of its lamps. */
interface Lamps {
  isDark: boolean;
  /** Whether indicators are lit at the moment: they blink. */
  isBlink: boolean;
}

/** @param seconds for what blinks */
export function drawVehicle(
  parts: Parts,
  frame: Frame,
  actor: Actor,
  seconds: number,
  isDark: boolean,
): void {
  if (!isVehicle(actor)) return;
  const lamps = { isDark, isBlink: Math.floor(seconds * 2.8) % 2 === 0 };
  if (actor.kind === 'cyclist') return drawCyclist(parts, frame, actor, lamps);
  const { length, width, height } = actor.size;
  const { colour, accent } = actor.look;
  const box = (x: number, z: number, size: [number, number, number], hex: number) =>
    parts.put('box', frame.at(x, 0, z), size, hex);
  switch (actor.kind) {
    case 'car':
      box(0, 0.52, [length, width, 0.56], colour);
      box(-0.1 * length, 0.95, [0.56 * length, 0.86 * width, 0.5], GLASS);
      box(-0.12 * length, height - 0.17, [0.4 * length, 0.84 * width, 0.1], colour);
      break;
    case 'van':
      box(-0.06 * length, 1.25, [0.86 * length, width, 1.7], colour);
      box(0.36 * length, 0.85, [0.26 * length, width, 0.95], colour);
      box(0.33 * length, 1.62, [0.14 * length, 0.9 * width, 0.7], GLASS);
      break;
    case 'bus':
      box(0, height / 2 + 0.15, [length, width, height - 0.3], colour);
      box(0, 0.64 * height, [0.96 * length, width + 0.04, 0.28 * height], GLASS);
      box(0.005 * length, 0.62 * height, [length + 0.04, 0.86 * width, 0.4 * height], GLASS);
      break;
    case 'lorry': {
      const cab = 1.9;
      box(length / 2 - cab / 2, 1.4, [cab, width, 2.1], colour);
      box(length / 2 - 0.3, 1.9, [0.7, 0.9 * width, 0.7], GLASS);
      box(-cab / 2, 0.75, [length - cab, width, 0.3], DARK);
      // An open bed with its load.
      const bed = length - cab - 0.3;
      for (const side of [-1, 1])
        parts.put('box', frame.at(-cab / 2 - 0.1, (side * width) / 2, 1.25), [bed, 0.08, 0.75], accent);
      for (let i = 0; i < 4; i++) {
        const x = -cab / 2 - bed / 2 + ((i + 0.5) * bed) / 4;
        const isBarrel = i % 2 === 0;
        for (const side of [-0.5, 0.5])
          if (isBarrel)
            parts.put('cylinder', frame.at(x, side, 1.5, { roll: Math.PI / 2 }), [0.9, 1.1, 0.9], 0x3a5f8a);
          else parts.put('box', frame.at(x, side, 1.4), [1, 0.9, 0.95], 0x9a7444);
      }
      break;
    }
  }
  const radius = actor.kind === 'car' ? 0.33 : 0.45;
  for (const end of [-1, 1]) {
    for (const side of [-1, 1]) {
      const wheel = frame.at((end * length) / 2 - end * 0.19 * length, (side * (width - 0.2)) / 2, radius);
      parts.put('cylinder', wheel, [2 * radius, 0.26, 2 * radius], TYRE);
    }
  }
  drawLamps(parts, frame, actor, lamps);
}

function drawLamps(parts: Parts, frame: Frame, actor: Actor, { isDark, isBlink }: Lamps): void {
  const { length, width } = actor.size;
  const z = actor.kind === 'car' ? 0.62 : 0.85;
  for (const side of [-1, 1]) {
    const y = side * (width / 2 - 0.25);
    const lamp = (x: number, size: number, hex: number, isLit: boolean) =>
      parts.put('box', frame.at(x, y, z), [0.08, size, size * 0.6], hex, isLit ? 'glow' : 'lit');
    lamp(length / 2 + 0.01, 0.34, isDark ? 0xfff4d8 : 0xd8d8d0, isDark);
    const { brake, left, right } = actor.lights;
    lamp(-length / 2 - 0.01, 0.36, brake ? 0xff2418 : isDark ? 0x9a1510 : 0x6a1512, brake || isDark);
    if (isBlink && (side > 0 ? left : right)) {
      for (const end of [-1, 1]) {
        const place = frame.at(end * (length / 2 + 0.03), side * (width / 2 - 0.05), z + 0.16);
        parts.put('box', place, [0.12, 0.22, 0.22], 0xffa21a, 'glow');
      }
    }
  }
}

function drawCyclist(parts: Parts, frame: Frame, actor: Actor, { isDark }: Lamps): void {
  const wheel = 0.34;
  for (const x of [-0.52, 0.52]) {
    parts.put('cylinder', frame.at(x, 0, wheel), [2 * wheel, 0.05, 2 * wheel], TYRE);
  }
  parts.put('box', frame.at(0, 0, 0.55), [0.95, 0.05, 0.06], actor.look.accent);
  parts.put('box', frame.at(-0.18, 0, 0.75, { pitch: 0.3 }), [0.06, 0.05, 0.5], actor.look.accent);
  parts.put('box', frame.at(0.45, 0, 0.8, { pitch: -0.3 }), [0.06, 0.05, 0.6], actor.look.accent);
  parts.put('box', frame.at(0.4, 0, 1.08), [0.08, 0.5, 0.05], DARK);
  if (isDark) parts.put('box', frame.at(0.55, 0, 1), [0.08, 0.1, 0.1], 0xfff4d8, 'glow');
  drawRider(parts, frame, actor);
}
