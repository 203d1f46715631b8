/** What the page asks of segments as points, and of bags that somebody composed. */
import * as Comlink from 'comlink';
import type { Progress } from '../engine/job.ts';
import type { BagWish, WeighedWish } from './composer.ts';
import type { Layout, LayoutMethod } from './layout.ts';
import layoutUrl from './layout.worker.ts?worker&url';
import type { LayoutApi } from './layout.worker.ts';
import { Port, type JobHandle } from './port.ts';
import type { MagnitudeMoment, Represented } from './space.ts';
import type { TrainApi } from './train.worker.ts';

type OnProgress = (progress: Progress) => void;

export class SpaceClient {
  readonly #layout = new Port<LayoutApi>(layoutUrl, 'layout');
  readonly #train: Port<TrainApi>;

  /** @param train what has the heads */
  constructor(train: Port<TrainApi>) {
    this.#train = train;
  }

  /**
   * Features of videos as they came out of the backbone, laid out in two dimensions.
   * @param every how many snippets a point stands for
   */
  layOutFeatures(
    featureKeys: string[],
    every: number,
    method: LayoutMethod,
    onProgress: OnProgress,
  ): JobHandle<Layout> {
    return this.#layout.job(onProgress, (api, id, report) =>
      api.features(featureKeys, every, method, id, report),
    );
  }

  /** What a run's head makes of snippets just before it scores them. */
  represent(
    runId: string,
    featureKeys: string[],
    every: number,
    asItStands: boolean,
    onProgress: OnProgress,
  ): JobHandle<Represented> {
    return this.#train.job(
      onProgress,
      (api, id, report) => api.represent(runId, featureKeys, every, asItStands, id, report),
      { isPatient: true },
    );
  }

  /** Those points laid out; they are given away. */
  layOutPoints(points: Represented, method: LayoutMethod, onProgress: OnProgress): JobHandle<Layout> {
    return this.#layout.job(onProgress, (api, id, report) =>
      api.points(
        Comlink.transfer(points, [
          points.points.values.buffer as ArrayBuffer,
          points.magnitudes.buffer as ArrayBuffer,
        ]),
        method,
        id,
        report,
      ),
    );
  }

  /** How long the features of training bags were at growing steps of a run, as far as this tab has seen it train. */
  magnitudes(runId: string): Promise<MagnitudeMoment[]> {
    return this.#train.call((api) => api.magnitudes(runId));
  }

  /** Forward and loss of a composed bag. */
  weigh(runId: string, wish: BagWish, asItStands: boolean): Promise<WeighedWish> {
    return this.#train.call((api) => api.weigh(runId, wish, asItStands));
  }

  close(): void {
    this.#layout.end();
  }
}
