/**
 * Runs as files. A run is a safetensors file with state-dict names, so that other tools read it; what only we need
 * (the memories of optimiser and head, the scale of the features) stands beside them under names that begin with `~`.
 */
import { Failure } from '../failure.ts';
import type { FeatureScale } from '../features/bags.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import type { Parameters } from '../heads/head.ts';
import type { Checkpoint } from './loop.ts';

export interface SavedRun {
  checkpoint: Checkpoint;
  /** Parameters of the step that counts, where it is not the last. */
  best?: Parameters;
  scale: FeatureScale | null;
  metadata: Record<string, string>;
}

/**
 * @param keepOptimiser false for a finished run, which is smaller for it and cannot be trained on
 * @param type half precision takes half the bytes and changes scores in the fourth digit
 */
export function writeRun(
  { checkpoint, best, scale, metadata }: SavedRun,
  keepOptimiser: boolean,
  type: 'float32' | 'float16' = 'float32',
): Uint8Array<ArrayBuffer> {
  const tensors = new Map(checkpoint.parameters);
  if (scale) {
    tensors.set('~scale.mean', { shape: [scale.mean.length], values: scale.mean });
    tensors.set('~scale.deviation', { shape: [scale.deviation.length], values: scale.deviation });
  }
  if (keepOptimiser) {
    for (const [name, array] of best ?? []) tensors.set(`~best.${name}`, array);
    for (const [name, array] of checkpoint.slots) tensors.set(`~optimiser.${name}`, array);
    for (const [id, array] of checkpoint.memory) tensors.set(`~memory.${id}`, array);
  }
  return writeSafetensors(tensors, { ...metadata, step: String(checkpoint.step) }, type);
}

/**
 * A run from a file.
 * @throws Failure `format-invalid` where it is damaged, or naming the tensor that holds what is no finite number: nothing
 * that such weights say is a score
 */
export function readRun(bytes: Uint8Array, name: string): SavedRun {
  const run = readKeptRun(bytes, name);
  refuseNotFinite(run.checkpoint.parameters, name);
  refuseNotFinite(run.best ?? new Map(), name, ' of the step that counts');
  return run;
}

/**
 * A run as someone's own store or project holds it. One that went astray is still theirs: it may be looked at, saved and
 * deleted.
 * @throws Failure `format-invalid` where it is damaged
 */
export function readKeptRun(bytes: Uint8Array, name: string): SavedRun {
  const { tensors, metadata } = readSafetensors(bytes, name);
  const checkpoint: Checkpoint = {
    step: Number(metadata.get('step') ?? 0),
    parameters: new Map(),
    slots: new Map(),
    memory: new Map(),
  };
  const best: Parameters = new Map();
  for (const [key, array] of tensors) {
    if (key.startsWith('~optimiser.')) checkpoint.slots.set(key.slice('~optimiser.'.length), array);
    else if (key.startsWith('~memory.')) checkpoint.memory.set(key.slice('~memory.'.length), array);
    else if (key.startsWith('~best.')) best.set(key.slice('~best.'.length), array);
    else if (!key.startsWith('~')) checkpoint.parameters.set(key, array);
  }
  const mean = tensors.get('~scale.mean')?.values;
  const deviation = tensors.get('~scale.deviation')?.values;
  return {
    checkpoint,
    ...(best.size > 0 ? { best } : {}),
    scale: mean && deviation ? { mean, deviation } : null,
    metadata: Object.fromEntries(metadata),
  };
}

function refuseNotFinite(tensors: Parameters, name: string, whose = ''): void {
  for (const [key, { values }] of tensors) {
    const first = values.findIndex((value) => !Number.isFinite(value));
    if (first < 0) continue;
    const count = values.filter((value) => !Number.isFinite(value)).length;
    throw new Failure({
      code: 'format-invalid',
      subject: name,
      what: `Its tensor "${key}"${whose} holds ${count} of ${values.length} numbers that are not finite, the first of them ${values[first]} at ${first}.`,
      next: 'Save it again from a step before the training went wrong, or train anew with a lower learning rate.',
    });
  }
}
