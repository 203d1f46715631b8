/** What a file is, without taking it in: its arrays and their axes, what their numbers look like, and what is odd. */
import { Failure } from '../failure.ts';
import { openArrays, type OpenedArrays } from '../formats/arrays.ts';
import type { ArrayEntry } from '../formats/array-entry.ts';
import { boxesFormat, readBoxes, type BoxesFormat } from '../formats/boxes.ts';
import { readJsonFile, type Beside } from '../formats/json-file.ts';
import { readProjectFile } from '../formats/project-file.ts';
import { headOf, sniff } from '../formats/sniff.ts';
import { readRun } from '../training/checkpoint.ts';
import type { TruthBoxes } from '../types.ts';
import { arrange, type Reading } from './axes.ts';
import { findFeatures, holdsWeights } from './candidates.ts';
import { fingerprintOf, medianLength } from './fingerprint.ts';
import { importTubes } from './imported.ts';
import { digestOf, judgeNumbers } from './quality.ts';

export interface InspectedArray {
  name: string;
  shape: readonly number[];
  type: string;
  /** A short name of its numbers: equal arrays have one. */
  digest: string;
  /** How it is read, where it is features: the likeliest first. Several are a question to whoever knows. */
  readings?: { id: string; says: string }[];
  /** What its features look like. */
  fingerprint?: { size: number; medianLength: number; zeros: number };
}

export interface Inspection {
  name: string;
  format: OpenedArrays['format'] | 'json' | 'weaklens' | BoxesFormat;
  kind: 'boxes' | 'features' | 'maps' | 'tubes' | 'weights' | 'run' | 'project' | 'scores' | 'notes';
  /** What it is, in a sentence. */
  says: string;
  arrays: InspectedArray[];
  warnings: string[];
  /** What only a person can say, or null. */
  question: string | null;
}

/**
 * @param beside finds what lies beside the file; for JSON that speaks of another file
 * @param report told of each array
 * @throws Failure where the file is refused, with the reason
 */
export async function inspectFile(
  file: Uint8Array | Blob,
  name: string,
  beside: Beside = () => Promise.resolve(null),
  report: (done: number, total: number) => void = () => {},
): Promise<Inspection> {
  const bytes = async () => (file instanceof Uint8Array ? file : new Uint8Array(await file.arrayBuffer()));
  if (/\.weaklens$/i.test(name)) return inspectProject(await bytes(), name);
  if (/\.json$/i.test(name) || sniff(await headOf(file)) === 'json') {
    const { kind, says, warnings } = await readJsonFile(await bytes(), name, beside);
    return { name, format: 'json', kind, says, arrays: [], warnings, question: null };
  }
  const boxes = boxesFormat(await headOf(file));
  // PyTorch never wrote its own files as plain pickles, and says so better.
  if (boxes === 'csv' || (boxes === 'pickle' && !/\.(pt|pth)$/i.test(name)))
    return inspectBoxes(readBoxes(await bytes(), boxes, name), name, boxes);
  const opened = await openArrays(file, name);
  try {
    return await inspectArrays(opened, name, bytes, report);
  } finally {
    opened.close();
  }
}

