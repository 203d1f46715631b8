/** Which bags a training step looks at. */
import type { Random } from '../random.ts';
import type { WeakLabel } from '../types.ts';

export interface SampledBatch {
  /** Indices into the normal training videos. */
  normal: number[];
  /** Indices into the anomalous training videos. */
  anomalous: number[];
}

/**
 * Equal treatment of both classes, as all five papers have it: so many normal and so many anomalous videos, drawn at
 * random without replacement. Where a class has too few, its videos are drawn again, so that the halves stay equal;
 * where both have too few, a batch is as large as the larger class.
 * @param random the stream of this step
 */
export function sampleBatch(
  videos: { normal: number; anomalous: number },
  batch: { batchNormal: number; batchAnomalous: number },
  random: Random,
): SampledBatch {
  const most = Math.max(videos.normal, videos.anomalous);
  const draw = (available: number, wanted: number) => {
    const drawn: number[] = [];
    const count = Math.min(wanted, most);
    while (drawn.length < count) {
      drawn.push(...random.shuffle(Array.from({ length: available }, (_, i) => i)));
    }
    return drawn.slice(0, count);
  };
  return {
    normal: draw(videos.normal, batch.batchNormal),
    anomalous: draw(videos.anomalous, batch.batchAnomalous),
  };
}

/**
 * Sets a share of each label aside: at least one video where there are two, and never all.
 * @param random a stream of the run's seed
 */
export function holdOut<V extends { label: WeakLabel }>(
  videos: readonly V[],
  share: number,
  random: Random,
): { training: V[]; heldOut: V[] } {
  const heldOut = (['normal', 'anomalous'] as const).flatMap((label) => {
    const own = random.stream(label).shuffle(videos.filter((video) => video.label === label));
    return own.slice(0, Math.min(own.length - 1, Math.max(1, Math.round(share * own.length))));
  });
  return { training: videos.filter((video) => !heldOut.includes(video)), heldOut };
}
