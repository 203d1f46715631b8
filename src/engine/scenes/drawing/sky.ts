/** Light of day and night, the sun's shadow, and the haze. */
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
  day: { sky: 0xb4c3cf, above: 0xd2dce6, below: 0x7a7468, ambient: 0.73, sun: 0xfff1dc, sunlight: 1.02 },
  dusk: { sky: 0x9a929c, above: 0xa9a9bc, below: 0x6d6259, ambient: 0.64, sun: 0xffb47a, sunlight: 0.7 },
  night: { sky: 0x161b24, above: 0x6f7c96, below: 0x4a443e, ambient: 0.48, sun: 0x8fa6c8, sunlight: 0.25 },
};

/** Half the side of the ground that has shadows, metres. */
const SHADOWED = 26;
/** Metres from the middle of the shadows to where they are looked at from. */
const AWAY = 70;

/** What `paint` takes. */
export interface Light {
  /** On what looks up, and on what looks down. */
  above: THREE.Color;
  below: THREE.Color;
  sunlight: THREE.Color;
  /** Towards the sun or moon. */
  sunWay: THREE.Vector3;
  /** What everything turns into far away, and the metres at which it begins and has become so. */
  haze: THREE.Color;
  hazed: THREE.Vector2;
  /** 0 dry, 1 wet. */
  wet: number;
}

export interface Sky {
  light: Light;
  /** Casts the shadows. */
  sun: THREE.DirectionalLight;
}

/** @param middle of what the camera looks at */
export function buildSky({ daylight, weather, sun: place }: Conditions, middle: Point): Sky {
  const mood = MOODS[daylight];
  const isClear = weather === 'clear';
  const haze = new THREE.Color(mood.sky);
  if (!isClear) haze.lerp(new THREE.Color(daylight === 'night' ? 0x1a1c20 : 0x9fa4a8), 0.7);
  const [azimuth, height] = [(place.azimuth * Math.PI) / 180, (place.height * Math.PI) / 180];
  const sunWay = new THREE.Vector3(
    Math.cos(height) * Math.sin(azimuth),
    Math.cos(height) * Math.cos(azimuth),
    Math.sin(height),
  );
  const ambient = mood.ambient * (isClear ? 1 : 1.15);
  return {
    light: {
      above: new THREE.Color(mood.above).multiplyScalar(ambient),
      below: new THREE.Color(mood.below).multiplyScalar(ambient),
      sunlight: new THREE.Color(mood.sun).multiplyScalar(mood.sunlight * (isClear ? 1 : 0.3)),
      sunWay,
      haze,
      hazed: new THREE.Vector2(...hazed(weather)),
      wet: weather === 'rain' ? 1 : 0,
    },
    sun: sunOf(sunWay, middle),
  };
}

function sunOf(way: THREE.Vector3, { x, y }: Point): THREE.DirectionalLight {
  const sun = new THREE.DirectionalLight();
  sun.target.position.set(x, y, 0);
  sun.position.copy(sun.target.position).addScaledVector(way, AWAY);
  sun.castShadow = true;
  sun.shadow.mapSize.set(512, 512);
  const { camera } = sun.shadow;
  [camera.left, camera.right, camera.bottom, camera.top] = [-SHADOWED, SHADOWED, -SHADOWED, SHADOWED];
  [camera.near, camera.far] = [10, 2 * AWAY];
  return sun;
}

/** Metres at which haze begins, and at which nothing is seen any more. */
function hazed(weather: Conditions['weather']): [number, number] {
  if (weather === 'fog') return [10, 105];
  return weather === 'rain' ? [25, 140] : [60, 320];
}
