import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, test } from 'vitest';
import { onnxStreamBuffers } from '../../../src/engine/backbone/movinet-onnx.ts';
import { A0_STREAM, MoViNet } from '../../../src/engine/backbone/movinet.ts';
import { RANDOM_BACKBONE, untrainedWeights } from '../../../src/engine/backbone/weights.ts';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { fullToOnnx } from '../../../src/engine/heads/full-onnx.ts';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { scoring } from '../../../src/engine/heads/head.ts';
import type { TrainedHead } from '../../../src/engine/heads/onnx.ts';
import { Random } from '../../../src/engine/random.ts';

ort.env.wasm.numThreads = 1; // threads would outlive the test
beforeAll(() => tf.setBackend('wasm'));

const { inputSize: SIZE, featureSize: D } = A0_STREAM;
const BUFFERS = onnxStreamBuffers(A0_STREAM);
const backbone = { entry: RANDOM_BACKBONE, weights: untrainedWeights() };

function trained(id: string, config: Record<string, unknown>): TrainedHead {
  const head = headById(id);
  const resolved = resolveConfig(head.card, undefined, config);
  const parameters = head.init(resolved, { features: D }, new Random(2));
  return { head: id, config: resolved, parameters, scale: null, features: D };
}

/** Six pictures, `[6,3,S,S]`. */
function pictures(): Float32Array {
  const random = new Random(1);
  return Float32Array.from({ length: 6 * 3 * SIZE * SIZE }, () =>
    Math.min(1, Math.abs(0.4 * random.normal())),
  );
}

/** Two snippets: of four pictures and of two. */
const POOLING = [
  [0.25, 0.25, 0.25, 0.25, 0, 0],
  [0, 0, 0, 0, 0.5, 0.5],
];

const tensor = (values: Float32Array, shape: number[]) => new ort.Tensor('float32', values, shape);

class Fed {
  readonly #session: ort.InferenceSession;
  #remembered: Record<string, ort.Tensor> = {
    earlier: tensor(new Float32Array(0), [0, D]),
    ...Object.fromEntries(
      BUFFERS.map(({ input, shape }) => [
        input,
        tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape),
      ]),
    ),
  };

  constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  async run(frames: Float32Array, pooling: number[][]) {
    const result = await this.#session.run({
      ...this.#remembered,
      frames: tensor(frames, [frames.length / (3 * SIZE * SIZE), 3, SIZE, SIZE]),
      pooling: tensor(Float32Array.from(pooling.flat()), [pooling.length, pooling[0].length]),
    });
    this.#remembered = {
      earlier: result.remembered,
      ...Object.fromEntries(BUFFERS.map(({ input, output }) => [input, result[output]])),
    };
    return result;
  }
}

const values = ({ data }: ort.Tensor) => Array.from(data as Float32Array);

describe('from pictures to scores in ONNX Runtime', { timeout: 90_000 }, () => {
  test.each([
    ['rtfm', { hidden1: 16, hidden2: 8 }],
    ['wsal', { hidden1: 16, hidden2: 12, context: 10, network: 'paper' }],
  ])('%s scores as it does here, at once and in two calls', async (id, config) => {
    const head = trained(id, config);
    const session = () =>
      fullToOnnx(head, backbone, 5, {}).then((bytes) => ort.InferenceSession.create(bytes));
    const whole = await new Fed(await session()).run(pictures(), POOLING);
    const expected = await here(head);
    expect(whole.features.dims).toEqual([2, D]);
    values(whole.features).forEach((value, i) =>
      expect(Math.abs(value - expected.features[i])).toBeLessThan(1e-4),
    );
    values(whole.scores).forEach((score, i) =>
      expect(Math.abs(score - expected.scores[i])).toBeLessThan(1e-5),
    );
    expect(new Set(expected.scores).size).toBe(2);

    const parts = new Fed(await session());
    const cut = 4 * 3 * SIZE * SIZE;
    await parts.run(pictures().subarray(0, cut), [POOLING[0].slice(0, 4)]);
    const last = await parts.run(pictures().subarray(cut), POOLING);
    expect(last.remembered.dims).toEqual([6, D]);
    values(last.scores).forEach((score, i) =>
      expect(Math.abs(score - expected.scores[i])).toBeLessThan(1e-5),
    );
  });
});

/** The same with the network and the head themselves. */
async function here({ head: id, config, parameters }: TrainedHead) {
  const network = new MoViNet(A0_STREAM, backbone.weights);
  const frames = tf.tidy(
    () => tf.transpose(tf.tensor4d(pictures(), [6, 3, SIZE, SIZE]), [0, 2, 3, 1]) as tf.Tensor4D,
  );
  const { vectors } = network.forward(frames);
  const features = tf.matMul(tf.tensor2d(POOLING), vectors);
  const tensors = Object.fromEntries(
    [...parameters].map(([name, { values, shape }]) => [name, tf.tensor(values, [...shape])]),
  );
  const segments = tf.reshape(features, [1, 1, 2, D]) as tf.Tensor4D;
  const { scores } = headById(id).forward(tensors, { segments, normal: 1, anomalous: 0 }, config, scoring);
  const result = { features: Array.from(await features.data()), scores: Array.from(await scores.data()) };
  network.dispose();
  return result;
}

test('the file says at which rate it is fed, and of a head that scores bags that it is one', async () => {
  const words = async (id: string, config: Record<string, unknown> = {}) =>
    new TextDecoder('latin1').decode(await fullToOnnx(trained(id, config), backbone, 2, {}));
  const salient = await words('salient', { inference: 'sliding', split: 4 });
  expect(salient).toContain('gives a bag of snippets one score');
  expect(salient).toMatch(/framesPerSecond[^\w]*2/);
  expect(await words('rtfm')).not.toContain('gives a bag of snippets one score');
});

describe('refused with the reason', () => {
  test('a backbone of another kind', async () => {
    const other = { ...backbone, entry: { ...RANDOM_BACKBONE, network: 'i3d' as const, title: 'I3D' } };
    await expect(fullToOnnx(trained('rtfm', {}), other, 5, {})).rejects.toThrow(
      /Only backbones of the MoViNet-A0 kind/,
    );
  });

  test('a head for other features', async () => {
    const head = { ...trained('rtfm', {}), features: 512 };
    await expect(fullToOnnx(head, backbone, 5, {})).rejects.toThrow(/have 480 numbers.*trained on 512/);
  });
});
