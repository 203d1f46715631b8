/** The run on screen: its configuration and what it makes of the videos. */
import type { Evaluation, EvaluationOptions } from '../../engine/evaluation/evaluate.ts';
import { expansionOf } from '../../engine/evaluation/expand.ts';
import type { ScoredVideo } from '../../engine/evaluation/scored-video.ts';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import { checkedValue, resolveConfig, type Config, type HeadCard } from '../../engine/heads/config.fields.ts';
import type {
  Client,
  OpenRun,
  RunFormat,
  RunMetrics,
  RunChange,
  RunRecord,
  ScoreRecord,
  Selection,
  Tick,
  TrainedOn,
  VideoRecord,
} from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';
import { Comparison } from './comparison.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import { trainedOn, type Project } from './project.svelte.ts';
import { scoredVideo } from './scored.ts';
import { Threshold } from './threshold.svelte.ts';
import { Transport } from './transport.svelte.ts';

/** What to do when training videos lack what the chosen head reads. */
const LACKING = {
  features: () => t('Extract features of the training videos first.'),
  maps: () => t('This head reads feature maps: extract the features of the training videos once more.'),
  tubes: () => t('This head reads tubes: drop NAME.tubes.safetensors of the training videos.'),
};

/** Share of the training videos that are held out for it. */
export const HELD_OUT = 0.2;

export class Training {
  readonly #client: Client;
  readonly #notices: Notices;
  readonly #project: Project;
  /** Whether features come from a network that was never trained. */
  readonly #isUntrained: () => boolean;

  // What is set up
  headId = $state(headCards[0].id);
  config = $state.raw<Config>(resolveConfig(headCards[0]));
  seed = $state(0);
  /** Which step counts. */
  selection = $state<Selection>('last');
  /** Share of the training videos held out to choose it by, 0..1. */
  heldOut = $state(HELD_OUT);
  /** Looks without a better figure after which training ends; 0 for never. */
  patience = $state(0);

  // What runs
  runs = $state.raw<RunRecord[]>([]);
  run = $state.raw<RunRecord | null>(null);
  /** What moves it. */
  readonly transport: Transport;

  // What came of it
  /** Scores of the run on screen, by feature key. */
  scores = $state.raw<Map<string, ScoreRecord>>(new Map());
  evaluation = $state.raw<Evaluation | null>(null);
  /** By what the tab for it judges, as a link says it; empty for the default. Other figures do not follow it. */
  protocol = $state('');
  readonly #threshold = new Threshold((runId, threshold) => this.#amend(runId, { threshold }));
  readonly comparison: Comparison;

  /** Evaluations asked for so far: only the latest counts. */
  #evaluations = 0;
  /** Runs that were said to meet other features than theirs. */
  readonly #warned = new Set<string>();

  constructor(client: Client, notices: Notices, project: Project, isUntrained: () => boolean) {
    this.#client = client;
    this.#notices = notices;
    this.#project = project;
    this.#isUntrained = isUntrained;
    this.comparison = new Comparison(client, this);
    this.transport = new Transport(client, project, this);
    const { id, config, seed } = project.record.head;
    this.headId = id;
    this.config = config;
    this.seed = seed;
  }

  /** A score at or above it is an alarm. Whoever moves it moves it for the run on screen, which keeps it. */
  get threshold(): number {
    return this.#threshold.value;
  }

  set threshold(threshold: number) {
    this.#threshold.choose(threshold, this.#project.isWritable ? (this.run?.id ?? null) : null);
  }

  /** As a link says it; the run keeps its own. */
  viewThreshold(threshold: number): void {
    this.#threshold.choose(threshold, null);
  }

