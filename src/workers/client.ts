/**
 * What the page talks to: the workers, each started when it is first needed, and the store.
 */
import type { Opinion } from '../engine/backbone/classifier.ts';
import type { RunCurves } from '../engine/evaluation/curves.ts';
import type { Evaluation, EvaluationOptions } from '../engine/evaluation/evaluate.ts';
import type { ScoredVideo } from '../engine/evaluation/scored-video.ts';
import type { Judged } from '../engine/evaluation/judgement.ts';
import type { Deviations } from '../engine/golden/fixture.ts';
import * as Comlink from 'comlink';
import type { LiveSnippet } from '../engine/features/live.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { Progress } from '../engine/job.ts';
import type { AlarmedVideo } from '../engine/formats/alarms.ts';
import type { RunMetrics } from '../engine/formats/run-file.ts';
import type { ScoresFile } from '../engine/formats/scores.ts';
import type { StepEvent } from '../engine/training/events.ts';
import type { StepOptions } from '../engine/training/step.ts';
import type { VideoFacts } from '../engine/types.ts';
import type { PixelCheck } from '../engine/video/canary.ts';
import type { BackendChoice, DeviceReport } from './device.ts';
import evaluateUrl from './evaluate.worker.ts?worker&url';
import type { DatasetFile } from '../engine/datasets/dataset.ts';
import type { Annotations } from '../engine/datasets/annotations.ts';
import type { EvaluateApi, ReadDataset } from './evaluate.worker.ts';
import type { ImportOptions, ImportTick, ImportVideo } from './importing.ts';
import extractUrl from './extract.worker.ts?worker&url';
import type {
  BackboneReport,
  ExtractApi,
  ExtractRequest,
  ExtractSettings,
  FeatureFiles,
} from './extract.worker.ts';
import type { AlarmFormat, ScoreFormat, Written } from './exports.ts';
import { keptFile } from './files.ts';
import { FilmingClient } from './filming-client.ts';
import { freeProject, storageUse, sweep, type Freeable, type StorageUse } from './storage.ts';
import type { TakenIn } from './intake.ts';
import { LiveFeed } from './live-feed.ts';
import type { FixtureFiles, Speed, SpeedRequest } from './measure.ts';
import { Port, type JobHandle } from './port.ts';
import { Reading } from './reading.ts';
import type { MadeVideo, StreetChoice, StreetMoment } from './simulate.worker.ts';
import type { PackOptions } from './project-files.ts';
import type { RunFormat, WeightsKind } from './run-files.ts';
import type { FeatureSummary, ProjectRecord, RunChange, RunRecord, ScoreRecord } from './schema.ts';
import type { Explanation, KeptLook, Look } from './sight.ts';
import { SpaceClient } from './space-client.ts';
import { Store, type StoreEvents } from './store.ts';
import { Trainer } from './trainer.ts';
import type { ForkedRun, OpenRun, RunSpec, Tick } from './train.worker.ts';
import type { BackboneOffer } from './backbones.ts';

export type {
  AlarmFormat,
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
  PixelCheck,
  RunFormat,
  RunMetrics,
  RunSpec,
  ScoreFormat,
  StorageUse,
  StreetChoice,
  StreetMoment,
  Tick,
  Trainer,
};
export type { Movement, StepDetail, StepEvent } from '../engine/training/events.ts';
export type { BagWish, WeighedReference, WeighedWish } from './composer.ts';
export type { Layout, LayoutMethod } from './layout.ts';
export type { MagnitudeMoment } from './space.ts';
export type { Annotations, BackendChoice, FeatureSummary, RunRecord, ScoreRecord };
export type { AxesQuestion, ImportedVideo, Inspection } from './reading.ts';
export { trusted } from './port.ts';
export type { Best, ExperimentRecord, GuessRecord, ProjectRecord, RunChange } from './schema.ts';
export type { Selection, TrainedOn, TruthRecord, VideoRecord } from './schema.ts';

type OnProgress = (progress: Progress) => void;

