/**
 * A bag that somebody composed, weighed as a training step would weigh it: scores, the segments that speak for it and
 * the loss, beside reference bags. Nothing is drawn at random and nothing is learnt.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../heads/config.fields.ts';
import { scoring, type Network, type ParameterTensors } from '../heads/head.ts';
import { Random } from '../random.ts';
import { stackVideos, type TrainingVideo } from './batch.ts';

/** What came of one bag. */
export interface WeighedBag {
  id: string;
  label: TrainingVideo['label'];
  /** `[T]` */
  scores: Float32Array;
  bagScore: number;
  /** The segments through which the loss saw it; none where the head sees the bag as a whole. */
  chosen: number[];
  /** `[T]`, where the head argues about magnitudes. */
  magnitudes?: Float32Array;
}

export interface Weighed {
  /** In the order in which they were given. */
  bags: WeighedBag[];
  /** Unweighted terms of the loss, and what each counts in the total. */
  losses: Record<string, number>;
  weights: Record<string, number>;
  total: number;
}

/**
 * Forward and loss of a batch, as scoring sees it. A head that teaches itself (one that remembers) has to be asked as
 * in training, yet with nothing silenced and nothing remembered.
 * @param videos bags of equally many segments T, of both labels
 * @param classes C, 0 where none is named
 * @param seed of what the head adds to a batch (noise, made anomalies)
 */
export async function weigh<C extends Config>(
  network: Pick<Network<C>, 'forward' | 'loss' | 'augment' | 'memory'>,
  parameters: ParameterTensors,
  config: C,
  videos: readonly TrainingVideo[],
  classes: number,
  seed: number,
): Promise<Weighed> {
  const order = [...videos].sort((a, b) => Number(a.label === 'anomalous') - Number(b.label === 'anomalous'));
  const normal = order.filter(({ label }) => label === 'normal').length;
  const length = videos[0].bag.shape.at(-2)!;
  const own = { ...config, segments: length };
  const read = tf.tidy(() => {
    const batch = stackVideos(order, normal, classes, null);
    batch.extras = network.augment?.(batch, own, new Random(seed).stream('composed'));
    const size = network.memory?.(own);
    if (size !== undefined) batch.memory = tf.fill([order.length, size], -1);
    const mode = { ...scoring, training: size !== undefined };
    const output = network.forward(parameters, batch, own, mode);
    const terms = network.loss(output, batch, own, parameters);
    // A head may take every crop for a bag.
    const perBag = (x: tf.Tensor) =>
      tf.mean(tf.reshape(x, [order.length, x.shape[0] / order.length, ...x.shape.slice(1)]), 1);
    return {
      names: Object.keys(terms),
      weights: Object.values(terms).map(({ weight }) => weight),
      values: tf.stack(Object.values(terms).map(({ value }) => value)),
      scores: perBag(output.scores),
      bagScores: perBag(output.bagScores),
      chosen: output.chosen && perBag(output.chosen),
      magnitudes: output.magnitudes && perBag(output.magnitudes),
    };
  });
  const { names, weights, ...tensors } = read;
  const numbers = async (tensor?: tf.Tensor) => tensor && Float32Array.from(await tensor.data());
  const [values, scores, bagScores, chosen, magnitudes] = await Promise.all(
    [tensors.values, tensors.scores, tensors.bagScores, tensors.chosen, tensors.magnitudes].map(numbers),
  );
  tf.dispose(Object.values(tensors).filter((tensor) => tensor !== undefined));
  const row = (of: Float32Array, b: number) => of.slice(b * length, (b + 1) * length);
  const bags = order.map(({ id, label }, b): WeighedBag => {
    const marks = chosen ? Array.from(row(chosen, b)) : [];
    return {
      id,
      label,
      scores: row(scores!, b),
      bagScore: bagScores![b],
      chosen: marks.flatMap((mark, t) => (mark > 0 ? [t] : [])),
      ...(magnitudes && { magnitudes: row(magnitudes, b) }),
    };
  });
  return {
    bags: videos.map((video) => bags[order.indexOf(video)]),
    losses: Object.fromEntries(names.map((name, i) => [name, values![i]])),
    weights: Object.fromEntries(names.map((name, i) => [name, weights[i]])),
    total: weights.reduce((sum, weight, i) => sum + weight * values![i], 0),
  };
}

/**
 * Wrong labels among reference bags: as many normal ones are called anomalous as anomalous ones normal, so that the
 * halves of a batch stay as large as they were. Which, the seed says; a larger share keeps those of a smaller one.
 * @param share of the smaller half, 0..1
 * @returns the indices of bags whose label is turned round
 */
export function turnedLabels(
  labels: readonly TrainingVideo['label'][],
  share: number,
  seed: number,
): number[] {
  const random = new Random(seed).stream('label noise');
  const halves = (['normal', 'anomalous'] as const).map((label) =>
    random.stream(label).shuffle(labels.flatMap((own, i) => (own === label ? [i] : []))),
  );
  const count = Math.round(share * Math.min(...halves.map((half) => half.length)));
  return halves.flatMap((half) => half.slice(0, count)).sort((a, b) => a - b);
}
