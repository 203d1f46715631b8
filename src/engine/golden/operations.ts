/** A fixture of one operation and its gradient: ours takes the fixture's inputs and gives its outputs. */
import * as tf from '@tensorflow/tfjs-core';
import { scoring, type Mode, type ParameterTensors } from '../heads/head.ts';
import { biLstm } from '../heads/lstm.ts';
import { magnitudeDistance, selfAttentionalConvolution } from '../heads/mgfn.ts';
import { depthwise, focus, glance, rowDistance } from '../heads/mgfn-code.ts';
import { asBag, relate } from '../heads/mgpr.ts';
import {
  adjacentChange,
  batchNorm,
  binaryCrossEntropy,
  channelLayerNorm,
  cosine,
  firstMaxMask,
  gelu,
  layerNorm,
  maxFirst,
  padTime,
  selectTopK,
  temporalConv,
} from '../heads/parts.ts';
import { nonLocalProduct } from '../heads/rtfm.ts';
import { flatten } from '../heads/salient.ts';
import { rankingHinge } from '../heads/sultani.ts';
import { testDynamics } from '../heads/wsal-code.ts';
import { marginLoss, secondOrderVariation } from '../heads/wsal.ts';
import { tensor } from './adapter.ts';
import {
  below,
  gradientError,
  largestGradientOf,
  outputError,
  unknown,
  type Deviations,
  type Fixture,
  type Notes,
} from './fixture.ts';

interface OperationNotes extends Notes {
  kind: 'op';
  op: string;
  config: Record<string, number | string>;
  tolerances: Record<'outputs' | 'grads', { rtol: number; atol?: number }>;
}

export type OperationFixture = Fixture<OperationNotes>;

type Named = Record<string, tf.Tensor>;
type Operation = (inputs: Named, config: OperationNotes['config']) => Record<string, tf.Tensor | undefined>;

/** `[N,C,T]` to `[N,T,C]` and back. */
const turned = (x: tf.Tensor) => tf.transpose(x, [0, 2, 1]) as tf.Tensor3D;

/** The inputs as the weights of a layer `x`: `to_out_bias` is `x.to_out.bias`, `to_out` is `x.to_out.weight`. */
function layer(inputs: Named): ParameterTensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name.endsWith('_bias') ? `x.${name.slice(0, -5)}.bias` : `x.${name}.weight`,
      value,
    ]),
  );
}

