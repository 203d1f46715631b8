/** What labels cost: weak ones against one for every frame, and the time that someone really spent marking. */
import type { WeakLabel } from '../types.ts';

/** What a label is taken to cost, beyond watching the video once. */
export interface EffortAssumptions {
  /** To say of a video whether it contains an anomaly. */
  secondsPerLabel: number;
  /** To find where one interval starts and ends. */
  secondsPerInterval: number;
}

export const EFFORT_ASSUMPTIONS: EffortAssumptions = { secondsPerLabel: 5, secondsPerInterval: 30 };

/** A bag as its labels see it. */
export interface LabelledBag {
  label: WeakLabel;
  frames: number;
}

export interface LabelEffort {
  bags: number;
  anomalousBags: number;
  /** What the head was told. */
  weakBits: number;
  /** What a label for every frame would have told it: a bit each. */
  frameBits: number;
  weakSeconds: number;
  /** To say of each video whether it contains an anomaly, and to mark one interval in each that does. */
  frameSeconds: number;
}

/** @param classes C: a label that names one of C classes of anomaly holds log2(1 + C) bits, which is 1 without classes */
export function labelEffort(
  bags: readonly LabelledBag[],
  { secondsPerLabel, secondsPerInterval }: EffortAssumptions,
  classes = 1,
): LabelEffort {
  const anomalousBags = bags.filter(({ label }) => label === 'anomalous').length;
  const weakSeconds = bags.length * secondsPerLabel;
  return {
    bags: bags.length,
    anomalousBags,
    weakBits: bags.length * Math.log2(1 + classes),
    frameBits: bags.reduce((sum, { frames }) => sum + frames, 0),
    weakSeconds,
    frameSeconds: weakSeconds + anomalousBags * secondsPerInterval,
  };
}

/** Who does nothing for longer has gone to do something else. */
export const IDLE_SECONDS = 30;

/** The time spent on something, told by its signs of life. */
export interface Stopwatch {
  /** Spent so far. */
  seconds: number;
  /** When the latest sign came; null before the first. */
  latestSeconds: number | null;
}

/** One sign of life more: the time since the one before counts, unless nobody was there. */
export function atWork({ seconds, latestSeconds }: Stopwatch, nowSeconds: number): Stopwatch {
  const passed = latestSeconds === null ? 0 : Math.max(0, nowSeconds - latestSeconds);
  return { seconds: seconds + (passed > IDLE_SECONDS ? 0 : passed), latestSeconds: nowSeconds };
}
