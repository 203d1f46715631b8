/** Every head at a size that a test can afford, and videos for it. */
import * as tf from '@tensorflow/tfjs-core';
import { headById } from '../src/engine/heads/catalogue.ts';
import { resolveConfig, type Config } from '../src/engine/heads/config.fields.ts';
import { Random } from '../src/engine/random.ts';
import type { TrainingVideo } from '../src/engine/training/batch.ts';
import { TrainingLoop } from '../src/engine/training/loop.ts';

/** T */
export const SEGMENTS = 8;

const batch = { segments: SEGMENTS, batchNormal: 4, batchAnomalous: 4 };

export const small: Record<string, Config> = {
  sultani: { hidden1: 16, hidden2: 8, segments: SEGMENTS },
  rtfm: { ...batch, hidden1: 16, hidden2: 8, dropout: 0.3 },
  gcn: {
    ...batch,
    hidden1: 16,
    hidden2: 8,
    graph: 4,
    classifier: 16,
    warmup: 4,
    period: 3,
    learningRate: 0.05,
    dropout: 0.2,
  },
  wsal: { hidden1: 16, hidden2: 8, context: 8, segments: SEGMENTS, dropout: 0.3 },
  mgfn: {
    ...batch,
    width1: 8,
    width2: 8,
    lambdaSparse: 0.008,
    stage1: 8,
    stage2: 8,
    stage3: 8,
    depth1: 1,
    depth2: 1,
    depth3: 1,
    headSize: 4,
  },
  salient: { attentionUnits: 8, hidden: 8, segments: SEGMENTS, lstmUnits: 8 },
  gig: { segments: SEGMENTS, learningRate: 0.1 },
  mgpr: { ...batch, heads: 4, hidden1: 8, hidden2: 4 },
};

/** Anomalous bags have two segments that stand out, and two tubes, for the head that wants tubes. */
export function makeVideos(count = 10, size = 12): TrainingVideo[] {
  const random = new Random(1);
  return Array.from({ length: count }, (_, v) => {
    const label = v % 2 === 0 ? 'normal' : 'anomalous';
    const values = Float32Array.from({ length: SEGMENTS * size }, () => 0.3 * random.normal());
    if (label === 'anomalous')
      for (let t = 3; t < 5; t++) for (let d = 0; d < 4; d++) values[t * size + d] += 2;
    const bag = { shape: [SEGMENTS, size], values };
    return { id: `v${v}`, label, bag, sets: { region: bag, global: bag } };
  });
}

export async function losses(loop: TrainingLoop, steps: number): Promise<number[]> {
  const totals: number[] = [];
  for (let i = 0; i < steps; i++) totals.push((await loop.next()).total);
  return totals;
}

/** Tensors more after `steps` steps at D = 64 than after one, and whether the same seed gave the same losses. */
export async function endure(id: string, steps: number): Promise<{ left: number; repeats: boolean }> {
  const head = headById(id);
  const config = resolveConfig(head.card, undefined, { learningRate: 0.01, ...small[id] });
  const run = async () => {
    const loop = new TrainingLoop(head, config, makeVideos(10, 64), 0, 0);
    const first = (await loop.next()).total;
    const before = tf.memory().numTensors;
    const totals = [first, ...(await losses(loop, steps - 1))];
    const left = tf.memory().numTensors - before;
    loop.dispose();
    return { totals, left };
  };
  const [once, again] = [await run(), await run()];
  const repeats = once.totals.every((total, i) => total === again.totals[i]);
  return { left: Math.max(once.left, again.left), repeats };
}
