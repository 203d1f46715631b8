/**
 * Salient self-attention: Watanabe, Okabe, Harada, Kashima, "Real-world Video Anomaly Detection by Extracting Salient
 * Features in Videos", 2022. Parameter names are those of the released weights (`self_anttention` is spelled so).
 *
 * No multiple-instance ranking: r attention maps over the segments pool the bag into one matrix, and two fully
 * connected layers classify it as a whole. The order of segments plays no part, unless a bi-directional LSTM reads
 * them first (section 4.3); attention and pooling are then over what it says.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Head, ParameterTensors, ScoreTrace, Sight, SnippetScores } from './head.ts';
import { scoring } from './head.ts';
import { biLstm, initBiLstm } from './lstm.ts';
import { initLinear } from './initial.ts';
import { binaryCrossEntropy, labelTensor, linear } from './parts.ts';
import { salientCard, type SalientConfig } from './salient.fields.ts';
import { rowsOf, seen, throughLayer } from './sight.ts';

/** Bags scored in one go while sliding; bounds the memory, not the result. */
const WINDOWS_AT_ONCE = 32;

export const salient: Head<SalientConfig> = {
  card: salientCard,

  init(config, dims, random) {
    const parameters = new Map();
    const { attentionUnits, attentionRows, hidden, lstmUnits: units, lstmLayers: layers } = config;
    const size = config.recurrent ? 2 * units : dims.features;
    if (config.recurrent) initBiLstm(parameters, 'bilstm', { inputs: dims.features, units, layers }, random);
    if (config.attend) {
      initLinear(parameters, 'self_anttention.0', attentionUnits, size, 'torch', random);
      initLinear(parameters, 'self_anttention.2', attentionRows, attentionUnits, 'torch', random);
    }
    initLinear(parameters, 'fc1', hidden, config.attend ? size * attentionRows : size, 'torch', random);
    initLinear(parameters, 'fc2', 1, hidden, 'torch', random);
    return parameters;
  },

  forward(parameters, { segments: crops }, config, mode) {
    const [videos, views, length, size] = crops.shape;
    const bags = videos * views; // every crop is a bag of its own
    const features = tf.reshape(crops, [bags, length, size]) as tf.Tensor3D; // [B,T,D]
    const segments = config.recurrent ? biLstm(features, parameters, 'bilstm') : features; // [B,T,D or 2H]
    const attention = config.attend ? attentionOver(segments, parameters) : undefined; // [B,r,T]
    const looked = attention && mode.dropout(attention, config.dropout, 'attention');
    // Without attention the mean over time (our reading of table 2).
    const m: tf.Tensor3D = looked ? tf.matMul(looked, segments) : (tf.mean(segments, 1, true) as tf.Tensor3D); // M = F A2^t: [B,r,D]
    const pooled = flatten(m, config.recurrent); // [B,D*r]
    // FC1 with identity, FC2 with sigmoid activation
    const hidden = linear(pooled, parameters, 'fc1'); // [B,hidden]
    const logit = tf.squeeze(linear(hidden, parameters, 'fc2'), [1]) as tf.Tensor1D;
    const bagScores = tf.sigmoid(logit); // [B]
    const scores = tf.tile(tf.expandDims(bagScores, 1), [1, length]) as tf.Tensor2D;
    return { scores, bagScores, attention, pooled, hidden, logit, recurrent: segments };
  },

  loss({ bagScores }, { normal, anomalous }) {
    const crops = bagScores.size / (normal + anomalous);
    const labels = labelTensor({ normal: normal * crops, anomalous: anomalous * crops });
    return { bce: { value: tf.mean(binaryCrossEntropy(bagScores, labels)), weight: 1 } };
  },

  optimiser: (config) => ({ name: 'radam', learningRate: config.learningRate }),

  /** Section 3.2. Attention is that of the bag a snippet stands in; while sliding, of the last bag it stood in. */
  async score(parameters, snippets, config) {
    const count = snippets.shape[1];
    const { starts, length, stride } = bagsOf(count, config);

    const sums = new Float64Array(count);
    const counts = new Uint32Array(count);
    const rows = config.attend ? config.attentionRows : 0;
    const attention = new Float32Array(rows * count);
    for (const batch of equalBags(starts, count, length)) {
      const { bagScores, attention: weights } = await scoreBags(parameters, snippets, batch, config);
      batch.starts.forEach((start, bag) => {
        for (let t = 0; t < batch.length; t++) {
          sums[start + t] += bagScores[bag];
          counts[start + t]++;
          for (let row = 0; row < rows; row++) {
            attention[row * count + start + t] = weights![(bag * rows + row) * batch.length + t];
          }
        }
      });
    }
    return {
      scores: Float32Array.from(sums, (sum, n) => sum / counts[n]),
      attention: rows > 0 ? { shape: [rows, count], values: attention } : undefined,
      snippetsPerScore: stride,
    } satisfies SnippetScores;
  },

  /** Attention is that of the video as one bag: in the short bags of scoring there is little to choose from. */
  async look(parameters, snippets, config): Promise<Sight> {
    const { scores, snippetsPerScore } = await salient.score(parameters, snippets, config);
    const { attention } = await seen(() => {
      const segments = tf.expandDims(snippets, 1) as tf.Tensor4D; // [P,1,N,D], a bag of each crop
      const batch = { segments, normal: segments.shape[0], anomalous: 0 };
      const { attention } = salient.forward(parameters, batch, config, scoring); // [P,r,N]
      return { attention: attention && tf.mean(attention, 0) };
    });
    return { scores, snippetsPerScore, ...(attention && { attention }) };
  },

  /** What FC2 reads is of a whole bag: a snippet has the mean over the bags that it stands in. */
  async hidden(parameters, snippets, config) {
    const [crops, count] = snippets.shape;
    const { starts, length } = bagsOf(count, config);
    const values = new Float32Array(count * config.hidden);
    const counts = new Uint32Array(count);
    for (const batch of equalBags(starts, count, length)) {
      const { hidden } = await seen(() => {
        const read = readBags(parameters, snippets, batch, config).hidden!;
        return { hidden: tf.mean(tf.reshape(read, [batch.starts.length, crops, config.hidden]), 1) };
      });
      rowsOf(hidden!, batch.starts.length).forEach((row, bag) => {
        for (let n = batch.starts[bag]; n < batch.starts[bag] + batch.length; n++) {
          counts[n]++;
          row.forEach((value, e) => (values[n * config.hidden + e] += value));
        }
      });
    }
    return {
      shape: [count, config.hidden],
      values: values.map((sum, i) => sum / counts[Math.floor(i / config.hidden)]),
    };
  },

  /** The mean over the bags that the snippet stands in: one, or while sliding up to l; each crop is a bag of its own. */
  async trace(parameters, snippets, config, snippet): Promise<ScoreTrace> {
    const [crops, count] = snippets.shape;
    const { starts, length: whole } = bagsOf(count, config);
    const own = starts.filter((start) => start <= snippet && snippet < start + whole);
    const length = Math.min(whole, count - own[0]);
    const bags = { starts: own, length };
    const { hidden } = await seen(() => ({ hidden: readBags(parameters, snippets, bags, config).hidden }));
    const total = own.length * crops;
    const read = await throughLayer(parameters, 'fc2', rowsOf(hidden!, total));
    const parts = read.map((part, i) => {
      const [start, crop] = [own[Math.floor(i / crops)], i % crops];
      const to = start + length - 1;
      const bag = length > 1 ? `bag ${start + 1}–${to + 1}` : `bag of snippet ${start + 1}`;
      const name = crops > 1 ? `${bag}, crop ${crop + 1}` : bag;
      return { ...part, name, from: start, to, share: 1 / total };
    });
    return { score: parts.reduce((sum, { share, value }) => sum + share * value, 0), parts };
  },
};

