/** What lens, sensor and weather before them do to the picture: one pass over it. */
import * as THREE from 'three';
import type { Conditions, Disturbance, DisturbanceKind } from '../conditions.ts';

const fragmentShader = /* glsl */ `
  uniform sampler2D picture;
  uniform vec2 size;
  uniform float seconds;
  uniform float seed;
  uniform float noise;
  uniform float exposure;
  uniform float rain;
  uniform vec2 jitter;
  uniform vec4 headlights; // share of its time, two draws, strength
  uniform vec4 leaves;
  uniform vec4 bird;
  uniform vec4 dropout;
  varying vec2 vUv;

  float hash(vec3 p) {
    p = fract(p * vec3(443.897, 441.423, 437.195));
    p += dot(p, p.yzx + 19.19);
    return fract((p.x + p.y) * p.z);
  }

  // Thin slanted streaks that fall; three layers of depth.
  float streaks(vec2 at) {
    float sum = 0.0;
    for (int layer = 0; layer < 3; layer++) {
      float depth = 1.0 + float(layer) * 0.7;
      vec2 grid = vec2(70.0, 7.0) * depth;
      vec2 cell = vec2(at.x + 0.06 * at.y, at.y + seconds * (2.6 + 0.4 * float(layer)));
      vec2 id = floor(cell * grid);
      vec2 within = fract(cell * grid);
      float drop = step(0.93, hash(vec3(id, float(layer))));
      sum += drop * smoothstep(0.5, 0.0, abs(within.x - 0.5)) * smoothstep(0.0, 0.4, within.y) / depth;
    }
    return sum;
  }

  float blob(vec2 at, vec2 centre, vec2 radius) {
    return 1.0 - smoothstep(0.75, 1.0, length((at - centre) / radius));
  }

  void main() {
    vec2 uv = vUv + jitter / size;
    vec3 colour = texture2D(picture, uv).rgb;
    if (rain > 0.0) colour += rain * 0.07 * streaks(vUv * vec2(size.x / size.y, 1.0));
    if (headlights.w > 0.0) {
      float x = mix(-0.3, 1.3, headlights.y < 0.5 ? headlights.x : 1.0 - headlights.x);
      float beam = exp(-12.0 * (vUv.x - x) * (vUv.x - x)) * (1.0 - 0.6 * vUv.y);
      colour += headlights.w * 0.35 * beam * vec3(1.0, 0.95, 0.82);
    }
    if (leaves.w > 0.0) {
      for (int i = 0; i < 6; i++) {
        float k = float(i);
        float start = hash(vec3(k, leaves.y * 91.0, 3.0));
        float x = fract(start + leaves.x * (0.8 + 0.5 * hash(vec3(k, 5.0, 1.0)))) * 1.4 - 0.2;
        float y = hash(vec3(k, leaves.z * 57.0, 7.0)) + 0.12 * sin(9.0 * leaves.x + k);
        float turn = 0.4 + 0.6 * abs(sin(14.0 * leaves.x + 2.0 * k));
        float leaf = blob(vUv, vec2(x, y), vec2(0.016, 0.022 * turn));
        colour = mix(colour, vec3(0.16, 0.14, 0.05), 0.8 * leaf);
      }
    }
    if (bird.w > 0.0) {
      float x = bird.y < 0.5 ? mix(-0.3, 1.3, bird.x) : mix(1.3, -0.3, bird.x);
      float y = 0.35 + 0.5 * bird.z + 0.15 * sin(5.0 * bird.x);
      float wing = 0.05 + 0.12 * abs(sin(26.0 * bird.x));
      float body = max(blob(vUv, vec2(x, y), vec2(0.11, 0.05)), blob(vUv, vec2(x, y + 0.5 * wing), vec2(0.05, wing)));
      colour = mix(colour, vec3(0.07, 0.07, 0.08), 0.92 * body);
    }
    colour *= exposure;
    vec2 middle = vUv - 0.5;
    colour *= 1.0 - 0.42 * dot(middle, middle);
    // The muted colours and the grey blacks of a small sensor.
    colour = 0.004 + 0.98 * mix(vec3(dot(colour, vec3(0.3, 0.6, 0.1))), colour, 0.72);
    colour = sRGBTransferOETF(vec4(clamp(colour, 0.0, 1.0), 1.0)).rgb;
    float grain = 0.0;
    vec2 pixel = floor(vUv * size);
    for (int i = 0; i < 3; i++) grain += hash(vec3(pixel, floor(seconds * 15.0 + 0.5) + seed + 17.0 * float(i))) - 0.5;
    vec3 chroma = vec3(hash(vec3(pixel, seconds + seed + 3.0)), hash(vec3(pixel, seconds + seed + 5.0)), 0.5) - 0.5;
    colour += noise / 255.0 * (2.0 * grain + 1.2 * chroma);
    if (dropout.w > 0.0) {
      float band = step(hash(vec3(floor(vUv.y * 12.0), dropout.y * 31.0, floor(seconds * 15.0))), 0.75);
      colour = mix(colour, vec3(0.22), band);
    }
    gl_FragColor = vec4(clamp(colour, 0.0, 1.0), 1.0);
  }
`;

