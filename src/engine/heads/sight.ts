/**
 * Looking at heads that score a whole video in one forward pass: what they saw of it, and how one snippet came by its
 * score. Heads that go another way (bags, windows, branches) look for themselves, with the same pieces.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NumericArray } from '../types.ts';
import type { Config } from './config.fields.ts';
import {
  scoring,
  type HeadOutput,
  type Network,
  type ParameterTensors,
  type ScoreTrace,
  type Sight,
  type TracePart,
} from './head.ts';

type Forward<C extends Config> = Pick<Network<C>, 'forward'>;

/** @param curves outputs `[1,N]` that are curves of their own, by the name that the paper has for them */
export async function lookAtOnce<C extends Config>(
  network: Forward<C>,
  parameters: ParameterTensors,
  snippets: tf.Tensor3D,
  config: C,
  curves: Readonly<Record<string, string>> = {},
): Promise<Sight> {
  const [views, count] = snippets.shape;
  const { scores, magnitudes, attention, glance, ...others } = await seen(() => {
    const output = forwardWhole(network, parameters, snippets, config);
    const named = Object.entries(curves).map(([name, key]) => [`curve ${name}`, output[key]]);
    return {
      scores: output.scores,
      magnitudes: output.magnitudes,
      attention: output.attention && tf.squeeze(output.attention, [0]), // [r,N]
      // Rows are crop by crop, head by head: the mean over crops.
      glance: output.glance && tf.mean(tf.reshape(output.glance, [views, -1, count, count]), 0), // [H,N,N]
      ...Object.fromEntries(named),
    };
  });
  const found = Object.keys(curves)
    .filter((name) => others[`curve ${name}`])
    .map((name) => [name, others[`curve ${name}`]!.values]);
  return {
    scores: scores!.values,
    snippetsPerScore: 1,
    ...(magnitudes && { magnitudes: magnitudes.values }),
    ...(attention && { attention }),
    ...(glance && { glance }),
    ...(found.length > 0 && { curves: Object.fromEntries(found) }),
  };
}

/** Snippets as a head sees them, just before it scores them. */
export interface Hidden {
  /** `[N,E]`; null where the head has no such thing. */
  points: NumericArray | null;
  /** `[N]`, where the head argues about magnitudes. */
  magnitudes?: Float32Array;
}

/** What a head makes of every snippet of a video: mean over crops of what its last layer reads. */
export async function hiddenOf<C extends Config>(
  network: Pick<Network<C>, 'forward' | 'hidden'>,
  parameters: ParameterTensors,
  snippets: tf.Tensor3D,
  config: C,
): Promise<Hidden> {
  if (network.hidden) return { points: await network.hidden(parameters, snippets, config) };
  const { points, magnitudes } = await seen(() => {
    const output = forwardWhole(network, parameters, snippets, config);
    const read = output.activations ?? output.context; // [P,N,E]
    return { points: read && tf.mean(read, 0), magnitudes: output.magnitudes };
  });
  return { points: points ?? null, ...(magnitudes && { magnitudes: magnitudes.values }) };
}

/** What of the score does not come out of the last layer. */
export interface Beside {
  name: string;
  share: number;
  /** The output `[1,N]` that it is. */
  output: string;
}

/**
 * The parts are the crops of the snippet, each through the last layer, and what there is beside them.
 * @param layer the last layer's name in the state dict
 * @param share what the crops count together
 */
