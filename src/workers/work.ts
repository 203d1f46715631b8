/** How much the device of this worker is asked to do: counted from the start of the backend on, at the door of the library. */
import * as tf from '@tensorflow/tfjs-core';

export interface Work {
  /** What the device is told to run: programs on WebGPU, kernels elsewhere. */
  dispatches: number;
  /** Multiplications and additions of matrix products, which are nearly all there is. */
  flops: number;
}

type Backend = { runWebGPUProgram?: (...args: unknown[]) => unknown };

let [kernels, programs, flops] = [0, 0, 0];
let isCounting = false;
const counted = new WeakSet<object>();

/** Counts from now on; to be called whenever a backend was started. */
export function countWork(): void {
  const engine = tf.engine();
  if (!isCounting) {
    isCounting = true;
    const { runKernel } = engine;
    engine.runKernel = function counting(name, inputs, attrs) {
      kernels++;
      const output = runKernel.call(engine, name, inputs, attrs) as tf.Tensor;
      if (name === 'BatchMatMul') {
        const { a } = inputs as { a: tf.Tensor };
        const inner = a.shape.at((attrs as { transposeA?: boolean }).transposeA ? -2 : -1)!;
        flops += 2 * output.size * inner;
      }
      return output as never;
    };
  }
  const backend = engine.backend as Backend;
  const { runWebGPUProgram } = backend;
  if (!runWebGPUProgram || counted.has(backend)) return;
  counted.add(backend);
  backend.runWebGPUProgram = (...args) => {
    programs++;
    return runWebGPUProgram.apply(backend, args);
  };
}

/** What was asked for so far. */
export function workSoFar(): Work {
  const isGpu = Boolean((tf.engine().backend as Backend).runWebGPUProgram);
  return { dispatches: isGpu ? programs : kernels, flops };
}

/** What one piece of work asks for. Nothing else may run meanwhile. */
export async function workOf(work: () => Promise<unknown>): Promise<Work> {
  const before = workSoFar();
  await work();
  const after = workSoFar();
  return { dispatches: after.dispatches - before.dispatches, flops: after.flops - before.flops };
}
