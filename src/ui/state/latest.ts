/** Does what is asked for, one thing at a time; what is overtaken while it waits is left out. */
export class Latest {
  #isBusy = false;
  #next: (() => Promise<void>) | null = null;

  ask(work: () => Promise<void>, onFailure: (error: unknown) => void): void {
    this.#next = work;
    if (!this.#isBusy) void this.#run(onFailure);
  }

  async #run(onFailure: (error: unknown) => void): Promise<void> {
    this.#isBusy = true;
    while (this.#next) {
      const work = this.#next;
      this.#next = null;
      await work().catch(onFailure);
    }
    this.#isBusy = false;
  }
}
