/** What can be taken back, newest last. */

export interface Change {
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

  did(label: string, undo: () => Promise<void>): Change {
    const change = { label, undo };
    this.#changes = [...this.#changes, change].slice(-LONGEST);
    return change;
  }

  async undo(): Promise<string | null> {
    const change = this.#changes.at(-1);
    if (!change) return null;
    await this.takeBack(change);
    return change.label;
  }

  /** Takes one change back, the latest or not; nothing happens to one that was taken back before. */
  async takeBack(change: Change): Promise<void> {
    if (!this.#changes.includes(change)) return;
    this.#changes = this.#changes.filter((other) => other !== change); // at once, or a quick second undo meets it again
    try {
      await change.undo();
    } catch (error) {
      this.#changes = [...this.#changes, change];
      throw error;
    }
  }
}
