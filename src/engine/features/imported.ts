/** Features that were made elsewhere: an array, and what stands beside it. */
import { Failure } from '../failure.ts';
import { provenanceOf, type FeatureNotes } from '../formats/notes.ts';
import { readNpy } from '../formats/npy.ts';
import { SNIPPET_FRAMES, type Provenance, type Snippet, type VideoFeatures } from '../types.ts';

/** Rate that times are shown at where a feature file says nothing of time. */
const NOMINAL_FPS = 25;

/**
 * `[N,D]` from a `.npy` file.
 * @param hash SHA-256 of the file; stands for the video's where the notes do not name it
 * @param notes the `.json` beside it, if any
 * @throws Failure `format-invalid` or `data-mismatch`
 */
export function importFeatures(
  bytes: Uint8Array,
  name: string,
  hash: string,
  notes: FeatureNotes | null,
): VideoFeatures {
  const features = readNpy(bytes, name);
  const refuse = (what: string, next?: string): never => {
    throw new Failure({ code: 'data-mismatch', subject: name, what, next });
  };
  if (features.shape.length !== 2) {
    refuse(`Its shape is (${features.shape.join(', ')}); one row per snippet, (snippets, D), is read here.`);
  }
  const [count, size] = features.shape;
  if (count === 0 || size === 0) refuse('It holds no numbers.');
  if (!features.values.every(Number.isFinite))
    refuse('It holds NaN or infinite numbers.', 'Extract it again.');
  if (notes && notes.snippets.length !== count) {
    refuse(`It has ${count} rows and the notes beside it speak of ${notes.snippets.length} snippets.`);
  }
  const isConstant = features.values.every((value) => value === features.values[0]);
  const own = isConstant ? ['All numbers are equal: these features carry no information.'] : [];
  return {
    features,
    snippets: notes?.snippets ?? nominalSnippets(count),
    gaps: notes?.gaps ?? [],
    frameSeconds: Float64Array.from(notes?.timestamps ?? []),
    warnings: [...(notes?.warnings ?? []), ...own],
    provenance: notes ? provenanceOf(notes) : unknownProvenance(hash),
  };
}

function nominalSnippets(count: number): Snippet[] {
  return Array.from({ length: count }, (_, n) => ({
    firstFrame: n * SNIPPET_FRAMES,
    lastFrame: (n + 1) * SNIPPET_FRAMES - 1,
    startSeconds: (n * SNIPPET_FRAMES) / NOMINAL_FPS,
    endSeconds: ((n + 1) * SNIPPET_FRAMES) / NOMINAL_FPS,
    missing: false,
  }));
}

function unknownProvenance(hash: string): Provenance {
  return {
    videoHash: hash,
    backbone: 'imported',
    backboneHash: 'unknown',
    framesPerSecond: 0,
    crops: 1,
    backend: 'cpu',
    pixels: 'copyTo',
    sampledFrames: 0,
    seconds: { decode: 0, pixels: 0, backbone: 0, total: 0 },
  };
}
