/** Results of runs: read strictly, joined only where they belong together, and printed as the papers print theirs. */
import { expect, it } from 'vitest';
import { experimentById } from '../../../src/engine/experiments/catalogue.ts';
import { DEFAULT_PROTOCOL, plan } from '../../../src/engine/experiments/experiment.ts';
import { asCsv, asLatex, asText } from '../../../src/engine/experiments/print.ts';
import { join, parseResult, type RunResult } from '../../../src/engine/experiments/result.ts';
import { gather } from '../../../src/engine/experiments/table.ts';

const table4 = experimentById('mgfn-table-4');

/** Results of all rows over two seeds; row i with seed s has a frame AUC of .6 + .05 i + .02 s. */
function results(id = 'mgfn-table-4', sources: string[] = []): RunResult[] {
  const experiment = experimentById(id);
  return plan(experiment, [0, 1], DEFAULT_PROTOCOL, sources).map((planned): RunResult => {
    const row = experiment.rows.findIndex((own) => own.id === planned.row);
    const frameAuc = 0.6 + 0.05 * row + 0.02 * planned.seed;
    return {
      format: 'weaklens-experiment-run',
      version: 1,
      weaklens: '0.1.0',
      plan: planned,
      protocol: DEFAULT_PROTOCOL,
      data: { hash: 'a'.repeat(64), training: 244, test: 27 },
      backend: 'cpu',
      step: 40,
      chosenBy: 0.9,
      steps: 200,
      figures: { frameAuc, averagePrecision: row === 2 ? null : 0.5, anomalySubsetAuc: 0.55 },
      perClass: { Arson: frameAuc, Fighting: 0.5 },
      seconds: 1,
    };
  });
}

const files = (own: RunResult[]) => own.map((result) => ({ file: `${result.plan.id}.json`, result }));

it('reads what it wrote, and nothing else', () => {
  const [result] = results();
  const text = JSON.stringify(result);
  expect(parseResult(text, 'a.json')).toEqual(result);
  expect(() => parseResult(text.slice(0, 300), 'half.json')).toThrow(/half\.json.*only the beginning/);
  expect(() => parseResult('{"format":"weaklens-scores"}', 'b.json')).toThrow(/b\.json.*not the result/);
  expect(() => parseResult('null', 'c.json')).toThrow(/not the result/);
  const wrong = JSON.stringify({ ...result, figures: { frameAuc: 'high' } });
  expect(() => parseResult(wrong, 'd.json')).toThrow(/d\.json.*figures/);
  expect(() => parseResult(JSON.stringify({ ...result, version: 2 }), 'e.json')).toThrow(/version/);
});

it('a run that diverged is a result without figures, said of by name, and its row has none', () => {
  const [first, ...rest] = results();
  const diverged = { ...first, figures: {}, perClass: {}, divergedAt: 7 };
  expect(parseResult(JSON.stringify(diverged), 'a.json')).toEqual(diverged);
  const table = gather(table4, [diverged, ...rest]);
  expect(table.rows[0]).toMatchObject({ runs: 2 });
  expect(table.rows[0].cells.frameAuc!.spread).toBeNull();
  expect(table.rows[1].cells.frameAuc!.spread).not.toBeNull();
  expect(asText(table).join('\n')).toMatch(/mgfn-table-4\.baseline\.seed-0 diverged/);
  expect(asText(gather(table4, results())).join('\n')).not.toContain('diverged');
});

it('joins what belongs together, a run that is there twice once', () => {
  const all = results();
  const { experiment, results: joined } = join(files([...all.slice(3), ...all.slice(0, 5)]));
  expect(experiment).toBe(table4);
  expect(joined).toHaveLength(8);
});

it.each<[string, (result: RunResult) => RunResult, RegExp]>([
  [
    'experiments',
    () => results('mgfn-table-3')[0],
    /experiment is mgfn-table-3, and that of .* is mgfn-table-4/,
  ],
  ['versions', (own) => ({ ...own, weaklens: '9.9.9' }), /version of Weaklens is 9\.9\.9/],
  [
    'data',
    (own) => ({ ...own, data: { hash: 'b'.repeat(64), training: 10, test: 4 } }),
    /data is 10 \+ 4 videos, bbbbbbbbbbbb, and that of .* is 244 \+ 27/,
  ],
  [
    'protocols',
    (own) => ({ ...own, protocol: { ...own.protocol, steps: 7, select: 'last' } }),
    /protocol is 7 steps, step by last/,
  ],
  [
    'figures of one run',
    (own) => ({ ...own, plan: results()[0].plan, figures: { frameAuc: 0.1 } }),
    /figures for mgfn-table-4\.baseline\.seed-0/,
  ],
])('refuses mixed %s, and names the file', (_, change, message) => {
  const all = files(results());
  all[7] = { file: 'odd.json', result: change(all[7].result) };
  expect(() => join(all)).toThrow(message);
  expect(() => join(all)).toThrow(/odd\.json/);
});

