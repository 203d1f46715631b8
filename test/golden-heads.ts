/** The fixtures of every head that is built, run on one backend: the same checks in Node and in a browser. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Config } from '../src/engine/heads/config.fields.ts';
import { resolveConfig } from '../src/engine/heads/config.fields.ts';
import type { Batch, Head, Mode } from '../src/engine/heads/head.ts';
import { isBuffer, scoring } from '../src/engine/heads/head.ts';
import { rtfm } from '../src/engine/heads/rtfm.ts';
import { salient } from '../src/engine/heads/salient.ts';
import { sultani } from '../src/engine/heads/sultani.ts';
import { wsal } from '../src/engine/heads/wsal.ts';
import { weightedSum } from '../src/engine/training/step.ts';
import { makeOptimiser, type OptimiserSettings } from '../src/engine/training/optimisers.ts';
import {
  below,
  gradientError,
  largestGradientOf,
  outputError,
  readFixture,
  updateError,
  type Fixture,
} from './golden.ts';
import { sharedIsHere } from './shared.ts';

/** How a fixture's names map to ours. */
export interface Adapter {
  head: Head<never>;
  config(fixture: Fixture): Config;
  /** Bags, normal first; `order` where the fixture has another. */
  batch(fixture: Fixture): Batch & { order?: number[] };
  /** The fixture's dropout mask of a site, in the order of our batch. */
  mask(fixture: Fixture, site: string): tf.Tensor | null;
  /** Our outputs under the fixture's names. */
  outputs(output: Record<string, tf.Tensor | undefined>, normal: number): Record<string, tf.Tensor>;
}

export const tensor = ({ shape, values }: { shape: readonly number[]; values: Float32Array }) =>
  tf.tensor(values, [...shape]);

const sultaniAdapter: Adapter = {
  head: sultani as Head<never>,
  config: ({ notes: { config: c } }) =>
    resolveConfig(sultani.card, undefined, {
      hidden1: c.hidden1,
      hidden2: c.hidden2,
      dropout: c.dropout,
      pairing: c.pairing,
      lambdaSmooth: c.lambda_smooth,
      lambdaSparse: c.lambda_sparse,
      regulariser: c.regulariser,
      lambdaWeights: c.lambda_l2,
      learningRate: c.optimizer.lr,
      epsilon: c.optimizer.eps,
    }),
  batch: ({ tensors }) => {
    const [normal, anomalous] = [
      tensor(tensors.get('input.normal')!),
      tensor(tensors.get('input.abnormal')!),
    ];
    return {
      segments: tf.expandDims(tf.concat([normal, anomalous]), 1) as tf.Tensor4D,
      normal: normal.shape[0],
      anomalous: anomalous.shape[0],
    };
  },
  mask: ({ tensors }, site) => {
    const [normal, anomalous] = [tensors.get(`mask.${site}_normal`), tensors.get(`mask.${site}_abnormal`)];
    return normal && anomalous ? tf.expandDims(tf.concat([tensor(normal), tensor(anomalous)]), 1) : null;
  },
  outputs: (output, normal) => {
    const split = (x: tf.Tensor) => tf.split(x, [normal, x.shape[0] - normal]);
    const [scoresNormal, scoresAbnormal] = split(output.scores!);
    const [maxNormal, maxAbnormal] = split(output.bagScores!);
    const [argNormal, argAbnormal] = split(tf.argMax(output.chosen!, 1));
    return {
      scores_normal: scoresNormal,
      scores_abnormal: scoresAbnormal,
      max_normal: maxNormal,
      max_abnormal: maxAbnormal,
      argmax_normal: argNormal,
      argmax_abnormal: argAbnormal,
    };
  },
};

