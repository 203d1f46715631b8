/** The hyper-parameters that any head has because it is trained on bags. Free of tfjs. */
import type { Fields } from '../heads/config.fields.ts';

export type BagConfig = {
  /** T: segments per bag. */
  segments: number;
  /** Which snippets make a segment. */
  pooling: 'linspace' | 'sultani' | 'pad';
  /** What is done to a feature before a head sees it. */
  normalise: 'none' | 'l2' | 'standard' | 'standard-l2';
  batchNormal: number;
  batchAnomalous: number;
  /** Whether a training step sees the segments of a bag in random order. */
  shuffleSegments: boolean;
};

/** @param own the head's values where they differ */
export function bagFields(own: Partial<BagConfig>) {
  return {
    segments: {
      kind: 'number',
      label: 'Segments',
      help: 'T: every training video is resampled to this many equal parts, so that bags have one size.',
      default: own.segments ?? 32,
      min: 1,
      max: 512,
      whole: true,
    },
    pooling: {
      kind: 'choice',
      label: 'Pooling',
      help: 'Which snippets make a segment: those between floored or rounded boundaries, or equal numbers of them with the last one repeated.',
      default: own.pooling ?? 'linspace',
      options: [
        { value: 'linspace', label: 'floored boundaries' },
        { value: 'sultani', label: "rounded boundaries (Sultani's code)" },
        { value: 'pad', label: 'equal numbers (WSAL)' },
      ],
    },
    normalise: {
      kind: 'choice',
      label: 'Normalise features',
      help: 'Scale each feature to length 1, or each dimension to mean 0 and deviation 1 over the training segments, or one after the other, or leave them.',
      default: own.normalise ?? 'none',
      options: [
        { value: 'none', label: 'as they are' },
        { value: 'l2', label: 'to length 1' },
        { value: 'standard', label: 'mean 0, deviation 1' },
        { value: 'standard-l2', label: 'mean 0, deviation 1, then length 1' },
      ],
    },
    batchNormal: {
      kind: 'number',
      label: 'Normal bags a step',
      help: 'How many normal videos a training step looks at; drawn again where there are not as many.',
      default: own.batchNormal ?? 30,
      min: 1,
      max: 256,
      whole: true,
    },
    batchAnomalous: {
      kind: 'number',
      label: 'Anomalous bags a step',
      help: 'How many anomalous videos a training step looks at; drawn again where there are not as many.',
      default: own.batchAnomalous ?? 30,
      min: 1,
      max: 256,
      whole: true,
    },
    shuffleSegments: {
      kind: 'switch',
      label: 'Shuffle segments',
      help: 'Show a head the segments of each training video in random order: what a head loses by it, it owed to their order.',
      default: own.shuffleSegments ?? false,
      source: 'Watanabe et al., table 1',
      ablation: true,
    },
  } satisfies Fields<BagConfig>;
}
