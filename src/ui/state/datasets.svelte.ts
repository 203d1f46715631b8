/**
 * A folder of features on its way in: looked through, told what it comes to, stored video by video, and labelled, split
 * and given its truth by what came with it.
 */
import type { LengthRule } from '../../engine/evaluation/lengths.ts';
import { Failure } from '../../engine/failure.ts';
import type { AssembleOptions } from '../../engine/datasets/assemble.ts';
import type { DatasetFile, DatasetVideo } from '../../engine/datasets/dataset.ts';
import type { ImportReport } from '../../engine/datasets/report.ts';
import type { Progress } from '../../engine/job.ts';
import type { TruthBoxes, VideoTruth } from '../../engine/types.ts';
import type { JobHandle } from '../../workers/client.ts';
import type { ReadDataset } from '../../workers/evaluate.worker.ts';
import type { ImportTick, ImportVideo } from '../../workers/importing.ts';
import type { Added } from '../../workers/script.ts';
import { t } from '../text/text.svelte.ts';
import type { App } from './app.svelte.ts';
import { pathOf } from './paths.ts';
import type { ArrivedVideo } from './project.svelte.ts';

/** What can be chosen before features are stored. */
export type ImportChoice = Pick<AssembleOptions, 'segments' | 'precision'>;

export interface DatasetRequest extends Partial<ImportChoice> {
  /** Whether someone is there to be asked, where there is much to store. */
  asks?: boolean;
  onProgress?: (progress: Progress) => void;
}

/** More than this is not stored unasked. */
const ASKED_BYTES = 1e9;
/** Videos that are recorded together, and milliseconds after which fewer are: what has no record is lost by a reload. */
const FLUSH_VIDEOS = 25;
const FLUSH_TIME = 500;
/** Failures and warnings that are told one by one; the report has them all. */
const MOST_NOTICES = 4;
/** With fewer videos and no text it is a few files, not a dataset, and nobody is shown a report unasked. */
const DATASET_VIDEOS = 20;

export class Datasets {
  readonly #app: App;
  /** Of the latest import. */
  report = $state.raw<ImportReport | null>(null);
  progress = $state.raw<Progress | null>(null);
  choice = $state.raw<ImportChoice>({ segments: null, precision: 'auto' });
  /** How long videos are to whatever judges them. */
  length = $state.raw<LengthRule>('frames');
  /** Bytes of what waits to be stored until someone says so. */
  waiting = $state.raw<number | null>(null);
  /** How many videos are stored, of which were known before. */
  stored = $state.raw<{ videos: number; known: number; seconds: number } | null>(null);
  #truths: ReadonlyMap<string, VideoTruth> = new Map();
  #answer: ((isWanted: boolean) => void) | null = null;
  #job: JobHandle<unknown> | null = null;

  constructor(app: App) {
    this.#app = app;
  }

  get isRunning(): boolean {
    return this.progress !== null || this.waiting !== null;
  }