/** Section 3.2: the first snippet of every bag that a video is scored in, and how many snippets they have. */
function bagsOf(count: number, config: SalientConfig): { starts: number[]; length: number; stride: number } {
  const length = bagLength(count, config);
  const stride = config.inference === 'sliding' ? 1 : length;
  const starts: number[] = [];
  for (let start = 0; start === 0 || start + (stride === 1 ? length : 1) <= count; start += stride)
    starts.push(start);
  return { starts, length, stride };
}

/** `[B,r,D]` with index d * r + j, or behind an LSTM with j * D + d, as the released classes have it. */
export function flatten(m: tf.Tensor3D, rowsFirst: boolean): tf.Tensor2D {
  return tf.reshape(rowsFirst ? m : tf.transpose(m, [0, 2, 1]), [m.shape[0], -1]);
}

/** Section 3, Atten-MLP1 (tanh) and Atten-MLP2 (softmax over the segments of the bag): `[B,T,D]` to `[B,r,T]`. */
function attentionOver(segments: tf.Tensor3D, parameters: ParameterTensors): tf.Tensor3D {
  const a1 = tf.tanh(linear(segments, parameters, 'self_anttention.0')); // [B,T,d_a]
  const logits = linear(a1, parameters, 'self_anttention.2'); // [B,T,r]
  return tf.softmax(tf.transpose(logits, [0, 2, 1]));
}

