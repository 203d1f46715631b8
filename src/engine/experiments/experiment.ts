/**
 * An experiment as data: a table or figure of a paper, what varies from row to row, and what the paper itself found.
 * It is planned as a flat list of runs that know nothing of each other. Free of tfjs.
 */
import type { ExpansionRule } from '../evaluation/expand.ts';
import { Failure } from '../failure.ts';
import type { Config } from '../heads/config.fields.ts';
import type { FigureId } from './figures.ts';

/** What a paper prints, in its own units, by dataset. */
export type Reported = Readonly<Record<string, Readonly<Partial<Record<FigureId, number>>>>>;

export interface Row {
  id: string;
  label: string;
  head: string;
  preset?: string;
  /** Fields that differ from the preset's. */
  config?: Config;
  reported?: Reported;
}

export interface Experiment {
  /** As it is said to `lab experiment`. */
  id: string;
  title: string;
  /** Whose figures the reported ones are. */
  paper: string;
  /** What the table prints, the figure that counts first. */
  figures: readonly FigureId[];
  rows: readonly Row[];
  /** Methods that the paper prints beside its own and that are no row here. */
  others?: readonly { label: string; reported: Reported }[];
  /** What its heads read, if not snippet features. */
  input?: 'maps' | 'tubes';
  /** Every row once for every source of features. */
  bySource?: boolean;
  /** The paper prints the frame AUC of each class. */
  byClass?: boolean;
  /** Nothing is trained: a row is made once and looked at. */
  untrained?: boolean;
  /** What is not as in the paper, a sentence or two. */
  note?: string;
}

/** What all runs of an experiment have in common beside its rows: they are comparable only under one protocol. */
export interface Protocol {
  steps: number;
  /** Steps of one head, where they differ. */
  stepsOf: Readonly<Record<string, number>>;
  /** Which step counts. */
  select: 'last' | 'val' | 'test';
  /** Share of the training videos held out for `val`. */
  validate: number;
  /** Looks without a better figure after which a run ends; 0 for never. */
  patience: number;
  expansion: ExpansionRule;
  /** Fields that are the same for all rows, whatever the rows say. */
  config: Config;
}

export const DEFAULT_PROTOCOL: Protocol = {
  steps: 200,
  stepsOf: {},
  select: 'val',
  validate: 0.2,
  patience: 0,
  expansion: 'repeat16',
  config: {},
};

/** A run that is to be made. */
export interface RunPlan {
  /** Says the experiment, row, source and seed; fit for a file name, and the same today and tomorrow. */
  id: string;
  experiment: string;
  row: string;
  /** Where its features come from; null where the experiment has one source only. */
  source: string | null;
  head: string;
  preset?: string;
  /** Fields that differ from the preset's. */
  config: Config;
  seed: number;
  /** 0 where nothing is trained. */
  steps: number;
}

/** All runs of an experiment, every row with the first seed before any with the second. */
export function plan(
  experiment: Experiment,
  seeds: readonly number[],
  protocol: Protocol,
  sources: readonly string[] = [],
): RunPlan[] {
  const own = experiment.bySource ? sources : [null];
  return (experiment.untrained ? seeds.slice(0, 1) : seeds).flatMap((seed) =>
    own.flatMap((source) =>
      experiment.rows.map(({ id: row, head, preset, config }): RunPlan => {
        const place = source === null ? row : `${row}.${slug(source)}`;
        return {
          id: `${experiment.id}.${place}.seed-${seed}`,
          experiment: experiment.id,
          row,
          source,
          head,
          preset,
          config: { ...config, ...protocol.config },
          seed,
          steps: experiment.untrained ? 0 : (protocol.stepsOf[head] ?? protocol.steps),
        };
      }),
    ),
  );
}

/** `2/3`: the second of three parts, each run in one of them. */
export interface Shard {
  part: number;
  of: number;
}

/** @throws Failure `config-invalid` */
export function parseShard(text: string): Shard {
  const [, part, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (part >= 1 && part <= of) return { part, of };
  throw new Failure({
    code: 'config-invalid',
    subject: text,
    what: 'A shard is written i/n, with i from 1 to n, as in 2/3.',
  });
}

/** Dealt out like cards, so that every part has some of every row. */
export function shardOf<T>(runs: readonly T[], { part, of }: Shard): T[] {
  return runs.filter((_, i) => i % of === part - 1);
}

/** As part of a file name or an id. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
