/**
 * What every long computation takes: a way to be cancelled, to be paused and to say how far it is (design law 6).
 * The engine only knows this interface; who presses the buttons is the workers' business.
 */

/** How far a job is. `total` is null while it cannot be known (a live recording without a length). */
export interface Progress {
  done: number;
  total: number | null;
  /** What is counted: `frames`, `bytes`, `steps`, `videos`. */
  unit: string;
  /** Units finished per second, over the job so far. */
  perSecond?: number;
}

export interface Job {
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  /** Called between pieces of work: waits while the job is paused, throws when it is cancelled. */
  turn(): Promise<void>;
  report(progress: Progress): void;
}

/** A job that nobody watches, pauses or cancels: for tests and one-shot calls. */
export const quietJob: Job = {
  signal: new AbortController().signal,
  turn: async () => {},
  report: () => {},
};