const vertexShader = /* glsl */ `
  varying vec2 vUv;
  void main() {
    vUv = uv;
    gl_Position = vec4(position.xy, 0.0, 1.0);
  }
`;

/** Pixels that the lens shakes at most: less than a box of the truth is exact to. */
const SHAKE = 1.2;

export class Lens {
  readonly target: THREE.WebGLRenderTarget;
  readonly #scene = new THREE.Scene();
  readonly #camera = new THREE.Camera();
  readonly #material: THREE.ShaderMaterial;
  readonly #conditions: Conditions;

  constructor({ width, height }: { width: number; height: number }, conditions: Conditions, seed: number) {
    this.#conditions = conditions;
    // Dark pictures need finer steps than a byte of light has.
    this.target = new THREE.WebGLRenderTarget(width, height, { colorSpace: THREE.SRGBColorSpace });
    const none = () => ({ value: new THREE.Vector4() });
    this.#material = new THREE.ShaderMaterial({
      vertexShader,
      fragmentShader,
      depthTest: false,
      depthWrite: false,
      uniforms: {
        picture: { value: this.target.texture },
        size: { value: new THREE.Vector2(width, height) },
        seconds: { value: 0 },
        seed: { value: seed % 1000 },
        noise: { value: conditions.noise },
        exposure: { value: 1 },
        rain: { value: conditions.weather === 'rain' ? 1 : 0 },
        jitter: { value: new THREE.Vector2() },
        headlights: none(),
        leaves: none(),
        bird: none(),
        dropout: none(),
      },
    });
    const quad = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), this.#material);
    quad.frustumCulled = false;
    this.#scene.add(quad);
  }

  /** Draws the picture in `target` to the canvas as the camera would give it. */
  draw(renderer: THREE.WebGLRenderer, seconds: number): void {
    const { uniforms } = this.#material;
    const { drift, disturbances } = this.#conditions;
    uniforms.seconds.value = seconds;
    uniforms.exposure.value = 2 ** (drift.stops * Math.sin((2 * Math.PI * seconds) / drift.seconds));
    const under = (kind: DisturbanceKind) =>
      disturbances.find((one) => one.kind === kind && isOn(one, seconds));
    for (const kind of ['headlights', 'leaves', 'bird', 'dropout'] as const) {
      const one = under(kind);
      const value = uniforms[kind].value as THREE.Vector4;
      if (one) value.set((seconds - one.startSeconds) / one.seconds, ...one.draw, 1);
      else value.w = 0;
    }
    const shake = under('jitter');
    const jitter = uniforms.jitter.value as THREE.Vector2;
    if (shake)
      jitter.set(
        SHAKE * Math.sin(31 * seconds + shake.draw[0]),
        SHAKE * Math.sin(43 * seconds + shake.draw[1]),
      );
    else jitter.set(0, 0);
    renderer.setRenderTarget(null);
    renderer.render(this.#scene, this.#camera);
  }

  dispose(): void {
    this.target.dispose();
    this.#material.dispose();
  }
}

function isOn({ startSeconds, seconds }: Disturbance, now: number): boolean {
  return now >= startSeconds && now < startSeconds + seconds;
}
