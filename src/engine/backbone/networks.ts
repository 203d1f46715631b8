/** The networks that there is code for: by what files their weights come, and how they are told apart. */
import { Failure } from '../failure.ts';
import { readPytorch } from '../formats/pytorch.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { readTflite } from '../formats/tflite.ts';
import type { NumericArray } from '../types.ts';
import { checkWeights, type Backbone } from './backbone.ts';
import { checkI3dWeights, I3D } from './i3d.ts';
import { movinetFromTflite } from './movinet-tflite.ts';
import { A0_STREAM, MoViNet, weightShapes } from './movinet.ts';

export type NetworkId = 'movinet-a0' | 'i3d';

type Weights = Map<string, NumericArray>;

interface NetworkKind {
  title: string;
  /** A tensor that no other network has. */
  landmark: string;
  input: { size: number; framesPerSecond: number; range: [number, number] };
  output: { features: number; map: [number, number] };
  /**
   * Without a device.
   * @throws Failure `weights-mismatch` when a tensor is missing, superfluous or of another shape
   */
  check(weights: Weights): void;
  /** @throws Failure `weights-mismatch` */
  build(weights: Weights): Backbone;
}

export const NETWORKS: Record<NetworkId, NetworkKind> = {
  'movinet-a0': {
    title: 'MoViNet-A0-Stream',
    landmark: 'stem.weight',
    input: { size: A0_STREAM.inputSize, framesPerSecond: A0_STREAM.framesPerSecond, range: [0, 1] },
    output: { features: A0_STREAM.featureSize, map: [6, 6] },
    check: (weights) => checkWeights(weightShapes(A0_STREAM), weights),
    build: (weights) => new MoViNet(A0_STREAM, weights),
  },
  i3d: {
    title: 'I3D',
    landmark: 'Conv3d_1a_7x7.conv3d.weight',
    input: { size: 224, framesPerSecond: 25, range: [0, 1] },
    output: { features: 1024, map: [7, 7] },
    check: checkI3dWeights,
    build: (weights) => new I3D(weights),
  },
};

/** A file of weights, understood. */
export interface WeightFile {
  network: NetworkId;
  weights: Weights;
  /** What the file says of itself; safetensors files may. */
  metadata: Map<string, string>;
  /** Weights of the classifier that stands behind the network, where the file has them. */
  classifier: Weights | null;
}

/**
 * Reads a file of weights, whatever its format, and tells whose they are.
 * @throws Failure `format-invalid` when it is no sound file of weights, `weights-mismatch` when they are of a network
 *   that there is no code for
 */
export function readWeights(bytes: Uint8Array, name: string): WeightFile {
  const { weights, metadata, classifier } = readTensors(bytes, name);
  const network = (Object.keys(NETWORKS) as NetworkId[]).find((id) => weights.has(NETWORKS[id].landmark));
  if (network) return { network, weights, metadata, classifier };
  const known = Object.values(NETWORKS).map(({ title }) => title);
  const [first] = weights.keys();
  throw new Failure({
    code: 'weights-mismatch',
    subject: name,
    what: `Its ${weights.size} tensors${first ? ` ("${first}" is the first)` : ''} are of another network.`,
    next: `There is code here for ${known.join(' and ')}: use their weights, or bring features as .npy files.`,
  });
}

function readTensors(bytes: Uint8Array, name: string): Omit<WeightFile, 'network'> {
  switch (formatOf(bytes)) {
    case 'tflite': {
      const { backbone, classifier } = movinetFromTflite(readTflite(bytes, name));
      return { weights: backbone, metadata: new Map(), classifier };
    }
    case 'pytorch':
      return { weights: readPytorch(bytes, name), metadata: new Map(), classifier: null };
    case 'safetensors': {
      const { tensors, metadata } = readSafetensors(bytes, name);
      return { weights: tensors, metadata, classifier: null };
    }
    case null:
      throw new Failure({
        code: 'format-invalid',
        subject: name,
        what: 'It is not a file of weights.',
        next: 'Use a safetensors file, a TFLite file, or a PyTorch file (.pt) with a state dict.',
      });
  }
}

/** By its first bytes, because names lie. */
function formatOf(bytes: Uint8Array): 'tflite' | 'pytorch' | 'safetensors' | null {
  const text = String.fromCharCode(...bytes.subarray(0, 10));
  if (text.slice(4, 8) === 'TFL3') return 'tflite';
  // A zip, or the bare pickle of an old version, which the reader refuses with the reason.
  if (text.startsWith('PK') || text.startsWith('\x80')) return 'pytorch';
  if (text[8] === '{') return 'safetensors';
  return null;
}
