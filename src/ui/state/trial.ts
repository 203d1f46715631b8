/**
 * One planned run from its first step to its figures: the same for the page's queue and for `lab experiment`, so that
 * both come to the same numbers. It leaves the run on screen alone.
 */
import type { EvaluationOptions } from '../../engine/evaluation/evaluate.ts';
import type { Experiment, Protocol, RunPlan } from '../../engine/experiments/experiment.ts';
import { figuresOf, type Figures } from '../../engine/experiments/figures.ts';
import type { RunResult } from '../../engine/experiments/result.ts';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import { resolveConfig, type Config } from '../../engine/heads/config.fields.ts';
import type {
  Client,
  FeatureSummary,
  RunRecord,
  ScoreRecord,
  Tick,
  TrainedOn,
} from '../../workers/client.ts';
import { isSpent, look, nextLook, stretchOf } from './choosing.ts';
import { byName, trainedOn, type Project } from './project.svelte.ts';
import { scoredVideo, type JudgedVideo } from './scored.ts';

/** What the runs of an experiment learn from and are judged by. */
export interface TrialData {
  training: TrainedOn[];
  test: JudgedVideo[];
  facts: RunResult['data'];
}

/** Where a project's features may come from: every backbone that saw all its videos, the chosen one first. */
export function sourcesOf(project: Project, input: Experiment['input']): string[] {
  const chosen = project.trainable[0]?.features.provenance.backbone;
  const names = new Set([...project.features.values()].map(({ provenance }) => provenance.backbone));
  const whole = [...names].filter((name) => {
    const counted = project.videos.filter(({ part, label }) => part === 'test' || label !== null);
    return counted.length > 0 && counted.every(({ hash }) => sourceOf(project, hash, input, name));
  });
  return whole.sort((a, b) => Number(b === chosen) - Number(a === chosen) || a.localeCompare(b));
}

function sourceOf(project: Project, hash: string, input: Experiment['input'], source: string) {
  const fits = ({ provenance, also = [] }: FeatureSummary) =>
    provenance.videoHash === hash &&
    provenance.backbone === source &&
    (input === undefined || also.includes(input));
  return [...project.features.values()].filter(fits).sort((a, b) => b.usedAt - a.usedAt)[0];
}

/**
 * The open project as an experiment reads it, by name: in whatever order videos came, the same runs come of them.
 * @param source a backbone; null for the one that the project is looked at through
 * @param widths frames per score and video, for the expansion rule `widths`
 */
