/**
 * A faster matMul on the wasm backend. The stock kernel hands only plain products of two matrices to XNNPACK and
 * multiplies transposed ones, and batches of them, itself, ten times slower; every gradient of a fully connected layer
 * is such a product. Here a transposed matrix is turned round first, which costs little, and a batch of a few large
 * products is done one by one.
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
    const multiply = (left: tf.TensorInfo, right: tf.TensorInfo) =>
      stock!.kernelFunc({
        inputs: { a: left, b: right },
        backend,
        attrs: { transposeA: false, transposeB: false },
      }) as tf.TensorInfo;
    const product = isWorthSplitting(a, b) ? oneByOne(a, b, backend, multiply) : multiply(a, b);
    const { disposeData } = backend as { disposeData(id: object): void };
    if (transposeA) disposeData.call(backend, a.dataId);
    if (transposeB) disposeData.call(backend, b.dataId);
    return product;
  }

  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({ ...stock, kernelFunc: matMulOfTransposed });
}

/** Products of fewer multiplications than this gain nothing from XNNPACK. */
const LARGE = 1 << 20;

/** A batch of few, large products of rank 3. */
function isWorthSplitting({ shape: a }: tf.TensorInfo, { shape: b }: tf.TensorInfo): boolean {
  const isBatch = a.length === 3 && b.length === 3 && a[0] === b[0] && a[0] > 1;
  return isBatch && a[1] * a[2] * b[2] >= LARGE;
}

function oneByOne(
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  backend: object,
  multiply: (a: tf.TensorInfo, b: tf.TensorInfo) => tf.TensorInfo,
): tf.TensorInfo {
  const kernel = (name: string) => tf.getKernel(name, 'wasm')!.kernelFunc as (call: object) => tf.TensorInfo;
  const { disposeData } = backend as { disposeData(id: object): void };
  const one = (x: tf.TensorInfo, i: number) =>
    kernel('Slice')({
      inputs: { x },
      backend,
      attrs: { begin: [i, 0, 0], size: [1, x.shape[1], x.shape[2]] },
    });
  const products = Array.from({ length: a.shape[0] }, (_, i) => {
    const [left, right] = [one(a, i), one(b, i)];
    const product = multiply(left, right);
    for (const { dataId } of [left, right]) disposeData.call(backend, dataId);
    return product;
  });
  const joined = kernel('Concat')({ inputs: products, backend, attrs: { axis: 0 } });
  for (const { dataId } of products) disposeData.call(backend, dataId);
  return joined;
}
