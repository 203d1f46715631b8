/** A drawn sketch to a video file. */
import type { Job } from '../job.ts';
import { encodeFilm, type Film } from '../video/encode.ts';
import { drawSketch } from './drawing.ts';
import { planSketch, SKETCH_HEIGHT, SKETCH_WIDTH, type SketchOptions } from './sketch.ts';

const BITS_PER_SECOND = 600_000;

/** @throws Failure `codec-unsupported` where the browser cannot encode video */
export function filmSketch(options: SketchOptions, job: Job): Promise<Film> {
  const plan = planSketch(options);
  const { frames, framesPerSecond } = plan;
  const size = { width: SKETCH_WIDTH, height: SKETCH_HEIGHT };
  return encodeFilm(
    { ...size, frames, framesPerSecond, bitsPerSecond: BITS_PER_SECOND },
    (context, frame) => drawSketch(context, plan, frame),
    job,
  );
}
