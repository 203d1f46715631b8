import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EXPANSION_RULES, type ExpansionRule } from '../../engine/evaluation/expand.ts';
import { experimentById } from '../../engine/experiments/catalogue.ts';
import {
  DEFAULT_PROTOCOL,
  parseShard,
  plan,
  shardOf,
  type Experiment,
  type Protocol,
  type Row,
  type RunPlan,
} from '../../engine/experiments/experiment.ts';
import { FIGURES, shownFigure } from '../../engine/experiments/figures.ts';
import { refuseForeign, type RunResult } from '../../engine/experiments/result.ts';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import { resolveConfig, type Config } from '../../engine/heads/config.fields.ts';
import { widthsOf } from '../../engine/datasets/writing.ts';
import { writeWhole } from '../dataset.ts';
import { loadFolder, readFolder, requirePart } from '../folder.ts';
import { loadListed, loadTested, readListed, readText } from '../lists.ts';
import { openLab, progressLine, type Lab } from '../page.ts';
import { plain, readResults, show, tableOf } from '../results.ts';
import { PATIENCE_HELP, SELECTIONS, assignment, patienceOf, shareOf } from '../selection.ts';
import { UsageError, type Verb } from '../verb.ts';

export const experiment: Verb = {
  name: 'experiment',
  usage:
    'experiment NAME --data DIR [--list TRAIN --truth TEST] [--seeds N] [--steps N] [--shard I/N] [--out DIR]',
  does: 'A paper’s table over seeds: every run is made by itself and kept as a file; those that are there are not made again.',
  options: {
    data: { type: 'string' },
    'test-data': { type: 'string' },
    list: { type: 'string' },
    truth: { type: 'string' },
    expand: { type: 'string' },
    source: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    steps: { type: 'string', multiple: true, default: [] },
    select: { type: 'string', default: DEFAULT_PROTOCOL.select },
    validate: { type: 'string', default: String(DEFAULT_PROTOCOL.validate) },
    patience: { type: 'string', default: '0' },
    only: { type: 'string' },
    normalise: { type: 'string' },
    segments: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    shard: { type: 'string', default: '1/1' },
    out: { type: 'string' },
    csv: { type: 'string' },
    latex: { type: 'string' },
  },
  help: {
    data: 'folder with the training features, NAME.npy',
    'test-data': 'folder with the test features, if it is another',
    list: 'training videos: name label [class...]; without list and truth, what the folder is recognised as',
    truth: 'test videos: name class totalFrames start end ...',
    expand: `snippet to frame: ${EXPANSION_RULES.join(' | ')}, widths:FILE; default: repeat16, or what the folder says`,
    source: 'what the features are called, for a table of sources; the backbone if not told',
    seeds: 'how many seeds, counted from --seed',
    steps: 'training steps of every row, or of one head, as in --steps 400 --steps rtfm=60; may be repeated',
    select: 'which step counts: last | val (best on held-out training videos) | test (flatters)',
    validate: 'share of the training videos held out for val',
    patience: PATIENCE_HELP,
    only: 'rows whose id contains this',
    normalise: 'what is done to a feature before a head sees it, for all rows alike',
    segments: 'T, for all rows alike',
    set: 'another field of the heads, for all rows alike, e.g. --set inference=sliding; may be repeated',
    shard: 'the part of the runs that is made here, as in 2/3; each part may run anywhere, at any time',
    out: 'folder for a file per run; lab/experiments/NAME if not told',
    csv: 'file for the table, unrounded',
    latex: 'file for the table as a tabular',
  },

  async run({ files, values, common }) {
    const given = values as Record<string, string | undefined>;
    const table = experimentById(files[0] ?? '');
    const { data, list, truth, csv, latex } = given;
    if (!data || (list === undefined) !== (truth === undefined))
      throw new UsageError('experiment needs --data, and --list and --truth together or neither');
    const dataset = list === undefined ? await readFolder(data) : null;
    if (dataset) for (const part of ['train', 'test'] as const) requirePart(dataset, part, data);
    const ownWidths = dataset ? widthsOf(dataset) : '';
    const expand = given.expand ?? (ownWidths ? 'widths' : 'repeat16');
    const { protocol, widthsPath } = protocolOf(
      { ...given, expand },
      values.steps as string[],
      values.set as string[],
    );
    if (protocol.expansion === 'widths' && !widthsPath && !ownWidths)
      throw new UsageError('--expand widths needs a file: widths:FILE');
    const rows = table.rows.filter(({ id }) => id.includes(given.only ?? ''));
    protocol.config = checked(rows, protocol.config);
    const seeds = Number(given.seeds);
    if (!Number.isInteger(seeds) || seeds < 1) throw new UsageError('--seeds must be a whole number above 0');
    const shard = parseShard(given.shard!);
    if (protocol.select === 'test')
      console.error('The step of every row is chosen by the test videos: these figures flatter.');
    const out = given.out ?? join('lab', 'experiments', table.id);
    await mkdir(out, { recursive: true });
    const spans = widthsPath
      ? { text: await readText(widthsPath, 'expand'), name: basename(widthsPath) }
      : protocol.expansion === 'widths'
        ? { text: ownWidths, name: basename(data) }
        : null;

    let doing = '';
    const lab = await openLab({ ...common, onProgress: progressLine(() => doing) });
    try {
      if (list === undefined) await loadFolder(lab, data);
      else await loadListed(lab, data, await readListed(lab, list));
      if (truth !== undefined) await loadTested(lab, given['test-data'] ?? data, truth);
      const { backbone, ...origin } = await originOf(lab, table, spans);
      const sources = [given.source ?? backbone ?? basename(data)];
      const seedsFrom = Array.from({ length: seeds }, (_, i) => common.seed + i);
      const planned = plan(table, seedsFrom, protocol, sources);
      const runs = planned.filter(({ row }) => row.includes(given.only ?? ''));
      if (runs.length === 0) throw new UsageError(`--only ${given.only}: no row has this in its id`);
      for (const there of await readResults([out]))
        refuseForeign(there, { file: 'this run', result: { ...origin, plan: runs[0], protocol } });
      const own = shardOf(runs, shard);
      for (const [i, run] of own.entries()) {
        const path = join(out, `${run.id}.json`);
        if (existsSync(path)) continue;
        doing = `${run.id} (${i + 1} of ${own.length}):`;
        const result = await carryOut(lab, run, protocol, spans);
        await writeWhole(path, `${JSON.stringify(result)}\n`);
        console.error(lineOf(table, result));
      }
      const whole = tableOf(await readResults([out]));
      const done = whole.rows.reduce((sum, row) => sum + row.runs, 0);
      console.error(`${done} runs are in ${out}`);
      await show(whole, { csv, latex }, common.json ? console.error : console.log);
      return { out, ...plain(whole) };
    } finally {
      await lab.close();
    }
  },
};

