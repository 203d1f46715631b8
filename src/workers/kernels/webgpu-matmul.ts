/**
 * A right matMul on the WebGPU backend where the second matrix is transposed and long. For small outputs and inner
 * sizes of 2000 and more the stock kernel splits the inner axis between workgroups, and that program reads a
 * transposed matrix as if it were not, in fours: numbers that are wrong, without an error. It is every fully connected
 * layer on 2048 features. There the program for small outputs is taken instead.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Of tfjs' `MatMulProgramType`. */
const SMALL_OUTPUT = 2;
/** From here on the stock kernel splits, in its own words. */
const SPLIT_FROM = 2000;
const PROGRAM = 'WEBGPU_MATMUL_PROGRAM_TYPE';

/** Replaces the kernels; to be called after the WebGPU backend was imported. Calling it again changes nothing. */
export function installWebGpuMatMul(): void {
  for (const name of ['BatchMatMul', '_FusedMatMul']) {
    const stock = tf.getKernel(name, 'webgpu');
    if (!stock || stock.kernelFunc.name === 'matMulUnsplit') continue;

    const matMulUnsplit: tf.KernelFunc = (call) => {
      if (!wouldSplit(call)) return stock.kernelFunc(call);
      const before = tf.env().getNumber(PROGRAM);
      tf.env().set(PROGRAM, SMALL_OUTPUT);
      try {
        return stock.kernelFunc(call);
      } finally {
        tf.env().set(PROGRAM, before);
      }
    };
    tf.unregisterKernel(name, 'webgpu');
    tf.registerKernel({ ...stock, kernelFunc: matMulUnsplit });
  }
}

/** Whether the stock kernel would take the program that is wrong. */
function wouldSplit({ inputs, backend, attrs }: Parameters<tf.KernelFunc>[0]): boolean {
  const { transposeA, transposeB } = attrs as { transposeA?: boolean; transposeB?: boolean };
  const [a, b] = [inputs.a!.shape, inputs.b!.shape];
  const inner = b.at(transposeB ? -1 : -2)!;
  if (!transposeB || inner < SPLIT_FROM) return false;
  const [rows, columns] = [a.at(transposeA ? -1 : -2)!, b.at(-2)!];
  const workgroups = Math.ceil(rows / 32) * Math.ceil(columns / 32);
  const few = (backend as unknown as { thresholdToIncreaseWorkgroups: number }).thresholdToIncreaseWorkgroups;
  return rows * columns > 128 && (workgroups <= few || (rows <= 8 && workgroups <= 2 * few));
}
