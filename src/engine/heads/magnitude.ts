/**
 * Feature magnitude as evidence: what RTFM introduced and MGFN took over. Segments with long features speak for their
 * video.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { HeadOutput } from './head.ts';
import { norm, overCrops, selectTopK } from './parts.ts';

/**
 * Scores, magnitudes and what the k segments with the largest magnitudes say.
 * @param features `[B*P,T,C]`
 * @param logits `[B*P,T,1]`
 * @param standing `[B,T]`, factors on the magnitudes while choosing
 */
export function selectByMagnitude(
  features: tf.Tensor3D,
  logits: tf.Tensor3D,
  [bags, crops]: [number, number],
  k: number,
  standing?: tf.Tensor2D,
): HeadOutput {
  const [, length, size] = features.shape;
  const perCrop = (x: tf.Tensor) => tf.reshape(x, [bags, crops, length]);
  const scores = overCrops(perCrop(tf.sigmoid(logits))); // [B,T]
  const magnitudes = overCrops(perCrop(norm(features))); // [B,T]
  const choice = selectTopK(standing ? tf.mul(magnitudes, standing) : magnitudes, k); // [B,k,T]
  const chosenOf = (x: tf.Tensor2D) => tf.sum(tf.mul(choice, tf.expandDims(x, 1)), 2) as tf.Tensor2D; // [B,k]
  const everyCrop = tf.reshape(tf.mean(choice, 1), [bags, 1, length, 1]);
  return {
    scores,
    bagScores: tf.mean(chosenOf(scores), 1) as tf.Tensor1D,
    magnitudes,
    chosen: tf.sum(choice, 1) as tf.Tensor2D,
    choice,
    features,
    topMagnitudes: chosenOf(magnitudes),
    meanFeatures: tf.sum(tf.mul(tf.reshape(features, [bags, crops, length, size]), everyCrop), 2), // [B,P,C]
  };
}

/**
 * mean (|margin - |f_a|| + |f_n|)^2 over crops of aligned pairs; f is the mean of the k chosen features. MGFN's
 * Table 3 trains its variants with it too.
 * @param meanFeatures `[B,P,D]`, normal bags first
 */
export function magnitudeLoss(
  meanFeatures: tf.Tensor,
  { normal, anomalous }: { normal: number; anomalous: number },
  margin: number,
): tf.Scalar {
  const pairs = Math.min(normal, anomalous);
  const lengths = norm(meanFeatures); // [B,P]
  const ofNormal = tf.slice(lengths, [0, 0], [pairs, -1]);
  const ofAnomalous = tf.slice(lengths, [normal, 0], [pairs, -1]);
  return tf.mean(tf.square(tf.add(tf.abs(tf.sub(margin, ofAnomalous)), ofNormal)));
}
