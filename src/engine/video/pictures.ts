/**
 * Pictures on their way from the decoder to the network, a batch at a time. Where they are put together is one of two
 * places, chosen once per run: here, in plain arithmetic, on every backend; or on the graphics device, where a worker
 * brings an implementation of its own (`workers/kernels`) whose numbers agree with these.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Provenance } from '../types.ts';
import type { DecodedFrame } from './decode.ts';
import type { drawDisturbance } from './disturb.ts';
import { PictureReader, resizeAndCrop, type PictureGeometry } from './pixels.ts';

/** A frame with its picture still open. */
export type ShownFrame = DecodedFrame & { picture: VideoFrame };

type Disturbance = ReturnType<typeof drawDisturbance>;

/** What a batch of pictures looks like. */
export interface PictureLayout {
  geometry: PictureGeometry;
  /** Side of a picture. */
  size: number;
  /** Places in a batch. */
  places: number;
}

/** The batch that is being filled, and the way into it. */
export interface Pictures {
  /** How pixels are read; known after the first picture. */
  readonly source: Provenance['pixels'];
  /** Reads a frame into a place of the batch. Once it resolves the frame may be closed. */
  put(frame: ShownFrame, place: number): Promise<void>;
  /** Shows the latest picture once more, in a place of whichever batch is being filled now. */
  repeat(place: number): void;
  /**
   * The first `count` places, `[count,size,size,3]` in 0..1, to be disposed by the caller; a new batch begins. What
   * reads the tensor must be on its way to the device before the batch after the next is begun.
   */
  take(count: number): tf.Tensor4D;
  dispose(): void;
}

/** Pictures put together here and uploaded as a batch. */
export class PortablePictures implements Pictures {
  readonly #layout: PictureLayout;
  readonly #disturbanceOf: (frame: number) => Disturbance;
  readonly #reader: PictureReader;
  readonly #batch: Float32Array;
  #latest: Float32Array;

  /**
   * @param disturbanceOf what is done to the picture of a frame before the network sees it
   * @param reader shared by those who show the same frames
   */
  constructor(
    layout: PictureLayout,
    disturbanceOf: (frame: number) => Disturbance = () => null,
    reader = new PictureReader(),
  ) {
    this.#reader = reader;
    this.#layout = layout;
    this.#disturbanceOf = disturbanceOf;
    this.#latest = new Float32Array(layout.size ** 2 * 3);
    this.#batch = new Float32Array(layout.places * this.#latest.length);
  }

  get source(): Provenance['pixels'] {
    return this.#reader.source;
  }

  async put({ index, picture }: ShownFrame, place: number): Promise<void> {
    const { geometry, size } = this.#layout;
    const plain = new Float32Array(size ** 2 * 3);
    resizeAndCrop(await this.#reader.read(picture), geometry, size, plain);
    this.#latest = this.#disturbanceOf(index)?.(plain, size) ?? plain;
    this.repeat(place);
  }

  repeat(place: number): void {
    this.#batch.set(this.#latest, place * this.#latest.length);
  }

  take(count: number): tf.Tensor4D {
    const { size } = this.#layout;
    return tf.tensor4d(this.#batch.slice(0, count * this.#latest.length), [count, size, size, 3]);
  }

  dispose(): void {}
}
