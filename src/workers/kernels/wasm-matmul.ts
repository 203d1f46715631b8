/**
 * A faster matMul of transposed matrices on the wasm backend. The stock kernel hands only plain products to XNNPACK and
 * multiplies transposed ones itself, ten times slower; every gradient of a fully connected layer is such a product.
 * Here a transposed matrix is turned round first, which costs little, and the product is a plain one.
 */
import * as tf from '@tensorflow/tfjs-core';

interface TransposeFlags {
  transposeA: boolean;
  transposeB: boolean;
}

/** Replaces the kernel; to be called after the wasm backend was imported. Calling it again changes nothing. */
export function installWasmMatMul(): void {
  const stock = tf.getKernel('BatchMatMul', 'wasm');
  const transpose = tf.getKernel('Transpose', 'wasm');
  if (!stock || !transpose || stock.kernelFunc.name === 'matMulOfTransposed') return;

  const turned = (matrix: tf.TensorInfo, backend: object): tf.TensorInfo => {
    const rank = matrix.shape.length;
    const perm = [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];
    return transpose.kernelFunc({ inputs: { x: matrix }, backend, attrs: { perm } }) as tf.TensorInfo;
  };

  function matMulOfTransposed({ inputs, backend, attrs }: Parameters<tf.KernelFunc>[0]) {
    const { transposeA, transposeB } = attrs as unknown as TransposeFlags;
    const a = transposeA ? turned(inputs.a!, backend) : inputs.a!;
    const b = transposeB ? turned(inputs.b!, backend) : inputs.b!;
    const product = stock!.kernelFunc({
      inputs: { a, b },
      backend,
      attrs: { transposeA: false, transposeB: false },
    });
    const { disposeData } = backend as { disposeData(id: object): void };
    if (transposeA) disposeData.call(backend, a.dataId);
    if (transposeB) disposeData.call(backend, b.dataId);
    return product;
  }

  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({ ...stock, kernelFunc: matMulOfTransposed });
}