  async #amend(runId: string, change: RunChange): Promise<void> {
    try {
      await this.#client.amend(runId, change);
      this.runs = this.runs.map((run) => (run.id === runId ? { ...run, ...change } : run));
      if (this.run?.id === runId) this.run = { ...this.run, ...change };
    } catch (error) {
      this.#notices.fail(error);
    }
  }

  /** What someone writes about a run. */
  async annotate(runId: string, note: string): Promise<void> {
    this.#project.mayWrite();
    await this.#amend(runId, { note: note.trim().toWellFormed() || undefined });
  }

  get card(): HeadCard {
    return headCards.find((card) => card.id === this.headId) ?? headCards[0];
  }

  /** The preset that the fields are those of, if any. How features are scaled belongs to the data, not to the method. */
  get preset(): string | null {
    const { normalise } = this.config;
    const own = JSON.stringify(resolveConfig(this.card, undefined, this.config));
    const isSame = (name: string) => JSON.stringify({ ...resolveConfig(this.card, name), normalise }) === own;
    return Object.keys(this.card.presets).find(isSame) ?? null;
  }

  /** Whether Play goes on with the run on screen: it was set up like this. */
  get isContinuable(): boolean {
    return this.changes?.length === 0;
  }

  /** The fields that are no longer as the run on screen has them; null where it is another run altogether. */
  get changes(): string[] | null {
    const { run, config } = this;
    const isSameRun =
      run !== null &&
      run.training.length > 0 &&
      run.head === this.headId &&
      run.seed === this.seed &&
      (run.selection ?? 'last') === this.selection &&
      isSameSet([...run.training, ...(run.heldOut ?? [])], this.#project.trainable);
    if (!isSameRun) return null;
    return Object.keys({ ...run.config, ...config }).filter((key) => run.config[key] !== config[key]);
  }

  /** Whether the run on screen could be forked into what the fields say: only components differ. */
  get isForkable(): boolean {
    const { changes, card, run } = this;
    const isComponent = (key: string) => card.fields[key]?.ablation === true;
    return (run?.step ?? 0) > 0 && changes !== null && changes.length > 0 && changes.every(isComponent);
  }

  /** Why nothing can be trained yet, or null. */
  get obstacle(): string | null {
    const videos = this.#project.trainable;
    const count = (label: string) => videos.filter((video) => video.label === label).length;
    if (this.#project.videos.length === 0) return t('Drop some videos first.');
    if (
      this.#project.record.shipped === 'exhibit' &&
      this.#project.videos.every(({ part }) => part === 'test')
    )
      return t('Open the whole dataset to train on it, or drop videos of your own.');
    const labelled = this.#project.videos.filter((video) => video.part === 'train' && video.label);
    for (const label of ['normal', 'anomalous'] as const) {
      if (count(label) > 0) continue;
      return labelled.some((video) => video.label === label)
        ? LACKING[this.card.input ?? 'features']()
        : t('Label at least one training video as {label}.', { label: t(label) });
    }
    return null;
  }

  async load(): Promise<void> {
    const runs = await this.#client.store.runs(this.#project.record.id);
    this.runs = runs.sort((a, b) => b.createdAt - a.createdAt);
    if (this.runs[0]) await this.show(this.runs[0].id);
  }

  // Setting up

  choose(headId: string): void {
    this.headId = headId;
    this.config = this.#defaults();
    void this.#keepSetup();
  }

  /**
   * The head's defaults. Untrained features vary most where nothing happens, so with those each dimension is brought
   * to the same scale first.
   */
  #defaults(): Config {
    return resolveConfig(this.card, undefined, this.#isUntrained() ? { normalise: 'standard-l2' } : {});
  }

  /** Once the backbone is known: fields that nobody has touched become those that suit it. */
  suitBackbone(): void {
    const isUntouched =
      this.runs.length === 0 && JSON.stringify(this.config) === JSON.stringify(resolveConfig(this.card));
    if (isUntouched) this.config = this.#defaults();
  }

  applyPreset(name: string): void {
    this.config = { ...resolveConfig(this.card, name), normalise: this.config.normalise };
    void this.#keepSetup();
  }

  /** @throws the failure of a value that its field does not allow */
  set(key: string, value: unknown): void {
    this.config = this.configWith(key, value);
    void this.#keepSetup();
  }

  /** @throws the failure of a value that its field does not allow */
  configWith(key: string, value: unknown): Config {
    return { ...this.config, [key]: checkedValue(this.card, key, value) };
  }

  /** Everything at once, as a link says it; the run that was made so comes on screen, if it is here. */
  async setUp(wanted: { headId: string; config: Config; seed: number; selection: Selection }): Promise<void> {
    const isWanted = (run: RunRecord) =>
      run.head === wanted.headId &&
      run.seed === wanted.seed &&
      (run.selection ?? 'last') === wanted.selection &&
      Object.keys({ ...run.config, ...wanted.config }).every((key) => run.config[key] === wanted.config[key]);
    const run = this.run && isWanted(this.run) ? this.run : this.runs.find(isWanted);
    if (run && run !== this.run) await this.show(run.id);
    Object.assign(this, wanted);
    if (this.#project.isWritable) await this.#keepSetup();
  }

  setSeed(seed: number): void {
    this.seed = Math.trunc(seed);
    void this.#keepSetup();
  }

  async #keepSetup(): Promise<void> {
    const { headId: id, config, seed } = this;
    try {
      await this.#project.update({ head: { id, config, seed } });
    } catch (error) {
      this.#notices.fail(error);
    }
  }

  // Runs

  /** Whether the run on screen is being trained. */
  get isPlaying(): boolean {
    return this.transport.isPlaying;
  }

  /** What the latest steps told. */
  get tick(): Tick | null {
    return this.transport.tick;
  }

  /**
   * A run of the fields as they are comes on screen, not stepped yet.
   * @throws when the training videos lack what the head reads
   */
  async begin(steps: number): Promise<OpenRun> {
    // What the head reads besides features is found missing here, where it is known what to do.
    if (this.card.input && this.obstacle) throw new Error(this.obstacle);
    const videos = this.#project.trainable.map(trainedOn);
    const { headId: head, config, seed, selection, heldOut: validate, patience, threshold } = this;
    const projectId = this.#project.record.id;
    const spec = { projectId, head, config, seed, steps, videos, selection, validate, patience, threshold };
    const opened = await this.#client.trainer.create(spec);
    this.runs = [opened.run, ...this.runs];
    this.run = opened.run;
    this.scores = new Map();
    this.evaluation = null;
    return opened;
  }

  /** A fork of the run on screen takes its place there. */
  adopt(run: RunRecord): void {
    this.runs = [run, ...this.runs];
    this.run = run;
    this.config = run.config;
    void this.#keepSetup();
  }

  /** A run was made without having been on screen. */
  include(run: RunRecord): void {
    this.runs = [run, ...this.runs];
  }

  /** A run went on. */
  put(run: RunRecord): void {
    if (this.run?.id === run.id) this.run = run;
    this.runs = this.runs.map((other) => (other.id === run.id ? run : other));
  }

  /** A stored run, with its losses and scores. */
  async show(runId: string): Promise<void> {
    await this.transport.pause();
    const run = this.runs.find(({ id }) => id === runId);
    if (!run) return;
    this.run = run;
    this.#threshold.restore(run.threshold);
    this.headId = run.head;
    this.config = run.config;
    this.seed = run.seed;
    this.selection = run.selection ?? 'last';
    this.heldOut = run.validate ?? this.heldOut;
    this.patience = run.patience ?? 0;
    this.transport.load(run);
    const scores = await this.#client.store.scores(run.id);
    if (this.run?.id !== runId) return; // another one came on screen meanwhile
    this.scores = new Map(scores.map((score) => [score.featureKey, score]));
    await this.evaluate();
  }

  async remove(runId: string): Promise<void> {
    this.#project.mayWrite();
    const isTrained = [this.run, this.transport.beside?.run].some((run) => run?.id === runId);
    if (isTrained) await this.transport.pause();
    await this.#threshold.settle();
    await this.#client.store.deleteRun(runId);
    const removed = this.runs.find(({ id }) => id === runId);
    this.runs = this.runs.filter(({ id }) => id !== runId);
    this.comparison.remove(runId);
    this.transport.forget(runId);
    if (this.run?.id !== runId) return;
    this.run = null;
    this.transport.load(null);
    this.scores = new Map();
    this.evaluation = null;
    const next = this.runs.find(({ id }) => id === removed?.forkOf?.runId) ?? this.runs[0];
    if (next) await this.show(next.id);
  }

  /** A run from a file, to score with; it comes on screen. */
  async importRun(file: File): Promise<RunRecord> {
    this.#project.mayWrite();
    await this.transport.pause();
    const run = await this.#client.importRun(file, this.#project.record.id);
    this.runs = [run, ...this.runs];
    await this.show(run.id);
    return run;
  }

  /** The run as a file, its threshold with it: its weights, or with scores and figures in a zip. */
  async exportRun(runId: string, format: RunFormat = 'safetensors'): Promise<Uint8Array<ArrayBuffer>> {
    await this.#threshold.settle();
    const figures = format === 'zip' ? await this.#figuresOf(runId) : null;
    return this.#client.exportRun(runId, format, figures);
  }

  /** Figures of any run over the test part, at its own threshold. */
  async #figuresOf(runId: string): Promise<RunMetrics | null> {
    const run = this.runs.find(({ id }) => id === runId);
    const records = await this.#client.store.scores(runId);
    const scores = new Map(records.map((score) => [score.featureKey, score]));
    const videos = this.scoredVideos('test', scores);
    if (!run || videos.length === 0) return null;
    const { threshold = this.threshold } = run;
    return { ...(await this.#client.evaluate(videos, { ...this.protocolFor(videos), threshold })) };
  }

  // Scoring

  /** Videos that have features, and no score by the run on screen. */
  get unscored(): VideoRecord[] {
    return this.#project.videos.filter((video) => {
      const features = this.#project.featuresOf(video);
      return features && !this.scores.has(features.key);
    });
  }

  /** One video as the head sees it in passing, while it learns. */
  glimpse(score: ScoreRecord): void {
    const and = (scores: ReadonlyMap<string, ScoreRecord>) =>
      new Map([...scores, [score.featureKey, score] as const]);
    if (score.runId === this.run?.id) this.scores = and(this.scores);
    else this.comparison.put(score.runId, and(this.comparison.scoresOf(score.runId)));
  }

  /** Scores every video that has features, stores the scores and evaluates the test part. */
  async scoreAll(): Promise<ScoreRecord[]> {
    if (!this.run) return [];
    const { id } = this.run;
    const records = await this.#client.trainer.score(id, this.#project.featureKeys, () => {}).result;
    if (this.run?.id !== id) return records; // another run came on screen meanwhile
    this.scores = new Map(records.map((score) => [score.featureKey, score]));
    this.#warnOfUnlike(records);
    await this.evaluate();
    return records;
  }

  /** Once a run: a head scores anything, also what it was never taught to read. */
  #warnOfUnlike(records: readonly ScoreRecord[]): void {
    const { id } = this.run!;
    const unlike = records.filter((record) => record.unlike);
    if (unlike.length === 0 || this.#warned.has(id)) return;
    this.#warned.add(id);
    const names = unlike.map(
      ({ featureKey }) =>
        this.#project.videos.find((video) => this.#project.featuresOf(video)?.key === featureKey)?.name,
    );
    const others = unlike.length > 1 ? ` ${t('and {n} more', { n: unlike.length - 1 })}` : '';
    this.#notices.warn(
      t('Features unlike those that this run was trained on: {what}. Its scores may mean nothing.', {
        what: unlike[0].unlike!,
      }),
      `${names[0] ?? t('A video')}${others}`,
    );
  }

  /** Figures over the test part, from labels and truths as far as they are known. */
  async evaluate(): Promise<Evaluation | null> {
    const videos = this.scoredVideos('test');
    const turn = ++this.#evaluations;
    const evaluation =
      videos.length > 0 ? await this.#client.evaluate(videos, this.protocolFor(videos)) : null;
    if (turn === this.#evaluations) this.evaluation = evaluation;
    return evaluation;
  }

  /** A head of several classes has a threshold for them of its own. */
  protocolFor(videos: readonly ScoredVideo[]): EvaluationOptions {
    const { classThreshold } = this.run?.config ?? {};
    return {
      expansion: expansionOf(videos),
      threshold: this.threshold,
      classThreshold: classThreshold === undefined ? undefined : Number(classThreshold),
    };
  }

  /** The videos of a part as an evaluation reads them: those with scores, of the run on screen unless others are given. */
  scoredVideos(
    part: 'train' | 'test',
    scores: ReadonlyMap<string, ScoreRecord> = this.scores,
    classes = this.run?.classes,
  ): ScoredVideo[] {
    return this.#project.judged(part).flatMap((judged) => {
      const score = scores.get(judged.features.key);
      return score ? [scoredVideo(judged, score, classes)] : [];
    });
  }

  scoredVideo(
    video: VideoRecord,
    scores: ReadonlyMap<string, ScoreRecord> = this.scores,
  ): ScoredVideo | null {
    const features = this.#project.featuresOf(video);
    const score = features && scores.get(features.key);
    if (!features || !score) return null;
    const truth = this.#project.truths.get(video.id);
    const boxes = this.#project.boxes.get(video.id);
    return scoredVideo({ video, features, truth, boxes }, score, this.run?.classes);
  }
}

/** Whether a run was made of just these videos, with these labels and features. */
function isSameSet(
  training: readonly TrainedOn[],
  trainable: readonly {
    video: Pick<VideoRecord, 'id' | 'classes'>;
    label: string;
    features: { key: string };
  }[],
): boolean {
  const now = trainable.map(({ video, label, features }) =>
    JSON.stringify([video.id, label, video.classes ?? [], features.key]),
  );
  const then = training.map(({ videoId, label, classes = [], featureKey }) =>
    JSON.stringify([videoId, label, classes, featureKey]),
  );
  return now.sort().join() === then.sort().join();
}
