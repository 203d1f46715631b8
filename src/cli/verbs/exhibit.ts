import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evaluation } from '../../engine/evaluation/evaluate.ts';
import { experimentById } from '../../engine/experiments/catalogue.ts';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import type { StreetVideo } from '../../engine/scenes/dataset.ts';
import type { EventClass } from '../../engine/scenes/events/event.ts';
import { writeWhole } from '../dataset.ts';
import { filmer } from '../filming.ts';
import { loadListed, loadTested, readListed } from '../lists.ts';
import { bytesFromPage, bytesToPage, filesInPage, openLab, progressLine, type Lab } from '../page.ts';
import { spreadOf, spreadText } from '../../engine/experiments/spread.ts';
import { UsageError, type Common, type Verb } from '../verb.ts';

/** Every head that reads snippet features, as in its paper. */
const HEADS = experimentById('heads').rows;

/**
 * What differs from the papers, for all heads alike: dimensions of one scale, because the papers' settings are for other
 * features, and as many segments as a video of 20 s has snippets.
 */
const CONFIG = { normalise: 'standard', segments: 19 } as const;

/**
 * Salient self-attention gives a bag one score. Cut into bags of 28 snippets, as in its paper, a video of 19 would have
 * one score altogether: a bag about as long as an event slides along it instead.
 */
const OF_HEAD: Readonly<Record<string, Record<string, string | number>>> = {
  salient: { inference: 'sliding', split: 4 },
};

/** Films that the exhibit shows: with these events, and one without. */
const SHOWN: readonly EventClass[] = ['explosion', 'accident', 'crowd'];

/** A quarter of what a street is filmed with otherwise. */
const FILM_BITS_PER_SECOND = 175_000;

/** Bytes of all films of the exhibit at most. */
const MOST_FILM_BYTES = 2 << 20;

export const exhibit: Verb = {
  name: 'exhibit',
  usage: 'exhibit --data DIR [--out public/exhibit] [--steps N] [--seeds N]',
  does: 'Makes what the page shows first: a trained run of every head on street-small, and a few films with their scores.',
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: 'public/exhibit' },
    steps: { type: 'string', default: '150' },
    seeds: { type: 'string', default: '3' },
  },
  help: {
    data: 'what `simulate --preset street-small --features` wrote',
    out: 'folder for street-small.weaklens, exhibit.weaklens and their README.md',
    steps: 'training steps of each run',
    seeds: 'runs of each head, counted from --seed, for the figures; the first is kept',
  },

  async run({ values, common }) {
    const { data, out } = values as Record<string, string | undefined>;
    if (!data || !out) throw new UsageError('exhibit needs --data DIR');
    const [steps, seeds] = [Number(values.steps), Number(values.seeds)];
    if (![steps, seeds].every((n) => Number.isInteger(n) && n > 0))
      throw new UsageError('--steps and --seeds must be whole numbers above 0');
    const scenes = await readScenes(data);
    await mkdir(out, { recursive: true });
    const outcomes = await makeDataset(data, out, steps, seeds, common);
    const best = bestOf(outcomes);
    const films = await makeExhibit(data, out, scenes, best, common);
    await writeWhole(join(out, 'README.md'), await card(data, out, outcomes, best, steps, films));
    return { out, best: best.head, outcomes: outcomes.map(({ weights: _, ...outcome }) => outcome) };
  },
};

async function readScenes(data: string): Promise<StreetVideo[]> {
  const path = join(data, 'scenes.json');
  if (!existsSync(path)) throw new UsageError(`${path}: there is no such file; was it made by simulate?`);
  return JSON.parse(await readFile(path, 'utf8')) as StreetVideo[];
}

/** What one run came to. */
interface Outcome {
  head: string;
  seed: number;
  /** The step that counts, and its video AUC on held-out training videos. */
  step: number;
  heldOut: number;
  /** One in twenty snippets of the normal training videos exceeds it. */
  threshold: number;
  figures: Pick<Evaluation, 'frameAuc' | 'anomalySubsetAuc' | 'videoAuc' | 'averagePrecision' | 'perClass'>;
  /** A safetensors file; of the first seed only. */
  weights: Buffer | null;
}

