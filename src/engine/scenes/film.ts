/** A drawn scene to a video file, with the encoder that the browser has (WebCodecs). */
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
import { drawSketch } from './drawing.ts';
import { planSketch, SKETCH_HEIGHT, SKETCH_WIDTH, type SketchOptions } from './sketch.ts';

export interface Film {
  bytes: Uint8Array<ArrayBuffer>;
  type: 'video/webm' | 'video/mp4';
}

/** Quick encoders first: the demo waits for them. */
const CODECS: VideoCodec[] = ['vp8', 'avc', 'vp9', 'av1'];
const BITS_PER_SECOND = 600_000;

/** @throws Failure `codec-unsupported` where the browser cannot encode video */
export async function filmSketch(options: SketchOptions, job: Job): Promise<Film> {
  const plan = planSketch(options);
  const size = { width: SKETCH_WIDTH, height: SKETCH_HEIGHT };
  const codec = await getFirstEncodableVideoCodec(CODECS, size);
  if (!codec) {
    throw new Failure({
      code: 'codec-unsupported',
      what: 'This browser cannot encode video, so no demo videos can be made.',
      next: 'Drop videos of your own, or use a current Chrome, Edge, Firefox or Safari.',
    });
  }
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
  const inWebm = codec === 'vp8' || codec === 'vp9';
  const output = new Output({
    format: inWebm ? new WebMOutputFormat() : new Mp4OutputFormat(),
    target: new BufferTarget(),
  });
  const source = new CanvasSource(canvas, { codec, bitrate: BITS_PER_SECOND, keyFrameInterval: 2 });
  output.addVideoTrack(source, { frameRate: plan.framesPerSecond });
  try {
    await output.start();
    for (let frame = 0; frame < plan.frames; frame++) {
      await job.turn();
      drawSketch(context, plan, frame);
      await source.add(frame / plan.framesPerSecond, 1 / plan.framesPerSecond);
      job.report({ done: frame + 1, total: plan.frames, unit: 'frames' });
    }
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  }
  return { bytes: new Uint8Array(output.target.buffer!), type: inWebm ? 'video/webm' : 'video/mp4' };
}
