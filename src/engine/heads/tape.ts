/**
 * What a computation did, operation by operation: every kernel that its result depends on and its input reaches. What
 * does not depend on the input is a constant. So a head need not be written a second time for another runtime.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NumericArray } from '../types.ts';

/** A tensor of the tape: of a step, the input, or a constant. */
export type TapeValue = string;

export interface TapeStep {
  /** As tfjs calls it. */
  kernel: string;
  inputs: { value: TapeValue; shape: readonly number[] }[];
  outputs: { value: TapeValue; shape: readonly number[] }[];
  attributes: Record<string, unknown>;
}

export interface Tape {
  input: TapeValue;
  output: TapeValue;
  steps: TapeStep[];
  constants: Map<TapeValue, TapeConstant>;
}

/** Named where it is one of the tensors that were. */
export type TapeConstant = NumericArray & { name?: string };

/**
 * Runs `compute` and writes down what it does. Values are numbered in the order in which they came up, so that two
 * runs of one computation have the same numbers.
 * @param named tensors that keep their names as constants
 */
export async function recordTape(
  compute: (x: tf.Tensor) => tf.Tensor,
  input: tf.Tensor,
  named: Readonly<Record<string, tf.Tensor>> = {},
): Promise<Tape> {
  const engine = tf.engine();
  const { runKernel } = engine;
  const numbers = new Map<number, TapeValue>([[input.id, '0']]);
  const reached = new Set([input.id]);
  const kept = new Map<TapeValue, tf.Tensor>();
  const steps: TapeStep[] = [];
  const number = ({ id }: tf.Tensor): TapeValue => {
    if (!numbers.has(id)) numbers.set(id, String(numbers.size));
    return numbers.get(id)!;
  };
  const told = (tensor: tf.Tensor) => ({ value: number(tensor), shape: [...tensor.shape] });
  let depth = 0; // a kernel may be made of others
  engine.runKernel = function <T>(kernel: string, inputs: tf.NamedTensorMap, attributes?: object): T {
    const given = Object.values(inputs).flat();
    const counts = depth === 0 && given.some(({ id }) => reached.has(id));
    if (counts) {
      for (const tensor of given) {
        if (reached.has(tensor.id) || kept.has(number(tensor))) continue;
        kept.set(number(tensor), tf.keep(runKernel.call(engine, tf.Identity, { x: tensor }) as tf.Tensor));
      }
    }
    depth++;
    let made: unknown;
    try {
      made = runKernel.call(engine, kernel, inputs, attributes as never);
    } finally {
      depth--;
    }
    if (counts) {
      const outputs = (Array.isArray(made) ? made : [made]) as tf.Tensor[];
      for (const { id } of outputs) reached.add(id);
      steps.push({
        kernel,
        inputs: given.map(told),
        outputs: outputs.map(told),
        attributes: structuredClone({ ...attributes }) as Record<string, unknown>,
      });
    }
    return made as T;
  };
  let output: tf.Tensor;
  try {
    output = tf.tidy(() => compute(input));
  } finally {
    engine.runKernel = runKernel;
  }
  const used = leadingTo(number(output), steps);
  const constants: Tape['constants'] = new Map();
  const needed = new Set(used.flatMap(({ inputs }) => inputs.map(({ value }) => value)));
  const names = new Map(Object.entries(named).map(([name, { id }]) => [numbers.get(id), name]));
  for (const [value, tensor] of kept) {
    const array = { shape: [...tensor.shape], values: Float32Array.from(await tensor.data()) };
    const name = names.get(value);
    if (needed.has(value)) constants.set(value, name === undefined ? array : { ...array, name });
    tensor.dispose();
  }
  const tape = { input: '0', output: number(output), steps: used, constants };
  output.dispose();
  return tape;
}

/** The steps that a value depends on, in order. */
function leadingTo(value: TapeValue, steps: readonly TapeStep[]): TapeStep[] {
  const wanted = new Set([value]);
  const used: TapeStep[] = [];
  for (const step of [...steps].reverse()) {
    if (!step.outputs.some((output) => wanted.has(output.value))) continue;
    for (const input of step.inputs) wanted.add(input.value);
    used.unshift(step);
  }
  return used;
}
