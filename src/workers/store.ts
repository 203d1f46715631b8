/**
 * What is kept on this device, read and written whole.
 *
 * A record is visible only when it is complete: everything that belongs together is written in one transaction, and a
 * write counts once the transaction is done. Labels and the like are written strictly (to the disk), features, which
 * can be computed again, relaxed.
 */
import { openDB, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import { Failure } from '../engine/failure.ts';
import { fitsHalf, fromHalf, toHalf } from '../engine/formats/half.ts';
import type { TruthBoxes, Variants, VideoFeatures, VideoTruth } from '../engine/types.ts';
import { chunksOf, joined } from './chunks.ts';
import { storageFailure } from './storage-failure.ts';
import {
  migrations,
  type BackboneRecord,
  type BoxesRecord,
  type CheckpointRecord,
  type ExperimentRecord,
  type FeatureSummary,
  type GuessRecord,
  type ProjectRecord,
  type RunChange,
  type RunRecord,
  type Schema,
  type ScoreRecord,
  type TruthRecord,
  type VideoRecord,
} from './schema.ts';

export const DATABASE = 'weaklens';

const VARIANTS = ['flip', 'flipMaps', 'noise'] as const;
const TUBES = ['region', 'global', 'multivariate', 'boxes', 'picture'] as const;
/** Kept in half precision: they are by far the largest, and heads read means of them. */
const MAPS: readonly string[] = ['maps', 'flipMaps'];

/** Features as they are given to be kept: in half precision where they are a `Uint16Array`. */
export interface StoredVideo extends Omit<VideoFeatures, 'features'> {
  features: { shape: readonly number[]; values: Float32Array | Uint16Array };
}

/** Told when another tab needs this one to let go of the database. */
export interface StoreEvents {
  /** A newer version of the page is open elsewhere; this connection is closed now. */
  outdated?: () => void;
  /** The browser removed the data or closed the connection. */
  gone?: () => void;
}

export class Store {
  readonly #db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }

  /**
   * @param version for the migration test only
   * @throws Failure `storage-unavailable`
   */
  static async open(events: StoreEvents = {}, name = DATABASE, version = migrations.length): Promise<Store> {
    try {
      const db = await openDB<Schema>(name, version, {
        async upgrade(database, from, to, transaction) {
          for (const migrate of migrations.slice(from, to ?? version)) await migrate(database, transaction);
        },
        blocking(_current, _blocked, event) {
          (event.target as IDBDatabase).close();
          events.outdated?.();
        },
        terminated: () => events.gone?.(),
      });
      return new Store(db);
    } catch (error) {
      const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const isNewer = error instanceof DOMException && error.name === 'VersionError';
      throw new Failure({
        code: 'storage-unavailable',
        what: isNewer
          ? 'A newer version of Weaklens has been used in this browser, and this one cannot read its data.'
          : 'The browser refuses to open its storage.',
        next: isNewer
          ? 'Reload the page.'
          : 'Allow this site to store data, or leave private browsing, and reload.',
        detail,
      });
    }
  }

  close(): void {
    this.#db.close();
  }

  // Projects

  projects(): Promise<ProjectRecord[]> {
    return this.#db.getAll('projects');
  }

  async putProject(project: ProjectRecord): Promise<void> {
    await this.#write(['projects'], 'strict', (tx) => tx.objectStore('projects').put(project));
  }

  /** With its videos, guesses, runs and truths. Features stay: other projects may use them. */
  async deleteProject(id: string): Promise<void> {
    for (const experiment of await this.experiments(id)) await this.deleteExperiment(experiment.id);
    const [videos, runs] = await Promise.all([this.videos(id), this.runs(id)]);
    await this.#write(
      [
        'projects',
        'videos',
        'truths',
        'boxes',
        'guesses',
        'runs',
        'checkpoints',
        'checkpointChunks',
        'scores',
      ],
      'strict',
      async (tx) => {
        for (const video of videos) {
          void tx.objectStore('videos').delete(video.id);
          void tx.objectStore('truths').delete(video.id);
          void tx.objectStore('boxes').delete(video.id);
          void tx.objectStore('guesses').delete(video.id);
        }
        for (const run of runs) await removeRun(tx, run.id);
        await tx.objectStore('projects').delete(id);
      },
    );
  }

  // Videos, labels, truth

  videos(projectId: string): Promise<VideoRecord[]> {
    return this.#db.getAllFromIndex('videos', 'byProject', projectId);
  }

  allVideos(): Promise<VideoRecord[]> {
    return this.#db.getAll('videos');
  }

  async putVideos(videos: readonly VideoRecord[]): Promise<void> {
    await this.#write(['videos'], 'strict', async (tx) => {
      for (const video of videos) await tx.objectStore('videos').put(video);
    });
  }

  /** With their guesses. Truth stays, so that taking the removal back brings it back too; it goes with the project. */
  async deleteVideos(ids: readonly string[]): Promise<void> {
    await this.#write(['videos', 'guesses'], 'strict', async (tx) => {
      for (const id of ids) {
        void tx.objectStore('guesses').delete(id);
        await tx.objectStore('videos').delete(id);
      }
    });
  }

  async truths(videoIds: readonly string[]): Promise<Map<string, VideoTruth>> {
    const tx = this.#db.transaction('truths');
    const records = await Promise.all(videoIds.map((id) => tx.store.get(id)));
    return new Map(
      records.filter((record) => record !== undefined).map((record) => [record.videoId, record]),
    );
  }

  async putTruths(truths: readonly TruthRecord[]): Promise<void> {
    await this.#write(['truths'], 'strict', async (tx) => {
      for (const truth of truths) await tx.objectStore('truths').put(truth);
    });
  }

  async deleteTruth(videoId: string): Promise<void> {
    await this.#write(['truths'], 'strict', (tx) => tx.objectStore('truths').delete(videoId));
  }

  async boxes(videoIds: readonly string[]): Promise<Map<string, TruthBoxes>> {
    const tx = this.#db.transaction('boxes');
    const records = await Promise.all(videoIds.map((id) => tx.store.get(id)));
    return new Map(
      records.flatMap((record) =>
        record ? [[record.videoId, { byFrame: record.byFrame, picture: record.picture }] as const] : [],
      ),
    );
  }

  async putBoxes(boxes: readonly BoxesRecord[]): Promise<void> {
    await this.#write(['boxes'], 'strict', async (tx) => {
      for (const record of boxes) await tx.objectStore('boxes').put(record);
    });
  }

  // Guesses

  async guesses(videoIds: readonly string[]): Promise<GuessRecord[]> {
    const tx = this.#db.transaction('guesses');
    const records = await Promise.all(videoIds.map((id) => tx.store.get(id)));
    return records.filter((record) => record !== undefined);
  }

  async putGuesses(guesses: readonly GuessRecord[]): Promise<void> {
    await this.#write(['guesses'], 'strict', async (tx) => {
      for (const guess of guesses) await tx.objectStore('guesses').put(guess);
    });
  }

  // Features

  async featureSummaries(): Promise<FeatureSummary[]> {
    return (await this.#db.getAll('features')).map(({ arrays: _, ...summary }) => summary);
  }

  async featureSummary(key: string): Promise<FeatureSummary | undefined> {
    const manifest = await this.#db.get('features', key);
    if (!manifest) return undefined;
    const { arrays: _, ...summary } = manifest;
    return summary;
  }

  /**
   * All or nothing: the manifest and its chunks in one transaction.
   * @param also what the summary says beside
   */
  async putFeatures(
    key: string,
    video: StoredVideo,
    now: number,
    also: Pick<FeatureSummary, 'origin' | 'fingerprint'> = {},
  ): Promise<FeatureSummary> {
    const { features, frameSeconds, maps, tubes, variants = {}, ...rest } = video;
    const arrays = [
      { name: 'features' as const, ...features },
      { name: 'frameSeconds' as const, shape: [frameSeconds.length], values: frameSeconds },
      ...(maps ? [{ name: 'maps' as const, ...maps }] : []),
      ...VARIANTS.flatMap((name) => (variants[name] ? [{ name, ...variants[name] }] : [])),
      ...TUBES.flatMap((name) => (tubes?.[name] ? [{ name, ...tubes[name] }] : [])),
    ].map(({ values, ...array }) => {
      if (values instanceof Uint16Array) return { ...array, isHalf: true, chunks: chunksOf(values) };
      const isHalf = MAPS.includes(array.name) && fitsHalf(values as Float32Array);
      return { ...array, isHalf, chunks: chunksOf(isHalf ? toHalf(values as Float32Array) : values) };
    });
    const summary: FeatureSummary = {
      ...rest,
      ...also,
      key,
      shape: features.shape,
      also: [...(maps ? (['maps'] as const) : []), ...(tubes ? (['tubes'] as const) : [])],
      frames: frameSeconds.length,
      bytes: arrays.flatMap(({ chunks }) => chunks).reduce((sum, chunk) => sum + chunk.byteLength, 0),
      usedAt: now,
    };
    await this.#write(['features', 'featureChunks'], 'relaxed', async (tx) => {
      for (const { name, chunks } of arrays) {
        for (const [i, chunk] of chunks.entries())
          await tx.objectStore('featureChunks').put(chunk, [key, name, i]);
      }
      const listed = arrays.map(({ chunks, ...array }) => ({ ...array, chunks: chunks.length }));
      await tx.objectStore('features').put({ ...summary, arrays: listed });
    });
    return summary;
  }

  /** @throws Failure `data-missing` when there are none, or the browser lost a part of them */
  async features(key: string): Promise<VideoFeatures> {
    const tx = this.#db.transaction(['features', 'featureChunks']);
    const manifest = await tx.objectStore('features').get(key);
    const lost = () =>
      new Failure({
        code: 'data-missing',
        what: 'The features are no longer stored.',
        next: 'Extract them again.',
      });
    if (!manifest) throw lost();
    const read = async (name: string): Promise<ArrayBuffer | undefined> => {
      const array = manifest.arrays.find((entry) => entry.name === name);
      if (!array) return undefined;
      const chunks: ArrayBuffer[] = [];
      for (let i = 0; i < array.chunks; i++) {
        const chunk = await tx.objectStore('featureChunks').get([key, name, i]);
        if (!chunk) throw lost();
        chunks.push(chunk);
      }
      return joined(chunks);
    };
    const array = async (name: string) => {
      const buffer = await read(name);
      if (!buffer) return undefined;
      const { shape, isHalf } = manifest.arrays.find((entry) => entry.name === name)!;
      return { shape, values: isHalf ? fromHalf(new Uint16Array(buffer)) : new Float32Array(buffer) };
    };
    const [features, frameSeconds] = [await array('features'), await read('frameSeconds')];
    const maps = await array('maps');
    const [region, global, multivariate, boxes, picture] = await Promise.all(TUBES.map(array));
    const told = {
      ...(multivariate && { multivariate }),
      ...(boxes && { boxes }),
      ...(picture && { picture }),
    };
    const variants: Variants = {};
    for (const name of VARIANTS) variants[name] = await array(name);
    if (!features || !frameSeconds) throw lost();
    const { snippets, rowFrames, gaps, warnings, provenance } = manifest;
    return {
      features,
      frameSeconds: new Float64Array(frameSeconds),
      maps,
      tubes: region && global && { region, global, ...told },
      variants,
      snippets,
      ...(rowFrames !== undefined && { rowFrames }),
      gaps,
      warnings,
      provenance,
    };
  }

  async deleteFeatures(keys: readonly string[]): Promise<void> {
    await this.#write(['features', 'featureChunks'], 'relaxed', async (tx) => {
      for (const key of keys) {
        void tx.objectStore('features').delete(key);
        await tx.objectStore('featureChunks').delete(IDBKeyRange.bound([key], [key, []]));
      }
    });
  }

  // Backbones

  backbones(): Promise<BackboneRecord[]> {
    return this.#db.getAll('backbones');
  }

  /** @throws Failure `weights-missing` */
  async backboneFile(id: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#db.get('backboneFiles', id);
    if (bytes) return bytes;
    throw new Failure({
      code: 'weights-missing',
      subject: id,
      what: 'Its file is no longer in this browser.',
      next: 'Add the file again, or choose another backbone.',
    });
  }

  async putBackbone(record: BackboneRecord, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#write(['backbones', 'backboneFiles'], 'strict', async (tx) => {
      void tx.objectStore('backbones').put(record);
      await tx.objectStore('backboneFiles').put(bytes, record.id);
    });
  }

  /** @throws Failure `weights-missing` when there is no such backbone any more */
  async nameClasses(id: string, classNames: readonly string[]): Promise<void> {
    await this.#write(['backbones'], 'strict', async (tx) => {
      const record = await tx.objectStore('backbones').get(id);
      if (!record) throw new Failure({ code: 'weights-missing', subject: id, what: 'Its file was removed.' });
      await tx.objectStore('backbones').put({ ...record, classNames });
    });
  }

  /** Features that were made with it stay. */
  async deleteBackbone(id: string): Promise<void> {
    await this.#write(['backbones', 'backboneFiles'], 'strict', async (tx) => {
      void tx.objectStore('backbones').delete(id);
      await tx.objectStore('backboneFiles').delete(id);
    });
  }

  // Runs

  runs(projectId: string): Promise<RunRecord[]> {
    return this.#db.getAllFromIndex('runs', 'byProject', projectId);
  }

  run(id: string): Promise<RunRecord | undefined> {
    return this.#db.get('runs', id);
  }

  /** Runs and the checkpoints they stand at, all together. */
  async putRuns(runs: readonly { run: RunRecord; checkpoint: CheckpointRecord }[]): Promise<void> {
    await this.#write(['runs', 'checkpoints', 'checkpointChunks'], 'strict', async (tx) => {
      const pieces = tx.objectStore('checkpointChunks');
      for (const { run, checkpoint } of runs) {
        const { bytes, ...rest } = checkpoint;
        const chunks = chunksOf(bytes);
        void pieces.delete(IDBKeyRange.bound([run.id], [run.id, []]));
        for (const [i, chunk] of chunks.entries()) await pieces.put(chunk, [run.id, i]);
        void tx.objectStore('checkpoints').put({ ...rest, chunks: chunks.length });
        await tx.objectStore('runs').put(run);
      }
    });
  }

  /** What people say of a run, or whose it is; all else of it stays. */
  async changeRun(runId: string, change: RunChange | Pick<RunRecord, 'projectId'>): Promise<void> {
    await this.#write(['runs'], 'strict', async (tx) => {
      const run = await tx.objectStore('runs').get(runId);
      if (!run) throw new Failure({ code: 'data-missing', what: 'The run is no longer stored.' });
      await tx.objectStore('runs').put({ ...run, ...change });
    });
  }

  // Experiments

  /** Those of a project, the oldest first. */
  async experiments(projectId: string): Promise<ExperimentRecord[]> {
    const all = await this.#db.getAllFromIndex('experiments', 'byProject', projectId);
    return all.sort((a, b) => a.createdAt - b.createdAt);
  }

  async putExperiment(experiment: ExperimentRecord): Promise<void> {
    await this.#write(['experiments'], 'strict', (tx) => tx.objectStore('experiments').put(experiment));
  }

  /** A run of it is done: its result counts, and the run goes to the project or away, all at once. */
  async finishTrial(experiment: ExperimentRecord, runId: string): Promise<void> {
    const stores: StoreNames<Schema>[] = ['experiments', 'runs', 'checkpoints', 'checkpointChunks', 'scores'];
    await this.#write(stores, 'strict', async (tx) => {
      await tx.objectStore('experiments').put(experiment);
      const run = experiment.keepsRuns ? await tx.objectStore('runs').get(runId) : undefined;
      if (run) await tx.objectStore('runs').put({ ...run, projectId: experiment.projectId });
      else await removeRun(tx, runId);
    });
  }

  /** With the run that was under way. */
  async deleteExperiment(id: string): Promise<void> {
    for (const run of await this.runs(id)) await this.deleteRun(run.id);
    await this.#write(['experiments'], 'strict', (tx) => tx.objectStore('experiments').delete(id));
  }

  async checkpoint(runId: string): Promise<CheckpointRecord | undefined> {
    const tx = this.#db.transaction(['checkpoints', 'checkpointChunks']);
    const manifest = await tx.objectStore('checkpoints').get(runId);
    if (!manifest) return undefined;
    const pieces = await tx.objectStore('checkpointChunks').getAll(IDBKeyRange.bound([runId], [runId, []]));
    if (pieces.length < manifest.chunks) return undefined; // the browser lost a part of it
    const { chunks: _, ...checkpoint } = manifest;
    return { ...checkpoint, bytes: new Uint8Array(joined(pieces)) };
  }

  async deleteRun(id: string): Promise<void> {
    await this.#write(['runs', 'checkpoints', 'checkpointChunks', 'scores'], 'strict', (tx) =>
      removeRun(tx, id),
    );
  }

  scores(runId: string): Promise<ScoreRecord[]> {
    return this.#db.getAllFromIndex('scores', 'byRun', runId);
  }

  async putScores(records: readonly ScoreRecord[]): Promise<void> {
    await this.#write(['scores'], 'relaxed', async (tx) => {
      for (const record of records) await tx.objectStore('scores').put(record);
    });
  }

  /**
   * One transaction, which counts when it is done: a request that succeeded may still be undone by a full disk.
   * @throws Failure `storage-full`, or `storage-unavailable` when the browser closed the database
   */
  async #write<Names extends StoreNames<Schema>[]>(
    stores: Names,
    durability: 'strict' | 'relaxed',
    work: (tx: IDBPTransaction<Schema, Names, 'readwrite'>) => Promise<unknown>,
  ): Promise<void> {
    try {
      const tx = this.#db.transaction(stores, 'readwrite', { durability });
      await Promise.all([work(tx), tx.done]);
    } catch (error) {
      throw storageFailure(error);
    }
  }
}

async function removeRun(
  tx: IDBPTransaction<
    Schema,
    ('runs' | 'checkpoints' | 'checkpointChunks' | 'scores' | StoreNames<Schema>)[],
    'readwrite'
  >,
  id: string,
): Promise<void> {
  void tx.objectStore('runs').delete(id);
  void tx.objectStore('checkpoints').delete(id);
  void tx.objectStore('checkpointChunks').delete(IDBKeyRange.bound([id], [id, []]));
  await tx.objectStore('scores').delete(IDBKeyRange.bound([id], [id, []]));
}
