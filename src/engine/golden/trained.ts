/** A fixture of released weights: what a trained head says to one input, cut to several lengths. */
import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors } from '../formats/safetensors.ts';
import { resolveConfig } from '../heads/config.fields.ts';
import { scoring } from '../heads/head.ts';
import { salient } from '../heads/salient.ts';
import { tensor } from './adapter.ts';
import { outputError, type Deviations, type Fixture, type Notes } from './fixture.ts';

interface TrainedNotes extends Notes {
  kind: 'head_io';
  /** Paths of the weights. */
  heads: string[];
  tolerances: Record<'logit' | 'score' | 'attention', { rtol?: number; atol?: number }>;
}

export type TrainedFixture = Fixture<TrainedNotes>;

/** Weights that are not here are left out; with none at all there is nothing to compare, which is no pass. */
export async function checkTrained(
  { notes, tensors }: TrainedFixture,
  weights: (name: string) => Promise<Uint8Array<ArrayBuffer> | null>,
): Promise<Deviations> {
  const errors: Deviations = {};
  const input = tensors.get('input.x')!;
  const [, size] = input.shape;
  for (const path of notes.heads) {
    const bytes = await weights(path);
    if (!bytes) continue;
    const name = path.replace(/^.*\//, '').replace(/\.safetensors$/, '');
    const parameters = Object.fromEntries(
      [...readSafetensors(bytes, path).tensors].map(([key, array]) => [key, tensor(array)]),
    );
    const [units] = parameters['self_anttention.0.weight'].shape;
    const [rows] = parameters['self_anttention.2.weight'].shape;
    const config = resolveConfig(salient.card, undefined, { attentionUnits: units, attentionRows: rows });
    const lengths = new Set([...tensors.keys()].map((key) => /\.T(\d+)\./.exec(key)?.[1]));
    for (const length of [...lengths].filter((found) => found !== undefined).map(Number)) {
      const segments = tensor({ shape: [1, 1, length, size], values: input.values.slice(0, length * size) });
      const batch = { segments: segments as tf.Tensor4D, normal: 1, anomalous: 0 };
      const output = salient.forward(parameters, batch, config, scoring);
      const found = {
        fc1: output.hidden!,
        logit: output.logit!,
        score: output.bagScores,
        attention: tf.transpose(output.attention!, [0, 2, 1]), // ours is [1,r,T]
      };
      for (const [what, value] of Object.entries(found)) {
        const expected = tensors.get(`output.${name}.T${length}.${what}`);
        if (!expected) continue;
        const { rtol = 0, atol = 0 } = notes.tolerances[what as 'logit'] ?? notes.tolerances.logit;
        errors[`${name}.T${length}.${what}`] = outputError(await value.data(), expected, rtol, atol);
      }
    }
  }
  return errors;
}
