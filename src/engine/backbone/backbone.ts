/** What extraction needs of a network, whichever it is. */
import type * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';

/** What a stream remembers between two calls; nothing at the start of a video. */
export type StreamState = tf.Tensor4D[];

export interface StreamOutput {
  /** `[T/framesPerVector, D]`, the spatial mean of the map. */
  vectors: tf.Tensor2D;
  /** `[T/framesPerVector, h, w, D]` */
  maps: tf.Tensor4D;
  state: StreamState;
}

export interface Backbone {
  /** Side of the square input in pixels. */
  readonly inputSize: number;
  /** Share of a picture's short side that the square input shows; 1 = all of it. */
  readonly cropShare: number;
  /** Frames that one output vector is made of: 1 for a network that reads a stream, else the length of a clip. */
  readonly framesPerVector: number;
  /** D */
  readonly featureSize: number;
  /** h = w of a feature map. */
  readonly mapSize: number;
  /** Frames that an output can depend on, its own included. */
  readonly memoryFrames: number;
  /**
   * The next T frames of a stream, T a multiple of `framesPerVector`; any chunking of a video gives the same output.
   * @param frames `[T, size, size, 3]`, RGB in 0..1
   * @param state what the call before returned; disposed by this call
   */
  forward(frames: tf.Tensor4D, state?: StreamState): StreamOutput;
  dispose(): void;
}

/**
 * Compares weights with what a network needs, by name and shape.
 * @throws Failure `weights-mismatch` when a tensor is missing, superfluous or of another shape
 */
export function checkWeights(
  shapes: ReadonlyMap<string, readonly number[]>,
  weights: ReadonlyMap<string, NumericArray>,
): void {
  const refuse = (what: string): never => {
    throw new Failure({
      code: 'weights-mismatch',
      what: `These are not weights of this network: ${what}.`,
      next: 'Use the file that belongs to the backbone.',
    });
  };
  for (const [name, shape] of shapes) {
    const found = weights.get(name)?.shape;
    if (!found) return refuse(`"${name}" is missing`);
    if (found.join() !== shape.join())
      refuse(`"${name}" is [${found.join()}] and should be [${shape.join()}]`);
  }
  for (const name of weights.keys()) if (!shapes.has(name)) refuse(`"${name}" does not belong`);
}