const salientAdapter: Adapter = {
  head: salient as Head<never>,
  config: ({ notes: { config: c } }) =>
    resolveConfig(salient.card, undefined, {
      attentionUnits: c.da,
      attentionRows: c.r,
      hidden: c.hidden,
      dropout: c.dropout,
      split: c.split,
      inference: 'split',
      learningRate: c.optimizer.lr,
    }),
  batch: ({ tensors }) => {
    // Our batches have normal bags first; the loss is a mean over bags, so their order changes nothing else.
    const labels = Array.from(tensors.get('input.y')!.values);
    const indices = labels.map((_, i) => i);
    const order = [...indices.filter((i) => labels[i] === 0), ...indices.filter((i) => labels[i] === 1)];
    const normal = labels.filter((label) => label === 0).length;
    const bags = tf.gather(tensor(tensors.get('input.x')!), tf.tensor1d(order, 'int32')); // [B,T,D]
    return {
      segments: tf.expandDims(bags, 1) as tf.Tensor4D,
      normal,
      anomalous: labels.length - normal,
      order,
    };
  },
  mask: (fixture, site) => {
    const mask = fixture.tensors.get(`mask.${site}`); // [B,T,r]; ours is [B,r,T]
    if (!mask) return null;
    const order = salientAdapter.batch(fixture).order!;
    return tf.transpose(tf.gather(tensor(mask), tf.tensor1d(order, 'int32')), [0, 2, 1]);
  },
  outputs: (output) => ({
    scores: output.bagScores!,
    attention: tf.transpose(output.attention!, [0, 2, 1]),
    pooled: output.pooled!,
    logit: output.logit!,
  }),
};

/** `input.normal` and `input.abnormal`, `[B,T,D]` or `[B,P,T,D]`, as one batch. */
export const twoHalves: Adapter['batch'] = ({ tensors }) => {
  const [normal, anomalous] = ['normal', 'abnormal'].map((half) => tensor(tensors.get(`input.${half}`)!));
  const bags = tf.concat([normal, anomalous]);
  return {
    segments: (bags.rank === 4 ? bags : tf.expandDims(bags, 1)) as tf.Tensor4D,
    normal: normal.shape[0],
    anomalous: anomalous.shape[0],
  };
};

/** Each of our outputs as two of the fixture's, the first `normal` rows and the rest. */
export function byHalf(outputs: Record<string, tf.Tensor | undefined>, normal: number) {
  const halves: Record<string, tf.Tensor> = {};
  for (const [name, value] of Object.entries(outputs)) {
    if (!value) continue;
    const [first, second] = tf.split(value, [normal, value.shape[0] - normal]);
    halves[`${name}_normal`] = first;
    halves[`${name}_abnormal`] = second;
  }
  return halves;
}

const rtfmAdapter: Adapter = {
  head: rtfm as Head<never>,
  config: ({ notes: { config: c } }) =>
    resolveConfig(rtfm.card, undefined, {
      reduction: Number(c.feature_dim) / Number(c.mid),
      hidden1: c.hidden1,
      hidden2: c.hidden2,
      dropout: c.dropout,
      topK: c.k,
      margin: c.margin,
      lambdaMagnitude: c.alpha,
      lambdaSmooth: c.lambda_smooth,
      lambdaSparse: c.lambda_sparse,
      learningRate: c.optimizer.lr,
      weightDecay: c.optimizer.weight_decay,
    }),
  batch: twoHalves,
  mask: ({ tensors }, site) => {
    const whole = tensors.get(`mask.${site}`);
    if (whole) return tensor(whole);
    const halves = ['normal', 'abnormal'].map((half) => tensors.get(`mask.${site}_${half}`));
    return halves[0] && halves[1] ? tf.concat(halves.map((half) => tensor(half!))) : null;
  },
  outputs: ({ scores, magnitudes, bagScores, choice }, normal) =>
    byHalf(
      {
        scores,
        magnitude: magnitudes,
        video_score: bagScores,
        topk: choice && tf.argMax(choice, 2),
      },
      normal,
    ),
};

