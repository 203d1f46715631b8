/** Files to features: reads, decodes, looks through the backbone, and stores what comes out. */
import * as Comlink from 'comlink';
import * as tf from '@tensorflow/tfjs-core';
import type { BackboneEntry, LoadedBackbone } from '../engine/backbone/weights.ts';
import { Failure } from '../engine/failure.ts';
import { notesOf, type FeatureNotes } from '../engine/formats/notes.ts';
import { fitsHalf } from '../engine/formats/half.ts';
import { writeNpy } from '../engine/formats/npy.ts';
import {
  extractFeatures,
  fileSource,
  type ExtractionOptions,
  type FrameSource,
} from '../engine/features/extraction.ts';
import type { StreetOptions } from '../engine/scenes/street.ts';
import type { LiveSnippet } from '../engine/features/live.ts';
import type { Progress } from '../engine/job.ts';
import type { VideoFacts, VideoFeatures } from '../engine/types.ts';
import type { Crops } from '../engine/video/crops.ts';
import { checkPixels } from '../engine/video/canary.ts';
import { openVideo } from '../engine/video/container.ts';
import { readStill, readStrip } from '../engine/video/still.ts';
import {
  checkDevice,
  deviceBytes,
  deviceReport,
  isDeviceLoss,
  loseDevice,
  rebuildDevice,
  startDevice,
  type BackendChoice,
  type DeviceReport,
} from './device.ts';
import { packFeatures } from './exports.ts';
import { importVideos, type ImportOptions, type ImportTick, type ImportVideo } from './importing.ts';
import { takeIn, type TakenIn } from './intake.ts';
import { commandJob, runJob } from './jobs.ts';
import { LiveSource } from './live-source.ts';
import { answering } from './outcome.ts';
import { packProject, unpackProject, type PackOptions } from './project-files.ts';
import type { FeatureSummary, ProjectRecord } from './schema.ts';
import { Store } from './store.ts';
import type { Opinion } from '../engine/backbone/classifier.ts';
import { forgetClassifier, nameClasses, opinionsOn } from './opinions.ts';
import { addBackbone, backboneOffers, fetchBackbone, type BackboneOffer } from './backbones.ts';

type Report = (progress: Progress) => void;

export interface ExtractSettings {
  backend: BackendChoice;
  /** A backbone of the manifest, or `auto`. */
  backbone: string;
  /** Frames per second shown to the backbone; 0 for the rate it was made for. */
  framesPerSecond: number;
  /** Pictures taken from each frame; 1 unless told. */
  crops?: Crops;
  /** `gpu`: pixels stay on the graphics device where there is one and its colours agree with what is read off frames. */
  pixels?: 'read' | 'gpu';
  /** Keep the mean feature map of each snippet as well; of one crop only. */
  maps: boolean;
  /** Show the video otherwise than it is; for extraction to files only. */
  variant?: ExtractionOptions['variant'];
  /** Upper bound for wasm threads; for measurements. */
  threads?: number;
}

export interface ExtractRequest extends ExtractSettings {
  /** A file, or a street that is filmed as it is looked at. */
  file: Blob | StreetOptions;
  name: string;
  /** SHA-256 of the file, or of what the street follows from. */
  hash: string;
}

/** The files of one video's features. */
export interface FeatureFiles {
  /** `NAME.npy` */
  array: Uint8Array<ArrayBuffer>;
  /** `NAME.map.npy`, where maps were asked for. */
  maps: Uint8Array<ArrayBuffer> | null;
  /** `NAME.json` */
  notes: FeatureNotes;
}

export interface BackboneReport extends BackboneEntry {
  hash: string;
}

/** Pictures in one call of the backbone: enough to be worth a call, few enough to keep memory small. */
const BATCH_FRAMES = 16;

let loaded: LoadedBackbone | null = null;
/** What was asked for: `auto` may mean another one than was chosen by name before. */
let wish: string | null = null;
let store: Promise<Store> | null = null;

let live: LiveSource | null = null;

const openStore = (): Promise<Store> => (store ??= Store.open());

async function backboneFor(id: string): Promise<LoadedBackbone> {
  if (loaded && (id === wish || loaded.entry.id === id)) return loaded;
  const next = await fetchBackbone(id, await openStore());
  wish = id;
  loaded?.network.dispose();
  return (loaded = next);
}

/** Everything that makes two extractions of one video different. */
function featureKey(
  { hash, crops = 1, maps, pixels }: ExtractRequest,
  backboneHash: string,
  framesPerSecond: number,
): string {
  const parts = [hash, backboneHash, `${framesPerSecond}fps`, maps ? 'maps' : 'vectors'];
  if (crops > 1) parts.push(`${crops}crops`);
  if (pixels === 'gpu') parts.push('gpu');
  return parts.join('/');
}

