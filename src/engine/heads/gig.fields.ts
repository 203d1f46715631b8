/** Hyper-parameters of GIG (`gig.ts`). Free of tfjs. */
import { bagFields, type BagConfig } from '../features/bags.fields.ts';
import type { HeadCard } from './config.fields.ts';

export type GigConfig = BagConfig & {
  topCells: number;
  topSegments: number;
  dropout: number;
  classReduction: 'mean' | 'sum';
  sparseReduction: 'max' | 'sum';
  lambdaSegment: number;
  lambdaGlobal: number;
  lambdaSparse: number;
  classThreshold: number;
  window: number;
  stride: number;
  sigma: number;
  learningRate: number;
};

export const gigCard: HeadCard<GigConfig> = {
  id: 'gig',
  title: 'Global cue, spatial reasoning (GIG)',
  summary:
    'What the whole video is about guides where to look in each segment; needs feature maps, and tells classes where labels name them.',
  paper: {
    authors: 'Lv, Xu, Cui',
    title: 'Global Information Guided Video Anomaly Detection',
    venue: 'ACM Multimedia',
    year: 2020,
  },
  input: 'maps',
  fields: {
    topCells: {
      kind: 'number',
      label: 'Cells k',
      help: 'How many of the cells most like the global cue speak for a segment.',
      default: 5,
      min: 1,
      max: 256,
      whole: true,
      source: 'k, Eq. 6; the paper leaves it open',
    },
    topSegments: {
      kind: 'number',
      label: 'Segments p',
      help: 'How many of the highest segments of a class speak for a video.',
      default: 2,
      min: 1,
      max: 128,
      whole: true,
      source: 'p, Eq. 8; the paper leaves it open',
    },
    dropout: {
      kind: 'number',
      label: 'Dropout',
      help: 'Share of what both classifiers see that is silenced at random in each training step.',
      default: 0.5,
      min: 0,
      max: 0.95,
      source: 'section 4; its place is our reading',
    },
    classReduction: {
      kind: 'choice',
      label: 'Over classes',
      help: 'Whether the cross entropies of the classes are averaged or summed.',
      default: 'mean',
      options: [
        { value: 'mean', label: 'mean' },
        { value: 'sum', label: 'sum' },
      ],
      source: 'our reading of Eq. 10',
    },
    sparseReduction: {
      kind: 'choice',
      label: 'Sparsity over',
      help: 'Whether the highest anomaly class of each segment is kept low, or all of them.',
      default: 'max',
      options: [
        { value: 'max', label: 'the highest class' },
        { value: 'sum', label: 'all classes' },
      ],
      source: 'our reading of Eq. 13',
    },
    lambdaSegment: {
      kind: 'number',
      label: 'Video weight',
      help: 'How much the loss asks that the segments tell an anomalous video from a normal one.',
      default: 1,
      min: 0,
      max: 10,
      source: 'lambda 1, Eq. 14',
      ablation: true,
    },
    lambdaGlobal: {
      kind: 'number',
      label: 'Global weight',
      help: 'How much the loss asks the same of the global cue.',
      default: 0.5,
      min: 0,
      max: 10,
      source: 'lambda 2, Eq. 14',
      ablation: true,
    },
    lambdaSparse: {
      kind: 'number',
      label: 'Sparsity weight',
      help: 'How much the loss dislikes many high scores.',
      default: 0.1,
      min: 0,
      max: 10,
      source: 'lambda 3, Eq. 14',
      ablation: true,
    },
    classThreshold: {
      kind: 'number',
      label: 'Class threshold',
      help: 'A class is said to occur where its score is at least this; training does not see it.',
      default: 0.5,
      min: 0,
      max: 1,
      source: 'our reading',
    },
    window: {
      kind: 'number',
      label: 'Window',
      help: 'Snippets that are read together as one segment when a video is scored.',
      default: 6,
      min: 1,
      max: 64,
      whole: true,
      source: 'section 4',
    },
    stride: {
      kind: 'number',
      label: 'Stride',
      help: 'Snippets from one window to the next when a video is scored.',
      default: 3,
      min: 1,
      max: 64,
      whole: true,
      source: 'section 4',
    },
    sigma: {
      kind: 'number',
      label: 'Smoothing',
      help: 'Deviation, in snippets, of the Gaussian that smooths scores; 0 leaves them.',
      default: 2,
      min: 0,
      max: 32,
      source: 'section 4',
    },
    learningRate: {
      kind: 'number',
      label: 'Learning rate',
      help: 'Step size of Adagrad.',
      default: 1e-3,
      min: 1e-7,
      max: 10,
      source: 'section 4',
    },
    ...bagFields({ segments: 8, normalise: 'none', batchNormal: 4, batchAnomalous: 4 }),
  },
  presets: {
    paper: { label: 'as in the paper', values: {} },
    'no-global': { label: 'without the global loss', values: { lambdaGlobal: 0 } },
    'no-sparsity': { label: 'without sparsity', values: { lambdaSparse: 0 } },
  },
};
