/**
 * A slice on the wasm backend that reads only what it takes. The stock kernel first copies the whole tensor out of the
 * heap, so that a step of a bag, a stretch of a long video or a stream buffer costs as much as all that it is cut from.
 */
import * as tf from '@tensorflow/tfjs-core';

const { computeFlatOffset, isSliceContinous, parseSliceParams } = tf.slice_util;

/** The parts of the backend that a kernel works with. */
interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** A view, valid until the heap grows. */
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
}

/** Replaces the kernel; to be called after the wasm backend was imported. Calling it again changes nothing. */
export function installWasmSlice(): void {
  const stock = tf.getKernel('Slice', 'wasm');
  if (!stock || stock.kernelFunc.name === 'sliceOfHeap') return;

  function sliceOfHeap(call: Parameters<tf.KernelFunc>[0]): tf.TensorInfo {
    const { x } = call.inputs as { x: tf.TensorInfo };
    const attrs = call.attrs as unknown as { begin: number[]; size: number[] };
    const [begin, size] = parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
    const isNumeric = x.dtype === 'float32' || x.dtype === 'int32' || x.dtype === 'bool';
    if (!isNumeric || x.shape.length > 4) return stock!.kernelFunc(call) as tf.TensorInfo;
    const backend = call.backend as unknown as WasmBackend;
    const output = backend.makeOutput(size, x.dtype); // may grow the heap, so views are taken after it
    const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(output)];
    if (isSliceContinous(x.shape, begin, size)) {
      const start = computeFlatOffset(begin, tf.util.computeStrides(x.shape));
      to.set(from.subarray(start, start + to.length));
    } else copyRows(from, to, ofRank4(x.shape, 1), ofRank4(begin, 0), ofRank4(size, 1));
    return output;
  }

  tf.unregisterKernel('Slice', 'wasm');
  tf.registerKernel({ ...stock, kernelFunc: sliceOfHeap });
}

const ofRank4 = (shape: readonly number[], filler: number) => [
  ...new Array<number>(4 - shape.length).fill(filler),
  ...shape,
];

/** Row by row along the last axis. */
function copyRows(
  from: Float32Array | Int32Array | Uint8Array,
  to: Float32Array | Int32Array | Uint8Array,
  shape: number[],
  begin: number[],
  size: number[],
): void {
  const length = size[3];
  let at = 0;
  for (let a = begin[0]; a < begin[0] + size[0]; a++) {
    for (let b = begin[1]; b < begin[1] + size[1]; b++) {
      for (let c = begin[2]; c < begin[2] + size[2]; c++) {
        const start = ((a * shape[1] + b) * shape[2] + c) * shape[3] + begin[3];
        if (length < 16) for (let d = 0; d < length; d++) to[at + d] = from[start + d];
        else to.set(from.subarray(start, start + length), at);
        at += length;
      }
    }
  }
}
