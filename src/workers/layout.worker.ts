/** Lays segments out in two dimensions: apart from evaluation, which must not wait for it, and ended when it is not wanted. */
import * as Comlink from 'comlink';
import type { Progress } from '../engine/job.ts';
import { commandJob, runJob } from './jobs.ts';
import { featurePoints, layOut, type Layout, type LayoutMethod, type SegmentPoints } from './layout.ts';
import { answering } from './outcome.ts';
import { Store } from './store.ts';

let opened: Promise<Store> | null = null;
const store = () => (opened ??= Store.open());

const api = {
  /**
   * Features as they came out of the backbone.
   * @param every how many snippets a point stands for
   */
  async features(
    featureKeys: string[],
    every: number,
    method: LayoutMethod,
    id: string,
    report: (progress: Progress) => void,
  ): Promise<Layout> {
    const kept = await store();
    return runJob(id, report, async (job) => {
      const points = await featurePoints((key) => kept.features(key), featureKeys, every, job);
      return layOut(points, method, job);
    });
  },

  /** Points that somebody else made. */
  points(
    points: SegmentPoints,
    method: LayoutMethod,
    id: string,
    report: (progress: Progress) => void,
  ): Promise<Layout> {
    return runJob(id, report, (job) => layOut(points, method, job));
  },

  command: commandJob,
};

export type LayoutApi = typeof api;

Comlink.expose(answering(api));
