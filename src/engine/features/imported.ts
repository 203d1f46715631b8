/** Features that were made elsewhere: arrays, and what stands beside them, as the features of a video. */
import { Failure } from '../failure.ts';
import { firstFrameOf } from '../evaluation/rows.ts';
import { provenanceOf, type FeatureNotes } from '../formats/notes.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { withoutMagnitude } from './axes.ts';
import { judgeNumbers } from './quality.ts';
import { tubeBoxesIn } from './tube-boxes.ts';
import {
  SNIPPET_FRAMES,
  type NumericArray,
  type Provenance,
  type Snippet,
  type Tubes,
  type Variants,
  type VideoFeatures,
} from '../types.ts';

/** Rate that times are shown at where a feature file says nothing of time. */
const NOMINAL_FPS = 25;

/** What the files of one video's features hold. */
export interface FeatureArrays {
  /** `[N,D]`, or `[N,P,D]` with P crops; rows that cannot be used are written over. */
  features: NumericArray | null;
  /** Of `NAME.map.npy`: `[N,h,w,D]`. Without features, its mean over cells stands for them. */
  maps: NumericArray | null;
  /** Of `NAME.flip.npy`, `NAME.flip.map.npy` and `NAME.noise.npy`: of the video mirrored, and with noise. */
  variants?: Variants;
  /** The `.json` beside them. */
  notes: FeatureNotes | null;
  /** Frames that a row stands for, where the file says so; 16 otherwise. */
  segmentFrames?: number;
}

/**
 * @param name of the file, for messages
 * @param hash SHA-256 of the file; stands for the video's where the notes do not name it
 * @throws Failure `data-mismatch`
 */
export function importFeatures(given: FeatureArrays, name: string, hash: string): VideoFeatures {
  const { notes } = given;
  const maps = given.maps ? checked(given.maps, name, [4]) : undefined;
  const own = given.features ? ranked(given.features, name, [2, 3]) : meanOverCells(maps!);
  const plain = withoutMagnitude(own);
  const { features, missing, warnings } = judgeNumbers(plain ?? own, name);
  if (plain) warnings.push('The last number of each feature is the length of the others, and was left out.');
  const [count] = features.shape;
  const refuse = (what: string, next?: string): never => {
    throw new Failure({ code: 'data-mismatch', subject: name, what, next });
  };
  if (notes && notes.snippets.length !== count) {
    refuse(`It has ${count} rows and the notes beside it speak of ${notes.snippets.length} snippets.`);
  }
  if (maps && maps.shape[0] !== count) {
    refuse(`It has ${count} rows and the maps beside it have ${maps.shape[0]}.`, 'Extract both again.');
  }
  const variants: Variants = {};
  for (const kind of ['flip', 'flipMaps', 'noise'] as const) {
    const variant = given.variants?.[kind];
    const like = kind === 'flipMaps' ? maps : features;
    if (!variant || !like) continue;
    const array = checked(variant, `${name}, ${kind}`, [like.shape.length]);
    if (array.shape.join() !== like.shape.join()) {
      refuse(
        `Its ${kind} features have the shape (${array.shape.join(', ')}), not (${like.shape.join(', ')}).`,
      );
    }
    variants[kind] = array;
  }
  const snippets = notes?.snippets ?? nominalSnippets(count, given.segmentFrames);
  const provenance = notes ? provenanceOf(notes) : unknownProvenance(hash);
  return {
    features,
    ...(maps ? { maps } : {}),
    variants,
    snippets: snippets.map((snippet, n) => (missing[n] ? { ...snippet, missing: true } : snippet)),
    ...rowFramesOf(given),
    gaps: notes?.gaps ?? [],
    frameSeconds: Float64Array.from(notes?.timestamps ?? []),
    warnings: [...(notes?.warnings ?? []), ...warnings],
    provenance: { ...provenance, crops: features.shape.length === 3 ? features.shape[1] : provenance.crops },
  };
}

/** A width that notes or the file itself name. */
function rowFramesOf({ notes, segmentFrames }: FeatureArrays): Pick<VideoFeatures, 'rowFrames'> {
  const rowFrames = notes ? notes.rowFrames : segmentFrames;
  return rowFrames === undefined ? {} : { rowFrames };
}

/**
 * `NAME.tubes.safetensors`: `region [n,D]` and `global [n,D]` of n tubes, `videolet [m,D]` of m stretches of the video;
 * `multivariate [n,1]`, 1 for tubes of several objects, and the boxes of tubes may be there. Videolets stand where snippets
 * stand for other heads.
 * @throws Failure `format-invalid` or `data-mismatch`
 */
export function importTubes(bytes: Uint8Array<ArrayBuffer>, name: string, hash: string): VideoFeatures {
  const { tensors } = readSafetensors(bytes, name);
  const { videolet, ...tubes } = tubesIn(tensors, name);
  return {
    features: videolet,
    tubes,
    snippets: nominalSnippets(videolet.shape[0]),
    gaps: [],
    frameSeconds: new Float64Array(0),
    warnings: [],
    provenance: unknownProvenance(hash),
  };
}

/**
 * The tubes among the tensors of a file, and the videolets `[m,D]` of the same video.
 * @param known the videolets, where the file leaves them out
 * @throws Failure `format-invalid` or `data-mismatch`
 */
