/**
 * What someone takes for an anomaly before the truth is revealed: intervals marked on the video's own time, kept on
 * this device, and what becomes of them once the truth is seen.
 *
 * Frames are counted from 1 here, both ends inclusive, as truth counts them; the stage counts from 0.
 */
import { atWork, type Stopwatch } from '../../engine/evaluation/effort.ts';
import { tally, verdict, type Tally } from '../../engine/evaluation/guess.ts';
import { agreement, united } from '../../engine/evaluation/intervals.ts';
import { framesOf } from '../../engine/evaluation/rows.ts';
import type { FrameInterval, VideoTruth } from '../../engine/types.ts';
import type { Client, GuessRecord, VideoRecord } from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';
import type { Change } from './history.svelte.ts';
import type { Project } from './project.svelte.ts';
import type { Stage } from './stage.svelte.ts';

/** What a marked anomaly is called where its truth is kept without a name. */
export const UNNAMED_CLASS = 'Anomaly';

/** A frame of a video. */
interface Place {
  videoId: string;
  /** From 1. */
  frame: number;
}

export class Guess {
  readonly #client: Client;
  readonly #project: Project;
  readonly #stage: Stage;
  /** By video id. */
  records = $state.raw<ReadonlyMap<string, GuessRecord>>(new Map());
  /** Where an interval was begun that has no end yet. */
  #begun = $state.raw<Place | null>(null);
  /** A frame of the interval that is selected. */
  #selected = $state.raw<Place | null>(null);
  /** Time spent on each video in this session, before its truth was revealed. */
  readonly #watches = new Map<string, Stopwatch>();

  constructor(client: Client, project: Project, stage: Stage) {
    this.#client = client;
    this.#project = project;
    this.#stage = stage;
  }

  /** Reads what was marked before. */
  async load(): Promise<void> {
    const records = await this.#client.store.guesses(this.#project.videos.map(({ id }) => id));
    this.records = new Map(records.map((record) => [record.videoId, record]));
  }

  // The video on stage

  get record(): GuessRecord | null {
    return this.records.get(this.#stage.videoId ?? '') ?? null;
  }

  /** What is marked; null while nothing is said, empty for "nothing unusual". */
  get marks(): readonly FrameInterval[] | null {
    return this.record?.intervals ?? null;
  }

  get truth(): VideoTruth | null {
    return this.#project.truths.get(this.#stage.videoId ?? '') ?? null;
  }

  /** The frame that an interval was begun at, while it has no end. */
  get begunFrame(): number | null {
    return this.#begun?.videoId === this.#stage.videoId ? (this.#begun?.frame ?? null) : null;
  }

  /** Index of the interval that is selected, or -1. */
  get selected(): number {
    const place = this.#selected;
    return place?.videoId === this.#stage.videoId ? this.#at(place?.frame ?? 0) : -1;
  }

  select(index: number): void {
    const interval = this.marks?.[index];
    this.#selected = interval ? this.#place(interval.startFrame) : null;
  }

  // Marking

  /** An interval begins at the cursor; inside one that is there, its start moves here. */
  async begin(): Promise<void> {
    this.#project.mayWrite();
    const frame = this.#stage.frame + 1;
    const inside = this.#at(frame);
    if (inside >= 0) {
      await this.change(inside, { ...this.marks![inside], startFrame: frame });
    } else {
      this.#begun = this.#place(frame);
      this.#selected = null;
      this.#sign(true);
    }
  }

  /** Why no interval can end at the cursor, or null. */
  get obstacleToEnd(): string | null {
    const isOpen = this.begunFrame !== null || this.#endable >= 0;
    return isOpen ? null : t('Mark first where it starts: press [ there.');
  }

  /** The interval that was begun ends at the cursor; without one, the end of the interval here, or of the one selected. */
  async end(): Promise<void> {
    const frame = this.#stage.frame + 1;
    const begun = this.begunFrame;
    if (begun !== null) {
      await this.add({ startFrame: Math.min(begun, frame), endFrame: Math.max(begun, frame) });
    } else if (this.#endable >= 0) {
      await this.change(this.#endable, { ...this.marks![this.#endable], endFrame: frame });
    }
  }

  /** The interval whose end a mark at the cursor moves, or -1. */
  get #endable(): number {
    const frame = this.#stage.frame + 1;
    const inside = this.#at(frame);
    if (inside >= 0) return inside;
    return (this.marks?.[this.selected]?.startFrame ?? Infinity) <= frame ? this.selected : -1;
  }

  async add(interval: FrameInterval): Promise<void> {
    const isKept = this.#mark(
      [...(this.marks ?? []), interval],
      t('mark frames {frames}', { frames: spelt(interval) }),
    );
    this.#begun = null;
    this.#selected = this.#place(interval.startFrame);
    await isKept;
  }

