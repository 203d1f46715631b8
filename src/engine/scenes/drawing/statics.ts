/** What stands still: ground, paint, houses, trees and furniture, all in a few meshes that are made once. */
import * as THREE from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { Random } from '../../random.ts';
import {
  add,
  distance,
  leftOf,
  rectangle,
  scale,
  subtract,
  unit,
  type Point,
  type Polygon,
} from '../ground.ts';
import type { Marking, Solid, Surface, World } from '../worlds/world.ts';
import { bodyOf } from './bodies.ts';
import { lamplightAt } from './lamplight.ts';
import { paint } from './paint.ts';
import { Frame, makeShape } from './parts.ts';
import type { Light } from './sky.ts';

const GROUND: Record<Surface['kind'], number> = {
  asphalt: 0x56585b,
  pavement: 0x8d8b86,
  paving: 0x9c958a,
  grass: 0x5f7048,
  gravel: 0x857c6e,
  earth: 0x75664f,
};
const PAINT = 0xc9c9c2;

/** Metres that the noise of the ground repeats in. */
const GRAIN = 9;

/** Pieces of one mesh. */
class Pieces {
  readonly #geometries: THREE.BufferGeometry[] = [];

  add(piece: THREE.BufferGeometry): void {
    this.#geometries.push(piece);
  }

