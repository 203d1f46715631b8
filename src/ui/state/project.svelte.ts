/**
 * The open project: its videos, labels, truths and features, as the page shows them and as the store keeps them.
 * Every change is written before it counts, and can be taken back.
 */
import { group } from 'd3-array';
import type { Progress } from '../../engine/job.ts';
import type { Part, TruthBoxes, VideoTruth, WeakLabel } from '../../engine/types.ts';
import type { Added, Extracted, Refusal } from '../../workers/script.ts';
import type {
  Client,
  FeatureSummary,
  JobHandle,
  ProjectRecord,
  TrainedOn,
  VideoRecord,
} from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';
import { ExtractionClock, type ExtractionStatus } from './extraction.ts';
import { History, type Change } from './history.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { JudgedVideo } from './scored.ts';
import type { Settings } from './settings.svelte.ts';

/** Where a video stands between the drop and its features. */
export type VideoState =
  | { kind: 'reading'; progress: Progress | null }
  | { kind: 'waiting' }
  | { kind: 'extracting'; progress: Progress | null }
  | { kind: 'failed'; text: string };

/** A video that training may learn from. */
export interface Trainable {
  video: VideoRecord;
  label: WeakLabel;
  features: FeatureSummary;
}

/** A video as a run may know it. */
export function trainedOn({ video, label, features }: Trainable): TrainedOn {
  const { id: videoId, name, classes } = video;
  return { videoId, name, label, classes: classes && [...classes], featureKey: features.key };
}

/** A video of which there are features, and what was said of it where they came from. */
export interface ArrivedVideo extends Pick<VideoRecord, 'name' | 'hash' | 'sizeBytes' | 'label' | 'part'> {
  classes: readonly string[];
  summary: FeatureSummary;
  /** Says where it stands in the list, if not last. */
  addedAt?: number;
}

/** An order of videos by which the same runs come of them, in whatever order they came. */
export function byName(a: Pick<VideoRecord, 'name' | 'hash'>, b: Pick<VideoRecord, 'name' | 'hash'>): number {
  // Folders are left out of names, so that two videos may share one.
  const [x, y] = a.name === b.name ? [a.hash, b.hash] : [a.name, b.name];
  return x < y ? -1 : Number(x > y);
}

export class Project {
  readonly #client: Client;
  readonly #notices: Notices;
  readonly #settings: Settings;
  readonly history = new History();
  record = $state.raw<ProjectRecord>(undefined as never);
  videos = $state.raw<VideoRecord[]>([]);
  /** By video id; never given to training. */
  truths = $state.raw<Map<string, VideoTruth>>(new Map());
  /** Where in the picture anomalies are, likewise. */
  boxes = $state.raw<Map<string, TruthBoxes>>(new Map());
  /** By feature key. */
  features = $state.raw<Map<string, FeatureSummary>>(new Map());
  /** Videos that are under way, by id. */
  states = $state.raw<Map<string, VideoState>>(new Map());
  extraction = $state.raw<ExtractionStatus | null>(null);
  /** False while another tab has the project. */
  isWritable = $state(true);
  /** Files dropped in this session, by hash: copies may not be kept of large ones. */
  readonly #files = new Map<string, File>();
  #job: JobHandle<FeatureSummary> | null = null;
  #isCancelled = false;
  #hasAskedToPersist = false;

  constructor(client: Client, notices: Notices, settings: Settings, record: ProjectRecord) {
    this.#client = client;
    this.#notices = notices;
    this.#settings = settings;
    this.record = record;
  }

  /** Reads everything from the store again. */
  async load(): Promise<void> {
    const { store } = this.#client;
    const videos = await store.videos(this.record.id);
    videos.sort((a, b) => a.addedAt - b.addedAt);
    const ids = videos.map(({ id }) => id);
    const [truths, boxes, features] = await Promise.all([
      store.truths(ids),
      store.boxes(ids),
      store.featureSummaries(),
    ]);
    this.truths = truths;
    this.boxes = boxes;
    this.features = new Map(features.map((summary) => [summary.key, summary]));
    this.videos = videos;
  }

  video(id: string): VideoRecord | undefined {
    return this.videos.find((video) => video.id === id);
  }

  /** What the chosen head reads; set by whoever lets heads be chosen. */
  wanted: () => 'features' | 'maps' | 'tubes' = () => 'features';

