/** What counts as an alarm of the run on screen. It belongs to the run, and is kept with it once it has come to rest. */

export const DEFAULT_THRESHOLD = 0.5;

/** Milliseconds without a change after which it counts as chosen. */
const REST = 250;

export class Threshold {
  #value = $state(DEFAULT_THRESHOLD);
  /** Keeps a threshold with a run. */
  readonly #keep: (runId: string, threshold: number) => Promise<void>;
  #pending: { runId: string; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(keep: (runId: string, threshold: number) => Promise<void>) {
    this.#keep = keep;
  }

  get value(): number {
    return this.#value;
  }

  /** Another run came on screen, with a threshold of its own. */
  restore(threshold = DEFAULT_THRESHOLD): void {
    void this.settle();
    this.#value = threshold;
  }

  /** @param runId whose it is; null where there is none to keep it with */
  choose(threshold: number, runId: string | null): void {
    if (threshold === this.#value || !Number.isFinite(threshold)) return;
    this.#value = threshold;
    if (this.#pending) clearTimeout(this.#pending.timer);
    this.#pending = runId === null ? null : { runId, timer: setTimeout(() => void this.settle(), REST) };
  }

  /** Keeps at once what was about to be kept. */
  async settle(): Promise<void> {
    if (!this.#pending) return;
    const { runId, timer } = this.#pending;
    clearTimeout(timer);
    this.#pending = null;
    await this.#keep(runId, this.#value);
  }
}
