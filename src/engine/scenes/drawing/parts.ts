/**
 * Everything that moves is put together anew in every frame from a few shapes, and all of one shape are drawn at once:
 * a street of people and vehicles is a handful of calls, however many there are.
 */
import * as THREE from 'three';
import { paint } from './paint.ts';
import type { Light } from './sky.ts';

/** A cylinder lies along y as an axle does, a drum stands, and a cabin is a box that is smaller at the top. */
export type Shape = 'box' | 'cabin' | 'cylinder' | 'drum' | 'ball';

/** Parts of one shape in one frame; a crowd of sixty needs a thousand. */
const MOST = 3000;

/** Lit parts take the light of the scene; glowing ones are light themselves. */
type Finish = 'lit' | 'glow';

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

export class Parts {
  readonly meshes: THREE.InstancedMesh[] = [];
  /** What lamps add to the light on whoever is being put together: factors of red, green and blue. */
  lamplight: readonly [number, number, number] = [1, 1, 1];
  readonly #sets = new Map<string, THREE.InstancedMesh>();

  constructor(light: Light) {
    const lit = paint(light, { isInstanced: true });
    const glow = new THREE.MeshBasicMaterial();
    this.#make(lit, 'lit', ['box', 'cabin', 'cylinder', 'drum', 'ball']);
    this.#make(glow, 'glow', ['box', 'ball']);
  }

  #make(material: THREE.Material, finish: Finish, shapes: readonly Shape[]): void {
    for (const shape of shapes) {
      const mesh = new THREE.InstancedMesh(makeShape(shape), material, MOST);
      mesh.instanceMatrix.setUsage(THREE.DynamicDrawUsage);
      mesh.setColorAt(0, colour.set(0xffffff)); // makes room for colours before the first frame is drawn
      mesh.frustumCulled = false;
      mesh.castShadow = finish === 'lit';
      mesh.renderOrder = -2; // what is behind it need not be painted
      mesh.count = 0;
      this.#sets.set(`${shape}/${finish}`, mesh);
      this.meshes.push(mesh);
    }
  }

  /** Begins a frame. */
  clear(): void {
    for (const mesh of this.meshes) mesh.count = 0;
  }

  /**
   * @param size metres along x, y and z of the frame
   * @param hex 0xrrggbb
   */
  put(shape: Shape, frame: Frame, size: readonly [number, number, number], hex: number): void {
    local.makeScale(...size).premultiply(frame.matrix);
    const [r, g, b] = this.lamplight;
    colour.set(hex);
    this.#add('lit', shape, local, colour.setRGB(colour.r * r, colour.g * g, colour.b * b));
  }

  /** Something that is light itself. */
  shine(shape: 'box' | 'ball', frame: Frame, size: readonly [number, number, number], hex: number): void {
    this.#add('glow', shape, local.makeScale(...size).premultiply(frame.matrix), colour.set(hex));
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

  #add(finish: Finish, shape: Shape, matrix: THREE.Matrix4, tint: THREE.Color): void {
    const mesh = this.#sets.get(`${shape}/${finish}`)!;
    if (mesh.count >= MOST) return;
    mesh.setMatrixAt(mesh.count, matrix);
    mesh.setColorAt(mesh.count++, tint);
  }

  /** Ends a frame. */
  send(): void {
    for (const { count, instanceMatrix, instanceColor } of this.meshes) {
      for (const attribute of [instanceMatrix, instanceColor!]) {
        attribute.clearUpdateRanges();
        attribute.addUpdateRange(0, count * attribute.itemSize);
        attribute.needsUpdate = count > 0;
      }
    }
  }

  dispose(): void {
    for (const mesh of this.meshes) {
      mesh.geometry.dispose();
      (mesh.material as THREE.Material).dispose();
      mesh.dispose();
    }
  }
}