  /** By the video's hash, the newest first. */
  readonly #featuresOfVideos = $derived(
    group(
      [...this.features.values()].sort((a, b) => b.usedAt - a.usedAt),
      ({ provenance }) => provenance.videoHash,
    ),
  );

  /** The newest features of a video from the chosen backbone; those of a feature file whatever made them. */
  featuresOf({ hash, facts }: VideoRecord, wanted = this.wanted()): FeatureSummary | undefined {
    const { chosen, framesPerSecond, crops } = this.#settings;
    const rate = framesPerSecond || chosen?.input.framesPerSecond;
    const fits = ({ provenance, also = [] }: FeatureSummary) =>
      (wanted === 'features' || also.includes(wanted)) &&
      (facts === null ||
        chosen === null ||
        (provenance.backbone === chosen.id &&
          provenance.framesPerSecond === rate &&
          provenance.crops === (wanted === 'maps' ? 1 : crops)));
    return this.#featuresOfVideos.get(hash)?.find(fits);
  }

  /** Videos that training may learn from, by name: in the training part, labelled, with features. */
  get trainable(): Trainable[] {
    const trainable = this.videos.flatMap((video) => {
      const features = this.featuresOf(video);
      return video.part === 'train' && video.label && features
        ? [{ video, label: video.label, features }]
        : [];
    });
    return trainable.sort((a, b) => byName(a.video, b.video));
  }

  /**
   * What is told of videos by name, for those that are here, by their ids.
   * @param nameOf what of a name counts
   */
  byId<T>(told: ReadonlyMap<string, T>, nameOf = (name: string) => name): Map<string, T> {
    const named = new Map([...told].map(([name, one]) => [nameOf(name), one]));
    return new Map(
      this.videos.flatMap(({ id, name }) => {
        const one = named.get(nameOf(name));
        return one ? [[id, one] as const] : [];
      }),
    );
  }

  /** The videos of a part that have features, with their truth. */
  judged(part: Part): JudgedVideo[] {
    return this.videos.flatMap((video) => {
      const features = video.part === part && this.featuresOf(video);
      if (!features) return [];
      const [truth, boxes] = [this.truths.get(video.id), this.boxes.get(video.id)];
      return [{ video, features, truth, boxes }];
    });
  }

  /** Keys of the features of every video that has some. */
  get featureKeys(): string[] {
    return this.videos.flatMap((video) => this.featuresOf(video)?.key ?? []);
  }

  /** Videos that still need features. */
  get unextracted(): VideoRecord[] {
    if (this.wanted() === 'tubes') return []; // none are made here
    return this.videos.filter((video) => video.facts && !this.featuresOf(video));
  }

  // Adding

  /** Reads video files one after the other; those that are refused are named with the reason. */
  async addVideos(
    files: readonly File[],
    onProgress: (progress: Progress) => void = () => {},
  ): Promise<Added> {
    this.mayWrite();
    const result: Added = { added: [], refused: [] };
    const placeholders: string[] = files.map(() => crypto.randomUUID());
    this.pending = [...this.pending, ...files.map(({ name }, i) => ({ id: placeholders[i], name }))];
    try {
      for (const [i, file] of files.entries()) {
        onProgress({ done: i, total: files.length, unit: 'videos' });
        const name = await this.#addVideo(file, placeholders[i], result);
        if (name) result.added.push(name);
        this.pending = this.pending.filter(({ id }) => id !== placeholders[i]);
      }
    } finally {
      this.pending = this.pending.filter(({ id }) => !placeholders.includes(id));
    }
    onProgress({ done: files.length, total: files.length, unit: 'videos' });
    return result;
  }

  /** Files that are being read and are no videos of the project yet. */
  pending = $state.raw<{ id: string; name: string }[]>([]);

  async #addVideo(file: File, id: string, result: Added): Promise<string | null> {
    try {
      const setProgress = (progress: Progress) => this.#setState(id, { kind: 'reading', progress });
      const { hash, kept, facts } = await this.#client.inspect(file, setProgress).result;
      this.#files.set(hash, file);
      const known = this.videos.find((video) => video.hash === hash);
      if (known) {
        if (kept && !known.kept) await this.#replace([{ ...known, kept }]);
        const reason = t('It is here already, as {name}.', { name: known.name });
        this.#notices.say(`${file.name}: ${reason}`);
        result.refused.push({ name: file.name, reason });
        return null;
      }
      const video: VideoRecord = {
        id,
        projectId: this.record.id,
        name: file.name.toWellFormed(),
        hash,
        sizeBytes: file.size,
        facts,
        label: null,
        part: 'train',
        addedAt: Date.now(),
        kept,
      };
      await this.#client.store.putVideos([video]);
      this.videos = [...this.videos, video];
      void this.#askToPersist();
      return video.name;
    } catch (error) {
      result.refused.push(this.#notices.refuse(error, file.name));
      return null;
    } finally {
      this.#setState(id, null);
    }
  }

  /**
   * Features made elsewhere, as videos without pictures. One that is here already, by name and file, stays the video
   * that it is; what is said of it now counts where nothing was said before.
   */
  async addFeatureVideos(arrived: readonly ArrivedVideo[]): Promise<void> {
    this.mayWrite();
    const here = new Map(this.videos.map((video) => [`${video.hash} ${video.name}`, video]));
    const [known, fresh]: [VideoRecord[], VideoRecord[]] = [[], []];
    for (const { name, hash, sizeBytes, label, part, classes, addedAt } of arrived) {
      const named = classes.length > 0 ? { classes } : {};
      const video = here.get(`${hash} ${name}`);
      if (video) known.push(video.label === null ? { ...video, label, part, ...named } : video);
      else
        fresh.push({
          id: crypto.randomUUID(),
          projectId: this.record.id,
          ...{ name, hash, sizeBytes, label, part, ...named },
          facts: null,
          addedAt: addedAt ?? Date.now(),
          kept: false,
        });
    }
    this.features = new Map([
      ...this.features,
      ...arrived.map(({ summary }) => [summary.key, summary] as const),
    ]);
    await this.#replace(known);
    await this.#client.store.putVideos(fresh);
    this.videos = [...this.videos, ...fresh].sort((a, b) => a.addedAt - b.addedAt);
    if (fresh.length > 0) void this.#askToPersist();
  }

  /** The bytes of a video: as dropped, or the kept copy; null when it has to be dropped again. */
  async file({ hash }: VideoRecord): Promise<File | null> {
    return this.#files.get(hash) ?? (await this.#client.keptFile(hash));
  }

  /** Whether the bytes of a video are at hand. */
  isHere({ hash, kept }: VideoRecord): boolean {
    return kept || this.#files.has(hash);
  }

  // Changing

  /** @param classes of anomaly that the label names, for heads that tell them */
  async label(
    ids: readonly string[],
    label: WeakLabel | null,
    classes: readonly string[] = [],
  ): Promise<void> {
    const named = classes.length > 0 ? [...classes] : undefined;
    await this.#change(
      ids,
      { label, classes: named },
      label ? t('label {label}', { label: t(label) }) : t('remove the label'),
    );
  }

  async move(ids: readonly string[], part: Part): Promise<void> {
    await this.#change(ids, { part }, t('move to {part}', { part: t(part) }));
  }

  async rename(id: string, name: string): Promise<void> {
    const wellFormed = name.trim().toWellFormed();
    if (wellFormed) await this.#change([id], { name: wellFormed }, t('rename'));
  }

  async #change(ids: readonly string[], change: Partial<VideoRecord>, what: string): Promise<void> {
    this.mayWrite();
    const before = this.videos.filter((video) => ids.includes(video.id));
    const isNew = (video: VideoRecord) =>
      Object.entries(change).some(
        ([key, value]) => JSON.stringify(video[key as 'label']) !== JSON.stringify(value),
      );
    const changed = before.filter(isNew);
    if (changed.length === 0) return;
    await this.#replace(changed.map((video) => ({ ...video, ...change })));
    const subject = changed.length === 1 ? changed[0].name : t('{n} videos', { n: changed.length });
    this.history.did(`${what}: ${subject}`, () => this.#replace(changed));
  }

  /** @returns the change, to be taken back by `history.takeBack` */
  async remove(ids: readonly string[]): Promise<Change> {
    this.mayWrite();
    const removed = this.videos.filter((video) => ids.includes(video.id));
    const guesses = await this.#client.store.guesses(ids);
    await this.#client.store.deleteVideos(ids);
    this.videos = this.videos.filter((video) => !ids.includes(video.id));
    const subject = removed.length === 1 ? removed[0].name : t('{n} videos', { n: removed.length });
    return this.history.did(t('remove {subject}', { subject }), async () => {
      await this.#client.store.putVideos(removed);
      await this.#client.store.putGuesses(guesses);
      await this.load();
    });
  }

  async setTruths(truths: ReadonlyMap<string, VideoTruth>): Promise<void> {
    this.mayWrite();
    await this.#client.store.putTruths([...truths].map(([videoId, truth]) => ({ videoId, ...truth })));
    this.truths = new Map([...this.truths, ...truths]);
  }

  async setBoxes(boxes: ReadonlyMap<string, TruthBoxes>): Promise<void> {
    this.mayWrite();
    await this.#client.store.putBoxes([...boxes].map(([videoId, own]) => ({ videoId, ...own })));
    this.boxes = new Map([...this.boxes, ...boxes]);
  }

  async removeTruth(videoId: string): Promise<void> {
    this.mayWrite();
    await this.#client.store.deleteTruth(videoId);
    this.truths = new Map([...this.truths].filter(([id]) => id !== videoId));
  }

  async update(change: Partial<Pick<ProjectRecord, 'name' | 'head'>>): Promise<void> {
    this.mayWrite();
    const record = { ...this.record, ...change };
    await this.#client.store.putProject(record);
    this.record = record;
  }

  async #replace(records: readonly VideoRecord[]): Promise<void> {
    await this.#client.store.putVideos(records);
    const byId = new Map(records.map((record) => [record.id, record]));
    this.videos = this.videos.map((video) => byId.get(video.id) ?? video);
  }

  // Extracting

  /** Features for every video that has none, one after the other. Failures are told and the rest goes on. */
  async extract(onProgress: (progress: Progress) => void = () => {}): Promise<Extracted> {
    this.mayWrite();
    if (this.extraction) return { extracted: 0, failed: [] };
    const videos = this.unextracted;
    const result = { extracted: 0, failed: [] as Refusal[] };
    this.#isCancelled = false;
    const clock = new ExtractionClock(videos);
    this.extraction = clock.status(0, null, false);
    try {
      for (const [i, video] of videos.entries()) {
        if (this.#isCancelled) break;
        onProgress({ done: i, total: videos.length, unit: 'videos' });
        const failure = await this.#extractOne(video, (progress) => {
          this.extraction = clock.status(i, progress, this.extraction?.isPaused ?? false);
        });
        if (failure) result.failed.push(failure);
        else result.extracted++;
        clock.finished();
      }
    } finally {
      this.extraction = null;
      this.#job = null;
    }
    onProgress({ done: videos.length, total: videos.length, unit: 'videos' });
    return result;
  }

  async #extractOne(video: VideoRecord, onProgress: (progress: Progress) => void): Promise<Refusal | null> {
    this.#setState(video.id, { kind: 'extracting', progress: null });
    try {
      const file = await this.file(video);
      if (!file) throw gone(video.name);
      const maps = this.wanted() === 'maps';
      const { extraction } = this.#settings;
      const crops = maps ? 1 : extraction.crops; // maps are of the centre
      const request = { ...extraction, crops, maps, file, name: video.name, hash: video.hash };
      this.#job = this.#client.extract(request, (progress) => {
        this.#setState(video.id, { kind: 'extracting', progress });
        onProgress(progress);
      });
      const summary = await this.#job.result;
      this.features = new Map([...this.features, [summary.key, summary]]);
      for (const warning of summary.warnings) this.#notices.warn(warning, video.name);
      this.#setState(video.id, null);
      void this.#askToPersist();
      return null;
    } catch (error) {
      const refusal = this.#notices.refuse(error, video.name);
      const isCancelled = (error as { code?: string }).code === 'cancelled';
      this.#setState(video.id, isCancelled ? null : { kind: 'failed', text: refusal.reason });
      return refusal;
    }
  }

  pauseExtraction(): void {
    this.#job?.pause();
    if (this.extraction) this.extraction = { ...this.extraction, isPaused: true };
  }

  resumeExtraction(): void {
    this.#job?.resume();
    if (this.extraction) this.extraction = { ...this.extraction, isPaused: false };
  }

  cancelExtraction(): void {
    this.#isCancelled = true;
    this.#job?.cancel();
  }

  #setState(id: string, state: VideoState | null): void {
    const states = new Map(this.states);
    if (state) states.set(id, state);
    else states.delete(id);
    this.states = states;
  }

  /** The first thing worth keeping is the moment to ask the browser not to clear it away. */
  async #askToPersist(): Promise<void> {
    if (this.#hasAskedToPersist) return;
    this.#hasAskedToPersist = true;
    await navigator.storage.persist?.().catch(() => false);
  }

  /** @throws while another tab has the project */
  mayWrite(): void {
    if (!this.isWritable) throw elsewhere();
  }
}

function gone(name: string): Error {
  return Object.assign(new Error(`${name}: This browser keeps no copy of it. Drop it again.`), {
    code: 'data-missing',
    subject: name,
    what: t('This browser keeps no copy of the file.'),
    next: t('Drop it again; its label and place are kept.'),
  });
}

function elsewhere(): Error {
  return Object.assign(new Error('This project is open in another tab.'), {
    code: 'storage-unavailable',
    what: t('This project is open in another tab, and only one tab may change it.'),
    next: t('Choose "Use it here".'),
  });
}
