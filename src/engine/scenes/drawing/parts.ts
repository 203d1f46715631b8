/**
 * Everything that moves is put together anew in every frame from a few shapes, into one mesh that is drawn at once.
 * (Instances would be less to send, but a processor that stands in for a graphics card draws them one by one.)
 */
import * as THREE from 'three';
import { leftOf, type Point } from '../ground.ts';
import { paint } from './paint.ts';
import type { Light } from './sky.ts';

/** A cylinder lies along y as an axle does, a drum stands, and a cabin is a box that is smaller at the top. */
export type Shape = (typeof SHAPES)[number];

/** Corners in one frame, and triples of them; someone on foot has 500. */
const MOST = 65_000;

/** A frame of reference that parts are put into: an actor, or a limb of it. */
export class Frame {
  readonly matrix: THREE.Matrix4;

  constructor(matrix = new THREE.Matrix4()) {
    this.matrix = matrix;
  }

  /** A place in this frame, turned about its own axes: z up, x ahead, y to the left; radians. */
  at(x: number, y: number, z: number, { yaw = 0, pitch = 0, roll = 0 } = {}): Frame {
    euler.set(roll, -pitch, yaw, 'ZYX');
    const local = new THREE.Matrix4().makeRotationFromEuler(euler).setPosition(x, y, z);
    return new Frame(local.premultiply(this.matrix));
  }

  /** Where it is on the street. */
  get place(): THREE.Vector3 {
    return new THREE.Vector3().setFromMatrixPosition(this.matrix);
  }
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

const euler = new THREE.Euler();
const local = new THREE.Matrix4();
const colour = new THREE.Color();
const AHEAD = new THREE.Vector3(1, 0, 0);

/** Each a metre long, wide and high. */
export function makeShape(shape: Shape): THREE.BufferGeometry {
  switch (shape) {
    case 'box':
      return new THREE.BoxGeometry(1, 1, 1);
    case 'cabin': {
      const geometry = new THREE.BoxGeometry(1, 1, 1);
      const { position } = geometry.attributes;
      for (let i = 0; i < position.count; i++) {
        if (position.getZ(i) < 0) continue;
        position.setXY(i, 0.74 * position.getX(i), 0.82 * position.getY(i));
      }
      geometry.computeVertexNormals();
      return geometry;
    }
    case 'cylinder':
      return new THREE.CylinderGeometry(0.5, 0.5, 1, 10);
    case 'drum':
      return new THREE.CylinderGeometry(0.5, 0.5, 1, 8).rotateX(Math.PI / 2);
    case 'ball':
      return new THREE.SphereGeometry(0.5, 7, 5).rotateX(Math.PI / 2);
  }
}

const SHAPES = ['box', 'cabin', 'cylinder', 'drum', 'ball'] as const;

/** Corners of a shape: places, ways they look, and which make a triangle. */
interface Corners {
  places: ArrayLike<number>;
  normals: ArrayLike<number>;
  index: ArrayLike<number>;
}

/** A mesh that grows anew in every frame. */
class Batch {
  readonly mesh: THREE.Mesh;
  readonly #geometry = new THREE.BufferGeometry();
  readonly #places = new Float32Array(3 * MOST);
  readonly #normals = new Int8Array(4 * MOST);
  readonly #colours = new Float32Array(3 * MOST);
  readonly #index = new Uint16Array(3 * MOST);
  #corners = 0;
  #indices = 0;