  /** Another start, another end, or another place. */
  async change(index: number, interval: FrameInterval): Promise<void> {
    const marks = [...(this.marks ?? [])];
    marks[index] = interval;
    const isKept = this.#mark(marks, t('mark frames {frames} instead', { frames: spelt(interval) }));
    this.#selected = this.#place(interval.startFrame);
    await isKept;
  }

  /** Takes away the interval that is selected, or the start that was set. */
  async remove(index = this.selected): Promise<void> {
    if (this.begunFrame !== null) {
      this.#begun = null;
      return;
    }
    const gone = this.marks?.[index];
    if (!gone) return;
    const left = this.marks!.filter((_, i) => i !== index);
    this.#selected = null;
    await this.#mark(left.length > 0 ? left : null, t('remove the mark {frames}', { frames: spelt(gone) }));
  }

  /** Says that nothing unusual happens, or takes that back. */
  async sayNothing(): Promise<void> {
    const isSaid = this.marks?.length === 0;
    this.#begun = null;
    this.#selected = null;
    await this.#mark(isSaid ? null : [], t(isSaid ? 'take "nothing unusual" back' : 'say "nothing unusual"'));
  }

  async #mark(intervals: readonly FrameInterval[] | null, what: string): Promise<void> {
    this.#project.mayWrite();
    const video = this.#stage.video!;
    this.#sign(true);
    const before = this.records.get(video.id)?.intervals ?? null;
    const seconds = this.#watches.get(video.id)?.seconds;
    const marks = intervals && united(intervals, this.#stage.frames);
    if (JSON.stringify(marks) === JSON.stringify(before)) return;
    const isKept = this.#put({
      ...this.#recordOf(video.id),
      intervals: marks,
      ...(seconds && { seconds }),
    });
    // What is seen can be taken back, also before it is written.
    this.#project.history.did(`${what}: ${video.name}`, () =>
      this.#put({ ...this.#recordOf(video.id), intervals: before }),
    );
    await isKept;
  }

  /** Marks are seen at once, so that quick ones follow on each other; one that cannot be kept is taken back. */
  async #put(record: GuessRecord): Promise<void> {
    const before = this.records;
    const records = (this.records = new Map([...before, [record.videoId, record]]));
    try {
      await this.#client.store.putGuesses([record]);
    } catch (error) {
      if (this.records === records) this.records = before;
      throw error;
    }
  }

  // Time

  /** A sign of life: the cursor moved. Counts between the first mark and the moment that the truth is revealed. */
  cursorMoved(): void {
    this.#sign(false);
  }

  #sign(isMark: boolean): void {
    const { videoId } = this.#stage;
    const record = this.record;
    if (!videoId || (record && record.revealedAt !== null)) return;
    const begun = isMark || record ? { seconds: record?.seconds ?? 0, latestSeconds: null } : null;
    const watch = this.#watches.get(videoId) ?? begun;
    if (watch) this.#watches.set(videoId, atWork(watch, performance.now() / 1000));
  }

  // Truth

  /** Shows the truth or hides it again. What is marked when it is first seen is what is remembered as the guess. */
  async reveal(): Promise<void> {
    const stage = this.#stage;
    stage.isTruthShown = !stage.isTruthShown;
    const { videoId } = stage;
    if (!stage.isTruthShown || !videoId || !this.#isBlind(videoId)) return;
    this.#sign(false);
    await this.#remember(videoId);
  }

  /** A list tells of the truth of videos: what is marked on them by now is what is remembered as the guess. */
  async tell(videoIds: readonly string[]): Promise<void> {
    for (const videoId of new Set(videoIds)) if (this.#isBlind(videoId)) await this.#remember(videoId);
  }

  /** Whether what is marked on a video is still a guess, of a truth that someone else told. */
  #isBlind(videoId: string): boolean {
    const truth = this.#project.truths.get(videoId);
    if (!truth || truth.isOwn || !this.#project.isWritable) return false;
    return this.#recordOf(videoId).revealedAt === null;
  }

  async #remember(videoId: string): Promise<void> {
    const record = this.#recordOf(videoId);
    const seconds = this.#watches.get(videoId)?.seconds ?? record.seconds;
    await this.#put({ ...record, seconds, revealedAt: Date.now(), revealed: record.intervals });
  }

  /** Why the marks cannot be kept as truth, or null. */
  get obstacleToKeep(): string | null {
    if (!this.#stage.video) return t('Put a video on stage first.');
    return this.marks === null ? t('Mark something first, or say that nothing unusual happens.') : null;
  }

  /**
   * The marks become the truth of the video on stage. Whoever calls has asked before a truth is replaced.
   * @param name the class of anomaly
   * @returns the change, to be taken back by `history.takeBack`; null where it cannot be done
   */
  async keepAsTruth(name = ''): Promise<Change | null> {
    const { video, isExact, frames, features } = this.#stage;
    const { marks } = this;
    if (!video || !marks) return null;
    const before = this.#project.truths.get(video.id);
    const intervals = marks.map((mark) => ({ ...mark, class: name.trim() || UNNAMED_CLASS }));
    const totalFrames = isExact || features ? frames : null; // else it is an estimate
    await this.#project.setTruths(new Map([[video.id, { totalFrames, intervals, isOwn: true }]]));
    return this.#project.history.did(t('keep marks as truth: {name}', { name: video.name }), () =>
      before ? this.#project.setTruths(new Map([[video.id, before]])) : this.#project.removeTruth(video.id),
    );
  }

  // Over all videos

  /**
   * Of the videos whose truth was revealed after something was said of them: how often that was right, and how often
   * the head's alarms are. What was said first counts, whatever was changed with the truth in sight.
   * @param alarms of a video of so many frames; null where the head has no scores for it
   */
  tallies(alarms: (video: VideoRecord, frames: number) => readonly FrameInterval[] | null): {
    you: Tally;
    head: Tally;
  } {
    const [yours, heads] = [[], []] as ReturnType<typeof verdict>[][];
    for (const video of this.#project.videos) {
      const truth = this.#project.truths.get(video.id);
      const said = this.records.get(video.id)?.revealed;
      const features = this.#project.featuresOf(video);
      const frames = truth?.totalFrames ?? (features && framesOf(features, truth));
      if (!truth || truth.isOwn || !said || !frames) continue;
      yours.push(verdict(agreement(said, truth.intervals, frames)));
      const found = alarms(video, frames);
      if (found) heads.push(verdict(agreement(found, truth.intervals, frames)));
    }
    return { you: tally(yours), head: tally(heads) };
  }

  /** Seconds that an interval took whoever marks here, over all videos whose truth was revealed; null before that. */
  get secondsPerInterval(): number | null {
    const marked = [...this.records.values()].filter(({ revealed }) => revealed && revealed.length > 0);
    const count = marked.reduce((sum, { revealed }) => sum + revealed!.length, 0);
    return count > 0 ? marked.reduce((sum, { seconds }) => sum + seconds, 0) / count : null;
  }

  // Places

  #recordOf(videoId: string): GuessRecord {
    const none = { videoId, intervals: null, seconds: 0, revealedAt: null, revealed: null };
    return this.records.get(videoId) ?? none;
  }

  #place(frame: number): Place | null {
    const { videoId } = this.#stage;
    return videoId === null ? null : { videoId, frame };
  }

  /** Index of the interval that a frame lies in, or -1. */
  #at(frame: number): number {
    return (this.marks ?? []).findIndex(
      ({ startFrame, endFrame }) => startFrame <= frame && frame <= endFrame,
    );
  }
}

function spelt({ startFrame, endFrame }: FrameInterval): string {
  return `${startFrame}–${endFrame}`;
}