async function prepare(settings: ExtractSettings): Promise<LoadedBackbone & { framesPerSecond: number }> {
  await startDevice(settings.backend, { threads: settings.threads });
  const backbone = await backboneFor(settings.backbone);
  return { ...backbone, framesPerSecond: settings.framesPerSecond || backbone.entry.input.framesPerSecond };
}

/** Extracts, on a new device if the first is lost on the way: a video is short enough to begin it again. */
async function run(
  request: ExtractRequest,
  id: string,
  report: Report,
): Promise<{ key: string; video: VideoFeatures; facts: VideoFacts }> {
  return runJob(id, report, async (job) => {
    for (let attempt = 0; ; attempt++) {
      const began = generation;
      const { network, hash: backboneHash, entry, framesPerSecond } = await prepare(request);
      const { source, close } = await openSource(request);
      try {
        const pictures = request.pixels === 'gpu' ? await picturesOnDevice() : undefined;
        const options = {
          pictures,
          framesPerSecond,
          batchFrames: BATCH_FRAMES,
          fullBatches: deviceReport().backend === 'webgpu',
          crops: request.crops,
          maps: request.maps,
          variant: request.variant,
          now: () => performance.now(),
        };
        const { figures, ...extraction } = await extractFeatures(source, network, options, job);
        checkDevice();
        refuseSilentZeros(extraction.features.values, request.name);
        const provenance = {
          videoHash: request.hash,
          backbone: entry.id,
          backboneHash,
          framesPerSecond,
          crops: request.crops ?? 1,
          backend: deviceReport().backend,
          ...figures,
        };
        const key = featureKey(request, backboneHash, framesPerSecond);
        return { key, video: { ...extraction, provenance }, facts: source.facts };
      } catch (error) {
        if (attempt > 2 || !(await recover(error, began))) throw Failure.from(error).about(request.name);
      } finally {
        close();
      }
    }
  });
}

async function openSource({ file, name }: ExtractRequest): Promise<{ source: FrameSource; close(): void }> {
  if (file instanceof Blob) {
    const video = await openVideo(file, name);
    return { source: fileSource(video), close: () => video.close() };
  }
  const { streetSource } = await import('../engine/scenes/filming.ts'); // brings the renderer along
  return { source: streetSource(file), close: () => {} };
}

/** Counts devices. */
let generation = 0;
let recovering: Promise<unknown> = Promise.resolve();

/**
 * Sees to another device, if the error came of the loss of one.
 * @param began the generation in which the work began that failed: who comes second finds the new device there
 * @returns whether the work can be done again
 */
async function recover(error: unknown, began: number): Promise<boolean> {
  if (began === generation && !(await isDeviceLoss(error))) return false;
  if (began === generation) {
    generation++;
    forgetClassifier(); // its tensors went with the device, as did the network's
    loaded = null;
    recovering = rebuildDevice();
  }
  await recovering;
  return true;
}

async function closeLive(): Promise<void> {
  const old = live;
  live = null;
  await old?.close();
}

/** Loaded where it is asked for: it is of use with WebGPU alone. */
async function picturesOnDevice() {
  const { gpuPictures } = await import('./kernels/webgpu-pixels.ts');
  return gpuPictures;
}

/** A failing GPU answers with zeros. Features of a picture are never all zero. */
function refuseSilentZeros(values: Float32Array, name: string): void {
  if (values.some((value) => value !== 0) && values.every(Number.isFinite)) return;
  throw new Failure({
    code: 'device-fault',
    subject: name,
    what: 'The backbone gave no sound numbers for it.',
    next: 'Choose the wasm backend, and please report this with the copied diagnostics.',
  });
}