const wsalAdapter: Adapter = {
  head: wsal as Head<never>,
  config: ({ notes: { config: c }, name }) => {
    const isCode = name.startsWith('wsal_code');
    return resolveConfig(wsal.card, undefined, {
      network: isCode ? 'code' : 'paper',
      hidden1: isCode ? c.hidden : c.hidden1,
      hidden2: isCode ? c.embed : c.hidden2,
      window: isCode ? (Number(c.kernel) - 1) / 2 : c.k,
      dropout: c.dropout,
      margin: c.margin,
      lambdaSparse: isCode ? c.lambda_sum : c.beta,
      learningRate: c.optimizer.lr,
      ...(isCode
        ? { lambdaSmooth: c.lambda_smooth }
        : {
            context: c.hce,
            border: c.variation_border,
            locationSign: c.location_sign,
            lambdaEnhance: c.lambda_enhance,
          }),
    });
  },
  batch: (fixture) => {
    const names = {
      noise: 'noise',
      pseudoNormal: 'pseudo_normal',
      pseudoAbnormal: 'pseudo_abnormal',
      pseudoMask: 'pseudo_mask',
      pseudoCoef: 'pseudo_coef',
      pseudoSource: 'pseudo_source',
    };
    const extras: Record<string, tf.Tensor> = {};
    for (const [own, name] of Object.entries(names)) {
      const array = fixture.tensors.get(`input.${name}`);
      if (array) extras[own] = tensor(array);
    }
    return { ...twoHalves(fixture), extras };
  },
  mask: ({ tensors }, site) => {
    const parts = ['normal', 'abnormal', 'noise', 'pseudo'].map((part) =>
      tensors.get(`mask.${site}_${part}`),
    );
    const present = parts.filter((part) => part !== undefined);
    return present.length > 0 ? tf.concat(present.map(tensor)) : null;
  },
  outputs: (output, normal) => {
    const { semantic, variation, scores, distance, noise, pseudo, pseudoFeatures } = output;
    const isCode = output.embedding !== undefined;
    const halves = byHalf(
      isCode
        ? { semantic, dynamic: variation, final: scores, distance }
        : { semantic, variation, final: scores },
      normal,
    );
    if (noise) halves.final_noise = noise;
    if (pseudo) Object.assign(halves, { final_pseudo: pseudo, pseudo_features: pseudoFeatures });
    return halves;
  },
};

const adapters: Record<string, Adapter> = {
  rtfm: rtfmAdapter,
  wsal: wsalAdapter,
  sultani: sultaniAdapter,
  salient: salientAdapter,
};

const cases = (method: string, names: string[]) =>
  names.map((name) => [`${method}_${name}`, method] as const);

export const headFixtures = [
  ...cases('sultani', [
    'code_base',
    'code_dropout',
    'code_one_plus_one',
    'code_one_segment',
    'code_constant_normal',
  ]),
  ...cases('sultani', [
    'paper_base',
    'paper_dropout',
    'paper_one_plus_one',
    'paper_one_segment',
    'paper_constant_normal',
  ]),
  ...cases('rtfm', [
    'code_base',
    'code_dropout',
    'code_small_margin',
    'code_short_video',
    'code_one_segment',
    'code_one_plus_one',
    'code_constant_normal',
  ]),
  ...cases('wsal', [
    'code_base',
    'code_dropout',
    'code_one_plus_one',
    'code_one_segment',
    'code_two_segments',
    'code_constant_normal',
    'paper_base',
    'paper_eq12_printed_sign',
    'paper_border_mirror',
    'paper_dropout',
    'paper_hinge_inactive',
    'paper_margin_only',
    'paper_one_plus_one',
    'paper_one_segment',
    'paper_constant_normal',
  ]),
  ...cases('salient', ['code_base', 'code_dropout', 'code_inference', 'code_one_segment', 'code_constant']),
];

/** Declares the tests of the given fixtures; `prepare` chooses the backend. */
export function describeHeadFixtures(
  backend: string,
  prepare: () => Promise<void>,
  fixtures: readonly (readonly [string, string])[] = headFixtures,
): void {
  describe.skipIf(!sharedIsHere)(`heads against PyTorch on ${backend}`, () => {
    test.each(fixtures)('%s', { timeout: 60_000 }, async (name, method) => {
      await prepare();
      expect(tf.getBackend()).toBe(backend);
      const fixture = await readFixture(name);
      const errors = await checkHead(fixture, adapters[method]);
      const failed = Object.entries(errors).filter(([, error]) => !(error <= 1));
      expect(failed, 'error in units of the tolerance').toEqual([]);
      expect(Object.keys(errors).length).toBeGreaterThan(5);
    });
  });
}

