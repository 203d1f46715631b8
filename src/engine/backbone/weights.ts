/**
 * Backbones by name: what the weights manifest says of them, and bytes to a network once their hash is right.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { Failure } from '../failure.ts';
import { writeSafetensors } from '../formats/safetensors.ts';
import { Random } from '../random.ts';
import type { Backbone } from './backbone.ts';
import { Classifier } from './classifier.ts';
import { A0_STREAM, randomWeights } from './movinet.ts';
import { NETWORKS, readWeights, type NetworkId } from './networks.ts';

/** One entry of `weights/manifest.json`. */
export interface BackboneEntry {
  id: string;
  title: string;
  network: NetworkId;
  /** File beside the manifest; it need not be there. Null for weights that are drawn from a seed. */
  file: string | null;
  /** SHA-256 of the file, hexadecimal. */
  sha256: string | null;
  /** SHA-256 of other files that hold the very same weights: the original that this one was made from. */
  sameAs?: string[];
  licence: string;
  source: string;
  input: { size: number; framesPerSecond: number; range: [number, number] };
  output: { features: number; map: [number, number] };
}

export interface Manifest {
  backbones: BackboneEntry[];
}

/** Weights that know nothing: what any trained ones are compared with. The page says so. */
export const RANDOM_BACKBONE: BackboneEntry = {
  id: 'random-a0',
  title: 'Random weights (A0)',
  network: 'movinet-a0',
  file: null,
  sha256: null,
  licence: 'Apache-2.0',
  source: 'drawn from seed 0, never trained',
  input: NETWORKS['movinet-a0'].input,
  output: NETWORKS['movinet-a0'].output,
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
    entry.network in NETWORKS &&
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
  refuseDamaged(entry, bytes);
  return loadOwnBackbone(entry, bytes);
}

/** @throws Failure `weights-mismatch` when the hash of a file differs from the manifest's */
export function refuseDamaged(entry: BackboneEntry, bytes: Uint8Array): void {
  const hash = bytesToHex(sha256(bytes));
  if (hash === entry.sha256) return;
  throw new Failure({
    code: 'weights-mismatch',
    subject: entry.file ?? entry.id,
    what: `Its SHA-256 is ${hash} and should be ${entry.sha256}: the file was damaged or replaced.`,
    next: `Put the right file in place: npm run weights -- ${entry.id} --from FILE`,
  });
}

/** A backbone that came as a file. */
export interface RecognisedBackbone {
  entry: BackboneEntry;
  /** How many classes it was trained to tell apart, where the file has that part of it; see `classifier.ts`. */
  classes: number | null;
}

/**
 * What a file of someone's own holds: an entry of the manifest when its hash is known there, else one by its own name.
 * @param name of the file
 * @throws Failure `format-invalid` or `weights-mismatch`
 */
export function recogniseBackbone(bytes: Uint8Array, name: string, manifest: Manifest): RecognisedBackbone {
  const hash = bytesToHex(sha256(bytes));
  const known = manifest.backbones.find((entry) => entry.sha256 === hash || entry.sameAs?.includes(hash));
  const { network, weights, metadata, classifier } = readWeights(bytes, name);
  try {
    NETWORKS[network].check(weights);
  } catch (error) {
    throw Failure.from(error).about(name);
  }
  const classes = classifier?.get('logits.bias')?.shape[0] ?? null;
  if (known) return { entry: known, classes };
  const { title, input, output } = NETWORKS[network];
  const entry: BackboneEntry = {
    id: `own-${hash.slice(0, 8)}`,
    title: `${title}: ${name}`,
    network,
    file: name,
    sha256: hash,
    licence: metadata.get('licence') ?? metadata.get('license') ?? 'not stated in the file',
    source: 'a file of your own',
    input,
    output,
  };
  return { entry, classes };
}

/**
 * The classifier of a file that has one.
 * @throws Failure `format-invalid` or `weights-mismatch`
 */
export function loadClassifier(bytes: Uint8Array, name: string): Classifier | null {
  const { classifier } = readWeights(bytes, name);
  return classifier && new Classifier(classifier);
}

/** A file that was recognised before. Features are filed under the hash of the entry, whichever file it came by. */
export function loadOwnBackbone(entry: BackboneEntry, bytes: Uint8Array): LoadedBackbone {
  return { entry, hash: entry.sha256!, network: build(entry, bytes) };
}

/** The untrained network. Its hash is that of its weights, as for any other. */
export function loadRandomBackbone(): LoadedBackbone {
  const weights = untrainedWeights();
  const hash = bytesToHex(sha256(writeSafetensors(weights)));
  return { entry: RANDOM_BACKBONE, hash, network: NETWORKS[RANDOM_BACKBONE.network].build(weights) };
}

/** Weights of {@link RANDOM_BACKBONE}. */
export const untrainedWeights = () => randomWeights(A0_STREAM, new Random(0));

function build(entry: BackboneEntry, bytes: Uint8Array): Backbone {
  const name = entry.file ?? entry.id;
  const { network, weights } = readWeights(bytes, name);
  try {
    return NETWORKS[network].build(weights);
  } catch (error) {
    throw Failure.from(error).about(name);
  }
}
