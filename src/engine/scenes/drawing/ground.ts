/** The ground and the paint on it. */
import * as THREE from 'three';
import { Random } from '../../random.ts';
import { add, distance, leftOf, rectangle, scale, subtract, unit, type Polygon } from '../ground.ts';
import type { Marking, Surface, World } from '../worlds/world.ts';
import { pieceOf, Pieces } from './pieces.ts';

const GROUND: Record<Surface['kind'], number> = {
  asphalt: 0x56585b,
  pavement: 0x8d8b86,
  paving: 0x9c958a,
  grass: 0x5f7048,
  gravel: 0x857c6e,
};
const PAINT = 0xc9c9c2;

/** All of it, uppermost first: what is drawn first spares what lies under it. */
export function groundOf({ surfaces, markings }: World): Pieces {
  const pieces = new Pieces();
  for (const marking of markings) addMarking(pieces, marking);
  for (const [i, surface] of [...surfaces.entries()].reverse()) addSurface(pieces, surface, i);
  return pieces;
}

/** Later surfaces lie a hair above earlier ones; a kerb has a side. */
function addSurface(pieces: Pieces, { kind, polygon, height = 0 }: Surface, order: number): void {
  const shape = new THREE.Shape(polygon.map(({ x, y }) => new THREE.Vector2(x, y)));
  const lift = new THREE.Matrix4().makeTranslation(0, 0, height > 0 ? 0 : 0.012 * order);
  const geometry =
    height > 0
      ? new THREE.ExtrudeGeometry(shape, { depth: height, bevelEnabled: false })
      : new THREE.ShapeGeometry(shape);
  pieces.add(pieceOf(geometry, lift, GROUND[kind]));
  geometry.dispose();
}

function addMarking(pieces: Pieces, { kind, from, to, width }: Marking): void {
  const length = distance(from, to);
  const facing = unit(subtract(to, from));
  const stripe = (along: number, aside: number, long: number, wide: number) => {
    const centre = add(add(from, scale(facing, along)), scale(leftOf(facing), aside));
    flatBox(pieces, rectangle(centre, facing, long, wide), 0.09, PAINT);
  };
  switch (kind) {
    case 'solid':
    case 'bay':
    case 'stop':
      return stripe(length / 2, 0, length, width);
    case 'double':
      for (const side of [-1, 1]) stripe(length / 2, (side * width) / 2, length, width * 0.4);
      return;
    case 'dashed':
      for (let at = 1.5; at < length; at += 6) stripe(at, 0, 3, width);
      return;
    case 'zebra':
      for (let at = 0.45; at < length; at += 0.95) stripe(at, 0, 0.48, width);
  }
}

/** A thin slab on the ground. */
function flatBox(pieces: Pieces, polygon: Polygon, z: number, hex: number): void {
  const shape = new THREE.Shape(polygon.map(({ x, y }) => new THREE.Vector2(x, y)));
  const geometry = new THREE.ShapeGeometry(shape);
  pieces.add(pieceOf(geometry, new THREE.Matrix4().makeTranslation(0, 0, z), hex));
  geometry.dispose();
}

/** Stains and grain, so that the ground is no even colour. */
export function grainTexture(): THREE.DataTexture {
  const size = 128;
  const random = new Random(7);
  const values = new Float32Array(size * size).fill(0.86);
  for (let stain = 0; stain < 90; stain++) {
    const [cx, cy, radius] = [random.below(size), random.below(size), random.between(3, 16)];
    const depth = random.between(-0.07, 0.05);
    for (let y = -radius; y <= radius; y++) {
      for (let x = -radius; x <= radius; x++) {
        const fade = 1 - Math.sqrt(x * x + y * y) / radius;
        if (fade <= 0) continue;
        const at = ((Math.round(cy + y) + size) % size) * size + ((Math.round(cx + x) + size) % size);
        values[at] += depth * fade;
      }
    }
  }
  const data = new Uint8Array(4 * size * size);
  for (let i = 0; i < values.length; i++) {
    const level = Math.min(255, Math.max(0, 255 * (values[i] + random.between(-0.07, 0.07))));
    data.set([level, level, level, 255], 4 * i);
  }
  const texture = new THREE.DataTexture(data, size, size);
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  texture.magFilter = THREE.LinearFilter;
  texture.minFilter = THREE.LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.needsUpdate = true;
  return texture;
}
