/**
 * A trained head as an ONNX graph, for other runtimes: features in as `NAME.npy` has them, scores out. The graph is
 * what the head did to two made-up videos of different lengths, so that every head is written by the same rules; what
 * differs between the two is the length, which stays open in the graph.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../failure.ts';
import type { FeatureScale } from '../features/bags.ts';
import type { BagConfig } from '../features/bags.fields.ts';
import { OnnxGraph } from '../formats/onnx.ts';
import type { Config } from './config.fields.ts';
import { headById } from './catalogue.ts';
import { scoring, type Parameters, type ParameterTensors } from './head.ts';
import { LSTM_GATES } from './lstm.ts';
import { norm } from './parts.ts';
import { recordTape } from './tape.ts';
import { writeTape } from './tape-onnx.ts';

export interface TrainedHead {
  head: string;
  config: Config;
  parameters: Parameters;
  /** What `standard` normalisation subtracts and divides by. */
  scale: FeatureScale | null;
  /** D */
  features: number;
}

/** Lengths of the made-up videos; two primes, so that what depends on the length is seen to. */
const LENGTHS = [11, 13] as const;

/**
 * Input `features` `[T,D]`, float32, not normalised; output `scores` `[T]`, 0..1. T is any number of snippets, of one
 * crop; of a head that scores bags, the snippets of a bag. Behind an LSTM, T is fixed.
 * @param metadata what the file says of itself
 * @throws Failure `config-invalid` for heads that read maps or tubes
 */
export async function headToOnnx(
  trained: TrainedHead,
  metadata: Record<string, string>,
): Promise<Uint8Array<ArrayBuffer>> {
  const graph = new OnnxGraph(trained.head);
  const length = await addHead(graph, trained, { before: '' });
  graph.describe({
    ...metadata,
    head: trained.head,
    config: JSON.stringify(trained.config),
    length: String(length),
  });
  return graph.toBytes();
}

/**
 * Adds a head to a graph.
 * @param place what adds its features for so many snippets and returns their name, the input `features` if not told;
 *   `before` is put in front of the head's own names
 * @returns T, or the name of it where it stays open
 */
export async function addHead(
  graph: OnnxGraph,
  trained: TrainedHead,
  place: { before: string; input?: (length: number | string) => string },
): Promise<number | string> {
  const { card } = headById(trained.head);
  if (card.input)
    throw new Failure({
      code: 'config-invalid',
      subject: card.title,
      what: `This head reads ${card.input === 'maps' ? 'feature maps' : 'tubes'}; only heads that read a feature for each snippet are written as ONNX.`,
      next: 'Save its weights, or the whole run, instead.',
    });
  const parameters = Object.fromEntries(
    [...trained.parameters].map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
  );
  try {
    const record = async (length: number) => ({
      length,
      tape: await recordHead(trained, parameters, length),
    });
    const open = [await record(LENGTHS[0]), await record(LENGTHS[1])];
    const fixed = Number(trained.config.split ?? trained.config.segments);
    const input = place.input ?? ((length) => graph.input('features', [length, trained.features]));
    const scores =
      writeTape(graph, open, input, place.before) ??
      writeTape(graph, [await record(fixed)], input, place.before)!;
    graph.output(graph.node('Identity', 'scores', [scores.output]), [scores.length]);
    return scores.length;
  } finally {
    tf.dispose(parameters);
  }
}

/** What the head does to a video of so many snippets, from features as they come to scores. */
async function recordHead(
  { head: id, config, scale, features }: TrainedHead,
  parameters: ParameterTensors,
  length: number,
) {
  const head = headById(id);
  // What depends on the numbers themselves, and not only on how many there are, would show as a difference.
  const x = tf.randomUniform([length, features], -1, 1, 'float32', length);
  try {
    return await withoutOwnKernels(() =>
      recordTape(
        (x) => {
          const seen = normalised(x, config as Config & BagConfig, scale);
          const segments = tf.reshape(seen, [1, 1, length, features]) as tf.Tensor4D;
          const { scores } = head.forward(parameters, { segments, normal: 1, anomalous: 0 }, config, scoring);
          return tf.reshape(scores, [length]);
        },
        x,
        parameters,
      ),
    );
  } finally {
    x.dispose();
  }
}

/** As `normalise` does it to arrays. */
function normalised(x: tf.Tensor, { normalise }: BagConfig, scale: FeatureScale | null): tf.Tensor {
  const isScaled = normalise === 'standard' || normalise === 'standard-l2';
  if (isScaled && !scale)
    throw new Failure({ code: 'data-missing', what: 'The run lacks the scale of its features.' });
  const scaled = isScaled ? tf.div(tf.sub(x, tf.tensor1d(scale!.mean)), tf.tensor1d(scale!.deviation)) : x;
  if (normalise !== 'l2' && normalise !== 'standard-l2') return scaled;
  return tf.div(scaled, tf.maximum(tf.expandDims(norm(scaled), 1), SMALLEST));
}

/** No length of a feature is smaller, but 0, which stays 0. */
const SMALLEST = 1e-30;

/** Runs in operations that every runtime has, also where this device has a kernel of its own. */
async function withoutOwnKernels<T>(work: () => Promise<T>): Promise<T> {
  const own = tf.getKernel(LSTM_GATES, tf.getBackend());
  if (!own) return work();
  tf.unregisterKernel(LSTM_GATES, tf.getBackend());
  try {
    return await work();
  } finally {
    tf.registerKernel(own);
  }
}
