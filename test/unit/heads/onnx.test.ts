import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, test } from 'vitest';
import { measureScale, normalise } from '../../../src/engine/features/bags.ts';
import type { BagConfig } from '../../../src/engine/features/bags.fields.ts';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { resolveConfig, type Config } from '../../../src/engine/heads/config.fields.ts';
import { scoring, type Parameters } from '../../../src/engine/heads/head.ts';
import { headToOnnx } from '../../../src/engine/heads/onnx.ts';
import { Random } from '../../../src/engine/random.ts';
import type { NumericArray } from '../../../src/engine/types.ts';

ort.env.wasm.numThreads = 1; // threads would outlive the test
beforeAll(() => tf.setBackend('cpu'));

const D = 40;
const random = new Random(8);
const video = (snippets: number): NumericArray => ({
  shape: [snippets, D],
  values: Float32Array.from({ length: snippets * D }, () => Math.abs(random.normal())),
});

/** Weights that training might have left: running statistics and norms that are not their first values. */
function weightsOf(head: string, config: Config): Parameters {
  const weights = headById(head).init(config, { features: D }, new Random(2));
  for (const [name, { values }] of weights)
    weights
      .get(name)!
      .values.set(
        values.map((value) =>
          name.endsWith('running_var') ? 0.5 + random.uniform() : value + 0.2 * random.normal(),
        ),
      );
  return weights;
}

/** Small layers: what is checked is the graph. */
const HEADS: [string, Record<string, unknown>][] = [
  ['sultani', { hidden1: 16 }],
  ['sultani', { hidden1: 16, normalise: 'standard-l2' }],
  ['rtfm', { hidden1: 16, hidden2: 8 }],
  ['rtfm', { hidden1: 16, hidden2: 8, normalise: 'standard' }],
  ['gcn', { hidden1: 16, hidden2: 8, classifier: 12 }],
  ['wsal', { hidden1: 16, hidden2: 12, context: 10, network: 'paper' }],
  ['wsal', { hidden1: 16, hidden2: 12, context: 10, network: 'paper', semantics: false, border: 'mirror' }],
  ['wsal', { hidden1: 16, hidden2: 12, network: 'code' }],
  ['mgfn', { network: 'paper' }],
  ['mgfn', { network: 'paper', structure: 'FF', focus: 'temporal' }],
  ['mgfn', { network: 'paper', structure: 'GF_fusion', width1: 6, width2: 6, focus: 'all' }],
  [
    'mgfn',
    { network: 'code', stage1: 8, stage2: 16, stage3: 16, headSize: 8, depth1: 1, depth2: 1, depth3: 1 },
  ],
  ['salient', {}],
  ['salient', { attend: false }],
];

describe('in ONNX Runtime a head scores as it does here', { timeout: 60_000 }, () => {
  test.each(HEADS)('%s %o', async (id, overrides) => {
    const head = headById(id);
    const config = resolveConfig(head.card, undefined, overrides) as Config & BagConfig;
    const parameters = weightsOf(id, config);
    const scale = measureScale([video(50)]);
    const trained = { head: id, config, parameters, scale, features: D };
    const session = await ort.InferenceSession.create(await headToOnnx(trained, {}));
    for (const length of [2, 5, 32, 77]) {
      const features = video(length);
      const expected = await here(trained, features);
      const { scores } = await session.run({
        features: new ort.Tensor('float32', features.values, [length, D]),
      });
      expect(scores.dims).toEqual([length]);
      expect(furthest(scores.data as Float32Array, expected)).toBeLessThan(1e-5);
      if (id !== 'salient' && length > 2) expect(new Set(expected).size).toBeGreaterThan(1);
    }
  });

  test('behind an LSTM, for bags of one length', async () => {
    const config = resolveConfig(headById('salient').card, undefined, {
      recurrent: true,
      lstmUnits: 5,
      split: 9,
    });
    const trained = {
      head: 'salient',
      config,
      parameters: weightsOf('salient', config),
      scale: null,
      features: D,
    };
    const session = await ort.InferenceSession.create(await headToOnnx(trained, {}));
    const features = video(9);
    const { scores } = await session.run({ features: new ort.Tensor('float32', features.values, [9, D]) });
    expect(furthest(scores.data as Float32Array, await here(trained, features))).toBeLessThan(1e-5);
  });
});

test('a head that reads maps says that it is not written', async () => {
  const config = resolveConfig(headById('gig').card);
  const parameters = headById('gig').init(config, { features: D, classes: 1 }, new Random(0));
  const trained = { head: 'gig', config, parameters, scale: null, features: D };
  await expect(headToOnnx(trained, {})).rejects.toThrow(/reads feature maps/);
});

test('recording leaves nothing behind', { timeout: 60_000 }, async () => {
  const config = resolveConfig(headById('rtfm').card);
  const trained = { head: 'rtfm', config, parameters: weightsOf('rtfm', config), scale: null, features: D };
  const { runKernel } = tf.engine();
  const { numTensors } = tf.memory();
  await headToOnnx(trained, {});
  expect(tf.memory().numTensors).toBe(numTensors);
  expect(tf.engine().runKernel).toBe(runKernel);
});

/** The scores of a video as one bag, by the way that scoring takes. */
async function here(
  {
    head,
    config,
    parameters,
    scale,
  }: { head: string; config: Config; parameters: Parameters; scale: ReturnType<typeof measureScale> | null },
  features: NumericArray,
): Promise<Float32Array> {
  const { values } = normalise(features, (config as Config & BagConfig).normalise, scale);
  const segments = tf.tensor4d(values, [1, 1, ...(features.shape as [number, number])]);
  const tensors = Object.fromEntries(
    [...parameters].map(([name, { values, shape }]) => [name, tf.tensor(values, [...shape])]),
  );
  const { scores } = headById(head).forward(tensors, { segments, normal: 1, anomalous: 0 }, config, scoring);
  return Float32Array.from(await scores.data());
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
}
