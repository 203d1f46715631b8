/**
 * The walk from a file to its features: decode -> sample by time -> pixels -> backbone -> mean per snippet.
 * Memory stays flat however long the video is: a few open frames, one batch of pictures, one row per snippet.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone, StreamState } from '../backbone/backbone.ts';
import { Failure } from '../failure.ts';
import type { Job } from '../job.ts';
import { Random } from '../random.ts';
import {
  SNIPPET_FRAMES,
  type NumericArray,
  type Provenance,
  type VideoFacts,
  type VideoFeatures,
} from '../types.ts';
import type { OpenVideo } from '../video/container.ts';
import { cropsOf, shareOf, type Crop, type Crops } from '../video/crops.ts';
import { decodeFrames, type DecodedFrame, type FrameChooser } from '../video/decode.ts';
import { drawDisturbance, type Variant } from '../video/disturb.ts';
import { PictureReader } from '../video/pixels.ts';
import { PortablePictures, type PictureLayout, type Pictures, type ShownFrame } from '../video/pictures.ts';
import { TimeGrid } from '../video/sampling.ts';
import { FrameTable, SnippetMeans } from '../video/snippets.ts';

export interface ExtractionOptions {
  /** Frames per second shown to the backbone. */
  framesPerSecond: number;
  /** Pictures in one call of the backbone; rounded up to whole clips for a network that reads clips. */
  batchFrames: number;
  /**
   * Fill the last batch up with its last picture: a graphics device keeps buffers of every size that it has met, and a
   * last batch of each length would have its own.
   */
  fullBatches?: boolean;
  /** Pictures taken from each frame; 1 unless told. */
  crops?: Crops;
  /** Keep the mean feature map of each snippet as well, as exact as half precision allows; of one crop only. */
  maps: boolean;
  /** Show the video otherwise than it is: mirrored, or with noise drawn from the seed. */
  variant?: { kind: Variant; seed: number };
  /** Where pictures are put together, if the device offers something; noise is drawn on portable ones only. */
  pictures?: (layout: PictureLayout) => Pictures | null;
  /** Milliseconds, for the figures of the provenance. */
  now: () => number;
}

/** What features are extracted from: a file, or anything else that has frames. Sizes and turns are as of a file. */
export interface FrameSource {
  facts: VideoFacts;
  flip: boolean;
  /** Size as shown, in square pixels. */
  squareWidth: number;
  squareHeight: number;
  /** Its frames in order, with the pictures that the chooser wants. */
  frames(job: Job, chooser: FrameChooser): AsyncIterable<DecodedFrame>;
}

/** A file that is open. */
export function fileSource(video: OpenVideo): FrameSource {
  const { facts, flip, squareWidth, squareHeight } = video;
  return {
    facts,
    flip,
    squareWidth,
    squareHeight,
    frames: (job, chooser) => decodeFrames(video, job, chooser),
  };
}

/** How the work went; becomes part of the provenance. */
export type ExtractionFigures = Pick<Provenance, 'pixels' | 'sampledFrames' | 'seconds'>;

export type Extraction = Omit<VideoFeatures, 'provenance'> & { figures: ExtractionFigures };

/**
 * @throws Failure when no frame of the video could be decoded, or the job was cancelled. A video that breaks off is
 *   used as far as it goes, with a warning.
 */
export async function extractFeatures(
  source: FrameSource,
  backbone: Backbone,
  options: ExtractionOptions,
  job: Job,
): Promise<Extraction> {
  const started = options.now();
  const table = new FrameTable();
  const grid = new TimeGrid(options.framesPerSecond, backbone.memoryFrames);
  const crops = options.crops ?? 1;
  const reader = new PictureReader();
  const batches = cropsOf(crops).map((crop) => new PictureBatch(source, backbone, options, crop, reader));
  const [batch] = batches;
  const each = async (work: (batch: PictureBatch) => Promise<void>) => {
    for (const one of batches) await work(one);
  };
  const holds: number[] = [];
  const chooser = {
    wants(seconds: number): boolean {
      const held = grid.next(seconds);
      if (held !== null) holds.push(held);
      return held !== null;
    },
    missed: (seconds: number) => grid.skipTo(seconds),
  };
  const progress = new ProgressReporter(source, job, options.now);
  let stopped: Failure | null = null;
  try {
    for await (const frame of source.frames(job, chooser)) {
      table.add(frame.seconds, frame.lost);
      if (frame.lost) await each((one) => one.endStream());
      else if (frame.picture) {
        const held = holds.shift()!;
        await each((one) => one.add(frame as ShownFrame, held));
      }
      progress.report(table.count);
    }
    await each((one) => one.endStream());
  } catch (error) {
    const failure = Failure.from(error);
    // A stall is no property of the file: what was read before it must not be kept as all there is.
    const isReadable = batch.sampled > 0 && failure.code === 'damaged';
    if (isReadable) await each((one) => one.endStream());
    else for (const one of batches) one.abandon();
    if (!isReadable) throw failure;
    stopped = failure;
  } finally {
    for (const one of batches) one.close();
  }
  const snippets = table.snippets();
  const total = (options.now() - started) / 1000;
  const secondsOf = (part: 'pixels' | 'backbone') =>
    batches.reduce((sum, { seconds }) => sum + seconds[part], 0);
  const [pixels, network] = [secondsOf('pixels'), secondsOf('backbone')];
  return {
    features: cropsSideBySide(batches.map(({ vectors }) => vectors.rows(snippets.length))),
    maps: batch.mapRows(snippets.length),
    snippets,
    gaps: table.gaps(),
    frameSeconds: table.seconds(),
    warnings: findWarnings(source, table, stopped),
    figures: {
      pixels: batch.pixelSource,
      sampledFrames: batch.sampled,
      seconds: { decode: Math.max(0, total - pixels - network), pixels, backbone: network, total },
    },
  };
}

