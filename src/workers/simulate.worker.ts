/** Makes videos where none may be shipped. */
import * as Comlink from 'comlink';
import type { Progress } from '../engine/job.ts';
import { planDemo, type DemoSize, type DemoVideo } from '../engine/scenes/demo.ts';
import { filmSketch } from '../engine/scenes/film.ts';
import { planSketch } from '../engine/scenes/sketch.ts';
import type { VideoTruth } from '../engine/types.ts';
import { commandJob, runJob } from './jobs.ts';
import { answering } from './outcome.ts';

/** A made video, with its truth beside it. */
export interface MadeVideo extends Omit<DemoVideo, 'scene'> {
  file: File;
  truth: VideoTruth;
}

const api = {
  plan: (seed: number, size?: DemoSize): DemoVideo[] => planDemo(seed, size),

  async film(
    { name, part, label, scene }: DemoVideo,
    id: string,
    report: (progress: Progress) => void,
  ): Promise<MadeVideo> {
    const { bytes, type } = await runJob(id, report, (job) => filmSketch(scene, job));
    const file = new File([bytes], `${name}.${type === 'video/webm' ? 'webm' : 'mp4'}`, { type });
    return { name: file.name, part, label, file, truth: planSketch(scene).truth };
  },

  command: commandJob,
};

export type SimulateApi = typeof api;

Comlink.expose(answering(api));
