/** Hyper-parameters of the label-noise cleaner (`gcn.ts`). Free of tfjs. */
import { bagFields, type BagConfig } from '../features/bags.fields.ts';
import type { HeadCard } from './config.fields.ts';

export type GcnConfig = BagConfig & {
  hidden1: number;
  hidden2: number;
  graph: number;
  classifier: number;
  dropout: number;
  sure: number;
  lambdaIndirect: number;
  momentumOfMemory: number;
  warmup: number;
  period: number;
  learningRate: number;
  classifierSpeed: number;
  momentum: number;
  weightDecay: number;
};

export const gcnCard: HeadCard<GcnConfig> = {
  id: 'gcn',
  title: 'Label-noise cleaner (GCN)',
  summary:
    'The label of a video is a noisy label of its segments; a graph network spreads what is sure and cleans the rest.',
  paper: {
    authors: 'Zhong, Li, Kong, Liu, Li, Li',
    title:
      'Graph Convolutional Label Noise Cleaner: Train a Plug-and-play Action Classifier for Anomaly Detection',
    venue: 'CVPR',
    year: 2019,
  },
  fields: {
    hidden1: {
      kind: 'number',
      label: 'First layer',
      help: 'Units of the first layer of the cleaner.',
      default: 512,
      min: 1,
      max: 4096,
      whole: true,
      source: 'code',
    },
    hidden2: {
      kind: 'number',
      label: 'Second layer',
      help: 'Units of the second layer of the cleaner, by which segments are compared.',
      default: 128,
      min: 1,
      max: 1024,
      whole: true,
      source: 'code',
    },
    graph: {
      kind: 'number',
      label: 'Graph layer',
      help: 'Units of the first graph convolution of both graphs.',
      default: 32,
      min: 1,
      max: 512,
      whole: true,
      source: 'code',
    },
    classifier: {
      kind: 'number',
      label: 'Classifier',
      help: 'Units of the classifier that learns from cleaned labels and gives the scores.',
      default: 128,
      min: 1,
      max: 4096,
      whole: true,
      source: 'ours; the paper trains a video network',
    },
    dropout: {
      kind: 'number',
      label: 'Dropout',
      help: 'Share of activations silenced at random in each training step.',
      default: 0.6,
      min: 0,
      max: 0.95,
      source: 'code',
    },
    sure: {
      kind: 'number',
      label: 'Share that is sure',
      help: 'Share of the segments of an anomalous video whose predictions the cleaner takes for granted.',
      default: 0.3,
      min: 0.01,
      max: 1,
      source: 'code, by the variance over crops; here by how far from 0.5',
    },
    lambdaIndirect: {
      kind: 'number',
      label: 'Indirect weight',
      help: 'How much the cleaner should stay near what it said of a video before.',
      default: 1,
      min: 0,
      max: 10,
      source: 'code',
      ablation: true,
    },
    momentumOfMemory: {
      kind: 'number',
      label: 'Memory',
      help: 'How slowly what is remembered of a video changes; 0 remembers the last step alone.',
      default: 0.5,
      min: 0,
      max: 0.999,
      source: 'code',
    },
    warmup: {
      kind: 'number',
      label: 'Noisy steps',
      help: 'Steps in which the classifier learns the noisy labels before the cleaner begins.',
      default: 100,
      min: 0,
      max: 100_000,
      whole: true,
      source: 'ours',
    },
    period: {
      kind: 'number',
      label: 'Steps a turn',
      help: 'Steps that cleaner and classifier learn before the other has its turn.',
      default: 50,
      min: 1,
      max: 100_000,
      whole: true,
      source: 'ours',
    },
    learningRate: {
      kind: 'number',
      label: 'Learning rate',
      help: 'Step size of gradient descent.',
      default: 1e-4,
      min: 1e-7,
      max: 1,
      source: 'code',
    },
    classifierSpeed: {
      kind: 'number',
      label: 'Classifier speed',
      help: 'How many times larger the steps of the classifier are than those of the cleaner. Plain gradient descent is slow on short features: those of length one want about 1000.',
      default: 10,
      min: 0.01,
      max: 1000,
      source: 'ours',
    },
    momentum: {
      kind: 'number',
      label: 'Momentum',
      help: 'Share of the step before that is taken again.',
      default: 0.9,
      min: 0,
      max: 0.999,
      source: 'code',
    },
    weightDecay: {
      kind: 'number',
      label: 'Weight decay',
      help: 'How strongly large weights are pulled to zero.',
      default: 5e-4,
      min: 0,
      max: 1,
      source: 'code',
    },
    ...bagFields({ segments: 32, normalise: 'none', batchNormal: 1, batchAnomalous: 1 }),
  },
  presets: {
    code: { label: 'losses as in the code, turns ours', values: {} },
    paper: { label: 'the same: the paper tells no other values', values: {} },
    unit: { label: 'for features of length one', values: { classifierSpeed: 1000 } },
    'no-indirect': { label: 'without indirect supervision', values: { lambdaIndirect: 0 } },
  },
};
