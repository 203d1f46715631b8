/**
 * MoViNet for other runtimes: the graph of `movinet.ts` as an ONNX file, stream buffers included. Pictures are
 * `[T,3,S,S]` there, channels first, and so is all that follows.
 */
import { OnnxGraph } from '../formats/onnx.ts';
import type { NumericArray } from '../types.ts';
import { checkWeights } from './backbone.ts';
import { weightShapes, type MoViNetPlan } from './movinet.ts';

/** A stream buffer in the file: fed under one name, returned for the next call under another. */
export interface OnnxStreamBuffer {
  input: string;
  output: string;
  /** `[1, C, kt-1, H*W]`; zeros at the start of a stream. */
  shape: [number, number, number, number];
}

/** The stream buffers of a plan in the order of the network. */
export function onnxStreamBuffers(plan: MoViNetPlan): OnnxStreamBuffer[] {
  const buffers: OnnxStreamBuffer[] = [];
  let size = half(plan.inputSize);
  for (const { expand, stride, frames } of plan.stages.flatMap(({ blocks }) => blocks)) {
    if (stride === 2) size = half(size);
    if (frames === 1) continue;
    const [input, output] = [`past.${buffers.length}`, `next.${buffers.length}`];
    buffers.push({ input, output, shape: [1, expand, frames - 1, size * size] });
  }
  return buffers;
}

/** `same` padding: what a stride of 2 leaves. */
const half = (size: number) => Math.ceil(size / 2);

/**
 * Writes the network for any number T of frames. Inputs: `frames` `[T,3,S,S]`, RGB in 0..1, and the buffers of
 * {@link onnxStreamBuffers}. Outputs: `vectors` `[T,D]`, `maps` `[T,D,h,w]`, and the buffers for the call after.
 * @throws Failure `weights-mismatch` when a tensor is missing, superfluous or of another shape
 */
export function movinetToOnnx(
  plan: MoViNetPlan,
  weights: Map<string, NumericArray>,
): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('MoViNet');
  const { vectors, maps, side } = addMovinet(graph, plan, weights);
  graph.output(vectors, ['T', plan.featureSize]);
  graph.output(maps, ['T', plan.featureSize, side, side]);
  declareBuffers(graph, plan);
  return graph.toBytes();
}

/** Declares the buffers for the call after to be results. */
export function declareBuffers(graph: OnnxGraph, plan: MoViNetPlan): void {
  for (const { output, shape } of onnxStreamBuffers(plan)) graph.output(output, shape);
}

/**
 * Adds the network to a graph, with its inputs; what of it is a result is for the caller to declare.
 * @param length what the number of frames is called
 * @returns the names of vectors and maps, and the side of a map
 * @throws Failure `weights-mismatch`
 */
export function addMovinet(
  graph: OnnxGraph,
  plan: MoViNetPlan,
  weights: Map<string, NumericArray>,
  length = 'T',
): { vectors: string; maps: string; side: number } {
  const writer = new NetworkWriter(graph, plan, weights);
  const buffers = onnxStreamBuffers(plan);
  let x = writer.convolve(graph.input('frames', [length, 3, plan.inputSize, plan.inputSize]), 'stem', {
    stride: 2,
    clip: true,
  });
  let size = half(plan.inputSize);
  plan.stages.forEach(({ blocks }, s) =>
    blocks.forEach(({ stride, frames }, b) => {
      const name = `blocks.${s}.${b}`;
      let h = writer.convolve(x, `${name}.expand`, { clip: true });
      h = writer.convolve(h, `${name}.spatial`, { stride, clip: true });
      if (stride === 2) size = half(size);
      if (frames > 1) h = writer.convolveInTime(h, `${name}.temporal`, size, buffers.shift()!);
      h = writer.convolve(h, `${name}.project`, { scale: `${name}.scale` });
      x = graph.node('Add', name, [h, stride === 2 ? writer.shortcut(x, `${name}.skip`) : x]);
    }),
  );
  const maps = writer.convolve(x, 'head', { clip: true, output: 'maps' });
  const vectors = graph.node('ReduceMean', 'vectors', [maps], { axes: [2, 3], keepdims: 0 });
  return { vectors, maps, side: size };
}

/** The operations that the network is made of. */
class NetworkWriter {
  readonly graph: OnnxGraph;
  readonly #weights: Map<string, NumericArray>;
  readonly #limits: string[];

