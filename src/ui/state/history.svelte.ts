/** What can be taken back, newest last. */

interface Change {
  /** What was done, as the undo button says it: "Label gate.mp4 as normal". */
  label: string;
  undo: () => Promise<void>;
}

const LONGEST = 100;

export class History {
  #changes = $state.raw<Change[]>([]);

  /** What the next undo would take back. */
  get next(): string | null {
    return this.#changes.at(-1)?.label ?? null;
  }

  did(label: string, undo: () => Promise<void>): void {
    this.#changes = [...this.#changes, { label, undo }].slice(-LONGEST);
  }

  async undo(): Promise<string | null> {
    const change = this.#changes.at(-1);
    if (!change) return null;
    this.#changes = this.#changes.slice(0, -1);
    await change.undo();
    return change.label;
  }
}
