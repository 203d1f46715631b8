/** What moves the run on screen: reset, play, pause, step. */
import type { Client, JobHandle, RunRecord, Tick } from '../../workers/client.ts';
import { figureOf } from './choosing.ts';
import type { Project } from './project.svelte.ts';
import type { Training } from './training.svelte.ts';

/** Milliseconds between two looks at the video on stage while a run goes on. */
const PEEK = 400;

export const DEFAULT_STEPS = 200;

/** How often a run is looked at to find the step that counts. */
const LOOKS = 20;

export class Transport {
  readonly #client: Client;
  readonly #project: Project;
  readonly #training: Training;

  /** Steps after which training pauses by itself. */
  steps = $state(DEFAULT_STEPS);
  isPlaying = $state(false);
  tick = $state.raw<Tick | null>(null);
  /** Total and terms of every step of the run on screen. */
  losses = $state.raw<Tick['losses']>([]);
  /** Numbers that are trained, once a run was begun here. */
  parameters = $state<number | null>(null);
  #job: JobHandle<RunRecord> | null = null;

  constructor(client: Client, project: Project, training: Training) {
    this.#client = client;
    this.#project = project;
    this.#training = training;
  }

  /** A stored run comes on screen, or none. */
  load(run: RunRecord | null): void {
    this.tick = null;
    this.parameters = null;
    this.losses = run ? lossRows(run) : [];
    if (run) this.steps = Math.max(run.steps, run.step);
  }

  /** Begins a run from the fields as they are; the one before stays in the list. */
  async reset(): Promise<RunRecord> {
    this.#project.mayWrite();
    await this.pause();
    const { run, parameters } = await this.#training.begin(this.steps);
    this.tick = null;
    this.losses = [];
    this.parameters = parameters;
    return run;
  }

  /** Trains until `steps` are done or Pause is pressed, then scores every video. */
  async play(onTick: (tick: Tick) => void = () => {}): Promise<RunRecord> {
    const training = this.#training;
    if (this.isPlaying) return training.run!;
    this.#project.mayWrite();
    this.isPlaying = true;
    try {
      if (!training.isContinuable || !training.run) await this.reset();
      if (training.run!.step >= this.steps) this.steps = training.run!.step + DEFAULT_STEPS;
      const { steps } = this;
      const stretch = training.selection === 'last' ? steps : Math.max(1, Math.ceil(steps / LOOKS));
      while (training.run!.step < steps) {
        const target = Math.min(steps, training.run!.step + stretch);
        this.#job = this.#client.play(training.run!.id, target, (tick) => {
          this.#show(tick);
          onTick(tick);
        });
        training.put(await this.#job.result);
        if (training.run!.step < target) break; // paused
        if (training.selection !== 'last') await this.#look();
      }
    } finally {
      this.isPlaying = false;
      this.#job = null;
    }
    await training.scoreAll();
    return training.run!;
  }

  /** Marks the step that the run stands at, if it is better than those before. */
  async #look(): Promise<void> {
    const run = this.#training.run!;
    const figure = await figureOf(run, this.#client, this.#project, this.#training);
    if (figure === null || figure <= (run.best?.figure ?? -Infinity)) return;
    this.#training.put(await this.#client.markBest(run.id, figure));
  }

  async pause(): Promise<void> {
    const job = this.#job;
    if (!job) return;
    job.cancel();
    await job.result.catch(() => {});
  }

  async step(): Promise<void> {
    const training = this.#training;
    if (this.isPlaying) return;
    this.#project.mayWrite();
    if (!training.isContinuable || !training.run) await this.reset();
    const { tick, run } = await this.#client.step(training.run!.id);
    this.#show(tick);
    training.put(run);
    await training.scoreAll();
  }

  #show(tick: Tick): void {
    this.tick = tick;
    this.losses = [...this.losses.slice(0, tick.event.step - tick.losses.length), ...tick.losses];
  }

  /** Looks at one video with the live head, a few times a second while a run goes on. */
  async watch(featureKey: () => string | null, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const key = featureKey();
      const { run } = this.#training;
      if (this.isPlaying && run && key) {
        const score = await this.#client.peek(run.id, key).catch(() => null);
        if (score && this.isPlaying) this.#training.glimpse(score);
      }
      await new Promise((resolve) => setTimeout(resolve, PEEK));
    }
  }
}

function lossRows({ losses }: RunRecord): Tick['losses'] {
  const names = Object.keys(losses.terms);
  return Array.from(losses.total, (total, i) => ({
    total,
    terms: Object.fromEntries(names.map((name) => [name, losses.terms[name][i]])),
  }));
}
