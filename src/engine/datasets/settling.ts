/**
 * Which axis is which, where the shape of a file alone leaves it open: (2048, 300) may be 300 snippets or 2,048, and
 * (10, 5, 1024) either ten crops or five. What the files of a folder have in common tells: D first, then P, then the
 * order. Nothing else is known of them, so what it leaves open is said of each file.
 */
import type { Reading } from '../features/axes.ts';
import type { FeatureSource } from './dataset.ts';
import { readingsOf } from './opening.ts';

/** What readings are compared by, the more telling first. */
const TELLING: readonly ((reading: Reading) => number | string)[] = [
  ({ size }) => size,
  ({ crops }) => crops,
  ({ axes }) => axes.join(),
];

/**
 * Settles on a reading of each file.
 * @param sources of one channel: sound has another D than what is seen
 * @returns what is still open, in words, by file
 */
export function settleAxes(sources: readonly FeatureSource[]): Map<FeatureSource, string> {
  let files = sources.map((source) => ({ source, readings: source.shape ? readingsOf(source.shape) : [] }));
  for (const of of TELLING) {
    const votes = new Map<number | string, number>();
    for (const { readings } of files)
      for (const value of new Set(readings.map(of))) votes.set(value, (votes.get(value) ?? 0) + 1);
    files = files.map(({ source, readings }) => {
      const most = Math.max(...readings.map((reading) => votes.get(of(reading))!));
      return { source, readings: readings.filter((reading) => votes.get(of(reading)) === most) };
    });
  }
  const open = new Map<FeatureSource, string>();
  for (const { source, readings } of files) {
    if (readings.length > 0) source.axes = readings[0].id;
    if (readings.length > 1)
      open.set(
        source,
        `${source.path} has the shape (${source.shape!.join(', ')}), which can be read as ${readings.map(({ says }) => says).join('; or as ')}: the first is taken; if it is another, drop the file alone to say so, or save it as (snippets, crops, D)`,
      );
  }
  return open;
}
