/** What the page asks of the worker that draws streets and writes videos. */
import * as Comlink from 'comlink';
import type { Progress } from '../engine/job.ts';
import type { DatasetOptions, TrueVideo } from '../engine/scenes/dataset.ts';
import type { DemoSize, DemoVideo } from '../engine/scenes/demo.ts';
import type { FilmWishes } from '../engine/scenes/filming.ts';
import type { StreetOptions } from '../engine/scenes/street.ts';
import type { Cut } from '../engine/video/clip.ts';
import { Port, type JobHandle } from './port.ts';
import simulateUrl from './simulate.worker.ts?worker&url';
import type { MadeVideo, SimulateApi, StreetChoice, StreetMoment } from './simulate.worker.ts';

type OnProgress = (progress: Progress) => void;

export class FilmingClient {
  readonly #port = new Port<SimulateApi>(simulateUrl, 'simulation');

  planDemo(seed: number, size?: DemoSize): Promise<DemoVideo[]> {
    return this.#port.call((api) => api.plan(seed, size));
  }

  film(video: DemoVideo, onProgress: OnProgress): JobHandle<MadeVideo> {
    return this.#port.job(onProgress, (api, id, report) => api.film(video, id, report), {
      isWatched: true,
    });
  }

  /** The videos of a dataset of streets, each with its truth beside it. */
  planStreets(options: DatasetOptions, seed: number, onProgress: OnProgress): JobHandle<TrueVideo[]> {
    return this.#port.job(onProgress, (api, id, report) => api.planStreets(options, seed, id, report), {
      isWatched: true,
    });
  }

  streetChoices(): Promise<StreetChoice[]> {
    return this.#port.call((api) => api.streetChoices());
  }

  /** Watches a street until it is left; resolves then. */
  watchStreet(options: StreetOptions, onMoment: (moment: StreetMoment) => void): Promise<void> {
    return this.#port.call((api) => api.watchStreet(options, Comlink.proxy(onMoment) as never));
  }

  /** Sets an event off in the street that is watched. */
  trigger(name: StreetChoice['events'][number]['class'], seconds: number): Promise<void> {
    return this.#port.call((api) => api.trigger(name, seconds));
  }

  leaveStreet(): Promise<void> {
    return this.#port.call((api) => api.leaveStreet());
  }

  /** A street as a file. */
  filmStreet(
    name: string,
    options: StreetOptions,
    wishes: FilmWishes,
    onProgress: OnProgress,
  ): JobHandle<File> {
    return this.#port.job(
      onProgress,
      (api, id, report) => api.filmStreet(name, options, wishes, id, report),
      { isWatched: true },
    );
  }

  /**
   * A stretch of a video as a file of its own.
   * @param clipName without an ending: which one it gets is for the encoder to say
   */
  cutClip(file: Blob, name: string, cut: Cut, clipName: string, onProgress: OnProgress): JobHandle<File> {
    return this.#port.job(
      onProgress,
      (api, id, report) => api.cutClip(file, name, cut, clipName, id, report),
      { isWatched: true },
    );
  }

  close(): void {
    this.#port.end();
  }
}