/** Trains every head on the whole dataset; the first seed's runs are kept in the file. */
async function makeDataset(
  data: string,
  out: string,
  steps: number,
  seeds: number,
  common: Common,
): Promise<Outcome[]> {
  let doing = '';
  const lab = await openLab({ ...common, onProgress: progressLine(() => doing) });
  const outcomes: Outcome[] = [];
  try {
    await loadListed(lab, data, await readListed(lab, join(data, 'train.txt')));
    await loadTested(lab, data, join(data, 'truth-test.txt'));
    const truth = await filesInPage(lab.page, [join(data, 'truth-train.txt')]);
    await lab.page.evaluate((files) => globalThis.weaklens!.addVideos(files), truth);
    // The runs of the first seed last, so that the file can be saved when the others are gone again.
    for (const seed of Array.from({ length: seeds }, (_, i) => common.seed + seeds - 1 - i)) {
      for (const { head, preset } of HEADS) {
        doing = `${head}, seed ${seed}:`;
        const { runId, ...outcome } = await trainOnce(lab, {
          head,
          preset,
          config: { ...CONFIG, ...OF_HEAD[head] },
          seed,
          steps,
        });
        const isKept = seed === common.seed;
        const weights = isKept ? await exported(lab, runId) : null;
        if (!isKept) await lab.page.evaluate((id) => globalThis.weaklens!.deleteRun(id), runId);
        outcomes.push({ head, seed, ...outcome, weights });
        const { frameAuc, anomalySubsetAuc, videoAuc } = outcome.figures;
        console.error(
          `${head}, seed ${seed}: step ${outcome.step}, held out ${outcome.heldOut.toFixed(3)}, frame AUC ${frameAuc?.toFixed(3)}, anomaly subset ${anomalySubsetAuc?.toFixed(3)}, video ${videoAuc?.toFixed(3)}`,
        );
      }
    }
    const about =
      'Features of 120 simulated streets of 20 s, 96 of them to train on, and a trained run of every head that reads snippets. The heads were told one bit a video; what really happens is hidden until you reveal it.';
    await save(lab, join(out, 'street-small.weaklens'), 'Street small', { about });
    return outcomes;
  } finally {
    await lab.close();
  }
}

async function trainOnce(
  lab: Lab,
  request: {
    head: string;
    preset?: string;
    config: Record<string, string | number>;
    seed: number;
    steps: number;
  },
) {
  return lab.page.evaluate(async (request) => {
    const page = globalThis.weaklens!;
    const run = await page.train({
      ...request,
      select: 'val',
      onTick: ({ event, stepsPerSecond: perSecond }) =>
        globalThis.labProgress({ done: event.step, total: request.steps, unit: 'steps', perSecond }),
    });
    // An alarm is what one in twenty snippets of the normal training videos would exceed.
    const scored = await page.score(run.id);
    const isNormal = new Set(
      page
        .videos()
        .flatMap(({ name, part, label }) => (part === 'train' && label === 'normal' ? [name] : [])),
    );
    const quiet = scored.filter(({ name }) => isNormal.has(name)).flatMap(({ scores }) => Array.from(scores));
    const threshold = quiet.sort((a, b) => a - b)[Math.floor(0.95 * quiet.length)];
    const evaluation = (await page.evaluate(run.id, { threshold }))!;
    const { frameAuc, anomalySubsetAuc, videoAuc, averagePrecision, perClass } = evaluation;
    return {
      runId: run.id,
      threshold,
      step: run.best?.step ?? run.step,
      heldOut: run.best?.figure ?? NaN,
      figures: { frameAuc, anomalySubsetAuc, videoAuc, averagePrecision, perClass },
    };
  }, request);
}

async function exported(lab: Lab, runId: string): Promise<Buffer> {
  return bytesFromPage(await lab.page.evaluateHandle((id) => globalThis.weaklens!.exportRun(id), runId));
}

async function save(
  lab: Lab,
  path: string,
  name: string,
  options: { about: string; shown?: string; withFiles?: string[] },
): Promise<void> {
  const bytes = await lab.page.evaluateHandle(
    async ({ name, options }) => {
      const page = globalThis.weaklens!;
      await page.renameProject(name);
      return page.saveProject({ type: 'float16', keepOptimiser: false, ...options });
    },
    { name, options },
  );
  await writeWhole(path, await bytesFromPage(bytes));
}

