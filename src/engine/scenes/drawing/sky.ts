/** Light of day and night, the sun's shadow, and the fog. */
import * as THREE from 'three';
import type { Conditions } from '../conditions.ts';
import type { Point } from '../ground.ts';

/** Colours and strengths of a time of day. */
interface Mood {
  sky: number;
  above: number;
  below: number;
  ambient: number;
  sun: number;
  sunlight: number;
}

const MOODS: Record<Conditions['daylight'], Mood> = {
  day: { sky: 0xb4c3cf, above: 0xd2dce6, below: 0x7a7468, ambient: 2.3, sun: 0xfff1dc, sunlight: 3.2 },
  dusk: { sky: 0x9a929c, above: 0xa9a9bc, below: 0x6d6259, ambient: 2, sun: 0xffb47a, sunlight: 2.2 },
  night: { sky: 0x161b24, above: 0x6f7c96, below: 0x4a443e, ambient: 1.5, sun: 0x8fa6c8, sunlight: 0.8 },
};

/** Half the side of the ground that has shadows, metres. */
const SHADOWED = 26;

export interface Sky {
  background: THREE.Color;
  fog: THREE.Fog | null;
  lights: THREE.Object3D[];
}

/** @param middle of what the camera looks at */
export function buildSky({ daylight, weather, sun }: Conditions, middle: Point): Sky {
  const mood = MOODS[daylight];
  const isClear = weather === 'clear';
  const background = new THREE.Color(mood.sky);
  if (!isClear) background.lerp(new THREE.Color(daylight === 'night' ? 0x1a1c20 : 0x9fa4a8), 0.7);
  const hemisphere = new THREE.HemisphereLight(mood.above, mood.below, mood.ambient * (isClear ? 1 : 1.15));
  hemisphere.position.set(0, 0, 1); // z is up
  const light = new THREE.DirectionalLight(mood.sun, mood.sunlight * (isClear ? 1 : 0.3));
  const [azimuth, height] = [(sun.azimuth * Math.PI) / 180, (sun.height * Math.PI) / 180];
  const away = 70;
  light.position.set(
    middle.x + away * Math.cos(height) * Math.sin(azimuth),
    middle.y + away * Math.cos(height) * Math.cos(azimuth),
    away * Math.sin(height),
  );
  light.target.position.set(middle.x, middle.y, 0);
  light.castShadow = true;
  light.shadow.mapSize.set(512, 512);
  light.shadow.bias = -0.004;
  light.shadow.normalBias = 0.12;
  const { camera } = light.shadow;
  [camera.left, camera.right, camera.bottom, camera.top] = [-SHADOWED, SHADOWED, -SHADOWED, SHADOWED];
  [camera.near, camera.far] = [10, 2 * away];
  const fog = new THREE.Fog(background, ...fogOf(weather));
  return { background, fog, lights: [hemisphere, light, light.target] };
}

/** Metres at which it begins, and at which nothing is seen any more. */
function fogOf(weather: Conditions['weather']): [number, number] {
  if (weather === 'fog') return [10, 105];
  return weather === 'rain' ? [25, 140] : [60, 320];
}
