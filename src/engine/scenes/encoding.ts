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

export interface FilmOptions {
  width: number;
  height: number;
  framesPerSecond: number;
  frames: number;
  bitsPerSecond: number;
  /** The first that the browser can encode, unless told. */
  format?: 'webm' | 'mp4';
}

/** Quick encoders first: people wait for them. */
const CODECS: Record<'webm' | 'mp4', VideoCodec[]> = { webm: ['vp8', 'vp9'], mp4: ['avc', 'av1'] };

/**
 * @param draw puts the picture of a frame onto the canvas; asked in order
 * @throws Failure `codec-unsupported` where the browser cannot encode video
 */
export async function encodeFilm(
  { width, height, framesPerSecond, frames, bitsPerSecond, format }: FilmOptions,
  draw: (context: OffscreenCanvasRenderingContext2D, frame: number) => void | Promise<void>,
  job: Job,
): Promise<Film> {
  const candidates = format ? CODECS[format] : [CODECS.webm[0], ...CODECS.mp4, CODECS.webm[1]];
  const codec = await getFirstEncodableVideoCodec(candidates, { width, height });
  if (!codec) {
    throw new Failure({
      code: 'codec-unsupported',
      what: `This browser cannot encode ${format ? `${format.toUpperCase()} video` : 'video'}, so none can be made.`,
      next: format
        ? 'Leave the format to the browser, or use a current Chrome, Edge, Firefox or Safari.'
        : 'Drop videos of your own, or use a current Chrome, Edge, Firefox or Safari.',
    });
  }
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
  const isWebm = codec === 'vp8' || codec === 'vp9';
  const output = new Output({
    format: isWebm ? new WebMOutputFormat() : new Mp4OutputFormat(),
    target: new BufferTarget(),
  });
  const source = new CanvasSource(canvas, { codec, bitrate: bitsPerSecond, keyFrameInterval: 2 });
  output.addVideoTrack(source, { frameRate: framesPerSecond });
  try {
    await output.start();
    for (let frame = 0; frame < frames; frame++) {
      await job.turn();
      await draw(context, frame);
      await source.add(frame / framesPerSecond, 1 / framesPerSecond);
      job.report({ done: frame + 1, total: frames, unit: 'frames' });
    }
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  }
  return { bytes: new Uint8Array(output.target.buffer!), type: isWebm ? 'video/webm' : 'video/mp4' };
}
