/**
 * What moves the run on screen: reset, play, pause, step, slow motion. A run that is forked while it trains goes on
 * beside its fork.
 */
import type { Config } from '../../engine/heads/config.fields.ts';
import type { Client, ForkedRun, JobHandle, RunRecord, StepEvent, Tick } from '../../workers/client.ts';
import { lossesOf } from '../chart/loss-rows.ts';
import { isSpent, look, nextLook, stretchOf } from './choosing.ts';
import type { Project } from './project.svelte.ts';
import { Slow } from './slow.svelte.ts';
import type { Training } from './training.svelte.ts';

/** Milliseconds between two looks at the video on stage while a run goes on. */
const PEEK = 400;

export const DEFAULT_STEPS = 200;

type Losses = Tick['losses'];

export class Transport {
  readonly #client: Client;
  readonly #project: Project;
  readonly #training: Training;

  /** Steps after which training pauses by itself. */
  steps = $state(DEFAULT_STEPS);
  /** Whether steps follow each other as fast as they can. */
  #isFast = $state(false);
  /** The step that is being taken by itself. */
  #stepping: Promise<void> | null = null;
  /** The step after it, where one was asked for meanwhile. */
  #following: Promise<void> | null = null;
  readonly slow: Slow;
  tick = $state.raw<Tick | null>(null);
  /** Total and terms of every step of the run on screen. */
  losses = $state.raw<Losses>([]);
  /** The run that goes on beside the one on screen: what it was forked from, or its fork. */
  beside = $state.raw<{ run: RunRecord; losses: Losses } | null>(null);
  /** Numbers that are trained, once a run was begun here. */
  parameters = $state<number | null>(null);
  /** The phases of a step by name, where it has several. */
  phases = $state.raw<readonly string[]>([]);
  /** The one phase that is done of each step; null for all. */
  only = $state<string | null>(null);
  #job: JobHandle<RunRecord[]> | null = null;
  /** Pause was asked for, and the end of what is to be paused. */
  #isStopping = false;
  #ended: Promise<void> = Promise.resolve();
  /** A fork that was asked for while steps follow each other. */
  #wanted: { config: Config; resolve: (forked: ForkedRun) => void; reject: (error: unknown) => void } | null =
    null;

  constructor(client: Client, project: Project, training: Training) {
    this.#client = client;
    this.#project = project;
    this.#training = training;
    this.slow = new Slow({
      propose: () => this.#propose(),
      take: () => this.#take(),
      isUnfinished: () => (training.run?.step ?? 0) < this.steps || !training.isContinuable,
    });
  }

  get isPlaying(): boolean {
    return this.#isFast || this.slow.isRunning;
  }

  /** Whether the run on screen ended before its steps were done, because looks found nothing better any more. */
  get isSpent(): boolean {
    const { run, patience, selection } = this.#training;
    if (!run || run.step >= this.steps || selection === 'last') return false;
    return isSpent(run, stretchOf(selection, this.steps), patience);
  }

  /** Segments of a video through which the loss saw it, as far as the step that is shown has come. */
  chosenOf(videoId: string): readonly number[] {
    const { slow } = this;
    const event = slow.isMidStep ? (slow.has('choose') ? slow.event : null) : this.tick?.event;
    return event?.chosen.find(({ id }) => id === videoId)?.segments ?? [];
  }

  /** A stored run comes on screen, or none. */
  load(run: RunRecord | null): void {
    this.tick = null;
    this.parameters = null;
    this.slow.clear();
    this.losses = run ? lossesOf(run) : [];
    if (run) this.steps = Math.max(run.steps, run.step);
    const other = run && this.#companionOf(run);
    this.beside = other ? { run: other, losses: lossesOf(other) } : null;
    if (other) void this.#training.comparison.refresh(other.id);
  }

