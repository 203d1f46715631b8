/**
 * Optimisers with the semantics of the code that the papers were made with, checked step by step against PyTorch.
 * Those of tfjs differ (its Adagrad starts its accumulator at 0.1) or are missing (RAdam).
 *
 * An optimiser is a pure function: (parameter, gradient, slots, step) to (parameter, slots). Slots are its memory, one
 * tensor of the parameter's shape each, zero at the start.
 */
import * as tf from '@tensorflow/tfjs-core';

export type OptimiserSettings =
  | { name: 'adagrad'; learningRate: number; epsilon?: number }
  | { name: 'radam'; learningRate: number; beta1?: number; beta2?: number; epsilon?: number };

export interface Update {
  parameter: tf.Tensor;
  slots: tf.Tensor[];
}

export interface Optimiser {
  /** Names of the slots, for checkpoints. */
  slots: readonly string[];
  /**
   * One update. To be called in a `tf.tidy`; returns new tensors.
   * @param step counted from 1
   */
  update(parameter: tf.Tensor, gradient: tf.Tensor, slots: tf.Tensor[], step: number): Update;
}

export function makeOptimiser(settings: OptimiserSettings): Optimiser {
  switch (settings.name) {
    case 'adagrad':
      return adagrad(settings.learningRate, settings.epsilon);
    case 'radam':
      return radam(settings.learningRate, settings.beta1, settings.beta2, settings.epsilon);
  }
}

/** Adagrad as in torch: p -= lr g / (sqrt(sum of g^2) + eps), the sum starting at 0. */
function adagrad(learningRate: number, epsilon = 1e-10): Optimiser {
  return {
    slots: ['sum'],
    update(parameter, gradient, [sum]) {
      const next = tf.add(sum, tf.square(gradient));
      const change = tf.div(tf.mul(gradient, learningRate), tf.add(tf.sqrt(next), epsilon));
      return { parameter: tf.sub(parameter, change), slots: [next] };
    },
  };
}

/**
 * RAdam of Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", ICLR 2020, as its authors coded it
 * (without the fall-back to SGD): epsilon is added to the uncorrected root, and as long as the variance of the
 * adaptive rate is intractable (the first five steps at beta2 = 0.999) parameters do not move.
 */
function radam(learningRate: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8): Optimiser {
  const longestAverage = 2 / (1 - beta2) - 1;
  return {
    slots: ['mean', 'square'],
    update(parameter, gradient, [mean, square], step) {
      const nextMean = tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1));
      const nextSquare = tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const decay = beta2 ** step;
      const average = longestAverage - (2 * step * decay) / (1 - decay);
      if (average < 5) return { parameter: tf.clone(parameter), slots: [nextMean, nextSquare] };
      const rectification = Math.sqrt(
        ((((1 - decay) * (average - 4)) / (longestAverage - 4)) * (average - 2) * longestAverage) /
          (average * (longestAverage - 2)),
      );
      const rate = (learningRate * rectification) / (1 - beta1 ** step);
      const change = tf.div(tf.mul(nextMean, rate), tf.add(tf.sqrt(nextSquare), epsilon));
      return { parameter: tf.sub(parameter, change), slots: [nextMean, nextSquare] };
    },
  };
}
