/**
 * What the page talks to: the workers, each started when it is first needed, and the store.
 */
import type { Opinion } from '../engine/backbone/classifier.ts';
import type { RunCurves } from '../engine/evaluation/curves.ts';
import type { Evaluation, EvaluationOptions, ScoredVideo } from '../engine/evaluation/evaluate.ts';
import type { Judged } from '../engine/evaluation/judgement.ts';
import type { Deviations } from '../engine/golden/fixture.ts';
import * as Comlink from 'comlink';
import type { LiveSnippet } from '../engine/features/live.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { Progress } from '../engine/job.ts';
import type { ScoresFile } from '../engine/formats/scores.ts';
import type { DatasetOptions, TrueVideo } from '../engine/scenes/dataset.ts';
import type { DemoSize, DemoVideo } from '../engine/scenes/demo.ts';
import type { FilmWishes } from '../engine/scenes/filming.ts';
import type { StreetOptions } from '../engine/scenes/street.ts';
import type { StepEvent } from '../engine/training/events.ts';
import type { StepOptions } from '../engine/training/step.ts';
import type { NumericArray, VideoFacts } from '../engine/types.ts';
import type { Cut } from '../engine/video/clip.ts';
import type { BackendChoice, DeviceReport } from './device.ts';
import evaluateUrl from './evaluate.worker.ts?worker&url';
import type { Annotations, EvaluateApi } from './evaluate.worker.ts';
import extractUrl from './extract.worker.ts?worker&url';
import type {
  BackboneReport,
  ExtractApi,
  ExtractRequest,
  ExtractSettings,
  FeatureFiles,
  ImportedFiles,
} from './extract.worker.ts';
import { forgetFiles, keptFile, keptSizes } from './files.ts';
import type { TakenIn } from './intake.ts';
import { LiveFeed } from './live-feed.ts';
import type { FixtureFiles, Speed, SpeedRequest } from './measure.ts';
import { Port, type JobHandle } from './port.ts';
import simulateUrl from './simulate.worker.ts?worker&url';
import type { MadeVideo, SimulateApi, StreetChoice, StreetMoment } from './simulate.worker.ts';
import type { PackOptions } from './project-files.ts';
import type { FeatureSummary, ProjectRecord, RunRecord, ScoreRecord } from './schema.ts';
import type { Explanation, KeptLook, Look } from './sight.ts';
import { Store, type StoreEvents } from './store.ts';
import trainUrl from './train.worker.ts?worker&url';
import type { ForkedRun, OpenRun, RunSpec, Tick, TrainApi } from './train.worker.ts';
import type { BackboneOffer } from './backbones.ts';

export type {
  BackboneOffer,
  BackboneReport,
  DeviceReport,
  Explanation,
  ExtractSettings,
  ForkedRun,
  JobHandle,
  KeptLook,
  LiveFeed,
  LiveSnippet,
  Look,
  MadeVideo,
  OpenRun,
  Opinion,
  RunSpec,
  StreetChoice,
  StreetMoment,
  Tick,
};
export type { Movement, StepDetail, StepEvent } from '../engine/training/events.ts';
export type { Best, Selection, TrainedOn } from './schema.ts';
export type { Annotations, BackendChoice, FeatureSummary, RunRecord, ScoreRecord };
export { trusted } from './port.ts';
export type { GuessRecord, ProjectRecord, TruthRecord, VideoRecord } from './schema.ts';

type OnProgress = (progress: Progress) => void;

/** Bytes kept in this browser, by what they are. */
export interface StorageUse {
  videos: number;
  features: number;
  total: number | null;
}

/** Held, shared, by every tab for as long as it is open. */
const TAB_LOCK = 'weaklens-tab';

export class Client {
  readonly store: Store;
  readonly #extract = new Port<ExtractApi>(extractUrl, 'extraction');
  readonly #train = new Port<TrainApi>(trainUrl, 'training');
  readonly #simulate = new Port<SimulateApi>(simulateUrl, 'simulation');
  readonly #evaluate = new Port<EvaluateApi>(evaluateUrl, 'evaluation');

  private constructor(store: Store) {
    this.store = store;
  }

  /** @throws Failure `storage-unavailable` */
  static async start(events: StoreEvents = {}): Promise<Client> {
    return new Client(await Store.open(events));
  }

  // Devices and backbones

  /** Starts the training device, which is the quicker of the two to start. */
  prepareTraining(choice: BackendChoice): Promise<DeviceReport> {
    this.#train.onStart = (api) => void api.prepare(choice); // a worker that was ended must not forget the choice
    return this.#train.call((api) => api.prepare(choice));
  }

