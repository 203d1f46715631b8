/**
 * The page's end of a worker. comlink carries the calls; what it lacks is here: calls that fail when their worker dies,
 * jobs that can be paused and cancelled at once, and a watchdog for workers that went silent.
 */
import * as Comlink from 'comlink';
import { Failure } from '../engine/failure.ts';
import type { Progress } from '../engine/job.ts';
import type { JobCommand } from './jobs.ts';
import { unwrap, type Answering, type Outcome } from './outcome.ts';

/** A job under way. */
export interface JobHandle<T> {
  result: Promise<T>;
  pause(): void;
  resume(): void;
  /** Ends it; `result` rejects with the failure `cancelled`. */
  cancel(): void;
}

/** Every worker that runs jobs offers this. */
interface Commands {
  command(id: string, command: JobCommand): void;
}

/** How long a cancelled job may take to end by itself before its worker is ended, in milliseconds. */
const CANCEL_GRACE = 2000;
/** How long a watched job may be silent before its worker counts as stuck, in milliseconds; unless told. */
const MAX_SILENCE = 90_000;

export class Port<Api extends object> {
  readonly #url: string;
  readonly #name: string;
  #worker: Worker | null = null;
  #remote: Comlink.Remote<Answering<Api>> | null = null;
  /** The first call of every worker that starts. */
  onStart: (api: Comlink.Remote<Answering<Api>>) => void = () => {};
  /** Rejects every pending call. */
  readonly #pending = new Set<(failure: Failure) => void>();

  /** @param url address of the worker's script; the worker starts with the first call */
  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  /** Calls the worker. Rejects with the worker's failure, or with `worker-died`. */
  call<T>(method: (api: Comlink.Remote<Answering<Api>>) => unknown): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pending.add(reject);
      (method(this.#api()) as Promise<Outcome<T>>)
        .then((outcome) => resolve(unwrap(outcome)))
        .catch(reject)
        .finally(() => this.#pending.delete(reject));
    });
  }

  /**
   * Starts a job.
   * @param start calls the worker with the job's id and a callback for its reports
   * @param options.isWatched end the worker when it reports nothing for long; for jobs that report steadily
   * @param options.silence how long that is, in milliseconds
   * @param options.isPatient let a cancelled job end by itself, however long that takes; for jobs that keep what they did
   */
  job<T, Report = Progress>(
    onReport: (report: Report) => void,
    start: (
      api: Comlink.Remote<Answering<Api>>,
      id: string,
      report: ((report: Report) => void) & Comlink.ProxyMarked,
    ) => unknown,
    { isWatched = false, silence = MAX_SILENCE, isPatient = false } = {},
  ): JobHandle<T> {
    const id = crypto.randomUUID();
    let [isPaused, lastSign] = [false, performance.now()];
    const report = Comlink.proxy((progress: Report) => {
      lastSign = performance.now();
      onReport(progress);
    });
    const send = (command: JobCommand) => {
      lastSign = performance.now();
      void this.call((api) =>
        (api as unknown as Comlink.Remote<Answering<Commands>>).command(id, command),
      ).catch(() => {});
    };
    let watchdog: ReturnType<typeof setInterval> | undefined;
    if (isWatched) {
      watchdog = setInterval(
        () => {
          if (!isPaused && performance.now() - lastSign > silence) this.end(stuck(this.#name, silence));
        },
        Math.min(5000, silence / 4),
      );
    }
    let grace: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const result = this.call<T>((api) => start(api, id, report)).finally(() => {
      isOver = true;
      clearInterval(watchdog);
      clearTimeout(grace);
    });
    return {
      result,
      pause: () => {
        isPaused = true;
        send('pause');
      },
      resume: () => {
        isPaused = false;
        send('resume');
      },
      cancel: () => {
        if (isOver || grace) return; // a second timer would end the worker of a later job
        send('cancel');
        if (isPatient) return;
        grace = setTimeout(
          () => this.end(new Failure({ code: 'cancelled', what: 'Cancelled.' })),
          CANCEL_GRACE,
        );
      },
    };
  }

  /** Ends the worker; the next call starts a new one. */
  end(failure = new Failure({ code: 'worker-died', what: `The ${this.#name} worker was ended.` })): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#remote = null;
    for (const reject of [...this.#pending]) reject(failure);
    this.#pending.clear();
  }

  #api(): Comlink.Remote<Answering<Api>> {
    if (this.#remote) return this.#remote;
    const worker = startWorker(this.#url, this.#name);
    worker.addEventListener('error', (event) => {
      if (worker !== this.#worker) return;
      this.end(
        new Failure({
          code: 'worker-died',
          what: `The ${this.#name} worker stopped unexpectedly.`,
          kept: 'What was saved is still there.',
          next: 'Try again; if it happens again, copy the diagnostics.',
          detail: event.message,
        }),
      );
    });
    this.#worker = worker;
    this.#remote = Comlink.wrap<Answering<Api>>(worker);
    this.onStart(this.#remote);
    return this.#remote;
  }
}

function stuck(name: string, silence: number): Failure {
  return new Failure({
    code: 'stalled',
    what: `The ${name} worker gave no sign for ${silence / 1000} seconds and was ended.`,
    kept: 'What was saved is still there.',
    next: 'Try again, or leave the file out.',
  });
}

/**
 * Workers start from a `blob:` that imports their script, so that they inherit the page's security policy on hosts that
 * cannot send it as a header.
 */
function startWorker(url: string, name: string): Worker {
  const script = `import ${JSON.stringify(new URL(url, self.location.href).href)};`;
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  return new Worker(trusted(address), { type: 'module', name });
}

interface ScriptPolicy {
  createScriptURL(address: string): string;
}

let policy: ScriptPolicy | null = null;

/** Where the browser demands it, marks an address as one that we made. */
export function trusted(address: string): string {
  const { trustedTypes } = self as unknown as {
    trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy };
  };
  policy ??= trustedTypes?.createPolicy('weaklens-worker', { createScriptURL: (own) => own }) ?? null;
  return policy ? policy.createScriptURL(address) : address;
}