/**
 * The kept run of the head that does best on held-out training videos, over all seeds: twenty videos are few, and the
 * test part has no say in it.
 */
function bestOf(outcomes: readonly Outcome[]): Outcome & { weights: Buffer } {
  const heldOut = (head: string) => {
    const own = outcomes.filter((outcome) => outcome.head === head);
    return own.reduce((sum, outcome) => sum + outcome.heldOut / own.length, 0);
  };
  const kept = outcomes.filter(
    (outcome): outcome is Outcome & { weights: Buffer } => outcome.weights !== null,
  );
  return kept.reduce((best, outcome) => (heldOut(outcome.head) > heldOut(best.head) ? outcome : best));
}

/** Films of a few test videos, seen through the same door as anyone's, and scored by the best run. */
async function makeExhibit(
  data: string,
  out: string,
  scenes: readonly StreetVideo[],
  best: Outcome & { weights: Buffer },
  common: Common,
): Promise<{ name: string; sizeBytes: number }[]> {
  const tested = scenes.filter(({ part }) => part === 'test');
  const chosen = [
    ...SHOWN.map((event) =>
      tested.find(({ scene }) => scene.events.some((planned) => planned.class === event)),
    ),
    tested.find(({ label }) => label === 'normal'),
  ].filter((video) => video !== undefined);
  let doing = 'filming';
  const lab = await openLab({ ...common, onProgress: progressLine(() => doing) });
  try {
    const films: { name: string; sizeBytes: number }[] = [];
    const maker = filmer(lab, 'webm', FILM_BITS_PER_SECOND);
    for (const video of chosen) {
      doing = `filming ${video.name}`;
      const [[, content]] = await maker.make(video);
      await addFilm(lab, `${video.name}.webm`, content as Buffer);
      films.push({ name: `${video.name}.webm`, sizeBytes: (content as Buffer).byteLength });
    }
    const total = films.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    console.error(`${films.length} films, ${(total / 1e6).toFixed(2)} MB`);
    if (total > MOST_FILM_BYTES)
      throw new Error(`the films have ${total} bytes; at most ${MOST_FILM_BYTES} are shipped`);
    const names = films.map(({ name }) => name);
    await lab.page.evaluate(
      async (videos) => {
        const page = globalThis.weaklens!;
        for (const { name, label } of videos) {
          await page.label(name, label);
          await page.split(name, 'test');
        }
        await page.extract();
      },
      chosen.map(({ label }, i) => ({ label, name: names[i] })),
    );
    const truth = await filesInPage(lab.page, [join(data, 'truth-test.txt')]);
    await lab.page.evaluate((files) => globalThis.weaklens!.addVideos(files), truth);
    const weights = await bytesToPage(lab.page, best.weights);
    await lab.page.evaluate(
      async ({ bytes, name }) => {
        const page = globalThis.weaklens!;
        const run = await page.importRun(new File([bytes], name));
        await page.score(run.id);
      },
      { bytes: weights, name: `${best.head}.safetensors` } as never,
    );
    const title = headCards.find(({ id }) => id === best.head)!.title;
    await save(lab, join(out, 'exhibit.weaklens'), 'Exhibit', {
      about: `Four streets that a small head (${title}) never saw. It learned from 96 others, of which it was told only “normal” or “contains an anomaly”. Its score is below the picture. Watch, decide when something happens, then reveal the truth.`,
      shown: names[0],
      withFiles: names,
    });
    return films;
  } finally {
    await lab.close();
  }
}

async function addFilm(lab: Lab, name: string, content: Buffer): Promise<void> {
  const bytes = await bytesToPage(lab.page, content);
  const { refused } = await lab.page.evaluate(
    ({ bytes, name }: { bytes: Uint8Array<ArrayBuffer>; name: string }) =>
      globalThis.weaklens!.addVideos([new File([bytes], name)]),
    { bytes, name } as never,
  );
  if (refused.length > 0) throw new Error(refused[0].reason);
}

const shown = (value: number | null | undefined) =>
  value === null || value === undefined ? '–' : value.toFixed(3);

function overSeeds(values: readonly (number | null | undefined)[]): string {
  const figure = spreadOf(values.filter((value) => typeof value === 'number'));
  return figure === null ? '–' : spreadText(figure);
}

