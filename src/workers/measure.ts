/** What the `lab` command asks of a device: whether its numbers are right, and how fast it is. Loaded on demand. */
import * as tf from '@tensorflow/tfjs-core';
import { checkFixture } from '../engine/golden/check.ts';
import { parseFixture, type Deviations } from '../engine/golden/fixture.ts';
import { headById } from '../engine/heads/catalogue.ts';
import { resolveConfig, type Config } from '../engine/heads/config.fields.ts';
import type { Head } from '../engine/heads/head.ts';
import { Random } from '../engine/random.ts';
import type { TrainingVideo } from '../engine/training/batch.ts';
import { TrainingLoop } from '../engine/training/loop.ts';
import type { NumericArray } from '../engine/types.ts';
import { checkDevice, deviceBytes, deviceReport } from './device.ts';
import { workOf } from './work.ts';

/** The files of one fixture, and of the weights that it names. */
export interface FixtureFiles {
  name: string;
  json: string;
  bytes: Uint8Array<ArrayBuffer> | null;
  weights: Record<string, Uint8Array<ArrayBuffer>>;
}

/** @throws Failure `format-invalid`, or `device-fault` where the device failed in silence */
export async function measureDeviation(files: FixtureFiles): Promise<Deviations> {
  // Small tensors must not be computed on the CPU in silence: it is the device that is checked.
  if (deviceReport().backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
  tf.engine().startScope();
  try {
    const fixture = parseFixture(files.name, files.json, files.bytes);
    const deviations = await checkFixture(fixture, (path) => Promise.resolve(files.weights[path] ?? null));
    checkDevice();
    return deviations;
  } finally {
    tf.engine().endScope();
  }
}

/** A head at a size. */
export interface SpeedRequest {
  head: string;
  preset: string;
  /** D */
  features: number;
  crops: number;
  /** Cells of a feature map, for heads that read maps. */
  cells: number;
  /** Multiplications and additions of a step, in 10^9, beyond which it is not measured. */
  mostGigaflops: number;
  /** Snippets of the video that is scored. */
  snippets: number;
}

export interface Speed {
  parameters: number;
  /** Of one training step. */
  gigaflops: number;
  /** Kernels that a step runs; on WebGPU, dispatches. */
  dispatches: number;
  /** Median milliseconds of a step; null where it was skipped. */
  stepMilliseconds: number | null;
  /** Milliseconds to score 32 segments, and a long video; null where that would take minutes. */
  scoreMilliseconds: { segments: number; video: number | null };
  /** Bytes that the device holds after the long video was scored, parameters and features included; on wasm the peak. */
  bytes: number;
}

const STEPS = 5;
/** Longest time that the steps of one head may take, in milliseconds. */
const PATIENCE = 20_000;
/** Longest time that one video may take to score. */
const PATIENCE_SCORING = 90_000;

/** Times scoring and training of one head on random features; for memory, the worker should be a fresh one. */
export async function measureSpeed(request: SpeedRequest): Promise<Speed> {
  const head = headById(request.head);
  const config = resolveConfig(head.card, request.preset);
  const views = head.card.input === 'maps' ? request.cells : request.crops;
  // Scoring first: wasm memory never shrinks, and training needs more of it.
  const scoring = await measureScoring(head, config, views, request);
  const training = await measureTraining(head, config, views, request);
  checkDevice();
  return { ...scoring, ...training };
}

async function measureScoring(head: Head, config: Config, views: number, request: SpeedRequest) {
  const { features, snippets } = request;
  const weights = Object.fromEntries(
    [...head.init(config, { features }, new Random(0))].map(([name, { shape, values }]) => [
      name,
      tf.tensor(values, [...shape]),
    ]),
  );
  const score = async (count: number) => {
    const { shape, values } = noise(new Random(7), [views, Math.floor(count), features]);
    const x = tf.tensor(values, [...shape]) as unknown as tf.Tensor3D;
    const time = await timed(() => head.score(weights, x, config));
    x.dispose();
    return time;
  };
  const scoreLong = async () => {
    // From parts of the video one can tell how its time grows, and whether to wait for the whole.
    const [sixteenth, eighth] = [await score(snippets / 16), await score(snippets / 8)];
    const expected = eighth * Math.max(2, eighth / sixteenth) ** 3;
    return expected > PATIENCE_SCORING ? null : score(snippets);
  };
  await score(Number(config.segments)); // kernels are compiled in the first
  const scoreMilliseconds = {
    segments: await score(Number(config.segments)),
    video: head.card.input === 'maps' ? null : await scoreLong(), // maps of a long video do not fit
  };
  const bytes = deviceBytes();
  tf.dispose(weights);
  return { scoreMilliseconds, bytes };
}

async function measureTraining(head: Head, config: Config, views: number, request: SpeedRequest) {
  const { segments, batchNormal, batchAnomalous } = config as unknown as Record<string, number>;
  // One small step tells the operations of a large one, which grow with the rows.
  const tiny = { ...config, batchNormal: 1, batchAnomalous: 1 };
  const small = new TrainingLoop(head, tiny, videosOf(head, 1, views, segments, request.features), 0, 0);
  const { flops, dispatches } = await workOf(() => small.next());
  const parameters = Object.values(small.parameters).reduce((sum, { size }) => sum + size, 0);
  small.dispose();
  const gigaflops = (flops * (batchNormal + batchAnomalous)) / 2 / 1e9;
  if (gigaflops > request.mostGigaflops) return { parameters, gigaflops, dispatches, stepMilliseconds: null };
  const videos = videosOf(head, Math.max(batchNormal, batchAnomalous), views, segments, request.features);
  const loop = new TrainingLoop(head, config, videos, 0, 0);
  await loop.next(); // kernels are compiled in the first
  const times: number[] = [];
  const begun = performance.now();
  while (times.length < STEPS && (times.length === 0 || performance.now() - begun < PATIENCE)) {
    times.push(await timed(() => loop.next()));
  }
  loop.dispose();
  return { parameters, gigaflops, dispatches, stepMilliseconds: median(times) };
}

const noise = (random: Random, shape: number[]): NumericArray => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.abs(random.normal())),
});

/** As many normal as anomalous videos. */
function videosOf(head: Head, each: number, views: number, length: number, size: number): TrainingVideo[] {
  const random = new Random(0);
  return Array.from({ length: 2 * each }, (_, v) => {
    const bag = noise(random.stream(v), views > 1 ? [views, length, size] : [length, size]);
    const tubes = head.card.input === 'tubes' ? { region: bag, global: bag } : undefined;
    return { id: String(v), label: v % 2 === 0 ? 'normal' : 'anomalous', bag, sets: tubes };
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
