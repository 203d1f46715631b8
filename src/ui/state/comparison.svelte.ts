/** The runs that are drawn beside the one on screen, so that two heads can be seen to differ. */
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import type { Client, RunRecord, ScoreRecord } from '../../workers/client.ts';
import { differencesInWords } from './forking.ts';

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
  /** Head and seed, and the step that it stands at. */
  name: string;
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

  constructor(client: Client, training: OnScreen) {
    this.#client = client;
    this.#training = training;
  }

  /** The run on screen, then the others in the order of their slots. */
  readonly shown: readonly DrawnRun[] = $derived.by(() => {
    const { run, runs, scores } = this.#training;
    const others = this.#others.flatMap(({ runId, slot, scores }) => {
      const other = runs.find(({ id }) => id === runId);
      return other && runId !== run?.id ? [{ run: other, slot, name: runName(other, scores), scores }] : [];
    });
    const own = run ? [{ run, slot: 0, name: runName(run, scores), scores }] : [];
    return [...own, ...others.sort((a, b) => a.slot - b.slot)];
  });

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

/** A run that is being trained is ahead of its record; its scores say how far. */
function runName(run: RunRecord, scores: ReadonlyMap<string, ScoreRecord>): string {
  const { head, seed, forkOf, config } = run;
  const step = Math.max(run.step, ...[...scores.values()].map((record) => record.step));
  const card = headCards.find(({ id }) => id === head);
  const fork =
    forkOf && card ? `, forked at ${forkOf.step}: ${differencesInWords(card, forkOf.config, config)}` : '';
  return `${card?.title ?? head}, seed ${seed}, step ${step}${fork}`;
}
