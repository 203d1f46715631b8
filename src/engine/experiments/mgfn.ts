/** Chen, Liu, Zhang, Fok, Qi, Wu: tables 3 and 4. */
import { headCards } from '../heads/catalogue.fields.ts';
import type { Experiment, Reported, Row } from './experiment.ts';

const PAPER = 'Chen et al. 2023';

const both = (frameAuc: number, averagePrecision: number): Reported => ({
  'UCF-Crime': { frameAuc },
  'XD-Violence': { averagePrecision },
});

const { presets } = headCards.find(({ id }) => id === 'mgfn')!;

function row(preset: string, reported: Reported): Row {
  const label = presets[preset].label.replace(/^table \d: /, '');
  return { id: preset.replace(/^table\d-/, ''), label, head: 'mgfn', preset, reported };
}

const figures = ['frameAuc', 'averagePrecision'] as const;

export const mgfn: readonly Experiment[] = [
  {
    id: 'mgfn-table-3',
    title: 'Glance and focus (table 3)',
    paper: PAPER,
    figures,
    rows: [
      row('table3-ff', both(82.66, 72.14)),
      row('table3-fg', both(83.1, 74.3)),
      { id: 'rtfm', label: 'RTFM', head: 'rtfm', reported: both(84.3, 77.81) },
      row('table3-gf-fusion', both(85.05, 78.03)),
      row('table3-gf', both(85.8, 78.5)),
    ],
  },
  {
    id: 'mgfn-table-4',
    title: 'Feature amplification and the magnitude contrast (table 4)',
    paper: PAPER,
    figures,
    rows: [
      row('table4-baseline', both(83.2, 75.11)),
      row('table4-fam', both(84.85, 76.13)),
      row('table4-mc', both(86.05, 78.8)),
      row('table4-fam-mc', both(86.98, 80.11)),
    ],
    note: 'The last row of the paper has I3D features on UCF-Crime and VideoSwin features on XD-Violence.',
  },
];
