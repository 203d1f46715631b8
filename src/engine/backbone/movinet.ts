/**
 * MoViNet-A0-Stream: a mobile video network that reads a stream frame by frame (Kondratyuk et al., "MoViNets: Mobile
 * Video Networks for Efficient Video Recognition", CVPR 2021). The variant here is the (2+1)D one without
 * squeeze-and-excitation, batch norm folded into the convolutions, ReLU6 throughout.
 *
 * A convolution over space and time is factored into a 2-D convolution in each frame and a causal 1-D convolution
 * over frames. So no 5-D operation is needed: T frames stand in the batch, `[T,H,W,C]`, and time is an axis for the
 * temporal depthwise convolution alone (`temporal.ts`). What a temporal convolution of width k must remember of the
 * past, its last k - 1 input frames, is its *stream buffer* (section 3.2); carrying the buffers from one call to the
 * next makes any chunking of a video give the same output.
 */
import * as tf from '@tensorflow/tfjs-core';
import { checkWeights, type Backbone, type StreamOutput, type StreamState } from './backbone.ts';
import { temporalDepthwise } from './temporal.ts';
import type { Random } from '../random.ts';
import type { NumericArray } from '../types.ts';

/** An inverted bottleneck: 1x1 expand, k x k depthwise in space, kt depthwise in time, 1x1 project, skip. */
interface BlockPlan {
  expand: number;
  kernel: 3 | 5;
  stride: 1 | 2;
  /** Frames that the temporal convolution spans; 1 = none. */
  frames: 1 | 3 | 5;
}

/** The network as data. */
export interface MoViNetPlan {
  /** Side of the square input in pixels. */
  inputSize: number;
  /** Frames per second that it was made for. */
  framesPerSecond: number;
  stem: number;
  stages: { width: number; blocks: BlockPlan[] }[];
  /** D, the length of a feature. */
  featureSize: number;
}

const block = (expand: number, kernel: 3 | 5, stride: 1 | 2, frames: 1 | 3 | 5): BlockPlan => ({
  expand,
  kernel,
  stride,
  frames,
});

/** Table 1 of the paper, the A0 column as released for streaming. */
export const A0_STREAM: MoViNetPlan = {
  inputSize: 172,
  framesPerSecond: 5,
  stem: 8,
  stages: [
    { width: 8, blocks: [block(24, 5, 2, 1)] },
    { width: 32, blocks: [block(80, 3, 2, 3), block(80, 3, 1, 3), block(80, 3, 1, 3)] },
    { width: 56, blocks: [block(184, 3, 2, 5), block(112, 3, 1, 3), block(184, 3, 1, 3)] },
    {
      width: 56,
      blocks: [block(184, 3, 1, 5), block(184, 3, 1, 3), block(184, 3, 1, 3), block(184, 3, 1, 3)],
    },
    {
      width: 104,
      blocks: [block(384, 3, 2, 5), block(280, 5, 1, 1), block(280, 5, 1, 1), block(344, 5, 1, 1)],
    },
  ],
  featureSize: 480,
};

/** Names and shapes of all weights of a plan, in the order of the network. */
export function weightShapes(plan: MoViNetPlan): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  const convolution = (name: string, kernel: number[], outputs: number) => {
    shapes.set(`${name}.weight`, kernel);
    shapes.set(`${name}.bias`, [outputs]);
  };
  convolution('stem', [3, 3, 3, plan.stem], plan.stem);
  let width = plan.stem;
  plan.stages.forEach((stage, s) =>
    stage.blocks.forEach(({ expand, kernel, stride, frames }, b) => {
      const name = `blocks.${s}.${b}`;
      convolution(`${name}.expand`, [1, 1, width, expand], expand);
      convolution(`${name}.spatial`, [kernel, kernel, expand, 1], expand);
      if (frames > 1) convolution(`${name}.temporal`, [frames, 1, expand, 1], expand);
      convolution(`${name}.project`, [1, 1, expand, stage.width], stage.width);
      if (stride === 2) convolution(`${name}.skip`, [1, 1, width, stage.width], stage.width);
      shapes.set(`${name}.scale`, [stage.width]);
      width = stage.width;
    }),
  );
  convolution('head', [1, 1, width, plan.featureSize], plan.featureSize);
  return shapes;
}

