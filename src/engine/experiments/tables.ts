/** The papers' tables as data: what is varied from row to row. Free of tfjs. */
import { headCards } from '../heads/catalogue.fields.ts';

export interface Row {
  label: string;
  head: string;
  preset?: string;
  /** Fields that differ from the preset's. */
  config?: Record<string, unknown>;
}

export interface Table {
  id: string;
  title: string;
  rows: Row[];
}

/** Every head that reads snippet features, as in its paper. */
const heads: Table = {
  id: 'heads',
  title: 'heads on snippet features, as in their papers',
  rows: headCards
    .filter(({ input }) => input === undefined)
    .map(({ id, presets }) => ({ label: id, head: id, preset: 'paper' in presets ? 'paper' : 'code' })),
};

/** The rows of a table that a head has a preset for each of. */
function ofPresets(id: string, head: string, prefix: string, title: string, more: string[] = []): Table {
  const { presets } = headCards.find((card) => card.id === head)!;
  const names = [...Object.keys(presets).filter((name) => name.startsWith(prefix)), ...more];
  return { id, title, rows: names.map((preset) => ({ label: presets[preset].label, head, preset })) };
}

/** Segments in their order and shuffled, for heads that the paper shuffles. */
const shuffled: Table = {
  id: 'salient-table1',
  title: 'Watanabe et al., table 1: segments in random order',
  rows: ['sultani', 'rtfm', 'salient'].flatMap((head) => [
    { label: `${head}, in order`, head },
    { label: `${head}, shuffled`, head, config: { shuffleSegments: true } },
  ]),
};

/** d_a by r, as far as the figures of Watanabe et al. can be read. */
function grid(id: string, title: string, config: Row['config']): Table {
  const rows = [32, 64, 128, 256, 512].flatMap((attentionUnits) =>
    [1, 3, 5, 7, 9].map((attentionRows) => ({
      label: `d_a ${attentionUnits}, r ${attentionRows}`,
      head: 'salient',
      config: { ...config, attentionUnits, attentionRows, split: 32, inference: 'split' },
    })),
  );
  return { id, title, rows };
}

const splits: Table = {
  id: 'salient-figure6',
  title: 'Watanabe et al., figure 6: split size',
  rows: [4, 8, 12, 16, 20, 24, 28, 32].map((split) => ({
    label: `l ${split}`,
    head: 'salient',
    config: { split, inference: 'split' },
  })),
};

export const tables: readonly Table[] = [
  heads,
  shuffled,
  ofPresets('salient-table2', 'salient', 'table2', 'Watanabe et al., table 2: BL and SA'),
  grid('salient-figure4', 'Watanabe et al., figure 4: d_a and r', {}),
  grid('salient-figure5', 'Watanabe et al., figure 5: d_a and r behind the LSTM', { recurrent: true }),
  splits,
  ofPresets('wsal-table4', 'wsal', 'table4', 'Lv et al., table IV: components', ['paper']),
  ofPresets('wsal-table5', 'wsal', 'table5', 'Lv et al., table V: window'),
  ofPresets('mgfn-table3', 'mgfn', 'table3', 'Chen et al., table 3: structures'),
  ofPresets('mgfn-table4', 'mgfn', 'table4', 'Chen et al., table 4: FAM and MC'),
  ofPresets('mgpr-table2', 'mgpr', 'table2', 'Wu et al., table 2: branches', ['paper']),
  ofPresets('mgpr-table3', 'mgpr', 'table3', 'Wu et al., table 3: losses', ['paper']),
  ofPresets('mgpr-table4', 'mgpr', 'table4', 'Wu et al., table 4: interaction', ['paper']),
];
