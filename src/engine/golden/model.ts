/** A fixture of a whole method: outputs, loss terms, gradients, and parameters after steps of its optimiser. */
import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../heads/config.fields.ts';
import { isBuffer, scoring, type Mode, type ParameterTensors } from '../heads/head.ts';
import { makeOptimiser } from '../training/optimisers.ts';
import { takeStep, weightedSum, type TrainingState } from '../training/step.ts';
import { tensor, type Adapter, type ModelFixture } from './adapter.ts';
import {
  below,
  gradientError,
  largestGradientOf,
  outputError,
  updateError,
  type Deviations,
} from './fixture.ts';

/** Of inference, whose tolerances a fixture does not tell. */
const INFERENCE = { rtol: 2e-5, atol: 1e-6 };

export async function checkModel(fixture: ModelFixture, adapter: Adapter): Promise<Deviations> {
  const config = adapter.config(fixture);
  const all = [...below(fixture, 'param.').keys()];
  const parameters = Object.fromEntries(
    all.map((name) => [name, tensor(fixture.tensors.get(`param.${name}`)!)]),
  );
  return {
    ...(await checkOutputs(fixture, adapter, config, parameters)),
    ...(await checkLoss(fixture, adapter, config, parameters)),
    ...(await checkSteps(fixture, adapter, config, parameters)),
  };
}

/** Training with the fixture's masks in place of random ones. */
function maskedMode(fixture: ModelFixture, adapter: Adapter, remember: Mode['remember'] = () => {}): Mode {
  return {
    training: true,
    remember,
    dropout<T extends tf.Tensor>(x: T, _rate: number, site: string): T {
      const mask = adapter.mask(fixture, site);
      return mask ? (tf.mul(x, mask) as T) : x;
    },
  };
}

async function checkOutputs(
  fixture: ModelFixture,
  adapter: Adapter,
  config: Config,
  parameters: ParameterTensors,
): Promise<Deviations> {
  const { notes, tensors } = fixture;
  const errors: Deviations = {};
  const batch = adapter.batch(fixture);
  const inOurOrder = (x: tf.Tensor) => {
    if (!batch.order) return x;
    const inverse = batch.order.map((_, i) => batch.order!.indexOf(i));
    return tf.gather(x, tf.tensor1d(inverse, 'int32'));
  };
  const told = (mode: Mode) =>
    adapter.outputs(adapter.network.forward(parameters, batch, config as never, mode), batch, fixture);
  const { rtol, atol } = notes.tolerances.outputs;
  for (const [name, value] of Object.entries(told(maskedMode(fixture, adapter)))) {
    const expected = tensors.get(`output.${name}`);
    if (!expected || !value) continue; // told of the inference mode only, or not at all
    const isIndex = Number.isInteger(expected.values[0]) && value.dtype === 'int32';
    if (isIndex && notes.indices_comparable === false) continue;
    errors[`output.${name}`] = outputError(await inOurOrder(value).data(), expected, rtol, atol ?? 0);
  }
  const evaluated = told(scoring);
  for (const [name, expected] of below(fixture, 'output.eval.')) {
    const value = evaluated[name];
    if (!value) continue;
    errors[`output.eval.${name}`] = outputError(
      await inOurOrder(value).data(),
      expected,
      INFERENCE.rtol,
      INFERENCE.atol,
    );
  }
  const inferred = (await adapter.inference?.(fixture, parameters, config)) ?? {};
  for (const [name, values] of Object.entries(inferred)) {
    if (!values) continue;
    const expected = tensors.get(`output.eval.${name}`)!;
    errors[`output.eval.${name}`] = outputError(values, expected, INFERENCE.rtol, INFERENCE.atol);
  }
  return errors;
}

async function checkLoss(
  fixture: ModelFixture,
  adapter: Adapter,
  config: Config,
  parameters: ParameterTensors,
): Promise<Deviations> {
  const { notes, tensors } = fixture;
  const { network } = adapter;
  const errors: Deviations = {};
  const batch = adapter.batch(fixture);
  const mode = maskedMode(fixture, adapter);
  const names = Object.keys(parameters).filter((name) => !isBuffer(name));
  const withInput = tensors.has('grad.input.x');
  const lossOf = (values: tf.Tensor[]) => {
    const own = { ...parameters, ...Object.fromEntries(names.map((name, i) => [name, values[i]])) };
    const seen = withInput ? { ...batch, segments: values[names.length] as tf.Tensor4D } : batch;
    return network.loss(network.forward(own, seen, config as never, mode), seen, config as never, own);
  };
  const at = [...names.map((name) => parameters[name]), ...(withInput ? [batch.segments] : [])];

  const terms = lossOf(at);
  for (const [name, expected] of Object.entries(notes.loss_terms)) {
    if (expected.weight === null && !terms[name]) continue; // told beside the loss, not part of it
    errors[`loss.${name}`] = Math.abs((await terms[name].value.data())[0] - expected.value) / expected.atol;
  }
  const total = (await weightedSum(terms).data())[0];
  errors['loss.total'] = Math.abs(total - notes.loss_total) / notes.loss_total_atol;

  if (!notes.tolerances.grads) return errors;
  const largest = largestGradientOf(fixture);
  const { rtol } = notes.tolerances.grads;
  const gradients = tf.grads((...xs: tf.Tensor[]) => weightedSum(lossOf(xs)))(at);
  for (const [i, name] of names.entries()) {
    errors[`grad.${name}`] = gradientError(
      await gradients[i].data(),
      tensors.get(`grad.${name}`)!,
      rtol,
      largest,
      notes.null_gradient_params.includes(name),
    );
  }
  if (withInput) {
    const expected = tensors.get('grad.input.x')!;
    const own = adapter.asInput!(gradients[names.length], batch, fixture);
    errors['grad.input.x'] = gradientError(await own.data(), expected, rtol, largest, false);
  }
  return errors;
}

/** The steps that training takes, through the same function. */
async function checkSteps(
  fixture: ModelFixture,
  adapter: Adapter,
  config: Config,
  parameters: ParameterTensors,
): Promise<Deviations> {
  const { notes, tensors } = fixture;
  const errors: Deviations = {};
  const batch = adapter.batch(fixture);
  const optimiser = makeOptimiser(adapter.network.optimiser(config as never));
  const slots = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      isBuffer(name) ? [] : optimiser.slots.map(() => tf.zerosLike(value)),
    ]),
  );
  let state: TrainingState = { parameters, slots };
  const modeOf = (remember: Mode['remember']) => maskedMode(fixture, adapter, remember);
  for (let step = 1; step <= Math.max(0, ...notes.steps); step++) {
    const result = takeStep(adapter.network, config as never, optimiser, state, batch, modeOf, step);
    if (step > 1) tf.dispose([state.parameters, state.slots]);
    state = { parameters: result.parameters, slots: result.slots };
    if (!notes.steps.includes(step)) continue;
    for (const [name, value] of Object.entries(state.parameters)) {
      const expected = tensors.get(`after${step}.${name}`)!;
      const key = `after${step}.${name}`;
      if (isBuffer(name)) errors[key] = outputError(await value.data(), expected, 1e-4, 0);
      else if (!notes.null_gradient_params.includes(name)) {
        errors[key] = updateError(
          await value.data(),
          tensors.get(`param.${name}`)!,
          expected,
          tensors.get(`grad.${name}`)!,
          notes.tolerances[`after${step}`].rtol,
        );
      }
    }
  }
  return errors;
}
