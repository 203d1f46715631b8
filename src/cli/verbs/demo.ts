import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { findAlarms, isTrueAlarm } from '../../engine/evaluation/alarms.ts';
import { expandScores } from '../../engine/evaluation/expand.ts';
import { frameLabels } from '../../engine/evaluation/truth.ts';
import { root } from '../build.ts';
import { UsageError, type Verb } from '../verb.ts';
import { openLab, progressLine, type Lab } from '../page.ts';
import { reportPage, type ReportSeed } from '../report.ts';

const SEEDS = 3;

export const demo: Verb = {
  name: 'demo',
  usage: 'demo [--steps N] [--out DIR]',
  does: 'The main job, end to end, on videos it makes itself: extract, train over three seeds, score, evaluate, report.',
  options: {
    steps: { type: 'string', default: '100' },
    out: { type: 'string', default: join(root, 'lab/demo') },
  },
  help: { steps: 'training steps', out: 'folder for the report' },

  async run({ values, common }) {
    const steps = Number(values.steps);
    if (!Number.isInteger(steps) || steps < 1) throw new UsageError('--steps must be a whole number above 0');
    const out = values.out as string;
    await mkdir(out, { recursive: true });
    let stage = 'drawing videos';
    const started = Date.now();
    const clock = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
    const lab = await openLab({ ...common, onProgress: progressLine(() => stage) });
    try {
      console.error('drawing videos ...');
      const { train, test } = await lab.page.evaluate(
        (seed) =>
          globalThis.weaklens!.makeVideos(seed, undefined, (progress) => globalThis.labProgress(progress)),
        common.seed,
      );
      stage = 'extracting';
      console.error(`extracting features ... (${clock()})`);
      const { failed } = await lab.page.evaluate(() =>
        globalThis.weaklens!.extract({ onProgress: (progress) => globalThis.labProgress(progress) }),
      );
      if (failed.length > 0) throw new Error(failed[0].reason);
      const { backbone, device } = await lab.page.evaluate(async () => {
        const { backbone, extractionDevice } = await globalThis.weaklens!.diagnostics();
        return {
          backbone: String(backbone),
          device: extractionDevice as { backend: string; threads: number },
        };
      });
      const isUntrained = backbone.startsWith('random');
      const seeds: ReportSeed[] = [];
      for (let seed = common.seed; seed < common.seed + SEEDS; seed++) {
        stage = `training, seed ${seed}`;
        console.error(`training with seed ${seed} ... (${clock()})`);
        seeds.push(await trainOnce(lab, seed, steps, isUntrained));
      }
      const meanFrameAuc = seeds.reduce(
        (sum, { evaluation }) => sum + (evaluation.frameAuc ?? NaN) / SEEDS,
        0,
      );
      const facts: [string, string][] = [
        ['Videos', `${train} to train, ${test} to test, made from seed ${common.seed}`],
        [
          'Backbone',
          `${backbone}${isUntrained ? ': random weights, never trained' : ''}, on ${device.backend}, ${device.threads} threads`,
        ],
        ['Head', `sultani as in the code${isUntrained ? ', features normalised' : ''}, ${steps} steps`],
        ['Time', clock()],
      ];
      const page = join(out, 'report.html');
      await writeFile(page, reportPage({ facts, seeds, meanFrameAuc }));
      print(seeds, meanFrameAuc, common.json);
      console.error(`report: ${relative(process.cwd(), page)} (${clock()})`);
      const figures = seeds.map(({ seed, evaluation, alarms, trueAlarms }) => ({
        seed,
        frameAuc: evaluation.frameAuc,
        videoAuc: evaluation.videoAuc,
        perClass: evaluation.perClass,
        alarms,
        trueAlarms,
      }));
      return {
        frameAuc: meanFrameAuc,
        seeds: figures,
        backbone,
        backend: device.backend,
        report: page,
        seconds: (Date.now() - started) / 1000,
      };
    } finally {
      await lab.close();
    }
  },
};

/** One run of the demo: train, score and evaluate the test part. */
async function trainOnce(lab: Lab, seed: number, steps: number, isUntrained: boolean): Promise<ReportSeed> {
  // Features of an untrained network vary most where nothing happens: bring every dimension to the same scale first.
  const config = isUntrained ? { normalise: 'standard-l2' } : {};
  const result = await lab.page.evaluate(
    async ({ seed, steps, config }) => {
      const page = globalThis.weaklens!;
      await page.train({
        head: 'sultani',
        preset: 'code',
        config,
        seed,
        steps,
        onTick: ({ event }) => globalThis.labProgress({ done: event.step, total: steps, unit: 'steps' }),
      });
      const scored = await page.score();
      const evaluation = (await page.evaluate())!;
      const videos = [];
      for (const { name, label, part, frames, fps } of page.videos()) {
        if (part !== 'test') continue;
        const scores = Array.from(scored.find((entry) => entry.name === name)!.scores);
        const peak = scores.indexOf(Math.max(...scores));
        const still = await page.still(name, (peak * 16 + 8) / fps!);
        const truth = page.truth(name)?.intervals ?? [];
        videos.push({ name, label: label ?? 'unlabelled', frames: frames!, fps: fps!, scores, truth, still });
      }
      return { evaluation, videos };
    },
    { seed, steps, config },
  );
  const found = result.videos.flatMap(({ scores, truth, frames }) => {
    const labels = frameLabels(truth, frames);
    return findAlarms(expandScores(scores, frames), result.evaluation.threshold).map((alarm) =>
      isTrueAlarm(alarm, labels),
    );
  });
  return { seed, ...result, alarms: found.length, trueAlarms: found.filter(Boolean).length };
}

function print(seeds: readonly ReportSeed[], mean: number, onStderr: boolean): void {
  const write = onStderr ? console.error : console.log;
  const figure = (value: number | null) => (value === null ? 'undefined' : value.toFixed(3));
  write('seed  frame AUC  video AUC  alarms (true)  wrong-way  sudden-stop  crossing');
  for (const { seed, evaluation, alarms, trueAlarms } of seeds) {
    const { frameAuc, videoAuc, perClass } = evaluation;
    const classes = ['wrong-way', 'sudden-stop', 'crossing'].map((name, i) =>
      figure(perClass[name] ?? null).padEnd([11, 13, 8][i]),
    );
    write(
      `${String(seed).padEnd(5)} ${figure(frameAuc).padEnd(10)} ${figure(videoAuc).padEnd(10)} ${`${alarms} (${trueAlarms})`.padEnd(14)} ${classes.join('')}`,
    );
  }
  write(`mean  ${figure(mean)}`);
}
