/**
 * A street before its camera: frames with their pictures, one after the other, for the backbone or for a file. Every
 * picture has been through the camera's own compression (JPEG), as a surveillance camera gives it.
 */
import { Failure } from '../failure.ts';
import type { FrameSource } from '../features/extraction.ts';
import type { Job } from '../job.ts';
import type { VideoFacts } from '../types.ts';
import { encodeFilm, type Film } from '../video/encode.ts';
import type { DecodedFrame, FrameChooser } from '../video/decode.ts';
import { framesOf } from './dataset.ts';
import { StreetDrawing } from './drawing/street-drawing.ts';
import { Street, STREET_RATE, STREET_SIZE, type StreetOptions } from './street.ts';

/** A street, and the picture of the moment it is at. */
export class Filming {
  readonly street: Street;
  readonly #canvas: OffscreenCanvas;
  readonly #drawing: StreetDrawing;

  /** @throws Failure `device-unavailable` where the browser has no WebGL */
  constructor(options: StreetOptions) {
    this.street = new Street(options);
    const { width, height } = this.street.camera.size;
    this.#canvas = new OffscreenCanvas(width, height);
    try {
      this.#drawing = new StreetDrawing(this.#canvas, this.street);
    } catch (error) {
      throw this.#canvas.getContext('webgl2') ? error : undrawable(error);
    }
  }

  /**
   * The picture of the present moment; to be closed by the caller.
   * @throws Failure `device-lost` rather than give a picture with nothing in it
   */
  async picture(): Promise<ImageBitmap> {
    this.#drawing.draw(this.street);
    const { quality } = this.street.conditions;
    const file = await this.#canvas.convertToBlob({ type: 'image/jpeg', quality }).catch((error: unknown) => {
      throw this.#drawing.isLost ? lost(error) : error;
    });
    if (this.#drawing.isLost) throw lost();
    return createImageBitmap(file);
  }

  /** Lets go of the renderer. */
  close(): void {
    this.#drawing.dispose();
  }
}

function undrawable(error: unknown): Failure {
  return new Failure({
    code: 'device-unavailable',
    what: 'This browser has no WebGL, without which no street can be drawn.',
    next: 'Switch hardware acceleration on, or use a current Chrome, Edge, Firefox or Safari.',
    detail: String(error),
  });
}

function lost(error?: unknown): Failure {
  return new Failure({
    code: 'device-lost',
    what: 'The graphics device that draws the street was reset.',
    next: 'Try again.',
    detail: error === undefined ? undefined : String(error),
  });
}

/** A street as something that features are extracted from: no video is encoded, and only what is wanted is drawn. */
export function streetSource(options: StreetOptions): FrameSource {
  const { width, height } = STREET_SIZE;
  const facts: VideoFacts = {
    container: 'street',
    codec: 'none',
    width,
    height,
    rotationDegrees: 0,
    durationSeconds: options.seconds,
    framesPerSecond: STREET_RATE,
    highDynamicRange: false,
  };
  const size = { squareWidth: width, squareHeight: height };
  return { facts, flip: false, ...size, frames: (job, chooser) => filmStreet(options, job, chooser) };
}

/** All frames of a street; those that nobody wants are only lived through, which takes next to no time. */
async function* filmStreet(
  options: StreetOptions,
  job: Job,
  chooser: FrameChooser,
): AsyncGenerator<DecodedFrame, void, void> {
  const filming = new Filming(options);
  try {
    for (let index = 0; index < framesOf(options); index++) {
      await job.turn();
      job.signal.throwIfAborted();
      filming.street.advance();
      const seconds = index / STREET_RATE;
      const picture = chooser.wants(seconds) ? await videoFrame(filming, seconds) : null;
      try {
        yield { index, seconds, picture, lost: false };
      } finally {
        picture?.close();
      }
    }
  } finally {
    filming.close();
  }
}

async function videoFrame(filming: Filming, seconds: number): Promise<VideoFrame> {
  const bitmap = await filming.picture();
  const frame = new VideoFrame(bitmap, { timestamp: Math.round(seconds * 1e6) });
  bitmap.close();
  return frame;
}

const BITS_PER_SECOND = 700_000;

/** How a street is to be encoded, where it matters. */
export interface FilmWishes {
  /** The first that the browser can encode, unless told. */
  format?: 'webm' | 'mp4';
  bitsPerSecond?: number;
}

/**
 * A street as a video file.
 * @throws Failure `codec-unsupported` where the browser cannot encode video, or not in this format
 */
export async function encodeStreet(
  options: StreetOptions,
  job: Job,
  { format, bitsPerSecond = BITS_PER_SECOND }: FilmWishes = {},
): Promise<Film> {
  const filming = new Filming(options);
  try {
    const size = filming.street.camera.size;
    const film = {
      ...size,
      framesPerSecond: STREET_RATE,
      frames: framesOf(options),
      bitsPerSecond,
      format,
    };
    return await encodeFilm(
      film,
      async (context) => {
        filming.street.advance();
        const picture = await filming.picture();
        context.drawImage(picture, 0, 0);
        picture.close();
      },
      job,
    );
  } finally {
    filming.close();
  }
}