async function inspectArrays(
  opened: OpenedArrays,
  name: string,
  bytes: () => Promise<Uint8Array<ArrayBufferLike>>,
  report: (done: number, total: number) => void,
): Promise<Inspection> {
  const { format, arrays, metadata } = opened;
  const warnings = [...opened.warnings];
  const answer = (
    kind: Inspection['kind'],
    says: string,
    inspected: InspectedArray[],
    question: string | null = null,
  ) => ({ name, format, kind, says, arrays: inspected, warnings: [...new Set(warnings)], question });

  if (
    format === 'safetensors' &&
    ['region', 'global', 'videolet'].every((key) => arrays.some((a) => a.name === key))
  ) {
    const { tubes } = importTubes((await bytes()) as Uint8Array<ArrayBuffer>, name, '');
    return answer('tubes', `tubes of a video, ${tubes!.region.shape[0]} of them`, arrays.map(plainly));
  }
  if (holdsWeights(opened)) {
    const inspected = arrays.map((entry, i) => {
      report(i, arrays.length);
      return weighed(entry, name, warnings);
    });
    const isRun = metadata?.get('format') === 'weaklens-run';
    if (isRun) readRun(await bytes(), name);
    const head = isRun ? `a run of ${metadata.get('head') ?? 'a head'}` : 'weights';
    return answer(isRun ? 'run' : 'weights', `${head}, ${arrays.length} tensors`, inspected);
  }
  if (/\.map\.npy$/i.test(name) && arrays[0].shape.length === 4) {
    const [entry] = arrays;
    return answer('maps', `feature maps (${entry.shape.join(', ')})`, [weighed(entry, name, warnings)]);
  }
  const found = findFeatures(opened, name);
  warnings.push(...found.warnings);
  const inspected = found.candidates.map(({ entry, readings }, i) => {
    report(i, found.candidates.length);
    const said = entry.name === '' ? name : `${name}: ${entry.name.slice(0, 80)}`;
    const array = entry.read();
    warnings.push(...array.warnings);
    const judged = judgeNumbers(arrange(array, readings[0]), said);
    warnings.push(...judged.warnings);
    const { size, zeros, norms } = fingerprintOf(judged.features, 'unknown');
    return {
      ...described(entry),
      digest: digestOf(judged.features),
      readings: readings.map(({ id, says }: Reading) => ({ id, says })),
      fingerprint: { size, zeros, medianLength: medianLength(norms) },
    };
  });
  const rest = arrays.filter((entry) => !found.candidates.some((candidate) => candidate.entry === entry));
  const open = inspected.find(({ readings }) => readings.length > 1);
  const question = open ? questionOf(open.shape, open.readings) : null;
  const says =
    inspected.length === 1 ? inspected[0].readings[0].says : `features of ${inspected.length} videos`;
  return answer('features', says, [...inspected, ...rest.map(plainly)], question);
}

/** What to ask whoever knows, of an array that can be read in several ways. */
export function questionOf(shape: readonly number[], readings: readonly { says: string }[]): string {
  return `Its shape (${shape.join(', ')}) can be read as ${readings.map(({ says }) => says).join('; or as ')}.`;
}

const described = ({ name, shape, type }: ArrayEntry) => ({ name, shape, type });

function plainly(entry: ArrayEntry): InspectedArray {
  return { ...described(entry), digest: digestOf(entry.read()) };
}

/** Numbers that are to be computed with must be numbers. */
function weighed(entry: ArrayEntry, name: string, warnings: string[]): InspectedArray {
  const array = entry.read();
  warnings.push(...array.warnings);
  if (!array.values.every(Number.isFinite))
    throw new Failure({
      code: 'format-invalid',
      subject: name,
      what: `"${entry.name.slice(0, 80)}" holds NaN or infinite numbers.`,
      next: 'Save it again from a step before the training went wrong.',
    });
  return { ...described(entry), digest: digestOf(array) };
}

function inspectProject(bytes: Uint8Array, name: string): Inspection {
  const { name: title, videos, runs, features } = readProjectFile(bytes, name);
  const says = `the project "${title}": ${videos.length} videos, ${features.size} with features, ${runs.length} runs`;
  return { name, format: 'weaklens', kind: 'project', says, arrays: [], warnings: [], question: null };
}

function inspectBoxes(boxes: ReadonlyMap<string, TruthBoxes>, name: string, format: BoxesFormat): Inspection {
  const all = [...boxes.values()];
  const frames = all.reduce((sum, { byFrame }) => sum + Object.keys(byFrame).length, 0);
  const [{ picture }] = all;
  const size = picture ? `, in pixels of ${picture.join(' x ')}` : '';
  const says = `where anomalies are in the picture: boxes in ${frames} frames of ${boxes.size} videos${size}`;
  return { name, format, kind: 'boxes', says, arrays: [], warnings: [], question: null };
}
