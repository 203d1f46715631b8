/**
 * The pieces that several heads share, each written once. All of them are matMul, element-wise operations, reductions
 * and slices of rank 4 or less, which every tensor backend has with right gradients.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Mode, ParameterTensors } from './head.ts';

/**
 * A fully connected layer with the weights of a PyTorch `Linear`, `[out,in]`.
 * @param x `[...,in]`
 * @returns `[...,out]`
 */
export function linear<T extends tf.Tensor>(x: T, parameters: ParameterTensors, name: string): T {
  const weight = parameters[`${name}.weight`] as tf.Tensor2D;
  const bias = parameters[`${name}.bias`];
  const [outputs, inputs] = weight.shape;
  return tf.tidy(() => {
    const rows = tf.reshape(x, [-1, inputs]) as tf.Tensor2D; // a 3-D by 2-D matMul has no right gradient
    const product = tf.add(tf.matMul(rows, weight, false, true), bias);
    return tf.reshape(product, [...x.shape.slice(0, -1), outputs]) as T;
  });
}

/**
 * 1 at the largest entry along an axis and 0 elsewhere; of equal entries the first counts. A constant.
 * @param axis the last one if not told
 */
export function firstMaxMask<T extends tf.Tensor>(x: T, axis = x.rank - 1): T {
  return withoutGradient(() =>
    tf.tidy(() => {
      const length = x.shape[axis];
      const along = x.shape.map((_, i) => (i === axis ? length : 1));
      const position = tf.reshape(tf.range(0, length, 1, 'float32'), along);
      const isMax = tf.cast(tf.equal(x, tf.max(x, axis, true)), 'float32');
      const first = tf.min(tf.add(position, tf.mul(tf.sub(1, isMax), length)), axis, true);
      return tf.cast(tf.equal(position, first), 'float32') as T;
    }),
  );
}

/**
 * The largest entry along an axis, which falls away. Its gradient goes to that entry alone, the first of several equal
 * ones; `tf.max` would share it between them, and PyTorch's fixtures do not.
 * @param axis the last one if not told
 */
export function maxFirst<R extends tf.Tensor = tf.Tensor1D>(x: tf.Tensor, axis = x.rank - 1): R {
  const select = tf.customGrad((scores, save) => {
    const mask = firstMaxMask(scores as tf.Tensor, axis);
    (save as tf.GradSaveFunc)([mask]);
    return {
      value: tf.sum(tf.mul(scores as tf.Tensor, mask), axis),
      gradFunc: (dy, saved) => tf.mul(tf.expandDims(dy, axis), saved[0]),
    };
  });
  return select(x) as R;
}

/** The largest difference of two entries of each row (WSAL Eq. 7, 8): `[B,T]` to `[B]`. */
export function span(x: tf.Tensor2D): tf.Tensor1D {
  return tf.add(maxFirst(x), maxFirst(tf.neg(x)));
}

/** 1 - cos of neighbours in time: `[N,T,E]` to `[N,T-1]`, 0..2. */
export function adjacentChange(x: tf.Tensor3D): tf.Tensor2D {
  const [rows, length, size] = x.shape;
  const earlier = tf.slice(x, [0, 0, 0], [rows, length - 1, size]);
  const later = tf.slice(x, [0, 1, 0], [rows, length - 1, size]);
  return tf.sub(1, cosine(later, earlier)) as tf.Tensor2D;
}

/** Sum over neighbouring segments of the squared score difference: `[B,T]` to `[B]`. */
export function smoothness(scores: tf.Tensor2D): tf.Tensor1D {
  const [bags, length] = scores.shape;
  if (length < 2) return tf.mul(tf.sum(scores, 1), 0);
  const earlier = tf.slice(scores, [0, 0], [bags, length - 1]);
  const later = tf.slice(scores, [0, 1], [bags, length - 1]);
  return tf.sum(tf.square(tf.sub(earlier, later)), 1);
}

/** Sum of scores: `[B,T]` to `[B]`. */
export function sparsity(scores: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(scores, 1);
}

/**
 * Binary cross entropy of probabilities, as `torch.nn.BCELoss`: logarithms are cut at -100, and the gradient
 * (p - y) / max(p (1 - p), 1e-12) stays finite when p saturates.
 * @param p 0..1
 * @param y 0 or 1, of p's shape
 */