export async function trialData(
  project: Project,
  input: Experiment['input'],
  source: string | null,
  widths?: ReadonlyMap<string, number>,
): Promise<TrialData> {
  const seen = project.videos.flatMap((video) => {
    const features =
      source === null
        ? project.featuresOf(video, input ?? 'features')
        : sourceOf(project, video.hash, input, source);
    return features ? [{ video, features }] : [];
  });
  seen.sort((a, b) => byName(a.video, b.video));
  const training = seen.flatMap(({ video, features }) =>
    video.part === 'train' && video.label ? [{ video, label: video.label, features }] : [],
  );
  const test = seen
    .filter(({ video }) => video.part === 'test')
    .map((entry): JudgedVideo => {
      const truth = project.truths.get(entry.video.id);
      const boxes = project.boxes.get(entry.video.id);
      return { ...entry, truth, boxes, width: widths?.get(entry.video.name) };
    });
  const featuresIn = ({ provenance }: FeatureSummary) => {
    const { videoHash, backbone, backboneHash, framesPerSecond, crops } = provenance;
    return [videoHash, backbone, backboneHash, framesPerSecond, crops];
  };
  const told = [
    training.map(({ video, label, features }) => [
      video.name,
      label,
      video.classes ?? [],
      featuresIn(features),
    ]),
    test.map(({ video, features, truth, boxes, width }) => [
      video.name,
      truth ? [truth.totalFrames, truth.intervals.map((i) => [i.class, i.startFrame, i.endFrame])] : null,
      width ?? null,
      featuresIn(features),
      ...(boxes ? [boxes] : []), // without any, data has the hash that it had before there were any
    ]),
  ];
  const facts = { hash: await sha256(JSON.stringify(told)), training: training.length, test: test.length };
  return { training: training.map(trainedOn), test, facts };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface Trial {
  plan: RunPlan;
  protocol: Protocol;
  data: TrialData;
  /** Whose the run is while it goes on; a run under way that is found there is gone on with. */
  owner: string;
  onTick?: (tick: Tick) => void;
  /** Pauses it: the run is kept as it stands, and the same call goes on with it. */
  signal?: AbortSignal;
}

/**
 * @returns the run, still stored, and what came of it
 * @throws AbortError when it was paused
 */
export async function carryOut(client: Client, trial: Trial): Promise<{ run: RunRecord; result: RunResult }> {
  const { plan, protocol, data, signal } = trial;
  const started = performance.now();
  signal?.throwIfAborted();
  const card = headCards.find(({ id }) => id === plan.head)!;
  const config = resolveConfig(card, plan.preset, plan.config);
  const { run, figures, perClass, divergedAt } =
    plan.steps === 0 ? await count(client, trial, config) : await trainAndJudge(client, trial, config);
  return {
    run,
    result: {
      format: 'weaklens-experiment-run',
      version: 1,
      weaklens: run.version,
      plan,
      protocol,
      data: data.facts,
      backend: run.backend,
      step: run.best?.step ?? run.step,
      chosenBy: run.best?.figure ?? null,
      steps: run.step,
      figures,
      perClass,
      seconds: (performance.now() - started) / 1000,
      ...(divergedAt !== undefined && { divergedAt }),
    },
  };
}

interface Judged {
  run: RunRecord;
  figures: Figures;
  perClass: Record<string, number | null>;
  divergedAt?: number;
}

const specOf = ({ plan, protocol, data, owner }: Trial, config: Config) => ({
  projectId: owner,
  head: plan.head,
  config,
  seed: plan.seed,
  steps: plan.steps,
  videos: data.training,
  selection: protocol.select,
  validate: protocol.validate,
  patience: protocol.patience,
});

/** Nothing is trained: what there would be to train is counted. */
async function count(client: Client, trial: Trial, config: Config): Promise<Judged> {
  const spec = { ...specOf(trial, config), selection: 'last' as const };
  const { run, parameters } = await client.trials.create(spec);
  return { run, figures: { parameters }, perClass: {} };
}

async function trainAndJudge(client: Client, trial: Trial, config: Config): Promise<Judged> {
  const { data, protocol } = trial;
  const options: EvaluationOptions = {
    expansion: protocol.expansion,
    threshold: 0.5,
    classThreshold: config.classThreshold === undefined ? undefined : Number(config.classThreshold),
  };
  let run: RunRecord;
  try {
    run = await train(client, trial, config, options);
  } catch (error) {
    // It would diverge again: that it did is what came of it, and the runs behind it go on.
    if ((error as { code?: string }).code !== 'diverged') throw error;
    [run] = await client.store.runs(trial.owner);
    return { run, figures: {}, perClass: {}, divergedAt: run.step };
  }
  const keys = data.test.map(({ features }) => features.key);
  const scores = await client.trials.score(run.id, keys, () => {}).result;
  const { perClass, ...evaluation } = await judge(client, run, data.test, scores, options);
  const noisy = await judgeNoisy(client, run, data.test, options);
  return { run, figures: { ...evaluation.figures, ...noisy }, perClass };
}

async function train(
  client: Client,
  { plan, protocol, data, owner, onTick, signal, ...rest }: Trial,
  config: Config,
  options: EvaluationOptions,
): Promise<RunRecord> {
  const { trials, store } = client;
  const stretch = stretchOf(protocol.select, plan.steps);
  const goTo = async (run: RunRecord, step: number): Promise<RunRecord> => {
    signal?.throwIfAborted();
    const job = trials.play([run.id], step, {}, (tick) => onTick?.(tick));
    const pause = () => job.cancel();
    signal?.addEventListener('abort', pause);
    const [next] = await job.result.finally(() => signal?.removeEventListener('abort', pause));
    signal?.throwIfAborted();
    return protocol.select === 'last' ? next : look(next, trials, client, data.test, () => options);
  };
  const [begun] = await store.runs(owner);
  let run = begun ?? (await trials.create(specOf({ plan, protocol, data, owner, ...rest }, config))).run;
  // Paused right where it was to be looked at, it may not have been; a second look changes nothing.
  if (run.step > 0 && nextLook(run.step - 1, stretch, plan.steps) === run.step)
    run = await goTo(run, run.step);
  while (run.step < plan.steps && !isSpent(run, stretch, protocol.patience))
    run = await goTo(run, nextLook(run.step, stretch, plan.steps));
  return run;
}

async function judge(
  client: Client,
  run: RunRecord,
  test: readonly JudgedVideo[],
  scores: readonly (ScoreRecord | null)[],
  options: EvaluationOptions,
): Promise<{ figures: Figures; perClass: Record<string, number | null> }> {
  const videos = test.flatMap((judged, i) => {
    const score = scores[i];
    return score ? [scoredVideo(judged, score, run.classes)] : [];
  });
  const evaluation = await client.evaluate(videos, options);
  return { figures: figuresOf(evaluation), perClass: evaluation.perClass };
}

/** The same test videos with noise, where all of them have it. */
async function judgeNoisy(
  client: Client,
  run: RunRecord,
  test: readonly JudgedVideo[],
  options: EvaluationOptions,
): Promise<Figures> {
  const scores = await client.trials.scoreNoisy(
    run.id,
    test.map(({ features }) => features.key),
  );
  if (scores.length === 0 || scores.includes(null)) return {};
  const { figures } = await judge(client, run, test, scores, options);
  return { noisyFrameAuc: figures.frameAuc, noisySubsetAuc: figures.anomalySubsetAuc };
}
