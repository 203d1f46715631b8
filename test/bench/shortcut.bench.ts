/**
 * Whether a dataset of streets gives itself away: how well weak labels are told by colours alone (of a video's mean
 * picture, or of its most telling one) and by the size of the file alone. Near 0.5 is as it should be. The peer is
 * chance: labels drawn at random give an AUC within the range beside it 19 times in 20.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { filesInPage, openLab } from '../../src/cli/page.ts';
import { UsageError } from '../../src/cli/verb.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';
import { rocAuc } from '../../src/engine/evaluation/ranking.ts';
import { parseList } from '../../src/engine/formats/list.ts';
import { Random } from '../../src/engine/random.ts';
import type { Traits } from './shortcut.page.ts';

const SEEDS = [0, 1, 2];
const FOLDS = 5;

interface Video extends Traits {
  isAnomalous: boolean;
  isTest: boolean;
}

/** A way to tell: rows to learn from, all with the label of their video, whose score is that of its highest row. */
type Rows = (video: Video) => readonly (readonly number[])[];

const WAYS: Record<string, Rows> = {
  'colours, mean picture': ({ histograms }) => [meanOf(histograms)],
  'colours, any picture': ({ histograms }) => histograms,
  'bytes, whole file': ({ bytes }) => [[bytes.reduce((sum, count) => sum + count, 0)]],
  'bytes, by second': ({ bytes }) => [momentsOf(bytes)],
};

const shortcut: Bench = {
  does: 'how well weak labels of a simulated dataset (--data DIR) are told by colours or file size alone: AUC',

  async run({ data }) {
    if (!data) throw new UsageError('shortcut needs --data DIR, a folder that simulate wrote');
    const videos = await readVideos(data);
    const [positives, all] = [videos.filter(({ isAnomalous }) => isAnomalous).length, videos.length];
    const range = chance(positives, all - positives);
    console.error(`${all} videos; chance is 0.5, give or take ${range.toFixed(3)} over all of them`);
    const figures: Record<string, { test: number | null; crossValidated: number[] }> = {};
    for (const [name, rows] of Object.entries(WAYS)) {
      const test = aucOf(
        rows,
        videos.filter((video) => !video.isTest),
        videos.filter((video) => video.isTest),
      );
      const crossValidated = SEEDS.map((seed) => crossValidate(rows, videos, seed));
      figures[name] = { test, crossValidated };
      console.error(
        `${name.padEnd(22)} train to test ${test?.toFixed(3) ?? 'undefined'}  ${FOLDS} folds, seeds ${SEEDS.join(', ')}: ${crossValidated.map((auc) => auc.toFixed(3)).join(' ')}`,
      );
    }
    return { unit: 'AUC of weak labels', videos: all, chance: range, figures };
  },
};

export default shortcut;

/** Half of the range that holds 95 of 100 AUCs of labels that mean nothing. */
function chance(positives: number, negatives: number): number {
  return 1.96 * Math.sqrt((positives + negatives + 1) / (12 * positives * negatives));
}

async function readVideos(folder: string): Promise<Video[]> {
  const listed = (['train', 'test'] as const).flatMap((part) => {
    const path = join(folder, `${part}.txt`);
    if (!existsSync(path)) throw new UsageError(`${path}: there is no such file`);
    return parseList(readFileSync(path, 'utf8'), path).map((entry) => ({ ...entry, part }));
  });
  const paths = listed.map(({ name }) => {
    const path = ['webm', 'mp4'].map((ending) => join(folder, `${name}.${ending}`)).find(existsSync);
    if (!path) throw new UsageError(`${join(folder, name)}.webm: there is no such file`);
    return path;
  });
  const script = await bundle();
  const lab = await openLab({ backend: 'wasm' });
  try {
    // A page of its own on the same server, without the policy that forbids foreign scripts.
    const context = await lab.browser.newContext();
    await context.route('**/shortcut/**', (route) =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ body: script, contentType: 'text/javascript' })
        : route.fulfill({
            body: '<script type="module" src="page.js"></script>',
            contentType: 'text/html',
          }),
    );
    const page = await context.newPage();
    await page.addInitScript('globalThis.__name = (wrapped) => wrapped');
    await page.goto(new URL('shortcut/', lab.address).href);
    await page.waitForFunction(() => 'traitsOf' in globalThis);
    const videos: Video[] = [];
    for (const [i, { label, part }] of listed.entries()) {
      const input = await filesInPage(page, [paths[i]]);
      const traits = await input.evaluate(([file]) =>
        (globalThis as unknown as { traitsOf(film: Blob): Promise<Traits> }).traitsOf(file),
      );
      videos.push({ ...traits, isAnomalous: label === 'anomalous', isTest: part === 'test' });
    }
    return videos;
  } finally {
    await lab.close();
  }
}

