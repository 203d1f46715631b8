/**
 * Jobs of a worker: each long call has an id under which its client pauses, resumes and cancels it.
 */
import * as Comlink from 'comlink';
import type { Job, Progress } from '../engine/job.ts';

export type JobCommand = 'pause' | 'resume' | 'cancel';

/** Longest stretch of work without letting messages in, in milliseconds. */
const TURN = 12;

class WorkerJob implements Job {
  readonly #controller = new AbortController();
  readonly #report: (progress: Progress) => void;
  #resume: (() => void) | null = null;
  #paused: Promise<void> | null = null;
  #lastTurn = performance.now();

  constructor(report: (progress: Progress) => void) {
    this.#report = report;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async turn(): Promise<void> {
    if (performance.now() - this.#lastTurn > TURN) {
      await macrotask();
      this.#lastTurn = performance.now();
    }
    if (this.#paused) await this.#paused;
    this.signal.throwIfAborted();
  }

  report(progress: Progress): void {
    this.#report(progress);
  }

  command(command: JobCommand): void {
    if (command === 'pause') {
      this.#paused ??= new Promise((resolve) => (this.#resume = resolve));
    } else {
      if (command === 'cancel') this.#controller.abort();
      this.#resume?.();
      this.#paused = null;
    }
  }
}

const running = new Map<string, WorkerJob>();

/**
 * Runs a job under an id.
 * @param report the client's callback, a comlink proxy; released afterwards
 */
export async function runJob<T>(
  id: string,
  report: (progress: Progress) => void,
  work: (job: Job) => Promise<T>,
): Promise<T> {
  const job = new WorkerJob(report);
  running.set(id, job);
  try {
    return await work(job);
  } finally {
    running.delete(id);
    (report as Partial<Comlink.ProxyMethods>)[Comlink.releaseProxy]?.();
  }
}

/** A command for a job that has ended is late, not wrong. */
export function commandJob(id: string, command: JobCommand): void {
  running.get(id)?.command(command);
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Lets messages in; unlike a timer it is not slowed down in hidden tabs. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}