interface TextFile {
  text: string;
  name: string;
}

async function originOf(lab: Lab, { id }: Experiment, widths: TextFile | null) {
  return lab.page.evaluate(
    async ({ id, widths }) => {
      const page = globalThis.weaklens!;
      return page.trialData(id, widths ? await page.client.readWidths(widths.text, widths.name) : undefined);
    },
    { id, widths },
  );
}

async function carryOut(
  lab: Lab,
  plan: RunPlan,
  protocol: Protocol,
  widths: TextFile | null,
): Promise<RunResult> {
  return lab.page.evaluate(
    async ({ plan, protocol, widths }) => {
      const page = globalThis.weaklens!;
      return page.trial({
        plan,
        protocol,
        widths: widths ? await page.client.readWidths(widths.text, widths.name) : undefined,
        onTick: ({ event, stepsPerSecond: perSecond }) =>
          globalThis.labProgress({ done: event.step, total: plan.steps, unit: 'steps', perSecond }),
      });
    },
    { plan, protocol, widths },
  );
}

/**
 * Settings for all rows alike, as their fields have them: refused before the first run, not after hours, and the same
 * run is planned whichever option said it.
 * @throws Failure `config-invalid` where the head of a row has no such field, or refuses the value
 */
function checked(rows: readonly Row[], given: Config): Config {
  return rows.reduce((config, { head, preset, config: own }) => {
    const card = headCards.find(({ id }) => id === head)!;
    const resolved = resolveConfig(card, preset, { ...own, ...config });
    return Object.fromEntries(Object.keys(config).map((key) => [key, resolved[key]]));
  }, given);
}

function protocolOf(
  given: Record<string, string | undefined>,
  steps: readonly string[],
  set: readonly string[],
) {
  const { select, expand, normalise, segments } = given;
  if (!(SELECTIONS as readonly string[]).includes(select!))
    throw new UsageError(`--select must be one of ${SELECTIONS.join(', ')}`);
  const [rule, widthsPath] = expand!.split(':');
  if (!(EXPANSION_RULES as readonly string[]).includes(rule))
    throw new UsageError(`--expand must be one of ${EXPANSION_RULES.join(', ')}`);
  const protocol: Protocol = {
    ...stepsIn(steps),
    select: select as Protocol['select'],
    validate: shareOf(given.validate!),
    patience: patienceOf(given.patience!),
    expansion: rule as ExpansionRule,
    config: {
      ...(normalise === undefined ? {} : { normalise }),
      ...(segments === undefined ? {} : { segments }),
      ...Object.fromEntries(set.map(assignment)),
    },
  };
  return { protocol, widthsPath };
}

/** `400` for all heads, `rtfm=60` for one. */
function stepsIn(given: readonly string[]): Pick<Protocol, 'steps' | 'stepsOf'> {
  let { steps } = DEFAULT_PROTOCOL;
  const stepsOf: Record<string, number> = {};
  for (const text of given) {
    const [value, head] = text.split('=').reverse();
    const number = Number(value);
    const isHead = head === undefined || headCards.some(({ id }) => id === head);
    if (!Number.isInteger(number) || number < 1 || !isHead)
      throw new UsageError(`--steps ${text}: expected a whole number, or head=number`);
    if (head === undefined) steps = number;
    else stepsOf[head] = number;
  }
  return { steps, stepsOf };
}

function lineOf({ figures }: Experiment, { plan, step, chosenBy, seconds, figures: own }: RunResult): string {
  const shown = figures.map((figure) => {
    const value = own[figure];
    return `${FIGURES[figure].title} ${value === null || value === undefined ? 'undefined' : shownFigure(figure, value)}`;
  });
  const chosen = chosenBy === null ? '' : ` (${chosenBy.toFixed(3)})`;
  return `${plan.id}: step ${step}${chosen}, ${shown.join(', ')}, ${seconds.toFixed(0)} s`;
}
