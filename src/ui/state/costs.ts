/** Where the time of extraction went, from what each video's features say of how they were made. */
import type { FeatureSummary } from '../../workers/client.ts';

export interface StageTime {
  name: 'Decode' | 'Pixels' | 'Backbone';
  seconds: number;
  /** Of the whole, 0..1. */
  share: number;
  /** Milliseconds for each frame that was looked at. */
  perFrame: number;
}

export interface ExtractionCost {
  videos: number;
  frames: number;
  seconds: number;
  stages: StageTime[];
}

/** Of features that were extracted; null where none were, as features from files cost nothing here. */
export function extractionCost(
  features: readonly Pick<FeatureSummary, 'provenance'>[],
): ExtractionCost | null {
  const made = features.map(({ provenance }) => provenance).filter(({ seconds }) => seconds.total > 0);
  const sum = (of: (one: (typeof made)[number]) => number) => made.reduce((all, one) => all + of(one), 0);
  const frames = sum(({ sampledFrames }) => sampledFrames);
  const seconds = sum(({ seconds }) => seconds.total);
  if (frames === 0) return null;
  const stage = (name: StageTime['name'], spent: number): StageTime => ({
    name,
    seconds: spent,
    share: spent / seconds,
    perFrame: (1000 * spent) / frames,
  });
  return {
    videos: made.length,
    frames,
    seconds,
    stages: [
      stage(
        'Decode',
        sum(({ seconds }) => seconds.decode),
      ),
      stage(
        'Pixels',
        sum(({ seconds }) => seconds.pixels),
      ),
      stage(
        'Backbone',
        sum(({ seconds }) => seconds.backbone),
      ),
    ],
  };
}
