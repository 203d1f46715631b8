/** The bodies of vehicles, driven or parked. */
import type { Look, Size, VehicleKind } from '../actors/actor.ts';
import type { Shape } from './parts.ts';

const GLASS = 0x20282f;
const TYRE = 0x17181a;
const DARK = 0x2c2f33;

/** A part of a body: its middle on the ground of the vehicle (x ahead, y to the left, z up), metres. */
export interface BodyPart {
  shape: Shape;
  at: readonly [number, number, number];
  size: readonly [number, number, number];
  hex: number;
}

/** A body with its wheels, without lamps. */
export function bodyOf(
  kind: Exclude<VehicleKind, 'cyclist'>,
  size: Size,
  look: Pick<Look, 'colour' | 'accent'>,
): BodyPart[] {
  const { length, width } = size;
  const radius = kind === 'car' ? 0.33 : 0.45;
  const wheels = [-1, 1].flatMap((end) =>
    [-1, 1].map((side) =>
      part(
        'cylinder',
        [end * 0.31 * length, (side * (width - 0.2)) / 2, radius],
        [2 * radius, 0.26, 2 * radius],
        TYRE,
      ),
    ),
  );
  return [...BODIES[kind](size, look), ...wheels];
}

const part = (shape: Shape, at: BodyPart['at'], size: BodyPart['size'], hex: number): BodyPart => ({
  shape,
  at,
  size,
  hex,
});

const BODIES: Record<
  Exclude<VehicleKind, 'cyclist'>,
  (size: Size, look: Pick<Look, 'colour' | 'accent'>) => BodyPart[]
> = {
  car: ({ length, width, height }, { colour }) => [
    part('box', [0, 0, 0.53], [length, width, 0.54], colour),
    part('box', [0, 0, 0.32], [length + 0.06, 0.97 * width, 0.18], DARK),
    part(
      'cabin',
      [-0.08 * length, 0, 0.8 + (height - 0.8) / 2],
      [0.6 * length, 0.9 * width, height - 0.8],
      GLASS,
    ),
    part('box', [-0.08 * length, 0, height - 0.02], [0.43 * length, 0.74 * width, 0.06], colour),
    // The pillars between the doors.
    part('box', [-0.07 * length, 0, 0.8 + (height - 0.8) / 2], [0.09, 0.87 * width, height - 0.86], colour),
  ],
  van: ({ length, width, height }, { colour }) => [
    part(
      'box',
      [-0.08 * length, 0, 0.42 + (height - 0.42) / 2],
      [0.84 * length, width, height - 0.42],
      colour,
    ),
    part('box', [0.36 * length, 0, 0.78], [0.26 * length, width, 0.72], colour),
    part('cabin', [0.34 * length, 0, 1.5], [0.24 * length, 0.96 * width, 0.72], GLASS),
    part('box', [0, 0, 0.42], [length, 0.97 * width, 0.2], DARK),
    part('box', [-0.495 * length, 0, 0.7 * height], [0.1, 0.7 * width, 0.24 * height], GLASS),
    part('box', [0.16 * length, 0, 0.7 * height], [0.16 * length, width + 0.03, 0.24 * height], GLASS),
  ],
  bus: ({ length, width, height }, { colour, accent }) => [
    part('box', [0, 0, height / 2 + 0.15], [length, width, height - 0.3], colour),
    part('box', [0, 0, 0.64 * height], [0.96 * length, width + 0.04, 0.28 * height], GLASS),
    part('box', [0.005 * length, 0, 0.62 * height], [length + 0.04, 0.86 * width, 0.4 * height], GLASS),
    part('box', [0, 0, 0.45], [length + 0.02, width + 0.05, 0.3], accent),
    part('box', [-0.1 * length, 0, height + 0.06], [0.3 * length, 0.6 * width, 0.16], DARK),
  ],
  lorry: ({ length, width }, { colour, accent }) => {
    const cab = 1.9;
    // An open bed with its load.
    const bed = length - cab - 0.3;
    const load = [0, 1, 2, 3].flatMap((i) => {
      const x = -cab / 2 - bed / 2 + ((i + 0.5) * bed) / 4;
      return [-0.5, 0.5].map((side) =>
        i % 2 === 0
          ? part('drum', [x, side, 1.5], [0.9, 0.9, 1.1], 0x3a5f8a)
          : part('box', [x, side, 1.4], [1, 0.9, 0.95], 0x9a7444),
      );
    });
    return [
      part('box', [length / 2 - cab / 2, 0, 1.4], [cab, width, 2.1], colour),
      part('box', [length / 2 - 0.3, 0, 1.9], [0.7, 0.9 * width, 0.7], GLASS),
      part('box', [length / 2 - 0.7, 0, 1.9], [0.7, width + 0.03, 0.6], GLASS),
      part('box', [-cab / 2, 0, 0.75], [length - cab, width, 0.3], DARK),
      ...[-1, 1].map((side) =>
        part('box', [-cab / 2 - 0.1, (side * width) / 2, 1.25], [bed, 0.08, 0.75], accent),
      ),
      part('box', [-length / 2 + 0.06, 0, 1.25], [0.08, width, 0.75], accent),
      ...load,
    ];
  },
};
