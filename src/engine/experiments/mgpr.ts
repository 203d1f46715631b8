/** Wu, Zhang, Li, Wu, Tan, Li, Ding, Lin: tables 1 to 4. */
import { headCards } from '../heads/catalogue.fields.ts';
import type { Experiment, Reported, Row } from './experiment.ts';

const PAPER = 'Wu et al. 2021';

/** Video AUC and MIoU, of both datasets. */
const both = (videoAuc: number, miou: number, stra: number, straMiou: number): Reported => ({
  'ST-UCF-Crime': { videoAuc, miou },
  STRA: { videoAuc: stra, miou: straMiou },
});

/** Table 1: ST-UCF-Crime is asked at overlaps of 0.3 and 0.1, STRA at 0.2 and 0.1. */
const overlaps = (
  [videoAuc, iou03, iou01, miou]: readonly number[],
  [straAuc, straIou02, straIou01, straMiou]: readonly number[],
): Reported => ({
  'ST-UCF-Crime': { videoAuc, iou03, iou01, miou },
  STRA: { videoAuc: straAuc, iou02: straIou02, iou01: straIou01, miou: straMiou },
});

const WHOLE = both(87.65, 8.98, 92.88, 7.23);

const { presets } = headCards.find(({ id }) => id === 'mgpr')!;

function row(preset: string, reported: Reported): Row {
  const label = preset === 'paper' ? 'all of it' : presets[preset].label.replace(/^table \d: /, '');
  return { id: preset.replace(/^table\d-/, ''), label, head: 'mgpr', preset, reported };
}

const table = (number: number, what: string, rows: Row[]): Experiment => ({
  id: `mgpr-table-${number}`,
  title: `${what} (table ${number})`,
  paper: PAPER,
  figures: ['videoAuc', 'miou'],
  input: 'tubes',
  rows,
  note: 'It reads tubes (NAME.tubes.safetensors). MIoU needs boxes of the tubes and annotated ones, and is undefined without.',
});

export const mgpr: readonly Experiment[] = [
  {
    ...table(1, 'Whole methods', [
      row('paper', overlaps([87.65, 11.76, 24.37, 8.98], [92.88, 15.87, 20.63, 7.23])),
    ]),
    figures: ['videoAuc', 'iou03', 'iou02', 'iou01', 'miou'],
    others: [
      { label: 'random', reported: overlaps([44.69, 2.52, 10.08, 2.64], [43.8, 3.17, 4.76, 1.33]) },
      { label: 'upper bound', reported: overlaps([100, 31.93, 78.99, 25.63], [100, 37.4, 63.56, 18.62]) },
      { label: 'DMRM', reported: overlaps([84.28, 9.24, 21.01, 6.47], [89.37, 7.94, 9.52, 4.14]) },
      { label: 'GCLNC', reported: overlaps([85.53, 10.92, 25.21, 8.63], [91.6, 12.7, 17.46, 5.41]) },
      { label: 'STIL', reported: overlaps([85.16, 9.24, 21.84, 8.07], [91.23, 12.7, 15.87, 5.19]) },
      { label: 'ASA', reported: overlaps([86.33, 11.76, 23.52, 8.41], [92.17, 14.29, 18.49, 6.54]) },
    ],
  },
  table(2, 'Branches', [
    row('table2-temporal', both(86.41, 8.26, 90.04, 5.39)),
    row('table2-tube', both(87.15, 8.43, 92.4, 6.17)),
    row('paper', WHOLE),
  ]),
  table(3, 'Losses', [
    row('table3-rank', both(87.31, 8.22, 92.17, 6.61)),
    row('table3-mg-rank', both(76.83, 8.1, 92.26, 6.53)),
    row('table3-ce', both(87.57, 8.39, 91.94, 5.88)),
    row('table3-rank-ce', both(87.6, 8.55, 92.78, 6.77)),
    row('paper', WHOLE),
  ]),
  // The check marks of the paper's first two rows are garbled; its text says that MVT alone is what 84.08 lacks.
  table(4, 'Interaction', [
    row('table4-no-mvt', both(84.08, 8.29, 91.42, 5.66)),
    row('table4-no-rmm', both(86.59, 8.17, 92.08, 6.55)),
    row('table4-gcn', both(87.42, 8.32, 92.33, 6.44)),
    row('paper', WHOLE),
  ]),
];
