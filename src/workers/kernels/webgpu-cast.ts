/**
 * A cast to float32 that changes the bits, on the WebGPU backend. The stock kernel only relabels: truth values and
 * whole numbers keep the bits of an int32, and every kernel that copies raw numbers (transpose, and with it each
 * reduction over an inner axis) then fails to compile, which shows as zeros and no exception.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Replaces the kernel; to be called after the WebGPU backend was imported. Calling it again changes nothing. */
export function installWebGpuCast(): void {
  const stock = tf.getKernel('Cast', 'webgpu');
  const multiply = tf.getKernel('Multiply', 'webgpu');
  if (!stock || !multiply || stock.kernelFunc.name === 'castWithBits') return;

  function castWithBits(call: Parameters<tf.KernelFunc>[0]) {
    const { inputs, backend, attrs } = call;
    const cast = stock!.kernelFunc(call) as tf.TensorInfo;
    const from = inputs.x!.dtype;
    if (attrs!.dtype !== 'float32' || (from !== 'bool' && from !== 'int32')) return cast;
    const { makeTensorInfo, disposeData } = backend as {
      makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
      disposeData(id: object): void;
    };
    const one = makeTensorInfo.call(backend, [], 'float32', Float32Array.of(1));
    const product = multiply!.kernelFunc({ inputs: { a: cast, b: one }, backend, attrs: {} });
    for (const { dataId } of [cast, one]) disposeData.call(backend, dataId);
    return product;
  }

  tf.unregisterKernel('Cast', 'webgpu');
  tf.registerKernel({ ...stock, kernelFunc: castWithBits });
}
