/** How far an extraction is, and how long it will take. */
import type { Progress } from '../../engine/job.ts';
import type { VideoRecord } from '../../workers/client.ts';

/** The extraction of all videos that have no features yet. */
export interface ExtractionStatus {
  done: number;
  total: number;
  /** Share of everything, 0..1. */
  share: number;
  framesPerSecond: number;
  secondsLeft: number | null;
  isPaused: boolean;
}

/** Extraction over several videos as one job: by frames, as far as they are known. */
export class ExtractionClock {
  readonly #frames: number[];
  readonly #started = performance.now();
  #done = 0;
  #index = 0;

  constructor(videos: readonly VideoRecord[]) {
    this.#frames = videos.map(({ facts }) => {
      const { durationSeconds, framesPerSecond } = facts!;
      return Math.max(1, Math.round((durationSeconds ?? 60) * (framesPerSecond ?? 25)));
    });
  }

  finished(): void {
    this.#done += this.#frames[this.#index++];
  }

  status(index: number, progress: Progress | null, isPaused: boolean): ExtractionStatus {
    const total = this.#frames.reduce((a, b) => a + b, 0);
    const current = Math.min(progress?.done ?? 0, this.#frames[index] ?? 0);
    const done = this.#done + current;
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = done / Math.max(seconds, 0.1);
    return {
      done: index,
      total: this.#frames.length,
      share: total > 0 ? done / total : 0,
      framesPerSecond: progress?.perSecond ?? rate,
      secondsLeft: done > 0 && seconds > 2 ? (total - done) / rate : null,
      isPaused,
    };
  }
}