/** `[N,D]` each to `[N,P,D]`; one alone stays as it is. */
function cropsSideBySide(crops: NumericArray[]): NumericArray {
  const [{ shape }] = crops;
  if (crops.length === 1) return crops[0];
  const [count, size] = shape;
  const values = new Float32Array(count * crops.length * size);
  crops.forEach((crop, p) => {
    for (let n = 0; n < count; n++) {
      values.set(crop.values.subarray(n * size, (n + 1) * size), (n * crops.length + p) * size);
    }
  });
  return { shape: [count, crops.length, size], values };
}

/** Batches that a device may be at work on while the next one is being filled. */
const UNDER_WAY = 1;

/** A batch whose numbers are not here yet. */
interface Sent {
  /** The file's frame that each picture shows. */
  frames: number[];
  values: Promise<[vectors: Float32Array, maps: Float32Array | null]>;
  tensors: tf.Tensor[];
}

/**
 * Pictures on their way through the backbone, a batch at a time, and the means of what comes out. Where the backbone
 * reads clips, every frame of a clip has the clip's vector, and what is missing of the last clip before a gap or the
 * end is its last picture, repeated.
 */
export class PictureBatch {
  readonly #backbone: Backbone;
  readonly #options: ExtractionOptions;
  readonly #batchFrames: number;
  readonly #pictures: Pictures;
  readonly #maps: SnippetMeans | null;
  readonly vectors: SnippetMeans;
  /** How long the walk was held up by each. */
  readonly seconds = { pixels: 0, backbone: 0 };
  /** The file's frame that each picture of the batch shows. */
  #frames: number[] = [];
  #lastFrame: number | null = null;
  /** Oldest first. */
  #sent: Sent[] = [];
  #state: StreamState | undefined;
  sampled = 0;

