/** Results as the table that the paper prints: mean and deviation over seeds, beside the paper's own figures. */
import { DATASET_SIZES } from './catalogue.ts';
import type { Experiment, Reported } from './experiment.ts';
import type { FigureId } from './figures.ts';
import type { RunResult } from './result.ts';
import { spreadOf, type Spread } from './spread.ts';

export interface TableCell {
  /** Over seeds; null while there is no run, or where a run's figure is undefined. */
  spread: Spread | null;
  /** The mean against that of the row that all are compared with; null for that row itself. */
  delta: number | null;
}

export interface TableRow {
  /** Row and source. */
  id: string;
  label: string;
  /** Finished runs. */
  runs: number;
  cells: Partial<Record<FigureId, TableCell>>;
  /** Frame AUC by class, where the experiment asks for it. */
  classes: Record<string, Spread | null>;
  /** Null for a row of ours that the paper has not. */
  reported: Reported | null;
  /** False for a method that is in the paper only. */
  isOurs: boolean;
}

export interface Table {
  experiment: Experiment;
  rows: TableRow[];
  classes: string[];
  /** The paper's datasets and figures, a column each. */
  reported: { dataset: string; figure: FigureId }[];
  /** Why the paper's figures and these are not to be compared, by dataset; null where the sizes agree. */
  comparable: Record<string, string | null>;
  seeds: number[];
  /** Ids of the runs whose loss was no longer a number. */
  diverged: string[];
}

/** @param pinned id of the row that the others are compared with; the first if not told */
export function gather(experiment: Experiment, results: readonly RunResult[], pinned?: string): Table {
  const sources = experiment.bySource ? [...new Set(results.map(({ plan }) => plan.source))] : [null];
  const classes = experiment.byClass
    ? [...new Set(results.flatMap(({ perClass }) => Object.keys(perClass)))].sort()
    : [];
  const ours = (sources.length > 0 ? sources : [null]).flatMap((source) =>
    experiment.rows.map(({ id, label, reported }): TableRow => {
      const own = results.filter(({ plan }) => plan.row === id && plan.source === source);
      return {
        id: source === null ? id : `${id}.${source}`,
        label: source === null ? label : `${source}: ${label}`,
        runs: own.length,
        cells: Object.fromEntries(
          experiment.figures.map((figure) => [
            figure,
            { spread: spreadOver(own.map(({ figures }) => figures[figure])), delta: null },
          ]),
        ),
        classes: Object.fromEntries(
          classes.map((name) => [name, spreadOver(own.map(({ perClass }) => perClass[name]))]),
        ),
        reported: experiment.bySource ? null : (reported ?? null),
        isOurs: true,
      };
    }),
  );
  const base = ours.find(({ id }) => id === pinned) ?? ours[0];
  for (const { id, cells } of ours) {
    for (const figure of experiment.figures) {
      const [cell, against] = [cells[figure]!, base.cells[figure]!.spread];
      if (id !== base.id && cell.spread && against) cell.delta = cell.spread.mean - against.mean;
    }
  }
  const others = (experiment.others ?? []).map(({ label, reported }): TableRow => ({
    id: `paper.${label}`,
    label,
    runs: 0,
    cells: {},
    classes: {},
    reported,
    isOurs: false,
  }));
  const rows = [...ours, ...others];
  const reported = reportedColumns(rows);
  const datasets = [...new Set(reported.map(({ dataset }) => dataset))];
  return {
    experiment,
    rows,
    classes,
    reported,
    comparable: Object.fromEntries(datasets.map((name) => [name, differenceFrom(name, results)])),
    seeds: [...new Set(results.map(({ plan }) => plan.seed))].sort((a, b) => a - b),
    diverged: results.filter(({ divergedAt }) => divergedAt !== undefined).map(({ plan }) => plan.id),
  };
}

/** Null without a run, and where the figure of one is undefined: a mean over the others would be of other runs. */
function spreadOver(values: readonly (number | null | undefined)[]): Spread | null {
  return values.every((value) => typeof value === 'number') ? spreadOf(values as number[]) : null;
}

function reportedColumns(rows: readonly TableRow[]): Table['reported'] {
  const columns: Table['reported'] = [];
  for (const { reported } of rows) {
    for (const [dataset, figures] of Object.entries(reported ?? {})) {
      for (const figure of Object.keys(figures) as FigureId[]) {
        if (!columns.some((column) => column.dataset === dataset && column.figure === figure))
          columns.push({ dataset, figure });
      }
    }
  }
  return columns.sort((a, b) => a.dataset.localeCompare(b.dataset) * -1);
}

/** In words, what makes other data of it; that the numbers of videos agree does not make it the same. */
function differenceFrom(dataset: string, results: readonly RunResult[]): string | null {
  const [first] = results;
  const size = DATASET_SIZES[dataset];
  if (!first) return 'nothing was run yet';
  const here = `${first.data.training} training and ${first.data.test} test videos here`;
  if (!size) return `other data: ${here}`;
  const [training, test] = size;
  if (first.data.training === training && first.data.test === test) return null;
  return `other data: ${training} training and ${test} test videos there, ${here}`;
}