export async function traceAtOnce<C extends Config>(
  network: Forward<C>,
  parameters: ParameterTensors,
  snippets: tf.Tensor3D,
  config: C,
  snippet: number,
  layer: string,
  { share = 1, beside = [] }: { share?: number; beside?: readonly Beside[] } = {},
): Promise<ScoreTrace> {
  const [views] = snippets.shape;
  const at = { from: snippet, to: snippet };
  const { score, activations, ...others } = await seen(() => {
    const output = forwardWhole(network, parameters, snippets, config);
    const own = (row: tf.Tensor) => tf.slice(row, [0, snippet], [1, 1]);
    const { activations } = output;
    return {
      score: own(output.scores),
      activations: activations && tf.slice(activations, [0, snippet, 0], [views, 1, activations.shape[2]]),
      ...Object.fromEntries(beside.map(({ output: key }) => [key, own(output[key]!)])),
    };
  });
  const name = (view: number) => (views > 1 ? `crop ${view + 1} of ${views}` : 'this snippet');
  const read = activations ? await throughLayer(parameters, layer, rowsOf(activations, views)) : [];
  return {
    score: score!.values[0],
    parts: [
      ...read.map((part, view) => ({ ...part, ...at, name: name(view), share: share / views })),
      ...beside.map(({ name, share, output }) => ({ ...at, name, share, value: others[output]!.values[0] })),
    ],
  };
}

/** Sends rows through a layer of one output (or output `unit`) and a sigmoid. */
export async function throughLayer(
  parameters: ParameterTensors,
  layer: string,
  rows: readonly Float32Array[],
  unit: (row: number) => number = () => 0,
): Promise<Pick<TracePart, 'value' | 'unit'>[]> {
  const [all, biases] = await Promise.all(
    ['weight', 'bias'].map((key) => parameters[`${layer}.${key}`].data<'float32'>()),
  );
  return rows.map((activations, row) => {
    const size = activations.length;
    const weights = all.slice(unit(row) * size, (unit(row) + 1) * size);
    const bias = biases[unit(row)];
    const logit = activations.reduce((sum, value, e) => sum + value * weights[e], bias);
    return { value: 1 / (1 + Math.exp(-logit)), unit: { layer, activations, weights, bias } };
  });
}

/** An array cut into `count` rows. */
export function rowsOf({ values }: NumericArray, count: number): Float32Array[] {
  const size = values.length / count;
  return Array.from({ length: count }, (_, row) => values.slice(row * size, (row + 1) * size));
}

/** Reads what a computation finds worth seeing, and leaves no tensor behind. */
export async function seen(
  compute: () => Record<string, tf.Tensor | undefined>,
): Promise<Record<string, NumericArray | undefined>> {
  const tensors = tf.tidy(() => compute() as Record<string, tf.Tensor>);
  try {
    const found: Record<string, NumericArray | undefined> = {};
    for (const [name, tensor] of Object.entries(tensors)) {
      if (!tensor) continue;
      found[name] = { shape: tensor.shape, values: Float32Array.from(await tensor.data()) };
    }
    return found;
  } finally {
    tf.dispose(tensors);
  }
}

function forwardWhole<C extends Config>(
  { forward }: Forward<C>,
  parameters: ParameterTensors,
  snippets: tf.Tensor3D,
  config: C,
): HeadOutput {
  const segments = tf.expandDims(snippets, 0) as tf.Tensor4D; // [1,P,N,D]
  return forward(parameters, { segments, normal: 1, anomalous: 0 }, config, scoring);
}

/**
 * How widely attention is spread: the mean over its rows of -sum p ln p / ln n, 1 where everything is looked at alike
 * and 0 where one thing takes all.
 * @param values rows of n, each of which sums to 1
 */
export function spread(values: ArrayLike<number>, rows: number, n: number): number {
  if (n < 2) return 0;
  let sum = 0;
  for (let i = 0; i < rows * n; i++) if (values[i] > 0) sum -= values[i] * Math.log(values[i]);
  return sum / (rows * Math.log(n));
}

/** The spread of every head of `glance`, or of every row of `attention`; null where nothing attends. */
export function spreads({ glance, attention }: Pick<Sight, 'glance' | 'attention'>): number[] | null {
  const maps = glance ?? attention;
  if (!maps) return null;
  const [heads, count] = maps.shape;
  return rowsOf(maps, heads).map((own) => spread(own, own.length / count, count));
}
