/**
 * The pieces that several heads share, each written once. All of them are matMul, element-wise operations, reductions
 * and slices of rank 4 or less, which every tensor backend has with right gradients.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random.ts';
import type { NumericArray } from '../types.ts';
import type { ParameterTensors, Parameters } from './head.ts';

/**
 * A fully connected layer with the weights of a PyTorch `Linear`, `[out,in]`.
 * @param x `[...,in]`
 * @returns `[...,out]`
 */
export function linear<T extends tf.Tensor>(x: T, parameters: ParameterTensors, name: string): T {
  const weight = parameters[`${name}.weight`] as tf.Tensor2D;
  const bias = parameters[`${name}.bias`];
  const [outputs, inputs] = weight.shape;
  const rows = tf.reshape(x, [-1, inputs]) as tf.Tensor2D; // a 3-D by 2-D matMul has no right gradient
  const product = tf.add(tf.matMul(rows, weight, false, true), bias);
  return tf.reshape(product, [...x.shape.slice(0, -1), outputs]) as T;
}

/** Initial weights of a fully connected layer. */
export function initLinear(
  into: Parameters,
  name: string,
  outputs: number,
  inputs: number,
  scheme: 'torch' | 'glorot-normal',
  random: Random,
): void {
  const draw = random.stream(name);
  const bound = 1 / Math.sqrt(inputs); // PyTorch's default: uniform for weight and bias
  const deviation = Math.sqrt(2 / (inputs + outputs)); // Glorot, with zero biases, as Keras has it
  const fill = (shape: number[], value: () => number): NumericArray => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, value),
  });
  const torch = scheme === 'torch';
  into.set(
    `${name}.weight`,
    fill([outputs, inputs], () => (torch ? draw.between(-bound, bound) : deviation * draw.normal())),
  );
  into.set(
    `${name}.bias`,
    fill([outputs], () => (torch ? draw.between(-bound, bound) : 0)),
  );
}

/**
 * 1 at the largest entry of each row and 0 elsewhere; of equal entries the first counts.
 * @param x `[B,T]`
 */
export function firstMaxMask(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const length = x.shape[1];
    const position = tf.range(0, length, 1, 'float32'); // [T]
    const isMax = tf.cast(tf.equal(x, tf.max(x, 1, true)), 'float32');
    const first = tf.min(tf.add(position, tf.mul(tf.sub(1, isMax), length)), 1, true); // [B,1]
    return tf.cast(tf.equal(position, first), 'float32') as tf.Tensor2D;
  });
}

/**
 * The largest entry of each row. Its gradient goes to that entry alone, the first of several equal ones; `tf.max`
 * would share it between them, and PyTorch's fixtures do not.
 * @param x `[B,T]`
 * @returns `[B]`
 */
export function maxFirst(x: tf.Tensor2D): tf.Tensor1D {
  const select = tf.customGrad((scores, save) => {
    const mask = firstMaxMask(scores as tf.Tensor2D);
    (save as tf.GradSaveFunc)([mask]);
    return {
      value: tf.sum(tf.mul(scores as tf.Tensor, mask), 1),
      gradFunc: (dy, saved) => tf.mul(tf.expandDims(dy, 1), saved[0]),
    };
  });
  return select(x) as tf.Tensor1D;
}

/** Sum over neighbouring segments of the squared score difference: `[B,T]` to `[B]`. */
export function smoothness(scores: tf.Tensor2D): tf.Tensor1D {
  const [bags, length] = scores.shape;
  if (length < 2) return tf.mul(tf.sum(scores, 1), 0);
  const earlier = tf.slice(scores, [0, 0], [bags, length - 1]);
  const later = tf.slice(scores, [0, 1], [bags, length - 1]);
  return tf.sum(tf.square(tf.sub(earlier, later)), 1);
}

/** Sum of scores: `[B,T]` to `[B]`. */
export function sparsity(scores: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(scores, 1);
}

/**
 * Binary cross entropy of probabilities, as `torch.nn.BCELoss`: logarithms are cut at -100, and the gradient
 * (p - y) / max(p (1 - p), 1e-12) stays finite when p saturates.
 * @param p `[B]`, 0..1
 * @param y `[B]`, 0 or 1
 * @returns `[B]`
 */
export function binaryCrossEntropy(p: tf.Tensor1D, y: tf.Tensor1D): tf.Tensor1D {
  const entropy = tf.customGrad((probability, target, save) => {
    const [a, b] = [probability as tf.Tensor, target as tf.Tensor];
    (save as tf.GradSaveFunc)([a, b]);
    const log = (x: tf.Tensor) => tf.maximum(tf.log(x), -100);
    return {
      value: tf.neg(tf.add(tf.mul(b, log(a)), tf.mul(tf.sub(1, b), log(tf.sub(1, a))))),
      gradFunc: (dy, saved) => {
        const [q, z] = saved;
        const slope = tf.div(tf.sub(q, z), tf.maximum(tf.mul(q, tf.sub(1, q)), 1e-12));
        return [tf.mul(dy, slope), tf.zerosLike(z)];
      },
    };
  });
  return entropy(p, y) as tf.Tensor1D;
}

/** 0 for the normal bags, which come first, and 1 for the anomalous ones: `[B]`. */
export function labelTensor({ normal, anomalous }: { normal: number; anomalous: number }): tf.Tensor1D {
  return tf.tensor1d([...new Array<number>(normal).fill(0), ...new Array<number>(anomalous).fill(1)]);
}
