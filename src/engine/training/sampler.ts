/** Which bags a training step looks at. */
import type { Random } from '../random.ts';

export interface SampledBatch {
  /** Indices into the normal training videos. */
  normal: number[];
  /** Indices into the anomalous training videos. */
  anomalous: number[];
}

/**
 * Equal treatment of both classes, as all five papers have it: so many normal and so many anomalous videos, drawn at
 * random without replacement; all of them where there are no more.
 * @param random the stream of this step
 */
export function sampleBatch(
  videos: { normal: number; anomalous: number },
  batch: { batchNormal: number; batchAnomalous: number },
  random: Random,
): SampledBatch {
  const draw = (available: number, wanted: number) =>
    random.shuffle(Array.from({ length: available }, (_, i) => i)).slice(0, wanted);
  return {
    normal: draw(videos.normal, batch.batchNormal),
    anomalous: draw(videos.anomalous, batch.batchAnomalous),
  };
}
