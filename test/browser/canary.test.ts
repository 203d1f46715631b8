/** Browsers that alter the pixels that are read back are found out, whichever way they do it. */
import { afterEach, expect, test, vi } from 'vitest';
import { checkPixels } from '../../src/engine/video/canary.ts';

afterEach(() => vi.restoreAllMocks());

/** What Brave does: the lowest bit of some channels is another one. */
function farble(data: Uint8ClampedArray | Uint8Array): void {
  for (let i = 0; i < data.length; i += 97) data[i] ^= 1;
}

function alterCanvas(): void {
  const { getImageData } = OffscreenCanvasRenderingContext2D.prototype;
  vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'getImageData').mockImplementation(function (
    this: OffscreenCanvasRenderingContext2D,
    ...where: unknown[]
  ) {
    const image = (getImageData as (...where: unknown[]) => ImageData).apply(this, where);
    farble(image.data as Uint8ClampedArray);
    return image;
  });
}

test('this browser gives pixels back as they are, both ways', async () => {
  expect(await checkPixels()).toEqual({ copyTo: 'exact', canvas: 'exact', used: 'copyTo', worst: 0 });
});

test('a canvas that is altered costs nothing where frames are read directly', async () => {
  alterCanvas();
  expect(await checkPixels()).toEqual({ copyTo: 'exact', canvas: 'altered', used: 'copyTo', worst: 0 });
});

test('a canvas that is altered is found out where it is all there is', async () => {
  alterCanvas();
  vi.spyOn(VideoFrame.prototype, 'copyTo').mockRejectedValue(
    new DOMException('no RGBA', 'NotSupportedError'),
  );
  expect(await checkPixels()).toEqual({ copyTo: 'missing', canvas: 'altered', used: 'canvas', worst: 1 });
});

test('frames that are altered are found out', async () => {
  const { copyTo } = VideoFrame.prototype;
  vi.spyOn(VideoFrame.prototype, 'copyTo').mockImplementation(async function (
    this: VideoFrame,
    into,
    options,
  ) {
    const layout = await copyTo.call(this, into, options);
    (into as Uint8Array).fill(255, 0, 40);
    return layout;
  });
  const { copyTo: found, worst } = await checkPixels();
  expect(found).toBe('altered');
  expect(worst).toBeGreaterThan(100);
});
