/**
 * A source that is watched as it happens: its frames go to the backbone, its snippets to the head, and the scores come
 * back while it goes on. Where the frames come from is the business of whoever shows the picture.
 */
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import type { BackboneReport, Client, ExtractSettings, LiveFeed, LiveSnippet } from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';
import type { Training } from './training.svelte.ts';

/** Snippets that the head sees of the past. */
const WINDOW = 64;
/** Seconds of the past that are on screen. */
export const SHOWN_SECONDS = 60;

/** A snippet that has been. */
export interface LivePoint {
  /** Counted from 0. */
  index: number;
  startSeconds: number;
  endSeconds: number;
  /** Whether the snippet before is the time before. */
  follows: boolean;
  /** As the head said when it first saw it; null until then, and where no head could. */
  score: number | null;
  /** L2 norm of its feature. */
  magnitude: number;
}

/** A snippet that the head sees, and when its last frame was taken on the clock of `performance.now`. */
interface Seen {
  index: number;
  feature: Float32Array;
  at: number;
}

export class Live {
  readonly #client: Client;
  readonly #training: Training;
  readonly #onFailure: (error: unknown) => void;
  /** The latest minute. */
  points = $state.raw<readonly LivePoint[]>([]);
  /** Milliseconds from a snippet's last frame to its score; null before the first. */
  latency = $state<number | null>(null);
  /** Frames a second that the source shows. */
  framesPerSecond = $state(0);
  /** Frames that the backbone was not shown, because it was at work on others. */
  dropped = $state(0);
  /** What looks at the source, once it is ready. */
  backbone = $state.raw<BackboneReport | null>(null);
  /** Why there is no score, in a sentence. */
  obstacle = $state<string | null>(null);
  #feed: LiveFeed | null = null;
  #window: readonly Seen[] = [];
  #snippets = 0;
  #isScoring = false;
  #isOver = false;

  /** @param onFailure told once, of what ends it */
  constructor(client: Client, training: Training, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#training = training;
    this.#onFailure = onFailure;
  }

  /** Prepares the backbone; frames that come before are passed over. */
  async begin(settings: ExtractSettings): Promise<void> {
    const { feed, backbone } = await this.#client.openLive(settings);
    this.backbone = backbone;
    this.#feed = feed;
  }

  /** The latest score, while there is a head that gives them. */
  get score(): number | null {
    if (this.obstacle) return null;
    return this.points.findLast(({ score }) => score !== null)?.score ?? null;
  }

  get isAlarm(): boolean {
    return this.score !== null && this.score >= this.#training.threshold;
  }

  /**
   * The next frame of the source.
   * @param seconds when it was shown, on the clock of the source
   * @param at when it was taken, on the clock of `performance.now`
   * @param take makes the picture; not called for a frame that is dropped, null for one that was left out before
   */
  frame(seconds: number, at: number, take: (() => VideoFrame) | null): void {
    const feed = this.#feed;
    if (this.#isOver || !feed) return;
    feed
      .offer(seconds, take)
      .then((snippet) => snippet && this.#meet(snippet, at))
      .catch((error: unknown) => {
        if (this.#isOver) return;
        this.#isOver = true; // those under way fail with it
        this.#onFailure(error);
      });
    this.framesPerSecond = feed.framesPerSecond;
    this.dropped = feed.dropped;
  }

  async #meet({ startSeconds, endSeconds, feature, follows }: LiveSnippet, at: number): Promise<void> {
    if (this.#isOver) return;
    const index = this.#snippets++;
    // What was before a pause tells the head nothing about now.
    this.#window = [...(follows ? this.#window : []), { index, feature, at }].slice(-WINDOW);
    let squares = 0;
    for (const value of feature) squares += value * value;
    const magnitude = Math.sqrt(squares);
    const point: LivePoint = { index, startSeconds, endSeconds, follows, score: null, magnitude };
    const since = endSeconds - SHOWN_SECONDS;
    this.points = [...this.points, point].filter((other) => other.endSeconds > since);
    if (this.#isScoring) return; // it is scored with the next ones, when the head is free
    this.#isScoring = true;
    try {
      while (!this.#isOver && this.#hasUnscored() && (await this.#score()));
    } finally {
      this.#isScoring = false;
    }
    if (this.obstacle && !this.#isOver) this.latency = performance.now() - at;
  }

  #hasUnscored(): boolean {
    return this.points.at(-1)?.score === null;
  }

  /** Scores the window; the points of it that have no score yet get theirs. False where no head can. */
  async #score(): Promise<boolean> {
    const { run } = this.#training;
    const window = this.#window;
    this.obstacle = obstacleOf(run?.head);
    if (!run || this.obstacle) return false;
    const size = window[0].feature.length;
    const values = new Float32Array(window.length * size);
    window.forEach(({ feature }, n) => values.set(feature, n * size));
    try {
      const array = { shape: [window.length, size], values };
      const scores = await this.#client.trainer.watch(run.id, array, this.backbone!.id);
      const byIndex = new Map(window.map(({ index }, n) => [index, scores[n]]));
      this.points = this.points.map((point) => ({
        ...point,
        score: point.score ?? byIndex.get(point.index) ?? null,
      }));
      this.latency = performance.now() - window.at(-1)!.at;
      return true;
    } catch (error) {
      this.obstacle = error instanceof Error ? error.message : String(error);
      return false;
    }
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#client.closeLive();
  }
}

function obstacleOf(head: string | undefined): string | null {
  if (!head)
    return t('No head has been trained yet: train one on videos of this camera, and it will score here.');
  const card = headCards.find(({ id }) => id === head);
  if (!card?.input) return null;
  return t(
    card.input === 'maps'
      ? '{head} reads feature maps, which a live picture has not: choose a run of another head.'
      : '{head} reads tubes, which a live picture has not: choose a run of another head.',
    { head: card.title },
  );
}
