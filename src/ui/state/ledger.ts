/** The runs of a project as a table: only what differs is a column, and repeats over seeds are one row. */
import { csv, latex } from '../../engine/experiments/print.ts';
import { spreadOf, spreadText, type Spread } from '../../engine/experiments/spread.ts';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import type { RunRecord } from '../../workers/client.ts';
import { inWords } from './forking.ts';
import { repeatsIn, seedsOf } from './repeats.ts';

/** What a run is worth over the test part, as far as that is known; null where it is undefined. */
export interface Worth {
  frameAuc: number | null;
  videoAuc: number | null;
  averagePrecision: number | null;
}

export const WORTH = {
  frameAuc: { title: 'Frame AUC', help: 'Over all frames of the annotated test videos.' },
  videoAuc: { title: 'Video AUC', help: 'Of one score a test video against its label.' },
  averagePrecision: { title: 'AP', help: 'Average precision over the same frames.' },
} as const;
export const WORTHS = Object.keys(WORTH) as (keyof Worth)[];

export interface LedgerColumn {
  title: string;
  of: (run: RunRecord) => string;
}

/** Runs that differ in their seed alone. */
export interface LedgerRow {
  /** Of its first run. */
  id: string;
  runs: RunRecord[];
  figures: Record<keyof Worth, { spread: Spread | null; delta: number | null }>;
}

export interface Ledger {
  columns: LedgerColumn[];
  rows: LedgerRow[];
}

/** @param pinned id of a run; the others are told by how much they differ from its row */
export function ledgerOf(
  runs: readonly RunRecord[],
  worths: ReadonlyMap<string, Worth>,
  pinned: string | null,
): Ledger {
  const rows = repeatsIn(runs, (run) => run).map((own): LedgerRow => {
    const spreadIn = (figure: keyof Worth) => {
      const values = own.map(({ id }) => worths.get(id)?.[figure]);
      return values.every((value) => typeof value === 'number') ? spreadOf(values as number[]) : null;
    };
    const figures = Object.fromEntries(
      WORTHS.map((figure) => [figure, { spread: spreadIn(figure), delta: null }]),
    ) as LedgerRow['figures'];
    return { id: own[0].id, runs: own, figures };
  });
  const base = rows.find((row) => row.runs.some(({ id }) => id === pinned));
  for (const { figures } of rows.filter((row) => row !== base)) {
    for (const figure of WORTHS) {
      const [own, against] = [figures[figure].spread, base?.figures[figure].spread];
      if (own && against) figures[figure].delta = own.mean - against.mean;
    }
  }
  return { columns: columnsOf(runs), rows };
}

const HEADS = new Map(headCards.map((card) => [card.id, card]));

/** What is not the same for all runs. Fields count among the runs of heads that have them. */
function columnsOf(runs: readonly RunRecord[]): LedgerColumn[] {
  const facts: LedgerColumn[] = [
    { title: 'Head', of: ({ head }) => HEADS.get(head)?.title ?? head },
    { title: 'Steps', of: ({ step }) => String(step) },
    { title: 'Counts', of: ({ selection = 'last' }) => selection },
    { title: 'Bags', of: ({ training, heldOut = [] }) => String(training.length + heldOut.length) },
    { title: 'Threshold', of: ({ threshold }) => threshold?.toFixed(3) ?? '–' },
    { title: 'Backbone', of: ({ backbone }) => backbone },
    { title: 'Device', of: ({ backend }) => backend },
  ];
  const keys = [...new Set(runs.flatMap(({ config }) => Object.keys(config)))];
  const fields = keys.flatMap((key): LedgerColumn[] => {
    const having = runs.filter(({ config }) => config[key] !== undefined);
    const perHead = new Map<string, Set<unknown>>();
    for (const { head, config } of having)
      perHead.set(head, (perHead.get(head) ?? new Set()).add(config[key]));
    if ([...perHead.values()].every(({ size }) => size < 2)) return []; // it comes with the head
    const title = having.map(({ head }) => HEADS.get(head)?.fields[key]?.label).find(Boolean) ?? key;
    return [{ title, of: ({ config }) => (config[key] === undefined ? '–' : inWords(config[key])) }];
  });
  return [...facts.filter(({ of }) => new Set(runs.map(of)).size > 1), ...fields];
}

/** The seeds of a row, as they are written. */
export const seedsIn = ({ runs }: LedgerRow): string => seedsOf(runs);

const HEADINGS = ({ columns }: Ledger) => [...columns.map(({ title }) => title), 'Seeds'];
const fieldsOf = ({ columns }: Ledger, row: LedgerRow) => [
  ...columns.map(({ of }) => [...new Set(row.runs.map(of))].join(', ')),
  seedsIn(row),
];
const notesIn = ({ runs }: LedgerRow) => runs.flatMap(({ note }) => note ?? []).join('; ');

/** Mean, deviation and delta in columns of their own, unrounded. */
export function ledgerCsv(ledger: Ledger): string {
  const figures = WORTHS.flatMap((figure) => [`${figure} mean`, `${figure} deviation`, `${figure} delta`]);
  const lines = ledger.rows.map((row) => [
    ...fieldsOf(ledger, row),
    ...WORTHS.flatMap((figure) => {
      const { spread, delta } = row.figures[figure];
      return [spread?.mean ?? '', spread?.deviation ?? '', delta ?? ''];
    }),
    notesIn(row),
  ]);
  return csv([[...HEADINGS(ledger), ...figures, 'note'], ...lines]);
}

export function ledgerLatex(ledger: Ledger): string {
  const heads = [...HEADINGS(ledger), ...WORTHS.map((figure) => WORTH[figure].title)];
  const lines = ledger.rows.map((row) => [
    ...fieldsOf(ledger, row),
    ...WORTHS.map((figure) => worthText(row.figures[figure], row.runs.length)),
  ]);
  return latex(heads, lines, []);
}

/** A figure as it is shown: over several seeds with its deviation, and with its difference where one is told. */
export function worthText({ spread, delta }: LedgerRow['figures']['frameAuc'], runs: number): string {
  if (!spread) return '–';
  const sign = delta !== null && delta < 0 ? '−' : '+';
  const difference = delta === null ? '' : ` (${sign}${Math.abs(delta).toFixed(3)})`;
  return (runs > 1 ? spreadText(spread) : spread.mean.toFixed(3)) + difference;
}
