/** A paper's table over seeds: from the command line in shards, one of which is killed, and on the page. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../src/engine/experiments/result.ts';
import { folder, lab, plantedFeatures, startLab } from './command.ts';
import type { Page } from '@playwright/test';
import { loadListed, loadTested, readListed } from '../../src/cli/lists.ts';
import type { Lab } from '../../src/cli/page.ts';
import { expect, open, ready, test } from './weaklens.ts';

/** Twenty short videos, six of them to be judged by. */
function smallData() {
  const data = folder();
  const { list, truth } = plantedFeatures(data, 20);
  const rows = (path: string) => readFileSync(path, 'utf8').split('\n');
  writeFileSync(list, rows(list).slice(0, 14).join('\n'));
  writeFileSync(truth, rows(truth).slice(14).join('\n'));
  return { data, list, truth };
}

const resultsIn = (out: string) =>
  readdirSync(out)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(out, name), 'utf8')) as RunResult);

/** What must not depend on how often a run was interrupted. */
const figuresIn = (results: readonly RunResult[]) =>
  results.map(({ plan, step, chosenBy, figures, perClass }) => ({
    id: plan.id,
    step,
    chosenBy,
    figures,
    perClass,
  }));

test('shards run apart; one that is killed is run again, and together they are the table @long', async () => {
  test.setTimeout(240_000);
  const { data, list, truth } = smallData();
  const [whole, shared] = [folder(), folder()];
  const given = [
    ...['experiment', 'mgfn-table-4', '--data', data, '--list', list, '--truth', truth, '--backend', 'cpu'],
    ...['--seeds', '2', '--steps', '8', '--segments', '8', '--normalise', 'standard'],
  ];

  const first = startLab(...given, '--shard', '1/2', '--out', shared);
  const second = startLab(...given, '--shard', '2/2', '--out', shared);
  await expect.poll(() => resultsIn(shared).length, { timeout: 60_000 }).toBeGreaterThan(0);
  const before = new Map(readdirSync(shared).map((name) => [name, readFileSync(join(shared, name), 'utf8')]));
  process.kill(-first.child.pid!, 'SIGKILL');
  await first.answer;
  expect((await second.answer).code).toBe(0);
  for (const [name, text] of before)
    if (name.endsWith('.json')) expect(readFileSync(join(shared, name), 'utf8')).toBe(text);

  // What a killed run leaves half-written has another ending.
  writeFileSync(join(shared, 'mgfn-table-4.fam.seed-9.json.1.part'), '{"format":');
  const again = await lab(...given, '--shard', '1/2', '--out', shared);
  expect(again.code, again.stderr).toBe(0);
  for (const [name, text] of before)
    if (name.endsWith('.json')) expect(readFileSync(join(shared, name), 'utf8')).toBe(text); // not made again

  const merged = await lab('merge', shared, '--json', '--csv', join(data, 'table.csv'));
  expect(merged.code, merged.stderr).toBe(0);
  expect(merged.stderr).toContain('* as printed in Chen et al. 2023; not comparable');
  const rows = merged.json().rows as { row: string; runs: number; figures: { frameAuc: { mean: number } } }[];
  expect(rows.map(({ row, runs }) => [row, runs])).toEqual([
    ...[
      ['baseline', 2],
      ['fam', 2],
      ['mc', 2],
      ['fam-mc', 2],
    ],
  ]);
  expect(readFileSync(join(data, 'table.csv'), 'utf8').split('\n')).toHaveLength(6);

  const inOne = await lab(...given, '--out', whole);
  expect(inOne.code, inOne.stderr).toBe(0);
  expect(figuresIn(resultsIn(shared))).toEqual(figuresIn(resultsIn(whole)));

  const mixed = await lab(...given, '--steps', '9', '--out', shared);
  expect(mixed.code).not.toBe(0);
  expect(mixed.stderr.trim().split('\n').at(-1)).toMatch(/^lab: .*\.json: Its protocol is 8 steps/);
  writeFileSync(join(shared, 'half.json'), '{"format":"weaklens-experiment-run","ver');
  const half = await lab('merge', shared);
  expect(half.stderr).toMatch(/half\.json: It is not JSON, or only the beginning of it/);
  expect(existsSync(join(shared, 'half.json'))).toBe(true);
  const unknown = await lab('experiment', 'mgfn-table4', '--data', data, '--list', list, '--truth', truth);
  expect(unknown.stderr).toContain('mgfn-table-4');
});

