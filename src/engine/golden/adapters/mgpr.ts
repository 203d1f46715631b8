/** MGPR as its fixtures name things. */
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig } from '../../heads/config.fields.ts';
import type { InstanceSet, Network } from '../../heads/head.ts';
import { mgpr, scoreTubes, splitTube } from '../../heads/mgpr.ts';
import type { MgprConfig } from '../../heads/mgpr.fields.ts';
import { stackSets } from '../../training/batch.ts';
import type { NumericArray } from '../../types.ts';
import { tensor, type Adapter, type ModelFixture } from '../adapter.ts';

/** The bags of one half, without their padding. */
function bagsOf({ tensors }: ModelFixture, features: string, count: string): NumericArray[] {
  const { shape, values } = tensors.get(`input.${features}`)!;
  const [bags, most, size] = shape;
  const counts = tensors.get(`input.${count}`)!.values;
  return Array.from({ length: bags }, (_, b) => ({
    shape: [counts[b], size],
    values: values.slice(b * most * size, (b * most + counts[b]) * size),
  }));
}

const both = (fixture: ModelFixture, kind: string, count: string): InstanceSet =>
  stackSets(['normal', 'abnormal'].flatMap((half) => bagsOf(fixture, `${kind}_${half}`, `${count}_${half}`)));

/** `[B,n]` cut to the width that the fixture has for it. */
const widthOf = (x: tf.Tensor, name: string, { tensors }: ModelFixture) => {
  const expected = tensors.get(`output.${name}`)!;
  return tf.slice(x, [0, 0], [x.shape[0], expected.shape[1]]);
};

export const mgprAdapter: Adapter = {
  network: mgpr as Network<never>,
  config: ({ notes: { config: c } }) =>
    resolveConfig(mgpr.card, undefined, {
      heads: c.heads,
      hidden1: c.hidden1,
      hidden2: c.hidden2,
      dropout: c.dropout,
      guidance: c.guidance,
      maxInstances: c.max_instances,
      parts: c.parts,
      learningRate: c.optimizer.lr,
    }),
  batch: (fixture) => {
    const videolets = both(fixture, 'videolet', 'videolet_count');
    const region = both(fixture, 'tube_region', 'tube_count');
    const abnormal = bagsOf(fixture, 'tube_global_abnormal', 'tube_count_abnormal');
    const normal = region.counts.length - abnormal.length;
    // Nobody asks what the other branch thinks of a normal tube: zeros stand for its whole frames.
    const none = bagsOf(fixture, 'tube_region_normal', 'tube_count_normal').map(({ shape, values }) => ({
      shape,
      values: new Float32Array(values.length),
    }));
    return {
      segments: tf.expandDims(videolets.values, 1) as tf.Tensor4D,
      lengths: videolets.counts,
      sets: { region, global: stackSets([...none, ...abnormal]) },
      normal,
      anomalous: abnormal.length,
    };
  },
  mask: () => null,
  outputs: (output, { normal, sets }, fixture) => {
    const half = (x: tf.Tensor, name: 'normal' | 'abnormal') =>
      name === 'normal' ? tf.slice(x, 0, normal) : tf.slice(x, normal, x.shape[0] - normal);
    const found: Record<string, tf.Tensor> = {};
    for (const name of ['normal', 'abnormal'] as const) {
      found[`scores_tube_${name}`] = widthOf(half(output.tubeScores!, name), `scores_tube_${name}`, fixture);
      found[`scores_videolet_${name}`] = widthOf(
        half(output.scores, name),
        `scores_videolet_${name}`,
        fixture,
      );
      found[`max_tube_${name}`] = half(output.tubeScore!, name);
      found[`max_videolet_${name}`] = half(output.videoletScore!, name);
      found[`argmax_tube_${name}`] = tf.argMax(half(output.topTube!, name), 1);
      found[`argmax_videolet_${name}`] = tf.argMax(half(output.chosen!, name), 1);
    }
    const count = sets!.region.counts[normal]; // of the first anomalous bag
    const [, heads] = output.relation!.shape;
    const size = output.related!.shape[2]!;
    return {
      ...found,
      weight_tube: half(output.tubeWeight!, 'abnormal'),
      weight_temporal: half(output.videoletWeight!, 'abnormal'),
      attention_first: tf.squeeze(
        tf.slice(output.relation!, [normal, 0, 0, 0], [1, heads!, count, count]),
        [0],
      ),
      related_first: tf.squeeze(tf.slice(output.related!, [normal, 0, 0], [1, count, size]), [0]),
    };
  },
  async inference(fixture, parameters, config) {
    if (!fixture.tensors.has('input.clips_region')) return {};
    const { parts } = config as MgprConfig;
    const split = (kind: string) =>
      bagsOf(fixture, `clips_${kind}`, 'clips_count').map((clips) => splitTube(clips, parts));
    const join = (all: NumericArray[]) => tf.concat(all.map((one) => tensor(one))) as tf.Tensor2D;
    const [region, whole] = [split('region'), split('global')];
    const found = await scoreTubes(parameters, join(region), join(whole), config as MgprConfig);
    const owner = region.flatMap(({ shape }, tube) => new Array<number>(shape[0]).fill(tube));
    const top = found.scores.indexOf(Math.max(...found.scores));
    return {
      p_tube: found.tube,
      p_temporal: found.temporal,
      score: found.scores,
      owner_tube: owner,
      argmax: [top],
    };
  },
};