  /** What a fork goes on beside, or what was forked from a run: if they still stand at one step. */
  #companionOf({ id, step, forkOf }: RunRecord): RunRecord | null {
    const level = this.#training.runs.filter((other) => other.step === step);
    return (
      level.find((other) => other.id === forkOf?.runId) ??
      level.find((other) => other.forkOf?.runId === id) ??
      null
    );
  }

  /** The run beside the one on screen stays where it is from now on. */
  part(): void {
    if (!this.beside) return;
    this.#training.comparison.remove(this.beside.run.id);
    this.beside = null;
  }

  /** Which phases a step of the head has, as it is set up. */
  async meetPhases(headId: string, config: Config): Promise<void> {
    const step = 1 + (this.#training.run?.step ?? 0);
    const phases = await this.#client.phases(headId, config, step);
    if (headId !== this.#training.headId) return;
    this.phases = phases.length > 1 ? phases : [];
    if (this.only !== null && !this.phases.includes(this.only)) this.only = null;
  }

  get #options(): { only?: string } {
    return this.only === null ? {} : { only: this.only };
  }

  /** The run on screen first. */
  get #runIds(): string[] {
    return [this.#training.run!.id, ...(this.beside ? [this.beside.run.id] : [])];
  }

  /** Begins a run from the fields as they are; the one before stays in the list. */
  async reset(): Promise<RunRecord> {
    this.#project.mayWrite();
    await this.pause();
    return this.#begin();
  }

  async #begin(): Promise<RunRecord> {
    const { run, parameters } = await this.#training.begin(this.steps);
    this.slow.clear();
    this.tick = null;
    this.losses = [];
    this.beside = null;
    this.parameters = parameters;
    return run;
  }

  /** The run on screen, or a new one where the fields are no longer those of it. */
  async #continuable(): Promise<RunRecord> {
    this.#project.mayWrite();
    const { run, isContinuable } = this.#training;
    return run && isContinuable ? run : this.#begin();
  }

  /** Trains until `steps` are done or Pause is pressed, then scores every video. */
  async play(onTick: (tick: Tick) => void = () => {}): Promise<RunRecord> {
    const training = this.#training;
    if (this.isPlaying) return training.run!;
    this.#project.mayWrite();
    this.#isFast = true;
    this.#isStopping = false;
    let end = () => {};
    this.#ended = new Promise((resolve) => (end = resolve));
    this.slow.clear();
    try {
      await this.#continuable();
      if (training.run!.step >= this.steps) this.steps = training.run!.step + DEFAULT_STEPS;
      const { steps } = this;
      const stretch = stretchOf(training.selection, steps);
      while (training.run!.step < steps && !this.#isStopping) {
        if (await this.#forkWanted()) continue;
        const target = nextLook(training.run!.step, stretch, steps);
        this.#job = this.#client.trainer.play(this.#runIds, target, this.#options, (tick) => {
          this.#show(tick);
          if (tick.runId === training.run!.id) onTick(tick);
        });
        this.#put(await this.#job.result);
        if (await this.#forkWanted()) continue;
        if (training.run!.step < target) break; // paused
        if (training.selection === 'last') continue;
        await this.#look();
        if (isSpent(training.run!, stretch, training.patience)) break;
      }
    } catch (error) {
      await this.#reread(); // the worker kept what was sound
      throw error;
    } finally {
      this.#isFast = false;
      this.#job = null;
      this.#wanted?.reject(new Error('Training ended before the run could be forked.'));
      this.#wanted = null;
      end();
    }
    await this.#scoreAll();
    return training.run!;
  }

  /** Marks the step that each run stands at, if it is better than those before. */
  async #look(): Promise<void> {
    for (const id of this.#runIds) {
      const run = this.#training.runs.find((candidate) => candidate.id === id)!;
      const test = this.#project.judged('test');
      this.#put([
        await look(run, this.#client.trainer, this.#client, test, (videos) =>
          this.#training.protocolFor(videos),
        ),
      ]);
    }
  }

  /** Stays at the step, or within a slow step at the phase, that it has come to. */
  async pause(): Promise<void> {
    await this.slow.stop();
    if (!this.#isFast) return;
    this.#isStopping = true;
    this.#job?.cancel();
    await this.#ended;
  }

  /**
   * One step; one that was begun in slow motion is brought to its end. Asked for while one is being taken, one more
   * follows it, of the same run.
   */
  step(): Promise<void> {
    if (this.isPlaying) return Promise.resolve();
    if (!this.#stepping) {
      this.#stepping = this.#stepOnce().finally(() => (this.#stepping = null));
      return this.#stepping;
    }
    this.#following ??= this.#stepping
      .catch(() => {}) // whoever asked for it is told
      .then(() => {
        this.#following = null;
        return this.step();
      });
    return this.#following;
  }

  async #stepOnce(): Promise<void> {
    await this.#continuable();
    this.slow.show(await this.#take());
    await this.#scoreAll();
  }

  /** Step after step in slow motion; from wherever it is. */
  async playSlowly(): Promise<void> {
    if (this.slow.isRunning) return;
    await this.pause();
    await this.#continuable();
    if (this.#training.run!.step >= this.steps) {
      this.steps = this.#training.run!.step + DEFAULT_STEPS;
    }
    const before = this.#training.run!.step;
    await this.slow.run();
    if (this.#training.run!.step > before) await this.#scoreAll();
  }

  /** The next phase of a slow step, now. */
  async nextPhase(): Promise<void> {
    if (this.#isFast) return;
    await this.#continuable();
    await this.slow.advance();
    if (!this.slow.isRunning && !this.slow.isMidStep) await this.#scoreAll();
  }

  #propose(): Promise<StepEvent> {
    return this.#client.propose(this.#training.run!.id, this.#options);
  }

  async #take(): Promise<StepEvent> {
    const { ticks, runs } = await this.#client.step(this.#runIds, this.#options);
    ticks.forEach((tick) => this.#show(tick));
    this.#put(runs);
    return ticks[0].event;
  }

  #show(tick: Tick): void {
    const grown = (losses: Losses) => [
      ...losses.slice(0, tick.event.step - tick.losses.length),
      ...tick.losses,
    ];
    if (tick.runId === this.#training.run?.id) {
      this.tick = tick;
      this.losses = grown(this.losses);
    } else if (tick.runId === this.beside?.run.id) {
      this.beside = { ...this.beside, losses: grown(this.beside.losses) };
    }
  }

  #put(runs: readonly RunRecord[]): void {
    for (const run of runs) {
      this.#training.put(run);
      if (this.beside?.run.id === run.id) this.beside = { ...this.beside, run };
    }
  }

  async #reread(): Promise<void> {
    if (!this.#training.run) return;
    for (const id of this.#runIds) {
      const run = await this.#client.store.run(id).catch(() => undefined);
      if (run) this.#put([run]);
    }
  }

  // Forks

  /**
   * From the step that the run on screen stands at, another one goes on with `config`, and comes on screen; both train
   * side by side from now on. While steps follow each other, they go on.
   */
  async fork(config: Config): Promise<ForkedRun> {
    this.#project.mayWrite();
    if (this.#isFast) {
      this.#wanted?.reject(new Error('Another component was switched meanwhile.'));
      const forked = new Promise<ForkedRun>((resolve, reject) => {
        this.#wanted = { config, resolve, reject };
      });
      this.#job?.cancel();
      return forked;
    }
    const wasSlow = this.slow.isRunning;
    await this.pause();
    const forked = await this.#branch(config);
    if (wasSlow) void this.playSlowly();
    return forked;
  }

  async #forkWanted(): Promise<boolean> {
    const wanted = this.#wanted;
    if (!wanted) return false;
    this.#wanted = null;
    try {
      wanted.resolve(await this.#branch(wanted.config));
    } catch (error) {
      wanted.reject(error); // the run itself is none the worse, and goes on
    }
    return true;
  }

  async #branch(config: Config): Promise<ForkedRun> {
    const training = this.#training;
    const forked = await this.#client.fork(training.run!.id, config);
    const { run, parent, parameters } = forked;
    this.slow.clear();
    training.put(parent);
    training.comparison.put(parent.id, training.scores);
    this.beside = { run: parent, losses: this.losses.slice(0, parent.step) };
    this.losses = this.beside.losses;
    training.adopt(run);
    this.parameters = parameters;
    return forked;
  }

  /** A run is no more: nothing goes on beside it. */
  forget(runId: string): void {
    if (this.beside?.run.id === runId) this.beside = null;
  }

  // Scores

  /** Every video by every run that is trained. */
  async #scoreAll(): Promise<void> {
    await this.#training.scoreAll();
    const { beside } = this;
    if (!beside) return;
    const records = await this.#client.trainer.score(beside.run.id, this.#project.featureKeys, () => {})
      .result;
    if (this.beside?.run.id !== beside.run.id) return;
    this.#training.comparison.put(beside.run.id, new Map(records.map((score) => [score.featureKey, score])));
  }

  /** Looks at one video with the live heads, a few times a second while they learn. */
  async watch(featureKey: () => string | null, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const key = featureKey();
      if (this.isPlaying && this.#training.run && key) {
        for (const id of this.#runIds) {
          const score = await this.#client.trainer.peek(id, key).catch(() => null);
          if (score && this.isPlaying) this.#training.glimpse(score);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, PEEK));
    }
  }
}
