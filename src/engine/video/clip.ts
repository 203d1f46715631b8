/**
 * A stretch of a video as a file of its own: for whoever has to show an alarm to somebody else. Frames keep their
 * times; sound and whatever else the file says is left behind. The picture may be blurred so far that nobody can be
 * told in it.
 */
import { Failure } from '../failure.ts';
import type { Job } from '../job.ts';
import type { VideoFacts } from '../types.ts';
import { openVideo, parserFailure, type OpenVideo } from './container.ts';
import { decodeFrames } from './decode.ts';
import { FilmWriter, type Film } from './encode.ts';

/** What is cut out of a video. */
export interface Cut {
  /** When its first frame is shown. */
  startSeconds: number;
  /** When its last frame leaves the screen. */
  endSeconds: number;
  isBlurred: boolean;
}

/**
 * Rows (of the short side) that a blurred picture is made of: a face a third as high as the picture has six of them, and
 * the blur cannot be undone, since the rest is never written.
 */
const BLUR_ROWS = 18;

/** Longest side of a clip; what is larger is made smaller. */
const LONGEST_SIDE = 1920;

/** Times are compared with half a millisecond to spare: containers round them. */
const SLACK = 5e-4;

/**
 * @param name what the video's owner calls it
 * @throws Failure `no-frames` when nothing is shown in that stretch, `codec-unsupported` where nothing can be encoded,
 *   and what reading a video throws
 */
export async function cutClip(file: Blob, name: string, cut: Cut, job: Job): Promise<Film> {
  const video = await openVideo(file, name);
  try {
    return await encodeCut(video, cut, job);
  } catch (error) {
    throw parserFailure(error, name);
  } finally {
    video.close();
  }
}

async function encodeCut(video: OpenVideo, { startSeconds, endSeconds, isBlurred }: Cut, job: Job) {
  const size = clipSize(video.facts);
  const framesPerSecond = Math.min(video.facts.framesPerSecond ?? 25, 120);
  const bitsPerSecond = Math.min(Math.max(0.15 * size.width * size.height * framesPerSecond, 3e5), 12e6);
  const film = await FilmWriter.open({ ...size, framesPerSecond, bitsPerSecond: Math.round(bitsPerSecond) });
  const painter = new Painter(film.context, video, isBlurred ? BLUR_ROWS : null);
  const isInside = (seconds: number) => seconds >= startSeconds - SLACK && seconds < endSeconds - SLACK;
  /** When the picture on the canvas is shown; it is added once it is known until when. */
  let shownAt: number | null = null;
  const add = async (until: number) => {
    if (shownAt !== null) await film.add(Math.max(0, shownAt - startSeconds), until - shownAt);
  };
  const total = endSeconds - startSeconds;
  try {
    const chooser = { wants: isInside, missed: () => {} };
    for await (const { seconds, picture } of decodeFrames(video, job, chooser, startSeconds)) {
      if (seconds >= endSeconds - SLACK) break;
      job.report({ done: Math.max(0, seconds - startSeconds), total, unit: 'seconds' });
      if (!picture) continue; // before the stretch, or lost: the picture before it stays
      await add(seconds);
      painter.draw(picture);
      shownAt = seconds;
    }
    if (shownAt === null) throw nothingShown(video.name, startSeconds);
    await add(endSeconds);
    job.report({ done: total, total, unit: 'seconds' });
    return await film.finish();
  } catch (error) {
    await film.cancel();
    throw error;
  }
}

/** As shown, no larger than a screen, with sides that every encoder takes. */
function clipSize({ width, height }: VideoFacts): { width: number; height: number } {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const even = (side: number) => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}

/** Draws decoded pictures as they are to be shown, upright and in square pixels. */
class Painter {
  readonly #target: OffscreenCanvasRenderingContext2D;
  readonly #video: OpenVideo;
  /** The few pixels that a blurred picture is made of. */
  readonly #small: OffscreenCanvasRenderingContext2D | null;

  /** @param rows of the short side that are left of a picture; null for all */
  constructor(target: OffscreenCanvasRenderingContext2D, video: OpenVideo, rows: number | null) {
    this.#target = target;
    this.#video = video;
    const { width, height } = target.canvas;
    const scale = rows === null ? 1 : Math.min(1, rows / Math.min(width, height));
    const side = (length: number) => Math.max(1, Math.round(length * scale));
    this.#small = rows === null ? null : new OffscreenCanvas(side(width), side(height)).getContext('2d')!;
  }

  draw(picture: VideoFrame): void {
    if (!this.#small) return this.#upright(this.#target, picture);
    this.#upright(this.#small, picture);
    const { width, height } = this.#target.canvas;
    this.#target.imageSmoothingQuality = 'high';
    this.#target.drawImage(this.#small.canvas, 0, 0, width, height);
  }

  #upright(context: OffscreenCanvasRenderingContext2D, picture: VideoFrame): void {
    const { width, height } = context.canvas;
    const { facts, flip } = this.#video;
    const isTurned = facts.rotationDegrees % 180 !== 0;
    const [across, down] = isTurned ? [height, width] : [width, height];
    context.save();
    context.imageSmoothingQuality = 'high';
    context.translate(width / 2, height / 2);
    if (flip) context.scale(-1, 1); // mirrored after it is turned
    context.rotate((facts.rotationDegrees * Math.PI) / 180);
    context.drawImage(picture, -across / 2, -down / 2, across, down);
    context.restore();
  }
}

function nothingShown(name: string, seconds: number): Failure {
  return new Failure({
    code: 'no-frames',
    subject: name,
    what: `No frame could be decoded from ${seconds.toFixed(1)} s on.`,
    next: 'The file may be damaged there: choose another stretch.',
  });
}
