/** What stands still, all in a few meshes that are made once: of the ground, and of what stands on it. */
import * as THREE from 'three';
import { Random } from '../../random.ts';
import type { World } from '../worlds/world.ts';
import { grainTexture, groundOf } from './ground.ts';
import { lamplightAt } from './lamplight.ts';
import { paint } from './paint.ts';
import { pieceOf, Pieces } from './pieces.ts';
import type { Light } from './sky.ts';
import { addSolid, type Finish, type Put } from './solids.ts';

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
  const near = new Pieces();
  const far = new Pieces();
  const glowing = new Pieces();
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
  const ground = groundOf(world).mesh(paint(light, { grain, isGround: true }));
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
