/**
 * Graphs over instances, as the noise cleaner of Zhong et al. (CVPR 2019) has them: `gcn.ts` cleans labels with them,
 * and `mgpr.ts` may relate instances by them instead of by attention.
 */
import * as tf from '@tensorflow/tfjs-core';
import { maxFirst } from './parts.ts';

/**
 * exp(-|i - j|) of the instances' places in time, normalised.
 * @param position `[B,n]`
 * @param present `[B,n]`, 0 for padding
 * @returns `[B,n,n]`
 */
export function temporalGraph(position: tf.Tensor2D, present?: tf.Tensor2D): tf.Tensor3D {
  const distance = tf.abs(tf.sub(tf.expandDims(position, 2), tf.expandDims(position, 1)));
  return normalised(tf.exp(tf.neg(distance)) as tf.Tensor3D, present);
}

/**
 * exp(x x^t - row maximum), normalised.
 * @param x `[B,n,E]`
 */
export function similarityGraph(x: tf.Tensor3D, present?: tf.Tensor2D): tf.Tensor3D {
  const product = tf.matMul(x, x, false, true); // [B,n,n]
  const largest = tf.expandDims(maxFirst<tf.Tensor2D>(product), 2);
  return normalised(tf.exp(tf.sub(product, largest)) as tf.Tensor3D, present);
}

/** D^-1/2 A D^-1/2, D the row sums. */
function normalised(adjacency: tf.Tensor3D, present?: tf.Tensor2D): tf.Tensor3D {
  const own = present
    ? (tf.mul(adjacency, tf.mul(tf.expandDims(present, 2), tf.expandDims(present, 1))) as tf.Tensor3D)
    : adjacency;
  const degrees = tf.sum(own, 2); // [B,n]
  const scale = tf.rsqrt(present ? tf.add(degrees, tf.sub(1, present)) : degrees);
  return tf.mul(tf.mul(tf.expandDims(scale, 2), own), tf.expandDims(scale, 1));
}

/**
 * A (x W), without bias.
 * @param x `[B,n,E]`
 * @param weight `[E,F]`
 * @returns `[B,n,F]`
 */
export function graphConv(x: tf.Tensor3D, adjacency: tf.Tensor3D, weight: tf.Tensor2D): tf.Tensor3D {
  const [bags, count, size] = x.shape;
  const projected = tf.matMul(tf.reshape(x, [bags * count, size]) as tf.Tensor2D, weight);
  return tf.matMul(adjacency, tf.reshape(projected, [bags, count, -1]) as tf.Tensor3D);
}