  /** Takes in features with the lists, annotations and masks that came with them. */
  async run(files: readonly File[], request: DatasetRequest = {}): Promise<Added> {
    const { notices, project } = this.#app;
    project.mayWrite();
    if (this.isRunning) throw busy();
    const { asks = false, onProgress = () => {}, segments, precision } = request;
    if (segments !== undefined) this.choice = { ...this.choice, segments };
    if (precision) this.choice = { ...this.choice, precision };
    const result: Added = { added: [], refused: [] };
    const report = (progress: Progress) => onProgress((this.progress = progress));
    try {
      report({ done: 0, total: files.length, unit: 'files' });
      const named = files.map((file): DatasetFile => ({ path: pathOf(file), blob: file }));
      const job = (this.#job = this.#app.client.readDataset(named, report));
      const read = await (job as JobHandle<ReadDataset>).result;
      this.report = read.report;
      this.stored = null;
      this.length = 'frames';
      this.#truths = read.truths;
      if (read.report.texts.length > 0 || read.report.totals.features >= DATASET_VIDEOS)
        this.#app.evidence = 'Import';
      const totalBytes = bytesOf(read.dataset.videos, files);
      if (asks && totalBytes > ASKED_BYTES && !(await this.#ask(totalBytes))) return result;
      await this.#store(
        read,
        new Map(named.map(({ path }, i) => [path, files[i]])),
        totalBytes,
        result,
        report,
      );
    } catch (error) {
      notices.fail(error);
      if ((error as Failure).code !== 'cancelled') throw error;
    } finally {
      this.progress = null;
      this.#job = null;
    }
    return result;
  }

  /** What waits is stored, as chosen. */
  accept(): void {
    this.#answer?.(true);
  }

  /** Ends it where it stands: what is stored stays, and the same files later go on from there. */
  cancel(): void {
    this.#answer?.(false);
    this.#job?.cancel();
  }

  /** From now on videos are as long as a rule makes them, to whatever judges them. */
  async applyLength(rule: LengthRule): Promise<void> {
    this.length = rule;
    const lengths = new Map(this.report?.videos.map(({ name, lengths }) => [name, lengths]));
    const truths = new Map<string, VideoTruth>();
    for (const [name, truth] of this.#truths) {
      const frames = lengths.get(name)?.find((one) => one.rule === rule)?.frames;
      truths.set(name, frames === undefined ? truth : { ...truth, totalFrames: frames });
    }
    await this.#tell(truths);
  }

  async #ask(totalBytes: number): Promise<boolean> {
    this.progress = null;
    this.waiting = totalBytes;
    const isWanted = await new Promise<boolean>((resolve) => (this.#answer = resolve));
    this.waiting = null;
    this.#answer = null;
    return isWanted;
  }

  async #store(
    { dataset, truths, boxes }: ReadDataset,
    files: ReadonlyMap<string, File>,
    totalBytes: number,
    result: Added,
    report: (progress: Progress) => void,
  ): Promise<void> {
    const { client, notices, project } = this.#app;
    const byName = new Map(dataset.videos.map((video) => [video.name, video]));
    const wanted = dataset.videos.filter(({ sources }) => sources.length > 0);
    // Many are read at once, and listed as their folder has them all the same.
    const [first, place] = [Date.now(), new Map(wanted.map(({ name }, i) => [name, i]))];
    const started = performance.now();
    let known = 0;
    let pending: ArrivedVideo[] = [];
    let lastFlush = started;
    let writing = Promise.resolve();
    const flush = () => {
      const batch = pending;
      pending = [];
      lastFlush = performance.now();
      writing = writing.then(() => project.addFeatureVideos(batch));
      writing.catch(() => this.cancel());
    };
    const onTick = ({ progress, stored, refused }: ImportTick) => {
      report(progress);
      if (stored) {
        const { label, part, classes } = byName.get(stored.name)!;
        pending.push({ ...stored, label, part, classes, addedAt: first + place.get(stored.name)! / 1e3 });
        result.added.push(stored.name);
        known += Number(stored.wasKnown);
        stored.warnings.forEach((what) => this.#warn(stored.name, what));
      }
      if (refused) {
        const failure = new Failure(refused.failure);
        result.refused.push({ name: refused.name, reason: failure.message });
        if (result.refused.length <= MOST_NOTICES) notices.fail(failure, refused.name);
        this.#note(refused.name, failure.what);
      }
      if (pending.length >= FLUSH_VIDEOS || performance.now() - lastFlush > FLUSH_TIME) flush();
    };
    this.#warned = 0;
    try {
      const options = { ...this.choice, totalBytes };
      this.#job = client.importVideos(
        wanted.map((video) => toImport(video, files)),
        options,
        onTick,
      );
      await this.#job.result;
    } finally {
      flush();
      await writing;
      const seconds = (performance.now() - started) / 1000;
      this.stored = { videos: result.added.length, known, seconds };
      await this.#tell(truths, boxes);
    }
    if (result.refused.length > MOST_NOTICES)
      notices.warn(t('{n} videos were refused; the import report names each.', { n: result.refused.length }));
    const { train, test } = this.report!.totals;
    if (this.report!.texts.length > 0 || result.added.length >= DATASET_VIDEOS)
      notices.say(
        t('{name}: {n} videos are here, of {train} to train and {test} to test; {truths} have their truth.', {
          name: dataset.convention.title,
          n: result.added.length,
          train,
          test,
          truths: truths.size,
        }),
      );
  }

  #warned = 0;

  #warn(name: string, what: string): void {
    if (++this.#warned <= MOST_NOTICES) this.#app.notices.warn(what, name);
    this.#note(name, what);
  }

  /** What only reading a file told. */
  #note(name: string, what: string): void {
    if (!this.report) return;
    const videos = this.report.videos.map((row) =>
      row.name === name ? { ...row, problems: [...row.problems, { kind: 'unread' as const, what }] } : row,
    );
    const problems = videos.filter((row) => row.problems.length > 0).length;
    this.report = { ...this.report, videos, totals: { ...this.report.totals, problems } };
  }

  /** Truths and boxes of videos that are here, by name. */
  async #tell(
    truths: ReadonlyMap<string, VideoTruth>,
    boxes: ReadonlyMap<string, TruthBoxes> = new Map(),
  ): Promise<void> {
    const { project, training } = this.#app;
    const [known, boxed] = [project.byId(truths), project.byId(boxes)];
    if (known.size + boxed.size === 0) return;
    if (known.size > 0) await project.setTruths(known);
    if (boxed.size > 0) await project.setBoxes(boxed);
    await training.evaluate();
  }
}

/** A video as the worker may know it: no truth. */
function toImport(
  { name, sources, frames, rowFrames }: DatasetVideo,
  files: ReadonlyMap<string, File>,
): ImportVideo {
  const own = sources.map(({ path, channel, axes, array }) => ({
    ...{ path, channel, axes, array },
    file: files.get(path)!,
  }));
  return { name, sources: own, frames, rowFrames };
}

/** What all features take as float32; where their shape is not known yet, as their files do. */
function bytesOf(videos: readonly DatasetVideo[], files: readonly File[]): number {
  const sizes = new Map(files.map((file) => [pathOf(file), file.size]));
  return videos.reduce((sum, { shape, sources }) => {
    const own = shape
      ? 4 * shape.reduce((product, size) => product * size, 1)
      : sources.reduce((total, { path }) => total + (sizes.get(path) ?? 0), 0);
    return sum + own;
  }, 0);
}

const busy = () =>
  new Failure({
    code: 'config-invalid',
    what: t('Another import is under way.'),
    next: t('Wait for it, or cancel it.'),
  });