async function checkHead(fixture: Fixture, adapter: Adapter): Promise<Record<string, number>> {
  const { notes, tensors } = fixture;
  const errors: Record<string, number> = {};
  const config = adapter.config(fixture) as never;
  const { head } = adapter;
  const remembered: Record<string, tf.Tensor> = {};
  const mode: Mode = {
    training: true,
    remember: (name, value) => (remembered[name] = tf.keep(value)),
    dropout<T extends tf.Tensor>(x: T, _rate: number, site: string): T {
      const mask = adapter.mask(fixture, site);
      return mask ? (tf.mul(x, mask) as T) : x;
    },
  };
  const all = [...below(fixture, 'param.').keys()];
  const names = all.filter((name) => !isBuffer(name));
  const parameters = Object.fromEntries(all.map((name) => [name, tensor(tensors.get(`param.${name}`)!)]));
  const batch = adapter.batch(fixture);
  const inOurOrder = (x: tf.Tensor) => {
    if (!batch.order) return x;
    const inverse = batch.order.map((_, i) => batch.order!.indexOf(i));
    return tf.gather(x, tf.tensor1d(inverse, 'int32'));
  };

  const output = head.forward(parameters, batch, config, mode);
  for (const [name, value] of Object.entries(adapter.outputs(output, batch.normal))) {
    if (!tensors.has(`output.${name}`)) continue; // told of the inference mode only, or not at all
    const { rtol, atol } = notes.tolerances.outputs;
    errors[`output.${name}`] = outputError(
      await inOurOrder(value).data(),
      tensors.get(`output.${name}`)!,
      rtol,
      atol ?? 0,
    );
  }
  const evaluated = adapter.outputs(head.forward(parameters, batch, config, scoring), batch.normal);
  for (const [name, expected] of below(fixture, 'output.eval.')) {
    if (!(name in evaluated)) continue;
    errors[`output.eval.${name}`] = outputError(await evaluated[name].data(), expected, 2e-5, 1e-6);
  }
  const video = tensors.get('input.video');
  if (video) {
    const { scores } = await head.score(parameters, tensor(video) as tf.Tensor3D, config);
    errors['output.eval.snippet_scores'] = outputError(
      scores,
      tensors.get('output.eval.snippet_scores')!,
      2e-5,
      1e-6,
    );
  }

  const buffers = Object.fromEntries(all.filter(isBuffer).map((name) => [name, parameters[name]]));
  const loss = (values: tf.Tensor[]) => {
    const own = { ...buffers, ...Object.fromEntries(names.map((name, i) => [name, values[i]])) };
    return head.loss(head.forward(own, batch, config, mode), batch, config, own);
  };
  const terms = loss(names.map((name) => parameters[name]));
  for (const [name, expected] of Object.entries(notes.loss_terms)) {
    if (expected.weight === null && !terms[name]) continue; // told beside the loss, not part of it
    errors[`loss.${name}`] = Math.abs((await terms[name].value.data())[0] - expected.value) / expected.atol;
  }
  errors['loss.total'] =
    Math.abs((await weightedSum(terms).data())[0] - notes.loss_total) / notes.loss_total_atol;

  const gradientsOf = (values: tf.Tensor[]) =>
    tf.grads((...xs: tf.Tensor[]) => weightedSum(loss(xs)))(values);
  const isNull = (name: string) => notes.null_gradient_params.includes(name);
  if (notes.tolerances.grads) {
    const largest = largestGradientOf(fixture);
    const gradients = gradientsOf(names.map((name) => parameters[name]));
    for (const [i, name] of names.entries()) {
      const expected = tensors.get(`grad.${name}`)!;
      const { rtol } = notes.tolerances.grads;
      errors[`grad.${name}`] = gradientError(
        await gradients[i].data(),
        expected,
        rtol,
        largest,
        isNull(name),
      );
    }
  }

  const optimiser = makeOptimiser(head.optimiser(config) as OptimiserSettings);
  let values = names.map((name) => parameters[name]);
  let slots = values.map((value) => optimiser.slots.map(() => tf.zerosLike(value)));
  for (let step = 1; step <= Math.max(0, ...notes.steps); step++) {
    const updates = gradientsOf(values).map((gradient, i) =>
      optimiser.update(values[i], gradient, slots[i], step),
    );
    values = updates.map((update) => update.parameter);
    slots = updates.map((update) => update.slots);
    Object.assign(buffers, remembered);
    if (!notes.steps.includes(step)) continue;
    for (const [name, buffer] of Object.entries(buffers)) {
      const expected = tensors.get(`after${step}.${name}`)!;
      errors[`after${step}.${name}`] = outputError(await buffer.data(), expected, 1e-4, 0);
    }
    for (const [i, name] of names.entries()) {
      if (isNull(name)) continue;
      errors[`after${step}.${name}`] = updateError(
        await values[i].data(),
        tensors.get(`param.${name}`)!,
        tensors.get(`after${step}.${name}`)!,
        tensors.get(`grad.${name}`)!,
        notes.tolerances[`after${step}`].rtol,
      );
    }
  }
  return errors;
}
