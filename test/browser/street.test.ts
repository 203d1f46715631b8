import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { quietJob } from '../../src/engine/job.ts';
import { Filming, streetSource } from '../../src/engine/scenes/filming.ts';
import { StreetDrawing } from '../../src/engine/scenes/drawing/street-drawing.ts';
import { Street, STREET_SIZE } from '../../src/engine/scenes/street.ts';
import { WORLD_IDS } from '../../src/engine/scenes/worlds/catalogue.ts';
import type { WorldId } from '../../src/engine/scenes/worlds/world.ts';
import type { Conditions, ConditionWishes } from '../../src/engine/scenes/conditions.ts';

const { width, height } = STREET_SIZE;

// A shader that does not compile is told of on the console, and nowhere else.
beforeEach(() => void vi.spyOn(console, 'error'));
afterEach(() => {
  expect(console.error).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

const WEATHERS: [string, ConditionWishes][] = [
  ['clear day', { daylight: 'day', weather: 'clear' }],
  ['foggy dusk', { daylight: 'dusk', weather: 'fog' }],
  ['rainy night', { daylight: 'night', weather: 'rain' }],
];

describe.each(WORLD_IDS)('%s', (world) => {
  test.each(WEATHERS)('%s: a picture with something in it, and the same one again', (_, conditions) => {
    const make = () => new Street({ world, seed: 5, seconds: 10, conditions, events: [] });
    const [first, again] = [make(), make()].map((street) => drawn(street));
    const bright = first.map((_, i) => (i % 4 === 1 ? first[i] : 0)).filter((_, i) => i % 4 === 1);
    const mean = bright.reduce((sum, value) => sum + value / bright.length, 0);
    const spread = Math.sqrt(bright.reduce((sum, value) => sum + (value - mean) ** 2 / bright.length, 0));
    expect(mean).toBeGreaterThan(15);
    expect(mean).toBeLessThan(225);
    expect(spread).toBeGreaterThan(8);
    expect(again).toEqual(first);
  });
});

test('what moves is drawn where it is now, and nothing is left of where it was', () => {
  const street = new Street({ world: 'road', seed: 5, seconds: 10, events: [] });
  const canvas = new OffscreenCanvas(width, height);
  const drawing = new StreetDrawing(canvas, street);
  for (let i = 0; i < 8; i++) {
    street.advance();
    drawing.draw(street);
  }
  const walked = pixelsOf(canvas);
  drawing.dispose();
  expect(drawn(street)).toEqual(walked);
});

/** Places about the middle of the picture, metres, and heights above the ground. */
const OFFSETS = [
  [0, 0, 1],
  [3, 2, 1.5],
  [-3, 2, 0.8],
  [2, -3, 2],
  [-4, -2, 3],
] as const;

test.each(WORLD_IDS)('%s: things lie in the picture where the truth says that they do', (world) => {
  let looked = 0;
  for (const seed of [1, 2, 3]) {
    const street = emptied(world, seed);
    const { target } = street.camera.mount;
    const bare = lightOf(drawn(street));
    for (const [x, y, z] of OFFSETS) {
      const position = { x: target.x + x, y: target.y + y };
      const said = street.camera.project(position, z)!;
      const isInside = said.x > 30 && said.x < width - 30 && said.y > 30 && said.y < height - 30;
      if (!isInside) continue;
      // A round spot of light that is added to what is behind it.
      const spot = { kind: 'flash', position, elevation: z, radius: 0.6, age: 0.1, life: 1 } as const;
      street.effects.push({ ...spot });
      const lit = lightOf(drawn(street));
      street.effects.length = 0;
      const seen = middleOf(lit.map((value, i) => Math.max(0, value - bare[i])));
      expect(Math.abs(seen.x - said.x)).toBeLessThan(0.1);
      expect(Math.abs(seen.y - said.y)).toBeLessThan(0.1);
      looked++;
    }
  }
  expect(looked).toBeGreaterThan(8);
});

test('only frames that are wanted are drawn, and all are counted', async () => {
  const source = streetSource({ world: 'plaza', seed: 3, seconds: 1, events: [] });
  const wanted = [0, 0.4, 0.8];
  const pictures: number[] = [];
  let frames = 0;
  const chooser = {
    wants: (seconds: number) => wanted.some((one) => Math.abs(one - seconds) < 1e-6),
    missed: () => {},
  };
  for await (const { index, seconds, picture } of source.frames(quietJob, chooser)) {
    expect(index).toBe(frames++);
    if (!picture) continue;
    pictures.push(seconds);
    expect([picture.displayWidth, picture.displayHeight]).toEqual([width, height]);
    expect(picture.timestamp).toBe(Math.round(seconds * 1e6));
  }
  expect(frames).toBe(15);
  expect(pictures.map((seconds) => +seconds.toFixed(3))).toEqual(wanted);
});

test('the picture of frame n is that of the street after n + 1 steps, as the truth counts them', async () => {
  const options = { world: 'road', seed: 3, seconds: 1, events: [] } as const;
  const wanted = 7 / 15;
  const chooser = { wants: (seconds: number) => Math.abs(seconds - wanted) < 1e-6, missed: () => {} };
  let shown: Uint8ClampedArray | null = null;
  for await (const { picture } of streetSource(options).frames(quietJob, chooser))
    if (picture) shown = dataOf(picture);
  const filming = new Filming(options);
  const after: Uint8ClampedArray[] = [];
  for (let frame = 0; frame < 8; frame++) {
    filming.street.advance();
    after.push(dataOf(await filming.picture()));
  }
  filming.close();
  expect(shown).toEqual(after[7]);
  expect(shown).not.toEqual(after[6]);
});

test('a device that went away while a street is drawn is told of, and no empty picture is given', async () => {
  const canvases = vi.spyOn(OffscreenCanvas.prototype, 'convertToBlob').mock.contexts;
  const filming = new Filming({ world: 'plaza', seed: 3, seconds: 1, events: [] });
  (await filming.picture()).close();
  const context = (canvases[0] as OffscreenCanvas).getContext('webgl2')!;
  context.getExtension('WEBGL_lose_context')!.loseContext();
  await expect(filming.picture()).rejects.toMatchObject({ code: 'device-lost' });
  filming.close();
});

test('a browser without WebGL is told of', () => {
  vi.spyOn(OffscreenCanvas.prototype, 'getContext').mockReturnValue(null);
  expect(() => new Filming({ world: 'plaza', seed: 3, seconds: 1, events: [] })).toThrow(/no WebGL/);
  vi.mocked(console.error).mockClear(); // three says so too
});

function dataOf(picture: ImageBitmap | VideoFrame): Uint8ClampedArray {
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

/** A street with nobody and nothing on it, under a lens that adds nothing. */
function emptied(world: WorldId, seed: number): Street {
  const conditions = { daylight: 'day', weather: 'clear' } as const;
  const street = new Street({ world, seed, seconds: 10, conditions, events: [] });
  Object.assign(street.conditions, { noise: 0, disturbances: [] } satisfies Partial<Conditions>);
  Object.assign(street.world, { solids: [] });
  street.actors.length = street.effects.length = 0;
  return street;
}

function drawn(street: Street): Uint8Array {
  const canvas = new OffscreenCanvas(width, height);
  const drawing = new StreetDrawing(canvas, street);
  drawing.draw(street);
  const pixels = pixelsOf(canvas);
  drawing.dispose();
  return pixels;
}

/** Red, green, blue and alpha, from the lower left corner. */
function pixelsOf(canvas: OffscreenCanvas): Uint8Array {
  const gl = canvas.getContext('webgl2')!;
  const pixels = new Uint8Array(4 * width * height);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return pixels;
}

/** The light of every pixel, with the gamma of the screen undone, from the lower left corner. */
function lightOf(pixels: Uint8Array): number[] {
  return Array.from({ length: width * height }, (_, i) => {
    const value = pixels[4 * i + 1] / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

/** The centre of gravity of the light, in pixels from the upper left corner. */
function middleOf(light: readonly number[]): { x: number; y: number } {
  let [sum, x, y] = [0, 0, 0];
  for (const [i, value] of light.entries()) {
    sum += value;
    x += value * ((i % width) + 0.5);
    y += value * (height - Math.floor(i / width) - 0.5);
  }
  return { x: x / sum, y: y / sum };
}
