import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import { UsageError, type Verb } from '../verb.ts';
import { loadFolder, readFolder, requirePart } from '../folder.ts';
import { loadListed, loadTested, readListed } from '../lists.ts';
import { PATIENCE_HELP, SELECTIONS, assignment, patienceOf, shareOf } from '../selection.ts';
import { bytesFromPage, openLab, progressLine } from '../page.ts';

export const train: Verb = {
  name: 'train',
  usage:
    'train --data DIR [--list FILE] --head ID [--preset NAME] [--set k=v]... [--validate SHARE] [--select last|val|test] --steps N --out RUN.safetensors|RUN.zip',
  does: 'Trains a head on features and weak labels; writes RUN.safetensors (or RUN.zip) and RUN.json.',
  options: {
    data: { type: 'string' },
    list: { type: 'string' },
    head: { type: 'string', default: 'sultani' },
    preset: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    steps: { type: 'string', default: '200' },
    validate: { type: 'string', default: '0.2' },
    select: { type: 'string', default: 'last' },
    patience: { type: 'string', default: '0' },
    truth: { type: 'string' },
    'test-data': { type: 'string' },
    out: { type: 'string' },
  },
  help: {
    data: 'folder with NAME.npy (and NAME.json)',
    list: 'a line per video: name label [class...], label 0 normal, 1 anomalous; without it, what the folder is recognised as',
    head: headCards.map(({ id }) => id).join(' | '),
    preset: 'settings by name: paper, code, ...',
    set: 'one field that differs from the preset, e.g. --set dropout=0.5; may be repeated',
    steps: 'training steps',
    validate: 'share of the videos held out for --select val',
    select:
      'which step counts: last | val (best on held-out videos) | test (best on --truth, which flatters)',
    patience: PATIENCE_HELP,
    truth: 'for --select test: the test videos, name class totalFrames start end ...',
    'test-data': 'folder with their features, if it is another',
    out: 'file for the weights, with state-dict names; RUN.zip holds the scores and figures too',
  },

  async run({ values, common }) {
    const { data, list, out } = values as Record<string, string | undefined>;
    if (!data || !out) throw new UsageError('train needs --data DIR and --out RUN.safetensors');
    const steps = Number(values.steps);
    if (!Number.isInteger(steps) || steps < 1) throw new UsageError('--steps must be a whole number above 0');
    const select = values.select as 'last' | 'val' | 'test';
    if (!SELECTIONS.includes(select))
      throw new UsageError(`--select must be one of ${SELECTIONS.join(', ')}`);
    const truth = values.truth as string | undefined;
    const dataset = list === undefined ? await readFolder(data) : null;
    if (dataset) requirePart(dataset, 'train', data);
    if (dataset && select === 'test' && truth === undefined) requirePart(dataset, 'test', data);
    if ((select === 'test' && !dataset) !== (truth !== undefined))
      throw new UsageError('--select test and --truth FILE belong together');
    const config = Object.fromEntries((values.set as string[]).map(assignment));
    await mkdir(dirname(out), { recursive: true });
    const lab = await openLab({ ...common, onProgress: progressLine(() => 'training') });
    try {
      if (list === undefined) await loadFolder(lab, data);
      else await loadListed(lab, data, await readListed(lab, list));
      if (select === 'test')
        console.error('The step is chosen by the test videos: figures on them will flatter.');
      if (truth) {
        await loadTested(lab, (values['test-data'] as string | undefined) ?? data, truth);
      }
      const request = {
        head: values.head as string,
        preset: values.preset as string | undefined,
        config,
        seed: common.seed,
        steps,
        select,
        validate: shareOf(values.validate as string),
        patience: patienceOf(values.patience as string),
      };
      const run = await lab.page.evaluate(async (request) => {
        const { id, ...run } = await globalThis.weaklens!.train({
          ...request,
          onTick: ({ event, stepsPerSecond }) =>
            globalThis.labProgress({
              done: event.step,
              total: request.steps,
              unit: 'steps',
              perSecond: stepsPerSecond,
            }),
        });
        const { total, terms } = run.losses;
        const lists = Object.fromEntries(
          Object.entries(terms).map(([name, values]) => [name, Array.from(values)]),
        );
        return { id, ...run, losses: { total: Array.from(total), terms: lists } };
      }, request);
      const isZip = out.endsWith('.zip');
      const file = await lab.page.evaluateHandle(
        async ({ id, isZip }) => {
          if (isZip) await globalThis.weaklens!.score(id);
          return globalThis.weaklens!.exportRun(id, isZip ? 'zip' : 'safetensors');
        },
        { id: run.id, isZip },
      );
      const bytes = await bytesFromPage(file);
      await writeFile(out, bytes);
      const { head, config: used, seed, step, backend, version, backbone, losses, training } = run;
      const { heldOut = [], best = null } = run;
      const named = (videos: typeof training) =>
        videos.map(({ name, label, featureKey }) => ({ name, label, features: featureKey }));
      const record = {
        head,
        preset: request.preset ?? null,
        config: used,
        seed,
        step,
        backend,
        version,
        backbone,
        hash: createHash('sha256').update(bytes).digest('hex'),
        select,
        best,
        videos: named(training),
        heldOut: named(heldOut),
        losses,
      };
      await writeFile(out.replace(/\.(safetensors|zip)$/, '') + '.json', JSON.stringify(record));
      const last = losses.total[losses.total.length - 1];
      console.error(
        `${head}: ${step} steps on ${backend}, loss ${losses.total[0].toFixed(4)} -> ${last.toFixed(4)}`,
      );
      return { out, head, seed, step, best, backend, loss: last, hash: record.hash };
    } finally {
      await lab.close();
    }
  },
};
