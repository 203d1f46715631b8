/**
 * What every threshold would do, for whoever has to choose one: how many alarms there would be, how many of them for
 * nothing, and how many of the true events would be touched. From the alarms a person can bear in an hour, the
 * threshold.
 */
import type { FrameTable } from './frames.ts';
import { totalSeconds } from './rate.ts';

/** Counts at each distinct frame score from the highest down; the first entry is that of no alarm at all. */
export interface AlarmProfile {
  /** Infinity, then the distinct scores. A score at or above the threshold is an alarm. */
  thresholds: Float64Array;
  alarms: Uint32Array;
  /** Alarms that touch no anomalous frame. */
  falseAlarms: Uint32Array;
  /** True intervals that an alarm touches. */
  touched: Uint32Array;
  /** True intervals. */
  events: number;
  /** Hours of video; null where a video does not tell how long it lasts. */
  hours: number | null;
}

/** What one threshold does. */
export interface AlarmFigures {
  alarms: number;
  falseAlarms: number;
  falseAlarmsPerHour: number | null;
  /** Share of the true intervals that an alarm touches; null where there is none. */
  eventRecall: number | null;
}

/**
 * As the threshold falls, stretches of equal score join the alarms one after the other, and alarms that meet become
 * one. Each joins once, so that all thresholds together cost little more than sorting.
 */
export function alarmProfile(tables: readonly FrameTable[]): AlarmProfile {
  const stretches = tables.flatMap(stretchesOf);
  const alarms = new GrowingAlarms(stretches);
  const order = stretches.map((_, i) => i).sort((a, b) => stretches[b].score - stretches[a].score);
  const [thresholds, counts, falseCounts] = [[Infinity], [0], [0]];
  order.forEach((index, rank) => {
    alarms.add(index);
    const { score } = stretches[index];
    if (rank + 1 < order.length && stretches[order[rank + 1]].score === score) return;
    thresholds.push(score);
    counts.push(alarms.count);
    falseCounts.push(alarms.falseCount);
  });
  const peaks = tables.flatMap(eventPeaks).sort((a, b) => b - a);
  let touched = 0;
  const touchedCounts = thresholds.map((threshold) => {
    while (touched < peaks.length && peaks[touched] >= threshold) touched++;
    return touched;
  });
  const seconds = totalSeconds(tables);
  return {
    thresholds: Float64Array.from(thresholds),
    alarms: Uint32Array.from(counts),
    falseAlarms: Uint32Array.from(falseCounts),
    touched: Uint32Array.from(touchedCounts),
    events: peaks.length,
    hours: seconds === null ? null : seconds / 3600,
  };
}

/** The entry that a threshold stands at: the last whose score is at or above it. */
export function entryAt(thresholds: ArrayLike<number>, threshold: number): number {
  let [low, high] = [0, thresholds.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (thresholds[middle] >= threshold) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function figuresAt(profile: AlarmProfile, threshold: number): AlarmFigures {
  const entry = entryAt(profile.thresholds, threshold);
  const falseAlarms = profile.falseAlarms[entry];
  return {
    alarms: profile.alarms[entry],
    falseAlarms,
    falseAlarmsPerHour: profile.hours === null ? null : falseAlarms / profile.hours,
    eventRecall: profile.events === 0 ? null : profile.touched[entry] / profile.events,
  };
}

/**
 * The lowest threshold that keeps false alarms within a budget, coming down from the top: at it and at every higher one
 * there are at most `perHour` an hour. (Far below, alarms run into each other and become few again: one that never
 * ends is a single one. Nobody means that.)
 * @returns Infinity where even the highest score alarms too often; null where nobody knows how long the videos are
 */
export function thresholdWithin(profile: AlarmProfile, perHour: number): number | null {
  if (profile.hours === null) return null;
  const allowed = perHour * profile.hours + 1e-9; // hours are a sum of quotients, and not exact
  let entry = 0;
  while (entry + 1 < profile.thresholds.length && profile.falseAlarms[entry + 1] <= allowed) entry++;
  return profile.thresholds[entry];
}

/** Frames in a row with one score. */
interface Stretch {
  score: number;
  /** Whether one of its frames is anomalous. */
  isTrue: boolean;
  /** Whether the stretch before belongs to the same video. */
  follows: boolean;
}

function stretchesOf({ scores, labels }: FrameTable): Stretch[] {
  const stretches: Stretch[] = [];
  for (let frame = 0; frame < scores.length; frame++) {
    const last = stretches.at(-1);
    if (last?.score === scores[frame]) last.isTrue ||= labels[frame] > 0;
    else stretches.push({ score: scores[frame], isTrue: labels[frame] > 0, follows: frame > 0 });
  }
  return stretches;
}

/** The highest score inside each true interval. */
function eventPeaks({ video, scores }: FrameTable): number[] {
  return (video.truth?.intervals ?? []).flatMap(({ startFrame, endFrame }) => {
    const inside = scores.subarray(Math.max(startFrame - 1, 0), Math.max(endFrame, 0));
    return inside.length > 0 ? [inside.reduce((highest, score) => Math.max(highest, score))] : [];
  });
}

/** Alarms that grow as stretches join them. */
class GrowingAlarms {
  readonly #stretches: readonly Stretch[];
  /** Leads from a stretch towards the first of its alarm; -1 outside of alarms. */
  readonly #parent: Int32Array;
  /** Whether the alarm of which this is the first stretch touches a true one. */
  readonly #isTrue: boolean[];
  count = 0;
  falseCount = 0;

  constructor(stretches: readonly Stretch[]) {
    this.#stretches = stretches;
    this.#parent = new Int32Array(stretches.length).fill(-1);
    this.#isTrue = stretches.map(({ isTrue }) => isTrue);
  }

  add(index: number): void {
    this.#parent[index] = index;
    this.count++;
    if (!this.#isTrue[index]) this.falseCount++;
    if (this.#stretches[index].follows && this.#parent[index - 1] >= 0) this.#join(index - 1, index);
    if (this.#stretches[index + 1]?.follows && this.#parent[index + 1] >= 0) this.#join(index, index + 1);
  }

  #join(left: number, right: number): void {
    const [a, b] = [this.#first(left), this.#first(right)];
    this.count--;
    if (!this.#isTrue[a] || !this.#isTrue[b]) this.falseCount--;
    this.#isTrue[a] ||= this.#isTrue[b];
    this.#parent[b] = a;
  }

  #first(index: number): number {
    let at = index;
    while (this.#parent[at] !== at) {
      this.#parent[at] = this.#parent[this.#parent[at]]; // next time the way is half as long
      at = this.#parent[at];
    }
    return at;
  }
}