  prepareExtraction(settings: ExtractSettings): Promise<{ device: DeviceReport; backbone: BackboneReport }> {
    return this.#extract.call((api) => api.prepare(settings));
  }

  backbones(): Promise<BackboneOffer[]> {
    return this.#extract.call((api) => api.backbones());
  }

  /** Keeps a file of weights once it is known to be sound; refuses it with the reason otherwise. */
  addBackbone(file: File): Promise<BackboneOffer> {
    return this.#extract.call((api) => api.addBackbone(file, file.name));
  }

  /** Keeps the names of a backbone's classes, a line each; refuses a list that does not fit. */
  nameClasses(id: string, file: File): Promise<void> {
    return this.#extract.call((api) => api.nameClasses(id, file, file.name));
  }

  /** What the backbone would call each snippet of a video; null where it has no words. */
  opinions(featureKey: string, settings: ExtractSettings): Promise<Opinion[][] | null> {
    return this.#extract.call((api) => api.opinions(featureKey, settings));
  }

  // Videos

  /** What a file is, its hash, and whether a copy was kept; or a refusal by name and reason. */
  inspect(file: File, onProgress: OnProgress): JobHandle<TakenIn & { facts: VideoFacts }> {
    return this.#extract.job(onProgress, (api, id, report) => api.inspect(file, file.name, id, report), {
      isWatched: true,
    });
  }

  extract(request: ExtractRequest, onProgress: OnProgress): JobHandle<FeatureSummary> {
    return this.#extract.job(onProgress, (api, id, report) => api.extract(request, id, report), {
      isWatched: true,
    });
  }

  /** Extracts to files, without storing. */
  extractFiles(request: ExtractRequest, onProgress: OnProgress): JobHandle<FeatureFiles> {
    return this.#extract.job(onProgress, (api, id, report) => api.extractFiles(request, id, report), {
      isWatched: true,
    });
  }

  // A source that is being watched

  /**
   * Where its frames go from now on; there is one source at a time. A frame may come from anywhere that makes
   * `VideoFrame`s, as a worker that draws a street.
   */
  async openLive(
    settings: ExtractSettings,
  ): Promise<{ feed: LiveFeed; device: DeviceReport; backbone: BackboneReport }> {
    const report = await this.#extract.call<{ device: DeviceReport; backbone: BackboneReport }>((api) =>
      api.openLive(settings),
    );
    const feed = new LiveFeed((picture, seconds) =>
      this.#extract.call((api) =>
        api.liveFrame(picture && Comlink.transfer(picture, [picture as unknown as Transferable]), seconds),
      ),
    );
    return { feed, ...report };
  }

  closeLive(): Promise<void> {
    return this.#extract.call((api) => api.closeLive());
  }

  /** Scores snippets `[N,D]` that are in no store. */
  watch(runId: string, features: NumericArray, backbone: string): Promise<Float32Array> {
    return this.#train.call((api) => api.watch(runId, features, backbone));
  }

  importFeatures(files: ImportedFiles, name: string): Promise<{ hash: string; summary: FeatureSummary }> {
    return this.#extract.call((api) => api.importFeatures(files, name));
  }

  readScores(text: string, file: string): Promise<ScoresFile> {
    return this.#evaluate.call((api) => api.readScores(text, file));
  }

  /** `name width` per line: frames per score, for the expansion rule `widths`. */
  readWidths(text: string, file: string): Promise<Map<string, number>> {
    return this.#evaluate.call((api) => api.readWidths(text, file));
  }

  readAnnotations(text: string, file: string): Promise<Annotations> {
    return this.#evaluate.call((api) => api.readAnnotations(text, file));
  }

  still(file: Blob, name: string, seconds: number): Promise<ImageBitmap> {
    return this.#extract.call((api) => api.still(file, name, seconds));
  }

  /** Small pictures of several moments, `width` pixels wide. */
  strip(file: Blob, name: string, times: readonly number[], width: number): Promise<ImageBitmap[]> {
    return this.#extract.call((api) => api.strip(file, name, times, width));
  }

  // Training

  createRun(spec: RunSpec): Promise<OpenRun> {
    return this.#train.call((api) => api.create(spec));
  }

  /**
   * Steps until `steps` are done; `cancel` pauses, and the result is then the runs as they stand. Two runs go on side
   * by side.
   */
  play(
    runIds: string[],
    steps: number,
    options: StepOptions,
    onTick: (tick: Tick) => void,
  ): JobHandle<RunRecord[]> {
    return this.#train.job<RunRecord[], Tick>(
      onTick,
      (api, id, report) => api.play(runIds, steps, options, id, report),
      { isPatient: true },
    );
  }

  /** One step of each run, the first one told in detail. */
  step(runIds: string[], options: StepOptions): Promise<{ ticks: Tick[]; runs: RunRecord[] }> {
    return this.#train.call((api) => api.step(runIds, options));
  }

  /** The next step in detail, before it counts: `step` takes it, and whatever else happens to the run forgets it. */
  propose(runId: string, options: StepOptions): Promise<StepEvent> {
    return this.#train.call((api) => api.propose(runId, options));
  }

  /** The phases of a step by name; none where one update moves everything. */
  phases(head: string, config: Config, step: number): Promise<string[]> {
    return this.#train.call((api) => api.phases(head, config, step));
  }

  /** From where a run stands, another goes on under another configuration; both are stored. */
  fork(runId: string, config: Config): Promise<ForkedRun> {
    return this.#train.call((api) => api.fork(runId, config));
  }

  peek(runId: string, featureKey: string): Promise<ScoreRecord | null> {
    return this.#train.call((api) => api.peek(runId, featureKey));
  }

  /**
   * What one video looks like to a run: everything that its head has of it, in snippet time.
   * @param asItStands by the last step, also where another one counts
   * @param keptStep at a step of which a look was kept; null for now, and the answer then is never null
   */
  look(
    runId: string,
    featureKey: string,
    asItStands: boolean,
    keptStep: number | null,
  ): Promise<Look | null> {
    return this.#train.call((api) => api.look(runId, featureKey, asItStands, keptStep));
  }

  /** The steps of which looks were kept while a run trained, of the video that was followed. */
  keptLooks(runId: string, featureKey: string): Promise<KeptLook[]> {
    return this.#train.call((api) => api.keptLooks(runId, featureKey));
  }

  /** The video that looks are kept of while runs train. */
  follow(featureKey: string | null): Promise<void> {
    return this.#train.call((api) => api.follow(featureKey));
  }

  /** How one snippet came by its score. */
  explain(runId: string, featureKey: string, snippet: number, asItStands: boolean): Promise<Explanation> {
    return this.#train.call((api) => api.explain(runId, featureKey, snippet, asItStands));
  }

  /** @param figure by which the run as it stands is better than at any step before */
  markBest(runId: string, figure: number): Promise<RunRecord> {
    return this.#train.call((api) => api.markBest(runId, figure));
  }

  /** What counts as an alarm of a run, kept with it. */
  keepThreshold(runId: string, threshold: number): Promise<void> {
    return this.#train.call((api) => api.keepThreshold(runId, threshold));
  }

  score(runId: string, featureKeys: string[], onProgress: OnProgress): JobHandle<ScoreRecord[]> {
    return this.#train.job(onProgress, (api, id, report) => api.score(runId, featureKeys, id, report));
  }

  exportRun(runId: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#train.call((api) => api.exportRun(runId));
  }

  importRun(bytes: Uint8Array, name: string, projectId: string): Promise<RunRecord> {
    return this.#train.call((api) => api.importRun(bytes, name, projectId));
  }

  evaluate(videos: ScoredVideo[], options: EvaluationOptions): Promise<Evaluation> {
    return this.#evaluate.call((api) => api.evaluate(videos, options));
  }

  /** Curves, and what every threshold would do. */
  runCurves(
    videos: readonly ScoredVideo[],
    options: Pick<EvaluationOptions, 'expansion'>,
  ): Promise<RunCurves> {
    return this.#evaluate.call((api) => api.runCurves(videos, options));
  }

  /** Alarms and missed intervals, one by one. */
  judgeAlarms(
    videos: readonly ScoredVideo[],
    options: Pick<EvaluationOptions, 'expansion' | 'threshold'>,
  ): Promise<Judged[]> {
    return this.#evaluate.call((api) => api.judgeAlarms(videos, options));
  }

  // Made videos

  planDemo(seed: number, size?: DemoSize): Promise<DemoVideo[]> {
    return this.#simulate.call((api) => api.plan(seed, size));
  }

  film(video: DemoVideo, onProgress: OnProgress): JobHandle<MadeVideo> {
    return this.#simulate.job(onProgress, (api, id, report) => api.film(video, id, report), {
      isWatched: true,
    });
  }

  /** The videos of a dataset of streets, each with its truth beside it. */
  planStreets(options: DatasetOptions, seed: number, onProgress: OnProgress): JobHandle<TrueVideo[]> {
    return this.#simulate.job(onProgress, (api, id, report) => api.planStreets(options, seed, id, report), {
      isWatched: true,
    });
  }

  streetChoices(): Promise<StreetChoice[]> {
    return this.#simulate.call((api) => api.streetChoices());
  }

  /** Watches a street until it is left; resolves then. */
  watchStreet(options: StreetOptions, onMoment: (moment: StreetMoment) => void): Promise<void> {
    return this.#simulate.call((api) => api.watchStreet(options, Comlink.proxy(onMoment) as never));
  }

  /** Sets an event off in the street that is watched. */
  trigger(name: StreetChoice['events'][number]['class'], seconds: number): Promise<void> {
    return this.#simulate.call((api) => api.trigger(name, seconds));
  }

  leaveStreet(): Promise<void> {
    return this.#simulate.call((api) => api.leaveStreet());
  }

  /** A street as a file. */
  filmStreet(
    name: string,
    options: StreetOptions,
    wishes: FilmWishes,
    onProgress: OnProgress,
  ): JobHandle<File> {
    return this.#simulate.job(
      onProgress,
      (api, id, report) => api.filmStreet(name, options, wishes, id, report),
      { isWatched: true },
    );
  }

  /**
   * A stretch of a video as a file of its own.
   * @param clipName without an ending: which one it gets is for the encoder to say
   */
  cutClip(file: Blob, name: string, cut: Cut, clipName: string, onProgress: OnProgress): JobHandle<File> {
    return this.#simulate.job(
      onProgress,
      (api, id, report) => api.cutClip(file, name, cut, clipName, id, report),
      { isWatched: true },
    );
  }

  // Projects as files

  packProject(projectId: string, options: PackOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.#extract.call((api) => api.packProject(projectId, options));
  }

  /** @param mark what the project's record has beside what the file says */
  unpackProject(
    file: Blob,
    name: string,
    mark: Partial<ProjectRecord>,
    onProgress: OnProgress,
  ): JobHandle<ProjectRecord> {
    return this.#extract.job(
      onProgress,
      (api, id, report) => api.unpackProject(file, name, mark, id, report),
      { isWatched: true },
    );
  }

  // Storage

  keptFile(hash: string): Promise<File | null> {
    return keptFile(hash);
  }

  async storageUse(): Promise<StorageUse> {
    const [files, features] = await Promise.all([keptSizes(), this.store.featureSummaries()]);
    const { usage } = await navigator.storage.estimate();
    return {
      videos: [...files.values()].reduce((sum, size) => sum + size, 0),
      features: features.reduce((sum, { bytes }) => sum + bytes, 0),
      total: usage ?? null,
    };
  }

  /**
   * Removes copies and features that no video of any project has any more. Only a tab that is alone does so: what
   * another one is taking in has no record yet that says so.
   */
  async sweep(): Promise<void> {
    await navigator.locks.request(TAB_LOCK, { ifAvailable: true }, async (lock) => {
      if (lock) await this.#removeLeftovers();
    });
    void navigator.locks.request(TAB_LOCK, { mode: 'shared' }, () => new Promise(() => {}));
  }

  async #removeLeftovers(): Promise<void> {
    const videos = await this.store.allVideos();
    const wanted = new Set(videos.map(({ hash }) => hash));
    const files = await keptSizes();
    await forgetFiles([...files.keys()].filter((hash) => !wanted.has(hash)));
    const features = await this.store.featureSummaries();
    await this.store.deleteFeatures(
      features.filter(({ provenance }) => !wanted.has(provenance.videoHash)).map(({ key }) => key),
    );
  }

  /** Removes the copies of videos: features, labels and runs stay. */
  async forgetVideoFiles(hashes?: Iterable<string>): Promise<void> {
    await forgetFiles(hashes ?? (await keptSizes()).keys());
  }

  // For measurements and tests

  /** How far the training device is from a fixture, in units of what is allowed. */
  deviation(files: FixtureFiles): Promise<Deviations> {
    return this.#train.call((api) => api.deviation(files));
  }

  /** How fast the training device trains and scores with a head. */
  speed(request: SpeedRequest): Promise<Speed> {
    return this.#train.call((api) => api.speed(request));
  }

  memory(worker: 'extract' | 'train'): Promise<{ numTensors: number; deviceBytes: number }> {
    return worker === 'extract'
      ? this.#extract.call((api) => api.memory())
      : this.#train.call((api) => api.memory());
  }

  loseDevice(worker: 'extract' | 'train'): Promise<void> {
    return worker === 'extract'
      ? this.#extract.call((api) => api.loseDevice())
      : this.#train.call((api) => api.loseDevice());
  }

  /** Ends a worker as a crash would. */
  endWorker(worker: 'extract' | 'train'): void {
    (worker === 'extract' ? this.#extract : this.#train).end();
  }

  close(): void {
    for (const port of [this.#extract, this.#train, this.#simulate, this.#evaluate]) port.end();
    this.store.close();
  }
}
