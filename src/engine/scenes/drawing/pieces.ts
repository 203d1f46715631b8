/** Pieces of meshes that are made once and never move. */
import * as THREE from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';

/** Metres that the noise of the ground repeats in. */
const GRAIN = 9;

/** Pieces of one mesh. */
export class Pieces {
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
export function pieceOf(
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
