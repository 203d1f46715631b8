/** Hyper-parameters of MGFN (`mgfn.ts`, `mgfn-code.ts`). Free of tfjs. */
import { bagFields, type BagConfig } from '../features/bags.fields.ts';
import type { HeadCard } from './config.fields.ts';

export type MgfnConfig = BagConfig & {
  network: 'paper' | 'code';
  structure: 'GF' | 'FG' | 'FF' | 'GF_fusion';
  width1: number;
  width2: number;
  amplify: boolean;
  alpha: number;
  norm: boolean;
  headNorm: boolean;
  focus: 'channel' | 'all' | 'temporal';
  focusNorm: boolean;
  stage1: number;
  stage2: number;
  stage3: number;
  depth1: number;
  depth2: number;
  depth3: number;
  headSize: number;
  topK: number;
  selectDropout: number;
  loss: 'mc' | 'rtfm';
  contrast: boolean;
  contrastReduce: 'pair' | 'mean';
  contrastClamp: boolean;
  margin: number;
  lambdaContrast: number;
  lambdaMagnitude: number;
  weightCross: number;
  weightSame: number;
  lambdaSmooth: number;
  lambdaSparse: number;
  learningRate: number;
  weightDecay: number;
};

const PAPER = { network: 'paper' } as const;
const CODE = { network: 'code' } as const;
const CONTRAST = { network: 'paper', loss: 'mc' } as const;

/** Table 3 compares structures, all under RTFM's loss, which comes with its margin and weights. */
const table3 = (structure: MgfnConfig['structure']) => ({
  label: `table 3: ${structure.replace('_', '-')}`,
  values: { structure, loss: 'rtfm', margin: 100, lambdaSmooth: 8e-4, lambdaSparse: 8e-3 } as const,
});
/** Table 4 adds amplification and contrast to cross entropy alone; its last row is the paper's whole method. */
const table4 = (label: string, amplify: boolean, contrast: boolean) => ({
  label: `table 4: ${label}`,
  values: { amplify, contrast, lambdaSmooth: 0, lambdaSparse: 0 },
});

const stage = (label: string, help: string, value: number, most: number) =>
  ({
    kind: 'number',
    label,
    help,
    default: value,
    min: 1,
    max: most,
    whole: true,
    source: 'code',
    when: CODE,
  }) as const;

