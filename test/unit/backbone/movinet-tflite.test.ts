import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Classifier, topClasses } from '../../../src/engine/backbone/classifier.ts';
import { movinetFromTflite } from '../../../src/engine/backbone/movinet-tflite.ts';
import { A0_STREAM, randomWeights } from '../../../src/engine/backbone/movinet.ts';
import { Failure } from '../../../src/engine/failure.ts';
import { readSafetensors } from '../../../src/engine/formats/safetensors.ts';
import {
  readTflite,
  type TfliteModel,
  type TfliteOperator,
  type TfliteTensor,
} from '../../../src/engine/formats/tflite.ts';
import { Random } from '../../../src/engine/random.ts';
import type { NumericArray } from '../../../src/engine/types.ts';
import { readShared, sharedIsHere } from '../../shared.ts';

const FOLDER = 'weights/movinet-a0-stream';
const original = async () => (await readShared(`${FOLDER}/movinet_a0_stream_int8.tflite`))!;
const tensorsOf = async (file: string) => readSafetensors((await readShared(`${FOLDER}/${file}`))!).tensors;

/** A graph as the reader returns it, put together operator by operator. */
class Graph implements TfliteModel {
  readonly name = 'graph.tflite';
  readonly tensors: TfliteTensor[] = [];
  readonly operators: TfliteOperator[] = [];

  #tensor(shape: readonly number[], values?: Float32Array): number {
    const isConstant = values !== undefined;
    const tensor = { name: '', type: 'float32' as const, quantisation: null };
    return this.tensors.push({ ...tensor, shape: [...shape], isConstant, values: () => values! }) - 1;
  }

  /** The output of an operator on `input` and constants. */
  add(kind: string, input: number, ...constants: NumericArray[]): number {
    const weights = constants.map(({ shape, values }) => this.#tensor(shape, values));
    const output = this.#tensor([1]);
    this.operators.push({ kind, inputs: [input, ...weights], outputs: [output] });
    return output;
  }
}

/** `[height,width,inputs,outputs]` to `[outputs,height,width,inputs]`. */
function lastAxisFirst({ shape, values }: NumericArray): NumericArray {
  const outputs = shape[shape.length - 1];
  const count = values.length / outputs;
  const moved = values.map((_, i) => values[(i % count) * outputs + Math.floor(i / count)]);
  return { shape: [outputs, ...shape.slice(0, -1)], values: moved };
}

/** Number by number, because `toEqual` takes seconds over so many. */
function expectSame(found: NumericArray, expected: NumericArray, name: string): void {
  expect(found.shape, name).toEqual(expected.shape);
  expect(
    found.values.every((value, i) => value === expected.values[i]),
    name,
  ).toBe(true);
}

