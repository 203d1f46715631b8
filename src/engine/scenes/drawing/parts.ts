/**
 * Everything that moves is put together anew in every frame from three shapes, and all of one shape are drawn at once:
 * a street of people and vehicles is six calls, however many there are.
 */
import * as THREE from 'three';

export type Shape = 'box' | 'cylinder' | 'ball';

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
}

const euler = new THREE.Euler();
const local = new THREE.Matrix4();
const colour = new THREE.Color();

export class Parts {
  readonly meshes: THREE.InstancedMesh[] = [];
  readonly #sets = new Map<string, THREE.InstancedMesh>();

  constructor() {
    const shapes: Record<Shape, THREE.BufferGeometry> = {
      box: new THREE.BoxGeometry(1, 1, 1),
      cylinder: new THREE.CylinderGeometry(0.5, 0.5, 1, 10), // along y, as an axle lies
      ball: new THREE.IcosahedronGeometry(0.5, 1),
    };
    const finishes: Record<Finish, THREE.Material> = {
      lit: new THREE.MeshLambertMaterial(),
      glow: new THREE.MeshBasicMaterial(),
    };
    for (const shape of Object.keys(shapes) as Shape[]) {
      for (const finish of Object.keys(finishes) as Finish[]) {
        const mesh = new THREE.InstancedMesh(shapes[shape], finishes[finish], MOST);
        mesh.instanceMatrix.setUsage(THREE.DynamicDrawUsage);
        mesh.setColorAt(0, colour.set(0xffffff)); // makes room for colours before the first frame is drawn
        mesh.frustumCulled = false;
        mesh.castShadow = mesh.receiveShadow = finish === 'lit';
        mesh.count = 0;
        this.#sets.set(`${shape}/${finish}`, mesh);
        this.meshes.push(mesh);
      }
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
  put(
    shape: Shape,
    frame: Frame,
    size: readonly [number, number, number],
    hex: number,
    finish: Finish = 'lit',
  ): void {
    const mesh = this.#sets.get(`${shape}/${finish}`)!;
    if (mesh.count >= MOST) return;
    local.makeScale(...size).premultiply(frame.matrix);
    mesh.setMatrixAt(mesh.count, local);
    mesh.setColorAt(mesh.count++, colour.set(hex));
  }

  /** Ends a frame. */
  send(): void {
    for (const mesh of this.meshes) {
      mesh.instanceMatrix.needsUpdate = true;
      mesh.instanceColor!.needsUpdate = true;
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
