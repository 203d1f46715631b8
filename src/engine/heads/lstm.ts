/**
 * A bi-directional LSTM that does not drown in small operations. All time steps are projected by one product, both
 * directions run side by side as one batch, and the gates of a step are one operation, `LstmGates`, for which a
 * backend may have a kernel of its own (`workers/kernels`); elsewhere its portable formulation runs. The gradient
 * walks back through time by hand, so that a step of training costs a handful of operations per segment.
 *
 * Parameter names and the order of gates (i, f, g, o) are those of `torch.nn.LSTM`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterTensors, Parameters } from './head.ts';
import type { Random } from '../random.ts';

/**
 * What a time step leaves behind, row by row: `[R,6H]` as i, f, g, o (after their activations), c, h.
 * `LstmGates`: projected `[R,T,4H]`, recurrent `[R,4H]`, previous `[R,6H]`; attribute t. Out: `[R,6H]`.
 * `LstmGatesGrad`: state and previous `[R,6H]`, dy `[R,T,H]`, back `[R,H]`, next `[R,5H]`; attribute t. Out: `[R,5H]`,
 * the gradients of the four gates before their activations, and of the previous c.
 */
export const LSTM_GATES = 'LstmGates';
export const LSTM_GATES_GRAD = 'LstmGatesGrad';

/** Initial weights: uniform, within 1 over the root of the units. */
export function initBiLstm(
  into: Parameters,
  name: string,
  { inputs, units, layers }: { inputs: number; units: number; layers: number },
  random: Random,
): void {
  const bound = 1 / Math.sqrt(units);
  for (let layer = 0; layer < layers; layer++) {
    for (const suffix of [`l${layer}`, `l${layer}_reverse`]) {
      const fill = (key: string, shape: number[]) => {
        const draw = random.stream(`${name}.${key}_${suffix}`);
        const size = shape.reduce((a, b) => a * b, 1);
        const values = Float32Array.from({ length: size }, () => draw.between(-bound, bound));
        into.set(`${name}.${key}_${suffix}`, { shape, values });
      };
      fill('weight_ih', [4 * units, layer === 0 ? inputs : 2 * units]);
      fill('weight_hh', [4 * units, units]);
      fill('bias_ih', [4 * units]);
      fill('bias_hh', [4 * units]);
    }
  }
}

/**
 * @param x `[B,T,D]`
 * @returns `[B,T,2H]`, forward beside backward
 */
export function biLstm(x: tf.Tensor3D, parameters: ParameterTensors, name: string): tf.Tensor3D {
  let input = x;
  for (let layer = 0; parameters[`${name}.weight_ih_l${layer}`]; layer++) {
    const [bags, length, size] = input.shape;
    const rows = tf.reshape(input, [bags * length, size]) as tf.Tensor2D;
    const part = (key: string, suffix: string) => parameters[`${name}.${key}_l${layer}${suffix}`];
    const projected = ['', '_reverse'].map((suffix) => {
      const bias = tf.add(part('bias_ih', suffix), part('bias_hh', suffix));
      const all = tf.add(tf.matMul(rows, part('weight_ih', suffix) as tf.Tensor2D, false, true), bias);
      return tf.reshape(all, [bags, length, -1]) as tf.Tensor3D; // [B,T,4H]
    });
    const recurrent = tf.stack([part('weight_hh', ''), part('weight_hh', '_reverse')]) as tf.Tensor3D;
    const both = tf.concat([projected[0], tf.reverse(projected[1], 1)]); // [2B,T,4H]
    const states = recur(both, recurrent); // [2B,T,H]
    const [forward, backward] = tf.split(states, 2) as tf.Tensor3D[];
    input = tf.concat([forward, tf.reverse(backward, 1)], 2);
  }
  return input;
}

/**
 * The recurrence of both directions.
 * @param projected `[2B,T,4H]`, the first half of the rows forward in time, the second backward
 * @param recurrent `[2,4H,H]`
 * @returns `[2B,T,H]`
 */
