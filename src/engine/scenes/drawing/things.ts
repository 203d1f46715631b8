/** Things that move or are left behind. */
import type { Actor } from '../actors/actor.ts';
import type { Frame, Parts } from './parts.ts';

export function drawThing(parts: Parts, frame: Frame, { look, size, stride }: Actor): void {
  const { colour, accent } = look;
  const { length, width, height } = size;
  switch (look.shape) {
    case 'barrel': {
      // About its middle, so that it may roll.
      const middle = frame.at(0, 0, height / 2, { roll: Math.PI / 2 });
      parts.put('cylinder', middle, [width, height, width], colour);
      for (const end of [-0.25, 0.25])
        parts.put('cylinder', middle.at(0, end * height, 0), [width * 1.06, 0.08, width * 1.06], accent);
      return;
    }
    case 'graffiti':
      // Strokes of paint on a wall: the more of them, the longer it has been sprayed at.
      for (let i = 0; i < Math.round(0.8 + 12.8 * stride); i++) {
        const y = (((i * 7) % 10) / 10 - 0.45) * width;
        const z = 0.1 + ((((i * 3) % 8) / 8) * 1.1 * height) / 1.3;
        const stroke = frame.at(0.03, y, z, { roll: 0.8 * (i % 3) - 0.8 });
        parts.put('box', stroke, [0.04, 0.55, 0.13], i % 2 === 0 ? colour : accent);
      }
      return;
    case 'scorch':
      // Burnt ground under a fire; its size is that of the fire.
      for (const turn of [0, 0.8])
        parts.put('box', frame.at(0, 0, 0.1, { yaw: turn }), [1.4, 1.2, 0.02], 0x1b1918);
      return;
    case 'crate':
    case undefined:
      parts.put('box', frame.at(0, 0, height / 2), [length, width, height], colour);
      for (const z of [0.2, 0.8])
        parts.put('box', frame.at(0, 0, z * height), [length + 0.03, width + 0.03, 0.08], accent);
  }
}
