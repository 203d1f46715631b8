/** Hyper-parameters of robust temporal feature magnitude learning (`rtfm.ts`). Free of tfjs. */
import { bagFields, type BagConfig } from '../features/bags.fields.ts';
import type { HeadCard } from './config.fields.ts';

export type RtfmConfig = BagConfig & {
  reduction: number;
  hidden1: number;
  hidden2: number;
  dropout: number;
  topK: number;
  objective: 'code' | 'paper';
  margin: number;
  lambdaMagnitude: number;
  lambdaSmooth: number;
  lambdaSparse: number;
  learningRate: number;
  weightDecay: number;
};

export const rtfmCard: HeadCard<RtfmConfig> = {
  id: 'rtfm',
  title: 'Feature magnitude (RTFM)',
  summary:
    'The k segments with the longest features speak for a video; anomalous ones should be longer than normal ones.',
  paper: {
    authors: 'Tian, Pang, Chen, Singh, Verjans, Carneiro',
    title: 'Weakly-supervised Video Anomaly Detection with Robust Temporal Feature Magnitude Learning',
    venue: 'ICCV',
    year: 2021,
  },
  fields: {
    reduction: {
      kind: 'number',
      label: 'Channel reduction',
      help: 'Each branch of the multi-scale temporal network has D divided by this many channels.',
      default: 4,
      min: 1,
      max: 64,
      whole: true,
      source: 'code: 512 of 2048',
    },
    hidden1: {
      kind: 'number',
      label: 'First layer',
      help: 'Units of the first layer of the classifier.',
      default: 512,
      min: 1,
      max: 4096,
      whole: true,
      source: 'code',
    },
    hidden2: {
      kind: 'number',
      label: 'Second layer',
      help: 'Units of the second layer of the classifier.',
      default: 128,
      min: 1,
      max: 1024,
      whole: true,
      source: 'code',
    },
    dropout: {
      kind: 'number',
      label: 'Dropout',
      help: 'Share of features, units and candidate segments silenced at random in each training step.',
      default: 0.7,
      min: 0,
      max: 0.95,
      source: 'code',
    },
    topK: {
      kind: 'number',
      label: 'Top k',
      help: 'How many of the segments with the largest magnitudes speak for a video.',
      default: 3,
      min: 1,
      max: 128,
      whole: true,
      source: 'code: T / 10 of 32',
    },
    objective: {
      kind: 'choice',
      label: 'Losses',
      help: 'The squared sum and batch-wide norms of the released code, or the hinge over the difference of magnitudes and the per-video sums of the paper.',
      default: 'code',
      options: [
        { value: 'code', label: 'as coded' },
        { value: 'paper', label: 'as in the paper' },
      ],
    },
    margin: {
      kind: 'number',
      label: 'Margin',
      help: 'The length that the mean feature of an anomalous video should have, or by how much it should exceed a normal one.',
      default: 100,
      min: 0,
      max: 10_000,
      source: 'code',
    },
    lambdaMagnitude: {
      kind: 'number',
      label: 'Magnitude weight',
      help: 'How much the loss asks for long anomalous and short normal features; 0 leaves cross entropy alone.',
      default: 1e-4,
      min: 0,
      max: 10,
      source: 'code',
      ablation: true,
    },
    lambdaSmooth: {
      kind: 'number',
      label: 'Smoothness weight',
      help: 'How much the loss dislikes scores of anomalous videos that jump from one segment to the next.',
      default: 8e-4,
      min: 0,
      max: 10,
      source: 'code',
      ablation: true,
    },
    lambdaSparse: {
      kind: 'number',
      label: 'Sparsity weight',
      help: 'How much the loss dislikes many high scores in anomalous videos.',
      default: 8e-3,
      min: 0,
      max: 10,
      source: 'code',
      ablation: true,
    },
    learningRate: {
      kind: 'number',
      label: 'Learning rate',
      help: 'Step size of Adam.',
      default: 1e-3,
      min: 1e-7,
      max: 1,
      source: 'code',
    },
    weightDecay: {
      kind: 'number',
      label: 'Weight decay',
      help: 'How strongly large weights are pulled to zero; added to the gradient, as Adam of PyTorch has it.',
      default: 5e-3,
      min: 0,
      max: 1,
      source: 'code; the paper has 0.0005',
    },
    ...bagFields({ segments: 32, normalise: 'none', batchNormal: 32, batchAnomalous: 32 }),
  },
  presets: {
    code: { label: 'as in the code', values: {} },
    paper: { label: 'as in the paper', values: { objective: 'paper', weightDecay: 5e-4 } },
    'no-magnitude': { label: 'without the magnitude loss', values: { lambdaMagnitude: 0 } },
  },
};