const api = {
  /** Starts the device and the backbone, and says what runs. */
  async prepare(settings: ExtractSettings): Promise<{ device: DeviceReport; backbone: BackboneReport }> {
    const { entry, hash } = await prepare(settings);
    return { device: deviceReport(), backbone: { ...entry, hash } };
  },

  backbones: async (): Promise<BackboneOffer[]> => backboneOffers(await openStore()),

  /** A file of weights of one's own, kept once it is known to be sound. */
  addBackbone: async (file: Blob, name: string): Promise<BackboneOffer> =>
    addBackbone(file, name, await openStore()),

  /** What the classes of a backbone of one's own are called, a line each. */
  nameClasses: async (id: string, file: Blob, name: string): Promise<void> =>
    nameClasses(id, file, name, await openStore()),

  /** What the backbone would call each snippet of a video; null where it has no words. */
  async opinions(featureKey: string, settings: ExtractSettings): Promise<Opinion[][] | null> {
    for (let attempt = 0; ; attempt++) {
      const began = generation;
      try {
        await startDevice(settings.backend, { threads: settings.threads });
        return await opinionsOn(featureKey, await openStore());
      } catch (error) {
        if (attempt > 2 || !(await recover(error, began))) throw error;
      }
    }
  },

  /** What a file is, its hash, and a copy of it if it is small enough; or a refusal by name and reason. */
  async inspect(
    file: Blob,
    name: string,
    id: string,
    report: Report,
  ): Promise<TakenIn & { facts: VideoFacts }> {
    const video = await openVideo(file, name);
    video.close();
    const taken = await runJob(id, report, (job) => takeIn(file, job));
    return { ...taken, facts: video.facts };
  },

  /** Extracts and stores; what was extracted before the same way is found again. */
  async extract(request: ExtractRequest, id: string, report: Report): Promise<FeatureSummary> {
    const { hash: backboneHash, framesPerSecond } = await prepare(request);
    const key = featureKey(request, backboneHash, framesPerSecond);
    const open = await openStore();
    const summary = await navigator.locks.request(`weaklens-features-${key}`, async () => {
      const known = await open.featureSummary(key);
      if (known) return known;
      const { video } = await run(request, id, report);
      return open.putFeatures(key, video, Date.now());
    });
    return summary;
  },

  /** Extracts to files, without storing: for the command line, whose browser forgets everything anyway. */
  async extractFiles(request: ExtractRequest, id: string, report: Report): Promise<FeatureFiles> {
    const { video, facts } = await run(request, id, report);
    return {
      array: writeNpy(video.features),
      maps: video.maps ? writeNpy(video.maps, fitsHalf(video.maps.values) ? 'float16' : 'float32') : null,
      notes: notesOf(request.name, facts.framesPerSecond, video),
    };
  },

  /** Features of a dataset, stored one after the other; the page is told of each. */
  importVideos: (
    videos: readonly ImportVideo[],
    options: ImportOptions,
    id: string,
    tell: (tick: ImportTick) => void,
  ): Promise<void> =>
    runJob(id, tell as never, async (job) => importVideos(videos, options, await openStore(), job, tell)),

  /** A project as a file. */
  async packProject(projectId: string, options: PackOptions): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await packProject(await openStore(), projectId, options);
    return Comlink.transfer(bytes, [bytes.buffer]);
  },

  /** Features as files of arrays, in a zip. */
  async packFeatures(videos: Parameters<typeof packFeatures>[1]): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await packFeatures(await openStore(), videos);
    return Comlink.transfer(bytes, [bytes.buffer]);
  },

  /** A file as a project. */
  async unpackProject(
    file: Blob,
    name: string,
    mark: Partial<ProjectRecord>,
    id: string,
    report: Report,
  ): Promise<ProjectRecord> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return runJob(id, report, async (job) => unpackProject(await openStore(), bytes, name, job, mark));
  },

  /** The frame on screen at a time, for files that a `<video>` element does not play. */
  still: (file: Blob, name: string, seconds: number): Promise<ImageBitmap> => readStill(file, name, seconds),

  /** Small pictures of several moments. */
  async strip(file: Blob, name: string, times: readonly number[], width: number): Promise<ImageBitmap[]> {
    const pictures = await readStrip(file, name, times, width);
    return Comlink.transfer(pictures, pictures);
  },

  /**
   * From now on frames are expected; the source before is let go of.
   * @throws Failure `data-mismatch` for a backbone that reads clips
   */
  async openLive(settings: ExtractSettings): Promise<{ device: DeviceReport; backbone: BackboneReport }> {
    await closeLive();
    const source = (live = new LiveSource({
      async look() {
        const began = generation;
        await startDevice(settings.backend, { threads: settings.threads });
        const backbone = await fetchBackbone(settings.backbone, await openStore());
        const framesPerSecond = settings.framesPerSecond || backbone.entry.input.framesPerSecond;
        return { backbone, framesPerSecond, generation: began };
      },
      check: checkDevice,
      recover,
    }));
    const { entry, hash } = await source.backbone();
    return { device: deviceReport(), backbone: { ...entry, hash } };
  },

  /**
   * The next frame of the live source.
   * @param picture null for one whose picture was dropped
   * @returns the snippet that it completes
   * @throws Failure `worker-died` where no source is open, as in a worker that took the place of another
   */
  async liveFrame(picture: VideoFrame | null, seconds: number): Promise<LiveSnippet | null> {
    if (live) return live.frame(picture, seconds);
    picture?.close();
    throw new Failure({
      code: 'worker-died',
      what: 'The extraction worker stopped, and what was being watched with it.',
      kept: 'What was saved is still there.',
      next: 'Open the camera again.',
    });
  },

  closeLive,

  /** Whether pixels read here are those of the picture. */
  checkPixels,

  command: commandJob,

  memory: () => ({ ...tf.memory(), deviceBytes: deviceBytes() }),

  /** For tests of recovery. */
  loseDevice,
};

export type ExtractApi = typeof api;

Comlink.expose(answering(api));
