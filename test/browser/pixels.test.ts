/** Pictures that are put together on the graphics device, against the portable ones. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PortablePictures, type Pictures, type ShownFrame } from '../../src/engine/video/pictures.ts';
import type { PictureGeometry } from '../../src/engine/video/pixels.ts';
import { checkDevice, startDevice } from '../../src/workers/device.ts';
import { gpuPictures } from '../../src/workers/kernels/webgpu-pixels.ts';

const gpu = await navigator.gpu?.requestAdapter();
if (!gpu) console.info('no WebGPU adapter here: pictures on the device are not tested');

const SIZE = 37;
const PLACES = 4;
const LEVEL = 1 / 255;

/** Hard edges and ramps in RGBA. */
function rgba(width: number, height: number, init: Partial<VideoFrameBufferInit> = {}): VideoFrame {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set([(x * 5) % 256, (y * 7) % 256, (x + y) % 8 < 4 ? 20 : 230, 255], (y * width + x) * 4);
    }
  }
  return new VideoFrame(data, {
    format: 'RGBA',
    codedWidth: width,
    codedHeight: height,
    timestamp: 0,
    ...init,
  });
}

/** Hard edges in luma, ramps in colour, as decoders give them. */
function i420(width: number, height: number, init: Partial<VideoFrameBufferInit> = {}): VideoFrame {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const data = new Uint8Array(width * height + 2 * w * h);
  for (let i = 0; i < width * height; i++)
    data[i] = 60 + (((i % width) >> 2) % 2) * 100 + (Math.floor(i / width) % 20);
  for (let i = 0; i < w * h; i++) {
    data[width * height + i] = 100 + Math.round((50 * (i % w)) / w);
    data[width * height + w * h + i] = 150 - Math.round((50 * Math.floor(i / w)) / h);
  }
  return new VideoFrame(data, {
    format: 'I420',
    codedWidth: width,
    codedHeight: height,
    timestamp: 0,
    ...init,
  });
}

const shown = (picture: VideoFrame): ShownFrame => ({ index: 0, seconds: 0, lost: false, picture });

/** One picture of a batch. */
async function single(pictures: Pictures, frame: VideoFrame): Promise<Float32Array> {
  await pictures.put(shown(frame), 0);
  const batch = pictures.take(1);
  const values = (await batch.data()) as Float32Array;
  expect(batch.shape).toEqual([1, SIZE, SIZE, 3]);
  batch.dispose();
  pictures.dispose();
  return values.slice(0, SIZE * SIZE * 3);
}

const worst = (found: Float32Array, expected: Float32Array) =>
  found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);

/**
 * A browser that draws its own pages in software gives no frame to a device, however able that is; and some, with a
 * software device, lose their whole graphics process over one.
 */
async function frameReachesDevice(): Promise<'yes' | 'no' | 'dies'> {
  const device = await gpu!.requestDevice();
  const frame = rgba(8, 8);
  try {
    device.importExternalTexture({ source: frame });
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (await navigator.gpu.requestAdapter()) return 'yes';
    console.info(
      'the graphics process of this browser dies of a frame: pictures on the device are not tested',
    );
    return 'dies';
  } catch {
    console.info('no frame reaches the device here: only uploaded pictures are tested');
    return 'no';
  } finally {
    frame.close();
    device.destroy();
  }
}

const reach = gpu ? await frameReachesDevice() : 'no';
const isReached = reach === 'yes';
const ways = isReached ? (['external', 'copied', 'uploaded'] as const) : (['uploaded'] as const);

