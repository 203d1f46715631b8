/**
 * A step in slow motion: what it drew, how it scored that, what the loss chose, what the loss is, how far the head
 * moved. All of it is the step that is really taken. Until its update is shown it has not happened: it is only proposed,
 * and whatever else is done with the run forgets it.
 */
import type { StepEvent } from '../../workers/client.ts';

export const PHASES = ['sample', 'score', 'choose', 'loss', 'update'] as const;
export type StepPhase = (typeof PHASES)[number];

/** Seconds that a phase is shown, and what may be chosen. */
const SECONDS = 2;
export const SECONDS_RANGE = { min: 0.5, max: 8, step: 0.5 };

/** What slow motion needs of the transport. */
interface Mover {
  /** The next step, not taken yet. */
  propose(): Promise<StepEvent>;
  /** Takes the step. */
  take(): Promise<StepEvent>;
  /** Whether there are steps left to do. */
  isUnfinished(): boolean;
}

export class Slow {
  readonly #mover: Mover;
  /** Seconds that each phase is shown. */
  seconds = $state(SECONDS);
  /** Whether phases follow each other by themselves. */
  isRunning = $state(false);
  /** The step that is shown. */
  event = $state.raw<StepEvent | null>(null);
  /** How far it has come. */
  reached = $state<StepPhase | null>(null);
  /** The phase that is looked at, which may be an earlier one. */
  shown = $state<StepPhase | null>(null);
  /** The advance under way, if one is: only one at a time. */
  #advance: Promise<void> | null = null;
  #wake: (isAdvanced: boolean) => void = () => {};

  constructor(mover: Mover) {
    this.#mover = mover;
  }

  /** A step was begun and has not happened yet. */
  get isMidStep(): boolean {
    return this.reached !== null && this.reached !== 'update';
  }

  has(phase: StepPhase): boolean {
    return this.reached !== null && PHASES.indexOf(phase) <= PHASES.indexOf(this.reached);
  }

  /** How often the step drew a video. */
  draws(videoId: string): number {
    return this.event?.detail?.bags.filter(({ id }) => id === videoId).length ?? 0;
  }

  /** Looks at a phase that was reached. */
  look(phase: StepPhase): void {
    if (this.has(phase)) this.shown = phase;
  }

  /** A step that was taken whole, to be looked at phase by phase. */
  show(event: StepEvent): void {
    this.event = event;
    this.reached = this.shown = 'update';
  }

  /** Nothing is shown, and a step that was begun never was. */
  clear(): void {
    this.event = null;
    this.reached = this.shown = null;
  }

  /** The next phase: of the step that is under way, or the first of the next step. */
  advance(): Promise<void> {
    this.#wake(true);
    return this.#begin();
  }

  #begin(): Promise<void> {
    return (this.#advance ??= this.#next().finally(() => (this.#advance = null)));
  }

  async #next(): Promise<void> {
    const at = this.isMidStep ? PHASES.indexOf(this.reached!) + 1 : 0;
    const next = PHASES[at];
    if (next === 'sample') this.event = await this.#mover.propose();
    if (next === 'update') this.event = await this.#mover.take();
    this.reached = this.shown = next;
  }

  /** Phase after phase until it is stopped or no step is left; where motion is unwanted, one phase only. */
  async run(): Promise<void> {
    if (this.isRunning) return;
    if (wantsStillness()) return this.advance();
    this.isRunning = true;
    try {
      let isAdvanced = false;
      while (this.isRunning && (this.isMidStep || this.#mover.isUnfinished())) {
        await (isAdvanced ? this.#advance : this.#begin());
        if (this.isRunning) isAdvanced = await this.#wait();
      }
    } finally {
      this.isRunning = false;
    }
  }

  /** @returns true when somebody asked for the next phase before its time */
  #wait(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), 1000 * this.seconds);
      this.#wake = (isAdvanced) => {
        clearTimeout(timer);
        resolve(isAdvanced);
      };
    });
  }

  /** Stays where it is, mid-step or not. */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.#wake(false);
    await this.#advance?.catch(() => {});
  }
}

/** Whether the one who watches asked their system for no motion that they did not ask for. */
export function wantsStillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
