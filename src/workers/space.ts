/**
 * Segments as points: what a run's head makes of every snippet, and, while the run trains, how long its bags' features
 * are at growing steps. What is kept of those is in memory only.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Job } from '../engine/job.ts';
import { Failure } from '../engine/failure.ts';
import { scoring } from '../engine/heads/head.ts';
import { hiddenOf } from '../engine/heads/sight.ts';
import { stackVideos } from '../engine/training/batch.ts';
import { leastMissed, MOST_MOMENTS, nextMoment } from '../engine/training/moments.ts';
import { checkDevice } from './device.ts';
import { exclusive, liveRun, showOne, type Live } from './live.ts';
import { magnitudesOf, thinned, type SegmentPoints } from './layout.ts';

/** What a run's head makes of snippets. */
export interface Represented extends SegmentPoints {
  step: number;
  /** Whether magnitudes are what the head argues about; else they are lengths of the points. */
  isArgued: boolean;
}

/**
 * @param every how many snippets a point stands for: of so many the first is taken
 * @param asItStands by the last step, also where another one counts
 * @throws Failure `data-missing` where the head has nothing before its last layer
 */
export async function represent(
  runId: string,
  featureKeys: readonly string[],
  every: number,
  asItStands: boolean,
  job: Job,
): Promise<Represented> {
  const parts: Float32Array[] = [];
  const lengths: (Float32Array | undefined)[] = [];
  let [step, size] = [0, 0];
  for (const [i, featureKey] of featureKeys.entries()) {
    await job.turn();
    const look = () =>
      showOne(runId, featureKey, asItStands, async ({ head, parameters, snippets, config, step: now }) => {
        const hidden = await hiddenOf(head, parameters, snippets, config);
        checkDevice();
        if (!hidden.points) throw nothingHidden(head.card.title);
        step = now;
        return { points: hidden.points, magnitudes: hidden.magnitudes };
      });
    const { points, magnitudes } = await exclusive(look);
    size = points.shape[1];
    parts.push(thinned(points.values, size, every));
    lengths.push(magnitudes && thinned(magnitudes, 1, every));
    job.report({ done: i + 1, total: featureKeys.length, unit: 'videos' });
  }
  const points = { shape: [0, size], values: joined(parts) };
  points.shape[0] = points.values.length / Math.max(1, size);
  const isArgued = lengths.length > 0 && lengths.every((own) => own !== undefined);
  return {
    points,
    magnitudes: isArgued ? joined(lengths as Float32Array[]) : magnitudesOf(points),
    counts: parts.map((part) => part.length / size),
    step,
    isArgued,
  };
}

export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function nothingHidden(title: string): Failure {
  return new Failure({
    code: 'data-missing',
    subject: title,
    what: 'This head, as it is set up, has no representation between features and scores.',
    next: 'Look at the features before the head.',
  });
}

/** How long the features of bags were at a step: of each bag, the mean over the segments that speak for it. */
export interface MagnitudeMoment {
  step: number;
  normal: Float32Array;
  anomalous: Float32Array;
  /** Whether magnitudes are what the head argues about; else they are lengths of what its last layer reads. */
  isArgued: boolean;
}

/** Training bags of each label that are looked at, and how many at once. */
const MOST_BAGS = 32;
const AT_ONCE = 8;

/** Moments are kept of so many runs: a fork and the run that it comes from. */
const MOST_RUNS = 2;

/** Milliseconds that a moment may take: a run does not wait for more than one that takes longer. */
const LONGEST = 1500;

const albums = new Map<string, { moments: MagnitudeMoment[]; isBlind: boolean }>();

/** Keeps the magnitudes of a run's bags where it has come to a moment for it. */
export async function keepMagnitudes(runId: string, step: number): Promise<void> {
  const live = liveRun(runId);
  const album = albums.get(runId) ?? { moments: [], isBlind: false };
  if (!live || album.isBlind) return;
  if (!albums.has(runId) && albums.size === MOST_RUNS) albums.delete(albums.keys().next().value!);
  albums.set(runId, album);
  album.moments = album.moments.filter((moment) => moment.step < step); // a run that was taken back goes another way
  const { moments } = album;
  if (moments.length > 0 && step < nextMoment(moments[moments.length - 1].step)) return;
  const began = performance.now();
  const moment = await measure(live).catch(() => null); // a faulty device is met by the step itself
  album.isBlind = !moment || performance.now() - began > LONGEST;
  if (!moment) return;
  moments.push(moment);
  if (moments.length > MOST_MOMENTS) moments.splice(leastMissed(moments.map((one) => one.step)), 1);
}

/** The moments that were kept while a run trained, earliest first, and how it stands now where it is live. */
export async function magnitudeMoments(runId: string): Promise<MagnitudeMoment[]> {
  const kept = albums.get(runId)?.moments ?? [];
  const live = liveRun(runId);
  if (!live || kept.length === 0 || kept[kept.length - 1].step === live.loop.step) return kept;
  const now = await measure(live);
  return now ? [...kept, now] : kept;
}

/** @returns null where the head has nothing to measure, or reads bags that are not segments */
async function measure({ head, run, loop, source }: Live): Promise<MagnitudeMoment | null> {
  if (head.card.input === 'tubes') return null;
  const found = { normal: [] as number[], anomalous: [] as number[] };
  let isArgued = false;
  for (const label of ['normal', 'anomalous'] as const) {
    const own = evenly(source.videos.filter((video) => video.label === label));
    for (let i = 0; i < own.length; i += AT_ONCE) {
      const bags = await source.load(own.slice(i, i + AT_ONCE).map(({ id }) => id));
      const lengths = tf.tidy(() => {
        const output = head.forward(
          loop.parameters as Record<string, tf.Tensor>,
          stackVideos(bags, bags.length, 0, null),
          run.config,
          scoring,
        );
        const { magnitudes, activations, chosen } = output;
        isArgued = magnitudes !== undefined;
        const all = magnitudes ?? (activations && lengthsOf(activations, bags.length)); // [B,T]
        if (!all) return tf.tensor1d([]);
        if (!chosen) return tf.mean(all, 1);
        const marks = tf.cast(tf.greater(chosen, 0), 'float32');
        return tf.div(tf.sum(tf.mul(all, marks), 1), tf.maximum(tf.sum(marks, 1), 1));
      });
      found[label].push(...(await lengths.data()));
      const isNothing = lengths.size === 0;
      lengths.dispose();
      if (isNothing) return null;
    }
  }
  checkDevice();
  const { normal, anomalous } = found;
  return {
    step: loop.step,
    normal: Float32Array.from(normal),
    anomalous: Float32Array.from(anomalous),
    isArgued,
  };
}

/** `[B*P,T,E]` to `[B,T]`, mean over crops. */
function lengthsOf(activations: tf.Tensor3D, bags: number): tf.Tensor2D {
  const [rows, length] = activations.shape;
  const lengths = tf.sqrt(tf.sum(tf.square(activations), 2));
  return tf.mean(tf.reshape(lengths, [bags, rows / bags, length]), 1) as tf.Tensor2D;
}

/** The same bags at every step, evenly spread over those that there are. */
function evenly<Video>(videos: readonly Video[]): Video[] {
  const count = Math.min(MOST_BAGS, videos.length);
  return Array.from({ length: count }, (_, i) => videos[Math.floor((i * videos.length) / count)]);
}
