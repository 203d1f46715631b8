/** Hyper-parameters of WSAL (`wsal.ts`, `wsal-code.ts`). Free of tfjs. */
import { bagFields, type BagConfig } from '../features/bags.fields.ts';
import type { HeadCard } from './config.fields.ts';

export type WsalConfig = BagConfig & {
  network: 'paper' | 'code';
  hidden1: number;
  hidden2: number;
  context: number;
  window: number;
  contextEncoding: boolean;
  semantics: boolean;
  variation: boolean;
  noise: boolean;
  handcrafted: boolean;
  border: 'replicate' | 'mirror';
  locationSign: 'corrected' | 'printed';
  dropout: number;
  margin: number;
  lambdaSparse: number;
  lambdaSmooth: number;
  lambdaEnhance: number;
  learningRate: number;
  halveEvery: number;
};

const PAPER = { network: 'paper' } as const;
const CODE = { network: 'code' } as const;

/** Rows of Table IV, and window sizes of Table V, by the switches that are off. */
const table4 = (label: string, values: Partial<WsalConfig>) => ({ label: `table IV: ${label}`, values });
const table5 = (window: number) => ({ label: `table V: window ${window}`, values: { window } });

export const wsalCard: HeadCard<WsalConfig> = {
  id: 'wsal',
  title: 'Context encoding (WSAL)',
  summary:
    'Segments are read with their neighbours; an anomaly is what looks anomalous or changes abruptly, and anomalous videos vary more.',
  paper: {
    authors: 'Lv, Zhou, Cui, Xu, Li, Yang',
    title: 'Localizing Anomalies from Weakly-Labeled Videos',
    venue: 'IEEE TIP',
    year: 2021,
  },
  videoScore: 'span', // its margin loss is of spans
  fields: {
    network: {
      kind: 'choice',
      label: 'Network',
      help: 'The network and losses of the paper, or those of the released code, which has no noise and no hand-crafted anomalies.',
      default: 'paper',
      options: [
        { value: 'paper', label: 'paper' },
        { value: 'code', label: 'released code' },
      ],
    },
    hidden1: {
      kind: 'number',
      label: 'First layer',
      help: 'Units of the first fully connected layer.',
      default: 512,
      min: 1,
      max: 4096,
      whole: true,
      source: 'section III-A',
    },
    hidden2: {
      kind: 'number',
      label: 'Second layer',
      help: 'Units of the second fully connected layer; in the code, of the layers behind the context encoding.',
      default: 128,
      min: 1,
      max: 1024,
      whole: true,
      source: 'section III-A',
    },
    context: {
      kind: 'number',
      label: 'Context units',
      help: 'Length of a context encoding z; the code encodes context at the width of its first layer instead.',
      default: 128,
      min: 1,
      max: 1024,
      whole: true,
      source: 'Eq. 4',
      when: PAPER,
    },
    window: {
      kind: 'number',
      label: 'Context window',
      help: 'k: how many segments before and after a segment are read with it.',
      default: 2,
      min: 0,
      max: 8,
      whole: true,
      source: 'Eq. 4, table V',
    },
    contextEncoding: {
      kind: 'switch',
      label: 'Context encoding (HCE)',
      help: 'Read every segment with its neighbours; off, the window is 0.',
      default: true,
      source: 'table IV',
      ablation: true,
      when: PAPER,
    },
    semantics: {
      kind: 'switch',
      label: 'Immediate semantics (IS)',
      help: 'Score a segment by what it looks like.',
      default: true,
      source: 'Eq. 5, table IV',
      ablation: true,
      when: PAPER,
    },
    variation: {
      kind: 'switch',
      label: 'Dynamic variations (DV)',
      help: 'Score a segment by how much its encoding differs from those beside it.',
      default: true,
      source: 'Eq. 6, table IV',
      ablation: true,
      when: PAPER,
    },
    noise: {
      kind: 'switch',
      label: 'Noise simulation (NS)',
      help: 'Disturb segments of normal videos (jitter, interruption, blur, at the level of features) and ask for a score of 0.',
      default: true,
      source: 'Eq. 10, table IV',
      ablation: true,
      when: PAPER,
    },
    handcrafted: {
      kind: 'switch',
      label: 'Hand-crafted anomalies (HA)',
      help: 'Blend segments of an anomalous video into a normal one and ask that they score above the rest of it.',
      default: true,
      source: 'Eq. 12, table IV',
      ablation: true,
      when: PAPER,
    },
    border: {
      kind: 'choice',
      label: 'Variation at the ends',
      help: 'What the first and last segment are compared with beyond the video: themselves, or their one neighbour twice.',
      default: 'replicate',
      options: [
        { value: 'replicate', label: 'themselves' },
        { value: 'mirror', label: 'the one neighbour' },
      ],
      source: 'open in Eq. 6',
      when: PAPER,
    },
    locationSign: {
      kind: 'choice',
      label: 'Sign of Eq. 12',
      help: 'As printed the term pushes blended segments below the rest, which contradicts the text; corrected it lifts them above.',
      default: 'corrected',
      options: [
        { value: 'corrected', label: 'corrected' },
        { value: 'printed', label: 'as printed' },
      ],
      source: 'Eq. 12',
      when: PAPER,
    },
    dropout: {
      kind: 'number',
      label: 'Dropout',
      help: 'Share of activations silenced at random in each training step.',
      default: 0.6,
      min: 0,
      max: 0.95,
      source: 'section IV; the code has 0.8',
    },
    margin: {
      kind: 'number',
      label: 'Margin',
      help: 'By how much the span of scores in anomalous videos should exceed that in normal ones.',
      default: 1,
      min: 0,
      max: 10,
      source: 'Eq. 2',
    },
    lambdaSparse: {
      kind: 'number',
      label: 'Sparsity weight',
      help: 'How much the loss dislikes many high scores.',
      default: 8e-5,
      min: 0,
      max: 10,
      source: 'beta, Eq. 9',
      ablation: true,
    },
    lambdaSmooth: {
      kind: 'number',
      label: 'Smoothness weight',
      help: 'How much the loss dislikes scores that jump; only the released code has this term.',
      default: 8e-5,
      min: 0,
      max: 10,
      source: 'code',
      when: CODE,
    },
    lambdaEnhance: {
      kind: 'number',
      label: 'Enhancement weight',
      help: 'Weight of the noise and hand-crafted terms.',
      default: 1,
      min: 0,
      max: 10,
      source: 'lambda, Eq. 3',
      when: PAPER,
    },
    learningRate: {
      kind: 'number',
      label: 'Learning rate',
      help: 'Step size of Adagrad.',
      default: 1e-3,
      min: 1e-7,
      max: 10,
      source: 'section IV',
    },
    halveEvery: {
      kind: 'number',
      label: 'Halve the rate every',
      help: 'Steps after which the learning rate is halved, again and again; 0 leaves it.',
      default: 1200,
      min: 0,
      max: 1_000_000,
      whole: true,
      unit: 'steps',
      source: 'section IV: at 1.2K and 2.4K of 3K iterations',
    },
    ...bagFields({ segments: 32, pooling: 'pad', normalise: 'none', batchNormal: 30, batchAnomalous: 30 }),
  },
  presets: {
    paper: { label: 'as in the paper', values: {} },
    // The code halves at epochs 300 and 400 of its 500 only: after 7,800 steps.
    code: { label: 'as in the code', values: { ...CODE, dropout: 0.8, halveEvery: 0 } },
    'table4-is': table4('IS', {
      variation: false,
      contextEncoding: false,
      noise: false,
      handcrafted: false,
    }),
    'table4-dv': table4('DV', {
      semantics: false,
      contextEncoding: false,
      noise: false,
      handcrafted: false,
    }),
    'table4-is-dv': table4('IS, DV', { contextEncoding: false, noise: false, handcrafted: false }),
    'table4-hce': table4('IS, DV, HCE', { noise: false, handcrafted: false }),
    'table4-ns': table4('IS, DV, HCE, NS', { handcrafted: false }),
    'table4-ha': table4('IS, DV, HCE, HA', { noise: false }),
    'table5-k0': table5(0),
    'table5-k1': table5(1),
    'table5-k2': table5(2),
    'table5-k3': table5(3),
  },
};

/** The scores that there are curves of, and which outputs they are: Eq. 5, 6 and 11, of both networks. */
export const WSAL_CURVES = { semantic: 'semantic', dynamic: 'variation', consensus: 'scores' };

/** Of both networks. */
export const wsalOptimiser = ({ learningRate, halveEvery }: WsalConfig) => ({
  name: 'adagrad' as const,
  learningRate,
  decay:
    halveEvery > 0
      ? { factor: 0.5, steps: Array.from({ length: MOST_HALVINGS }, (_, i) => (i + 1) * halveEvery) }
      : undefined,
});

/** After so many nothing is left of a rate. */
const MOST_HALVINGS = 24;
