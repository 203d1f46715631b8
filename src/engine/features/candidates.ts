/**
 * Which arrays of a file are features. Most files hold one; a store of many holds one per video, each under the video's
 * name; and what holds weights holds none.
 */
import { Failure } from '../failure.ts';
import type { OpenedArrays } from '../formats/arrays.ts';
import type { ArrayEntry } from '../formats/array-entry.ts';
import { readAxes, type KnownSizes, type Reading } from './axes.ts';

export interface Candidate {
  entry: ArrayEntry;
  /** The likeliest first; there is at least one. */
  readings: Reading[];
}

export interface Found {
  /** One, or one per video. */
  candidates: Candidate[];
  /** What else the file holds. */
  warnings: string[];
}

/** What people call the features in a file that holds other things as well. */
const TELLING = /^(feat|feats|feature|features|embedding|embeddings|x|data|rgb|i3d|c3d|clip|videolet)$/i;
const PARAMETER = /(^|[._/])(weight|bias|running_mean|running_var|num_batches_tracked|gamma|beta|kernel)$/i;

const lastName = ({ name }: ArrayEntry) => name.slice(name.lastIndexOf('/') + 1);

/** Whether a file holds the weights of a network rather than features. */
export function holdsWeights({ format, arrays }: Pick<OpenedArrays, 'format' | 'arrays'>): boolean {
  if (format !== 'safetensors' && format !== 'pytorch') return false;
  if (arrays.some(({ name }) => PARAMETER.test(name))) return true;
  if (arrays.some((entry) => entry.name === '' || TELLING.test(lastName(entry)))) return false;
  // A dict of videos: each has two or three axes, and all end in the same number.
  const sizes = new Set(arrays.map(({ shape }) => shape.at(-1)));
  const areVideos =
    arrays.every(({ shape }) => shape.length === 2 || shape.length === 3) &&
    sizes.size === 1 &&
    arrays.every(({ shape }) => shape[shape.length - 1] >= 64);
  return !areVideos;
}

/**
 * @param name of the file, for messages
 * @throws Failure `data-mismatch` where no array can be features
 */
export function findFeatures(
  opened: Pick<OpenedArrays, 'format' | 'arrays'>,
  name: string,
  known: KnownSizes = {},
): Found {
  const { arrays } = opened;
  const all = arrays.map((entry): Candidate => ({ entry, readings: readAxes(entry.shape, known) }));
  const fit = all.filter(
    ({ entry, readings }) => readings.length > 0 && (entry.shape.length > 1 || arrays.length === 1),
  );
  if (fit.length === 0 || holdsWeights(opened)) {
    throw new Failure({
      code: 'data-mismatch',
      subject: name,
      what:
        fit.length === 0
          ? `Nothing in it has the shape of features: ${list(arrays)}.`
          : `It holds the weights of a network (${list(arrays)}), not features.`,
      next: 'Features have a row per snippet, (snippets, D), or one per crop as well, (snippets, crops, D).',
    });
  }
  const telling = fit.filter(({ entry }) => TELLING.test(lastName(entry)));
  const chosen = telling.length === 1 ? telling : ofUsualSize(fit);
  const others = arrays.filter((entry) => !chosen.some((candidate) => candidate.entry === entry));
  // Labels and names beside the features are no news; another array of features is.
  const notable = others.filter((entry) => fit.some((candidate) => candidate.entry === entry));
  const warnings = notable.length > 0 ? [`It also holds ${list(notable)}, which was left alone.`] : [];
  return { candidates: chosen, warnings };
}

function ofUsualSize(fit: readonly Candidate[]): Candidate[] {
  const sizeOf = ({ readings }: Candidate) => readings[0].size;
  const counts = new Map<number, number>();
  for (const candidate of fit) counts.set(sizeOf(candidate), (counts.get(sizeOf(candidate)) ?? 0) + 1);
  const [[usual]] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return fit.filter((candidate) => sizeOf(candidate) === usual);
}

function list(arrays: readonly ArrayEntry[]): string {
  const said = arrays
    .slice(0, 3)
    .map(({ name, shape }) => `${name.slice(0, 40) || 'one array'} (${shape.join(', ')})`)
    .join(', ');
  return arrays.length > 3 ? `${said} and ${arrays.length - 3} more` : said;
}