export function binaryCrossEntropy<T extends tf.Tensor>(p: T, y: T): T {
  const entropy = tf.customGrad((probability, target, save) => {
    const [a, b] = [probability as tf.Tensor, target as tf.Tensor];
    (save as tf.GradSaveFunc)([a, b]);
    // WebGPU's log(0) is about -87.
    const log = (x: tf.Tensor) =>
      tf.where(tf.greater(x, 0), tf.maximum(tf.log(x), -100), tf.fill(x.shape, -100));
    return {
      value: tf.neg(tf.add(tf.mul(b, log(a)), tf.mul(tf.sub(1, b), log(tf.sub(1, a))))),
      gradFunc: (dy, saved) => {
        const [q, z] = saved;
        const slope = tf.div(tf.sub(q, z), tf.maximum(tf.mul(q, tf.sub(1, q)), 1e-12));
        return [tf.mul(dy, slope), tf.zerosLike(z)];
      },
    };
  });
  return entropy(p, y) as T;
}

/** 0 for the normal bags, which come first, and 1 for the anomalous ones: `[B]`. */
export function labelTensor({ normal, anomalous }: { normal: number; anomalous: number }): tf.Tensor1D {
  return tf.tensor1d([...new Array<number>(normal).fill(0), ...new Array<number>(anomalous).fill(1)]);
}

/** Mean over crops: `[B,P,T]` to `[B,T]`. */
export function overCrops(x: tf.Tensor): tf.Tensor2D {
  return tf.mean(x, 1) as tf.Tensor2D;
}

/** Computes without a gradient: what comes out is a constant to everything that follows. */
export function withoutGradient<T extends tf.TensorContainer>(compute: () => T): T {
  const { state } = tf.engine();
  state.kernelDepth++; // tfjs records operations at depth 0 only, and has no stopGradient
  try {
    return compute();
  } finally {
    state.kernelDepth--;
  }
}

/** The square root with slope 0 at 0, where PyTorch and tfjs have no number. */
export function safeSqrt<T extends tf.Tensor>(x: T): T {
  const root = tf.customGrad((v, save) => {
    const value = tf.sqrt(v as tf.Tensor);
    (save as tf.GradSaveFunc)([value]);
    return {
      value,
      gradFunc: (dy, [y]) =>
        tf.mul(dy, tf.div(tf.cast(tf.greater(y, 0), 'float32'), tf.maximum(tf.mul(y, 2), 1e-30))),
    };
  });
  return root(x) as T;
}

/** The Euclidean length along the last axis: `[...,D]` to `[...]`. */
export function norm(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => safeSqrt(tf.sum(tf.square(x), -1)));
}

/** <a,b> / max(|a||b|, 1e-8) along the last axis. */
export function cosine(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.div(tf.sum(tf.mul(a, b), -1), tf.maximum(tf.mul(norm(a), norm(b)), 1e-8)));
}

/**
 * Where the k largest entries of each row stand, largest first; of equal entries the lowest index counts first, and k
 * is cut to the row's length. A constant: gradients go to the chosen entries of what it is multiplied with.
 * @param x `[B,T]`
 * @returns `[B,k,T]`, one 1 in each row
 */
export function selectTopK(x: tf.Tensor2D, k: number): tf.Tensor3D {
  const wanted = Math.min(k, x.shape[1]);
  return withoutGradient(() =>
    tf.tidy(() => (x.shape[1] > WIDE ? topKOneByOne(x, wanted) : topKByRank(x, wanted))),
  );
}

/** Below every number that occurs, and no infinity, which shaders may not know. */
const LOWEST = -3e38;

/** Entries of a row from which on comparing all with all takes too much memory. */
const WIDE = 512;

function topKByRank(x: tf.Tensor2D, k: number): tf.Tensor3D {
  const position = tf.range(0, x.shape[1], 1, 'float32');
  const [own, other] = [tf.expandDims(x, 2), tf.expandDims(x, 1)]; // [B,T,1], [B,1,T]
  const number = (condition: tf.Tensor) => tf.cast(condition, 'float32');
  const isEarlier = number(tf.less(tf.expandDims(position, 0), tf.expandDims(position, 1))); // [T,T]
  const lead = tf.sub(other, own); // [B,T,T]
  const isBefore = tf.add(number(tf.greater(lead, 0)), tf.mul(number(tf.equal(lead, 0)), isEarlier));
  const rank = tf.sum(isBefore, 2); // [B,T]
  const wanted = tf.reshape(tf.range(0, k, 1, 'float32'), [1, -1, 1]);
  return tf.cast(tf.equal(tf.expandDims(rank, 1), wanted), 'float32') as tf.Tensor3D;
}

function topKOneByOne(x: tf.Tensor2D, k: number): tf.Tensor3D {
  const chosen: tf.Tensor2D[] = [];
  let rest = x;
  for (let i = 0; i < k; i++) {
    const mask = firstMaxMask(rest);
    chosen.push(mask);
    rest = tf.where(tf.greater(mask, 0), tf.fill(x.shape, LOWEST), rest);
  }
  return tf.stack(chosen, 1) as tf.Tensor3D;
}

/** Segments from which on a video is treated stretch by stretch, so that less is held at once. */
const LONG = 1 << 11;