/**
 * Seeded random weights that pass on as much of the picture as weights without knowledge can: orthogonal 1x1
 * convolutions (Saxe et al., 2014), He-normal depthwise ones, and temporal kernels with zero sum, because an untrained
 * network that must see motion should at least not be blind to it. Small biases keep a black picture from being nothing.
 */
export function randomWeights(plan: MoViNetPlan, random: Random): Map<string, NumericArray> {
  const weights = new Map<string, NumericArray>();
  for (const [name, shape] of weightShapes(plan)) {
    const draw = random.stream(name);
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    if (name.endsWith('.scale')) values.fill(0.5);
    if (name.endsWith('.bias')) for (let i = 0; i < values.length; i++) values[i] = 0.05 * draw.normal();
    if (name.endsWith('.weight')) {
      for (let i = 0; i < values.length; i++) values[i] = draw.normal();
      const [height, width, inputs, outputs] = shape;
      if (height * width === 1) orthogonalise(values, inputs, outputs);
      else scaleBy(values, Math.sqrt(2 / (height * width * (outputs === 1 ? 1 : inputs))));
      if (name.endsWith('temporal.weight')) removeMeanOverTime(values, height, inputs);
    }
    weights.set(name, { shape, values });
  }
  return weights;
}

/** Makes the rows or columns of `[inputs,outputs]`, whichever are fewer, orthogonal, with the gain that ReLU asks for. */
function orthogonalise(values: Float32Array, inputs: number, outputs: number): void {
  const [count, length] = [Math.min(inputs, outputs), Math.max(inputs, outputs)];
  const at = (vector: number, i: number) => (inputs <= outputs ? vector * outputs + i : i * outputs + vector);
  for (let v = 0; v < count; v++) {
    for (let u = 0; u < v; u++) {
      let overlap = 0;
      for (let i = 0; i < length; i++) overlap += values[at(v, i)] * values[at(u, i)];
      for (let i = 0; i < length; i++) values[at(v, i)] -= overlap * values[at(u, i)];
    }
    let square = 0;
    for (let i = 0; i < length; i++) square += values[at(v, i)] ** 2;
    for (let i = 0; i < length; i++) values[at(v, i)] /= Math.sqrt(square);
  }
  scaleBy(values, Math.sqrt(2 * Math.max(1, outputs / inputs)));
}

function scaleBy(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] *= factor;
}

function removeMeanOverTime(values: Float32Array, frames: number, channels: number): void {
  for (let c = 0; c < channels; c++) {
    let mean = 0;
    for (let t = 0; t < frames; t++) mean += values[t * channels + c] / frames;
    for (let t = 0; t < frames; t++) values[t * channels + c] -= mean;
  }
}

interface Convolution {
  weight: tf.Tensor4D;
  bias: tf.Tensor1D;
}

interface Block extends BlockPlan {
  expandConv: Convolution;
  spatial: Convolution;
  temporal?: Convolution;
  project: Convolution;
  skip?: Convolution;
}

export class MoViNet implements Backbone {
  readonly plan: MoViNetPlan;
  readonly cropShare = 1;
  readonly framesPerVector = 1;
  readonly #stem: Convolution;
  readonly #blocks: Block[];
  readonly #head: Convolution;

