/** Runs as a table: what differs is a column, repeats over seeds are a row, the rest is told against a pinned one. */
import { expect, it } from 'vitest';
import { ledgerCsv, ledgerLatex, ledgerOf, seedsIn, worthText } from '../../../src/ui/state/ledger.ts';
import type { RunRecord } from '../../../src/workers/schema.ts';

const run = (id: string, seed: number, more: Partial<RunRecord> = {}): RunRecord => ({
  id,
  projectId: 'p',
  head: 'sultani',
  config: { dropout: 0.6, segments: 32 },
  seed,
  createdAt: 1,
  updatedAt: 1,
  step: 100,
  steps: 100,
  backend: 'wasm',
  version: '1',
  training: [],
  backbone: 'b',
  losses: { total: new Float32Array(0), terms: {} },
  ...more,
});
const changed = { config: { dropout: 0.3, segments: 32 } };
const runs = [run('a', 0), run('b', 1), run('c', 0, changed), run('d', 0)];
const worth = (frameAuc: number) => ({ frameAuc, videoAuc: 0.5, averagePrecision: null });
const worths = new Map([
  ['a', worth(0.6)],
  ['b', worth(0.8)],
  ['c', worth(0.5)],
  ['d', worth(0.9)],
]);

it('folds repeats over seeds, and a seed that was run twice not', () => {
  const { rows } = ledgerOf(runs, worths, null);
  expect(rows.map(({ runs: own }) => own.map(({ id }) => id))).toEqual([['a', 'b'], ['c'], ['d']]);
  expect(seedsIn(rows[0])).toBe('0, 1');
  expect(worthText(rows[0].figures.frameAuc, 2)).toBe('0.700 ± 0.141');
  expect(worthText(rows[0].figures.averagePrecision, 2)).toBe('–');
});

it('has columns for what differs only', () => {
  expect(ledgerOf(runs, worths, null).columns.map(({ title }) => title)).toEqual(['Dropout']);
  const heads = [run('a', 0), run('b', 0, { head: 'rtfm', config: { topSegments: 3 }, step: 60 })];
  expect(ledgerOf(heads, worths, null).columns.map(({ title }) => title)).toEqual(['Head', 'Steps']);
  expect(ledgerOf([run('a', 0)], worths, null).columns).toEqual([]);
});

it('tells the others against the pinned run, folded as it is', () => {
  const { rows } = ledgerOf(runs, worths, 'b');
  expect(rows[0].figures.frameAuc.delta).toBeNull();
  expect(rows[1].figures.frameAuc.delta).toBeCloseTo(-0.2, 9);
  expect(worthText(rows[1].figures.frameAuc, 1)).toBe('0.500 (−0.200)');
  expect(ledgerOf(runs, new Map(), 'b').rows[1].figures.frameAuc).toEqual({ spread: null, delta: null });
});

it('is written as CSV and LaTeX', () => {
  const noted = ledgerOf([runs[0], runs[1], { ...runs[2], note: 'half, "as said"' }], worths, 'a');
  const lines = ledgerCsv(noted).trim().split('\n');
  expect(lines[0]).toMatch(/^Dropout,Seeds,frameAuc mean,frameAuc deviation,frameAuc delta,/);
  expect(lines[1]).toMatch(/^0\.6,"0, 1",0\.7/);
  expect(lines[2]).toContain('"half, ""as said"""');
  expect(ledgerLatex(noted)).toContain('0.6 & 0, 1 & 0.700 $\\pm$ 0.141 & 0.500 $\\pm$ 0.000 & – \\\\');
});
