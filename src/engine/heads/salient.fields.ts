/** Hyper-parameters of the salient self-attention head (`salient.ts`). Free of tfjs. */
import { bagFields, type BagConfig } from '../features/bags.fields.ts';
import type { HeadCard } from './config.fields.ts';

export type SalientConfig = BagConfig & {
  recurrent: boolean;
  lstmUnits: number;
  lstmLayers: number;
  attend: boolean;
  attentionUnits: number;
  attentionRows: number;
  hidden: number;
  dropout: number;
  inference: 'adaptive' | 'split' | 'sliding';
  split: number;
  learningRate: number;
};

/** Section 3.2 cuts a test video into bags of l snippets, however few. */
const PAPER = { inference: 'split' } as const;

export const salientCard: HeadCard<SalientConfig> = {
  id: 'salient',
  title: 'Salient self-attention',
  summary:
    'No ranking of segments: attention picks the salient ones, and the whole bag is classified at once.',
  paper: {
    authors: 'Watanabe, Okabe, Harada, Kashima',
    title: 'Real-world Video Anomaly Detection by Extracting Salient Features in Videos',
    year: 2022,
  },
  fields: {
    recurrent: {
      kind: 'switch',
      label: 'Bi-directional LSTM',
      help: 'BL: let an LSTM read the segments in both directions before attention; their order then matters.',
      default: false,
      source: 'section 4.3, table 2',
      ablation: true,
    },
    lstmUnits: {
      kind: 'number',
      label: 'LSTM units',
      help: 'Units of the LSTM in each direction.',
      default: 256,
      min: 1,
      max: 1024,
      whole: true,
      source: 'code',
      when: { recurrent: true },
    },
    lstmLayers: {
      kind: 'number',
      label: 'LSTM layers',
      help: 'LSTMs on top of each other.',
      default: 2,
      min: 1,
      max: 4,
      whole: true,
      source: 'code',
      when: { recurrent: true },
    },
    attend: {
      kind: 'switch',
      label: 'Self-attention',
      help: 'SA: pool the bag by attention; without it, by the mean over its segments.',
      default: true,
      source: 'section 3, table 2',
      ablation: true,
    },
    attentionUnits: {
      kind: 'number',
      label: 'Attention units',
      help: 'd_a: width of the layer that looks at a segment before deciding how much attention it deserves.',
      default: 64,
      min: 1,
      max: 1024,
      whole: true,
      source: 'section 3, figure 4',
      when: { attend: true },
    },
    attentionRows: {
      kind: 'number',
      label: 'Attention rows',
      help: 'r: how many attention maps are learned side by side; each may look for something else.',
      default: 3,
      min: 1,
      max: 64,
      whole: true,
      source: 'section 3, figure 4',
      when: { attend: true },
    },
    hidden: {
      kind: 'number',
      label: 'Hidden units',
      help: 'Units of FC1, which has no activation.',
      default: 32,
      min: 1,
      max: 1024,
      whole: true,
      source: 'section 3',
    },
    dropout: {
      kind: 'number',
      label: 'Attention dropout',
      help: 'Share of attention weights silenced at random in each training step, after the softmax.',
      default: 0.3,
      min: 0,
      max: 0.95,
      source: 'section 3',
      when: { attend: true },
    },
    inference: {
      kind: 'choice',
      label: 'Scoring',
      help: 'A bag gets one score. Cut a video into bags of l snippets (an eighth of it where it has fewer than four such bags), always into bags of l as the paper does, or slide a bag along it and average.',
      default: 'adaptive',
      options: [
        { value: 'adaptive', label: 'bags, at least 4 a video' },
        { value: 'split', label: 'bags of l (paper)' },
        { value: 'sliding', label: 'sliding bag' },
      ],
      source: 'section 3.2',
    },
    split: {
      kind: 'number',
      label: 'Split size',
      help: 'l: snippets per bag when a video is scored.',
      default: 28,
      min: 1,
      max: 1024,
      whole: true,
      source: 'sections 4.4, 4.11',
    },
    learningRate: {
      kind: 'number',
      label: 'Learning rate',
      help: 'Step size of RAdam, which does not move at all in its first five steps.',
      default: 1e-3,
      min: 1e-7,
      max: 1,
      source: 'section 4.2',
    },
    ...bagFields({ segments: 32, normalise: 'none', batchNormal: 32, batchAnomalous: 32 }),
  },
  presets: {
    paper: { label: 'as in the paper', values: PAPER },
    'paper-large': {
      label: 'as in the paper, larger (d_a 128, r 7)',
      values: { ...PAPER, attentionUnits: 128, attentionRows: 7 },
    },
    'table2-sa': { label: 'table 2: SA', values: PAPER },
    'table2-bl': { label: 'table 2: BL', values: { ...PAPER, recurrent: true, attend: false } },
    'table2-bl-sa': { label: 'table 2: BL, SA', values: { ...PAPER, recurrent: true } },
  },
};