  constructor(material: THREE.Material) {
    this.#geometry.setAttribute('position', new THREE.BufferAttribute(this.#places, 3));
    this.#geometry.setAttribute('normal', new THREE.BufferAttribute(this.#normals, 4, true));
    this.#geometry.setAttribute('color', new THREE.BufferAttribute(this.#colours, 3));
    this.#geometry.setIndex(new THREE.BufferAttribute(this.#index, 1));
    for (const attribute of this.#attributes()) attribute.setUsage(THREE.DynamicDrawUsage);
    this.mesh = new THREE.Mesh(this.#geometry, material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = -2; // what is behind it need not be painted
  }

  clear(): void {
    this.#corners = this.#indices = 0;
  }

  add({ places, normals, index }: Corners, { elements: m }: THREE.Matrix4, { r, g, b }: THREE.Color): void {
    const count = places.length / 3;
    if (this.#corners + count > MOST || this.#indices + index.length > 3 * MOST) return;
    const square = [0, 4, 8].map((i) => m[i] * m[i] + m[i + 1] * m[i + 1] + m[i + 2] * m[i + 2]);
    for (let i = 0; i < count; i++) {
      const [x, y, z] = [places[3 * i], places[3 * i + 1], places[3 * i + 2]];
      const [u, v, w] = [
        normals[3 * i] / square[0],
        normals[3 * i + 1] / square[1],
        normals[3 * i + 2] / square[2],
      ];
      const corner = this.#corners + i;
      const nx = m[0] * u + m[4] * v + m[8] * w;
      const ny = m[1] * u + m[5] * v + m[9] * w;
      const nz = m[2] * u + m[6] * v + m[10] * w;
      const long = 127 / Math.sqrt(nx * nx + ny * ny + nz * nz);
      this.#places[3 * corner] = m[0] * x + m[4] * y + m[8] * z + m[12];
      this.#places[3 * corner + 1] = m[1] * x + m[5] * y + m[9] * z + m[13];
      this.#places[3 * corner + 2] = m[2] * x + m[6] * y + m[10] * z + m[14];
      this.#normals[4 * corner] = Math.round(nx * long);
      this.#normals[4 * corner + 1] = Math.round(ny * long);
      this.#normals[4 * corner + 2] = Math.round(nz * long);
      this.#colours[3 * corner] = r;
      this.#colours[3 * corner + 1] = g;
      this.#colours[3 * corner + 2] = b;
    }
    for (let i = 0; i < index.length; i++) this.#index[this.#indices + i] = this.#corners + index[i];
    this.#corners += count;
    this.#indices += index.length;
  }

  send(): void {
    this.#geometry.setDrawRange(0, this.#indices);
    this.mesh.visible = this.#indices > 0;
    for (const attribute of this.#attributes()) {
      const count = attribute === this.#geometry.index ? this.#indices : this.#corners * attribute.itemSize;
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, count);
      attribute.needsUpdate = count > 0;
    }
  }

  dispose(): void {
    this.#geometry.dispose();
    (this.mesh.material as THREE.Material).dispose();
  }

  #attributes(): THREE.BufferAttribute[] {
    const { attributes, index } = this.#geometry;
    return [attributes.position, attributes.normal, attributes.color, index!] as THREE.BufferAttribute[];
  }
}

export class Parts {
  readonly meshes: readonly THREE.Mesh[];
  /** What lamps add to the light on whoever is being put together: factors of red, green and blue. */
  lamplight: readonly [number, number, number] = [1, 1, 1];
  readonly #shapes = new Map<Shape, Corners>();
  readonly #lit: Batch;
  readonly #glowing: Batch;

  constructor(light: Light) {
    for (const shape of SHAPES) {
      const { attributes, index } = makeShape(shape);
      const [places, normals] = [attributes.position.array, attributes.normal.array];
      this.#shapes.set(shape, { places, normals, index: index!.array });
    }
    this.#lit = new Batch(paint(light));
    this.#lit.mesh.castShadow = true;
    this.#glowing = new Batch(new THREE.MeshBasicMaterial({ vertexColors: true }));
    this.meshes = [this.#lit.mesh, this.#glowing.mesh];
  }

  /** Begins a frame. */
  clear(): void {
    this.#lit.clear();
    this.#glowing.clear();
  }

  /**
   * @param size metres along x, y and z of the frame
   * @param hex 0xrrggbb
   */
  put(shape: Shape, frame: Frame, size: readonly [number, number, number], hex: number): void {
    const [r, g, b] = this.lamplight;
    colour.set(hex);
    colour.setRGB(colour.r * r, colour.g * g, colour.b * b);
    local.makeScale(...size).premultiply(frame.matrix);
    this.#lit.add(this.#shapes.get(shape)!, local, colour);
  }

  /** Something that is light itself. */
  shine(shape: Shape, frame: Frame, size: readonly [number, number, number], hex: number): void {
    local.makeScale(...size).premultiply(frame.matrix);
    this.#glowing.add(this.#shapes.get(shape)!, local, colour.set(hex));
  }

  /** A thin rod or cord from one place of the street to another. */
  rod(from: THREE.Vector3, to: THREE.Vector3, thick: number, hex: number): void {
    const way = to.clone().sub(from);
    const length = way.length();
    const turn = new THREE.Quaternion().setFromUnitVectors(AHEAD, way.normalize());
    const middle = from.clone().add(to).multiplyScalar(0.5);
    const frame = new Frame(new THREE.Matrix4().makeRotationFromQuaternion(turn).setPosition(middle));
    this.put('box', frame, [length, thick, thick], hex);
  }

  /** Ends a frame. */
  send(): void {
    this.#lit.send();
    this.#glowing.send();
  }

  dispose(): void {
    this.#lit.dispose();
    this.#glowing.dispose();
  }
}
