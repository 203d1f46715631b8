/**
 * I3D: Inception-v1 inflated into time, reading clips of 16 frames (Carreira and Zisserman, "Quo Vadis, Action
 * Recognition? A New Model and the Kinetics Dataset", CVPR 2017), the RGB network. Its feature, the mean of the last
 * Inception block, is the one that most of the field's published feature files hold.
 *
 * No 5-D operation is needed: the frames of all clips stand in the batch, `[clips*T,H,W,C]`. A convolution over k frames
 * is one 2-D convolution of k frames side by side in the channels: place j of its window reads the clip moved by j
 * frames, with zeros before the clip and after it. Padding is TensorFlow's SAME in all three dimensions, which for a
 * stride of 2 is not symmetric. Names of weights are those of the state dict of the common PyTorch port.
 */
import * as tf from '@tensorflow/tfjs-core';
import { checkWeights, type Backbone, type StreamOutput } from './backbone.ts';
import type { NumericArray } from '../types.ts';

/** Convolution without bias, batch norm, ReLU. Its kernel and stride are the same in time and space. */
interface UnitPlan {
  unit: string;
  kernel: number;
  stride: number;
  outputs: number;
}

/** Extent of a window, or of its step. */
export interface Extent {
  frames: number;
  pixels: number;
}

interface PoolPlan {
  pool: Extent;
  stride: Extent;
}

/** An Inception block: four branches side by side in the channels (figure 3 of the paper, right). */
interface MixedPlan {
  mixed: string;
  /** 1x1x1 */
  b0: number;
  /** 1x1x1, then 3x3x3 */
  b1: [number, number];
  /** 1x1x1, then 3x3x3 */
  b2: [number, number];
  /** Max pool 3x3x3, then 1x1x1 */
  b3: number;
}

type Step = UnitPlan | PoolPlan | MixedPlan;

const unit = (name: string, kernel: number, stride: number, outputs: number): Step => ({
  unit: name,
  kernel,
  stride,
  outputs,
});
const pool = (kernel: [number, number], stride: [number, number]): Step => ({
  pool: { frames: kernel[0], pixels: kernel[1] },
  stride: { frames: stride[0], pixels: stride[1] },
});
const mixed = (name: string, b0: number, b1: [number, number], b2: [number, number], b3: number): Step => ({
  mixed: `Mixed_${name}`,
  b0,
  b1,
  b2,
  b3,
});

/** The network as data, up to the feature (figure 3 of the paper, left). Shapes are those of a clip of 16x224x224. */
const PLAN: readonly Step[] = [
  unit('Conv3d_1a_7x7', 7, 2, 64), // [8,112,112,64]
  pool([1, 3], [1, 2]),
  unit('Conv3d_2b_1x1', 1, 1, 64),
  unit('Conv3d_2c_3x3', 3, 1, 192), // [8,56,56,192]
  pool([1, 3], [1, 2]),
  mixed('3b', 64, [96, 128], [16, 32], 32),
  mixed('3c', 128, [128, 192], [32, 96], 64), // [8,28,28,480]
  pool([3, 3], [2, 2]),
  mixed('4b', 192, [96, 208], [16, 48], 64),
  mixed('4c', 160, [112, 224], [24, 64], 64),
  mixed('4d', 128, [128, 256], [24, 64], 64),
  mixed('4e', 112, [144, 288], [32, 64], 64),
  mixed('4f', 256, [160, 320], [32, 128], 128), // [4,14,14,832]
  pool([2, 2], [2, 2]),
  mixed('5b', 256, [160, 320], [32, 128], 128),
  mixed('5c', 384, [192, 384], [48, 128], 128), // [2,7,7,1024]
];

/** T of a clip: the last average pool spans 2x7x7, which is all that is left of 16 frames of 224 pixels. */
const CLIP_FRAMES = 16;
const INPUT_SIZE = 224;
/** The network learned from centre crops of 224 pixels out of pictures whose short side was 256. */
const SHORT_SIDE = 256;
/** Strides of 2 in space. */
const HALVINGS = 5;
const FEATURES = 1024;
/** Kinetics-400, for which the classifier was trained that the published files hold. It is not used here. */
const CLASSES = 400;
/** Of batch norm, as in the released code. */
const EPSILON = 1e-3;

/**
 * Names and shapes of all weights, in the order of the network; kernels are `[out,in,kt,kh,kw]`. Not among them, and
 * allowed: the factors of batch norm (`bn.weight`; the released network has none) and its counters.
 */
