/**
 * Backbones by name: what the weights manifest says of them, and bytes to a network once their hash is right.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { Failure } from '../failure.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import { Random } from '../random.ts';
import type { NumericArray } from '../types.ts';
import type { Backbone } from './backbone.ts';
import { A0_STREAM, MoViNet, randomWeights } from './movinet.ts';

/** One entry of `weights/manifest.json`. */
export interface BackboneEntry {
  id: string;
  title: string;
  /** File beside the manifest; it need not be there. Null for weights that are drawn from a seed. */
  file: string | null;
  /** SHA-256 of the file, hexadecimal. */
  sha256: string | null;
  licence: string;
  source: string;
  input: { size: number; framesPerSecond: number; range: [number, number] };
  output: { features: number; map: [number, number] };
}

export interface Manifest {
  backbones: BackboneEntry[];
}

/** What a fresh clone has: the A0 graph with weights that know nothing. The page says so. */
export const RANDOM_BACKBONE: BackboneEntry = {
  id: 'random-a0',
  title: 'Random weights (A0)',
  file: null,
  sha256: null,
  licence: 'Apache-2.0',
  source: 'drawn from seed 0, never trained',
  input: { size: A0_STREAM.inputSize, framesPerSecond: A0_STREAM.framesPerSecond, range: [0, 1] },
  output: { features: A0_STREAM.featureSize, map: [6, 6] },
};

/** A backbone that is ready, and the hash that its features are filed under. */
export interface LoadedBackbone {
  entry: BackboneEntry;
  network: Backbone;
  hash: string;
}

/** @throws Failure `format-invalid` when the manifest does not say what it must */
export function parseManifest(json: unknown): Manifest {
  const entries = (json as Manifest | null)?.backbones;
  const isSound = (entry: BackboneEntry) =>
    typeof entry?.id === 'string' &&
    typeof entry.title === 'string' &&
    typeof entry.file === 'string' &&
    /^[\w.-]+$/.test(entry.file) &&
    /^[0-9a-f]{64}$/.test(entry.sha256 ?? '');
  if (!Array.isArray(entries) || !entries.every(isSound)) {
    throw new Failure({
      code: 'format-invalid',
      subject: 'weights/manifest.json',
      what: 'It is not a manifest of weights.',
    });
  }
  return { backbones: entries };
}

/**
 * Builds a network from the bytes of its file.
 * @throws Failure `weights-mismatch` when the hash differs from the manifest's, or tensors are missing
 */
export function loadBackbone(entry: BackboneEntry, bytes: Uint8Array): LoadedBackbone {
  const hash = bytesToHex(sha256(bytes));
  if (hash !== entry.sha256) {
    throw new Failure({
      code: 'weights-mismatch',
      subject: entry.file ?? entry.id,
      what: `Its SHA-256 is ${hash} and should be ${entry.sha256}: the file was damaged or replaced.`,
      next: `Put the right file in place: npm run weights -- ${entry.id} --from FILE`,
    });
  }
  return { entry, hash, network: build(entry.id, readSafetensors(bytes, entry.file ?? entry.id).tensors) };
}

/** The untrained network. Its hash is that of its weights, as for any other. */
export function loadRandomBackbone(): LoadedBackbone {
  const weights = randomWeights(A0_STREAM, new Random(0));
  const hash = bytesToHex(sha256(writeSafetensors(weights)));
  return { entry: RANDOM_BACKBONE, hash, network: build(RANDOM_BACKBONE.id, weights) };
}

function build(id: string, weights: Map<string, NumericArray>): Backbone {
  switch (id) {
    case 'random-a0':
    case 'movinet-a0-stream':
      return new MoViNet(A0_STREAM, weights);
    default:
      throw new Failure({ code: 'weights-missing', what: `There is no network "${id}" here.` });
  }
}
