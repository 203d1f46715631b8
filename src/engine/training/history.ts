/**
 * What happened to a run that configuration and seed do not tell: steps of which only one phase was done, and the run
 * that it was forked from. With both, and nothing else, its losses can be computed again.
 */
import type { Config } from '../heads/config.fields.ts';

/** Steps in a row of which only one phase was done, both ends included. */
export interface PartialSteps {
  only: string;
  from: number;
  to: number;
}

/** Up to its step, a fork is the run that it comes from; after it, it goes its own way. */
export interface Fork {
  runId: string;
  step: number;
  /** The configuration up to that step. */
  config: Config;
  /** Where that run was forked itself. */
  forkOf?: Fork;
}

/** The schedule up to a step, that step included. */
export function partialUpTo(schedule: readonly PartialSteps[], step: number): PartialSteps[] {
  return schedule
    .filter(({ from }) => from <= step)
    .map((stretch) => ({ ...stretch, to: Math.min(stretch.to, step) }));
}

/** The schedule after a step; whatever it said of that step and later ones no longer holds. */
export function partialAfter(
  schedule: readonly PartialSteps[],
  step: number,
  only: string | undefined,
): PartialSteps[] {
  const before = partialUpTo(schedule, step - 1);
  if (only === undefined) return before;
  const last = before.at(-1);
  if (last?.only === only && last.to === step - 1) return [...before.slice(0, -1), { ...last, to: step }];
  return [...before, { only, from: step, to: step }];
}

/** The one phase that was done of a step; undefined where all were. */
export function partialAt(schedule: readonly PartialSteps[], step: number): string | undefined {
  return schedule.find(({ from, to }) => from <= step && step <= to)?.only;
}

/** The configuration that a step was taken with. */
export function configAt(run: { config: Config; forkOf?: Fork }, step: number): Config {
  return run.forkOf && step <= run.forkOf.step ? configAt(run.forkOf, step) : run.config;
}
