/** What extraction needs of a network, whichever it is. */
import type * as tf from '@tensorflow/tfjs-core';

/** What a stream remembers between two calls; nothing at the start of a video. */
export type StreamState = tf.Tensor4D[];

export interface StreamOutput {
  /** `[T, D]`, the spatial mean of the map. */
  vectors: tf.Tensor2D;
  /** `[T, h, w, D]` */
  maps: tf.Tensor4D;
  state: StreamState;
}

export interface Backbone {
  /** Side of the square input in pixels. */
  readonly inputSize: number;
  /** D */
  readonly featureSize: number;
  /** h = w of a feature map. */
  readonly mapSize: number;
  /** Frames that an output can depend on, its own included. */
  readonly memoryFrames: number;
  /**
   * The next T frames of a stream; any chunking of a video gives the same output.
   * @param frames `[T, size, size, 3]`, RGB in 0..1
   * @param state what the call before returned; disposed by this call
   */
  forward(frames: tf.Tensor4D, state?: StreamState): StreamOutput;
  dispose(): void;
}