/** l: the split size, or for `adaptive` an eighth of a video that would have fewer than four bags of it. */
export function bagLength(
  snippets: number,
  { inference, split }: Pick<SalientConfig, 'inference' | 'split'>,
): number {
  if (inference === 'sliding') return Math.min(split, snippets);
  if (inference === 'split' || snippets >= 4 * split) return split;
  return Math.max(1, Math.ceil(snippets / 8));
}

interface BagBatch {
  starts: number[];
  /** Snippets in each of these bags. */
  length: number;
}

/** Bags of one length together; the last bag of a video may be shorter than the others. */
function* equalBags(starts: number[], count: number, length: number): Generator<BagBatch> {
  const full = starts.filter((start) => start + length <= count);
  for (let i = 0; i < full.length; i += WINDOWS_AT_ONCE) {
    yield { starts: full.slice(i, i + WINDOWS_AT_ONCE), length };
  }
  const last = starts[starts.length - 1];
  if (last + length > count) yield { starts: [last], length: count - last };
}

/** Bags of one video side by side, each crop a bag of its own: `[m*P,...]`. */
function readBags(
  parameters: ParameterTensors,
  snippets: tf.Tensor3D,
  { starts, length }: BagBatch,
  config: SalientConfig,
) {
  const [crops, , features] = snippets.shape;
  const bags = starts.map((start) => tf.slice(snippets, [0, start, 0], [crops, length, features])); // [P,l,D] each
  const segments = tf.expandDims(tf.concat(bags, 0), 1) as tf.Tensor4D; // [m*P,1,l,D]
  return salient.forward(parameters, { segments, normal: segments.shape[0], anomalous: 0 }, config, scoring);
}

/** Scores and attention of bags of one video, averaged over its crops. */
async function scoreBags(
  parameters: ParameterTensors,
  snippets: tf.Tensor3D,
  batch: BagBatch,
  config: SalientConfig,
) {
  const { starts } = batch;
  const [crops] = snippets.shape;
  const [bagScores, attention] = tf.tidy(() => {
    const output = readBags(parameters, snippets, batch, config);
    const overCrops = (x: tf.Tensor) =>
      tf.mean(tf.reshape(x, [starts.length, crops, ...x.shape.slice(1)]), 1);
    return [overCrops(output.bagScores), ...(output.attention ? [overCrops(output.attention)] : [])];
  });
  const result = { bagScores: await bagScores.data(), attention: await attention?.data() };
  tf.dispose(attention ? [bagScores, attention] : [bagScores]);
  return result;
}
