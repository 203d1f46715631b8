/** A worker that trains, as the page talks to it. */
import type { NumericArray } from '../engine/types.ts';
import type { StepOptions } from '../engine/training/step.ts';
import type { Progress } from '../engine/job.ts';
import type { BackendChoice, DeviceReport } from './device.ts';
import { Port, type JobHandle } from './port.ts';
import type { RunRecord, ScoreRecord } from './schema.ts';
import trainUrl from './train.worker.ts?worker&url';
import type { OpenRun, RunSpec, Tick, TrainApi } from './train.worker.ts';

export class Trainer {
  readonly port: Port<TrainApi>;

  /** @param name what it is for; the worker starts with the first call */
  constructor(name: string) {
    this.port = new Port<TrainApi>(trainUrl, name);
  }

  /** The device that it runs on, also where its worker has to be started anew. */
  choose(choice: BackendChoice): void {
    this.port.onStart = (api) => void api.prepare(choice);
  }

  /** Starts the device now. */
  prepare(choice: BackendChoice): Promise<DeviceReport> {
    this.choose(choice);
    return this.port.call((api) => api.prepare(choice));
  }

  create(spec: RunSpec): Promise<OpenRun> {
    return this.port.call((api) => api.create(spec));
  }

  /**
   * Steps until `steps` are done; `cancel` pauses, and the result is then the runs as they stand. Two runs go on side
   * by side.
   */
  play(
    runIds: string[],
    steps: number,
    options: StepOptions,
    onTick: (tick: Tick) => void,
  ): JobHandle<RunRecord[]> {
    return this.port.job<RunRecord[], Tick>(
      onTick,
      (api, id, report) => api.play(runIds, steps, options, id, report),
      { isPatient: true },
    );
  }

  peek(runId: string, featureKey: string): Promise<ScoreRecord | null> {
    return this.port.call((api) => api.peek(runId, featureKey));
  }

  /** @param figure by which the run as it stands is better than at any step before */
  markBest(runId: string, figure: number): Promise<RunRecord> {
    return this.port.call((api) => api.markBest(runId, figure));
  }

  score(
    runId: string,
    featureKeys: string[],
    onProgress: (progress: Progress) => void,
  ): JobHandle<ScoreRecord[]> {
    return this.port.job(onProgress, (api, id, report) => api.score(runId, featureKeys, false, id, report));
  }

  /** Scores by the last step of a run, also where another one counts; they are not stored. */
  scoreLast(runId: string, featureKeys: string[]): JobHandle<ScoreRecord[]> {
    return this.port.job(
      () => {},
      (api, id, report) => api.score(runId, featureKeys, true, id, report),
    );
  }

  /** Scores the noisy variant of videos, which is kept nowhere; null for a video that has none. */
  scoreNoisy(runId: string, featureKeys: string[]): Promise<(ScoreRecord | null)[]> {
    return this.port.call((api) => api.scoreNoisy(runId, featureKeys));
  }

  /** Scores snippets `[N,D]` that are in no store. */
  watch(runId: string, features: NumericArray, backbone: string): Promise<Float32Array> {
    return this.port.call((api) => api.watch(runId, features, backbone));
  }
}
