/** A worker that misbehaves in every way a real one might. */
import * as Comlink from 'comlink';
import { Failure } from '../../src/engine/failure.ts';
import type { Progress } from '../../src/engine/job.ts';
import { commandJob, runJob } from '../../src/workers/jobs.ts';
import { answering } from '../../src/workers/outcome.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const api = {
  echo: <T>(value: T) => value,
  fail: () => {
    throw new Failure({
      code: 'damaged',
      subject: 'gate.mp4',
      what: 'It is damaged.',
      next: 'Copy it again.',
    });
  },
  stumble: () => (undefined as unknown as string).length,
  hang: () => new Promise<void>(() => {}),
  crashSoon: () => {
    setTimeout(() => {
      throw new Error('nobody catches this');
    });
  },
  work: (steps: number, id: string, report: (progress: Progress) => void) =>
    runJob(id, report, async (job) => {
      for (let done = 1; done <= steps; done++) {
        await pause(5);
        await job.turn();
        job.report({ done, total: steps, unit: 'steps' });
      }
      return steps;
    }),
  /** Never lets a message in. */
  spin: (_id: string) => {
    for (;;);
  },
  command: commandJob,
};

export type TroubleApi = typeof api;

Comlink.expose(answering(api));
