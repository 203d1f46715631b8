/** Soft round patches: smoke, fire and sparks that face the camera, and pools of light that lie on the ground. */
import * as THREE from 'three';
import type { Point } from '../ground.ts';
import type { Effect } from '../street.ts';
import type { Light } from './sky.ts';

const MOST = 600;

/** One patch. */
export interface Patch {
  x: number;
  y: number;
  z: number;
  /** Metres. */
  radius: number;
  /** 0..1 each. */
  colour: readonly [number, number, number];
  alpha: number;
  /** Of patches on the ground: the way in which they are drawn out, and how much longer they are than wide. */
  along?: Point;
  stretch?: number;
}

const vertexShader = /* glsl */ `
  attribute vec3 place;
  attribute float radius;
  attribute vec4 tint;
  attribute vec3 drawn; // the way it is drawn out, and how far
  uniform bool isFlat;
  uniform vec2 hazed;
  varying vec2 vAt;
  varying vec4 vTint;
  void main() {
    vAt = position.xy;
    vTint = tint;
    vec2 along = drawn.xy * position.x * drawn.z;
    vec2 aside = vec2(-drawn.y, drawn.x) * position.y;
    vec4 eye = isFlat
      ? viewMatrix * vec4(place + vec3((along + aside) * radius, 0.0), 1.0)
      : viewMatrix * vec4(place, 1.0) + vec4(position.xy * radius, 0.0, 0.0);
    vTint.a *= 1.0 - clamp((length(eye.xyz) - hazed.x) / (hazed.y - hazed.x), 0.0, 1.0);
    gl_Position = projectionMatrix * eye;
  }
`;

const fragmentShader = /* glsl */ `
  varying vec2 vAt;
  varying vec4 vTint;
  void main() {
    float fade = 1.0 - smoothstep(0.1, 1.0, length(vAt));
    gl_FragColor = vec4(vTint.rgb, vTint.a * fade);
  }
`;

/** Patches of one kind, drawn in one call. */
export class Sprites {
  readonly mesh: THREE.Mesh;
  readonly #place = new THREE.InstancedBufferAttribute(new Float32Array(3 * MOST), 3);
  readonly #radius = new THREE.InstancedBufferAttribute(new Float32Array(MOST), 1);
  readonly #tint = new THREE.InstancedBufferAttribute(new Float32Array(4 * MOST), 4);
  readonly #drawn = new THREE.InstancedBufferAttribute(new Float32Array(3 * MOST), 3);
  readonly #geometry = new THREE.InstancedBufferGeometry();

  /**
   * @param isFlat on the ground, instead of facing the camera
   * @param isLight adds to what is behind it, instead of covering it
   */
  constructor({ hazed }: Light, { isFlat, isLight }: { isFlat: boolean; isLight: boolean }) {
    const corners = [-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0];
    this.#geometry.setAttribute('position', new THREE.Float32BufferAttribute(corners, 3));
    this.#geometry.setIndex([0, 1, 2, 0, 2, 3]);
    this.#geometry.setAttribute('place', this.#place);
    this.#geometry.setAttribute('radius', this.#radius);
    this.#geometry.setAttribute('tint', this.#tint);
    this.#geometry.setAttribute('drawn', this.#drawn);
    const material = new THREE.ShaderMaterial({
      vertexShader,
      fragmentShader,
      uniforms: { isFlat: { value: isFlat }, hazed: { value: hazed } },
      transparent: true,
      depthWrite: false,
      blending: isLight ? THREE.AdditiveBlending : THREE.NormalBlending,
      polygonOffset: isFlat,
      polygonOffsetFactor: -4,
      polygonOffsetUnits: -4,
    });
    this.mesh = new THREE.Mesh(this.#geometry, material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = isFlat ? 1 : 2;
  }

  show(patches: readonly Patch[]): void {
    const count = Math.min(MOST, patches.length);
    for (let i = 0; i < count; i++) {
      const { x, y, z, radius, colour, alpha, along, stretch = 1 } = patches[i];
      this.#place.setXYZ(i, x, y, z);
      this.#radius.setX(i, radius);
      this.#tint.setXYZW(i, ...colour, alpha);
      this.#drawn.setXYZ(i, along?.x ?? 1, along?.y ?? 0, stretch);
    }
    this.#geometry.instanceCount = count;
    this.mesh.visible = count > 0;
    for (const attribute of [this.#place, this.#radius, this.#tint, this.#drawn]) {
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, count * attribute.itemSize);
      attribute.needsUpdate = count > 0;
    }
  }

  dispose(): void {
    this.#geometry.dispose();
    (this.mesh.material as THREE.Material).dispose();
  }
}

/** Patches that an effect consists of at its age; the same at the same age. */
export function patchesOf({ kind, position, elevation, radius, age, life }: Effect): {
  covering: Patch[];
  shining: Patch[];
} {
  const covering: Patch[] = [];
  const shining: Patch[] = [];
  const share = age / life;
  const fade = Math.min(1, 6 * share) * (1 - share);
  const { x, y } = position;
  const puff = (count: number, grey: number, rise: number, opacity: number) => {
    for (let i = 0; i < count; i++) {
      const [a, b] = [scatter(i, x), scatter(i + 17, y)];
      covering.push({
        x: x + radius * (0.6 * a + 0.5 * share),
        y: y + radius * 0.6 * b,
        z: elevation + rise * age * (0.7 + 0.3 * a) + 0.3 * radius * Math.abs(b),
        radius: radius * (0.5 + 0.9 * share) * (0.8 + 0.3 * b),
        colour: [grey + 0.05 * a, grey + 0.05 * a, grey + 0.05 * a],
        alpha: opacity * fade,
      });
    }
  };
  switch (kind) {
    case 'smoke':
      puff(5, 0.2, 1.3, 0.75);
      break;
    case 'puff':
      puff(3, 0.8, 0.5, 0.6);
      break;
    case 'fire':
      for (let i = 0; i < 7; i++) {
        const flicker = scatter(i, Math.floor(age * 12));
        const up = (i / 7) * radius * 1.8;
        shining.push({
          x: x + 0.4 * radius * scatter(i + 3, x),
          y: y + 0.4 * radius * scatter(i + 5, y),
          z: elevation + up + 0.2 * flicker,
          radius: radius * (0.75 - 0.06 * i) * (1 + 0.25 * flicker),
          colour: i < 3 ? [1, 0.75, 0.3] : [1, 0.35, 0.08],
          alpha: 0.75 * Math.min(1, 4 * share) * Math.min(1, 4 * (1 - share)),
        });
      }
      break;
    case 'flash':
      shining.push({
        x,
        y,
        z: elevation,
        radius: radius * (0.6 + share),
        colour: [1, 0.93, 0.7],
        alpha: 1 - share,
      });
      break;
    case 'sparks':
      for (let i = 0; i < 14; i++) {
        const [a, b, c] = [scatter(i, 1), scatter(i, 2), scatter(i, 3)];
        shining.push({
          x: x + radius * 2 * a * share,
          y: y + radius * 2 * b * share,
          z: elevation + radius * (1 + c) * share - 3 * share * share,
          radius: 0.12,
          colour: [1, 0.8, 0.4],
          alpha: 1 - share,
        });
      }
  }
  return { covering, shining };
}

/** A number in -1..1 that looks drawn and is not. */
function scatter(i: number, seed: number): number {
  const x = Math.sin(12.9898 * i + 78.233 * seed) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}
