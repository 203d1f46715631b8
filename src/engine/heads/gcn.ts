/**
 * Label-noise cleaner: Zhong et al., "Graph Convolutional Label Noise Cleaner: Train a Plug-and-play Action Classifier
 * for Anomaly Detection", CVPR 2019, with the losses of its released code. WSAL and WSSTAD compare with it.
 *
 * A video's label, given to each of its segments, is a noisy label. A classifier learns from it; a graph network over
 * the segments of one video, some near in time, some alike, then learns what the classifier is sure of and spreads it
 * (direct supervision), while staying near what it said of the video before (indirect supervision). Its cleaned labels
 * teach the classifier, and both go on in turn. Scores are the classifier's.
 *
 * In the paper the classifier is a whole video network; here it is two layers on its features.
 */
import * as tf from '@tensorflow/tfjs-core';
import { graphConv, similarityGraph, temporalGraph } from './graph.ts';
import type { Batch, Head, LossTerms, Mode, Network, ParameterTensors, Parameters } from './head.ts';
import { scoreAtOnce } from './head.ts';
import { gcnCard, type GcnConfig } from './gcn.fields.ts';
import { initLinear, initMatrix } from './initial.ts';
import {
  absolute,
  binaryCrossEntropy,
  firstMaxMask,
  labelTensor,
  linear,
  maxFirst,
  overCrops,
  selectTopK,
  withoutGradient,
} from './parts.ts';
import { lookAtOnce, traceAtOnce } from './sight.ts';

/** Weights of the classifier; all others are the cleaner's. */
const CLASSIFIER = 'classifier.';

/** What the cleaner reads of the segments of each bag. */
interface Nodes {
  /** `[B,T,D]` */
  x: tf.Tensor3D;
  /** `[B,T]`, their places in the video */
  position: tf.Tensor2D;
}

/** The graph network alone, which learns predictions that it is given. */
export const cleaner: Pick<Network<GcnConfig>, 'init' | 'optimiser'> & {
  clean(
    parameters: ParameterTensors,
    nodes: Nodes,
    config: GcnConfig,
    mode: Mode,
  ): { logits: tf.Tensor2D; temporal: tf.Tensor3D; alike: tf.Tensor3D };
} = {
  init(config, { features }, random) {
    const parameters: Parameters = new Map();
    initLinear(parameters, 'fc1', config.hidden1, features, 'torch', random);
    initLinear(parameters, 'fc2', config.hidden2, config.hidden1, 'torch', random);
    for (const [first, second] of [
      ['gc1', 'gc2'],
      ['gc3', 'gc4'],
    ]) {
      initMatrix(parameters, first, [config.hidden2, config.graph], random);
      initMatrix(parameters, second, [config.graph, 1], random);
    }
    return parameters;
  },

  clean(parameters, { x, position }, { dropout }, mode) {
    const h1 = mode.dropout(tf.relu(linear(x, parameters, 'fc1')), dropout, 'drop1');
    const h2 = mode.dropout(tf.relu(linear(h1, parameters, 'fc2')), dropout, 'drop2'); // [B,T,hidden2]
    const [temporal, alike] = [temporalGraph(position), similarityGraph(h2)]; // [B,T,T]
    const weight = (name: string) => parameters[`${name}.weight`] as tf.Tensor2D;
    const branch = (graph: tf.Tensor3D, first: string, second: string) =>
      graphConv(tf.relu(graphConv(h2, graph, weight(first))), graph, weight(second)); // [B,T,1]
    const sum = tf.add(branch(temporal, 'gc1', 'gc2'), branch(alike, 'gc3', 'gc4'));
    return { logits: tf.squeeze(tf.div(sum, 2), [2]) as tf.Tensor2D, temporal, alike };
  },

  optimiser: ({ learningRate, momentum, weightDecay }) => ({
    name: 'sgd',
    learningRate,
    momentum,
    weightDecay,
  }),
};