/** The results that the page keeps of an experiment. */
const keptIn = (page: Page, experiment: string) =>
  page.evaluate(async (experiment) => {
    const { store } = globalThis.weaklens!.client;
    const [project] = await store.projects();
    const records = await store.experiments(project.id);
    return [...(records.find((record) => record.experiment === experiment)?.results ?? [])];
  }, experiment);

test('an experiment that a reload interrupts finishes, and the command line comes to the same numbers', async ({
  page,
  house,
}) => {
  test.setTimeout(300_000);
  const { data, list, truth } = smallData();
  await open(page, await house.serve());
  await loadListed({ page } as Lab, data, await readListed({ page } as Lab, list));
  await loadTested({ page } as Lab, data, truth);

  await page.getByRole('tab', { name: 'Experiments' }).click();
  const start = async (id: string, seeds: number, steps: number) => {
    await page.getByRole('combobox', { name: 'Experiment', exact: true }).selectOption(id);
    await page.getByLabel('Seeds', { exact: true }).fill(String(seeds));
    await page.getByRole('tabpanel').getByLabel('Steps', { exact: true }).fill(String(steps));
    await page.getByRole('combobox', { name: 'Features', exact: true }).selectOption('standard');
    await page.getByRole('button', { name: /^Run \d+ rows/ }).click();
  };
  const queue = (id: string) => page.getByRole('region', { name: `Experiment ${id}` });
  await start('wsal-noise', 2, 12);
  await expect(queue('wsal-noise').getByText(/^[1-3] of 4 runs done/)).toBeVisible({ timeout: 90_000 });
  const before = await keptIn(page, 'wsal-noise');
  await page.reload();
  await ready(page);
  await page.getByRole('tab', { name: 'Experiments' }).click();
  await expect(queue('wsal-noise').getByText('4 of 4 runs done')).toBeVisible({ timeout: 120_000 });
  const after = await keptIn(page, 'wsal-noise');
  expect(after.slice(0, before.length)).toEqual(before); // finished runs are not made again
  expect(new Set(after.map(({ plan }) => plan.id)).size).toBe(4);
  expect(await page.evaluate(() => globalThis.weaklens!.runs().length)).toBe(0);
  await expect(queue('wsal-noise').getByRole('table')).toContainText('before (IS, DV, HCE)');

  await start('mgfn-table-4', 1, 6);
  await expect(queue('mgfn-table-4').getByText('4 of 4 runs done')).toBeVisible({ timeout: 120_000 });
  await expect(queue('mgfn-table-4').getByRole('table')).toContainText('86.98');
  await expect(queue('mgfn-table-4')).toContainText('not comparable');

  const out = folder();
  for (const [id, seeds, steps] of [
    ['mgfn-table-4', '1', '6'],
    ['wsal-noise', '2', '12'],
  ]) {
    const said = await lab(
      ...['experiment', id, '--data', data, '--list', list, '--truth', truth, '--normalise', 'standard'],
      ...['--seeds', seeds, '--steps', steps, '--out', join(out, id)],
    );
    expect(said.code, said.stderr).toBe(0);
    const byId = (a: { plan: { id: string } }, b: { plan: { id: string } }) =>
      a.plan.id < b.plan.id ? -1 : 1;
    const onPage = (await keptIn(page, id)).sort(byId);
    const fromLab = resultsIn(join(out, id)).sort(byId);
    expect(figuresIn(fromLab)).toEqual(figuresIn(onPage));
    expect(fromLab.map(({ data }) => data)).toEqual(onPage.map(({ data }) => data));
    expect(fromLab[0].protocol).toEqual(onPage[0].protocol);
  }
});
