/** Makes videos where none may be shipped. */
import * as Comlink from 'comlink';
import type { Progress } from '../engine/job.ts';
import { planDataset, type DatasetOptions, type TrueVideo } from '../engine/scenes/dataset.ts';
import { planDemo, type DemoSize, type DemoVideo } from '../engine/scenes/demo.ts';
import type { Film } from '../engine/scenes/encoding.ts';
import { filmSketch } from '../engine/scenes/film.ts';
import { planSketch } from '../engine/scenes/sketch.ts';
import type { StreetOptions } from '../engine/scenes/street.ts';
import type { VideoTruth } from '../engine/types.ts';
import { commandJob, runJob } from './jobs.ts';
import { answering } from './outcome.ts';

/** A made video, with its truth beside it. */
export interface MadeVideo extends Omit<DemoVideo, 'scene'> {
  file: File;
  truth: VideoTruth;
}

type Report = (progress: Progress) => void;

const api = {
  plan: (seed: number, size?: DemoSize): DemoVideo[] => planDemo(seed, size),

  async film({ name, part, label, scene }: DemoVideo, id: string, report: Report): Promise<MadeVideo> {
    const film = await runJob(id, report, (job) => filmSketch(scene, job));
    const file = fileOf(name, film);
    return { name: file.name, part, label, file, truth: planSketch(scene).truth };
  },

  /** The videos of a dataset of streets with their truths; nothing is drawn. */
  async planStreets(options: DatasetOptions, seed: number, id: string, report: Report): Promise<TrueVideo[]> {
    const total = options.train + options.test;
    return runJob(id, report, async (job) => {
      const videos: TrueVideo[] = [];
      for (const video of planDataset(options, seed)) {
        videos.push(video);
        job.report({ done: videos.length, total, unit: 'videos' });
        await job.turn();
      }
      return videos;
    });
  },

  /** A street as a file. */
  async filmStreet(
    name: string,
    options: StreetOptions,
    format: 'webm' | 'mp4' | undefined,
    id: string,
    report: Report,
  ): Promise<File> {
    const { encodeStreet } = await import('../engine/scenes/filming.ts'); // brings the renderer along
    return fileOf(name, await runJob(id, report, (job) => encodeStreet(options, job, format)));
  },

  command: commandJob,
};

function fileOf(name: string, { bytes, type }: Film): File {
  return new File([bytes], `${name}.${type === 'video/webm' ? 'webm' : 'mp4'}`, { type });
}

export type SimulateApi = typeof api;

Comlink.expose(answering(api));
