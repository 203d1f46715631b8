/**
 * The experiments of a project: a queue of runs that goes on by itself, waits when it is told to, and is still there
 * when the tab is opened again. A run counts once it is stored; one that was under way goes on from its checkpoint.
 */
import { experimentById } from '../../engine/experiments/catalogue.ts';
import { plan, type Protocol, type RunPlan } from '../../engine/experiments/experiment.ts';
import type { Client, ExperimentRecord, RunRecord } from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { Project } from './project.svelte.ts';
import { carryOut, sourcesOf, trialData } from './trial.ts';

/** What to run. */
export interface Wish {
  experiment: string;
  seeds: readonly number[];
  protocol: Protocol;
  keepsRuns: boolean;
}

/** The run that is under way. */
export interface Underway {
  experimentId: string;
  plan: RunPlan;
  step: number;
  stepsPerSecond: number;
}

export class Experiments {
  readonly #client: Client;
  readonly #notices: Notices;
  readonly #project: Project;
  readonly #onKept: (run: RunRecord) => void;
  /** The latest first. */
  records = $state.raw<readonly ExperimentRecord[]>([]);
  underway = $state.raw<Underway | null>(null);
  #isWorking = false;
  #isClosed = false;
  #pausing = new AbortController();

  /** @param onKept told of a run that stays with the project */
  constructor(client: Client, notices: Notices, project: Project, onKept: (run: RunRecord) => void) {
    this.#client = client;
    this.#notices = notices;
    this.#project = project;
    this.#onKept = onKept;
  }

  /** Reads what is stored, and goes on where it was left. */
  async load(): Promise<void> {
    const stored = await this.#client.store.experiments(this.#project.record.id);
    this.records = stored.reverse();
    void this.#work();
  }

  /** Lets go of the project; what is under way stays as its last checkpoint left it. */
  close(): void {
    this.#isClosed = true;
    this.#pausing.abort();
  }

  /** Why the videos of the project cannot be experimented with, or null. */
  obstacle(id: string): string | null {
    const { input } = experimentById(id);
    const reads = t(
      input === 'maps' ? 'feature maps~with' : input === 'tubes' ? 'tubes~with' : 'features~with',
    );
    const seen = this.#project.videos.filter((video) => this.#project.featuresOf(video, input ?? 'features'));
    for (const label of ['normal', 'anomalous'])
      if (!seen.some((video) => video.part === 'train' && video.label === label))
        return t('It needs training videos that are labelled {label}, with {reads}.', {
          label: t(label),
          reads,
        });
    return seen.some(({ part }) => part === 'test')
      ? null
      : t('It needs videos in the test part, with {reads}.', { reads });
  }

  async start({ experiment: id, seeds, protocol, keepsRuns }: Wish): Promise<void> {
    this.#project.mayWrite();
    const experiment = experimentById(id);
    const sources = experiment.bySource ? sourcesOf(this.#project, experiment.input) : [];
    const plans = plan(experiment, seeds, protocol, sources);
    const data: ExperimentRecord['data'] = {};
    for (const source of new Set(plans.map((own) => own.source)))
      data[source ?? ''] = (await trialData(this.#project, experiment.input, source)).facts;
    const record: ExperimentRecord = {
      id: crypto.randomUUID(),
      projectId: this.#project.record.id,
      createdAt: Date.now(),
      experiment: id,
      protocol,
      plans,
      data,
      results: [],
      isPaused: false,
      keepsRuns,
    };
    await this.#client.store.putExperiment(record);
    this.records = [record, ...this.records];
    void this.#work();
  }

  async pause(id: string): Promise<void> {
    await this.#change(id, { isPaused: true });
    if (this.underway?.experimentId === id) this.#pausing.abort();
  }

  async goOn(id: string): Promise<void> {
    await this.#change(id, { isPaused: false });
    void this.#work();
  }

  async remove(id: string): Promise<void> {
    await this.pause(id);
    await this.#idle;
    await this.#client.store.deleteExperiment(id);
    this.records = this.records.filter((record) => record.id !== id);
    void this.#work();
  }

  async #change(id: string, change: Partial<ExperimentRecord>): Promise<void> {
    this.#project.mayWrite();
    const record = this.records.find((own) => own.id === id);
    if (!record) return;
    const changed = { ...record, ...change };
    this.#put(changed);
    await this.#client.store.putExperiment(changed);
  }

  #put(record: ExperimentRecord): void {
    this.records = this.records.map((own) => (own.id === record.id ? record : own));
  }

  /** Settles when no run is under way. */
  #idle: Promise<void> = Promise.resolve();

  /** One run after the other, the oldest experiment first, until none is left that does not wait. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      while (!this.#isClosed && this.#project.isWritable) {
        const record = this.records.findLast((own) => !own.isPaused && nextOf(own) !== null);
        if (!record) return;
        this.#pausing = new AbortController();
        this.#idle = this.#carryOut(record, nextOf(record)!);
        await this.#idle;
      }
    } finally {
      this.#isWorking = false;
      this.underway = null;
    }
  }

  async #carryOut({ id, protocol, data: begun, experiment }: ExperimentRecord, next: RunPlan): Promise<void> {
    const { signal } = this.#pausing;
    try {
      const data = await trialData(this.#project, experimentById(experiment).input, next.source);
      if (data.facts.hash !== begun[next.source ?? '']?.hash) throw changed();
      this.underway = { experimentId: id, plan: next, step: 0, stepsPerSecond: 0 };
      const { run, result } = await carryOut(this.#client, {
        plan: next,
        protocol,
        data,
        owner: id,
        signal,
        onTick: ({ event, stepsPerSecond }) =>
          (this.underway = { experimentId: id, plan: next, step: event.step, stepsPerSecond }),
      });
      const record = this.records.find((own) => own.id === id)!;
      const finished = { ...record, results: [...record.results, result] };
      await this.#client.store.finishTrial(finished, run.id);
      this.#put(finished);
      if (record.keepsRuns) this.#onKept({ ...run, projectId: record.projectId });
    } catch (error) {
      if (signal.aborted) return;
      this.#notices.fail(error, next.id);
      await this.#change(id, { isPaused: true }).catch(() => {}); // another tab may have it by now
    }
  }
}

/** The first run that has no result yet. */
export function nextOf({ plans, results }: ExperimentRecord): RunPlan | null {
  const done = new Set(results.map(({ plan }) => plan.id));
  return plans.find(({ id }) => !done.has(id)) ?? null;
}

/** Seconds that are left by what finished runs of the same heads took; null while there is none to go by. */
export function secondsLeft({ plans, results }: ExperimentRecord): number | null {
  if (results.length === 0) return null;
  const mean = (own: typeof results) => own.reduce((sum, { seconds }) => sum + seconds / own.length, 0);
  const done = new Set(results.map(({ plan }) => plan.id));
  return plans
    .filter(({ id }) => !done.has(id))
    .reduce((sum, { head }) => {
      const kin = results.filter(({ plan }) => plan.head === head);
      return sum + mean(kin.length > 0 ? kin : results);
    }, 0);
}

function changed(): Error {
  return Object.assign(new Error('The videos of the project changed.'), {
    code: 'data-mismatch',
    what: t('Videos, labels, features or truth changed since the experiment began, so it waits.'),
    kept: t('Its finished runs are still there.'),
    next: t('Undo the change and let it go on, or start another one.'),
  });
}
