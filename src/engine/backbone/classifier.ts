/**
 * What the backbone was trained to name: the classifier that stands behind its features. No head uses it; it says in
 * words what the backbone makes of a picture.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';
import { checkWeights } from './backbone.ts';

/** A class and the probability that the classifier gives it. */
export interface Opinion {
  name: string;
  probability: number;
}

/** Two dense layers, ReLU6 between them. */
export class Classifier {
  /** D, the length of a vector. */
  readonly featureSize: number;
  readonly classes: number;
  readonly #hidden: Dense;
  readonly #logits: Dense;

  /**
   * @param weights `hidden.weight` `[D,hidden]`, `hidden.bias`, `logits.weight` `[hidden,classes]`, `logits.bias`
   * @throws Failure `weights-mismatch` when a tensor is missing, superfluous or does not fit the others
   */
  constructor(weights: Map<string, NumericArray>) {
    checkWeights(shapesOf(weights), weights);
    this.#hidden = dense(weights, 'hidden');
    this.#logits = dense(weights, 'logits');
    this.featureSize = this.#hidden.weight.shape[0];
    this.classes = this.#logits.weight.shape[1];
  }

  /**
   * The logits `[N,classes]` of N vectors. It was trained on the mean of a stream's vectors so far; the mean over a
   * snippet is the like of it, a single frame's less so.
   * @param vectors `[N,D]`
   */
  opinions(vectors: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const hidden = apply(vectors, this.#hidden, 'relu6'); // [N,hidden]
      return apply(hidden, this.#logits);
    });
  }

  dispose(): void {
    for (const { weight, bias } of [this.#hidden, this.#logits]) tf.dispose([weight, bias]);
  }
}

/**
 * The k most probable classes of each row, the most probable first.
 * @param logits `[N,classes]`
 * @param labels the name of every class
 * @throws Failure `data-mismatch` when there are more or fewer names than classes
 */
export async function topClasses(
  logits: tf.Tensor2D,
  labels: readonly string[],
  k: number,
): Promise<Opinion[][]> {
  const [rows, classes] = logits.shape;
  if (labels.length !== classes) {
    throw new Failure({
      code: 'data-mismatch',
      what: `There are ${labels.length} names for ${classes} classes.`,
      next: 'Use the list of classes that belongs to the backbone.',
    });
  }
  const softmax = tf.softmax(logits);
  const probabilities = await softmax.data();
  softmax.dispose();
  return Array.from({ length: rows }, (_, row) =>
    labels
      .map((name, i) => ({ name, probability: probabilities[row * classes + i] }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, k),
  );
}

/**
 * Names of classes, one a line, in the order of the classifier's outputs.
 * @throws Failure `format-invalid` when it is no such list, `data-mismatch` when it is as long as that of another network
 */
export function parseClassNames(text: string, file: string, classes: number): string[] {
  const names = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const next = `Use the list that belongs to the backbone: a line of text for each of its ${classes} classes, in its order.`;
  if (/[\u0000-\u0008\ufffd]/.test(text)) {
    throw new Failure({ code: 'format-invalid', subject: file, what: 'It is not a list of names.', next });
  }
  if (names.length === classes) return names;
  throw new Failure({
    code: 'data-mismatch',
    subject: file,
    what: `It has ${names.length} lines, and the backbone tells ${classes} classes apart.`,
    next,
  });
}

interface Dense {
  weight: tf.Tensor2D;
  bias: tf.Tensor1D;
}

function dense(weights: Map<string, NumericArray>, name: string): Dense {
  const weight = weights.get(`${name}.weight`)!;
  const bias = weights.get(`${name}.bias`)!;
  return {
    weight: tf.tensor2d(weight.values, weight.shape as [number, number]),
    bias: tf.tensor1d(bias.values),
  };
}

function apply(x: tf.Tensor2D, { weight, bias }: Dense, activation?: 'relu6'): tf.Tensor2D {
  return tf.fused.matMul({ a: x, b: weight, bias, activation }) as tf.Tensor2D;
}

/** What the shapes must be for the numbers of inputs, hidden units and classes that the weights themselves tell. */
function shapesOf(weights: Map<string, NumericArray>): Map<string, number[]> {
  const first = (name: string) => weights.get(name)?.shape[0] ?? 0;
  const [hidden, classes] = [first('hidden.bias'), first('logits.bias')];
  return new Map([
    ['hidden.bias', [hidden]],
    ['logits.bias', [classes]],
    ['hidden.weight', [first('hidden.weight'), hidden]],
    ['logits.weight', [hidden, classes]],
  ]);
}
