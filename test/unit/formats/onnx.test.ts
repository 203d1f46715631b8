import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, test } from 'vitest';
import type { StreamState } from '../../../src/engine/backbone/backbone.ts';
import { movinetToOnnx, onnxStreamBuffers } from '../../../src/engine/backbone/movinet-onnx.ts';
import { A0_STREAM, MoViNet, randomWeights, type MoViNetPlan } from '../../../src/engine/backbone/movinet.ts';
import { OnnxGraph } from '../../../src/engine/formats/onnx.ts';
import { Random } from '../../../src/engine/random.ts';

ort.env.wasm.numThreads = 1; // threads would outlive the test

/** The exported network, fed a stream of channels-last frames. */
class Exported {
  readonly #plan: MoViNetPlan;
  readonly #session: ort.InferenceSession;
  #state: Record<string, ort.Tensor>;

  private constructor(plan: MoViNetPlan, session: ort.InferenceSession) {
    this.#plan = plan;
    this.#session = session;
    this.#state = Object.fromEntries(
      onnxStreamBuffers(plan).map(({ input, shape }) => [
        input,
        new ort.Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape),
      ]),
    );
  }

  static async open(plan: MoViNetPlan, seed: number): Promise<Exported> {
    const bytes = movinetToOnnx(plan, randomWeights(plan, new Random(seed)));
    return new Exported(plan, await ort.InferenceSession.create(bytes));
  }

  async run(frames: tf.Tensor4D): Promise<{ vectors: ort.Tensor; maps: ort.Tensor }> {
    const [count, size] = frames.shape;
    const turned = tf.tidy(() => tf.transpose(frames, [0, 3, 1, 2]));
    const values = (await turned.data()) as Float32Array;
    turned.dispose();
    const input = new ort.Tensor('float32', values, [count, 3, size, size]);
    const output = await this.#session.run({ frames: input, ...this.#state });
    this.#state = Object.fromEntries(
      onnxStreamBuffers(this.#plan).map(({ input, output: name }) => [input, output[name]]),
    );
    return { vectors: output.vectors, maps: output.maps };
  }
}

const framesOf = (plan: MoViNetPlan, count: number): tf.Tensor4D => {
  const random = new Random(1);
  const { inputSize: size } = plan;
  return tf.tensor4d(
    Float32Array.from({ length: count * size * size * 3 }, () =>
      Math.min(1, Math.abs(0.4 * random.normal())),
    ),
    [count, size, size, 3],
  );
};

const values = ({ data }: ort.Tensor) => data as Float32Array;

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

beforeAll(() => tf.setBackend('wasm'));

describe('the network in ONNX Runtime is the network here', () => {
  // A side that is even is padded at one end only by a stride of 2, an odd one at both: 172 meets both on its way.
  test.each([
    ['A0 at its own size', A0_STREAM],
    ['odd sides', { ...A0_STREAM, inputSize: 33 }],
    ['even sides', { ...A0_STREAM, inputSize: 64 }],
  ])('%s', { timeout: 60_000 }, async (_, plan) => {
    const network = new MoViNet(plan, randomWeights(plan, new Random(0)));
    const frames = framesOf(plan, 4);
    const { vectors, maps, state } = network.forward(frames);
    const exported = await (await Exported.open(plan, 0)).run(frames);
    const turned = tf.transpose(maps, [0, 3, 1, 2]);
    expect(exported.vectors.dims).toEqual(vectors.shape);
    expect(exported.maps.dims).toEqual(turned.shape);
    expect(furthest(values(exported.vectors), await vectors.data())).toBeLessThan(1e-4);
    expect(furthest(values(exported.maps), await turned.data())).toBeLessThan(1e-4);
    tf.dispose([frames, vectors, maps, turned, state]);
    network.dispose();
  });

  test('a stream in two pieces is the stream in one', { timeout: 60_000 }, async () => {
    const frames = framesOf(A0_STREAM, 4);
    const whole = values((await (await Exported.open(A0_STREAM, 0)).run(frames)).vectors);
    const [first, second] = tf.split(frames, 2) as tf.Tensor4D[];
    const stream = await Exported.open(A0_STREAM, 0);
    const pieces = [(await stream.run(first)).vectors, (await stream.run(second)).vectors].map(values);
    expect(furthest([...pieces[0], ...pieces[1]], whole)).toBeLessThan(1e-5);
    // The second piece alone would be another: the past must have counted.
    const alone = values((await (await Exported.open(A0_STREAM, 0)).run(second)).vectors);
    expect(furthest(alone, pieces[1])).toBeGreaterThan(1e-3);
    tf.dispose([frames, first, second]);
  });

  test('both remember the same past', { timeout: 60_000 }, async () => {
    const network = new MoViNet(A0_STREAM, randomWeights(A0_STREAM, new Random(0)));
    const exported = await Exported.open(A0_STREAM, 0);
    const frames = framesOf(A0_STREAM, 4);
    let state: StreamState | undefined;
    for (const frame of tf.split(frames, 4) as tf.Tensor4D[]) {
      const output = network.forward(frame, state);
      state = output.state;
      const { vectors } = await exported.run(frame);
      expect(furthest(values(vectors), await output.vectors.data())).toBeLessThan(1e-4);
      tf.dispose([frame, output.vectors, output.maps]);
    }
    tf.dispose([frames, ...(state ?? [])]);
    network.dispose();
  });

  test('weights of another network are refused by name', () => {
    const weights = randomWeights(A0_STREAM, new Random(0));
    weights.set('head.bias', { shape: [479], values: new Float32Array(479) });
    expect(() => movinetToOnnx(A0_STREAM, weights)).toThrow(/"head.bias" is \[479\] and should be \[480\]/);
  });
});

test('a graph of one node runs, with numbers below zero and a length that is not known', async () => {
  const graph = new OnnxGraph('last');
  const x = graph.input('x', ['N']);
  const [from, to] = [graph.integers('from', [-2]), graph.integers('to', [2 ** 40])];
  graph.output(graph.node('Slice', 'y', [x, from, to]), ['M']);
  const session = await ort.InferenceSession.create(graph.toBytes());
  for (const length of [2, 300]) {
    const { y } = await session.run({
      x: new ort.Tensor(
        'float32',
        Float32Array.from({ length }, (_, i) => i),
        [length],
      ),
    });
    expect([...values(y)]).toEqual([length - 2, length - 1]);
  }
});