  /**
   * @throws Failure `weights-mismatch` when a tensor is missing, superfluous or of another shape
   */
  constructor(plan: MoViNetPlan, weights: Map<string, NumericArray>) {
    checkWeights(weightShapes(plan), weights);
    this.plan = plan;
    const tensor = (name: string) => {
      const { values, shape } = weights.get(name)!;
      return tf.tensor(values, shape as number[]);
    };
    const convolution = (name: string): Convolution => ({
      weight: tensor(`${name}.weight`) as tf.Tensor4D,
      bias: tensor(`${name}.bias`) as tf.Tensor1D,
    });
    this.#stem = convolution('stem');
    this.#blocks = plan.stages.flatMap((stage, s) =>
      stage.blocks.map((blockPlan, b) => {
        const name = `blocks.${s}.${b}`;
        return {
          ...blockPlan,
          expandConv: convolution(`${name}.expand`),
          spatial: convolution(`${name}.spatial`),
          temporal: blockPlan.frames > 1 ? convolution(`${name}.temporal`) : undefined,
          project: scaled(convolution(`${name}.project`), tensor(`${name}.scale`) as tf.Tensor1D),
          skip: blockPlan.stride === 2 ? convolution(`${name}.skip`) : undefined,
        };
      }),
    );
    this.#head = convolution('head');
  }

  get inputSize(): number {
    return this.plan.inputSize;
  }

  get featureSize(): number {
    return this.plan.featureSize;
  }

  get mapSize(): number {
    const halvings = this.#blocks.filter(({ stride }) => stride === 2).length + 1;
    return Math.ceil(this.plan.inputSize / 2 ** halvings);
  }

  /** The temporal receptive field: one frame, and kt - 1 more for every temporal convolution. */
  get memoryFrames(): number {
    return this.#blocks.reduce((sum, { frames }) => sum + frames - 1, 1);
  }

  /** The stream buffers of all temporal convolutions in order, `[1, kt-1, H*W, C]` each, are the state. */
  forward(frames: tf.Tensor4D, state?: StreamState): StreamOutput {
    const buffers = state ?? [];
    const output = tf.tidy(() => {
      const next: StreamState = [];
      let x = convolve(frames, this.#stem, 2, 'relu6'); // [T,86,86,8]
      for (const b of this.#blocks) {
        let h = convolve(x, b.expandConv, 1, 'relu6'); // [T,H,W,expand]
        h = depthwise(h, b.spatial, b.stride);
        if (b.temporal) {
          const stream = temporalDepthwise({ x: h, ...b.temporal, past: buffers[next.length] });
          h = stream.output;
          next.push(stream.next);
        }
        h = convolve(h, b.project, 1); // [T,H,W,width]
        const shortcut = b.skip ? convolve(tf.avgPool(x, 3, 2, 'same'), b.skip, 1) : x;
        x = tf.add(h, shortcut);
      }
      const maps = convolve(x, this.#head, 1, 'relu6'); // [T,6,6,D]
      return { vectors: tf.mean(maps, [1, 2]) as tf.Tensor2D, maps, state: next };
    });
    tf.dispose(buffers);
    return output;
  }

  dispose(): void {
    const convolutions = [
      this.#stem,
      this.#head,
      ...this.#blocks.flatMap((b) => [b.expandConv, b.spatial, b.temporal, b.project, b.skip]),
    ];
    for (const convolution of convolutions) {
      if (convolution) tf.dispose([convolution.weight, convolution.bias]);
    }
  }
}

function convolve(
  x: tf.Tensor4D,
  { weight, bias }: Convolution,
  strides: number,
  activation?: 'relu6',
): tf.Tensor4D {
  return tf.fused.conv2d({ x, filter: weight, strides, pad: 'same', bias, activation });
}

function depthwise(x: tf.Tensor4D, { weight, bias }: Convolution, strides: number): tf.Tensor4D {
  return tf.fused.depthwiseConv2d({ x, filter: weight, strides, pad: 'same', bias, activation: 'relu6' });
}

/** The block's learned scale ("ReZero") multiplies the projection; folding it in saves an operation a block. */
function scaled({ weight, bias }: Convolution, scale: tf.Tensor1D): Convolution {
  const folded = tf.tidy(() => ({
    weight: tf.mul<tf.Tensor4D>(weight, scale),
    bias: tf.mul<tf.Tensor1D>(bias, scale),
  }));
  tf.dispose([weight, bias, scale]);
  return folded;
}
