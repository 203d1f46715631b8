/**
 * Features of a source that never ends: a camera, or a street that is being simulated. The same walk as for a file
 * (`extraction.ts`), but each snippet's feature is given out as soon as its last frame is there, and nothing is kept.
 */
import type { Backbone } from '../backbone/backbone.ts';
import { SNIPPET_FRAMES, type VideoFacts } from '../types.ts';
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
  /** Counted from 0. */
  index: number;
  /** When its first and its last frame were shown, in seconds of the source. */
  startSeconds: number;
  endSeconds: number;
  /** `[D]` */
  feature: Float32Array;
  /** Pictures of it that the backbone saw. */
  sampledFrames: number;
}

export class LiveExtraction {
  readonly #grid: TimeGrid;
  readonly #batch: PictureBatch;
  #frames = 0;
  #startSeconds = 0;
  #sampledBefore = 0;
  /** Whether pictures were dropped since the last one that was seen. */
  #isBehind = false;
  /** Frames that are still at work: one after the other, in the order in which they came. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    size: { width: number; height: number },
    backbone: Backbone,
    { framesPerSecond, now }: LiveOptions,
  ) {
    this.#grid = new TimeGrid(framesPerSecond, backbone.memoryFrames);
    const facts: Pick<VideoFacts, 'rotationDegrees'> = { rotationDegrees: 0 };
    // A picture is looked at when it comes: whoever waits for a full batch is late.
    const options = { framesPerSecond, batchFrames: 1, maps: false, now };
    const source = { facts, flip: false, squareWidth: size.width, squareHeight: size.height };
    this.#batch = new PictureBatch(source, backbone, options);
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
    this.#batch.abandon();
    this.#batch.close();
  }

  async #add(picture: VideoFrame | null, seconds: number): Promise<LiveSnippet | null> {
    const frame = this.#frames++;
    const within = frame % SNIPPET_FRAMES;
    if (within === 0) this.#startSeconds = seconds;
    if (picture) {
      const held = this.#grid.next(seconds);
      if (held !== null) {
        // What was dropped is not made up for by showing the picture before again: who is slow would never catch up.
        await this.#batch.add({ index: frame, seconds, picture, lost: false }, this.#isBehind ? 0 : held);
        this.#isBehind = false;
      }
    } else {
      this.#isBehind = true;
    }
    if (within < SNIPPET_FRAMES - 1) return null;
    const index = Math.floor(frame / SNIPPET_FRAMES);
    await this.#batch.flush();
    const feature = this.#batch.vectors.take(index);
    if (!feature) return null; // nothing was seen yet
    const sampledFrames = this.#batch.sampled - this.#sampledBefore;
    this.#sampledBefore = this.#batch.sampled;
    return { index, startSeconds: this.#startSeconds, endSeconds: seconds, feature, sampledFrames };
  }
}
