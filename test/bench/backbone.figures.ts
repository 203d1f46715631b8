/** What the benches of the backbone count and print, wherever they run it. */
import type { MoViNetPlan } from '../../src/engine/backbone/movinet.ts';
import type { Choice } from './backbone.page.ts';

export interface Figures extends Choice {
  name: string;
  device: string;
  /** From nothing to the first result: downloads from this machine, compilation of shaders. */
  startSeconds: number;
  /** Milliseconds per frame, of single calls. */
  median: number;
  quartiles: [number, number];
  /** 10^9 multiplications and additions, counted apart, a second. */
  gigaflops: number;
  /** Largest difference to vectors of ours on another backend; null for other weights. */
  deviation: number | null;
}

/** With which the run in Node ends where there is no GPU. */
export const NO_ADAPTER = 3;

/**
 * @param times milliseconds of every call
 * @param macs of a frame
 */
export function speedOf(times: readonly number[], framesPerCall: number, macs: number) {
  const each = times.map((time) => time / framesPerCall);
  const median = quantile(each, 0.5);
  const quartiles: [number, number] = [quantile(each, 0.25), quantile(each, 0.75)];
  return { median, quartiles, gigaflops: (2 * macs) / median / 1e6 };
}

/** Multiplications (each with its addition) of one frame, by kind of layer. */
export function countMacs(plan: MoViNetPlan) {
  const half = (size: number) => Math.ceil(size / 2);
  const macs = { stem: 0, pointwise: 0, spatial: 0, temporal: 0 };
  let [size, width] = [half(plan.inputSize), plan.stem];
  macs.stem = size ** 2 * 3 * 3 * 3 * width;
  for (const stage of plan.stages) {
    for (const { expand, kernel, stride, frames } of stage.blocks) {
      macs.pointwise += size ** 2 * width * expand;
      if (stride === 2) size = half(size);
      macs.spatial += size ** 2 * kernel ** 2 * expand;
      if (frames > 1) macs.temporal += size ** 2 * frames * expand;
      macs.pointwise += size ** 2 * stage.width * (expand + (stride === 2 ? width : 0));
      width = stage.width;
    }
  }
  macs.pointwise += size ** 2 * width * plan.featureSize;
  return { total: Object.values(macs).reduce((sum, count) => sum + count, 0), ...macs };
}

export function printMacs({ total, ...kinds }: ReturnType<typeof countMacs>): void {
  const millions = (count: number) => (count / 1e6).toFixed(1);
  const parts = Object.entries(kinds).map(([kind, count]) => `${kind} ${millions(count)}`);
  console.error(`${millions(total)} million MACs a frame: ${parts.join(', ')}`);
}

export function lineOf({ name, device, median, quartiles, gigaflops, deviation }: Figures): string {
  return (
    `  ${name.padEnd(16)} ${median.toFixed(2)} ms a frame (half of the calls within ` +
    `${quartiles.map((time) => time.toFixed(2)).join(' to ')}), ${gigaflops.toPrecision(2)} GFLOP/s` +
    `${deviation === null ? '' : `, off by ${deviation.toExponential(0)}`} (${device})`
  );
}

/** @param profile milliseconds of one call by what they were spent on */
export function printProfile(profile: Record<string, number>, frames: number): void {
  const total = Object.values(profile).reduce((sum, time) => sum + time, 0);
  const parts = Object.entries(profile)
    .sort(([, a], [, b]) => b - a)
    .filter(([, time]) => time > total / 100)
    .map(([kernel, time]) => `${kernel} ${(time / frames).toFixed(2)}`);
  console.error(`  where our ${(total / frames).toFixed(2)} ms go: ${parts.join(', ')}`);
}

/** Largest difference; where one is longer, its end is left out. */
export function furthest(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
