/** The time of the video on stage, from left to right: one axis for all lanes of the timeline. */
import { bisectLeft, bisectRight } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Stage } from '../state/stage.svelte.ts';

/** Room beside the lanes, in pixels: labels on the left, the threshold on the right. */
const MARGIN = { left: 30, right: 30 };

export class TimeAxis {
  readonly #stage: Stage;
  /** Of the lanes with their margins, in pixels. */
  width = $state(600);
  /** Where time begins and ends, in pixels. */
  readonly left = MARGIN.left;
  readonly right = $derived(Math.max(this.width - MARGIN.right, MARGIN.left + 1));
  readonly #scale = $derived.by(() => scaleLinear(this.#stage.window, [this.left, this.right]));
  readonly #pixelsPerSecond = $derived.by(() => {
    const [from, to] = this.#stage.window;
    return (this.right - this.left) / (to - from);
  });
  /** When each snippet begins, and the last one ends; empty without features. */
  readonly edges: readonly number[] = $derived.by(() => {
    const { features, frames } = this.#stage;
    const last = features?.snippets.at(-1);
    if (!features || !last) return [];
    // Of a video that was not decoded there may be more than rows: the last score holds on, as figures have it.
    const holdsOn = features.frames === 0 && frames - 1 > last.lastFrame;
    const end = holdsOn ? this.#stage.endOf(frames - 1) : last.endSeconds;
    return [...features.snippets.map(({ startSeconds }) => startSeconds), end];
  });
  /** The edges on screen, and one beyond on either side: from the first index to before the second. */
  readonly shown: readonly [number, number] = $derived.by(() => {
    const [from, to] = this.#stage.window;
    return [
      Math.max(0, bisectRight(this.edges, from) - 1),
      Math.min(this.edges.length, bisectLeft(this.edges, to) + 1),
    ];
  });
  readonly ticks = $derived(this.#scale.ticks(Math.max(2, Math.floor(this.width / 90))));

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Pixels from the left at which a time stands. Asked for by the thousand. */
  x(seconds: number): number {
    return this.left + (seconds - this.#stage.window[0]) * this.#pixelsPerSecond;
  }

  /** The time that stands at a pixel. */
  secondsAt(pixels: number): number {
    return this.#scale.invert(pixels);
  }

  /** A span of time as far as it is shown, in pixels; null where nothing of it is. Never too thin to be seen. */
  span(startSeconds: number, endSeconds: number): { x: number; width: number } | null {
    const [from, to] = [this.x(startSeconds), this.x(endSeconds)];
    if (to < this.left || from > this.right) return null;
    const x = Math.max(from, this.left);
    return { x, width: Math.max(2, Math.min(to, this.right) - x) };
  }

  /** The same of frames, from 0, the last one included. */
  spanOfFrames(startFrame: number, endFrame: number): { x: number; width: number } | null {
    return this.span(this.#stage.startOf(startFrame), this.#stage.endOf(endFrame));
  }
}
