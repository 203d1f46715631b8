/**
 * Which frames a backbone sees: those at its own rate, chosen by *time*, whatever the rate of the file. Grid points lie
 * 1/fps apart from the first frame on; each is served by the first frame at or after it. Where frames are rarer than
 * grid points, the frame on screen is shown again, because a network made for 5 frames a second reads time in frames.
 */

/** Decides frame by frame, without looking ahead. */
export class TimeGrid {
  readonly #framesPerSecond: number;
  readonly #longestHold: number;
  #origin: number | null = null;
  #point = -1;

  /**
   * @param longestHold how often a frame is repeated at most: the network's memory in frames, after which more of the
   *   same cannot change its output
   */
  constructor(framesPerSecond: number, longestHold: number) {
    this.#framesPerSecond = framesPerSecond;
    this.#longestHold = longestHold;
  }

  /**
   * To be asked for every frame in order.
   * @returns null when the frame is passed over; else how often the sampled frame *before* it is shown again first
   */
  next(seconds: number): number | null {
    this.#origin ??= seconds;
    // Timestamps are rounded to the container's clock: a frame a millisecond early serves its grid point.
    const point = Math.floor((seconds - this.#origin + 1e-3) * this.#framesPerSecond);
    if (point <= this.#point) return null;
    const held = Math.min(point - this.#point - 1, this.#longestHold);
    this.#point = point;
    return held;
  }

  /** After a gap: nothing is known of the time in it, so nothing is held over it. */
  skipTo(seconds: number): void {
    if (this.#origin === null) return;
    const point = Math.floor((seconds - this.#origin + 1e-3) * this.#framesPerSecond);
    this.#point = Math.max(this.#point, point - 1);
  }
}
