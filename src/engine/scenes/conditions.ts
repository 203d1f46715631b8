/** Light, weather and the quirks of a camera: what differs from video to video and is never an anomaly. */
import type { Random } from '../random.ts';

export type Daylight = 'day' | 'dusk' | 'night';
export type Weather = 'clear' | 'rain' | 'fog';

/** What disturbs the picture for a while without anything being wrong. */
export type DisturbanceKind = 'jitter' | 'headlights' | 'leaves' | 'bird' | 'dropout';

export interface Disturbance {
  kind: DisturbanceKind;
  startSeconds: number;
  seconds: number;
  /** Where it is in the picture or how it moves: 0..1 each, its own meaning per kind. */
  draw: readonly [number, number];
}

export interface Conditions {
  daylight: Daylight;
  weather: Weather;
  /** Degrees clockwise from north that the sun or moon stands at, and above the horizon. */
  sun: { azimuth: number; height: number };
  /** Standard deviation of the sensor's noise, in 1/255. */
  noise: number;
  /** JPEG quality of the camera, 0..1. */
  quality: number;
  /** How far the exposure drifts, in stops, and in how many seconds it swings once. */
  drift: { stops: number; seconds: number };
  /** Share of the most people and traffic that the world holds: 0.3 quiet .. 1 busy. */
  density: number;
  /** How brisk everyone is: a factor on wished speeds. */
  mood: number;
  disturbances: readonly Disturbance[];
}

const DISTURBANCES: readonly DisturbanceKind[] = ['jitter', 'headlights', 'leaves', 'bird', 'dropout'];

/** What the caller settles; the rest is drawn. */
export type ConditionWishes = Partial<Pick<Conditions, 'daylight' | 'weather' | 'density'>>;

export function drawConditions(random: Random, seconds: number, wishes: ConditionWishes = {}): Conditions {
  const chance = random.uniform();
  const daylight = wishes.daylight ?? (chance < 0.6 ? 'day' : chance < 0.78 ? 'dusk' : 'night');
  const sky = random.uniform();
  const weather = wishes.weather ?? (sky < 0.7 ? 'clear' : sky < 0.87 ? 'rain' : 'fog');
  const count = random.pick([0, 0, 1, 1, 2]);
  return {
    daylight,
    weather,
    sun: {
      azimuth: random.between(90, 270),
      height: daylight === 'dusk' ? random.between(8, 14) : random.between(30, 60),
    },
    noise: random.between(1.5, daylight === 'night' ? 4 : 3),
    quality: random.between(0.45, 0.8),
    drift: { stops: random.between(0, 0.25), seconds: random.between(6, 20) },
    density: wishes.density ?? random.between(0.4, 1),
    mood: random.between(0.9, 1.15),
    disturbances: Array.from({ length: count }, () => drawDisturbance(random, seconds)),
  };
}

function drawDisturbance(random: Random, seconds: number): Disturbance {
  const kind = random.pick(DISTURBANCES);
  const length = kind === 'dropout' ? random.between(0.1, 0.4) : random.between(0.8, 2.5);
  return {
    kind,
    startSeconds: random.between(0, Math.max(0, seconds - length)),
    seconds: length,
    draw: [random.uniform(), random.uniform()],
  };
}
