/**
 * The causal convolution over frames on WebGPU, for the operation that `engine/backbone/temporal.ts` declares: two
 * dispatches, one for the output and one for the next stream buffer, that read the old buffer and the new frames where
 * they are. The portable formulation copies both into one tensor first, and out of it again.
 */
import * as tf from '@tensorflow/tfjs-core';
import { webgpu_util, type WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { TEMPORAL_DEPTHWISE } from '../../engine/backbone/temporal.ts';

/** A thread has one place of one frame, with four of its channels where their number allows that. */
class FramesProgram {
  readonly workgroupSize: [number, number, number] = [64, 1, 1];
  readonly uniforms = 'frames : i32, places : i32, channels : i32, started : i32,';
  readonly size = true;
  readonly variableComponents: number[];
  readonly dispatchLayout: { x: number[] };
  readonly dispatch: [number, number, number];
  readonly shaderKey: string;

  constructor(
    private readonly part: 'output' | 'next',
    readonly variableNames: string[],
    readonly outputShape: number[],
    readonly outputComponent: 1 | 4,
    private readonly taps: number,
  ) {
    this.variableComponents = variableNames.map(() => outputComponent);
    this.dispatchLayout = webgpu_util.flatDispatchLayout(outputShape);
    const perThread: [number, number, number] = [outputComponent, 1, 1];
    this.dispatch = webgpu_util.computeDispatch(
      this.dispatchLayout,
      outputShape,
      this.workgroupSize,
      perThread,
    );
    this.shaderKey = `${TEMPORAL_DEPTHWISE}_${part}_${taps}_${outputComponent}`;
  }

  getUserCode(): string {
    return `
      alias Value = ${this.outputComponent === 4 ? 'vec4<f32>' : 'f32'};
      const TAPS = ${this.taps};
      // Frame 0 is the first new one; those before it are in the stream buffer.
      fn seen(frame : i32, place : i32) -> Value {
        if (frame >= 0) { return x[frame * uniforms.places + place]; }
        if (uniforms.started == 0) { return Value(0.0); }
        return past[(frame + TAPS - 1) * uniforms.places + place];
      }
      fn main(index : i32) {
        if (index >= uniforms.size) { return; }
        let frame = index / uniforms.places;
        let place = index % uniforms.places;
        ${this.part === 'output' ? OUTPUT : NEXT}
      }`;
  }
}

const OUTPUT = `
  let channel = place % uniforms.channels;
  var sum = Value(0.0);
  for (var tap = 0; tap < TAPS; tap++) {
    sum += seen(frame + tap - (TAPS - 1), place) * weight[tap * uniforms.channels + channel];
  }
  result[index] = clamp(sum + bias[channel], Value(0.0), Value(6.0));`;

const NEXT = `
  result[index] = seen(frame + uniforms.frames - (TAPS - 1), place);`;

/** Registers the kernel. Calling it again changes nothing. */
export function installWebGpuTemporal(): void {
  if (tf.getKernel(TEMPORAL_DEPTHWISE, 'webgpu')) return;
  tf.registerKernel({
    kernelName: TEMPORAL_DEPTHWISE,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, backend }) => {
      const { x, weight, bias, past } = inputs as Record<string, tf.TensorInfo>;
      const [frames, height, width, channels] = x.shape;
      const taps = weight.shape[0];
      const component = channels % 4 === 0 ? 4 : 1;
      const remembered = [1, taps - 1, height * width, channels];
      const numbers = [frames, (height * width * channels) / component, channels / component, past ? 1 : 0];
      const run = (part: 'output' | 'next', shape: number[], given: Record<string, tf.TensorInfo>) =>
        (backend as WebGPUBackend).runWebGPUProgram(
          new FramesProgram(part, Object.keys(given), shape, component, taps),
          Object.values(given),
          'float32',
          numbers.map((number) => ({ type: 'int32', data: [number] })),
        );
      // At the start of a stream nothing is read of the past, but something must be bound.
      const stream = { x, past: past ?? { ...x, shape: remembered } };
      return [run('output', x.shape, { ...stream, weight, bias }), run('next', remembered, stream)];
    },
  });
}
