/** Single frames of a file as pictures, turned as they are to be shown. */
import { CanvasSink, VideoSampleSink } from 'mediabunny';
import { Failure } from '../failure.ts';
import { openVideo, parserFailure } from './container.ts';

/** The frame on screen at a time. */
export async function readStill(file: Blob, name: string, seconds: number): Promise<ImageBitmap> {
  const video = await openVideo(file, name);
  try {
    const sample = await new VideoSampleSink(video.track).getSample(seconds);
    if (!sample)
      throw new Failure({ code: 'no-frames', subject: name, what: `There is no frame at ${seconds} s.` });
    const canvas = new OffscreenCanvas(sample.displayWidth, sample.displayHeight);
    sample.draw(canvas.getContext('2d')!, 0, 0, canvas.width, canvas.height);
    sample.close();
    return canvas.transferToImageBitmap();
  } catch (error) {
    throw parserFailure(error, name);
  } finally {
    video.close();
  }
}

/** The frames on screen at several times, in their order, each `width` pixels wide; those that are missing are left out. */
export async function readStrip(
  file: Blob,
  name: string,
  times: readonly number[],
  width: number,
): Promise<ImageBitmap[]> {
  const video = await openVideo(file, name);
  try {
    const pictures: ImageBitmap[] = [];
    for await (const frame of new CanvasSink(video.track, { width }).canvasesAtTimestamps(times))
      if (frame) pictures.push(await createImageBitmap(frame.canvas));
    return pictures;
  } catch (error) {
    throw parserFailure(error, name);
  } finally {
    video.close();
  }
}
