/** Makes videos: where none may be shipped, and clips of those that are here. */
import * as Comlink from 'comlink';
import type { Progress } from '../engine/job.ts';
import { planSteps, type DatasetOptions, type TrueVideo } from '../engine/scenes/dataset.ts';
import { planDemo, type DemoSize, type DemoVideo } from '../engine/scenes/demo.ts';
import { cutClip, type Cut } from '../engine/video/clip.ts';
import type { Film } from '../engine/video/encode.ts';
import { filmSketch } from '../engine/scenes/film.ts';
import { planSketch } from '../engine/scenes/sketch.ts';
import { eventsOf } from '../engine/scenes/events/catalogue.ts';
import type { EventClass } from '../engine/scenes/events/event.ts';
import type { Filming, FilmWishes } from '../engine/scenes/filming.ts';
import { STREET_RATE, type StreetOptions } from '../engine/scenes/street.ts';
import { makeWorld, WORLD_IDS } from '../engine/scenes/worlds/catalogue.ts';
import type { WorldId } from '../engine/scenes/worlds/world.ts';
import { Random } from '../engine/random.ts';
import type { VideoTruth } from '../engine/types.ts';
import { commandJob, runJob } from './jobs.ts';
import { answering } from './outcome.ts';

/** A made video, with its truth beside it. */
export interface MadeVideo extends Omit<DemoVideo, 'scene'> {
  file: File;
  truth: VideoTruth;
}

/** A world to choose, and what may happen in it. */
export interface StreetChoice {
  id: WorldId;
  title: string;
  events: { class: EventClass; does: string }[];
}

/** A moment of a street that is watched. */
export interface StreetMoment {
  picture: ImageBitmap;
  seconds: number;
  /** What is wrong at the moment; to be shown to whoever asks for the truth, and to nobody else. */
  showing: EventClass[];
}

type Report = (progress: Progress) => void;

/** The street that is watched. */
let watched: Filming | null = null;
/** How many have been asked for or let go of: one that is let go of while its renderer is fetched must not begin. */
let turns = 0;

function leave(): void {
  turns++;
  watched?.close();
  watched = null;
}

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
      for (const video of planSteps(options, seed)) {
        if (video) videos.push(video);
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
    wishes: FilmWishes,
    id: string,
    report: Report,
  ): Promise<File> {
    const { encodeStreet } = await import('../engine/scenes/filming.ts'); // brings the renderer along
    return fileOf(name, await runJob(id, report, (job) => encodeStreet(options, job, wishes)));
  },

  /** A stretch of a video as a file of its own. */
  async cutClip(
    file: Blob,
    name: string,
    cut: Cut,
    clipName: string,
    id: string,
    report: Report,
  ): Promise<File> {
    return fileOf(clipName, await runJob(id, report, (job) => cutClip(file, name, cut, job)));
  },

  /** What a street may be, and what may happen in it. */
  streetChoices: (): StreetChoice[] =>
    WORLD_IDS.map((id) => ({
      id,
      title: makeWorld(id, new Random(0)).title,
      events: eventsOf(id).map(({ class: name, does }) => ({ class: name, does })),
    })),

  /**
   * Goes on with a street, in its own time where the device is quick enough, until it is let go of or another is begun.
   * @param onMoment receives every frame; the next one is not drawn before it returns
   */
  async watchStreet(
    options: StreetOptions,
    onMoment: (moment: StreetMoment) => Promise<void>,
  ): Promise<void> {
    leave();
    const turn = turns;
    try {
      const { Filming } = await import('../engine/scenes/filming.ts'); // brings the renderer along
      if (turn !== turns) return;
      const filming = (watched = new Filming(options));
      let due = performance.now();
      while (turn === turns) {
        filming.street.advance();
        const picture = await filming.picture();
        const { seconds, running } = filming.street;
        const shown = running.filter(({ isShowing }) => isShowing).map((event) => event.class);
        if (turn !== turns) return picture.close();
        await onMoment(Comlink.transfer({ picture, seconds, showing: [...new Set(shown)] }, [picture]));
        due = Math.max(due + 1000 / STREET_RATE, performance.now());
        await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      }
    } catch (error) {
      if (turn !== turns) return; // it was taken away from under its own picture
      leave();
      throw error;
    } finally {
      (onMoment as Partial<Comlink.ProxyMethods>)[Comlink.releaseProxy]?.();
    }
  },

  /** Sets an event off in the street that is watched, as soon as there is a moment for it. */
  trigger(name: EventClass, seconds: number): void {
    watched?.street.trigger(name, seconds);
  },

  leaveStreet: leave,

  command: commandJob,
};

function fileOf(name: string, { bytes, type }: Film): File {
  return new File([bytes], `${name}.${type === 'video/webm' ? 'webm' : 'mp4'}`, { type });
}

export type SimulateApi = typeof api;

Comlink.expose(answering(api));
