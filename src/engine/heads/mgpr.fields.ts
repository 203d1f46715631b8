/** Hyper-parameters of MGPR (`mgpr.ts`). Free of tfjs. */
import { bagFields, type BagConfig } from '../features/bags.fields.ts';
import type { HeadCard } from './config.fields.ts';

export type MgprConfig = BagConfig & {
  branches: 'both' | 'tube' | 'temporal';
  relation: 'attention' | 'graph' | 'none';
  heads: number;
  multivariate: boolean;
  hidden1: number;
  hidden2: number;
  dropout: number;
  ranking: boolean;
  mutual: boolean;
  crossEntropy: boolean;
  guidance: 'single' | 'bag';
  maxInstances: number;
  parts: number;
  learningRate: number;
};

const row = (table: number, label: string, values: Partial<MgprConfig>) => ({
  label: `table ${table}: ${label}`,
  values,
});

export const mgprCard: HeadCard<MgprConfig> = {
  id: 'mgpr',
  title: 'Tubes, mutually guided (MGPR)',
  summary:
    'One branch reads objects followed through time, one whole frames, and each weights what the other learns; needs tubes.',
  paper: {
    authors: 'Wu, Zhang, Li, Wu, Tan, Li, Ding, Lin',
    title: 'Weakly-Supervised Spatio-Temporal Anomaly Detection in Surveillance Video',
    venue: 'IJCAI',
    year: 2021,
  },
  input: 'tubes',
  fields: {
    branches: {
      kind: 'choice',
      label: 'Branches',
      help: 'Whether tubes and videolets both learn, or one of them alone.',
      default: 'both',
      options: [
        { value: 'both', label: 'tubes and videolets' },
        { value: 'tube', label: 'tubes alone' },
        { value: 'temporal', label: 'videolets alone' },
      ],
      source: 'table 2',
      ablation: true,
    },
    relation: {
      kind: 'choice',
      label: 'Relation',
      help: 'How the instances of a bag see each other: by attention, by a graph of likeness, or not at all.',
      default: 'attention',
      options: [
        { value: 'attention', label: 'attention (RMM)' },
        { value: 'graph', label: 'graph (GCN)' },
        { value: 'none', label: 'none' },
      ],
      source: 'Eq. 1 to 3; table 4',
      ablation: true,
    },
    heads: {
      kind: 'number',
      label: 'Attention heads',
      help: 'Parts into which a feature is cut for attention; must divide D.',
      default: 8,
      min: 1,
      max: 64,
      whole: true,
      source: 'H, section 5.1',
      when: { relation: 'attention' },
    },
    multivariate: {
      kind: 'switch',
      label: 'Tubes of several objects',
      help: 'MVT: read tubes that hold several objects which meet, where the data marks them.',
      default: true,
      source: 'table 4',
      ablation: true,
    },
    hidden1: {
      kind: 'number',
      label: 'First layer',
      help: 'Units of the first layer of the predictor.',
      default: 512,
      min: 1,
      max: 4096,
      whole: true,
      source: 'as Sultani et al.',
    },
    hidden2: {
      kind: 'number',
      label: 'Second layer',
      help: 'Units of the second layer of the predictor.',
      default: 32,
      min: 1,
      max: 1024,
      whole: true,
      source: 'as Sultani et al.',
    },
    dropout: {
      kind: 'number',
      label: 'Dropout',
      help: 'Share of activations silenced at random in each training step; the paper names none.',
      default: 0,
      min: 0,
      max: 0.95,
    },
    ranking: {
      kind: 'switch',
      label: 'Ranking',
      help: 'The highest instance of an anomalous video should score above that of a normal one.',
      default: true,
      source: 'Eq. 4, 5; table 3',
      ablation: true,
    },
    mutual: {
      kind: 'switch',
      label: 'Mutual guidance',
      help: 'Weight the ranking of one branch by what the other thinks of the instance.',
      default: true,
      source: 'Eq. 4, 5; table 3',
      ablation: true,
      when: { ranking: true },
    },
    crossEntropy: {
      kind: 'switch',
      label: 'Cross entropy',
      help: 'The highest instance should also tell the label of its video.',
      default: true,
      source: 'Eq. 7; table 3',
      ablation: true,
    },
    guidance: {
      kind: 'choice',
      label: 'Guidance sees',
      help: 'Whether a branch judges the instance of the other alone, or among the instances of its bag.',
      default: 'single',
      options: [
        { value: 'single', label: 'the instance alone' },
        { value: 'bag', label: 'its whole bag' },
      ],
      source: 'our reading',
      when: { mutual: true },
    },
    maxInstances: {
      kind: 'number',
      label: 'Most instances',
      help: 'Instances of a bag beyond this many are left out.',
      default: 200,
      min: 1,
      max: 2000,
      whole: true,
      source: 'section 5.1',
    },
    parts: {
      kind: 'number',
      label: 'Parts of a tube',
      help: 'M: into how many instances a long tube is cut when a video is scored, for tubes that come clip by clip.',
      default: 4,
      min: 1,
      max: 64,
      whole: true,
      source: 'M, Eq. 9; its value is our reading',
    },
    learningRate: {
      kind: 'number',
      label: 'Learning rate',
      help: 'Step size of Adam; each branch has one of its own.',
      default: 5e-4,
      min: 1e-7,
      max: 1,
      source: 'section 5.1',
    },
    ...bagFields({ segments: 32, normalise: 'none', batchNormal: 30, batchAnomalous: 30 }),
  },
  presets: {
    paper: { label: 'as in the paper', values: {} },
    'table2-temporal': row(2, 'temporal', { branches: 'temporal' }),
    'table2-tube': row(2, 'tube', { branches: 'tube' }),
    'table3-rank': row(3, 'ranking', { mutual: false, crossEntropy: false }),
    'table3-mg-rank': row(3, 'mutual ranking', { crossEntropy: false }),
    'table3-ce': row(3, 'cross entropy', { ranking: false }),
    'table3-rank-ce': row(3, 'ranking, cross entropy', { mutual: false }),
    'table4-no-mvt': row(4, 'without MVT', { multivariate: false }),
    'table4-no-rmm': row(4, 'without RMM', { relation: 'none' }),
    'table4-gcn': row(4, 'MVT, GCN', { relation: 'graph' }),
  },
};