const operations: Record<string, Operation> = {
  chln: ({ x, g, b }) => ({ y: turned(channelLayerNorm(turned(x), { 'x.g': g, 'x.b': b }, 'x')) }),

  layernorm: ({ x, weight, bias }) => ({ y: layerNorm(x, { 'x.weight': weight, 'x.bias': bias }, 'x') }),

  batchnorm({ x, ...own }) {
    const parameters = Object.fromEntries(Object.entries(own).map(([name, value]) => [`x.${name}`, value]));
    const remembered: Named = {};
    const training: Mode = {
      ...scoring,
      training: true,
      remember: (name, value) => (remembered[name] = tf.keep(value)),
    };
    return {
      y: turned(batchNorm(turned(x), parameters, 'x', training)),
      y_eval: turned(batchNorm(turned(x), parameters, 'x', scoring)),
      new_running_mean: remembered['x.running_mean'],
      new_running_var: remembered['x.running_var'],
    };
  },

  gelu: ({ x }) => ({ y: gelu(x) }),

  conv({ x, weight, bias }, { groups, dilation, padding_mode }) {
    const parameters: ParameterTensors = { 'x.weight': weight, ...(bias ? { 'x.bias': bias } : {}) };
    if (Number(groups) > 1) {
      const reach = (weight.shape[2]! - 1) / 2;
      const padded = padTime(turned(x), [reach, reach], 'zeros');
      return { y: turned(depthwise(padded, parameters, 'x', 1)) };
    }
    const options = {
      dilation: Number(dilation),
      padding: padding_mode === 'replicate' ? 'replicate' : 'zeros',
    } as const;
    return { y: turned(temporalConv(turned(x), parameters, 'x', options)) };
  },

  glance({ x, ...weights }, { heads, dim_head }) {
    const seen = glance(turned(x), layer(weights), 'x', Number(dim_head));
    const [rows, , length] = x.shape as [number, number, number];
    return {
      y: turned(seen.output),
      attention: tf.reshape(seen.weights!, [rows, Number(heads), length, length]),
    };
  },

  focus: ({ x, ...weights }, { dim_head }) => ({
    y: turned(focus(turned(x), layer(weights), 'x', Number(dim_head))),
  }),

  nonlocal_dot: ({ x, ...weights }) => ({ y: turned(nonLocalProduct(turned(x), layer(weights), 'x')) }),

  bilstm({ x, ...weights }) {
    const parameters = Object.fromEntries(
      Object.entries(weights).map(([name, value]) => [`x.${name}`, value]),
    );
    return { y: biLstm(x as tf.Tensor3D, parameters, 'x') };
  },

  topk({ magnitude, score }, { k }) {
    const choice = selectTopK(magnitude as tf.Tensor2D, Number(k)); // [B,k,T]
    const chosen = (x: tf.Tensor) => tf.sum(tf.mul(choice, tf.expandDims(x, 1)), 2);
    return { index: tf.argMax(choice, 2), value: chosen(magnitude), mean_score: tf.mean(chosen(score), 1) };
  },

  argmax: ({ x }) => ({
    value: maxFirst(x, 1),
    index: tf.argMax(firstMaxMask(x, 1), 1),
  }),

  sac: ({ x }, { mode, norm }) => ({
    y: turned(selfAttentionalConvolution(turned(x), mode as 'channel', norm === 'rms')),
  }),

  cosine: ({ a, b }) => ({
    cosine: cosine(a, b),
    adjacent: tf.squeeze(adjacentChange(tf.expandDims(a, 0) as tf.Tensor3D), [0]),
  }),

  variation({ z }) {
    const x = z as tf.Tensor3D;
    return {
      replicate: secondOrderVariation(x, 'replicate'),
      mirror: secondOrderVariation(x, 'mirror'),
      code_test: x.shape[1] > 1 ? testDynamics(adjacentChange(x)) : tf.zeros([x.shape[0], 1]),
    };
  },

  bce: ({ p, y }) => ({ loss: binaryCrossEntropy(p, y) }),

  contrastive({ u, v }, { margin }) {
    const distance = rowDistance(u as tf.Tensor2D, v as tf.Tensor2D);
    return {
      distance,
      same: tf.mean(tf.square(distance)),
      cross: tf.mean(tf.square(tf.relu(tf.sub(Number(margin), distance)))),
    };
  },

  mc({ normal, abnormal }) {
    const [a, b] = [normal, abnormal] as tf.Tensor2D[];
    return {
      same_pair: magnitudeDistance(a, b, 'same', 'pair'),
      cross_pair: magnitudeDistance(a, b, 'cross', 'pair'),
      mean: magnitudeDistance(a, b, 'same', 'mean'),
    };
  },

  attention_pool({ x, logit }) {
    const attention = tf.softmax(turned(logit)) as tf.Tensor3D; // [B,r,T]
    return {
      attention: turned(attention),
      pooled: flatten(tf.matMul(attention, x as tf.Tensor3D), false),
    };
  },

  mhsa({ x, wq, wk, wv }, { heads }) {
    const parameters = { 'tube.q.weight': wq, 'tube.k.weight': wk, 'tube.v.weight': wv };
    const bag = asBag(tf.expandDims(x, 0) as tf.Tensor3D);
    const config = { relation: 'attention', heads: Number(heads) } as const;
    const { related, weights } = relate(bag, parameters, 'tube', config);
    return { y: tf.squeeze(related, [0]), attention: tf.squeeze(weights!, [0]) };
  },

  ranking({ abnormal, normal }) {
    const [ofAnomalous, ofNormal] = [maxFirst(abnormal), maxFirst(normal)];
    const labels = { normal: ofNormal.size, anomalous: ofAnomalous.size };
    return {
      all_pairs: rankingHinge(ofNormal, ofAnomalous, 'all'),
      aligned: rankingHinge(ofNormal, ofAnomalous, 'aligned'),
      batch_mean: marginLoss(tf.concat([ofNormal, ofAnomalous]), labels, 1),
    };
  },
};

export async function checkOperation(fixture: OperationFixture): Promise<Deviations> {
  const { notes, tensors } = fixture;
  const operation = operations[notes.op];
  if (!operation) throw unknown(fixture, `the operation "${notes.op}"`);
  const inputs: Named = {};
  const cotangents: Named = {};
  for (const [name, array] of below(fixture, 'input.')) {
    if (name.startsWith('cot_')) cotangents[name.slice(4)] = tensor(array);
    else inputs[name] = tensor(array);
  }
  const errors: Deviations = {};
  const { outputs: allowed, grads } = notes.tolerances;
  const found = operation(inputs, notes.config);
  for (const [name, expected] of below(fixture, 'output.')) {
    const value = found[name];
    if (!value) continue; // told as a warning, not to be had
    errors[`output.${name}`] = outputError(await value.data(), expected, allowed.rtol, allowed.atol ?? 0);
  }
  const named = [...below(fixture, 'grad.').keys()];
  if (named.length === 0) return errors;
  const gradients = tf.grads((...values: tf.Tensor[]) => {
    const seen = { ...inputs, ...Object.fromEntries(named.map((name, i) => [name, values[i]])) };
    const outputs = operation(seen, notes.config);
    const products = Object.entries(cotangents).map(([name, cotangent]) =>
      tf.sum<tf.Scalar>(tf.mul(outputs[name]!, cotangent)),
    );
    // An input that no output depends on (a single segment does not vary) has gradient 0, not none.
    const unused = values.map((value) => tf.mul<tf.Scalar>(tf.sum(value), 0));
    return [...products, ...unused].reduce((sum, product) => tf.add<tf.Scalar>(sum, product));
  })(named.map((name) => inputs[name]));
  const largest = largestGradientOf(fixture);
  for (const [i, name] of named.entries()) {
    const expected = tensors.get(`grad.${name}`)!;
    errors[`grad.${name}`] = gradientError(await gradients[i].data(), expected, grads.rtol, largest, false);
  }
  return errors;
}
