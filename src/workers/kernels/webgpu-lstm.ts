/**
 * The gates of an LSTM step in one dispatch each way on WebGPU, for the operations that `engine/heads/lstm.ts`
 * declares; its portable formulation needs a dozen.
 */
import * as tf from '@tensorflow/tfjs-core';
import { webgpu_util, type WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { LSTM_GATES, LSTM_GATES_GRAD } from '../../engine/heads/lstm.ts';

/** A thread has one unit of one row, and writes all that belongs to it. */
class UnitProgram {
  readonly workgroupSize: [number, number, number] = [64, 1, 1];
  readonly uniforms = 't : i32, length : i32, units : i32, rows : i32,';
  readonly dispatchLayout: { x: number[] };
  readonly dispatch: [number, number, number];

  constructor(
    readonly shaderKey: string,
    readonly variableNames: string[],
    readonly outputShape: number[],
    threads: [rows: number, units: number],
    private readonly body: string,
  ) {
    this.dispatchLayout = { x: [0, 1] };
    this.dispatch = webgpu_util.computeDispatch(this.dispatchLayout, threads, this.workgroupSize);
  }

  getUserCode(): string {
    return `
      fn logistic(x : f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }
      // exp(2x) overflows long before tanh has reached 1 in float32
      fn squash(x : f32) -> f32 { let y = clamp(x, -15.0, 15.0); let e = exp(2.0 * y); return (e - 1.0) / (e + 1.0); }
      fn main(index : i32) {
        let n = uniforms.units;
        if (index >= uniforms.rows * n) { return; }
        let row = index / n;
        let unit = index % n;
        ${this.body}
      }`;
  }
}

const FORWARD = `
  let z = (row * uniforms.length + uniforms.t) * 4 * n + unit;
  let r = row * 4 * n + unit;
  let i = logistic(projected[z] + recurrent[r]);
  let f = logistic(projected[z + n] + recurrent[r + n]);
  let g = squash(projected[z + 2 * n] + recurrent[r + 2 * n]);
  let o = logistic(projected[z + 3 * n] + recurrent[r + 3 * n]);
  let s = row * 6 * n + unit;
  let c = f * previous[s + 4 * n] + i * g;
  result[s] = i; result[s + n] = f; result[s + 2 * n] = g; result[s + 3 * n] = o;
  result[s + 4 * n] = c; result[s + 5 * n] = o * squash(c);`;

const BACKWARD = `
  let s = row * 6 * n + unit;
  let i = state[s]; let f = state[s + n]; let g = state[s + 2 * n]; let o = state[s + 3 * n];
  let squashed = squash(state[s + 4 * n]);
  let q = row * 5 * n + unit;
  let dh = dy[(row * uniforms.length + uniforms.t) * n + unit] + back[row * n + unit];
  let dc = next[q + 4 * n] + dh * o * (1.0 - squashed * squashed);
  result[q] = dc * g * i * (1.0 - i);
  result[q + n] = dc * previous[s + 4 * n] * f * (1.0 - f);
  result[q + 2 * n] = dc * i * (1.0 - g * g);
  result[q + 3 * n] = dh * squashed * o * (1.0 - o);
  result[q + 4 * n] = dc * f;`;

/** Registers both kernels. Calling it again changes nothing. */
export function installWebGpuLstm(): void {
  register(LSTM_GATES, ['projected', 'recurrent', 'previous'], FORWARD, ({ projected }) => {
    const [rows, length, width] = projected.shape;
    return { rows, length, units: width / 4, columns: 6 };
  });
  register(LSTM_GATES_GRAD, ['state', 'previous', 'dy', 'back', 'next'], BACKWARD, ({ dy }) => {
    const [rows, length, units] = dy.shape;
    return { rows, length, units, columns: 5 };
  });
}

function register(
  kernelName: string,
  names: string[],
  body: string,
  sizes: (inputs: Record<string, tf.TensorInfo>) => Record<'rows' | 'length' | 'units' | 'columns', number>,
): void {
  if (tf.getKernel(kernelName, 'webgpu')) return;
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { rows, length, units, columns } = sizes(inputs as Record<string, tf.TensorInfo>);
      const program = new UnitProgram(kernelName, names, [rows, columns * units], [rows, units], body);
      const numbers = [Number((attrs as { t: number }).t), length, units, rows];
      return (backend as WebGPUBackend).runWebGPUProgram(
        program,
        names.map((name) => inputs[name] as tf.TensorInfo),
        'float32',
        numbers.map((number) => ({ type: 'int32', data: [number] })),
      );
    },
  });
}
