/**
 * The causal convolution over frames, channel by channel, that a network reading a stream needs. It is one operation,
 * `TemporalDepthwise`, for which a backend may have a kernel of its own (`workers/kernels`) that reads the stream
 * buffer and the new frames where they are; elsewhere its portable formulation runs, which joins them first.
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * x `[T,H,W,C]`, weight `[kt,1,C,1]`, bias `[C]`, past `[1,kt-1,H*W,C]` or absent at the start of a stream.
 * Out: relu6 of the convolution, `[T,H,W,C]`, and the stream buffer for the next call, `[1,kt-1,H*W,C]`.
 * It has no gradient.
 */
export const TEMPORAL_DEPTHWISE = 'TemporalDepthwise';

export interface TemporalInputs {
  x: tf.Tensor4D;
  weight: tf.Tensor4D;
  bias: tf.Tensor1D;
  /** What the call before left behind. */
  past?: tf.Tensor4D;
}

/**
 * Convolves the stream buffer followed by the new frames; before the start of a stream there was nothing but zeros.
 * @returns relu6 of the convolution, of the shape of `x`, and the next stream buffer; `past` is not disposed
 */
export function temporalDepthwise(inputs: TemporalInputs): { output: tf.Tensor4D; next: tf.Tensor4D } {
  const { past, ...others } = inputs;
  if (!tf.getKernel(TEMPORAL_DEPTHWISE, tf.getBackend())) return joined(inputs);
  const given: tf.NamedTensorMap = past ? { ...others, past } : others;
  const [output, next] = tf.engine().runKernel(TEMPORAL_DEPTHWISE, given) as tf.Tensor4D[];
  return { output, next };
}

/** Time as an image axis, so that the convolution is a 2-D one. */
function joined({ x, weight, bias, past }: TemporalInputs): { output: tf.Tensor4D; next: tf.Tensor4D } {
  const [frames, height, width, channels] = x.shape;
  const remembered = [1, weight.shape[0] - 1, height * width, channels] as const;
  const present = tf.reshape(x, [1, frames, height * width, channels]) as tf.Tensor4D;
  const all = tf.concat([past ?? tf.zeros<tf.Rank.R4>([...remembered]), present], 1); // [1,kt-1+T,H*W,C]
  const next = tf.slice(all, [0, frames, 0, 0], [...remembered]);
  const convolved = tf.fused.depthwiseConv2d({
    x: all,
    filter: weight,
    strides: 1,
    pad: 'valid',
    bias,
    activation: 'relu6',
  });
  return { output: tf.reshape(convolved, x.shape) as tf.Tensor4D, next };
}