async function bundle(): Promise<string> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { input: join(import.meta.dirname, 'shortcut.page.ts') },
    },
  })) as unknown as { output: { type: string; code?: string }[] };
  return output.find(({ type }) => type === 'chunk')!.code!;
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return rows[0].map((_, d) => rows.reduce((sum, row) => sum + row[d] / rows.length, 0));
}

/** Mean, spread, least and most. */
function momentsOf(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
  return [mean, Math.sqrt(variance), Math.min(...values), Math.max(...values)];
}

/** Every video scored by a classifier that has not seen it. */
function crossValidate(rows: Rows, videos: readonly Video[], seed: number): number {
  const random = new Random(seed);
  const order = [true, false].flatMap((kind) =>
    random.stream(String(kind)).shuffle(videos.filter(({ isAnomalous }) => isAnomalous === kind)),
  );
  const foldOf = new Map(order.map((video, i) => [video, i % FOLDS]));
  const aucs = Array.from({ length: FOLDS }, (_, fold) => {
    const isHeldOut = (video: Video) => foldOf.get(video) === fold;
    return aucOf(
      rows,
      videos.filter((video) => !isHeldOut(video)),
      videos.filter(isHeldOut),
    );
  });
  const defined = aucs.filter((auc) => auc !== null);
  return defined.reduce((sum, auc) => sum + auc / defined.length, 0);
}

function aucOf(rows: Rows, training: readonly Video[], tested: readonly Video[]): number | null {
  const score = learn(
    training.flatMap(rows),
    training.flatMap((video) => rows(video).map(() => (video.isAnomalous ? 1 : 0))),
  );
  return rocAuc(
    tested.map(({ isAnomalous }) => (isAnomalous ? 1 : 0)),
    tested.map((video) => Math.max(...rows(video).map(score))),
  );
}

/** Weight of the squared weights in the loss. */
const PENALTY = 0.05;
const STEPS = 400;

/** Logistic regression on standardised columns, with an L2 penalty, by gradient descent. */
function learn(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
): (row: readonly number[]) => number {
  const means = meanOf(rows);
  const deviations = means.map((mean, d) =>
    Math.sqrt(rows.reduce((sum, row) => sum + (row[d] - mean) ** 2 / rows.length, 0)),
  );
  const standardise = (row: readonly number[]) =>
    Float64Array.from(row, (value, d) => (deviations[d] > 1e-9 ? (value - means[d]) / deviations[d] : 0));
  const table = rows.map(standardise);
  const weights = new Float64Array(means.length);
  let bias = 0;
  const dot = (row: Float64Array) => row.reduce((sum, value, d) => sum + value * weights[d], bias);
  const rate = 1 / (0.25 * (means.length + 1) + PENALTY); // the loss bends no more than this
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Float64Array(weights.length);
    let biasGradient = 0;
    for (const [i, row] of table.entries()) {
      const error = (1 / (1 + Math.exp(-dot(row))) - labels[i]) / table.length;
      for (let d = 0; d < row.length; d++) gradient[d] += error * row[d];
      biasGradient += error;
    }
    for (let d = 0; d < weights.length; d++) weights[d] -= rate * (gradient[d] + PENALTY * weights[d]);
    bias -= rate * biasGradient;
  }
  return (row) => dot(standardise(row));
}
