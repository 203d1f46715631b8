import { basename } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import { tables, type Row } from '../../engine/experiments/tables.ts';
import { EXPANSION_RULES } from '../../engine/evaluation/expand.ts';
import { truthFileOf, widthsOf } from '../../engine/datasets/writing.ts';
import { loadFolder, readFolder, requirePart } from '../folder.ts';
import { loadListed, loadTested, readListed, readText } from '../lists.ts';
import { openLab, progressLine, type Lab } from '../page.ts';
import { SELECTIONS, shareOf } from '../selection.ts';
import { spreadOf, spreadText, type Spread } from '../spread.ts';
import { UsageError, type Verb } from '../verb.ts';

/** What one row came to with one seed. */
interface Outcome {
  row: string;
  seed: number;
  /** The step that counts. */
  step: number;
  /** What it was chosen by; null for the last step. */
  chosenBy: number | null;
  frameAuc: number | null;
  anomalySubsetAuc: number | null;
  videoAuc: number | null;
  averagePrecision: number | null;
  seconds: number;
}

const FIGURES = ['frameAuc', 'anomalySubsetAuc', 'videoAuc', 'averagePrecision'] as const;

export const experiment: Verb = {
  name: 'experiment',
  usage: 'experiment NAME --data DIR [--list TRAIN --truth TEST] [--seeds N] [--steps N] [--out FILE.json]',
  does: 'A table over seeds: trains every row, chooses its step on held-out training videos, evaluates the test videos.',
  options: {
    data: { type: 'string' },
    'test-data': { type: 'string' },
    list: { type: 'string' },
    truth: { type: 'string' },
    expand: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    steps: { type: 'string', multiple: true, default: [] },
    select: { type: 'string', default: 'val' },
    validate: { type: 'string', default: '0.2' },
    only: { type: 'string' },
    normalise: { type: 'string' },
    out: { type: 'string' },
  },
  help: {
    data: 'folder with the training features, NAME.npy',
    'test-data': 'folder with the test features, if it is another',
    list: 'training videos: name label [class...]; without list and truth, what the folder is recognised as',
    truth: 'test videos: name class totalFrames start end ...',
    expand: `snippet to frame: ${EXPANSION_RULES.join(' | ')}, widths:FILE; default: repeat16, or what the folder says`,
    seeds: 'how many seeds, counted from --seed',
    steps: 'training steps of every row, or of one head, as in --steps 400 --steps rtfm=60; may be repeated',
    select: 'which step counts: last | val (best on held-out training videos) | test (flatters)',
    validate: 'share of the training videos held out for val',
    only: 'rows whose label contains this',
    normalise: 'what is done to a feature before a head sees it, for all rows alike',
    out: 'file for all outcomes, written after each',
  },

  async run({ files, values, common }) {
    const given = values as Record<string, string | undefined>;
    const table = tables.find(({ id }) => id === files[0]);
    if (!table) throw new UsageError(`name one of: ${tables.map(({ id }) => id).join(', ')}`);
    const { data, list, truth: truthPath, select } = given;
    if (!data || (list === undefined) !== (truthPath === undefined))
      throw new UsageError('experiment needs --data, and --list and --truth together or neither');
    const dataset = list === undefined ? await readFolder(data) : null;
    if (dataset) for (const part of ['train', 'test'] as const) requirePart(dataset, part, data);
    if (!(SELECTIONS as readonly string[]).includes(select!))
      throw new UsageError(`--select must be one of ${SELECTIONS.join(', ')}`);
    const seeds = Number(given.seeds);
    if (!Number.isInteger(seeds) || seeds < 1) throw new UsageError('--seeds must be a whole number above 0');
    const stepsOf = stepsFor(values.steps as string[]);
    const ownWidths = dataset ? widthsOf(dataset) : '';
    const [rule, widthsPath] = (given.expand ?? (ownWidths ? 'widths' : 'repeat16')).split(':');
    if (!(EXPANSION_RULES as readonly string[]).includes(rule))
      throw new UsageError(`--expand must be one of ${EXPANSION_RULES.join(', ')}`);
    if (rule === 'widths' && !widthsPath && !ownWidths)
      throw new UsageError('--expand widths needs a file: widths:FILE');
    const truth =
      truthPath === undefined
        ? { text: truthFileOf(dataset!, 'frames'), name: basename(data) }
        : { text: await readText(truthPath, 'truth'), name: basename(truthPath) };
    const widths = widthsPath
      ? { text: await readText(widthsPath, 'expand'), name: basename(widthsPath) }
      : ownWidths
        ? { text: ownWidths, name: basename(data) }
        : null;
    if (select === 'test')
      console.error('The step of every row is chosen by the test videos: these figures flatter.');

    const rows = table.rows.filter(({ label }) => label.includes(given.only ?? ''));
    let doing = '';
    const lab = await openLab({ ...common, onProgress: progressLine(() => doing) });
    try {
      if (list === undefined) await loadFolder(lab, data);
      else await loadListed(lab, data, await readListed(lab, list));
      if (truthPath !== undefined) await loadTested(lab, given['test-data'] ?? data, truthPath);
      const outcomes: Outcome[] = [];
      for (const row of rows) {
        for (let seed = common.seed; seed < common.seed + seeds; seed++) {
          doing = `${row.label}, seed ${seed}:`;
          const normalise = given.normalise === undefined ? {} : { normalise: given.normalise };
          const request = {
            head: row.head,
            preset: row.preset,
            config: { ...row.config, ...normalise },
            seed,
            steps: stepsOf(row),
            select: select as 'val',
            validate: shareOf(given.validate!),
          };
          const outcome = { row: row.label, ...(await runOnce(lab, request, rule, truth, widths)) };
          outcomes.push(outcome);
          console.error(lineOf(outcome));
          if (given.out) await writeFile(given.out, JSON.stringify({ table: table.id, outcomes }, null, 1));
        }
      }
      const summary = summarise(rows, outcomes);
      const write = common.json ? console.error : console.log;
      write(`\n${table.title}; ${seeds} seeds, expansion ${rule}, step chosen by ${select}`);
      for (const line of summary.lines) write(line);
      return { table: table.id, select, expansion: rule, rows: summary.rows, outcomes };
    } finally {
      await lab.close();
    }
  },
};

