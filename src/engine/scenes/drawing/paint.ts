/**
 * What everything solid is painted with. Its faces are flat and its light comes from far away, so light is reckoned at
 * corners and only the shadow at pixels, with one look into the shadow map: three's own materials do more at every
 * pixel, which is dear where the processor stands in for a graphics card.
 */
import * as THREE from 'three';
import type { Light } from './sky.ts';

const vertexShader = /* glsl */ `
  uniform mat4 directionalShadowMatrix[NUM_DIR_LIGHT_SHADOWS];
  uniform vec3 above;
  uniform vec3 below;
  uniform vec3 sunlight;
  uniform vec3 sunWay;
  varying vec3 vShaded;
  varying vec3 vSunlit;
  varying vec3 vShadow;
  varying vec3 vAway;
  varying vec2 vUv;

  void main() {
    vShaded = color * mix(below, above, 0.5 + 0.5 * normal.z);
    vSunlit = color * sunlight * max(0.0, dot(normal, sunWay));
    vShadow = (directionalShadowMatrix[0] * vec4(position + 0.12 * normal, 1.0)).xyz;
    vAway = position - cameraPosition;
    vUv = uv;
    gl_Position = projectionMatrix * viewMatrix * vec4(position, 1.0);
  }
`;

const fragmentShader = /* glsl */ `
  uniform sampler2DShadow directionalShadowMap[NUM_DIR_LIGHT_SHADOWS];
  uniform sampler2D grain;
  uniform vec3 haze;
  uniform vec2 hazed;
  uniform float wet;
  varying vec3 vShaded;
  varying vec3 vSunlit;
  varying vec3 vShadow;
  varying vec3 vAway;
  varying vec2 vUv;

  void main() {
    float lit = 1.0;
    if (all(greaterThan(vShadow.xy, vec2(0.0))) && all(lessThan(vShadow, vec3(1.0))))
      lit = texture(directionalShadowMap[0], vec3(vShadow.xy, vShadow.z - 0.004));
    vec3 colour = vShaded + lit * vSunlit;
    float away = length(vAway);
    #ifdef GRAINED
      float stain = texture2D(grain, vUv).r;
      colour *= stain;
      #ifdef GROUND
        // Wet ground is darker, and flat as it is seen, it shows the sky: most of all where water stands.
        float flatness = 1.0 + vAway.z / away;
        colour = mix(colour, 0.62 * colour + 0.6 * haze * flatness * flatness * (1.6 - stain), wet);
      #endif
    #endif
    gl_FragColor = vec4(mix(colour, haze, clamp((away - hazed.x) / (hazed.y - hazed.x), 0.0, 1.0)), 1.0);
  }
`;

interface Use {
  /** Stains, by the texture coordinates of the geometry; without them an even colour. */
  grain?: THREE.Texture;
  /** Lies flat and gets wet. */
  isGround?: boolean;
}

/** Places and colours are those of the corners, on the street itself: no mesh is moved or turned. */
export function paint(light: Light, { grain, isGround = false }: Use = {}): THREE.ShaderMaterial {
  const material = new THREE.ShaderMaterial({
    vertexShader,
    fragmentShader,
    lights: true, // so that three hands over the shadow map
    vertexColors: true,
    defines: { ...(grain ? { GRAINED: '' } : {}), ...(isGround ? { GROUND: '' } : {}) },
    uniforms: THREE.UniformsUtils.clone(THREE.UniformsLib.lights),
  });
  const { above, below, sunlight, sunWay, haze, hazed, wet } = light;
  const values = { above, below, sunlight, sunWay, haze, hazed, wet, grain: grain ?? null };
  for (const [name, value] of Object.entries(values)) material.uniforms[name] = { value };
  return material;
}
