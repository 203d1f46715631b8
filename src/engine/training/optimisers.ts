/**
 * Optimisers with the semantics of the code that the papers were made with, checked step by step against PyTorch.
 * Those of tfjs differ (its Adagrad starts its accumulator at 0.1) or are missing (RAdam).
 *
 * An optimiser is a pure function: (parameter, gradient, slots, step) to (parameter, slots). Slots are its memory, one
 * tensor of the parameter's shape each, zero at the start.
 */
import * as tf from '@tensorflow/tfjs-core';

interface Common {
  learningRate: number;
  /** Step decay: behind each of these steps the rate is multiplied by the factor. */
  decay?: { factor: number; steps: readonly number[] };
  /** Pull of the parameters towards zero: L2 in the gradient, but decoupled for RAdam. */
  weightDecay?: number;
}

interface Adaptive extends Common {
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

export type OptimiserSettings =
  | (Common & { name: 'adagrad'; epsilon?: number })
  | (Adaptive & { name: 'adam' })
  | (Adaptive & { name: 'radam' })
  | (Common & { name: 'sgd'; momentum?: number });

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
      return adagrad(settings);
    case 'adam':
      return adam(settings);
    case 'radam':
      return radam(settings);
    case 'sgd':
      return sgd(settings);
  }
}

/** The learning rate of a step, counted from 1. */
export function rateAt({ learningRate, decay }: Common, step: number): number {
  const passed = decay?.steps.filter((milestone) => step > milestone).length ?? 0;
  return learningRate * (decay?.factor ?? 1) ** passed;
}

const withL2 = (gradient: tf.Tensor, parameter: tf.Tensor, weightDecay = 0): tf.Tensor =>
  weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, weightDecay));

/** Adagrad as in torch: p -= lr g / (sqrt(sum of g^2) + eps), the sum starting at 0. */
function adagrad(settings: Common & { epsilon?: number }): Optimiser {
  const { epsilon = 1e-10, weightDecay } = settings;
  return {
    slots: ['sum'],
    update(parameter, raw, [sum], step) {
      const gradient = withL2(raw, parameter, weightDecay);
      const next = tf.add(sum, tf.square(gradient));
      const change = tf.div(tf.mul(gradient, rateAt(settings, step)), tf.add(tf.sqrt(next), epsilon));
      return { parameter: tf.sub(parameter, change), slots: [next] };
    },
  };
}

/** The running means of Adam and RAdam: of the gradient and of its square. */
function moments(gradient: tf.Tensor, [mean, square]: tf.Tensor[], beta1: number, beta2: number) {
  return [
    tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1)),
    tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2)),
  ];
}

/** Adam as in torch (not AdamW): p -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps). */
function adam(settings: Adaptive): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay } = settings;
  return {
    slots: ['mean', 'square'],
    update(parameter, raw, slots, step) {
      const [mean, square] = moments(withL2(raw, parameter, weightDecay), slots, beta1, beta2);
      const rate = rateAt(settings, step) / (1 - beta1 ** step);
      const denominator = tf.add(tf.div(tf.sqrt(square), Math.sqrt(1 - beta2 ** step)), epsilon);
      return {
        parameter: tf.sub(parameter, tf.div(tf.mul(mean, rate), denominator)),
        slots: [mean, square],
      };
    },
  };
}

/**
 * RAdam of Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", ICLR 2020, as its authors coded it
 * (without the fall-back to SGD): epsilon is added to the uncorrected root, and as long as the variance of the
 * adaptive rate is intractable (the first five steps at beta2 = 0.999) parameters do not move, nor decay.
 */
function radam(settings: Adaptive): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = settings;
  const longestAverage = 2 / (1 - beta2) - 1;
  return {
    slots: ['mean', 'square'],
    update(parameter, gradient, slots, step) {
      const [mean, square] = moments(gradient, slots, beta1, beta2);
      const left = beta2 ** step;
      const average = longestAverage - (2 * step * left) / (1 - left);
      if (average < 5) return { parameter: tf.clone(parameter), slots: [mean, square] };
      const rectification = Math.sqrt(
        ((((1 - left) * (average - 4)) / (longestAverage - 4)) * (average - 2) * longestAverage) /
          (average * (longestAverage - 2)),
      );
      const plainRate = rateAt(settings, step);
      const rate = (plainRate * rectification) / (1 - beta1 ** step);
      const decayed = weightDecay === 0 ? parameter : tf.mul(parameter, 1 - weightDecay * plainRate);
      const change = tf.div(tf.mul(mean, rate), tf.add(tf.sqrt(square), epsilon));
      return { parameter: tf.sub(decayed, change), slots: [mean, square] };
    },
  };
}

/** SGD as in torch: the momentum buffer starts as the gradient; neither dampening nor Nesterov. */
function sgd(settings: Common & { momentum?: number }): Optimiser {
  const { momentum = 0, weightDecay } = settings;
  return {
    slots: momentum === 0 ? [] : ['momentum'],
    update(parameter, raw, [buffer], step) {
      const gradient = withL2(raw, parameter, weightDecay);
      const direction = buffer ? tf.add(tf.mul(buffer, momentum), gradient) : gradient;
      const change = tf.mul(direction, rateAt(settings, step));
      return { parameter: tf.sub(parameter, change), slots: buffer ? [direction] : [] };
    },
  };
}
