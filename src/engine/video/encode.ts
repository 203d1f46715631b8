/** Pictures to a video file, with the encoder that the browser has (WebCodecs). */
import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
  type VideoCodec,
} from 'mediabunny';
import { Failure } from '../failure.ts';
import type { Job } from '../job.ts';

export interface Film {
  bytes: Uint8Array<ArrayBuffer>;
  type: 'video/webm' | 'video/mp4';
}

export interface FilmFormat {
  width: number;
  height: number;
  framesPerSecond: number;
  bitsPerSecond: number;
  /** The first that the browser can encode, unless told. */
  format?: 'webm' | 'mp4';
}

export interface FilmOptions extends FilmFormat {
  frames: number;
}

/** Quick encoders first: people wait for them. */
const CODECS: Record<'webm' | 'mp4', VideoCodec[]> = { webm: ['vp8', 'vp9'], mp4: ['avc', 'av1'] };

/** A film that is being written: draw on its canvas, then add what stands there. */
export class FilmWriter {
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly #output: Output<WebMOutputFormat | Mp4OutputFormat, BufferTarget>;
  readonly #source: CanvasSource;

  private constructor(
    context: OffscreenCanvasRenderingContext2D,
    output: Output<WebMOutputFormat | Mp4OutputFormat, BufferTarget>,
    source: CanvasSource,
  ) {
    this.context = context;
    this.#output = output;
    this.#source = source;
  }

  /** @throws Failure `codec-unsupported` where the browser cannot encode video, or not in this format */
  static async open({
    width,
    height,
    framesPerSecond,
    bitsPerSecond,
    format,
  }: FilmFormat): Promise<FilmWriter> {
    const candidates = format ? CODECS[format] : [CODECS.webm[0], ...CODECS.mp4, CODECS.webm[1]];
    const codec = await getFirstEncodableVideoCodec(candidates, { width, height });
    if (!codec) throw notEncodable(format);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
    const isWebm = codec === 'vp8' || codec === 'vp9';
    const output = new Output({
      format: isWebm ? new WebMOutputFormat() : new Mp4OutputFormat(),
      target: new BufferTarget(),
    });
    const source = new CanvasSource(canvas, { codec, bitrate: bitsPerSecond, keyFrameInterval: 2 });
    output.addVideoTrack(source, { frameRate: framesPerSecond });
    await output.start();
    return new FilmWriter(context, output, source);
  }

  /** The picture that stands on the canvas, from `seconds` on. */
  async add(seconds: number, durationSeconds: number): Promise<void> {
    await this.#source.add(seconds, durationSeconds);
  }

  async finish(): Promise<Film> {
    await this.#output.finalize();
    const isWebm = this.#output.format instanceof WebMOutputFormat;
    return {
      bytes: new Uint8Array(this.#output.target.buffer!),
      type: isWebm ? 'video/webm' : 'video/mp4',
    };
  }

  async cancel(): Promise<void> {
    await this.#output.cancel();
  }
}

/**
 * @param draw puts the picture of a frame onto the canvas; asked in order
 * @throws Failure `codec-unsupported` where the browser cannot encode video
 */
export async function encodeFilm(
  { frames, framesPerSecond, ...format }: FilmOptions,
  draw: (context: OffscreenCanvasRenderingContext2D, frame: number) => void | Promise<void>,
  job: Job,
): Promise<Film> {
  const film = await FilmWriter.open({ ...format, framesPerSecond });
  try {
    for (let frame = 0; frame < frames; frame++) {
      await job.turn();
      await draw(film.context, frame);
      await film.add(frame / framesPerSecond, 1 / framesPerSecond);
      job.report({ done: frame + 1, total: frames, unit: 'frames' });
    }
    return await film.finish();
  } catch (error) {
    await film.cancel();
    throw error;
  }
}

function notEncodable(format?: 'webm' | 'mp4'): Failure {
  return new Failure({
    code: 'codec-unsupported',
    what: `This browser cannot encode ${format ? `${format.toUpperCase()} video` : 'video'}, so none can be made.`,
    next: format
      ? 'Leave the format to the browser, or use a current Chrome, Edge, Firefox or Safari.'
      : 'Drop videos of your own, or use a current Chrome, Edge, Firefox or Safari.',
  });
}
