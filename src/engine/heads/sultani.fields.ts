/** Hyper-parameters of the MIL ranking head (`sultani.ts`). Free of tfjs. */
import { bagFields, type BagConfig } from '../features/bags.fields.ts';
import type { HeadCard } from './config.fields.ts';

export type SultaniConfig = BagConfig & {
  hidden1: number;
  hidden2: number;
  dropout: number;
  pairing: 'all' | 'aligned';
  lambdaSmooth: number;
  lambdaSparse: number;
  regulariser: 'sum_squares' | 'frobenius';
  lambdaWeights: number;
  learningRate: number;
  epsilon: number;
};

export const sultaniCard: HeadCard<SultaniConfig> = {
  id: 'sultani',
  title: 'MIL ranking',
  summary: 'The highest score in an anomalous video should rank above the highest score in a normal one.',
  paper: {
    authors: 'Sultani, Chen, Shah',
    title: 'Real-world Anomaly Detection in Surveillance Videos',
    venue: 'CVPR',
    year: 2018,
  },
  fields: {
    hidden1: {
      kind: 'number',
      label: 'First layer',
      help: 'Units of the first fully connected layer.',
      default: 512,
      min: 1,
      max: 4096,
      whole: true,
      source: 'section 4.1',
    },
    hidden2: {
      kind: 'number',
      label: 'Second layer',
      help: 'Units of the second fully connected layer, which has no activation.',
      default: 32,
      min: 1,
      max: 1024,
      whole: true,
      source: 'section 4.1',
    },
    dropout: {
      kind: 'number',
      label: 'Dropout',
      help: 'Share of activations silenced at random in each training step, so that no unit is relied on.',
      default: 0.6,
      min: 0,
      max: 0.95,
      source: 'section 4.1',
    },
    pairing: {
      kind: 'choice',
      label: 'Pairs',
      help: 'Compare every anomalous video with every normal one (sum over pairs), or each with its neighbour in the batch (mean).',
      default: 'all',
      options: [
        { value: 'all', label: 'all pairs (code)' },
        { value: 'aligned', label: 'aligned pairs (paper)' },
      ],
    },
    lambdaSmooth: {
      kind: 'number',
      label: 'Smoothness weight',
      help: 'How much the loss dislikes scores that jump between neighbouring segments of an anomalous video.',
      default: 8e-5,
      min: 0,
      max: 10,
      source: 'Eq. 6',
      ablation: true,
    },
    lambdaSparse: {
      kind: 'number',
      label: 'Sparsity weight',
      help: 'How much the loss dislikes many high scores in an anomalous video: anomalies are short.',
      default: 8e-5,
      min: 0,
      max: 10,
      source: 'Eq. 6',
      ablation: true,
    },
    regulariser: {
      kind: 'choice',
      label: 'Weight penalty',
      help: 'Penalise the sum of squared weights, or the norm of all weights taken together.',
      default: 'sum_squares',
      options: [
        { value: 'sum_squares', label: 'sum of squares (code)' },
        { value: 'frobenius', label: 'norm (paper)' },
      ],
      source: 'Eq. 7',
    },
    lambdaWeights: {
      kind: 'number',
      label: 'Weight penalty factor',
      help: 'How strongly large weights are penalised.',
      default: 1e-3,
      min: 0,
      max: 10,
      source: 'Eq. 7',
      ablation: true,
    },
    learningRate: {
      kind: 'number',
      label: 'Learning rate',
      help: 'Step size of Adagrad, before it divides by the root of all squared gradients so far.',
      default: 0.01,
      min: 1e-7,
      max: 10,
    },
    epsilon: {
      kind: 'number',
      label: 'Adagrad epsilon',
      help: 'Added to the denominator of Adagrad, against division by zero.',
      default: 1e-8,
      min: 1e-16,
      max: 1,
    },
    ...bagFields({ segments: 32, pooling: 'sultani', normalise: 'l2', batchNormal: 30, batchAnomalous: 30 }),
  },
  presets: {
    code: { label: 'as in the code', values: {} },
    paper: {
      label: 'as in the paper',
      values: {
        pairing: 'aligned',
        regulariser: 'frobenius',
        lambdaWeights: 0.01,
        learningRate: 1e-3,
        epsilon: 1e-10,
      },
    },
    'no-smooth-no-sparse': {
      label: 'without smoothness and sparsity',
      values: { lambdaSmooth: 0, lambdaSparse: 0 },
    },
  },
};