  constructor(graph: OnnxGraph, plan: MoViNetPlan, weights: Map<string, NumericArray>) {
    checkWeights(weightShapes(plan), weights);
    this.graph = graph;
    this.#weights = weights;
    this.#limits = [0, 6].map((limit) =>
      this.graph.floats(`limit.${limit}`, { shape: [], values: Float32Array.of(limit) }),
    );
  }

  /**
   * A 2-D convolution with `same` padding as TensorFlow has it, which for a stride of 2 is not symmetric; depthwise if
   * its weights are.
   */
  convolve(
    x: string,
    name: string,
    options: { stride?: number; clip?: boolean; scale?: string; output?: string },
  ): string {
    const { stride = 1, clip = false, scale, output = name } = options;
    const convolved = this.graph.node(
      'Conv',
      clip ? `${name}.raw` : output,
      [x, ...this.#load(name, scale)],
      {
        strides: [stride, stride],
        auto_pad: 'SAME_UPPER',
        group: this.#groups(name),
      },
    );
    return clip ? this.#clip(convolved, output) : convolved;
  }

  /** A causal depthwise convolution over frames, which stand in the batch until time is made an axis of an image. */
  convolveInTime(h: string, name: string, size: number, { input, output, shape }: OnnxStreamBuffer): string {
    const { graph } = this;
    const [, channels, past, pixels] = shape;
    const turned = graph.node('Transpose', `${name}.turned`, [h], { perm: [1, 0, 2, 3] }); // [C,T,H,W]
    const film = graph.integers(`film.${channels}.${size}`, [1, channels, -1, pixels]);
    const present = graph.node('Reshape', `${name}.present`, [turned, film]); // [1,C,T,H*W]
    const all = graph.node('Concat', `${name}.all`, [graph.input(input, shape), present], { axis: 2 });
    graph.node('Slice', output, [
      all,
      graph.integers(`from.${past}`, [-past]),
      graph.integers('to.end', [Number.MAX_SAFE_INTEGER]),
      graph.integers('axis.2', [2]),
    ]);
    const raw = graph.node('Conv', `${name}.raw`, [all, ...this.#load(name)], { group: channels });
    const clipped = this.#clip(raw, `${name}.film`);
    const frames = graph.integers(`frames.${channels}.${size}`, [channels, -1, size, size]);
    const back = graph.node('Reshape', `${name}.back`, [clipped, frames]); // [C,T,H,W]
    return graph.node('Transpose', name, [back], { perm: [1, 0, 2, 3] });
  }

  /** What a block adds to its result where that has fewer pixels than what it was given. */
  shortcut(x: string, name: string): string {
    const pooled = this.graph.node('AveragePool', `${name}.pool`, [x], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      auto_pad: 'SAME_UPPER',
      count_include_pad: 0,
    });
    return this.convolve(pooled, name, {});
  }

  #clip(x: string, output: string): string {
    return this.graph.node('Clip', output, [x, ...this.#limits]);
  }

  #groups(name: string): number {
    const [, , inputs, outputs] = this.#weights.get(`${name}.weight`)!.shape;
    return isDepthwise(name) ? inputs * outputs : 1;
  }

  /** Kernel and bias as initialisers, multiplied by the block's scale where there is one. */
  #load(name: string, scale?: string): string[] {
    const factor = scale ? this.#weights.get(scale)!.values : null;
    const kernel = channelsFirst(this.#weights.get(`${name}.weight`)!, isDepthwise(name));
    const bias = this.#weights.get(`${name}.bias`)!;
    const each = kernel.values.length / bias.values.length;
    return [
      this.graph.floats(`${name}.weight`, {
        shape: kernel.shape,
        values: factor
          ? kernel.values.map((value, i) => value * factor[Math.floor(i / each)])
          : kernel.values,
      }),
      this.graph.floats(`${name}.bias`, {
        shape: bias.shape,
        values: factor ? bias.values.map((value, i) => value * factor[i]) : bias.values,
      }),
    ];
  }
}

const isDepthwise = (name: string) => name.endsWith('.spatial') || name.endsWith('.temporal');

/** `[kh,kw,in,out]` as `[out,in,kh,kw]`; depthwise `[kh,kw,C,1]` as `[C,1,kh,kw]`. */
function channelsFirst({ shape, values }: NumericArray, depthwise: boolean): NumericArray {
  const [height, width, inputs, outputs] = shape;
  const [first, second] = depthwise ? [inputs, outputs] : [outputs, inputs];
  const result = new Float32Array(values.length);
  const pixels = height * width;
  for (let p = 0; p < pixels; p++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        const [a, b] = depthwise ? [i, o] : [o, i];
        result[(a * second + b) * pixels + p] = values[(p * inputs + i) * outputs + o];
      }
    }
  }
  return { shape: [first, second, height, width], values: result };
}