describe.skipIf(!gpu || reach === 'dies')('pictures on the device', () => {
  beforeAll(async () => {
    await startDevice('webgpu');
    tf.env().set('WEBGPU_CPU_FORWARD', false);
  });
  afterEach(() => checkDevice());

  const square: PictureGeometry = { rotationDegrees: 0, flip: false, aspect: 1 };
  const cases: [name: string, () => VideoFrame, Partial<PictureGeometry>][] = [
    ['wide', () => rgba(160, 90), { aspect: 16 / 9 }],
    ['upright, odd', () => rgba(61, 103), { aspect: 61 / 103 }],
    ['smaller than the network wants', () => rgba(19, 15), { aspect: 19 / 15 }],
    ['one pixel', () => rgba(1, 1), {}],
    ['turned by 90', () => rgba(160, 90), { rotationDegrees: 90, aspect: 16 / 9 }],
    ['turned by 180', () => rgba(160, 90), { rotationDegrees: 180, aspect: 16 / 9 }],
    ['turned by 270 and mirrored', () => rgba(91, 47), { rotationDegrees: 270, flip: true, aspect: 91 / 47 }],
    ['mirrored', () => rgba(160, 90), { flip: true, aspect: 16 / 9 }],
    ['a share of the middle', () => rgba(160, 90), { cropShare: 0.875, aspect: 16 / 9 }],
    [
      'pixels that are not square',
      () => rgba(90, 90, { displayWidth: 180, displayHeight: 90 }),
      { aspect: 2 },
    ],
    [
      'a part of what is stored',
      () => rgba(160, 96, { visibleRect: { x: 6, y: 4, width: 150, height: 80 } }),
      { aspect: 150 / 80 },
    ],
  ];

  const yuv: [name: string, colorSpace: VideoColorSpaceInit, blue: number][] = [
    // Its blue comes with a weight of 2 instead of 2.11 from `copyTo` on x86, and no U here is further than 28 from grey.
    ['BT.709', { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', fullRange: false }, 1 + 0.11 * 28],
    ['BT.709, full range', { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', fullRange: true }, 0],
    ['BT.601', { matrix: 'smpte170m', primaries: 'bt709', transfer: 'bt709', fullRange: false }, 0],
  ];

  describe.each(ways)('%s', (way) => {
    test.each(cases)('%s', async (_, make, geometry) => {
      const frame = make();
      const layout = { geometry: { ...square, ...geometry }, size: SIZE, places: PLACES };
      const expected = await single(new PortablePictures(layout), frame);
      const found = await single(gpuPictures(layout, way)!, frame);
      frame.close();
      expect(worst(found, expected)).toBeLessThan(0.01 * LEVEL);
    });

    test.each(yuv)('YUV: %s', async (_, colorSpace, blue) => {
      const frame = i420(97, 61, { colorSpace });
      const geometry: PictureGeometry = { rotationDegrees: 90, flip: false, aspect: 97 / 61 };
      const layout = { geometry, size: SIZE, places: PLACES };
      const expected = await single(new PortablePictures(layout), frame);
      const found = await single(gpuPictures(layout, way)!, frame);
      frame.close();
      const of = (channel: number) => (_: number, i: number) => i % 3 === channel;
      const levels = [0, 1, 2].map((c) => worst(found.filter(of(c)), expected.filter(of(c))) / LEVEL);
      expect(Math.max(levels[0], levels[1])).toBeLessThan(1.01);
      expect(levels[2]).toBeLessThan(Math.max(1.01, blue));
    });
  });

  test('held pictures and batches in turn, in memory that stays flat', async () => {
    const layout = { geometry: { ...square, aspect: 16 / 9 }, size: SIZE, places: PLACES };
    const [portable, pictures] = [new PortablePictures(layout), gpuPictures(layout)!];
    const memory: (number | undefined)[][] = [];
    let before: tf.Tensor4D | null = null;
    for (let batch = 0; batch < 10; batch++) {
      for (const side of [portable, pictures]) {
        // The first place holds the last picture of the batch before.
        for (let place = 0; place < PLACES; place++) {
          if (place % 2 === 0 && batch > 0) {
            side.repeat(place);
            continue;
          }
          const frame = rgba(160 - 2 * batch, 90 + place);
          await side.put(shown(frame), place);
          frame.close();
        }
      }
      const count = batch === 9 ? 3 : PLACES;
      const [expected, found] = [portable.take(count), pictures.take(count)];
      // What is done with a batch is done late, when the next one is being filled.
      const late = before;
      before = tf.mul(found, 1);
      const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(found, expected))));
      expect((await difference.data())[0]).toBeLessThanOrEqual(1.001 * LEVEL);
      tf.dispose([expected, found, difference, late ?? []]);
      const { numTensors, numBytes } = tf.memory();
      const { numBytesAllocatedInGPU } = tf.memory() as { numBytesAllocatedInGPU?: number };
      memory.push([numTensors, numBytes, numBytesAllocatedInGPU]);
    }
    tf.dispose(before!);
    expect(pictures.source).toBe(isReached ? 'gpu' : 'copyTo');
    expect(memory[8].slice(0, 2)).toEqual(memory[0].slice(0, 2));
    expect(memory[8]).toEqual(memory[2]);
    pictures.dispose();
  });

  test('a device that shows other colours is found out', async () => {
    const layout = { geometry: square, size: SIZE, places: PLACES };
    const pictures = gpuPictures(layout)!;
    const frame = rgba(64, 64);
    const device = (tf.backend() as unknown as { device: GPUDevice }).device;
    const { importExternalTexture } = device;
    const dark = i420(64, 64);
    device.importExternalTexture = () => importExternalTexture.call(device, { source: dark });
    const copy = device.queue.copyExternalImageToTexture;
    device.queue.copyExternalImageToTexture = () => {
      throw new TypeError('not here');
    };
    try {
      const expected = await single(new PortablePictures(layout), frame);
      expect(await single(pictures, frame)).toEqual(expected);
      expect(pictures.source).toBe('copyTo');
    } finally {
      device.importExternalTexture = importExternalTexture;
      device.queue.copyExternalImageToTexture = copy;
      for (const open of [frame, dark]) open.close();
    }
  });
});
