/**
 * Files of arrays, read in a worker that is thrown away: after each file that was read by a library that is not ours,
 * after each at which the worker itself failed, and when there is nothing more to read. One that gives no sign is ended; the
 * file is named, and the next is read by another worker.
 */
import { Failure, type FailureCode } from '../engine/failure.ts';
import { compareFiles } from '../engine/features/quality.ts';
import { headOf, isPlainPickle, sniff, type FileKind } from '../engine/formats/sniff.ts';
import type { Progress } from '../engine/job.ts';
import { Port, type JobHandle } from './port.ts';
import readUrl from './read.worker.ts?worker&url';
import type { AxesQuestion, ImportedFiles, ImportResult, ImportWishes, ReadApi } from './read.worker.ts';
import type { Inspection } from '../engine/features/inspection.ts';

export type { AxesQuestion, ImportedVideo, ImportWishes } from './read.worker.ts';
export type { Inspection };

type OnProgress = (progress: Progress) => void;

/** How long a reader may say nothing, in milliseconds. */
const SILENCE = 30_000;
/** How a file is refused by a reader that is well. */
const REFUSALS: readonly FailureCode[] = ['empty-file', 'format-invalid', 'data-mismatch', 'data-missing'];
/** How long a worker waits for another file, in milliseconds. */
const IDLE = 5000;

export class Reading {
  readonly #port: Port<ReadApi>;
  readonly #silence: number;
  /** The file before: they are read one at a time, for the sake of memory. */
  #before: Promise<unknown> = Promise.resolve();
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** @param url and @param silence for tests, of readers that hang */
  constructor(url = readUrl, silence = SILENCE) {
    this.#port = new Port<ReadApi>(url, 'reading');
    this.#silence = silence;
  }

  /** What a file is by its first bytes. */
  async tell(file: Blob): Promise<FileKind> {
    return sniff(await headOf(file));
  }

  /** Whether it may be a pickle of annotations, which no features come as. */
  async isPlainPickle(file: Blob): Promise<boolean> {
    return isPlainPickle(await headOf(file));
  }

  /**
   * What a file is; it is not kept.
   * @param besides files that it may speak of
   */
  inspect(
    file: File,
    besides: readonly File[] = [],
    onProgress: OnProgress = () => {},
  ): JobHandle<Inspection> {
    return this.#run(file, file.name, onProgress, (port, report, options) =>
      port.job(report, (api, id, told) => api.inspect(file, file.name, besides, id, told), options),
    );
  }

  /** Keeps the features of one video, or of all that a file holds; or keeps nothing and asks, where it shall. */
  importFeatures(
    files: ImportedFiles,
    name: string,
    wishes: ImportWishes,
    onProgress: OnProgress = () => {},
  ): JobHandle<ImportResult | { question: AxesQuestion }> {
    const file = (files.tubes ?? files.features ?? files.maps)!;
    return this.#run(file, name, onProgress, (port, report, options) =>
      port.job(report, (api, id, told) => api.importFeatures(files, name, wishes, id, told), options),
    );
  }

  /** Whether a file holds the features of videos, rather than the weights of a network or nothing that is known. */
  async holdsFeatures(file: File): Promise<boolean> {
    return this.#run(
      file,
      file.name,
      () => {},
      (port, report, options) =>
        port.job<boolean>(report, (api, id, told) => api.holdsFeatures(file, file.name, id, told), options),
    ).result.catch(() => false);
  }

  /**
   * What stands out when files are looked at together: sizes that differ, equal numbers.
   * @returns warnings by name
   */
  readonly compare = compareFiles;

  /** Ends the worker; the next file starts another. */
  end(): void {
    clearTimeout(this.#idle);
    this.#port.end();
  }

  #run<T>(
    file: Blob,
    name: string,
    onProgress: OnProgress,
    start: (port: Port<ReadApi>, report: OnProgress, options: object) => JobHandle<T>,
  ): JobHandle<T> {
    let job: JobHandle<T> | null = null;
    let isCancelled = false;
    const work = async (): Promise<T> => {
      clearTimeout(this.#idle);
      let isForeign = false;
      try {
        isForeign = (await this.tell(file)) === 'hdf5';
        if (isCancelled) throw new Failure({ code: 'cancelled', what: 'Cancelled.' });
        job = start(this.#port, onProgress, { isWatched: true, silence: this.#silence });
        return await job.result;
      } catch (error) {
        const failure = Failure.from(
          error,
          'file-unreadable',
          'It cannot be read (moved or changed?).',
        ).about(name);
        // A refusal is a reader's work; anything else may have left it in pieces.
        isForeign ||= !REFUSALS.includes(failure.code);
        throw failure;
      } finally {
        if (isForeign) this.end();
        else this.#idle = setTimeout(() => this.#port.end(), IDLE);
      }
    };
    const result = this.#before.then(work);
    this.#before = result.catch(() => {});
    return {
      result,
      pause: () => job?.pause(),
      resume: () => job?.resume(),
      cancel: () => {
        isCancelled = true;
        job?.cancel();
      },
    };
  }
}