/** What is shipped, what it is worth and how it was made. */
async function card(
  data: string,
  out: string,
  outcomes: readonly Outcome[],
  best: Outcome,
  steps: number,
  films: readonly { name: string; sizeBytes: number }[],
): Promise<string> {
  const dataset = JSON.parse(await readFile(join(data, 'dataset.json'), 'utf8')) as {
    seed: number;
    contents: { version: string; videos: number; anomalousShare: number };
  };
  const size = async (name: string) => ((await stat(join(out, name))).size / 1e6).toFixed(2);
  const of = (head: string) => outcomes.filter((outcome) => outcome.head === head);
  const seeds = new Set(outcomes.map(({ seed }) => seed)).size;
  const classes = [...new Set(outcomes.flatMap(({ figures }) => Object.keys(figures.perClass)))].sort();
  const figures = HEADS.map(({ head }) => {
    const column = (pick: (own: Outcome['figures']) => number | null) =>
      overSeeds(of(head).map((outcome) => pick(outcome.figures)));
    return `| ${head} | ${column((own) => own.frameAuc)} | ${column((own) => own.anomalySubsetAuc)} | ${column((own) => own.videoAuc)} | ${column((own) => own.averagePrecision)} |`;
  });
  const perClass = HEADS.map(
    ({ head }) =>
      `| ${head} | ${classes.map((name) => overSeeds(of(head).map((outcome) => outcome.figures.perClass[name]))).join(' | ')} |`,
  );
  const filmBytes = films.reduce((sum, film) => sum + film.sizeBytes, 0);
  return `# The exhibit

What the page shows whoever comes without a project, and the dataset behind it. All of it is made here: the streets by
the simulator (no people were filmed), the features by \`weaklens-a0\` ([card](../weights/weaklens-a0.md)), the runs by
the heads. Licence: Apache-2.0, as all of Weaklens.

| file | holds | MB |
| --- | --- | --- |
| \`exhibit.weaklens\` | ${films.length} films of the test part (${(filmBytes / 1e6).toFixed(2)} MB), their features, hidden truth, and the scores of one run (${best.head}) | ${await size('exhibit.weaklens')} |
| \`street-small.weaklens\` | features (float16), weak labels and hidden truth of ${dataset.contents.videos} videos of \`street-small\`, seed ${dataset.seed}, and a run of every head that reads snippets | ${await size('street-small.weaklens')} |

Made by two commands, in about half an hour:

\`\`\`sh
npm run lab -- simulate --preset street-small --seed ${dataset.seed} --features --backbone weaklens-a0 --out DIR
npm run lab -- exhibit --data DIR
\`\`\`

## How the heads were trained

Weak labels of 96 videos, one in five held out; settings of the papers but for two, alike for all heads: each dimension of
the features is brought to mean 0 and deviation 1, and a bag has 19 segments, as many as a video has snippets. Salient self-attention, which gives a bag one score, slides a bag of 4 snippets along a video instead of cutting it into bags of 28, which are longer than these videos. ${steps} steps; the step with the best video AUC on the held-out videos counts; an alarm is what one in
twenty snippets of the normal training videos exceeds. The test part (24 videos, ${(100 * dataset.contents.anomalousShare).toFixed(1)} % of all frames anomalous) had no say in anything. The
exhibit shows the head that did best on held-out videos over all seeds: ${best.head}, seed ${best.seed}, whose run had ${shown(best.heldOut)} there.

## What they are worth

On the test part, mean and sample deviation (n − 1) over ${seeds} seeds:

| head | frame AUC | anomalous videos only | video AUC | AP |
| --- | --- | --- | --- | --- |
${figures.join('\n')}

Frame AUC within the videos of each class:

| head | ${classes.join(' | ')} |
| --- |${' --- |'.repeat(classes.length)}
${perClass.join('\n')}

Twelve anomalous test videos are few: a figure here is uncertain by some hundredths, that of a class (three videos) by
a tenth and more. \`street-small\` holds four of the simulator's classes; see \`LEARNABLE\` in
\`src/engine/scenes/dataset.ts\` for what the backbone can and cannot see of the others. None of this says anything about
real cameras.
`;
}
