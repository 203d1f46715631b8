/**
 * What the run on screen sees of the video on stage, beside its scores: attention, magnitudes, relation maps, and how
 * one score came about. Asked of the worker when something changed, and a few times a second while the run trains.
 */
import type { Client, Explanation, KeptLook, Look, RunRecord } from '../../workers/client.ts';
import type { Stage } from './stage.svelte.ts';
import type { Training } from './training.svelte.ts';

/** Milliseconds between two checks of whether anything changed, and between two looks while a run trains. */
const PERIOD = 100;
const BREATH = 350;

/** While a run trains, so many times as long as a look took is left to training before the next. */
const PATIENCE = 6;

/** Milliseconds until it is tried again where it failed. */
const PAUSE = 3000;

export class Looking {
  readonly #client: Client;
  readonly #training: Training;
  readonly #stage: Stage;

  /** As the run stands; null until there is one. */
  now = $state.raw<Look | null>(null);
  /** At the kept step that is chosen. */
  past = $state.raw<Look | null>(null);
  /** Steps of the run on screen of which a look was kept, earliest first. */
  kept = $state.raw<KeptLook[]>([]);
  /** The kept step that is looked at; null for now. */
  step = $state<number | null>(null);
  /** Which attention head is shown; -1 for the mean over all. */
  head = $state(0);
  /** The row that is pointed at: who looks, or which of salient's r rows. Its column is the cursor's snippet. */
  row = $state(0);
  /** Whether the relation map lies over the picture. */
  isWhereShown = $state(false);
  /** Why the video cannot be looked at. */
  obstacle = $state<string | null>(null);
  /** Whether somebody wants to know how the score under the cursor came about. */
  isExplaining = $state(false);
  explanation = $state.raw<Explanation | null>(null);
  /** What `now` and `explanation` are of. */
  #seen = '';
  #explained = '';
  #followed: string | null = null;
  #notBefore = 0;
  /** The run whose head has nothing to see beside scores. */
  #blind: string | null = null;

  constructor(client: Client, training: Training, stage: Stage) {
    this.#client = client;
    this.#training = training;
    this.#stage = stage;
  }

  /** What is drawn: the kept look that was chosen, else the latest. */
  get shown(): Look | null {
    return this.step === null ? this.now : this.past;
  }

  /** The look for the lanes and the picture, which show the present. */
  get current(): Look | null {
    const { run } = this.#training;
    return this.now && this.now.runId === run?.id && this.now.featureKey === this.#stage.features?.key
      ? this.now
      : null;
  }

  /** Looks until told otherwise. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const went = await this.#catchUp();
      await new Promise((resolve) => setTimeout(resolve, went ? PERIOD : PAUSE));
    }
  }

  /** @returns false where it failed: the worker may have ended, and another one knows nothing of what was asked */
  async #catchUp(): Promise<boolean> {
    const { run, isPlaying } = this.#training;
    const key = this.#stage.features?.key ?? null;
    try {
      if (key !== this.#followed) {
        this.#followed = key;
        await this.#client.follow(key);
      }
      if (!run || !key) {
        [this.now, this.explanation, this.kept] = [null, null, []];
        this.#seen = this.#explained = '';
        return true;
      }
      await this.#look(run, key, isPlaying);
      if (this.isExplaining) await this.#explain(run, key, isPlaying);
      return true;
    } catch (error) {
      [this.now, this.explanation, this.#followed] = [null, null, null];
      this.#seen = this.#explained = '';
      this.obstacle = error instanceof Error ? error.message : String(error);
      return false;
    }
  }

  /** Whether the parameters may have changed since. */
  #stamp({ id, step, best }: RunRecord, key: string, isPlaying: boolean): string {
    return [id, key, step, best?.step, isPlaying, isPlaying ? this.#training.tick?.event.step : null].join();
  }

  async #look(run: RunRecord, key: string, isPlaying: boolean): Promise<void> {
    const stamp = this.#stamp(run, key, isPlaying);
    if (stamp === this.#seen || (isPlaying && this.#blind === run.id)) return;
    const began = performance.now();
    if (isPlaying && began < this.#notBefore) return;
    this.#seen = stamp;
    const look = await this.#client.look(run.id, key, isPlaying, null);
    this.#notBefore = began + Math.max(BREATH, PATIENCE * (performance.now() - began));
    const kept = look?.spreads ? await this.#client.keptLooks(run.id, key) : [];
    if (this.#training.run?.id !== run.id || this.#stage.features?.key !== key) return;
    this.obstacle = null;
    this.#blind = look && isPlain(look) ? run.id : null;
    this.now = look;
    this.kept = kept;
    if (this.step !== null && !kept.some(({ step }) => step === this.step)) this.choose(null);
  }

  /** Looks back at a step, or at now again. */
  choose(step: number | null): void {
    this.step = step;
    this.past = null;
    const { run } = this.#training;
    const key = this.#stage.features?.key;
    if (step === null || !run || !key) return;
    this.#client.look(run.id, key, false, step).then(
      (look) => {
        if (this.step === step) this.past = look;
      },
      (error: unknown) => (this.obstacle = String(error)),
    );
  }

  async #explain(run: RunRecord, key: string, isPlaying: boolean): Promise<void> {
    const { snippetIndex } = this.#stage;
    const stamp = `${this.#stamp(run, key, isPlaying)},${snippetIndex}`;
    if (stamp === this.#explained) return;
    const explanation = await this.#client.explain(run.id, key, snippetIndex, isPlaying);
    this.#explained = stamp;
    this.explanation = explanation;
  }
}

/** Whether there are scores and nothing else. */
function isPlain({ magnitudes, attention, glance, relation, curves }: Look): boolean {
  return !magnitudes && !attention && !glance && !relation && !curves;
}
