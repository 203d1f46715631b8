/**
 * The video on stage and the one cursor that everything shares. The cursor is a frame of the file; its time comes from
 * the decoded timestamps, not from what a player believes.
 */
import { firstFrameOf, framesOf, rowOf, widthOf } from '../../engine/evaluation/rows.ts';
import type { Snippet } from '../../engine/types.ts';
import type { Client, FeatureSummary, VideoRecord } from '../../workers/client.ts';
import type { Project } from './project.svelte.ts';

/** Seconds that the timeline shows at least. */
const LEAST_SHOWN = 1;

export class Stage {
  readonly #client: Client;
  readonly #project: Project;
  videoId = $state<string | null>(null);
  /** The frame that is looked at, from 0. */
  frame = $state(0);
  isTruthShown = $state(false);
  /** What the timeline shows, in seconds; null for all of the video. */
  #zoomed = $state.raw<readonly [number, number] | null>(null);
  /** Presentation time of every frame; null until features were extracted. */
  frameSeconds = $state.raw<Float64Array | null>(null);
  /** The file, as dropped or as kept; null when it has to be dropped again. */
  file = $state.raw<File | null>(null);
  #loads = 0;

  constructor(client: Client, project: Project) {
    this.#client = client;
    this.#project = project;
  }

  readonly video: VideoRecord | null = $derived.by(
    () => this.#project.videos.find(({ id }) => id === this.videoId) ?? null,
  );

  readonly features: FeatureSummary | null = $derived.by(() =>
    this.video ? (this.#project.featuresOf(this.video) ?? null) : null,
  );

  /** Frames of the video: exact once it was decoded, before that what features and truth tell, or an estimate. */
  readonly frames: number = $derived.by(() => {
    if (this.frameSeconds && this.frameSeconds.length > 0) return this.frameSeconds.length;
    if (this.features) return framesOf(this.features, this.#project.truths.get(this.videoId ?? ''));
    const facts = this.video?.facts;
    return Math.max(1, Math.round((facts?.durationSeconds ?? 0) * (facts?.framesPerSecond ?? 25)));
  });

  get isExact(): boolean {
    return this.frameSeconds !== null && this.frameSeconds.length > 0;
  }

  get #rate(): number {
    return this.video?.facts?.framesPerSecond ?? 25;
  }

  /** When a frame is shown. */
  startOf(frame: number): number {
    return this.isExact ? this.frameSeconds![Math.min(frame, this.frames - 1)] : frame / this.#rate;
  }

  /** When it leaves the screen. */
  endOf(frame: number): number {
    if (!this.isExact) return (frame + 1) / this.#rate;
    if (frame + 1 < this.frames) return this.frameSeconds![frame + 1];
    const last = this.frames - 1;
    return (
      this.frameSeconds![last] +
      (last > 0 ? this.frameSeconds![last] - this.frameSeconds![last - 1] : 1 / this.#rate)
    );
  }

  /** The frame on screen at a time: the last that began at or before it. */
  frameAt(seconds: number): number {
    if (!this.isExact) return this.#clamp(Math.floor(seconds * this.#rate + 1e-3));
    const times = this.frameSeconds!;
    let [low, high] = [0, times.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= seconds + 1e-4) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Frames that a score holds for. */
  readonly width: number = $derived.by(() => widthOf(this.features ?? {}));

  /** The snippet that the cursor is in, from 0. */
  get snippetIndex(): number {
    return rowOf(this.frame, this.width, this.features?.shape[0]);
  }

  get snippet(): Snippet | null {
    return this.features?.snippets[this.snippetIndex] ?? null;
  }

  /** Puts a video on stage. */
  async show(videoId: string | null): Promise<void> {
    if (videoId !== this.videoId) {
      this.videoId = videoId;
      this.frame = 0;
      this.isTruthShown = false;
      this.#zoomed = null;
      this.file = null;
    }
    await this.refresh();
  }

  /** Reads again what belongs to the video on stage: after an extraction, or when its file was dropped again. */
  async refresh(): Promise<void> {
    const load = ++this.#loads;
    const { video, features } = this;
    this.frameSeconds = null;
    if (!video) return;
    const file = video.facts ? await this.#project.file(video) : null;
    const seconds = features
      ? (await this.#client.store.features(features.key).catch(() => null))?.frameSeconds
      : null;
    if (load !== this.#loads) return;
    this.frameSeconds = seconds ?? null;
    if (file !== this.file) this.file = file;
    this.frame = this.#clamp(this.frame);
  }

  goTo(frame: number): void {
    this.frame = this.#clamp(Math.round(frame));
    this.#follow();
  }

  stepBy(frames: number): void {
    this.goTo(this.frame + frames);
  }

  /** To the first frame of the snippet `by` snippets away. */
  stepSnippets(by: number): void {
    this.showSnippet(this.snippetIndex + by);
  }

  /** To the first frame of a snippet. */
  showSnippet(index: number): void {
    const isBehind = index >= (this.features?.shape[0] ?? Infinity);
    this.goTo(isBehind ? this.frames - 1 : firstFrameOf(index, this.width));
  }

  // What of its time is looked at

  /** When all of the video begins and ends, in seconds. */
  readonly #whole: readonly [number, number] = $derived.by(() => [
    this.startOf(0),
    this.endOf(this.frames - 1),
  ]);

  /** The part of the video's time that the timeline shows, in seconds. */
  readonly window: readonly [number, number] = $derived.by(() => this.#zoomed ?? this.#whole);

  get isZoomed(): boolean {
    return this.#zoomed !== null;
  }

  /**
   * Shows `factor` times as much of the time.
   * @param around seconds that stay where they are; the cursor unless told
   */
  zoom(factor: number, around = this.startOf(this.frame)): void {
    const [from, to] = this.window;
    this.#show(around - (around - from) * factor, (to - from) * factor);
  }

  /** Moves on by a share of what is shown. */
  pan(share: number): void {
    const [from, to] = this.window;
    if (this.#zoomed) this.#show(from + share * (to - from), to - from);
  }

  /** Shows a span of time, in seconds, as far as the video has it. */
  showSpan(from: number, to: number): void {
    this.#show(from, to - from);
  }

  showAll(): void {
    this.#zoomed = null;
  }

  #show(from: number, length: number): void {
    const [first, last] = this.#whole;
    const most = last - first;
    const wanted = Math.min(most, Math.max(length, LEAST_SHOWN));
    const start = Math.min(Math.max(from, first), last - wanted);
    this.#zoomed = wanted >= most ? null : [start, start + wanted];
  }

  /** The cursor is never out of sight. */
  #follow(): void {
    if (!this.#zoomed) return;
    const [from, to] = this.#zoomed;
    const at = this.startOf(this.frame);
    if (at < from) this.#show(at, to - from);
    else if (this.endOf(this.frame) > to) this.#show(this.endOf(this.frame) - (to - from), to - from);
  }

  #clamp(frame: number): number {
    return Math.min(Math.max(0, frame), this.frames - 1);
  }
}