const zeros = (...shape: number[]): NumericArray => ({
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

/** The graph of the network, the skip of a block before or after the rest of it. */
function graphOf(weights: Map<string, NumericArray>, skipFirst: boolean): { graph: Graph; head: number } {
  const graph = new Graph();
  const convolution = (kind: string, input: number, name: string) =>
    graph.add(kind, input, lastAxisFirst(weights.get(`${name}.weight`)!), weights.get(`${name}.bias`)!);
  let x = convolution('CONV_2D', graph.add('QUANTIZE', 0), 'stem');
  A0_STREAM.stages.forEach(({ blocks, width }, s) =>
    blocks.forEach(({ stride, frames }, b) => {
      const name = `blocks.${s}.${b}`;
      const block = graph.add('RESHAPE', x);
      const skip = () =>
        convolution('CONV_2D', graph.add('AVERAGE_POOL_2D', graph.add('RESHAPE', x)), `${name}.skip`);
      if (stride === 2 && skipFirst) skip();
      let h = convolution('CONV_2D', block, `${name}.expand`);
      h = convolution('DEPTHWISE_CONV_2D', h, `${name}.spatial`);
      if (frames > 1) h = convolution('DEPTHWISE_CONV_2D', graph.add('CONCATENATION', h), `${name}.temporal`);
      h = graph.add('RESHAPE', convolution('CONV_2D', graph.add('RESHAPE', h), `${name}.project`));
      const scale = weights.get(`${name}.scale`)!.values;
      const pixels = {
        shape: [1, 1, 2, 2, width],
        values: Float32Array.of(...scale, ...scale, ...scale, ...scale),
      };
      h = graph.add('MUL', h, pixels);
      if (stride === 2 && !skipFirst) skip();
      x = graph.add('ADD', h);
    }),
  );
  const head = graph.add('BUILTIN 74', convolution('CONV_2D', x, 'head'));
  return { graph, head: graph.add('MUL', head, zeros(1, 480)) };
}

describe('a graph of the network, without the file', () => {
  const weights = randomWeights(A0_STREAM, new Random(1));

  test.each([true, false])('gives back its weights by name (skip first: %s)', (skipFirst) => {
    const { backbone, classifier } = movinetFromTflite(graphOf(weights, skipFirst).graph);
    expect([...backbone.keys()]).toEqual([...weights.keys()]);
    for (const [name, array] of weights) expectSame(backbone.get(name)!, array, name);
    expect(classifier).toBeNull();
  });

  test('gives its classifier too, whatever the number of classes', () => {
    const { graph, head } = graphOf(weights, true);
    const hidden = { shape: [4, 1, 1, 480], values: Float32Array.from({ length: 4 * 480 }, (_, i) => i) };
    graph.add('CONV_2D', graph.add('CONV_2D', head, hidden, zeros(4)), zeros(3, 1, 1, 4), zeros(3));
    const classifier = movinetFromTflite(graph).classifier!;
    expect([...classifier].map(([name, { shape }]) => [name, shape])).toEqual([
      ['hidden.weight', [480, 4]],
      ['hidden.bias', [4]],
      ['logits.weight', [4, 3]],
      ['logits.bias', [3]],
    ]);
    expect([...classifier.get('hidden.weight')!.values.subarray(0, 5)]).toEqual([0, 480, 960, 1440, 1]);
  });

  test.each<[string, (graph: Graph, head: number) => void, RegExp]>([
    ['no layers', (graph) => graph.operators.splice(0), /it has no "stem"/],
    ['no head', (graph) => graph.operators.splice(-3), /it has no "head"/],
    [
      'one layer more',
      (graph) => graph.add('DEPTHWISE_CONV_2D', 1, zeros(1, 3, 3, 8)),
      /layers that the network has not \(1\)/,
    ],
    [
      'half a classifier',
      (graph, head) => graph.add('CONV_2D', head, zeros(2, 1, 1, 480)),
      /1 layers and should/,
    ],
    [
      'a classifier that does not fit',
      (graph, head) => {
        const hidden = graph.add('CONV_2D', head, zeros(2, 1, 1, 479), zeros(2));
        graph.add('CONV_2D', hidden, zeros(2, 1, 1, 2), zeros(2));
      },
      /"hidden.weight" is \[1,1,479,2\] and should be \[1,1,480,2\]/,
    ],
    ['no bias', (graph) => graph.operators[1].inputs.pop(), /"stem.bias" is not a constant/],
    [
      'another width',
      (graph) => (graph.tensors[graph.operators[1].inputs[1]].shape = [16, 3, 3, 3]),
      /"stem.weight" is \[3,3,3,16\] and should be \[3,3,3,8\]/,
    ],
    [
      'scales that differ from pixel to pixel',
      (graph) => {
        const { inputs } = graph.operators.find(({ kind }) => kind === 'MUL')!;
        graph.tensors[inputs[1]].values()[9] = 7;
      },
      /"blocks.0.0.scale" differs/,
    ],
  ])('%s: it is another network', (_, change, reason) => {
    const { graph, head } = graphOf(weights, true);
    change(graph, head);
    expect(() => movinetFromTflite(graph)).toThrow(reason);
    expect(() => movinetFromTflite(graph)).toThrow(/^graph\.tflite: This is not MoViNet-A0-Stream/);
    expect(() => movinetFromTflite(graph)).toThrow(Failure);
  });
});

describe.skipIf(!sharedIsHere)('the model as it was published', () => {
  test('has the weights of the float32 backbone, to the bit', async () => {
    const { backbone } = movinetFromTflite(readTflite(await original()));
    const expected = await tensorsOf('backbone.safetensors');
    expect([...backbone.keys()]).toEqual([...expected.keys()]);
    for (const [name, { shape, values }] of expected) {
      expect(backbone.get(name)!.shape).toEqual(shape);
      expect(
        values.every((value, i) => value === backbone.get(name)!.values[i]),
        name,
      ).toBe(true);
    }
  });

  test('has the weights of the classifier, whose safetensors file keeps half precision', async () => {
    const classifier = movinetFromTflite(readTflite(await original())).classifier!;
    const expected = await tensorsOf('classifier.safetensors');
    expect([...classifier.keys()]).toEqual([...expected.keys()]);
    for (const [name, { shape, values }] of expected) {
      expect(classifier.get(name)!.shape).toEqual(shape);
      const isRounded = (half: number, i: number) => {
        const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(half))), -14) - 10);
        return Math.abs(half - classifier.get(name)!.values[i]) <= unit / 2;
      };
      expect(values.every(isRounded), name).toBe(true);
    }
  });

  test('with bytes changed gives weights or a Failure', { timeout: 20_000 }, async () => {
    const whole = await original();
    const random = new Random(0).stream('flips');
    for (let round = 0; round < 30; round++) {
      const damaged = whole.slice();
      for (let flip = 0; flip < 10; flip++) damaged[random.below(whole.length)] ^= 1 + random.below(255);
      try {
        movinetFromTflite(readTflite(damaged));
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
      }
    }
  });
});