  constructor(
    source: Omit<FrameSource, 'facts' | 'frames'> & { facts: Pick<VideoFacts, 'rotationDegrees'> },
    backbone: Backbone,
    options: ExtractionOptions,
    crop: Crop = cropsOf(1)[0],
    reader = new PictureReader(),
  ) {
    this.#backbone = backbone;
    this.#options = options;
    this.#batchFrames = wholeClips(options.batchFrames, backbone);
    const geometry = {
      rotationDegrees: source.facts.rotationDegrees,
      flip: [source.flip, options.variant?.kind === 'flip', crop.mirrored].filter(Boolean).length % 2 === 1,
      aspect: source.squareWidth / source.squareHeight,
      cropShare: shareOf(options.crops ?? 1, backbone.cropShare),
      at: crop.at,
    };
    const layout = { geometry, size: backbone.inputSize, places: this.#batchFrames };
    const onDevice = options.variant?.kind === 'noise' ? null : options.pictures?.(layout);
    this.#pictures = onDevice ?? new PortablePictures(layout, (frame) => this.#disturbanceOf(frame), reader);
    this.vectors = new SnippetMeans(backbone.featureSize);
    this.#maps = options.maps ? new SnippetMeans(backbone.mapSize ** 2 * backbone.featureSize, true) : null;
  }

  get pixelSource(): Provenance['pixels'] {
    return this.#pictures.source;
  }

  /** @param held how often the picture before is shown again first */
  async add(frame: ShownFrame, held: number): Promise<void> {
    for (let i = 0; this.#lastFrame !== null && i < held; i++) {
      this.#pictures.repeat(this.#frames.length);
      await this.#push(this.#lastFrame);
    }
    const started = this.#options.now();
    await this.#pictures.put(frame, this.#frames.length);
    this.seconds.pixels += (this.#options.now() - started) / 1000;
    this.#lastFrame = frame.index;
    await this.#push(frame.index);
  }

  /** Noise lasts for a snippet, whatever frames of it are seen. */
  #disturbanceOf(frame: number) {
    const { variant } = this.#options;
    if (variant?.kind !== 'noise') return null;
    const snippet = Math.floor(frame / SNIPPET_FRAMES);
    return drawDisturbance(new Random(variant.seed).stream('noise', snippet));
  }

  async #push(frame: number): Promise<void> {
    this.#frames.push(frame);
    this.sampled++;
    if (this.#frames.length === this.#batchFrames) await this.#run();
  }

  /** Everything that was added is in the means. */
  async flush(): Promise<void> {
    await this.#run();
    await this.#settle(0);
  }

  /** What comes next does not follow on what was: a gap, or the end. */
  async endStream(): Promise<void> {
    await this.flush();
    this.abandon();
  }

  abandon(): void {
    for (const { tensors } of this.#sent.splice(0)) tf.dispose(tensors);
    tf.dispose(this.#state ?? []);
    this.#state = undefined;
    this.#lastFrame = null;
  }

  close(): void {
    this.#pictures.dispose();
  }

  /** Sends a batch on its way. A device computes while the next pictures are decoded; only a queue is waited for. */
  async #run(): Promise<void> {
    const count = this.#frames.length;
    if (count === 0) return;
    const started = this.#options.now();
    const filled = this.#options.fullBatches ? this.#batchFrames : wholeClips(count, this.#backbone);
    for (let i = count; i < filled; i++) this.#pictures.repeat(i);
    const frames = this.#pictures.take(filled);
    const { vectors, maps, state } = this.#backbone.forward(frames, this.#state);
    this.#state = state;
    const values = Promise.all([
      vectors.data() as Promise<Float32Array>,
      this.#maps ? (maps.data() as Promise<Float32Array>) : null,
    ]);
    values.catch(() => {}); // it is heard when the batch is settled
    this.#sent.push({ frames: this.#frames, values, tensors: [frames, vectors, maps] });
    this.#frames = [];
    this.seconds.backbone += (this.#options.now() - started) / 1000;
    await this.#settle(UNDER_WAY);
  }

  /** Adds what came back to the means, in the order of batches, until no more than `most` are under way. */
  async #settle(most: number): Promise<void> {
    const started = this.#options.now();
    while (this.#sent.length > most) {
      const { frames, values, tensors } = this.#sent.shift()!;
      try {
        const { featureSize, mapSize } = this.#backbone;
        const [vectors, maps] = await values;
        this.#collect(this.vectors, frames, vectors, featureSize);
        if (this.#maps && maps) this.#collect(this.#maps, frames, maps, mapSize ** 2 * featureSize);
      } finally {
        tf.dispose(tensors);
      }
    }
    this.seconds.backbone += (this.#options.now() - started) / 1000;
  }

  #collect(means: SnippetMeans, frames: number[], values: Float32Array, size: number): void {
    frames.forEach((frame, i) => {
      const vector = Math.floor(i / this.#backbone.framesPerVector);
      means.add(frame, values.subarray(vector * size, (vector + 1) * size));
    });
  }

  mapRows(snippets: number) {
    if (!this.#maps) return undefined;
    const { mapSize, featureSize } = this.#backbone;
    return { ...this.#maps.rows(snippets), shape: [snippets, mapSize, mapSize, featureSize] };
  }
}

/** Frames of as many clips as hold `frames`. */
function wholeClips(frames: number, { framesPerVector }: Backbone): number {
  return Math.ceil(frames / framesPerVector) * framesPerVector;
}

/** Reports frames ten times a second, with the total that the container claims until it proves wrong. */
class ProgressReporter {
  readonly #job: Job;
  readonly #now: () => number;
  readonly #expected: number | null;
  readonly #started: number;
  #latest = -Infinity;

  constructor({ facts }: FrameSource, job: Job, now: () => number) {
    const { durationSeconds, framesPerSecond } = facts;
    this.#expected =
      durationSeconds && framesPerSecond ? Math.round(durationSeconds * framesPerSecond) : null;
    this.#job = job;
    this.#now = now;
    this.#started = now();
  }

  report(done: number): void {
    const now = this.#now();
    if (now - this.#latest < 100) return;
    this.#latest = now;
    const total = this.#expected !== null && this.#expected >= done ? this.#expected : null;
    this.#job.report({
      done,
      total,
      unit: 'frames',
      perSecond: (1000 * done) / Math.max(1, now - this.#started),
    });
  }
}

/** Times that differ by more than this share of the claimed length are worth a word. */
const TOLERANCE = 0.05;

function findWarnings({ facts }: FrameSource, table: FrameTable, stopped: Failure | null): string[] {
  const warnings: string[] = [];
  const gaps = table.gaps();
  if (gaps.length > 0) {
    const readable = Math.floor((100 * (table.count - table.lost)) / table.count);
    warnings.push(`Damaged: ${readable} % readable, ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}.`);
  }
  if (stopped) warnings.push(`Reading stopped after ${table.count} frames: ${stopped.what}`);
  const seconds = table.seconds();
  const length = seconds.length > 1 ? seconds[seconds.length - 1] - seconds[0] + seconds[1] - seconds[0] : 0;
  const claimed = facts.durationSeconds === null ? null : facts.durationSeconds - seconds[0];
  if (claimed !== null && length > 0 && Math.abs(claimed - length) > TOLERANCE * claimed + 0.2) {
    const [has, says] = [length.toFixed(1), claimed.toFixed(1)];
    warnings.push(
      `The file claims ${says} s and has ${has} s of frames${length < claimed ? ': it is cut short' : ''}.`,
    );
  }
  if (facts.highDynamicRange) {
    warnings.push(
      'High dynamic range: browsers convert it to 8 bits differently, so features may differ too.',
    );
  }
  return warnings;
}
