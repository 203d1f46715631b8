/**
 * Backbone and head as one ONNX graph, from pictures to scores. A long video need not go in at once: what a call
 * returns to be remembered is fed to the next, and the scores of the latest are those of all pictures so far.
 */
import type { BackboneEntry } from '../backbone/weights.ts';
import { addMovinet, declareBuffers, onnxStreamBuffers } from '../backbone/movinet-onnx.ts';
import { A0_STREAM } from '../backbone/movinet.ts';
import { Failure } from '../failure.ts';
import { OnnxGraph } from '../formats/onnx.ts';
import type { NumericArray } from '../types.ts';
import { addHead, type TrainedHead } from './onnx.ts';

/** A backbone as its file has it. */
export interface BackboneWeights {
  entry: BackboneEntry;
  weights: Map<string, NumericArray>;
}

const USE =
  'frames [F,3,S,S]: pictures at framesPerSecond, RGB in 0..1, the middle square of the video scaled to S. ' +
  'past.N: zeros at the start of a video or after a gap, else next.N of the call before. ' +
  'earlier [P,D]: remembered of the call before, or nothing (P = 0). ' +
  'pooling [T,P+F]: 1/n where a picture is one of the n of a snippet (16 frames of the video), else 0; a snippet that ' +
  'no picture falls into takes the latest before it. ' +
  'Results: scores [T], features [T,D], remembered [P+F,D], next.N.';

/** Of a head that gives a bag one score, which the page cuts videos into. */
const BAGS =
  ' This head gives a bag of snippets one score: T is the snippets of one bag, and the rows of pooling are those of that bag alone. ' +
  'config says how long bags are (split) and how they lie (inference: one after the other, or sliding and averaged).';

/**
 * Inputs and outputs are those that the file's metadata tell under `use`; the rest of the metadata says what pictures
 * the backbone expects. Stream buffers are those of {@link onnxStreamBuffers}.
 * @param framesPerSecond of the features that the head was trained on
 * @param metadata what the file says of the run
 * @throws Failure `config-invalid` for a head that reads maps or tubes, for a backbone that is not of MoViNet's kind and
 *   for features that are not its; `weights-mismatch`
 */
export async function fullToOnnx(
  trained: TrainedHead,
  { entry, weights }: BackboneWeights,
  framesPerSecond: number,
  metadata: Record<string, string>,
): Promise<Uint8Array<ArrayBuffer>> {
  refuseOther(trained, entry);
  const graph = new OnnxGraph(`${entry.id} ${trained.head}`);
  const { vectors } = addMovinet(graph, A0_STREAM, weights, 'F');
  const { features } = trained;
  const remembered = graph.node('Concat', 'remembered', [graph.input('earlier', ['P', features]), vectors], {
    axis: 0,
  });
  const pooled = (length: number | string) =>
    graph.node('MatMul', 'features', [graph.input('pooling', [length, 'P+F']), remembered]);
  const length = await addHead(graph, trained, { before: 'scorer.', input: pooled });
  graph.output('features', [length, features]);
  graph.output(remembered, ['P+F', features]);
  declareBuffers(graph, A0_STREAM);
  graph.describe({
    ...metadata,
    head: trained.head,
    config: JSON.stringify(trained.config),
    length: String(length),
    backbone: entry.id,
    backboneHash: entry.sha256 ?? '',
    backboneLicence: entry.licence,
    size: String(entry.input.size),
    framesPerSecond: String(framesPerSecond),
    streams: String(onnxStreamBuffers(A0_STREAM).length),
    use: trained.config.split === undefined ? USE : USE + BAGS,
  });
  return graph.toBytes();
}

function refuseOther({ features }: TrainedHead, { network, title, output }: BackboneEntry): void {
  const refuse = (what: string): never => {
    throw new Failure({
      code: 'config-invalid',
      subject: title,
      what,
      next: 'Save the head alone as ONNX instead: it takes features.',
    });
  };
  if (network !== 'movinet-a0') refuse('Only backbones of the MoViNet-A0 kind are written as ONNX.');
  if (output.features !== features)
    refuse(`Its features have ${output.features} numbers, and the head was trained on ${features}.`);
}