describe('the classifier', () => {
  const small = new Map<string, NumericArray>([
    ['hidden.weight', { shape: [2, 2], values: Float32Array.of(1, 0, 0, 100) }],
    ['hidden.bias', { shape: [2], values: Float32Array.of(-1, 0) }],
    ['logits.weight', { shape: [2, 3], values: Float32Array.of(1, 0, 0, 0, 0, 1) }],
    ['logits.bias', { shape: [3], values: Float32Array.of(0, 0.5, 0) }],
  ]);

  test('is two dense layers with ReLU6 between, and leaves nothing behind', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    const classifier = new Classifier(small);
    expect([classifier.featureSize, classifier.classes]).toEqual([2, 3]);
    const vectors = tf.tensor2d([3, 1, 0, 0], [2, 2]);
    const logits = classifier.opinions(vectors);
    expect(await logits.array()).toEqual([
      [2, 0.5, 6],
      [0, 0.5, 0],
    ]);
    const [first, second] = await topClasses(logits, ['run', 'walk', 'fall'], 2);
    expect(first.map(({ name }) => name)).toEqual(['fall', 'run']);
    expect(first[0].probability).toBeCloseTo(Math.exp(6) / (Math.exp(6) + Math.exp(2) + Math.exp(0.5)), 6);
    expect(second.map(({ name }) => name)).toEqual(['walk', 'run']);
    await expect(topClasses(logits, ['run'], 2)).rejects.toThrow(/1 names for 3 classes/);
    tf.dispose([vectors, logits]);
    classifier.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each<[string, NumericArray | null, RegExp]>([
    ['logits.bias', null, /"logits.bias" is missing/],
    ['hidden.weight', zeros(1, 1, 2, 2), /"hidden.weight" is \[1,1,2,2\] and should be \[1,2\]/],
    ['logits.weight', zeros(3, 3), /"logits.weight" is \[3,3\] and should be \[2,3\]/],
  ])('refuses another %s', (name, array, reason) => {
    const weights = new Map(small);
    if (array) weights.set(name, array);
    else weights.delete(name);
    expect(() => new Classifier(weights)).toThrow(reason);
  });
});

describe.skipIf(!sharedIsHere).each(['cpu', 'wasm'])('the published classifier on %s', (backend) => {
  let vectors: tf.Tensor2D;
  beforeEach(async () => {
    await tf.setBackend(backend);
    vectors = runningMean((await tensorsOf('reference.safetensors')).get('pool480')!);
  });
  afterEach(() => vectors.dispose());

  test.each([
    ['movinet_a0_stream_int8.tflite', 1e-4],
    ['classifier.safetensors', 1e-2],
  ])('agrees with the reference, weights of %s', { timeout: 20_000 }, async (file, tolerance) => {
    const weights = file.endsWith('.tflite')
      ? movinetFromTflite(readTflite(await original())).classifier!
      : await tensorsOf(file);
    const classifier = new Classifier(weights);
    const logits = classifier.opinions(vectors);
    const found = await logits.data();
    const expected = (await tensorsOf('reference.safetensors')).get('logits')!.values;
    const worst = expected.reduce((max, value, i) => Math.max(max, Math.abs(value - found[i])), 0);
    expect(worst).toBeLessThan(tolerance);
    const labels = new TextDecoder().decode((await readShared(`${FOLDER}/kinetics600_label_map.txt`))!);
    const names = labels.trim().split('\n');
    const last = (await topClasses(logits, names, 3))[12];
    expect(last[0].name).toBe('jumping jacks');
    expect(last[0].probability).toBeGreaterThan(0.99);
    logits.dispose();
    classifier.dispose();
  });
});

/** The reference keeps the vector of each frame; its classifier read their mean so far. */
function runningMean({ shape: [frames, size], values }: NumericArray): tf.Tensor2D {
  const sum = new Float64Array(size);
  const means = values.map((value, i) => (sum[i % size] += value) / (Math.floor(i / size) + 1));
  return tf.tensor2d(means, [frames, size]);
}
