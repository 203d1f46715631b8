/** The decoder on videos of our own making, whose every frame is known. */
import {
  BufferSource,
  BufferTarget,
  CanvasSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MATROSKA,
  MkvOutputFormat,
  MovOutputFormat,
  MP4,
  Mp4OutputFormat,
  Output,
  QTFF,
  WEBM,
  WebMOutputFormat,
  type EncodedPacket,
  type OutputFormat,
  type VideoCodec,
} from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { quietJob, type Job } from '../../src/engine/job.ts';
import { openVideo } from '../../src/engine/video/container.ts';
import { decodeFrames } from '../../src/engine/video/decode.ts';
import { PictureReader, resizeAndCrop } from '../../src/engine/video/pixels.ts';
import { FrameTable } from '../../src/engine/video/snippets.ts';
import { readStill } from '../../src/engine/video/still.ts';

const WIDTH = 160;
const HEIGHT = 96;
const BITS = 6;

/** The number of a frame as black and white squares, and a red left upper corner to tell which way is up. */
function drawNumber(context: OffscreenCanvasRenderingContext2D, frame: number): void {
  context.fillStyle = '#808080';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let bit = 0; bit < BITS; bit++) {
    context.fillStyle = (frame >> bit) & 1 ? '#fff' : '#000';
    context.fillRect(8 + bit * 24, 48, 24, 40);
  }
  context.fillStyle = '#f00';
  context.fillRect(0, 0, 40, 40);
}

interface FilmOptions {
  format: OutputFormat;
  codec: VideoCodec;
  seconds: readonly number[];
  rotation?: 0 | 90 | 180 | 270;
}

async function film({ format, codec, seconds, rotation = 0 }: FilmOptions): Promise<ArrayBuffer> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d', { alpha: false })!;
  const output = new Output({ format, target: new BufferTarget() });
  const source = new CanvasSource(canvas, { codec, bitrate: 2_000_000, keyFrameInterval: 0.4 });
  output.addVideoTrack(source, { rotation });
  await output.start();
  for (const [frame, time] of seconds.entries()) {
    drawNumber(context, frame);
    await source.add(time, (seconds[frame + 1] ?? time + 0.04) - time);
  }
  await output.finalize();
  return output.target.buffer!;
}

/** Times of an even rate, and of one that is not. */
const even = Array.from({ length: 50 }, (_, i) => i / 25);
const uneven = Array.from(
  { length: 50 },
  (_, i) => Math.round(1000 * (i / 25 + (i % 7) * 0.005 + (i > 30 ? 0.5 : 0))) / 1000,
);

interface Seen {
  numbers: (number | null)[];
  table: FrameTable;
  corner: number[];
}

/** Decodes everything and reads the number on each picture. */
async function look(file: Blob, name: string, job: Job = quietJob): Promise<Seen> {
  const video = await openVideo(file, name);
  const geometry = {
    rotationDegrees: video.facts.rotationDegrees,
    flip: video.flip,
    aspect: video.squareWidth / video.squareHeight,
  };
  const reader = new PictureReader();
  const square = new Float32Array(96 * 96 * 3);
  const numbers: (number | null)[] = [];
  const table = new FrameTable();
  let corner: number[] = [];
  try {
    for await (const { seconds, picture, lost } of decodeFrames(video, job, {
      wants: () => true,
      missed: () => {},
    })) {
      table.add(seconds, lost);
      if (!picture) {
        numbers.push(null);
        continue;
      }
      const pixels = await reader.read(picture);
      const { data, width } = pixels;
      let number = 0;
      for (let bit = 0; bit < BITS; bit++) {
        if (data[(68 * width + 20 + bit * 24) * 4] > 128) number |= 1 << bit;
      }
      numbers.push(number);
      if (corner.length === 0) {
        resizeAndCrop(pixels, geometry, 96, square);
        corner = corners(square);
      }
    }
  } finally {
    video.close();
  }
  return { numbers, table, corner };
}

/** How red each corner of a square picture is, clockwise from the left upper one. */
function corners(square: Float32Array): number[] {
  const at = (x: number, y: number) => square[(y * 96 + x) * 3] - square[(y * 96 + x) * 3 + 1];
  return [at(1, 8), at(94, 1), at(94, 90), at(1, 94)];
}

const every = Array.from({ length: 50 }, (_, i) => i);

describe('every frame, in order, at its own time', () => {
  test.each([
    ['WebM', new WebMOutputFormat(), 'vp8'],
    ['WebM', new WebMOutputFormat(), 'vp9'],
    ['MKV', new MkvOutputFormat(), 'avc'],
    ['MP4', new Mp4OutputFormat(), 'avc'],
    ['MOV', new MovOutputFormat(), 'avc'],
    ['fragmented MP4', new Mp4OutputFormat({ fastStart: 'fragmented' }), 'avc'],
  ] as [string, OutputFormat, VideoCodec][])('%s with %o', async (container, format, codec) => {
    const { numbers, table } = await look(
      new Blob([await film({ format, codec, seconds: uneven })]),
      container,
    );
    expect(numbers).toEqual(every);
    table.seconds().forEach((seconds, frame) => expect(seconds).toBeCloseTo(uneven[frame], 3));
  });
});

