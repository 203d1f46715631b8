/** Initial weights, by the schemes that the papers' codes begin with. */
import type { Random } from '../random.ts';
import type { NumericArray } from '../types.ts';
import type { Parameters } from './head.ts';

/**
 * torch: PyTorch's default, uniform for weight and bias. glorot-normal: as Keras has it. xavier: `xavier_uniform_`.
 * The latter two begin with zero biases.
 */
export type InitScheme = 'torch' | 'glorot-normal' | 'xavier';

/** Initial weights of a fully connected layer. */
export function initLinear(
  into: Parameters,
  name: string,
  outputs: number,
  inputs: number,
  scheme: InitScheme,
  random: Random,
): void {
  fillLayer(into, name, [outputs, inputs], scheme, random, true);
}

/** Initial weights of a convolution over time, `[out,in,k]`. */
export function initConv(
  into: Parameters,
  name: string,
  shape: [outputs: number, inputs: number, taps: number],
  scheme: InitScheme,
  random: Random,
  bias = true,
): void {
  fillLayer(into, name, shape, scheme, random, bias);
}

/** Gain, shift and running statistics of a batch norm. */
export function initBatchNorm(into: Parameters, name: string, channels: number, gain = 1): void {
  const filled = (value: number) => ({ shape: [channels], values: new Float32Array(channels).fill(value) });
  into.set(`${name}.weight`, filled(gain));
  into.set(`${name}.bias`, filled(0));
  into.set(`${name}.running_mean`, filled(0));
  into.set(`${name}.running_var`, filled(1));
}

/** Initial gain and shift of a layer norm. */
export function initLayerNorm(into: Parameters, name: string, channels: number): void {
  into.set(`${name}.weight`, { shape: [channels], values: new Float32Array(channels).fill(1) });
  into.set(`${name}.bias`, { shape: [channels], values: new Float32Array(channels) });
}

/** Initial gain and shift of a channel layer norm. */
export function initChannelLayerNorm(into: Parameters, name: string, channels: number): void {
  into.set(`${name}.g`, { shape: [1, channels, 1], values: new Float32Array(channels).fill(1) });
  into.set(`${name}.b`, { shape: [1, channels, 1], values: new Float32Array(channels) });
}

/** A weight matrix `[in,out]` without bias, as the code of graph convolutions (Kipf and Welling) begins with it. */
export function initMatrix(
  into: Parameters,
  name: string,
  [inputs, outputs]: [number, number],
  random: Random,
): void {
  const draw = random.stream(name);
  const bound = 1 / Math.sqrt(outputs);
  const values = Float32Array.from({ length: inputs * outputs }, () => draw.between(-bound, bound));
  into.set(`${name}.weight`, { shape: [inputs, outputs], values });
}

function fillLayer(
  into: Parameters,
  name: string,
  shape: number[],
  scheme: InitScheme,
  random: Random,
  bias: boolean,
): void {
  const draw = random.stream(name);
  const [outputs, inputs, taps = 1] = shape;
  const [fanIn, fanOut] = [inputs * taps, outputs * taps];
  const bound = scheme === 'xavier' ? Math.sqrt(6 / (fanIn + fanOut)) : 1 / Math.sqrt(fanIn);
  const deviation = Math.sqrt(2 / (fanIn + fanOut));
  const fill = (size: number[], value: () => number): NumericArray => ({
    shape: size,
    values: Float32Array.from({ length: size.reduce((a, b) => a * b, 1) }, value),
  });
  const uniform = () => draw.between(-bound, bound);
  into.set(
    `${name}.weight`,
    fill(shape, scheme === 'glorot-normal' ? () => deviation * draw.normal() : uniform),
  );
  if (bias) into.set(`${name}.bias`, fill([outputs], scheme === 'torch' ? uniform : () => 0));
}
