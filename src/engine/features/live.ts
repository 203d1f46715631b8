/**
 * Features of a source that never ends: a camera, or a street that is being simulated. The same walk as for a file
 * (`extraction.ts`), but each snippet's feature is given out as soon as its last frame is there, and nothing is kept.
 */
import type { Backbone } from '../backbone/backbone.ts';
import { LONGEST_PAUSE_SECONDS, SNIPPET_FRAMES } from '../types.ts';
import { TimeGrid } from '../video/sampling.ts';
import { PictureBatch } from './extraction.ts';

export interface LiveOptions {
  /** Frames per second shown to the backbone. */
  framesPerSecond: number;
  /** Milliseconds. */
  now: () => number;
}

/** Sixteen frames of the source, as soon as they have been. */
export interface LiveSnippet {
  /** When its first and its last frame were shown, in seconds of the source. */
  startSeconds: number;
  endSeconds: number;
  /** Whether the snippet before is the time before; not so after a pause. */
  follows: boolean;
  /** `[D]` */
  feature: Float32Array;
  /** Pictures of it that the backbone saw. */
  sampledFrames: number;
}

/** Frames with no pause between them and pictures of one shape: what a file would be. */
interface Stretch {
  grid: TimeGrid;
  /** From the first picture on. */
  batch: PictureBatch | null;
  /** Width by height. */
  aspect: number;
  frames: number;
  /** Of the snippet that is under way. */
  startSeconds: number;
  sampledBefore: number;
  snippets: number;
  /** Whether pictures were dropped since the last one that was seen, or that one took longer than there is time. */
  isBehind: boolean;
}

export class LiveExtraction {
  readonly #backbone: Backbone;
  readonly #options: LiveOptions;
  #stretch: Stretch | null = null;
  #latestSeconds = 0;
  /** Frames that are still at work: one after the other, in the order in which they came. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(backbone: Backbone, options: LiveOptions) {
    this.#backbone = backbone;
    this.#options = options;
  }

  /**
   * The next frame.
   * @param picture null for a frame whose picture was dropped; closed here
   * @returns the snippet that it completes, else null
   */
  add(picture: VideoFrame | null, seconds: number): Promise<LiveSnippet | null> {
    const result = this.#turn.then(() => this.#add(picture, seconds)).finally(() => picture?.close());
    this.#turn = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    await this.#turn;
    this.#endStretch();
  }

  async #add(picture: VideoFrame | null, seconds: number): Promise<LiveSnippet | null> {
    const stretch = this.#stretchOf(picture, seconds);
    this.#latestSeconds = seconds;
    const frame = stretch.frames++;
    const within = frame % SNIPPET_FRAMES;
    if (within === 0) stretch.startSeconds = seconds;
    if (picture) await this.#see(stretch, { index: frame, seconds, picture, lost: false });
    else stretch.isBehind = true;
    const { batch, startSeconds, sampledBefore } = stretch;
    if (within < SNIPPET_FRAMES - 1 || !batch) return null;
    await batch.flush();
    const feature = batch.vectors.take(Math.floor(frame / SNIPPET_FRAMES));
    if (!feature) return null; // no picture could be read yet
    const { sampled } = batch;
    stretch.sampledBefore = sampled;
    return {
      startSeconds,
      endSeconds: seconds,
      follows: stretch.snippets++ > 0,
      feature,
      sampledFrames: sampled - sampledBefore,
    };
  }

  async #see(stretch: Stretch, frame: Parameters<PictureBatch['add']>[0]): Promise<void> {
    const held = stretch.grid.next(frame.seconds);
    if (held === null) return;
    stretch.batch ??= this.#batchOf(stretch.aspect);
    // What was dropped is not made up for by showing the picture before again: who is slow would never catch up.
    const started = this.#options.now();
    await stretch.batch.add(frame, stretch.isBehind ? 0 : held);
    // A device that is slow may starve the source as well, which then shows fewer frames without dropping any.
    stretch.isBehind = this.#options.now() - started > 1000 / this.#options.framesPerSecond;
  }

  /** The stretch that a frame belongs to: another one after a pause, and when the source turns, as a phone does. */
  #stretchOf(picture: VideoFrame | null, seconds: number): Stretch {
    const pause = seconds - this.#latestSeconds;
    const aspect = picture && picture.displayWidth / picture.displayHeight;
    const isTurned = aspect !== null && this.#stretch?.batch && this.#stretch.aspect !== aspect;
    if (pause < 0 || pause > LONGEST_PAUSE_SECONDS || isTurned) this.#endStretch();
    this.#stretch ??= {
      grid: new TimeGrid(this.#options.framesPerSecond, this.#backbone.memoryFrames),
      batch: null,
      aspect: 1,
      frames: 0,
      startSeconds: seconds,
      sampledBefore: 0,
      snippets: 0,
      isBehind: false,
    };
    this.#stretch.aspect = aspect ?? this.#stretch.aspect;
    return this.#stretch;
  }

  #batchOf(aspect: number): PictureBatch {
    const facts = { rotationDegrees: 0 as const };
    const source = { facts, flip: false, squareWidth: aspect, squareHeight: 1 };
    // A picture is looked at when it comes: whoever waits for a full batch is late.
    return new PictureBatch(source, this.#backbone, { ...this.#options, batchFrames: 1, maps: false });
  }

  #endStretch(): void {
    this.#stretch?.batch?.abandon();
    this.#stretch?.batch?.close();
    this.#stretch = null;
  }
}