it('lets sources of features have data of their own where they are what is compared', () => {
  const all = results('wsal-table-6', ['C3D-PCA', 'ours']).map((own) =>
    own.plan.source === 'ours' ? { ...own, data: { hash: 'c'.repeat(64), training: 96, test: 24 } } : own,
  );
  const { experiment, results: joined } = join(files(all));
  const rows = gather(experiment, joined).rows.filter(({ isOurs }) => isOurs);
  expect(rows.map(({ label, runs }) => [label, runs])).toEqual([
    ['C3D-PCA: IS, DV', 2],
    ['C3D-PCA: IS, DV, HCE (+)', 2],
    ['ours: IS, DV', 2],
    ['ours: IS, DV, HCE (+)', 2],
  ]);
  all[0] = { ...all[0], data: { hash: 'd'.repeat(64), training: 1, test: 1 } };
  expect(() => join(files(all))).toThrow(/data is/);
});

it('gathers mean, deviation and the difference from the first row or the pinned one', () => {
  const { rows, seeds } = gather(table4, results());
  expect(seeds).toEqual([0, 1]);
  const [first, second, third] = rows;
  expect(first.cells.frameAuc!.spread).toEqual({
    mean: expect.closeTo(0.61, 9),
    deviation: expect.closeTo(0.02 / Math.SQRT2, 9),
  });
  expect(first.cells.frameAuc!.delta).toBeNull();
  expect(second.cells.frameAuc!.delta).toBeCloseTo(0.05, 9);
  expect(third.cells.averagePrecision!.spread).toBeNull();
  const pinned = gather(table4, results(), second.id).rows;
  expect(pinned[0].cells.frameAuc!.delta).toBeCloseTo(-0.05, 9);
  expect(pinned[1].cells.frameAuc!.delta).toBeNull();
  const half = gather(table4, results().slice(0, 1)).rows;
  expect(half.map(({ runs }) => runs)).toEqual([1, 0, 0, 0]);
  expect(half[1].cells.frameAuc).toEqual({ spread: null, delta: null });
});

it('says of the paper’s figures whose they are and why they do not compare', () => {
  const text = asText(gather(table4, results())).join('\n');
  expect(text).toContain('AP (%), XD-Violence*');
  expect(text).toContain('86.98');
  expect(text).toMatch(/FAM, MC +2 +76\.00 ± 1\.41 \(\+15\.00\)/);
  expect(text).toMatch(
    /\* as printed in Chen et al\. 2023; not comparable: .*UCF-Crime \(other data: 1610 training and 290 test videos there, 244 training and 27 test videos here\)/,
  );
  const same = results().map((own) => ({ ...own, data: { ...own.data, training: 1610, test: 290 } }));
  expect(gather(table4, same).comparable['UCF-Crime']).toBeNull();
});

it('prints classes where the paper does, and other methods beside ours', () => {
  const classes = gather(experimentById('salient-figure-3'), results('salient-figure-3'));
  expect(classes.classes).toEqual(['Arson', 'Fighting']);
  expect(asText(classes)[1]).toMatch(/Arson +Fighting/);
  const ranks = gather(experimentById('gig-table-2'), []);
  expect(ranks.rows.map(({ label }) => label)).toContain('SYSU-BAIDU');
  expect(asText(ranks).join('\n')).toMatch(/SYSU-BAIDU +66\.41/);
});

it('writes CSV that reads back to the same numbers, and LaTeX that LaTeX reads', () => {
  const table = gather(table4, results());
  const [heads, first, second] = asCsv(table).trim().split('\n');
  expect(heads.split(',').slice(0, 5)).toEqual([
    ...['row', 'runs', 'frameAuc mean', 'frameAuc deviation', 'frameAuc delta'],
  ]);
  expect(first).toMatch(/^cross entropy alone,2,0\.61/);
  expect(asCsv(table)).toContain('\n"FAM, MC",2,');
  expect(Number(second.split(',')[4])).toBeCloseTo(0.05, 9);
  const latex = asLatex(table);
  expect(latex).toContain('\\begin{tabular}{lrrrr}');
  expect(latex).toContain('Frame AUC (\\%) & AP (\\%)');
  expect(latex).toContain('76.00 $\\pm$ 1.41 (+15.00)');
  const body = latex.split('\\midrule')[1].split('\\bottomrule')[0];
  expect(body).not.toMatch(/(?<!\\)[%_#]/);
  for (const line of body.trim().split('\n')) expect(line.split('&')).toHaveLength(5);
});
