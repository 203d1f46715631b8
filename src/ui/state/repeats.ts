/** Runs that differ in their seed alone: one row of the table, and one line with a band in the plots. */
import type { RunRecord } from '../../workers/client.ts';

/** The same in groups of repeats, each in the order in which they came. The same seed again is another run, no repeat. */
export function repeatsIn<T>(all: readonly T[], runOf: (one: T) => RunRecord): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const run = runOf(one);
    const key = kindOf(run);
    const group = groups.get(key) ?? [];
    const isRepeat = group.every((other) => runOf(other).seed !== run.seed);
    groups.set(isRepeat ? key : `${key}${run.id}`, isRepeat ? [...group, one] : [one]);
  }
  return [...groups.values()];
}

/** Their seeds, as they are written. */
export const seedsOf = (runs: readonly Pick<RunRecord, 'seed'>[]): string =>
  runs
    .map(({ seed }) => seed)
    .sort((a, b) => a - b)
    .join(', ');

/** All that a run is but its seed. Which videos were held out follows from the seed. */
function kindOf({
  head,
  config,
  step,
  selection,
  training,
  heldOut = [],
  backbone,
  forkOf,
}: RunRecord): string {
  const sorted = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  const videos = [...training, ...heldOut].map(({ videoId, label, featureKey }) => [
    videoId,
    label,
    featureKey,
  ]);
  return JSON.stringify([head, sorted, step, selection, videos.map(String).sort(), backbone, forkOf?.step]);
}