export function i3dShapes(): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  const add = (name: string, inputs: number, kernel: number, outputs: number) => {
    shapes.set(`${name}.conv3d.weight`, [outputs, inputs, kernel, kernel, kernel]);
    for (const part of ['bias', 'running_mean', 'running_var']) shapes.set(`${name}.bn.${part}`, [outputs]);
    return outputs;
  };
  let width = 3;
  for (const step of PLAN) {
    if ('unit' in step) width = add(step.unit, width, step.kernel, step.outputs);
    if ('mixed' in step) {
      const { mixed: name, b0, b1, b2, b3 } = step;
      add(`${name}.b0`, width, 1, b0);
      add(`${name}.b1a`, width, 1, b1[0]);
      add(`${name}.b1b`, b1[0], 3, b1[1]);
      add(`${name}.b2a`, width, 1, b2[0]);
      add(`${name}.b2b`, b2[0], 3, b2[1]);
      add(`${name}.b3b`, width, 1, b3);
      width = b0 + b1[1] + b2[1] + b3;
    }
  }
  shapes.set('logits.conv3d.weight', [CLASSES, width, 1, 1, 1]);
  shapes.set('logits.conv3d.bias', [CLASSES]);
  return shapes;
}

/** Refuses weights of another network; classifier, factors and counters of batch norm may be there or not. */
export function checkI3dWeights(weights: Map<string, NumericArray>): void {
  const shapes = i3dShapes();
  for (const [name, shape] of [...shapes]) {
    if (name.startsWith('logits.') && !weights.has(name)) shapes.delete(name);
    // A classifier of other classes does not matter to the feature.
    else if (name.startsWith('logits.')) shapes.set(name, [...weights.get(name)!.shape]);
    if (!name.endsWith('.bn.bias')) continue;
    const norm = name.slice(0, -'.bias'.length);
    if (weights.has(`${norm}.weight`)) shapes.set(`${norm}.weight`, shape);
    const counter = weights.get(`${norm}.num_batches_tracked`);
    if (counter) shapes.set(`${norm}.num_batches_tracked`, [...counter.shape]);
  }
  checkWeights(shapes, weights);
}

/** A unit with its batch norm folded in, ready to run. */
export interface Unit {
  /** `[k, k, k*in, out]`, the frames of the window side by side. */
  filter: tf.Tensor4D;
  /** `[out]` */
  bias: tf.Tensor1D;
  kernel: number;
  stride: number;
}

/**
 * Folds batch norm into a convolution: gamma (w x - mean) / sqrt(var + eps) + beta is a convolution with a bias.
 * @param name of the unit in the state dict
 */
export function loadUnit(weights: Map<string, NumericArray>, name: string, stride = 1): Unit {
  const { shape, values } = weights.get(`${name}.conv3d.weight`)!;
  const [outputs, inputs, kernel] = shape;
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => weights.get(`${name}.bn.${part}`)?.values,
  );
  const filter = new Float32Array(values.length);
  const bias = new Float32Array(outputs);
  const pixels = kernel * kernel;
  let from = 0;
  for (let o = 0; o < outputs; o++) {
    const factor = (gamma?.[o] ?? 1) / Math.sqrt(variance![o] + EPSILON);
    bias[o] = beta![o] - mean![o] * factor;
    for (let i = 0; i < inputs; i++) {
      for (let t = 0; t < kernel; t++) {
        for (let p = 0; p < pixels; p++) {
          filter[((p * kernel + t) * inputs + i) * outputs + o] = values[from++] * factor;
        }
      }
    }
  }
  return {
    filter: tf.tensor4d(filter, [kernel, kernel, kernel * inputs, outputs]),
    bias: tf.tensor1d(bias),
    kernel,
    stride,
  };
}

/**
 * A 3-D convolution and ReLU.
 * @param x `[clips*T,H,W,in]`
 * @returns `[clips*T',H',W',out]`
 */
export function convolve(x: tf.Tensor4D, clips: number, { filter, bias, kernel, stride }: Unit): tf.Tensor4D {
  const window = kernel === 1 ? x : tf.concat(windowFrames(x, clips, kernel, stride, 0), 3);
  return tf.fused.conv2d({ x: window, filter, strides: stride, pad: 'same', bias, activation: 'relu' });
}

/** Below every number of float32: what pads a maximum and never wins. */
const LOWEST = -3.4028234663852886e38;

/**
 * The maximum over a window in space and time: first in each frame, then over the frames.
 * @param x `[clips*T,H,W,C]`
 * @returns `[clips*T',H',W',C]`
 */
export function maxPool(x: tf.Tensor4D, clips: number, kernel: Extent, stride: Extent): tf.Tensor4D {
  const pooled = tf.maxPool(x, kernel.pixels, stride.pixels, 'same');
  if (kernel.frames === 1) return pooled; // nor is any frame left out, in this network
  return windowFrames(pooled, clips, kernel.frames, stride.frames, LOWEST).reduce((a, b) => tf.maximum(a, b));
}

/**
 * What stands at each place of a window that moves through the frames of every clip by itself.
 * @param x `[clips*T,H,W,C]`
 * @param padding what stands before and after a clip
 * @returns `kernel` tensors `[clips*T',H,W,C]`, T' = ceil(T/stride)
 */