export class Client {
  readonly store: Store;
  /** Files of arrays. */
  readonly reading = new Reading();
  readonly #extract = new Port<ExtractApi>(extractUrl, 'extraction');
  /** Trains the runs on screen. */
  readonly trainer = new Trainer('training');
  /** Trains the runs of experiments, so that the two do not get in each other's way. */
  readonly trials = new Trainer('experiments');
  readonly #train = this.trainer.port;
  readonly #evaluate = new Port<EvaluateApi>(evaluateUrl, 'evaluation');
  /** Segments as points, and bags that somebody composed. */
  readonly space = new SpaceClient(this.#train);
  /** Videos that are made, and what is cut from others. */
  readonly filming = new FilmingClient();

  private constructor(store: Store) {
    this.store = store;
  }

  /** @throws Failure `storage-unavailable` */
  static async start(events: StoreEvents = {}): Promise<Client> {
    return new Client(await Store.open(events));
  }

  // Devices and backbones

  /** The device that heads run on, once they have to. */
  chooseTraining(choice: BackendChoice): void {
    this.trials.choose(choice);
    this.trainer.choose(choice);
  }

  /** Starts the training device, which is the quicker of the two to start. */
  prepareTraining(choice: BackendChoice): Promise<DeviceReport> {
    this.chooseTraining(choice);
    return this.trainer.prepare(choice);
  }

  prepareExtraction(settings: ExtractSettings): Promise<{ device: DeviceReport; backbone: BackboneReport }> {
    return this.#extract.call((api) => api.prepare(settings));
  }

  /** Whether the browser gives pixels back as they are. */
  checkPixels(): Promise<PixelCheck> {
    return this.#extract.call((api) => api.checkPixels());
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

  /** What a folder of features is, and what an import of it would come to. */
  readDataset(files: readonly DatasetFile[], onProgress: OnProgress): JobHandle<ReadDataset> {
    return this.#evaluate.job(onProgress, (api, id, report) => api.readDataset(files, id, report), {
      isWatched: true,
    });
  }

  /** Stores the features of a dataset; what was stored before is found again. Cancelled, it keeps what is stored. */
  importVideos(
    videos: readonly ImportVideo[],
    options: ImportOptions,
    onTick: (tick: ImportTick) => void,
  ): JobHandle<void> {
    return this.#extract.job<void, ImportTick>(
      onTick,
      (api, id, tell) => api.importVideos(videos, options, id, tell),
      { isPatient: true },
    );
  }

  readScores(text: string, file: string): Promise<ScoresFile> {
    return this.#evaluate.call((api) => api.readScores(text, file));
  }

  writeScores(format: ScoreFormat, scores: ScoresFile): Promise<Written> {
    return this.#evaluate.call((api) => api.writeScores(format, scores));
  }

  /** @param project what it is called */
  writeAlarms(format: AlarmFormat, videos: AlarmedVideo[], project: string): Promise<Written> {
    return this.#evaluate.call((api) => api.writeAlarms(format, videos, project));
  }

  /** Features as `NAME.npy` with `NAME.json` beside each, in a zip. */
  packFeatures(videos: Parameters<ExtractApi['packFeatures']>[0]): Promise<Uint8Array<ArrayBuffer>> {
    return this.#extract.call((api) => api.packFeatures(videos));
  }

  /** `name width` per line: frames per score, for the expansion rule `widths`. */
  readWidths(text: string, file: string): Promise<Map<string, number>> {
    return this.#evaluate.call((api) => api.readWidths(text, file));
  }

  /** @param content text, or a file that may be a pickle of boxes */
  readAnnotations(content: string | Blob, file: string): Promise<Annotations> {
    return this.#evaluate.call((api) => api.readAnnotations(content, file));
  }

  still(file: Blob, name: string, seconds: number): Promise<ImageBitmap> {
    return this.#extract.call((api) => api.still(file, name, seconds));
  }

  /** Small pictures of several moments, `width` pixels wide. */
  strip(file: Blob, name: string, times: readonly number[], width: number): Promise<ImageBitmap[]> {
    return this.#extract.call((api) => api.strip(file, name, times, width));
  }

  // Training

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

  /** What people say of a run, kept with it. */
  amend(runId: string, change: RunChange): Promise<void> {
    return this.#train.call((api) => api.amend(runId, change));
  }

  /**
   * The run as a file: its weights, everything in a zip, or its head as an ONNX graph.
   * @param figures over the test part, for the zip
   */
  exportRun(
    runId: string,
    format: RunFormat,
    figures: RunMetrics | null = null,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#train.call((api) => api.exportRun(runId, format, figures));
  }

  /** What a run made of the videos of its project, as `SCORES.json` says it. */
  scoresOf(runId: string): Promise<ScoresFile> {
    return this.#train.call((api) => api.scoresOf(runId));
  }

  /** What a file of weights is, as far as the names of its tensors tell. */
  kindOfWeights(file: File): Promise<WeightsKind> {
    return this.#train.call((api) => api.kindOfWeights(file, file.name));
  }

  /** A run from a file, one of ours or weights that someone else trained; refuses it with the reason otherwise. */
  importRun(file: File, projectId: string): Promise<RunRecord> {
    return this.#train.call((api) => api.importRun(file, file.name, projectId));
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

  storageUse(): Promise<StorageUse> {
    return storageUse(this.store);
  }

  /** Removes what a project can have again from its videos: labels and runs stay. */
  freeProject(projectId: string, what: Freeable): Promise<void> {
    return freeProject(this.store, projectId, what);
  }

  /** Removes copies and features that no video of any project has any more. */
  sweep(): Promise<void> {
    return sweep(this.store);
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
    const { trials } = this;
    this.reading.end();
    for (const port of [this.#extract, this.#train, trials.port, this.#evaluate]) port.end();
    this.space.close();
    this.filming.close();
    this.store.close();
  }
}
