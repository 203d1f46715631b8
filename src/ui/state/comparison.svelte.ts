/** The runs that are drawn beside the one on screen, so that two heads can be seen to differ. */
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import type { Client, RunRecord, ScoreRecord } from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';
import { differencesInWords } from './forking.ts';
import { repeatsIn, seedsOf } from './repeats.ts';

/** Runs that are drawn at once, the one on screen included. */
export const MOST_RUNS = 5;

/** How a run's lines are dashed, by its slot: colour is never the only sign. */
export const RUN_DASHES: readonly string[] = ['none', '6 3', '2 3', '8 3 2 3', '1 4'];

/** The colour of a run's lines, by its slot. */
export const runColour = (slot: number): string => (slot === 0 ? 'var(--predicted)' : `var(--run-${slot})`);

export interface DrawnRun {
  run: RunRecord;
  /** 0 for the run on screen; the others keep theirs as long as they are drawn. */
  slot: number;
  /** Head, seed, the step that it stands at, and in what it differs from a run of the same head on screen. */
  name: string;
  /** The same, given what to say of the seed. */
  nameFor: (seed: string) => string;
  /** By feature key. */
  scores: ReadonlyMap<string, ScoreRecord>;
}

/** What the comparison needs of the training: the run on screen and its scores. */
interface OnScreen {
  readonly runs: readonly RunRecord[];
  readonly run: RunRecord | null;
  readonly scores: ReadonlyMap<string, ScoreRecord>;
}

export class Comparison {
  readonly #client: Client;
  readonly #training: OnScreen;
  /** Runs that were chosen, each with its slot and scores. */
  #others = $state.raw<readonly { runId: string; slot: number; scores: ReadonlyMap<string, ScoreRecord> }[]>(
    [],
  );
  /** Whether repeats over seeds are drawn as their mean with a band around it. */
  isFolded = $state(false);

  constructor(client: Client, training: OnScreen) {
    this.#client = client;
    this.#training = training;
  }

  /** The run on screen, then the others in the order of their slots. */
  readonly shown: readonly DrawnRun[] = $derived.by(() => {
    const { run, runs, scores } = this.#training;
    const drawn = (one: RunRecord, slot: number, its: DrawnRun['scores']): DrawnRun => {
      const nameFor = naming(one, its, run);
      return { run: one, slot, name: nameFor(t('seed {seed}', { seed: one.seed })), nameFor, scores: its };
    };
    const others = this.#others.flatMap(({ runId, slot, scores }) => {
      const other = runs.find(({ id }) => id === runId);
      return other && runId !== run?.id ? [drawn(other, slot, scores)] : [];
    });
    const own = run ? [drawn(run, 0, scores)] : [];
    return [...own, ...others.sort((a, b) => a.slot - b.slot)];
  });

  /** The same, repeats over seeds together. */
  readonly repeats: readonly (readonly DrawnRun[])[] = $derived(repeatsIn(this.shown, ({ run }) => run));

  /** What each line of a plot is of: a run, or its repeats where they are folded. */
  readonly lines: readonly (readonly DrawnRun[])[] = $derived(
    this.isFolded ? this.repeats : this.shown.map((one) => [one]),
  );

  get hasRepeats(): boolean {
    return this.repeats.some((runs) => runs.length > 1);
  }

  has(runId: string): boolean {
    return this.#others.some((other) => other.runId === runId);
  }

  get isFull(): boolean {
    return this.#others.length >= MOST_RUNS - 1;
  }

  /** Draws a stored run, or no longer. */
  async toggle(runId: string): Promise<void> {
    if (this.has(runId)) this.remove(runId);
    else if (!this.isFull) await this.refresh(runId);
  }

  isDrawn(runId: string): boolean {
    return this.#training.run?.id === runId || this.has(runId);
  }

  /** Draws repeats as their mean, as many as there is room for; or, where all that fit are drawn, none of them. */
  async toggleRepeats(runIds: readonly string[]): Promise<void> {
    const missing = runIds.filter((id) => !this.isDrawn(id));
    if (missing.length === 0 || this.isFull) return runIds.forEach((id) => this.remove(id));
    this.isFolded = true;
    for (const id of missing) await this.toggle(id);
  }

  remove(runId: string): void {
    this.#others = this.#others.filter((other) => other.runId !== runId);
  }

  /** Draws a run with its scores as they are stored now. */
  async refresh(runId: string): Promise<void> {
    const records = await this.#client.store.scores(runId);
    this.put(runId, new Map(records.map((record) => [record.featureKey, record])));
  }

  /** The scores that a run is drawn with. */
  scoresOf(runId: string): ReadonlyMap<string, ScoreRecord> {
    return this.#others.find((other) => other.runId === runId)?.scores ?? new Map();
  }

  /** Draws a run with these scores. */
  put(runId: string, scores: ReadonlyMap<string, ScoreRecord>): void {
    const taken = this.#others.find((other) => other.runId === runId);
    const others = this.#others.filter((other) => other !== taken);
    const slot = taken?.slot ?? [1, 2, 3, 4].find((slot) => others.every((other) => other.slot !== slot));
    if (slot !== undefined) this.#others = [...others, { runId, slot, scores }];
  }
}

/** What a line of a plot is of, in words. */
export function lineName(runs: readonly DrawnRun[]): string {
  const seeds = seedsOf(runs.map(({ run }) => run));
  return runs[0].nameFor(
    runs.length > 1 ? t('mean of seeds {seeds}', { seeds }) : t('seed {seed}', { seed: seeds }),
  );
}

/**
 * How a run is called, given whose seed it has. One that is being trained is ahead of its record; its scores say how
 * far.
 */
function naming(
  { head, forkOf, config, step }: RunRecord,
  scores: ReadonlyMap<string, ScoreRecord>,
  onScreen: RunRecord | null,
): (seed: string) => string {
  const now = Math.max(step, ...[...scores.values()].map((record) => record.step));
  const card = headCards.find(({ id }) => id === head);
  const differences =
    card && !forkOf && onScreen?.head === head ? differencesInWords(card, onScreen.config, config) : '';
  const fork =
    forkOf && card
      ? t(', forked at {n}: {changes}', {
          n: forkOf.step,
          changes: differencesInWords(card, forkOf.config, config),
        })
      : '';
  return (seed) =>
    `${card?.title ?? head}, ${seed}, ${t('step {n}', { n: now })}${differences && `: ${differences}`}${fork}`;
}