function windowFrames(
  x: tf.Tensor4D,
  clips: number,
  kernel: number,
  stride: number,
  padding: number,
): tf.Tensor4D[] {
  const [all, height, width, channels] = x.shape;
  const frames = all / clips;
  const size = height * width * channels;
  const outputs = Math.ceil(frames / stride);
  const missing = Math.max(0, (outputs - 1) * stride + kernel - frames);
  const before = Math.floor(missing / 2);
  const around: [number, number][] = [
    [0, 0],
    [before, missing - before],
    [0, 0],
  ];
  const padded = tf.pad(tf.reshape(x, [clips, frames, size]), around, padding);
  return Array.from({ length: kernel }, (_, place) => {
    const end = place + (outputs - 1) * stride + 1;
    const moved = tf.stridedSlice(padded, [0, place, 0], [clips, end, size], [1, stride, 1]); // [clips,T',size]
    return tf.reshape(moved, [clips * outputs, height, width, channels]) as tf.Tensor4D;
  });
}

/** The convolutions of an Inception block by branch. */
export type Mixed = Record<'b0' | 'b1a' | 'b1b' | 'b2a' | 'b2b' | 'b3b', Unit>;

/** @param name of the block in the state dict */
export function loadMixed(weights: Map<string, NumericArray>, name: string): Mixed {
  const branch = (part: string) => loadUnit(weights, `${name}.${part}`);
  return {
    b0: branch('b0'),
    b1a: branch('b1a'),
    b1b: branch('b1b'),
    b2a: branch('b2a'),
    b2b: branch('b2b'),
    b3b: branch('b3b'),
  };
}

const THREE: Extent = { frames: 3, pixels: 3 };
const ONE: Extent = { frames: 1, pixels: 1 };

/**
 * An Inception block.
 * @param x `[clips*T,H,W,C]`
 * @returns `[clips*T,H,W,b0+b1+b2+b3]`
 */
export function runMixed(x: tf.Tensor4D, clips: number, m: Mixed): tf.Tensor4D {
  const branches = [
    convolve(x, clips, m.b0),
    convolve(convolve(x, clips, m.b1a), clips, m.b1b),
    convolve(convolve(x, clips, m.b2a), clips, m.b2b),
    convolve(maxPool(x, clips, THREE, ONE), clips, m.b3b),
  ];
  return tf.concat(branches, 3);
}

/** Clips of 16 frames to the 1024-d mean of the block Mixed_5c, a vector for each. */
export class I3D implements Backbone {
  readonly inputSize: number;
  readonly cropShare = INPUT_SIZE / SHORT_SIDE;
  readonly framesPerVector = CLIP_FRAMES;
  readonly featureSize = FEATURES;
  readonly memoryFrames = CLIP_FRAMES;
  readonly #units = new Map<string, Unit>();
  readonly #blocks = new Map<string, Mixed>();

  /**
   * @param weights by the names of {@link i3dShapes}
   * @param inputSize side of the input in pixels; another one than it was trained with makes another map
   * @throws Failure `weights-mismatch` when a tensor is missing, superfluous or of another shape
   */
  constructor(weights: Map<string, NumericArray>, inputSize = INPUT_SIZE) {
    checkI3dWeights(weights);
    this.inputSize = inputSize;
    for (const step of PLAN) {
      if ('unit' in step) this.#units.set(step.unit, loadUnit(weights, step.unit, step.stride));
      if ('mixed' in step) this.#blocks.set(step.mixed, loadMixed(weights, step.mixed));
    }
  }

  get mapSize(): number {
    return Math.ceil(this.inputSize / 2 ** HALVINGS);
  }

  /** Each clip is seen by itself, so the state is empty. The map is the mean over what is left of the clip's frames. */
  forward(frames: tf.Tensor4D): StreamOutput {
    const clips = frames.shape[0] / CLIP_FRAMES;
    if (!Number.isInteger(clips))
      throw new Error(`${frames.shape[0]} frames are not clips of ${CLIP_FRAMES}`);
    return tf.tidy(() => {
      let x = tf.tidy(() => tf.sub<tf.Tensor4D>(tf.mul(frames, 2), 1)); // -1..1
      for (const step of PLAN) {
        // A step at a time, or the activations of the whole network would be kept to its end.
        const next = tf.tidy(() => this.#run(step, x, clips));
        x.dispose();
        x = next;
      }
      const [left, height, width, features] = x.shape; // [clips*2,7,7,1024]
      const perClip = tf.reshape(x, [clips, left / clips, height * width * features]);
      const maps = tf.reshape(tf.mean(perClip, 1), [clips, height, width, features]) as tf.Tensor4D;
      return { vectors: tf.mean(maps, [1, 2]) as tf.Tensor2D, maps, state: [] };
    });
  }

  #run(step: Step, x: tf.Tensor4D, clips: number): tf.Tensor4D {
    if ('unit' in step) return convolve(x, clips, this.#units.get(step.unit)!);
    if ('mixed' in step) return runMixed(x, clips, this.#blocks.get(step.mixed)!);
    return maxPool(x, clips, step.pool, step.stride);
  }

  dispose(): void {
    const blocks = [...this.#blocks.values()].flatMap((block) => Object.values(block));
    for (const { filter, bias } of [...this.#units.values(), ...blocks]) tf.dispose([filter, bias]);
  }
}