export const gcn: Head<GcnConfig> = {
  card: gcnCard,

  init(config, dims, random) {
    const parameters = cleaner.init(config, dims, random);
    initLinear(parameters, `${CLASSIFIER}fc1`, config.classifier, dims.features, 'torch', random);
    initLinear(parameters, `${CLASSIFIER}fc2`, 1, config.classifier, 'torch', random);
    return parameters;
  },

  forward(parameters, batch, config, mode) {
    const told = batch.extras?.prediction as tf.Tensor2D | undefined;
    const { scores, activations } = told
      ? { scores: told, activations: undefined }
      : classify(parameters, batch, config, mode); // [B,T]
    const output = {
      scores,
      activations,
      bagScores: maxFirst(scores),
      chosen: firstMaxMask(scores),
    };
    if (!mode.training) return output; // the cleaner is there to teach
    const nodes = nodesOf(batch);
    const { logits, temporal, alike } = cleaner.clean(parameters, nodes, config, mode);
    const cleaned = tf.sigmoid(logits); // [B,T]
    const { labelled, before, memory } = withoutGradient(() => ({
      labelled: batch.extras?.labelled ?? surest(scores, config.sure),
      before: batch.extras?.meanPrediction ?? recalled(batch.memory, scores),
      memory: remembered(batch.memory, cleaned, config.momentumOfMemory),
    }));
    return { ...output, memory, logits, cleaned, labelled, before, temporal, alike };
  },

  loss(output, labels, config, _parameters, phase): LossTerms {
    const { scores, logits, cleaned, labelled, before } = output;
    const isAnomalous = labelTensor(labels); // [B]
    if (phase === 'warm') {
      const target = tf.mul(tf.onesLike(scores), tf.expandDims(isAnomalous, 1)) as tf.Tensor2D;
      return {
        noisy: { value: tf.mean(binaryCrossEntropy(scores, target)), weight: config.classifierSpeed },
      };
    }
    if (phase === 'classifier') {
      const target = withoutGradient(() => tf.mul(cleaned!, tf.expandDims(isAnomalous, 1)) as tf.Tensor2D);
      return {
        clean: { value: tf.mean(binaryCrossEntropy(scores, target)), weight: config.classifierSpeed },
      };
    }
    // Direct: what the classifier says of all segments of normal videos, and of those of anomalous ones that it is
    // sure of. Indirect: what the cleaner said of an anomalous video before.
    const prediction = withoutGradient(() => tf.clone(scores));
    const entropy = crossEntropyOfLogits(logits as tf.Tensor2D, prediction); // [B,T]
    const all = tf.sub(1, tf.expandDims(isAnomalous, 1));
    const counted = tf.maximum(all, labelled!); // [B,T]
    const perVideo = tf.div(tf.sum(tf.mul(entropy, counted), 1), tf.maximum(tf.sum(counted, 1), 1));
    const terms: LossTerms = { direct: { value: tf.mean(perVideo), weight: 1 } };
    if (labels.anomalous === 0) return terms;
    const drift = tf.mean(absolute(tf.sub(cleaned!, before!)), 1); // [B]
    const ofAnomalous = tf.slice(drift, [labels.normal], [labels.anomalous]);
    return { ...terms, indirect: { value: tf.mean(ofAnomalous), weight: config.lambdaIndirect } };
  },

  /** The classifier begins with the noisy labels; then cleaner, whose word is remembered, and classifier learn in turn. */
  phases({ warmup, period }, step) {
    const isClassifier = (name: string) => name.startsWith(CLASSIFIER);
    if (step <= warmup) return [{ name: 'warm', trains: isClassifier, remembers: false }];
    const turn = Math.floor((step - warmup - 1) / period);
    return turn % 2 === 0
      ? [{ name: 'cleaner', trains: (name) => !isClassifier(name) }]
      : [{ name: 'classifier', trains: isClassifier, remembers: false }];
  },

  /** What the cleaner said of every segment. */
  memory: ({ segments }) => segments,

  optimiser: cleaner.optimiser,

  score(parameters, snippets, config) {
    return scoreAtOnce(gcn, parameters, snippets, config);
  },

  look: (parameters, snippets, config) => lookAtOnce(gcn, parameters, snippets, config),

  trace: (parameters, snippets, config, snippet) =>
    traceAtOnce(gcn, parameters, snippets, config, snippet, `${CLASSIFIER}fc2`),
};

/** What the classifier says of every segment, `[B,T]`, and what its last layer reads, `[B*P,T,E]`. */
function classify(
  parameters: ParameterTensors,
  { segments }: Batch,
  config: GcnConfig,
  mode: Mode,
): { scores: tf.Tensor2D; activations: tf.Tensor3D } {
  const h = mode.dropout(
    tf.relu(linear(segments, parameters, `${CLASSIFIER}fc1`)),
    config.dropout,
    'classifier',
  );
  const [bags, crops, length, size] = h.shape;
  return {
    scores: overCrops(tf.squeeze(tf.sigmoid(linear(h, parameters, `${CLASSIFIER}fc2`)), [3])),
    activations: tf.reshape(h, [bags * crops, length, size]) as tf.Tensor3D,
  };
}

function nodesOf({ segments, extras }: Batch): Nodes {
  const [bags, , length] = segments.shape;
  const inOrder = () => tf.tile(tf.reshape(tf.range(0, length, 1, 'float32'), [1, length]), [bags, 1]);
  return {
    x: tf.mean(segments, 1) as tf.Tensor3D, // over crops
    position: (extras?.position ?? inOrder()) as tf.Tensor2D,
  };
}

/** 1 for the share of each video's segments of which the classifier is surest. */
function surest(scores: tf.Tensor2D, share: number): tf.Tensor2D {
  const count = Math.max(1, Math.round(share * scores.shape[1]));
  return tf.sum(selectTopK(tf.abs(tf.sub(scores, 0.5)), count), 1);
}

/** What was remembered of each video, or the classifier's word where nothing was. */
function recalled(memory: tf.Tensor2D | undefined, otherwise: tf.Tensor2D): tf.Tensor2D {
  if (!memory) return otherwise;
  const isKnown = tf.cast(tf.greaterEqual(memory, 0), 'float32');
  return tf.add(tf.mul(isKnown, memory), tf.mul(tf.sub(1, isKnown), otherwise));
}

/** The running mean of what the cleaner says of each video. */
function remembered(memory: tf.Tensor2D | undefined, now: tf.Tensor2D, momentum: number): tf.Tensor2D {
  const before = recalled(memory, now);
  return tf.add(tf.mul(before, momentum), tf.mul(now, 1 - momentum));
}

/** Binary cross entropy of sigmoid(z), without forming it. */
function crossEntropyOfLogits(z: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor2D {
  const saturation = tf.log(tf.add(1, tf.exp(tf.neg(absolute(z)))));
  return tf.add(tf.sub(tf.relu(z), tf.mul(z, y)), saturation);
}