function recur(projected: tf.Tensor3D, recurrent: tf.Tensor3D): tf.Tensor3D {
  const layer = tf.customGrad((...args) => {
    const [input, weight, save] = args as unknown as [tf.Tensor3D, tf.Tensor3D, tf.GradSaveFunc];
    const [rows, length, width] = input.shape;
    const units = width / 4;
    const turned = tf.transpose(weight, [0, 2, 1]) as tf.Tensor3D; // once, not at every step: [2,H,4H]
    const through = (x: tf.Tensor2D) =>
      tf.reshape(tf.matMul(tf.reshape(x, [2, rows / 2, units]) as tf.Tensor3D, turned), [
        rows,
        4 * units,
      ]) as tf.Tensor2D;
    const outputOf = (state: tf.Tensor2D) => tf.slice(state, [0, 5 * units], [rows, units]);
    const states: tf.Tensor2D[] = [];
    const start = tf.zeros<tf.Rank.R2>([rows, 6 * units]);
    let previous = start;
    for (let t = 0; t < length; t++) {
      previous = gates(input, through(outputOf(previous)), previous, t);
      states.push(previous);
    }
    const value = tf.stack(states.map(outputOf), 1) as tf.Tensor3D; // [2B,T,H]
    save([weight, start, value, ...states]);

    const gradFunc = (dy: tf.Tensor3D, saved: tf.Tensor[]) => {
      const [own, first, outputs, ...kept] = saved as [
        tf.Tensor3D,
        tf.Tensor2D,
        tf.Tensor3D,
        ...tf.Tensor2D[],
      ];
      const gradients: tf.Tensor2D[] = [];
      let back = tf.zeros<tf.Rank.R2>([rows, units]);
      let next = tf.zeros<tf.Rank.R2>([rows, 5 * units]);
      for (let t = length - 1; t >= 0; t--) {
        next = gatesGrad(kept[t], t > 0 ? kept[t - 1] : first, dy, back, next, t);
        const gate = tf.slice(next, [0, 0], [rows, 4 * units]) as tf.Tensor2D;
        gradients.unshift(gate);
        const split = tf.reshape(gate, [2, rows / 2, 4 * units]) as tf.Tensor3D;
        back = tf.reshape(tf.matMul(split, own), [rows, units]) as tf.Tensor2D;
      }
      const inputGradient = tf.stack(gradients, 1) as tf.Tensor3D; // [2B,T,4H]
      const before = tf.concat(
        [tf.zeros([rows, 1, units]), tf.slice(outputs, [0, 0, 0], [rows, length - 1, units])],
        1,
      );
      const flat = (x: tf.Tensor, size: number) =>
        tf.reshape(x, [2, (rows / 2) * length, size]) as tf.Tensor3D;
      const weightGradient = tf.matMul(flat(inputGradient, 4 * units), flat(before, units), true, false);
      return [inputGradient, weightGradient];
    };
    return { value, gradFunc: gradFunc as never };
  });
  return layer(projected, recurrent) as tf.Tensor3D;
}

const hasKernel = (name: string) => tf.getKernel(name, tf.getBackend()) !== undefined;

function gates(
  projected: tf.Tensor3D,
  recurrent: tf.Tensor2D,
  previous: tf.Tensor2D,
  t: number,
): tf.Tensor2D {
  if (hasKernel(LSTM_GATES)) {
    return tf.engine().runKernel(LSTM_GATES, { projected, recurrent, previous }, { t }) as tf.Tensor2D;
  }
  return tf.tidy(() => {
    const [rows, , width] = projected.shape;
    const units = width / 4;
    const now = tf.reshape(tf.slice(projected, [0, t, 0], [rows, 1, width]), [rows, width]);
    const [zi, zf, zg, zo] = tf.split(tf.add(now, recurrent), 4, 1);
    const [i, f, g, o] = [tf.sigmoid(zi), tf.sigmoid(zf), tf.tanh(zg), tf.sigmoid(zo)];
    const c = tf.add(tf.mul(f, tf.slice(previous, [0, 4 * units], [rows, units])), tf.mul(i, g));
    return tf.concat([i, f, g, o, c, tf.mul(o, tf.tanh(c))], 1) as tf.Tensor2D;
  });
}

function gatesGrad(
  state: tf.Tensor2D,
  previous: tf.Tensor2D,
  dy: tf.Tensor3D,
  back: tf.Tensor2D,
  next: tf.Tensor2D,
  t: number,
): tf.Tensor2D {
  if (hasKernel(LSTM_GATES_GRAD)) {
    const inputs = { state, previous, dy, back, next };
    return tf.engine().runKernel(LSTM_GATES_GRAD, inputs, { t }) as tf.Tensor2D;
  }
  return tf.tidy(() => {
    const [rows, , units] = dy.shape;
    const [i, f, g, o, c] = tf.split(state, 6, 1);
    const cBefore = tf.slice(previous, [0, 4 * units], [rows, units]);
    const dcNext = tf.slice(next, [0, 4 * units], [rows, units]);
    const dh = tf.add(tf.reshape(tf.slice(dy, [0, t, 0], [rows, 1, units]), [rows, units]), back);
    const squashed = tf.tanh(c);
    const ofSigmoid = (d: tf.Tensor, y: tf.Tensor) => tf.mul(d, tf.mul(y, tf.sub(1, y)));
    const ofTanh = (d: tf.Tensor, y: tf.Tensor) => tf.mul(d, tf.sub(1, tf.square(y)));
    const dc = tf.add(dcNext, ofTanh(tf.mul(dh, o), squashed));
    return tf.concat(
      [
        ofSigmoid(tf.mul(dc, g), i),
        ofSigmoid(tf.mul(dc, cBefore), f),
        ofTanh(tf.mul(dc, i), g),
        ofSigmoid(tf.mul(dh, squashed), o),
        tf.mul(dc, f),
      ],
      1,
    ) as tf.Tensor2D;
  });
}