interface Request {
  head: string;
  preset?: string;
  config: Record<string, unknown>;
  seed: number;
  steps: number;
  select: 'last' | 'val' | 'test';
  validate: number;
}

interface TextFile {
  text: string;
  name: string;
}

async function runOnce(
  lab: Lab,
  request: Request,
  expansion: string,
  truth: TextFile,
  widths: TextFile | null,
) {
  return lab.page.evaluate(
    async ({ request, expansion, truth, widths }) => {
      const page = globalThis.weaklens!;
      const started = performance.now();
      const run = await page.train({
        ...request,
        onTick: ({ event, stepsPerSecond: perSecond }) =>
          globalThis.labProgress({ done: event.step, total: request.steps, unit: 'steps', perSecond }),
      });
      const scored = await page.score(run.id);
      const annotations = await page.client.readAnnotations(truth.text, truth.name);
      if (annotations.kind !== 'truth') throw new Error(`${truth.name}: it is not a truth file.`);
      const spans = widths && (await page.client.readWidths(widths.text, widths.name));
      const videos = [...annotations.truths].map(([name, own]) => ({
        name,
        scores: scored.find((entry) => entry.name === name)?.scores ?? [],
        frames: null,
        framesPerSecond: null,
        label: own.intervals.length > 0 ? ('anomalous' as const) : ('normal' as const),
        truth: own,
        width: spans?.get(name),
      }));
      const figures = await page.client.evaluate(videos, {
        expansion: expansion as 'repeat16',
        threshold: 0.5,
      });
      const { frameAuc, anomalySubsetAuc, videoAuc, averagePrecision } = figures;
      return {
        seed: request.seed,
        step: run.best?.step ?? run.step,
        chosenBy: run.best?.figure ?? null,
        frameAuc,
        anomalySubsetAuc,
        videoAuc,
        averagePrecision,
        seconds: (performance.now() - started) / 1000,
      };
    },
    { request, expansion, truth, widths },
  );
}

/** `400` for all heads, `rtfm=60` for one. */
function stepsFor(given: readonly string[]): (row: Row) => number {
  const steps = new Map<string, number>();
  for (const text of given) {
    const [value, head = ''] = text.split('=').reverse();
    const number = Number(value);
    const isHead = head === '' || headCards.some(({ id }) => id === head);
    if (!Number.isInteger(number) || number < 1 || !isHead)
      throw new UsageError(`--steps ${text}: expected a whole number, or head=number`);
    steps.set(head, number);
  }
  return ({ head }) => steps.get(head) ?? steps.get('') ?? 200;
}

const shown = (value: number | null) => (value === null ? 'undefined' : value.toFixed(3));

function lineOf({
  row,
  seed,
  step,
  chosenBy,
  frameAuc,
  anomalySubsetAuc,
  videoAuc,
  seconds,
}: Outcome): string {
  return (
    `${row}, seed ${seed}: step ${step}${chosenBy === null ? '' : ` (${chosenBy.toFixed(3)})`}, ` +
    `frame AUC ${shown(frameAuc)}, anomaly subset ${shown(anomalySubsetAuc)}, video ${shown(videoAuc)}, ` +
    `${seconds.toFixed(0)} s`
  );
}

/** Mean and deviation over seeds; undefined where a seed's figure is. */
function summarise(rows: readonly Row[], outcomes: readonly Outcome[]) {
  const summaries = rows.map(({ label }) => {
    const own = outcomes.filter(({ row }) => row === label);
    const figures = FIGURES.map((name) => {
      const values = own.map((outcome) => outcome[name]);
      return [name, values.every((value) => value !== null) ? spreadOf(values) : null] as const;
    });
    return { row: label, ...Object.fromEntries(figures) } as { row: string } & Record<
      (typeof FIGURES)[number],
      Spread | null
    >;
  });
  const width = Math.max(...summaries.map(({ row }) => row.length), 3);
  const lines = [
    [
      'row'.padEnd(width),
      'frame AUC'.padEnd(15),
      'anomaly subset'.padEnd(15),
      'video AUC'.padEnd(15),
      'AP',
    ].join('  '),
    ...summaries.map((summary) =>
      [
        summary.row.padEnd(width),
        ...FIGURES.map((name) => {
          const figure = summary[name];
          return (figure ? spreadText(figure) : 'undefined').padEnd(15);
        }),
      ].join('  '),
    ),
  ];
  return { rows: summaries, lines };
}
