/** Watanabe, Okabe, Harada, Kashima: tables 1, 2 and 6, figures 3 to 6. */
import { headCards } from '../heads/catalogue.fields.ts';
import type { Config } from '../heads/config.fields.ts';
import type { Experiment, Reported, Row } from './experiment.ts';

const PAPER = 'Watanabe et al. 2022';

const ucf = (frameAuc: number): Reported => ({ 'UCF-Crime': { frameAuc } });

const table2 = (frameAuc: number, shanghai: number, averagePrecision: number): Reported => ({
  'UCF-Crime': { frameAuc },
  ShanghaiTech: { frameAuc: shanghai },
  'XD-Violence': { averagePrecision },
});

const { presets } = headCards.find(({ id }) => id === 'salient')!;

/** Two rows: segments in their order, and shuffled. */
function orders(head: string, inOrder?: Reported, shuffled?: Reported): Row[] {
  return [
    { id: head, label: `${head}, in order`, head, reported: inOrder },
    {
      id: `${head}-shuffled`,
      label: `${head}, shuffled`,
      head,
      config: { shuffleSegments: true },
      reported: shuffled,
    },
  ];
}

/** d_a by r: as far as the figures can be read. */
function grid(config: Config): Row[] {
  return [32, 64, 128, 256, 512].flatMap((attentionUnits) =>
    [1, 3, 5, 7, 9].map((attentionRows) => ({
      id: `da-${attentionUnits}-r-${attentionRows}`,
      label: `d_a ${attentionUnits}, r ${attentionRows}`,
      head: 'salient',
      preset: 'paper',
      config: { ...config, attentionUnits, attentionRows, split: 32 },
    })),
  );
}

/** The two sizes that the paper keeps comparing. */
const SIZES = [
  { id: 'da-64-r-3', label: 'd_a 64, r 3', preset: 'paper' },
  { id: 'da-128-r-7', label: 'd_a 128, r 7', preset: 'paper-large' },
];

const CURVES = 'The paper draws curves and prints no numbers, so there are none to set beside these.';

export const salient: readonly Experiment[] = [
  {
    id: 'salient-table-1',
    title: 'Segments in random order (table 1)',
    paper: PAPER,
    figures: ['frameAuc'],
    rows: [
      ...orders('sultani', ucf(81.39), ucf(81.54)),
      ...orders('rtfm', ucf(84.3), ucf(84.26)),
      ...orders('salient'),
    ],
    note: 'The paper shuffles the training segments of Sultani et al. and of RTFM; its own head is added here.',
  },
  {
    id: 'salient-table-2',
    title: 'LSTM and self-attention (table 2)',
    paper: PAPER,
    figures: ['frameAuc', 'averagePrecision'],
    rows: [
      ['table2-bl', table2(81.72, 92.9, 75.92)],
      ['table2-sa', table2(84.91, 95.72, 75.46)],
      ['table2-bl-sa', table2(83.28, 94.06, 82.89)],
    ].map(([preset, reported]) => ({
      id: (preset as string).replace('table2-', ''),
      label: presets[preset as string].label.replace('table 2: ', ''),
      head: 'salient',
      preset: preset as string,
      reported: reported as Reported,
    })),
    note: 'The best figures of the table are those of d_a 128: r 7 for UCF-Crime, r 1 for XD-Violence.',
  },
  {
    id: 'salient-table-6',
    title: 'Numbers that are trained (table 6)',
    paper: PAPER,
    figures: ['parameters'],
    untrained: true,
    rows: [
      { id: 'sultani', label: 'Sultani et al.', head: 'sultani', count: 2_114_113 },
      { id: 'rtfm', label: 'RTFM', head: 'rtfm', count: 24_718_849 },
      { id: 'da-64-r-3', label: 'salient, d_a 64, r 3', head: 'salient', preset: 'paper', count: 328_004 },
      {
        id: 'da-128-r-7',
        label: 'salient, d_a 128, r 7',
        head: 'salient',
        preset: 'paper-large',
        count: 721_992,
      },
    ].map(({ count, ...row }) => ({ ...row, reported: { 'I3D, D 2048': { parameters: count } } })),
    others: [{ label: 'Wu et al.', reported: { 'I3D, D 2048': { parameters: 769_155 } } }],
    note: 'The counts depend on the length D of a feature; they agree where features of 2048 numbers are loaded.',
  },
  {
    id: 'salient-figure-3',
    title: 'Each class of anomaly (figure 3)',
    paper: PAPER,
    figures: ['frameAuc'],
    byClass: true,
    rows: [
      { id: 'rtfm', label: 'RTFM', head: 'rtfm' },
      { id: 'salient', label: 'salient', head: 'salient', preset: 'paper-large' },
    ],
    note: CURVES.replace('curves', 'bars'),
  },
  {
    id: 'salient-figure-4',
    title: 'd_a and r (figure 4)',
    paper: PAPER,
    figures: ['frameAuc'],
    rows: grid({}),
    note: CURVES,
  },
  {
    id: 'salient-figure-5',
    title: 'd_a and r behind the LSTM (figure 5)',
    paper: PAPER,
    figures: ['averagePrecision', 'frameAuc'],
    rows: grid({ recurrent: true }),
    note: CURVES,
  },
  {
    id: 'salient-figure-6',
    title: 'Split size (figure 6)',
    paper: PAPER,
    figures: ['frameAuc'],
    rows: SIZES.flatMap(({ id, label, preset }) =>
      [4, 8, 12, 16, 20, 24, 28, 32].map((split) => ({
        id: `${id}-l-${split}`,
        label: `${label}, l ${split}`,
        head: 'salient',
        preset,
        config: { split },
        ...(split === 28 && { reported: ucf(preset === 'paper' ? 84.74 : 84.91) }),
      })),
    ),
    note: 'The paper draws curves; the figures at l 28 are those of its table 3.',
  },
];
