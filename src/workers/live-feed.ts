/**
 * The end at which frames of a live source are handed in. What the backbone cannot keep up with is dropped and counted,
 * never queued: however slow the device, what is seen is a few frames old at most.
 */
import type { LiveSnippet } from '../engine/features/live.ts';

/** Frames that the backbone may be at work on. */
const MOST_UNDER_WAY = 4;
/** Frames that the rate is measured over. */
const MEASURED = 60;

/** Where frames go, in the order in which they come; null for a picture that was dropped. */
type Send = (picture: VideoFrame | null, seconds: number) => Promise<LiveSnippet | null>;

export class LiveFeed {
  readonly #send: Send;
  readonly #latest: number[] = [];
  #underWay = 0;
  /** Frames whose picture the backbone was not shown. */
  dropped = 0;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Frames a second that the source shows. */
  get framesPerSecond(): number {
    const [first = 0] = this.#latest;
    const [last = 0] = this.#latest.slice(-1);
    return last > first ? (this.#latest.length - 1) / (last - first) : 0;
  }

  /**
   * The next frame.
   * @param seconds when it was shown, on the clock of the source
   * @param take makes its picture, which is closed by whoever receives it; not called for one that is dropped, null for
   *   one that the source itself had to leave out
   * @returns the snippet that the frame completes
   */
  async offer(seconds: number, take: (() => VideoFrame) | null): Promise<LiveSnippet | null> {
    const picture = take && this.#underWay < MOST_UNDER_WAY ? take() : null;
    if (!picture) this.dropped++;
    this.#latest.push(seconds);
    if (this.#latest.length > MEASURED) this.#latest.shift();
    this.#underWay++;
    try {
      return await this.#send(picture, seconds);
    } finally {
      this.#underWay--;
    }
  }
}
