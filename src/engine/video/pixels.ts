/**
 * A decoded picture to the network's input, on one path for every backend: RGB by the browser's own conversion, then
 * rotation, mirroring, the aspect of the pixels, the scaling of the short side to `size` and the centre crop as *one*
 * bilinear sampling (half-pixel centres, four taps, no prefilter, as `tf.image.resize` does it), in plain arithmetic
 * that gives the same bits on every machine. Only the step from YUV to RGB is the browser's and may differ by a level.
 */
import type { Provenance, VideoFacts } from '../types.ts';

/** How pictures of one video are laid out. */
export interface PictureGeometry {
  rotationDegrees: VideoFacts['rotationDegrees'];
  flip: boolean;
  /** Width by height in square pixels, before rotation. */
  aspect: number;
  /** Share of the short side that is shown, about the centre; 1 unless told. */
  cropShare?: number;
  /** Where the square lies in what is shown, left to right and top to bottom, -1..1; in the middle unless told. */
  at?: readonly [number, number];
}

/** How pixels come off a frame, where they do. */
export type ReadingWay = Exclude<Provenance['pixels'], 'gpu'>;

/** Straight RGBA, 8 bits, row by row. */
export interface RgbaPicture {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

/** Reads pictures off video frames, into one buffer that is used again. A frame that is asked for again is not read again. */
export class PictureReader {
  #buffer = new Uint8Array(0);
  #canvas: OffscreenCanvas | null = null;
  #source: ReadingWay;
  #latest: { frame: VideoFrame; picture: RgbaPicture } | null = null;

  /** @param source the way to try; the canvas is what is left where the browser lacks the other */
  constructor(source: ReadingWay = 'copyTo') {
    this.#source = source;
  }

  /** Which way of reading this browser offers. */
  get source(): ReadingWay {
    return this.#source;
  }

  /** The visible part of a frame. The result is valid until another frame is read. */
  async read(frame: VideoFrame): Promise<RgbaPicture> {
    if (this.#latest?.frame !== frame) {
      this.#latest = null; // the buffer is about to be written over
      this.#latest = { frame, picture: await this.#read(frame) };
    }
    return this.#latest.picture;
  }

  async #read(frame: VideoFrame): Promise<RgbaPicture> {
    if (this.#source === 'copyTo') {
      try {
        return await this.#copy(frame);
      } catch (error) {
        // Browsers without conversion to RGBA, and frames that only the GPU knows.
        if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
        this.#source = 'canvas';
      }
    }
    return this.#draw(frame);
  }

  async #copy(frame: VideoFrame): Promise<RgbaPicture> {
    const { width, height } = frame.visibleRect!;
    const options = { format: 'RGBA' } as const;
    const size = frame.allocationSize(options);
    if (size !== width * height * 4) throw new TypeError('no conversion to RGBA');
    if (this.#buffer.byteLength < size) this.#buffer = new Uint8Array(size);
    await frame.copyTo(this.#buffer, options);
    return { width, height, data: this.#buffer };
  }

  #draw(frame: VideoFrame): RgbaPicture {
    const { width, height } = frame.visibleRect!;
    this.#canvas ??= new OffscreenCanvas(width, height);
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const context = this.#canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(frame, 0, 0, width, height);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  }
}

/**
 * Scales, turns and crops.
 * @param size side of the square output
 * @param into `[size,size,3]`, receives RGB in 0..1
 */
export function resizeAndCrop(
  picture: RgbaPicture,
  geometry: PictureGeometry,
  size: number,
  into: Float32Array,
): void {
  const { width, height, data } = picture;
  const locate = locator(geometry);
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      const [x, y] = locate((u + 0.5) / size, (v + 0.5) / size);
      sample(data, width, height, x * width - 0.5, y * height - 0.5, into, (v * size + u) * 3);
    }
  }
}

/** Of a point of the square output, where it lies in the stored picture; both as shares of width and height. */
function locator({ rotationDegrees, flip, aspect, cropShare = 1, at = [0, 0] }: PictureGeometry) {
  const turned = rotationDegrees === 90 || rotationDegrees === 270;
  const shown = turned ? 1 / aspect : aspect;
  // Side of the crop as a share of the shown width and height; with a share of 1 the short side is used whole.
  const cropX = cropShare * Math.min(1, 1 / shown);
  const cropY = cropShare * Math.min(1, shown);
  const [centreX, centreY] = [0.5 + (at[0] * (1 - cropX)) / 2, 0.5 + (at[1] * (1 - cropY)) / 2];
  return (u: number, v: number): [x: number, y: number] => {
    let shownX = centreX + (u - 0.5) * cropX;
    if (flip) shownX = 1 - shownX;
    const shownY = centreY + (v - 0.5) * cropY;
    // Before the clockwise turn.
    if (rotationDegrees === 90) return [shownY, 1 - shownX];
    if (rotationDegrees === 180) return [1 - shownX, 1 - shownY];
    if (rotationDegrees === 270) return [1 - shownY, shownX];
    return [shownX, shownY];
  };
}

/**
 * What {@link resizeAndCrop} does as a map for other machines: output pixel (u, v) samples the stored picture at column
 * `x[0] u + x[1] v + x[2]` and row `y[0] u + y[1] v + y[2]`, pixel centres at whole numbers on both sides.
 */
export function samplingMap(
  geometry: PictureGeometry,
  stored: { width: number; height: number },
  size: number,
): { x: number[]; y: number[] } {
  const locate = locator(geometry);
  const [origin, right, below] = [locate(0, 0), locate(1, 0), locate(0, 1)];
  const along = (axis: 0 | 1, length: number) => {
    const perColumn = ((right[axis] - origin[axis]) * length) / size;
    const perRow = ((below[axis] - origin[axis]) * length) / size;
    return [perColumn, perRow, origin[axis] * length + (perColumn + perRow) / 2 - 0.5];
  };
  return { x: along(0, stored.width), y: along(1, stored.height) };
}

/** Bilinear between four pixels, the border held. */
function sample(
  data: RgbaPicture['data'],
  width: number,
  height: number,
  x: number,
  y: number,
  into: Float32Array,
  at: number,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const down = y - top;
  const x0 = left < 0 ? 0 : left;
  const y0 = top < 0 ? 0 : top;
  const x1 = left + 1 < width ? left + 1 : width - 1;
  const y1 = top + 1 < height ? top + 1 : height - 1;
  const a = (y0 * width + x0) * 4;
  const b = (y0 * width + x1) * 4;
  const c = (y1 * width + x0) * 4;
  const d = (y1 * width + x1) * 4;
  for (let channel = 0; channel < 3; channel++) {
    const above = data[a + channel] + (data[b + channel] - data[a + channel]) * right;
    const below = data[c + channel] + (data[d + channel] - data[c + channel]) * right;
    into[at + channel] = (above + (below - above) * down) / 255;
  }
}
