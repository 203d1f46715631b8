import { BufferTarget, CanvasSource, Output, WebMOutputFormat } from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { quietJob, type Job } from '../../src/engine/job.ts';
import { cutClip } from '../../src/engine/video/clip.ts';
import { openVideo } from '../../src/engine/video/container.ts';
import { decodeFrames } from '../../src/engine/video/decode.ts';
import { encodeFilm } from '../../src/engine/video/encode.ts';
import { readStill } from '../../src/engine/video/still.ts';

const size = { width: 320, height: 240 };
const RATE = 10;

/** Six seconds; every frame is as bright as its number says, under a pattern of fine squares. */
async function filmed(format: 'webm' | 'mp4'): Promise<Blob> {
  const options = { ...size, framesPerSecond: RATE, frames: 60, bitsPerSecond: 4_000_000, format };
  const film = await encodeFilm(
    options,
    (context, frame) => {
      context.fillStyle = grey(60 + 2 * frame);
      context.fillRect(0, 0, size.width, size.height);
      context.fillStyle = grey(100 + 2 * frame);
      for (let y = 0; y < size.height; y += 8)
        for (let x = y % 16; x < size.width; x += 16) context.fillRect(x, y, 8, 8);
    },
    quietJob,
  );
  return new Blob([film.bytes], { type: film.type });
}

const grey = (level: number) => `rgb(${level} ${level} ${level})`;

/** Times, mean brightness and detail (the mean step from a pixel to its neighbour) of every frame. */
async function look(file: Blob) {
  const video = await openVideo(file, 'clip');
  const frames: { seconds: number; mean: number; detail: number }[] = [];
  try {
    const chooser = { wants: () => true, missed: () => {} };
    for await (const { seconds, picture } of decodeFrames(video, quietJob, chooser)) {
      const context = new OffscreenCanvas(size.width, size.height).getContext('2d')!;
      context.drawImage(picture!, 0, 0);
      const { data } = context.getImageData(0, 0, size.width, size.height);
      let [sum, steps] = [0, 0];
      for (let i = 4; i < data.length; i += 4) {
        sum += data[i];
        steps += Math.abs(data[i] - data[i - 4]);
      }
      frames.push({ seconds, mean: (4 * sum) / data.length, detail: (4 * steps) / data.length });
    }
    return { frames, durationSeconds: video.facts.durationSeconds };
  } finally {
    video.close();
  }
}

describe.each(['webm', 'mp4'] as const)('%s', (format) => {
  test('a clip holds the frames of its stretch, and their times', async ({ skip }) => {
    const file = await filmed(format).catch(() => skip(`this browser encodes no ${format}`));
    // From frame 33 to 47, well behind a key frame.
    const cut = { startSeconds: 3.3, endSeconds: 4.8, isBlurred: false };
    const film = await cutClip(file, 'street', cut, quietJob);
    const { frames, durationSeconds } = await look(new Blob([film.bytes]));
    expect(frames).toHaveLength(15);
    frames.forEach(({ seconds, mean }, i) => {
      expect(seconds).toBeCloseTo(i / RATE, 2);
      expect(Math.abs(mean - (80 + 2 * (33 + i)))).toBeLessThan(4);
    });
    expect(durationSeconds).toBeCloseTo(1.5, 1);
  });
});

test('a blurred clip has the same frames and hardly any detail', async () => {
  const file = await filmed('webm');
  const cut = { startSeconds: 1, endSeconds: 2, isBlurred: false };
  const sharp = await look(new Blob([(await cutClip(file, 'street', cut, quietJob)).bytes]));
  const blurred = await cutClip(file, 'street', { ...cut, isBlurred: true }, quietJob);
  const soft = await look(new Blob([blurred.bytes]));
  expect(soft.frames).toHaveLength(10);
  soft.frames.forEach(({ mean, detail }, i) => {
    expect(Math.abs(mean - sharp.frames[i].mean)).toBeLessThan(5);
    expect(sharp.frames[i].detail).toBeGreaterThan(4); // squares of 8 pixels, 40 levels apart
    expect(detail).toBeLessThan(sharp.frames[i].detail / 8);
  });
});

test('a picture that is stored on its side stands upright in the clip', async () => {
  const canvas = new OffscreenCanvas(64, 32);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'white';
  context.fillRect(0, 0, 32, 32); // the left half: after a quarter turn clockwise, the upper one
  const output = new Output({ format: new WebMOutputFormat(), target: new BufferTarget() });
  const source = new CanvasSource(canvas, { codec: 'vp8', bitrate: 500_000 });
  output.addVideoTrack(source, { rotation: 90, frameRate: 10 });
  await output.start();
  for (let frame = 0; frame < 10; frame++) await source.add(frame / 10, 1 / 10);
  await output.finalize();
  const cut = { startSeconds: 0, endSeconds: 1, isBlurred: false };
  const film = await cutClip(new Blob([output.target.buffer!]), 'turned', cut, quietJob);
  const still = await readStill(new Blob([film.bytes]), 'clip', 0);
  expect([still.width, still.height]).toEqual([32, 64]);
  const picture = new OffscreenCanvas(32, 64).getContext('2d')!;
  picture.drawImage(still, 0, 0);
  const [above, below] = [16, 48].map((y) => picture.getImageData(16, y, 1, 1).data[0]);
  expect(above).toBeGreaterThan(200);
  expect(below).toBeLessThan(50);
});

test('it can be ended, and says how far it is', async () => {
  const file = await filmed('webm');
  const stop = new AbortController();
  const done: number[] = [];
  const job: Job = {
    ...quietJob,
    signal: stop.signal,
    turn: async () => stop.signal.throwIfAborted(),
    report: (progress) => {
      done.push(progress.done);
      if (progress.done > 1) stop.abort();
    },
  };
  const cut = { startSeconds: 0, endSeconds: 6, isBlurred: false };
  await expect(cutClip(file, 'street', cut, job)).rejects.toMatchObject({ code: 'cancelled' });
  expect(done.at(-1)).toBeCloseTo(1.1, 2);
  expect(done).toEqual([...done].sort((a, b) => a - b));
});

test('nothing to be seen is said to be so', async () => {
  const file = await filmed('webm');
  const cut = { startSeconds: 60, endSeconds: 61, isBlurred: false };
  await expect(cutClip(file, 'street', cut, quietJob)).rejects.toMatchObject({
    code: 'no-frames',
    subject: 'street',
  });
});
