/** Which snippets the latest step's loss looked at, for rings on their scores. */
import { snippetsOfSegments } from '../../engine/features/segments.ts';
import type { BagConfig } from '../../engine/features/bags.fields.ts';

/** Snippets of a video, from 0, both inclusive. */
export interface Stretch {
  first: number;
  last: number;
}

/**
 * What each row of a video's bag is made of, as training makes it.
 * @param count N, the number of snippets
 * @param isPooled false for heads that see every snippet (tubes)
 */
export function stretchesOfBag(
  count: number,
  { segments, pooling }: Pick<BagConfig, 'segments' | 'pooling'>,
  isPooled: boolean,
): readonly Stretch[] {
  const parts = isPooled
    ? snippetsOfSegments(count, segments, pooling)
    : Array.from({ length: count }, (_, n) => [n]);
  return parts.map((part) => ({ first: part[0], last: part[part.length - 1] }));
}
