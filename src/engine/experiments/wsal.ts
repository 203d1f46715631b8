/** Lv, Zhou, Cui, Xu, Li, Yang: tables IV, V and VI, and what figure 7 shows of one video, over all of them. */
import { headCards } from '../heads/catalogue.fields.ts';
import type { Experiment, Reported, Row } from './experiment.ts';

const PAPER = 'Lv et al. 2021';

const ucf = (frameAuc: number, anomalySubsetAuc: number): Reported => ({
  'UCF-Crime': { frameAuc, anomalySubsetAuc },
});

const { presets } = headCards.find(({ id }) => id === 'wsal')!;

function row(preset: string, reported?: Reported): Row {
  const label =
    preset === 'paper' ? 'IS, DV, HCE, NS, HA' : presets[preset].label.replace(/^table I?V: /, '');
  return { id: preset.replace(/^table\d-/, ''), label, head: 'wsal', preset, reported };
}

const figures = ['frameAuc', 'anomalySubsetAuc'] as const;

export const wsal: readonly Experiment[] = [
  {
    id: 'wsal-table-4',
    title: 'Components (table IV)',
    paper: PAPER,
    figures,
    rows: [
      row('table4-is', ucf(81.44, 61.13)),
      row('table4-dv', ucf(82.52, 62.38)),
      row('table4-is-dv', ucf(82.95, 63.65)),
      row('table4-hce', ucf(84.44, 64.95)),
      row('table4-ns', ucf(84.86, 66.28)),
      row('table4-ha', ucf(84.95, 66.55)),
      row('paper', ucf(85.38, 67.38)),
    ],
  },
  {
    id: 'wsal-table-5',
    title: 'Window of the context (table V)',
    paper: PAPER,
    figures: ['videoAuc'],
    rows: [93.39, 95.01, 95.65, 95.73].map((videoAuc, k) =>
      row(`table5-k${k}`, { 'UCF-Crime, part of the training videos': { videoAuc } }),
    ),
    note: 'The paper measures this on training videos that it sets apart; here it is measured on the test videos.',
  },
  {
    id: 'wsal-table-6',
    title: 'Sources of features, with and without HCE (table VI)',
    paper: PAPER,
    figures,
    bySource: true,
    rows: [
      { ...row('table4-is-dv'), id: 'base', label: 'IS, DV' },
      { ...row('table4-hce'), id: 'hce', label: 'IS, DV, HCE (+)' },
    ],
    others: [
      { label: 'I3D', reported: ucf(72.43, 51.23) },
      { label: 'I3D +', reported: ucf(74.18, 55.04) },
      { label: 'R(2+1)D', reported: ucf(72.47, 47.96) },
      { label: 'R(2+1)D +', reported: ucf(75.59, 51.25) },
      { label: 'TSN', reported: ucf(82.95, 63.65) },
      { label: 'TSN +', reported: ucf(84.44, 64.95) },
    ],
    note: 'The sources are those of the data at hand: every source is a pair of rows.',
  },
  {
    id: 'wsal-noise',
    title: 'Noise: before and after it was simulated in training (figure 7)',
    paper: PAPER,
    figures: ['noisyFrameAuc', 'frameAuc', 'noisySubsetAuc', 'anomalySubsetAuc'],
    rows: [
      { ...row('table4-hce', ucf(84.44, 64.95)), id: 'before', label: 'before (IS, DV, HCE)' },
      { ...row('table4-ns', ucf(84.86, 66.28)), id: 'after', label: 'after (IS, DV, HCE, NS)' },
    ],
    note: 'The paper shows one video. Here every test video that has NAME.noise.npy beside it is judged with and without noise; without any the noisy figures are undefined.',
  },
];
