/** One training step as a pure function of parameters, optimiser state, batch, seed and step number. */
import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../heads/config.fields.ts';
import type { Batch, HeadOutput, LossTerms, Mode, Network, ParameterTensors, Phase } from '../heads/head.ts';
import { isBuffer } from '../heads/head.ts';
import type { Random } from '../random.ts';
import type { Optimiser } from './optimisers.ts';

/** What a step starts from and ends with. */
export type TrainingState = {
  parameters: ParameterTensors;
  /** The optimiser's memory of each parameter, in the order of its `slots`. */
  slots: Record<string, tf.Tensor[]>;
};

export type StepResult = TrainingState & {
  /** `[terms]`, the unweighted terms of the loss: one read tells them all. */
  report: tf.Tensor1D;
  names: string[];
  weights: number[];
  chosen?: tf.Tensor2D;
  memory?: tf.Tensor2D;
  observed?: Observed;
};

/** What a step is made of, for whoever watches it closely. */
export type Observed = {
  /** `[B,T]`, of the first forward pass, dropout and all: what the loss chooses by. */
  scores: tf.Tensor2D;
  /** `[3,n]` for each of `moved`: norms of its gradient, of its change and of itself before the step. */
  norms: tf.Tensor2D;
  /** The parameters that the step may move. */
  moved: string[];
};

/** How a step is taken. */
export interface StepOptions {
  /** The one phase that is done; without it, all that the step has. */
  only?: string;
  /** Look closely, which costs a little. */
  observe?: boolean;
}

/** Draws the masks of dropout, and keeps what batch norm remembers. */
export type ModeOf = (remember: Mode['remember']) => Mode;

const WHOLE: Phase = { name: 'whole', trains: () => true };

/**
 * Forward, backward and update, once or in the head's phases. All tensors of the result are new and belong to the
 * caller; those of `state` are left alone.
 */
export function takeStep<C extends Config>(
  network: Pick<Network<C>, 'forward' | 'loss' | 'phases'>,
  config: C,
  optimiser: Optimiser,
  state: TrainingState,
  batch: Batch,
  modeOf: ModeOf,
  step: number,
  { only, observe = false }: StepOptions = {},
): StepResult {
  return tf.tidy(() => {
    const phases = network.phases?.(config, step).filter(({ name }) => only === undefined || name === only);
    const gradients: Record<string, tf.Tensor> = {};
    let first: tf.Tensor2D | undefined;
    let current = state;
    const terms: LossTerms = {};
    let output: HeadOutput | undefined;
    const discarded: tf.Tensor[] = []; // kept through one update, replaced in the next
    let seen: tf.Tensor[] = [];
    for (const phase of phases ?? [WHOLE]) {
      const names = Object.keys(current.parameters).filter((name) => !isBuffer(name) && phase.trains(name));
      const remembered: ParameterTensors = {};
      const mode = modeOf((name, value) => (remembered[name] = tf.keep(value)));
      const loss = (...values: tf.Tensor[]) => {
        const parameters = { ...current.parameters };
        names.forEach((name, i) => (parameters[name] = values[i]));
        output = network.forward(parameters, batch, config, mode);
        if (observe) first ??= tf.keep(tf.clone(output.scores));
        const own = network.loss(output, batch, config, parameters, phases && phase.name);
        for (const [name, term] of Object.entries(own)) {
          tf.keep(term.value);
          // What a later update leaves out of its total keeps the value and weight it had in an earlier one.
          if (term.weight === 0 && terms[name]?.weight) discarded.push(term.value);
          else {
            if (terms[name]) discarded.push(terms[name].value);
            terms[name] = term;
          }
        }
        discarded.push(...seen);
        if (phase.remembers === false) output = { ...output, memory: undefined };
        seen = [output.chosen, output.memory].filter((tensor) => tensor !== undefined);
        seen.forEach(tf.keep);
        return weightedSum(own);
      };
      const { grads } = tf.valueAndGrads(loss)(names.map((name) => current.parameters[name]));
      const next = { parameters: { ...current.parameters, ...remembered }, slots: { ...current.slots } };
      names.forEach((name, i) => {
        const update = optimiser.update(current.parameters[name], grads[i], current.slots[name], step);
        next.parameters[name] = update.parameter;
        next.slots[name] = update.slots;
        gradients[name] = grads[i];
      });
      current = next;
    }
    const report = tf.stack(Object.values(terms).map(({ value }) => value)) as tf.Tensor1D;
    tf.dispose([...discarded, ...Object.values(terms).map(({ value }) => value)]);
    const fresh = (tensor: tf.Tensor, old?: tf.Tensor) => (tensor === old ? tf.clone(tensor) : tensor);
    const parameters: ParameterTensors = {};
    const slots: Record<string, tf.Tensor[]> = {};
    for (const [name, tensor] of Object.entries(current.parameters)) {
      parameters[name] = fresh(tensor, state.parameters[name]);
      slots[name] = (current.slots[name] ?? []).map((slot, i) => fresh(slot, state.slots[name]?.[i]));
    }
    return {
      parameters,
      slots,
      report,
      names: Object.keys(terms),
      weights: Object.values(terms).map(({ weight }) => weight),
      chosen: output?.chosen,
      memory: output?.memory,
      observed: first && { scores: first, ...normsOf(gradients, state.parameters, current.parameters) },
    };
  });
}

/** By the gradient of the last phase that moved a parameter, and the change of all. */
function normsOf(
  gradients: Record<string, tf.Tensor>,
  before: ParameterTensors,
  after: ParameterTensors,
): Omit<Observed, 'scores'> {
  const moved = Object.keys(gradients);
  const norm = (x: tf.Tensor) => tf.sqrt(tf.sum(tf.square(x)));
  const row = (of: (name: string) => tf.Tensor) => tf.stack(moved.map((name) => norm(of(name))));
  const rows = [
    row((name) => gradients[name]),
    row((name) => tf.sub(after[name], before[name])),
    row((name) => before[name]),
  ];
  return { norms: tf.stack(rows) as tf.Tensor2D, moved };
}

/** Dropout from the stream of one step: every site has a stream of its own. */
export function trainingMode(random: Random, remember: Mode['remember'] = () => {}): Mode {
  return {
    training: true,
    remember,
    dropout<T extends tf.Tensor>(x: T, rate: number, site: string): T {
      if (rate === 0) return x;
      const mask = random.stream('dropout', site).dropoutMask(x.size, rate);
      return tf.mul(x, tf.tensor(mask, x.shape)) as T;
    },
  };
}

export function weightedSum(terms: LossTerms): tf.Scalar {
  return Object.values(terms)
    .map(({ value, weight }) => tf.mul<tf.Scalar>(value, weight))
    .reduce((sum, term) => tf.add<tf.Scalar>(sum, term));
}