/** Segments of a stretch. */
const STRETCH = 1 << 8;

/**
 * A convolution over time with the weights of a PyTorch `Conv1d`, `[out,in,k]`, as one product: the k shifted views
 * are joined on channels. The length stays.
 * @param x `[N,T,C]`
 */
export function temporalConv(
  x: tf.Tensor3D,
  parameters: ParameterTensors,
  name: string,
  { dilation = 1, padding = 'zeros' }: { dilation?: number; padding?: 'zeros' | 'replicate' } = {},
): tf.Tensor3D {
  const weight = parameters[`${name}.weight`] as tf.Tensor3D;
  const bias = parameters[`${name}.bias`];
  const [bags, , channels] = x.shape;
  const [outputs, , taps] = weight.shape;
  const reach = ((taps - 1) / 2) * dilation;
  return tf.tidy(() => {
    const kernel = tf.reshape(tf.transpose(weight, [2, 1, 0]), [taps * channels, outputs]) as tf.Tensor2D;
    return inStretches(x, (padded) => convolve(padded, kernel), reach, padding);
  });

  function convolve(padded: tf.Tensor3D, kernel: tf.Tensor2D): tf.Tensor3D {
    const size = padded.shape[1] - 2 * reach;
    const views = Array.from({ length: taps }, (_, tap) =>
      tf.slice(padded, [0, tap * dilation, 0], [bags, size, channels]),
    );
    const unfolded = taps === 1 ? padded : tf.concat(views, 2); // [N,T,k*C]
    const rows = tf.reshape(unfolded, [bags * size, taps * channels]) as tf.Tensor2D;
    const product = tf.matMul(rows, kernel);
    return tf.reshape(bias ? tf.add(product, bias) : product, [bags, size, outputs]) as tf.Tensor3D;
  }
}

/** x as seen from each of k taps around the centre: k times `[N,T,C]`. */
export function timeViews(
  x: tf.Tensor3D,
  taps: number,
  dilation = 1,
  padding: 'zeros' | 'replicate' = 'zeros',
): tf.Tensor3D[] {
  if (taps === 1) return [x];
  const [bags, length, channels] = x.shape;
  const reach = ((taps - 1) / 2) * dilation;
  const padded = padTime(x, [reach, reach], padding);
  return Array.from({ length: taps }, (_, tap) =>
    tf.slice(padded, [0, tap * dilation, 0], [bags, length, channels]),
  );
}

/** More segments before the first and after the last: zeros, or the end again. */
export function padTime(
  x: tf.Tensor3D,
  [before, after]: [number, number],
  padding: 'zeros' | 'replicate',
): tf.Tensor3D {
  if (before + after === 0) return x;
  const [bags, length, channels] = x.shape;
  if (padding === 'zeros') {
    return tf.pad(x, [
      [0, 0],
      [before, after],
      [0, 0],
    ]);
  }
  const edge = (t: number, count: number) =>
    count > 0 ? [tf.tile(tf.slice(x, [0, t, 0], [bags, 1, channels]), [1, count, 1])] : [];
  return tf.concat([...edge(0, before), x, ...edge(length - 1, after)], 1);
}

/**
 * Batch norm over bags and time, as PyTorch's `BatchNorm1d`: momentum 0.1, the biased variance in the result and the
 * unbiased one in the running statistics.
 * @param x `[N,T,C]`
 */
export function batchNorm(
  x: tf.Tensor3D,
  parameters: ParameterTensors,
  name: string,
  mode: Mode,
): tf.Tensor3D {
  const [gain, shift] = [parameters[`${name}.weight`], parameters[`${name}.bias`]];
  const [runningMean, runningVar] = ['running_mean', 'running_var'].map((key) => `${name}.${key}`);
  let [mean, variance] = [parameters[runningMean], parameters[runningVar]];
  if (mode.training) {
    mean = tf.mean(x, [0, 1]);
    variance = tf.mean(tf.square(tf.sub(x, mean)), [0, 1]);
    const count = x.shape[0] * x.shape[1];
    const [m, v] = [mean, variance];
    withoutGradient(() => {
      const blend = (old: tf.Tensor, now: tf.Tensor) => tf.add(tf.mul(old, 0.9), tf.mul(now, 0.1));
      mode.remember(runningMean, blend(parameters[runningMean], m));
      mode.remember(runningVar, blend(parameters[runningVar], tf.mul(v, count / Math.max(1, count - 1))));
    });
  }
  return tf.tidy(() => {
    const deviation = tf.sqrt(tf.add(variance, 1e-5));
    if (!mode.training) {
      // All but x is known: one product and one sum, which hold less of a long video at once.
      const scale = tf.div(gain, deviation);
      return tf.add(tf.mul(x, scale), tf.sub(shift, tf.mul(mean, scale))) as tf.Tensor3D;
    }
    const scaled = tf.div(tf.sub(x, mean), deviation);
    return tf.add(tf.mul(scaled, gain), shift) as tf.Tensor3D;
  });
}

