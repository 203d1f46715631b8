/** A table as text, CSV and LaTeX. The paper's figures are marked as the paper's. */
import { csvField } from '../formats/csv.ts';
import { FIGURES, shownFigure, shownReported, titleOf, type FigureId } from './figures.ts';
import type { Spread } from './spread.ts';
import type { Table, TableRow } from './table.ts';

const UNDEFINED = 'undefined';

/** Mean and deviation, as they are printed. */
export function shownSpread(figure: FigureId, { mean, deviation }: Spread): string {
  return FIGURES[figure].unit === 'share'
    ? `${shownFigure(figure, mean)} ± ${shownFigure(figure, deviation)}`
    : shownFigure(figure, mean);
}

/** With its sign. */
export function shownDelta(figure: FigureId, delta: number): string {
  const text = shownFigure(figure, Math.abs(delta));
  return `${delta < 0 ? '−' : '+'}${text}`;
}

/** The paper's figure of a row, or nothing. */
export function reportedOf(row: TableRow, { dataset, figure }: Table['reported'][number]): string {
  const value = row.reported?.[dataset]?.[figure];
  return value === undefined ? '' : shownReported(figure, value);
}

/** For people: what was run, the table, and what is to be said of the paper's figures. */
export function asText(table: Table): string[] {
  const { experiment, rows, classes, reported } = table;
  const heads = ['row', 'runs', ...experiment.figures.map(titleOf), ...classes, ...reported.map(paperTitle)];
  const lines = rows.map((row) => [
    row.label,
    row.isOurs ? String(row.runs) : '',
    ...experiment.figures.map((figure) => cellText(row, figure)),
    ...classes.map((name) => classText(row, name)),
    ...reported.map((column) => reportedOf(row, column)),
  ]);
  const widths = heads.map((head, i) => Math.max(...[head, ...lines.map((line) => line[i])].map(lengthOf)));
  const drawn = [heads, ...lines].map((line) =>
    line
      .map((text, i) => text + ' '.repeat(widths[i] - lengthOf(text)))
      .join('  ')
      .trimEnd(),
  );
  return [`${experiment.id}: ${experiment.title}`, ...drawn, ...remarks(table)];
}

const lengthOf = (text: string): number => [...text].length;

/** What must be known to read the table. */
export function remarks({ experiment, reported, comparable, diverged }: Table): string[] {
  const apart = Object.entries(comparable).flatMap(([dataset, why]) => (why ? [`${dataset} (${why})`] : []));
  return [
    ...(reported.length > 0
      ? [
          `* as printed in ${experiment.paper}${apart.length > 0 ? '; not comparable: ' : ''}${apart.join(', ')}`,
        ]
      : []),
    ...(experiment.note ? [experiment.note] : []),
    ...diverged.map((id) => `${id} diverged: its loss was no longer a number, so its row has no figures.`),
  ];
}

/** Heads a column of the paper's figures. */
export const paperTitle = ({ dataset, figure }: Table['reported'][number]): string =>
  `${titleOf(figure)}, ${dataset}*`;

function cellText(row: TableRow, figure: FigureId): string {
  const cell = row.cells[figure];
  if (!cell || row.runs === 0) return '';
  if (!cell.spread) return UNDEFINED;
  const delta = cell.delta === null ? '' : ` (${shownDelta(figure, cell.delta)})`;
  return shownSpread(figure, cell.spread) + delta;
}

function classText({ classes, runs }: TableRow, name: string): string {
  const spread = classes[name];
  return spread ? shownSpread('frameAuc', spread) : runs > 0 ? UNDEFINED : '';
}

/** Mean, deviation and delta in columns of their own, unrounded; shares as 0..1, the paper's figures as it prints them. */
export function asCsv({ experiment, rows, classes, reported }: Table): string {
  const heads = [
    'row',
    'runs',
    ...experiment.figures.flatMap((figure) => [`${figure} mean`, `${figure} deviation`, `${figure} delta`]),
    ...classes.flatMap((name) => [`${name} mean`, `${name} deviation`]),
    ...reported.map(({ dataset, figure }) => `paper: ${figure} on ${dataset}`),
  ];
  const pair = (spread: Spread | null | undefined) => [spread?.mean ?? '', spread?.deviation ?? ''];
  const lines = rows.map((row) => [
    row.label,
    row.isOurs ? row.runs : '',
    ...experiment.figures.flatMap((figure) => [
      ...pair(row.cells[figure]?.spread),
      row.cells[figure]?.delta ?? '',
    ]),
    ...classes.flatMap((name) => pair(row.classes[name])),
    ...reported.map(({ dataset, figure }) => row.reported?.[dataset]?.[figure] ?? ''),
  ]);
  return csv([heads, ...lines]);
}

/** Lines of a CSV file; a field with a comma, quote or line break stands in quotes. */
export function csv(lines: readonly (readonly (string | number)[])[]): string {
  return lines.map((line) => `${line.map(csvField).join(',')}\n`).join('');
}

/** A `tabular` with booktabs rules. */
export function asLatex(table: Table): string {
  const { experiment, rows, classes, reported } = table;
  const heads = ['', ...experiment.figures.map(titleOf), ...classes, ...reported.map(paperTitle)];
  const lines = rows.map((row) => [
    row.label,
    ...experiment.figures.map((figure) => cellText(row, figure)),
    ...classes.map((name) => classText(row, name)),
    ...reported.map((column) => reportedOf(row, column)),
  ]);
  return latex(heads, lines, [`${experiment.id}: ${experiment.title}`, ...remarks(table)]);
}

/** @param remarks comments above it */
export function latex(
  heads: readonly string[],
  lines: readonly (readonly string[])[],
  remarks: readonly string[],
): string {
  const row = (fields: readonly string[]) => `${fields.map(inLatex).join(' & ')} \\\\`;
  return [
    ...remarks.map((line) => `% ${line}`),
    `\\begin{tabular}{l${'r'.repeat(heads.length - 1)}}`,
    '\\toprule',
    row(heads),
    '\\midrule',
    ...lines.map(row),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

const IN_LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '±': '$\\pm$',
  '−': '$-$',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function inLatex(text: string): string {
  return text.replace(/[\\±−~^]|[&%$#_{}]/g, (sign) => IN_LATEX[sign] ?? `\\${sign}`);
}
