/**
 * What one planned run came to, as a file of its own: `<run id>.json`. Results of one experiment, one dataset, one
 * protocol and one version are joined; others are refused with the reason, for their figures say nothing side by side.
 */
import * as v from 'valibot';
import { EXPANSION_RULES } from '../evaluation/expand.ts';
import { Failure } from '../failure.ts';
import { experimentById, experiments } from './catalogue.ts';
import type { Experiment, Protocol, RunPlan } from './experiment.ts';
import { FIGURES, type FigureId } from './figures.ts';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const figure = v.nullable(v.pipe(v.number(), v.finite()));
const config = v.record(v.string(), v.union([v.number(), v.string(), v.boolean()]));

const SCHEMA = v.object({
  format: v.literal('weaklens-experiment-run'),
  version: v.literal(1),
  /** The version of Weaklens that made it. */
  weaklens: v.string(),
  plan: v.object({
    id: v.string(),
    experiment: v.string(),
    row: v.string(),
    source: v.nullable(v.string()),
    head: v.string(),
    preset: v.optional(v.string()),
    config,
    seed: v.pipe(v.number(), v.integer()),
    steps: whole,
  }),
  protocol: v.object({
    steps: whole,
    stepsOf: v.record(v.string(), whole),
    select: v.picklist(['last', 'val', 'test']),
    validate: v.number(),
    patience: whole,
    expansion: v.picklist(EXPANSION_RULES),
    config,
  }),
  /** What it learned from and was judged by: a hash of names, labels, features and truth, and how many videos. */
  data: v.object({ hash: v.string(), training: whole, test: whole }),
  backend: v.string(),
  /** The step that counts, and by what it was chosen; null for the last. */
  step: whole,
  chosenBy: figure,
  /** Steps that were done. */
  steps: whole,
  figures: v.record(v.picklist(Object.keys(FIGURES) as FigureId[]), v.optional(figure)),
  /** Frame AUC within the videos of each class. */
  perClass: v.record(v.string(), figure),
  seconds: v.number(),
  /** The last step before the loss was no longer a number: there are no figures then. */
  divergedAt: v.optional(whole),
});

export type RunResult = Omit<v.InferOutput<typeof SCHEMA>, 'plan' | 'protocol'> & {
  plan: RunPlan;
  protocol: Protocol;
};

const { plan, protocol, data } = SCHEMA.entries;

/** An experiment of a project, and how far it has come. */
export const filedExperiment = v.object({
  createdAt: v.number(),
  experiment: v.pipe(
    v.string(),
    v.check((id) => experiments.some((own) => own.id === id), 'no experiment is known here by this name'),
  ),
  protocol,
  plans: v.array(plan),
  /** What it began with, by source of features. */
  data: v.record(v.string(), data),
  results: v.array(SCHEMA),
  isPaused: v.boolean(),
  keepsRuns: v.boolean(),
});

export type FiledExperiment = v.InferOutput<typeof filedExperiment>;

/** @throws Failure `format-invalid` naming the file and what is wrong with it */
export function parseResult(text: string, file: string): RunResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid(file, 'It is not JSON, or only the beginning of it.');
  }
  if ((json as RunResult | null)?.format !== 'weaklens-experiment-run')
    throw invalid(file, 'It is not the result of an experiment’s run ("format": "weaklens-experiment-run").');
  const parsed = v.safeParse(SCHEMA, json);
  if (parsed.success) return parsed.output as RunResult;
  const [issue] = parsed.issues;
  throw invalid(file, `Its ${v.getDotPath(issue) ?? 'content'} is not as it should be: ${issue.message}`);
}

const invalid = (subject: string, what: string) =>
  new Failure({
    code: 'format-invalid',
    subject,
    what,
    next: 'Remove it, and run its shard again.',
  });

/** A result and where it lies. */
export interface ResultFile {
  file: string;
  result: RunResult;
}

/** What must agree for results to belong together. */
export interface Origin {
  /** Where it says so. */
  file: string;
  result: Pick<RunResult, 'weaklens' | 'plan' | 'protocol' | 'data'>;
}

/**
 * The results of one experiment, each run once.
 * @throws Failure `data-mismatch` naming the first file that does not belong to the others
 */
export function join(files: readonly ResultFile[]): { experiment: Experiment; results: RunResult[] } {
  if (files.length === 0)
    throw new Failure({ code: 'data-missing', what: 'There is no result to put together.' });
  const [first] = files;
  const experiment = experimentById(first.result.plan.experiment);
  const byRun = new Map<string, ResultFile>();
  const bySource = new Map<string | null, ResultFile>();
  for (const entry of files) {
    const { plan } = entry.result;
    refuseForeign(entry, first);
    const kin = bySource.get(plan.source) ?? entry;
    bySource.set(plan.source, kin);
    refuseForeign(entry, kin);
    const twin = byRun.get(plan.id);
    if (twin) refuseUnlike(entry, twin, `figures for ${plan.id}`, figuresIn(entry), figuresIn(twin));
    byRun.set(plan.id, twin ?? entry);
  }
  return { experiment, results: [...byRun.values()].map(({ result }) => result) };
}

/**
 * Sources of features may be of different data where they are what is compared.
 * @throws Failure `data-mismatch` when a result does not belong to another
 */
export function refuseForeign(entry: Origin, other: Origin): void {
  const [own, others] = [entry.result, other.result];
  refuseUnlike(entry, other, 'experiment', own.plan.experiment, others.plan.experiment);
  refuseUnlike(entry, other, 'version of Weaklens', own.weaklens, others.weaklens);
  refuseUnlike(entry, other, 'protocol', inWords(own.protocol), inWords(others.protocol));
  if (own.plan.source === others.plan.source)
    refuseUnlike(entry, other, 'data', dataInWords(own), dataInWords(others));
}

function refuseUnlike(entry: Origin, other: Origin, what: string, own: string, others: string): void {
  if (own === others) return;
  throw new Failure({
    code: 'data-mismatch',
    subject: entry.file,
    what: `Its ${what} is ${own}, and that of ${other.file} is ${others}.`,
    next: 'Put together only results of one experiment, dataset, protocol and version.',
  });
}

/** The same protocol in the same words, whatever the order of its fields. */
function inWords({ steps, stepsOf, select, validate, patience, expansion, config }: Protocol): string {
  const named = (values: object) =>
    Object.entries(values)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(' ');
  return [
    `${steps} steps`,
    named(stepsOf),
    select === 'val' ? `step by val (${validate})` : `step by ${select}`,
    patience > 0 ? `patience ${patience}` : '',
    expansion,
    named(config),
  ]
    .filter(Boolean)
    .join(', ');
}

const dataInWords = ({ data }: Pick<RunResult, 'data'>) =>
  `${data.training} + ${data.test} videos, ${data.hash.slice(0, 12)}`;

const figuresIn = ({ result: { figures } }: ResultFile) => JSON.stringify(figures);