  /** Null where there are none. */
  mesh(material: THREE.Material): THREE.Mesh | null {
    if (this.#geometries.length === 0) return null;
    const whole = mergeGeometries(this.#geometries);
    for (const geometry of this.#geometries) geometry.dispose();
    return new THREE.Mesh(whole, material);
  }
}

/** @param hex its colour; @param lit factors on it */
function pieceOf(
  shape: THREE.BufferGeometry,
  matrix: THREE.Matrix4,
  hex: number,
  [red, green, blue]: readonly [number, number, number] = [1, 1, 1],
): THREE.BufferGeometry {
  const piece = shape.clone().applyMatrix4(matrix);
  const { position } = piece.attributes;
  const { count } = position;
  if (!piece.index) piece.setIndex(Array.from({ length: count }, (_, i) => i));
  const { r, g, b } = new THREE.Color(hex);
  const colours = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) colours.set([r * red, g * green, b * blue], 3 * i);
  piece.setAttribute('color', new THREE.BufferAttribute(colours, 3));
  const uv = new Float32Array(2 * count);
  for (let i = 0; i < count; i++)
    uv.set([position.getX(i) / GRAIN, (position.getY(i) + position.getZ(i)) / GRAIN], 2 * i);
  piece.setAttribute('uv', new THREE.BufferAttribute(uv, 2));
  return piece;
}

const BOX = makeShape('box');
const CYLINDER = makeShape('drum');
const BALL = makeShape('ball');
/** Looks ahead. */
const PANE = new THREE.PlaneGeometry(1, 1).rotateY(Math.PI / 2).rotateX(Math.PI / 2);

/** How a world is looked at and lit. */
export interface View {
  light: Light;
  sun: THREE.DirectionalLight;
  camera: THREE.PerspectiveCamera;
  /** How much of the light is that of lamps; windows are lit then. */
  lamps: number;
}

/** Everything of a world that does not move, as far as the camera sees it or its shadow. */
export function buildStatics(world: World, view: View): THREE.Group {
  const { light, sun, camera, lamps } = view;
  const grain = grainTexture();
  const flat = new Pieces();
  const near = new Pieces();
  const far = new Pieces();
  const glowing = new Pieces();
  // Later ones lie on earlier ones; drawn first, they spare what is under them.
  for (const marking of world.markings) addMarking(flat, marking);
  for (const [i, surface] of [...world.surfaces.entries()].reverse()) addSurface(flat, surface, i);
  const seen = frustumOf(camera);
  sun.updateMatrixWorld();
  sun.target.updateMatrixWorld();
  sun.shadow.updateMatrices(sun);
  const shadowed = frustumOf(sun.shadow.camera);
  const into = (piece: THREE.BufferGeometry, finish: Finish) => {
    piece.computeBoundingSphere();
    const isSeen = seen.intersectsSphere(piece.boundingSphere!);
    const isShadow = finish === 'solid' && shadowed.intersectsSphere(piece.boundingSphere!);
    if (!isSeen && !isShadow) return piece.dispose();
    if (finish === 'glowing') glowing.add(piece);
    else if (finish === 'pane') far.add(piece);
    else (isShadow ? near : far).add(piece);
  };
  const seenFrom = { x: camera.position.x, y: camera.position.y };
  for (const [i, solid] of world.solids.entries()) {
    const isBig = solid.kind === 'house' || solid.kind === 'shopfront';
    const lit = isBig ? UNLIT : lamplightAt(solid.centre, world, lamps);
    const put: Put = (shape, at, size, hex, finish = 'solid') =>
      into(pieceOf(shape, new THREE.Matrix4().makeScale(...size).premultiply(at.matrix), hex, lit), finish);
    addSolid(solid, put, { random: new Random(i), seenFrom, isDark: lamps > 0 });
  }
  const ground = flat.mesh(paint(light, { grain, isGround: true }));
  const casting = near.mesh(paint(light, { grain }));
  if (casting) casting.castShadow = true;
  const standing = far.mesh(paint(light, { grain }));
  for (const mesh of [casting, standing]) if (mesh) mesh.renderOrder = -1;
  const shining = glowing.mesh(new THREE.MeshBasicMaterial({ vertexColors: true }));
  const meshes = [ground, casting, standing, shining].filter((mesh) => mesh !== null);
  for (const mesh of meshes) mesh.frustumCulled = false;
  return new THREE.Group().add(...meshes);
}

const UNLIT = [1, 1, 1] as const;

/** What a camera sees. */
export function frustumOf({ projectionMatrix, matrixWorldInverse }: THREE.Camera): THREE.Frustum {
  const matrix = new THREE.Matrix4().multiplyMatrices(projectionMatrix, matrixWorldInverse);
  return new THREE.Frustum().setFromProjectionMatrix(matrix);
}

export function disposeStatics(group: THREE.Group): void {
  group.traverse((object) => {
    if (!(object instanceof THREE.Mesh)) return;
    object.geometry.dispose();
    const material = object.material as THREE.ShaderMaterial | THREE.MeshBasicMaterial;
    if (material instanceof THREE.ShaderMaterial) material.uniforms.grain.value?.dispose();
    material.dispose();
  });
}

/** Stains and grain, so that the ground is no even colour. */
function grainTexture(): THREE.DataTexture {
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
      return;
    case 'hatched':
      for (let at = 0.3; at < length; at += 1.4) stripe(at, 0, 0.25, width);
  }
}

/** A thin slab on the ground. */
function flatBox(pieces: Pieces, polygon: Polygon, z: number, hex: number): void {
  const shape = new THREE.Shape(polygon.map(({ x, y }) => new THREE.Vector2(x, y)));
  const geometry = new THREE.ShapeGeometry(shape);
  pieces.add(pieceOf(geometry, new THREE.Matrix4().makeTranslation(0, 0, z), hex));
  geometry.dispose();
}

type Size = readonly [number, number, number];

/** A solid piece casts a shadow, a pane does not, and a glowing one is light itself. */
type Finish = 'solid' | 'pane' | 'glowing';

type Put = (shape: THREE.BufferGeometry, at: Frame, size: Size, hex: number, finish?: Finish) => void;

interface Seen {
  random: Random;
  seenFrom: Point;
  isDark: boolean;
}

function addSolid(solid: Solid, put: Put, { random, seenFrom, isDark }: Seen): void {
  const { kind, centre, facing, length, width, height, colour } = solid;
  const frame = new Frame(placed(centre, facing));
  const box = (x: number, y: number, z: number, size: Size, hex: number) =>
    put(BOX, frame.at(x, y, z), size, hex);
  switch (kind) {
    case 'house':
    case 'shopfront': {
      box(0, 0, height / 2, [length, width, height], colour);
      box(0, 0, height + 0.15, [length + 0.4, width + 0.4, 0.3], shade(colour, 0.75));
      if (kind === 'shopfront') box(length / 2 + 0.7, 0, 3.05, [1.5, width - 0.4, 0.12], 0x8c3a32); // the awning
      addWindows(frame, solid, random, seenFrom, isDark, (at, size, hex) =>
        put(PANE, at, size, hex, hex === LIT ? 'glowing' : 'pane'),
      );
      return;
    }
    case 'tree': {
      put(CYLINDER, frame.at(0, 0, height * 0.22), [0.32, 0.32, height * 0.44], 0x5a4632);
      for (let i = 0; i < 5; i++) {
        const place = frame.at(
          random.between(-0.7, 0.7),
          random.between(-0.7, 0.7),
          height * random.between(0.5, 0.85),
        );
        const size = random.between(0.55, 0.85) * length;
        put(BALL, place, [size, size, size * 0.9], shade(colour, random.between(0.8, 1.15)));
      }
      return;
    }
    case 'hedge':
      box(0, 0, height / 2, [length, width, height], colour);
      return;
    case 'lamp':
      put(CYLINDER, frame.at(0, 0, height / 2), [0.16, 0.16, height], colour);
      box(0.6, 0, height, [1.3, 0.1, 0.1], colour);
      put(
        BOX,
        frame.at(1.1, 0, height - 0.08),
        [0.6, 0.26, 0.1],
        isDark ? LIT : 0xd8d8d0,
        isDark ? 'glowing' : 'solid',
      );
      return;
    case 'signal':
      put(CYLINDER, frame.at(0, 0, height / 2), [0.14, 0.14, height], colour);
      box(0.14, 0, height - 0.5, [0.24, 0.36, 1], 0x1d1f21);
      return;
    case 'bench':
      box(0, 0, 0.45, [0.45, width, 0.06], colour);
      box(-0.2, 0, 0.7, [0.06, width, 0.4], colour);
      for (const side of [-1, 1]) box(0, (side * width) / 2.6, 0.22, [0.4, 0.08, 0.44], 0x3a3c3e);
      return;
    case 'bin':
    case 'bollard':
      put(CYLINDER, frame.at(0, 0, height / 2), [length, width, height], colour);
      return;
    case 'fountain':
      put(CYLINDER, frame.at(0, 0, 0.25), [length, width, 0.5], colour);
      put(CYLINDER, frame.at(0, 0, 0.46), [length * 0.88, width * 0.88, 0.12], 0x6f98a8);
      put(CYLINDER, frame.at(0, 0, height / 2), [length * 0.14, width * 0.14, height], colour);
      put(CYLINDER, frame.at(0, 0, height * 0.8), [length * 0.35, width * 0.35, 0.14], colour);
      return;
    case 'stall':
      box(0, 0, 0.45, [length, width, 0.9], 0x7a5c3e);
      box(0, 0, height, [length + 0.6, width + 0.4, 0.1], colour);
      for (const x of [-1, 1])
        for (const y of [-1, 1])
          box((x * length) / 2, (y * width) / 2, height / 2, [0.07, 0.07, height], 0x5a5a58);
      for (let i = 0; i < 6; i++)
        box(
          random.between(-0.3, 0.3) * length,
          ((i - 2.5) / 6) * width,
          1,
          [0.4, width / 8, 0.25],
          random.pick(GOODS),
        );
      return;
    case 'parked-car':
    case 'parked-van':
      for (const { shape, at, size, hex } of bodyOf(kind === 'parked-car' ? 'car' : 'van', solid, {
        colour,
        accent: colour,
      }))
        put(makeShape(shape), frame.at(...at), size, hex);
      return;
    case 'sign':
      put(CYLINDER, frame.at(0, 0, height / 2), [0.08, 0.08, height], 0x8a8c8e);
      box(0.06, 0, height - 0.3, [0.05, width, 0.6], colour);
      return;
    case 'wall':
    case 'fence':
      box(0, 0, height / 2, [length, width, height], colour);
  }
}

const LIT = 0xf3d9a0;
const GOODS = [0xb04a3a, 0xc99a3a, 0x5a8a4a, 0xd0c8b8, 0x7a4a6a];

/** Metres from which no window can be made out. */
const BLUR = 75;

/** Rows of windows on the sides that are seen; a shop has a wide one, a door and an awning in front. */
function addWindows(
  frame: Frame,
  { kind, centre, length, width, height }: Solid,
  random: Random,
  seenFrom: Point,
  isDark: boolean,
  put: (at: Frame, size: Size, hex: number) => void,
): void {
  if (distance(centre, seenFrom) > BLUR) return;
  const ground = kind === 'shopfront' ? 3.4 : 0;
  for (const side of [0, 1, 2, 3]) {
    const [deep, wide] = side % 2 === 0 ? [length, width] : [width, length];
    const face = frame.at(0, 0, 0, { yaw: (side * Math.PI) / 2 }).at(deep / 2 + 0.03, 0, 0);
    const { elements } = face.matrix;
    const isSeen = (seenFrom.x - elements[12]) * elements[0] + (seenFrom.y - elements[13]) * elements[1] > 0;
    if (!isSeen) continue;
    for (let z = Math.max(1.7, ground + 1.2); z < height - 0.9; z += 2.9) {
      for (let y = -wide / 2 + 1.4; y < wide / 2 - 0.9; y += 2.5) {
        const isLit = isDark && random.uniform() < 0.3;
        put(face.at(0, y, z), [1, 1.15, 1.4], isLit ? LIT : random.uniform() < 0.5 ? 0x37424c : 0x2c353d);
      }
    }
  }
  if (kind !== 'shopfront') return;
  const front = frame.at(length / 2 + 0.04, 0, 0);
  put(front.at(0, -0.6, 1.45), [1, width - 3.2, 2.1], isDark ? LIT : 0x4a5a66);
  put(front.at(0, width / 2 - 1.2, 1.15), [1, 1.2, 2.3], isDark ? LIT : 0x3a3330);
}

/** A colour made darker (below 1) or lighter. */
function shade(hex: number, factor: number): number {
  return new THREE.Color(hex).multiplyScalar(factor).getHex();
}

/** Where something stands on the ground, and which way it looks. */
export function placed({ x, y }: Point, facing: Point, z = 0): THREE.Matrix4 {
  const left = leftOf(facing);
  return new THREE.Matrix4().set(
    ...[facing.x, left.x, 0, x],
    ...[facing.y, left.y, 0, y],
    ...[0, 0, 1, z],
    ...[0, 0, 0, 1],
  );
}
