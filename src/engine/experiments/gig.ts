/** Lv, Xu, Cui: tables 1 and 2, the ranks of the CitySCENE challenge. */
import type { Experiment } from './experiment.ts';
import type { FigureId } from './figures.ts';

const city = (figure: FigureId, value: number) => ({ CitySCENE: { [figure]: value } });

const ranks = (figure: FigureId, values: Record<string, number>) =>
  Object.entries(values).map(([label, value]) => ({ label, reported: city(figure, value) }));

const table = (
  number: 1 | 2,
  task: string,
  figure: FigureId,
  own: number,
  others: Record<string, number>,
): Experiment => ({
  id: `gig-table-${number}`,
  title: `${task} (table ${number})`,
  paper: 'Lv et al. 2020',
  figures: number === 1 ? ['frameAuc', 'mf1'] : ['mf1', 'frameAuc'],
  input: 'maps',
  rows: [{ id: 'gig', label: 'GIG', head: 'gig', preset: 'paper', reported: city(figure, own) }],
  others: ranks(figure, others),
  note: 'The other rows are entries of a challenge, whose methods are not here. MF1 needs labels that name classes.',
});

export const gig: readonly Experiment[] = [
  table(1, 'General anomalies', 'frameAuc', 84.09, {
    BigFish: 89.2,
    MonIIT: 87.94,
    DeepBlueAI: 86.85,
    'SYSU-BAIDU': 86.52,
    UHV: 85.37,
    ActionLab: 70.92,
    'Orange-Control': 31.65,
  }),
  table(2, 'Specific anomalies', 'mf1', 52.33, {
    'SYSU-BAIDU': 66.41,
    BigFish: 62.11,
    MonIIT: 45.52,
    'Orange-Control': 40.42,
    UHV: 38.36,
    ActionLab: 22.22,
  }),
];
