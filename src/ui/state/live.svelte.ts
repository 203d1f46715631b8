/**
 * A source that is watched as it happens: its frames go to the backbone, its snippets to the head, and the scores come
 * back while it goes on. What cannot be kept up with is dropped and counted, never queued.
 */
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import type { BackboneReport, Client, ExtractSettings, LiveSnippet } from '../../workers/client.ts';
import type { Training } from './training.svelte.ts';

/** Frames that the backbone may be at work on. */
const MOST_UNDER_WAY = 4;
/** Snippets that the head sees of the past. */
const WINDOW = 64;
/** Seconds of the past that are on screen. */
export const SHOWN_SECONDS = 60;

/** A snippet that has been. */
export interface LivePoint {
  startSeconds: number;
  endSeconds: number;
  /** As the head said at the time; null where no head could. */
  score: number | null;
  /** L2 norm of its feature. */
  magnitude: number;
}

export class Live {
  readonly #client: Client;
  readonly #training: Training;
  readonly #onFailure: (error: unknown) => void;
  readonly stream: MediaStream;
  /** The latest minute. */
  points = $state.raw<readonly LivePoint[]>([]);
  /** Milliseconds from a snippet's last frame to its score; null before the first. */
  latency = $state<number | null>(null);
  /** Frames a second that the source shows. */
  framesPerSecond = $state(0);
  /** Frames whose picture came while too many were under way. */
  dropped = $state(0);
  backbone = $state.raw<BackboneReport | null>(null);
  /** Why there is no score, in a sentence. */
  obstacle = $state<string | null>(null);
  #features: Float32Array[] = [];
  #underWay = 0;
  #isScoring = false;
  #isOver = false;
  #first: { at: number; frames: number } | null = null;

  private constructor(
    client: Client,
    training: Training,
    stream: MediaStream,
    onFailure: (error: unknown) => void,
  ) {
    this.#client = client;
    this.#training = training;
    this.stream = stream;
    this.#onFailure = onFailure;
  }

  /** Prepares the backbone for pictures of the stream. */
  static async open(
    client: Client,
    training: Training,
    settings: ExtractSettings,
    stream: MediaStream,
    onFailure: (error: unknown) => void,
  ): Promise<Live> {
    const live = new Live(client, training, stream, onFailure);
    const { width = 640, height = 480 } = stream.getVideoTracks()[0].getSettings();
    ({ backbone: live.backbone } = await client.openLive(settings, { width, height }));
    return live;
  }

  /** The score of the latest snippet. */
  get score(): number | null {
    return this.points.at(-1)?.score ?? null;
  }

  get isAlarm(): boolean {
    return this.score !== null && this.score > this.#training.threshold;
  }

  /**
   * The next frame of the source.
   * @param seconds when it was shown, on the clock of the source
   * @param at when it was taken, on the clock of `performance.now`
   * @param take makes the picture; not called for a frame that is dropped
   */
  frame(seconds: number, at: number, take: () => VideoFrame): void {
    if (this.#isOver) return;
    this.#first ??= { at, frames: 0 };
    const elapsed = (at - this.#first.at) / 1000;
    if (++this.#first.frames > 1 && elapsed > 0) this.framesPerSecond = (this.#first.frames - 1) / elapsed;
    const isLate = this.#underWay >= MOST_UNDER_WAY;
    if (isLate) this.dropped++;
    this.#underWay++;
    this.#client
      .liveFrame(isLate ? null : take(), seconds)
      .then((snippet) => snippet && this.#judge(snippet, at))
      .catch((error: unknown) => {
        if (!this.#isOver) this.#onFailure(error);
      })
      .finally(() => this.#underWay--);
  }

  async #judge({ startSeconds, endSeconds, feature }: LiveSnippet, at: number): Promise<void> {
    this.#features = [...this.#features, feature].slice(-WINDOW);
    let magnitude = 0;
    for (const value of feature) magnitude += value * value;
    const point: LivePoint = { startSeconds, endSeconds, score: null, magnitude: Math.sqrt(magnitude) };
    const scores = await this.#scores();
    point.score = scores?.at(-1) ?? null;
    if (this.#isOver) return;
    this.latency = performance.now() - at;
    this.points = [...this.points, point].filter((other) => other.endSeconds > endSeconds - SHOWN_SECONDS);
  }

  async #scores(): Promise<Float32Array | null> {
    const { run } = this.#training;
    this.obstacle = obstacleOf(run?.head);
    if (!run || this.obstacle || this.#isScoring) return null;
    this.#isScoring = true;
    const size = this.#features[0].length;
    const values = new Float32Array(this.#features.length * size);
    this.#features.forEach((feature, n) => values.set(feature, n * size));
    try {
      const array = { shape: [this.#features.length, size], values };
      return await this.#client.watch(run.id, array, this.backbone!.id);
    } catch (error) {
      this.obstacle = error instanceof Error ? error.message : String(error);
      return null;
    } finally {
      this.#isScoring = false;
    }
  }

  async close(): Promise<void> {
    this.#isOver = true;
    for (const track of this.stream.getTracks()) track.stop();
    await this.#client.closeLive();
  }
}

function obstacleOf(head: string | undefined): string | null {
  if (!head)
    return 'No head has been trained yet: train one on videos of this camera, and it will score here.';
  const card = headCards.find(({ id }) => id === head);
  if (!card?.input) return null;
  return `${card.title} reads ${card.input === 'maps' ? 'feature maps' : 'tubes'}, which a live picture has not: choose a run of another head.`;
}