export const mgfnCard: HeadCard<MgfnConfig> = {
  id: 'mgfn',
  title: 'Glance and focus (MGFN)',
  summary:
    'Every segment glances at the whole video and focuses on its surroundings; magnitudes of normal and anomalous videos are pushed apart.',
  paper: {
    authors: 'Chen, Liu, Zhang, Fok, Qi, Wu',
    title:
      'MGFN: Magnitude-Contrastive Glance-and-Focus Network for Weakly-Supervised Video Anomaly Detection',
    venue: 'AAAI',
    year: 2023,
  },
  fields: {
    network: {
      kind: 'choice',
      label: 'Network',
      help: 'The two blocks and the losses of the paper, or the three stages and the losses of the released code.',
      default: 'paper',
      options: [
        { value: 'paper', label: 'paper' },
        { value: 'code', label: 'released code' },
      ],
    },
    structure: {
      kind: 'choice',
      label: 'Structure',
      help: 'Which blocks follow each other, or whether a glance and a focus at the same segments are summed.',
      default: 'GF',
      options: [
        { value: 'GF', label: 'glance, then focus' },
        { value: 'FG', label: 'focus, then glance' },
        { value: 'FF', label: 'focus twice' },
        { value: 'GF_fusion', label: 'both at once' },
      ],
      source: 'table 3',
      ablation: true,
      when: PAPER,
    },
    width1: {
      kind: 'number',
      label: 'First block',
      help: 'Channels of the first block; 0 takes D / 32.',
      default: 0,
      min: 0,
      max: 1024,
      whole: true,
      source: 'C / 32',
      when: PAPER,
    },
    width2: {
      kind: 'number',
      label: 'Second block',
      help: 'Channels of the second block; 0 takes D / 16.',
      default: 0,
      min: 0,
      max: 1024,
      whole: true,
      source: 'C / 16',
      when: PAPER,
    },
    amplify: {
      kind: 'switch',
      label: 'Feature amplification',
      help: 'FAM: add to every feature a trace of its own magnitude, so that the network sees it.',
      default: true,
      source: 'Eq. 1, 2; table 4',
      ablation: true,
      when: PAPER,
    },
    alpha: {
      kind: 'number',
      label: 'Amplification',
      help: 'How much of the magnitude is added.',
      default: 0.1,
      min: 0,
      max: 10,
      source: 'alpha, Eq. 2',
    },
    norm: {
      kind: 'switch',
      label: 'Norms in blocks',
      help: 'Normalise channels before attention and feed-forward layers; the equations show none, and diverge without.',
      default: true,
      source: 'our reading; the code has them',
      when: PAPER,
    },
    headNorm: {
      kind: 'switch',
      label: 'Norm before the score',
      help: 'Normalise features before the last layer, and only there, so that magnitudes stay free.',
      default: true,
      source: 'our reading',
      when: PAPER,
    },
    focus: {
      kind: 'choice',
      label: 'Focus',
      help: 'What a channel is multiplied with in the focus block: the channels near it, all of them, or itself at the segments around.',
      default: 'channel',
      options: [
        { value: 'channel', label: 'channels near it' },
        { value: 'all', label: 'all channels, as printed' },
        { value: 'temporal', label: 'segments around' },
      ],
      source: 'Eq. 6, 7; kernel size 5',
      when: PAPER,
    },
    focusNorm: {
      kind: 'switch',
      label: 'Norm in focus',
      help: 'Divide by the root mean square over channels before the products of the focus block.',
      default: true,
      source: 'our reading',
      when: PAPER,
    },
    stage1: stage('Channels, stage 1', 'Channels of the first stage, which glances.', 64, 1024),
    stage2: stage('Channels, stage 2', 'Channels of the second stage, which focuses.', 128, 1024),
    stage3: stage('Channels, stage 3', 'Channels of the third stage, which focuses.', 1024, 2048),
    depth1: stage('Layers, stage 1', 'How often the layers of the first stage are repeated.', 3, 8),
    depth2: stage('Layers, stage 2', 'How often the layers of the second stage are repeated.', 3, 8),
    depth3: stage('Layers, stage 3', 'How often the layers of the third stage are repeated.', 2, 8),
    headSize: stage('Head size', 'Channels of each attention or focus head.', 64, 256),
    topK: {
      kind: 'number',
      label: 'Top k',
      help: 'How many of the segments with the largest magnitudes speak for a video.',
      default: 3,
      min: 1,
      max: 128,
      whole: true,
      source: 'k, section 4',
    },
    selectDropout: {
      kind: 'number',
      label: 'Dropout of candidates',
      help: 'Share of segments that cannot be chosen in a training step.',
      default: 0.7,
      min: 0,
      max: 0.95,
      source: 'code',
      when: CODE,
    },
    loss: {
      kind: 'choice',
      label: 'Magnitude loss',
      help: 'Contrast magnitudes between videos, or push them to a margin and to zero as RTFM does.',
      default: 'mc',
      options: [
        { value: 'mc', label: 'magnitude contrast' },
        { value: 'rtfm', label: 'RTFM' },
      ],
      source: 'table 3',
      when: PAPER,
    },
    contrast: {
      kind: 'switch',
      label: 'Magnitude contrast',
      help: 'MC: pull magnitudes of one class together and push those of different classes apart.',
      default: true,
      source: 'Eq. 8 to 10; table 4',
      ablation: true,
      when: CONTRAST,
    },
    contrastReduce: {
      kind: 'choice',
      label: 'Distance of videos',
      help: 'Compare every top magnitude of one video with every one of another, or only their means.',
      default: 'pair',
      options: [
        { value: 'pair', label: 'closest or farthest pair' },
        { value: 'mean', label: 'difference of means' },
      ],
      source: 'Eq. 9, 10',
      when: CONTRAST,
    },
    contrastClamp: {
      kind: 'switch',
      label: 'Stop at the margin',
      help: 'Do not reward distances beyond the margin.',
      default: true,
      source: 'our reading of Eq. 8',
      when: CONTRAST,
    },
    margin: {
      kind: 'number',
      label: 'Margin',
      help: 'How far the magnitudes of normal and anomalous videos should be apart.',
      default: 200,
      min: 0,
      max: 10_000,
      source: 'section 4',
    },
    lambdaContrast: {
      kind: 'number',
      label: 'Contrast weight',
      help: 'How much the loss asks for contrast of magnitudes.',
      default: 1e-3,
      min: 0,
      max: 10,
      source: 'lambda 3',
      when: CONTRAST,
    },
    lambdaMagnitude: {
      kind: 'number',
      label: 'RTFM weight',
      help: 'How much the loss asks for long anomalous and short normal features.',
      default: 1e-4,
      min: 0,
      max: 10,
      source: "RTFM's code",
      when: { network: 'paper', loss: 'rtfm' },
    },
    weightCross: {
      kind: 'number',
      label: 'Weight across classes',
      help: 'How much the loss asks that rows of normal and anomalous videos differ.',
      default: 1e-6,
      min: 0,
      max: 10,
      source: 'code',
      ablation: true,
      when: CODE,
    },
    weightSame: {
      kind: 'number',
      label: 'Weight within a class',
      help: 'How much the loss asks that rows of one class agree.',
      default: 1e-3,
      min: 0,
      max: 10,
      source: 'code',
      ablation: true,
      when: CODE,
    },
    lambdaSmooth: {
      kind: 'number',
      label: 'Smoothness weight',
      help: 'How much the loss dislikes scores that jump from one segment to the next.',
      default: 1,
      min: 0,
      max: 10,
      source: 'lambda 2; the code has 0.0008',
      ablation: true,
    },
    lambdaSparse: {
      kind: 'number',
      label: 'Sparsity weight',
      help: 'How much the loss dislikes many high scores; the code asks it of normal videos only.',
      default: 1,
      min: 0,
      max: 10,
      source: 'lambda 1; the code has 0.008',
      ablation: true,
    },
    learningRate: {
      kind: 'number',
      label: 'Learning rate',
      help: 'Step size of Adam.',
      default: 1e-3,
      min: 1e-7,
      max: 1,
      source: 'section 4',
    },
    weightDecay: {
      kind: 'number',
      label: 'Weight decay',
      help: 'How strongly large weights are pulled to zero; added to the gradient, as Adam of PyTorch has it.',
      default: 5e-4,
      min: 0,
      max: 1,
      source: 'section 4',
    },
    ...bagFields({ segments: 32, normalise: 'none', batchNormal: 8, batchAnomalous: 8 }),
  },
  presets: {
    paper: { label: 'as in the paper', values: {} },
    code: {
      label: 'as in the code',
      values: {
        network: 'code',
        lambdaSmooth: 8e-4,
        lambdaSparse: 8e-3,
        batchNormal: 16,
        batchAnomalous: 16,
      },
    },
    'table3-ff': table3('FF'),
    'table3-fg': table3('FG'),
    'table3-gf-fusion': table3('GF_fusion'),
    'table3-gf': table3('GF'),
    'table4-baseline': table4('cross entropy alone', false, false),
    'table4-fam': table4('FAM', true, false),
    'table4-mc': table4('MC', false, true),
    'table4-fam-mc': { label: 'table 4: FAM, MC', values: {} },
  },
};
