/** Vehicles that move, with their lamps, and bicycles with their riders. */
import type { Actor } from '../actors/actor.ts';
import { bodyOf } from './bodies.ts';
import { drawRider } from './people.ts';
import type { Frame, Parts } from './parts.ts';

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
  const { kind } = actor;
  if (kind === 'person' || kind === 'dog' || kind === 'thing') return;
  const lamps = { isDark, isBlink: Math.floor(seconds * 2.8) % 2 === 0 };
  if (kind === 'cyclist') return drawCyclist(parts, frame, actor, lamps);
  for (const { shape, at, size, hex } of bodyOf(kind, actor.size, actor.look))
    parts.put(shape, frame.at(...at), size, hex);
  drawLamps(parts, frame, actor, lamps);
}

function drawLamps(parts: Parts, frame: Frame, actor: Actor, { isDark, isBlink }: Lamps): void {
  const { length, width } = actor.size;
  const z = actor.kind === 'car' ? 0.62 : 0.85;
  for (const side of [-1, 1]) {
    const y = side * (width / 2 - 0.25);
    const lamp = (x: number, size: number, hex: number, isLit: boolean) =>
      parts[isLit ? 'shine' : 'put']('box', frame.at(x, y, z), [0.08, size, size * 0.6], hex);
    lamp(length / 2 + 0.01, 0.34, isDark ? 0xfff4d8 : 0xd8d8d0, isDark);
    const { brake, left, right } = actor.lights;
    lamp(-length / 2 - 0.01, 0.36, brake ? 0xff2418 : isDark ? 0x9a1510 : 0x6a1512, brake || isDark);
    if (isBlink && (side > 0 ? left : right)) {
      for (const end of [-1, 1]) {
        const place = frame.at(end * (length / 2 + 0.03), side * (width / 2 - 0.05), z + 0.16);
        parts.shine('box', place, [0.12, 0.22, 0.22], 0xffa21a);
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
  if (isDark) parts.shine('box', frame.at(0.55, 0, 1), [0.08, 0.1, 0.1], 0xfff4d8);
  drawRider(parts, frame, actor);
}