test.each([
  [0, 0],
  [90, 1],
  [180, 2],
  [270, 3],
] as const)('a turn of %i degrees is applied', async (rotation, corner) => {
  const file = await film({
    format: new Mp4OutputFormat(),
    codec: 'avc',
    seconds: even.slice(0, 3),
    rotation,
  });
  const video = await openVideo(new Blob([file]), 'turned.mp4');
  expect([video.facts.width, video.facts.height]).toEqual(
    rotation % 180 === 0 ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH],
  );
  video.close();
  const seen = await look(new Blob([file]), 'turned.mp4');
  // The centre crop cuts 32 of the 160 columns on each side: of the red corner 8 are left.
  expect(seen.corner.indexOf(Math.max(...seen.corner))).toBe(corner);
  expect(Math.max(...seen.corner)).toBeGreaterThan(0.5);
});

/** Takes a film apart, lets `harm` at its packets, and puts it together again. */
async function harmed(
  codec: VideoCodec,
  harm: (packet: EncodedPacket, index: number) => EncodedPacket,
): Promise<Blob> {
  const original = await film({ format: new Mp4OutputFormat(), codec, seconds: even });
  const input = new Input({ source: new BufferSource(original), formats: [MP4, QTFF, WEBM, MATROSKA] });
  const track = (await input.getPrimaryVideoTrack())!;
  const output = new Output({ format: new MkvOutputFormat(), target: new BufferTarget() });
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source);
  await output.start();
  const decoderConfig = (await track.getDecoderConfig())!;
  let index = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    await source.add(harm(packet, index++), { decoderConfig });
  }
  await output.finalize();
  return new Blob([output.target.buffer!]);
}

test('a damaged packet costs the frames up to the next key frame, and the gap is known', async () => {
  const file = await harmed('avc', (packet, index) => {
    if (index !== 14) return packet;
    const data = packet.data.slice();
    data.fill(0xff, 5); // the length stays, the slice does not
    return packet.clone({ data });
  });
  const { numbers, table } = await look(file, 'damaged.mkv');
  expect(numbers).toHaveLength(50);
  const lost = numbers.flatMap((number, frame) => (number === null ? [frame] : []));
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.length).toBeLessThan(15);
  numbers.forEach((number, frame) => number !== null && expect(number).toBe(frame));
  const gaps = table.gaps();
  expect(gaps).toHaveLength(1);
  expect(gaps[0]).toMatchObject({ firstFrame: lost[0], lastFrame: lost.at(-1) });
  expect(gaps[0].startSeconds).toBeCloseTo(lost[0] / 25, 3);
});

test('a video without a sound packet is refused by name and reason', async () => {
  const file = await harmed('avc', (packet) =>
    packet.clone({ data: new Uint8Array(packet.byteLength).fill(0xff) }),
  );
  await expect(look(file, 'gate.mkv')).rejects.toMatchObject({ code: 'damaged', subject: 'gate.mkv' });
});

test('a decoder that the browser takes away is replaced, and no frame is missing', async () => {
  const file = new Blob([await film({ format: new Mp4OutputFormat(), codec: 'avc', seconds: even })]);
  const Native = globalThis.VideoDecoder;
  let decoders = 0;
  globalThis.VideoDecoder = class extends Native {
    constructor(init: VideoDecoderInit) {
      let outputs = 0;
      const isFirst = decoders++ === 0;
      super({
        error: init.error,
        output: (frame) => {
          if (isFirst && ++outputs > 13) {
            frame.close();
            if (this.state === 'closed') return;
            this.close();
            init.error(new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError'));
          } else init.output(frame);
        },
      });
    }
  };
  try {
    const { numbers, table } = await look(file, 'long.mp4');
    expect(decoders).toBe(2);
    expect(numbers).toEqual(every);
    expect(table.gaps()).toEqual([]);
  } finally {
    globalThis.VideoDecoder = Native;
  }
});

test('cancelling ends the walk at once', async () => {
  const file = new Blob([await film({ format: new Mp4OutputFormat(), codec: 'avc', seconds: even })]);
  const stop = new AbortController();
  const job: Job = { ...quietJob, signal: stop.signal };
  const video = await openVideo(file, 'x.mp4');
  let frames = 0;
  const walk = async () => {
    for await (const frame of decodeFrames(video, job, { wants: () => true, missed: () => {} })) {
      if (frame.index === 4) stop.abort();
      frames++;
    }
  };
  await expect(walk()).rejects.toMatchObject({ name: 'AbortError' });
  expect(frames).toBe(5);
  video.close();
});

test('a still is the frame that is on screen at its time', async () => {
  const file = new Blob([await film({ format: new Mp4OutputFormat(), codec: 'avc', seconds: uneven })]);
  for (const frame of [0, 7, 31, 49]) {
    const still = await readStill(file, 'x.mp4', uneven[frame] + 0.003);
    const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d')!;
    context.drawImage(still, 0, 0);
    let number = 0;
    for (let bit = 0; bit < BITS; bit++) {
      if (context.getImageData(20 + bit * 24, 68, 1, 1).data[0] > 128) number |= 1 << bit;
    }
    expect(number).toBe(frame);
    still.close();
  }
});