export function tubesIn(
  tensors: ReadonlyMap<string, NumericArray>,
  name: string,
  known?: NumericArray,
): Tubes & { videolet: NumericArray } {
  const region = tubeArray(tensors, 'region', name);
  const global = tubeArray(tensors, 'global', name);
  const videolet = known ?? tubeArray(tensors, 'videolet', name);
  const sizes = new Set([region, global, videolet].map(({ shape }) => shape[1]));
  if (sizes.size > 1 || region.shape[0] !== global.shape[0]) {
    throw new Failure({
      code: 'data-mismatch',
      subject: name,
      what: `Region, global and videolet have the shapes ${[region, global, videolet].map(({ shape }) => `(${shape.join(', ')})`).join(', ')}.`,
      next: 'They must agree in D, and the first two in the number of tubes.',
    });
  }
  const kinds = tensors.get('multivariate');
  const multivariate = kinds && checked(kinds, `${name}: multivariate`, [2]);
  if (multivariate && multivariate.shape.join() !== `${region.shape[0]},1`) {
    throw new Failure({
      code: 'data-mismatch',
      subject: name,
      what: `"multivariate" has the shape (${multivariate.shape.join(', ')}) for ${region.shape[0]} tubes.`,
      next: 'It needs one number per tube, (n, 1): 1 for tubes of several objects, else 0.',
    });
  }
  const boxes = tubeBoxesIn(tensors, region.shape[0], name);
  return { region, global, videolet, ...(multivariate && { multivariate }), ...boxes };
}

function tubeArray(tensors: ReadonlyMap<string, NumericArray>, key: string, name: string): NumericArray {
  const array = tensors.get(key);
  if (array) return checked(array, `${name}: ${key}`, [2]);
  throw new Failure({
    code: 'format-invalid',
    subject: name,
    what: `It has no "${key}"; a file of tubes has region, global and videolet.`,
  });
}

/** How long a video is, as what comes beside its features says. */
export interface KnownLength {
  /** F; null where nobody says. */
  frames: number | null;
  /** Frames that a row of the file stands for; null for snippets of 16. */
  rowFrames: number | null;
}

/**
 * What is known of a video of which there are only features, beside the features themselves: which frames each row is
 * of. The last row of segments goes to the end of the video.
 * @param shape of the features, pooled or not
 * @param rows that their file has
 */
export function importedVideo(
  shape: readonly number[],
  rows: number,
  hash: string,
  { frames, rowFrames }: KnownLength,
): Omit<VideoFeatures, 'features'> {
  const [count] = shape;
  const isSegments = rowFrames !== null || count < rows;
  const width = ((rowFrames ?? SNIPPET_FRAMES) * rows) / count;
  const end = frames ?? firstFrameOf(count, width);
  const snippets = Array.from({ length: count }, (_, n): Snippet => {
    const firstFrame = Math.min(firstFrameOf(n, width), end - 1);
    const next = isSegments && n === count - 1 ? end : Math.min(firstFrameOf(n + 1, width), end);
    const lastFrame = Math.max(firstFrame, next - 1);
    return {
      firstFrame,
      lastFrame,
      startSeconds: firstFrame / NOMINAL_FPS,
      endSeconds: (lastFrame + 1) / NOMINAL_FPS,
      missing: false,
    };
  });
  return {
    snippets,
    ...(isSegments && { rowFrames: width }),
    gaps: [],
    frameSeconds: new Float64Array(0),
    warnings: [],
    provenance: { ...unknownProvenance(hash), crops: shape.length === 3 ? shape[1] : 1 },
  };
}

/** The array, if it has one of these ranks and sound numbers. */
function checked(array: NumericArray, subject: string, ranks: readonly number[]): NumericArray {
  const refuse = (what: string, next?: string): never => {
    throw new Failure({ code: 'data-mismatch', subject, what, next });
  };
  ranked(array, subject, ranks);
  if (array.values.length === 0) refuse('It holds no numbers.');
  if (!array.values.every(Number.isFinite)) refuse('It holds NaN or infinite numbers.', 'Extract it again.');
  return array;
}

function ranked(array: NumericArray, subject: string, ranks: readonly number[]): NumericArray {
  if (ranks.includes(array.shape.length)) return array;
  const wanted = ranks.includes(4)
    ? 'one map per snippet, (snippets, h, w, D), is read here'
    : ranks.includes(3)
      ? 'one row per snippet, (snippets, D), or one per crop, (snippets, crops, D), is read here'
      : 'one row per instance, (n, D), is read here';
  throw new Failure({
    code: 'data-mismatch',
    subject,
    what: `Its shape is (${array.shape.join(', ')}); ${wanted}.`,
  });
}

/** `[N,h,w,D]` to `[N,D]` */
function meanOverCells({ shape: [count, height, width, size], values }: NumericArray): NumericArray {
  const area = height * width;
  const means = new Float32Array(count * size);
  for (let row = 0; row < count * area; row++) {
    const to = Math.floor(row / area) * size;
    for (let d = 0; d < size; d++) means[to + d] += values[row * size + d] / area;
  }
  return { shape: [count, size], values: means };
}

function nominalSnippets(count: number, width = SNIPPET_FRAMES): Snippet[] {
  return Array.from({ length: count }, (_, n) => {
    const [firstFrame, next] = [firstFrameOf(n, width), firstFrameOf(n + 1, width)];
    return {
      firstFrame,
      lastFrame: next - 1,
      startSeconds: firstFrame / NOMINAL_FPS,
      endSeconds: next / NOMINAL_FPS,
      missing: false,
    };
  });
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