/** `nn.LayerNorm` over the last axis: epsilon inside the root. */
export function layerNorm<T extends tf.Tensor>(x: T, parameters: ParameterTensors, name: string): T {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    const scaled = tf.div(centred, tf.sqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(scaled, parameters[`${name}.weight`]), parameters[`${name}.bias`]) as T;
  });
}

/**
 * The channel layer norm of MGFN's code, over the last axis: epsilon is added to the deviation, not to the variance.
 * Gain and shift are stored as `[1,C,1]`.
 */
export function channelLayerNorm<T extends tf.Tensor>(x: T, parameters: ParameterTensors, name: string): T {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const deviation = safeSqrt(tf.mean(tf.square(centred), -1, true));
    const [gain, shift] = ['g', 'b'].map((key) => tf.reshape(parameters[`${name}.${key}`], [-1]));
    return tf.add(tf.mul(tf.div(centred, tf.add(deviation, 1e-5)), gain), shift) as T;
  });
}

/** GELU by the error function, not by its tanh approximation. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)) as T);
}

/** |x| with slope 0 at 0, where tfjs has -1. */
export function absolute<T extends tf.Tensor>(x: T): T {
  const sign = withoutGradient(() => tf.sign(x));
  return tf.mul(x, sign) as T;
}

/** Most attention weights held at once while scoring, so that a video of hours fits into memory. */
const ATTENTION_AT_ONCE = 1 << 21;

/**
 * softmax(q k^t scale) v. Longer videos than training ever sees are attended in blocks of queries, which changes
 * nothing but the memory; their weights are then not told.
 * @param q `[N,T,E]`; k and v likewise
 * @param bias `[N,1,T]`, added before the softmax
 * @returns mixed `[N,T,E]`, weights `[N,T,T]`
 */
export function attend(
  q: tf.Tensor3D,
  k: tf.Tensor3D,
  v: tf.Tensor3D,
  scale: number,
  bias?: tf.Tensor3D,
): { mixed: tf.Tensor3D; weights?: tf.Tensor3D } {
  const [rows, length, size] = q.shape;
  const weightsOf = (queries: tf.Tensor3D) => {
    const alike = tf.mul(tf.matMul(queries, k, false, true), scale);
    return tf.softmax(bias ? tf.add(alike, bias) : alike) as tf.Tensor3D;
  };
  const block = Math.max(1, Math.floor(ATTENTION_AT_ONCE / (rows * length)));
  if (block >= length) {
    const weights = weightsOf(q);
    return { mixed: tf.matMul(weights, v), weights };
  }
  const blocks: tf.Tensor3D[] = [];
  for (let start = 0; start < length; start += block) {
    const queries = tf.slice(q, [0, start, 0], [rows, Math.min(block, length - start), size]);
    blocks.push(tf.tidy(() => tf.matMul(weightsOf(queries), v)));
  }
  return { mixed: tf.concat(blocks, 1) };
}

/** What a video looks at, over crops and looking segments: `[B*P,T,T]` to `[B,1,T]`. */
export function meanAttention(weights: tf.Tensor3D, bags: number): tf.Tensor3D {
  const [rows, length] = weights.shape;
  return tf.mean(tf.reshape(weights, [bags, (rows / bags) * length, length]), 1, true) as tf.Tensor3D;
}

/**
 * What looks no further than `reach` segments to either side, a stretch of time after the other where there are many:
 * the same result in less memory.
 * @param x `[N,T,C]`
 * @param compute from `[N,t+2*reach,C]`, padded beyond the ends of the video, to `[N,t,C']`
 */
export function inStretches(
  x: tf.Tensor3D,
  compute: (stretch: tf.Tensor3D) => tf.Tensor3D,
  reach = 0,
  padding: 'zeros' | 'replicate' = 'zeros',
): tf.Tensor3D {
  const [bags, length, channels] = x.shape;
  const stretch = (start: number, end: number) =>
    tf.tidy(() => {
      const [from, to] = [Math.max(0, start - reach), Math.min(length, end + reach)];
      const seen = tf.slice(x, [0, from, 0], [bags, to - from, channels]);
      return compute(padTime(seen, [from - (start - reach), end + reach - to], padding));
    });
  if (length <= LONG) return tf.tidy(() => compute(padTime(x, [reach, reach], padding)));
  return tf.tidy(() => {
    const parts: tf.Tensor3D[] = [];
    for (let start = 0; start < length; start += STRETCH) {
      parts.push(stretch(start, Math.min(length, start + STRETCH)));
    }
    return tf.concat(parts, 1);
  });
}
