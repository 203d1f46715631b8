/** What every run of the project is worth over the test part, from the scores that are stored. */
import type { Client } from '../../workers/client.ts';
import { ledgerOf, type Ledger, type Worth } from './ledger.ts';
import type { Notices } from './notices.svelte.ts';
import type { Project } from './project.svelte.ts';
import type { Training } from './training.svelte.ts';

export class RunBook {
  readonly #client: Client;
  readonly #notices: Notices;
  readonly #project: Project;
  readonly #training: Training;
  #worths = $state.raw<ReadonlyMap<string, Worth>>(new Map());
  /** By run: what its figures are of. */
  readonly #known = new Map<string, readonly unknown[]>();
  /** The run that the others are compared with. */
  pinned = $state<string | null>(null);
  worthOf(runId: string): Worth | undefined {
    return this.#worths.get(runId);
  }

  readonly ledger: Ledger = $derived.by(() => ledgerOf(this.#training.runs, this.#worths, this.pinned));

  constructor(client: Client, notices: Notices, project: Project, training: Training) {
    this.#client = client;
    this.#notices = notices;
    this.#project = project;
    this.#training = training;
  }

  /**
   * Judges the runs that are new, went on, were scored, or are judged by other truths or parts than before, one after
   * the other: to be called in an effect.
   */
  judge(): void {
    const training = this.#training;
    const { truths, boxes, videos } = this.#project;
    if (training.isPlaying) return;
    const stale = training.runs.filter(({ id, step, updatedAt }) => {
      const basis = [
        step,
        updatedAt,
        truths,
        boxes,
        videos,
        id === training.run?.id ? training.scores : null,
      ];
      const known = this.#known.get(id);
      this.#known.set(id, basis);
      return !known || basis.some((one, i) => one !== known[i]);
    });
    void this.#judgeAll(stale.map(({ id }) => id)).catch((error: unknown) => this.#notices.fail(error));
  }

  async #judgeAll(runIds: readonly string[]): Promise<void> {
    for (const id of runIds) {
      const scores = await this.#client.store.scores(id);
      const classes = this.#training.runs.find((run) => run.id === id)?.classes;
      const byKey = new Map(scores.map((score) => [score.featureKey, score]));
      const videos = this.#training.scoredVideos('test', byKey, classes);
      if (videos.length === 0) continue;
      const options = { ...this.#training.protocolFor(videos), threshold: 0.5 };
      const { frameAuc, videoAuc, averagePrecision } = await this.#client.evaluate(videos, options);
      this.#worths = new Map([...this.#worths, [id, { frameAuc, videoAuc, averagePrecision }]]);
    }
  }
}
