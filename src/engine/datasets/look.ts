/** A first look at the files of a folder: what each is, the shape in an array's header, what a text says. */
import { Failure } from '../failure.ts';
import { findFeatures } from '../features/candidates.ts';
import { openArrays, type OpenedArrays } from '../formats/arrays.ts';
import { boxesFormat, readBoxes } from '../formats/boxes.ts';
import type { Job } from '../job.ts';
import { MOST_ANNOTATION_BYTES } from './annotations.ts';
import type { DatasetFile, LookedAt } from './dataset.ts';
import { npyHeader, openArray } from './opening.ts';
import { readText } from './texts.ts';

/** A header is shorter than this. */
const HEADER_BYTES = 1024;
/** Texts of lists and annotations are shorter than this; larger ones are features. */
const TEXT_BYTES = 4 << 20;

/** A mask has a number per frame of one video; some have one for each of all videos in a row. */
const MASK_FRAMES = 4 << 20;

/** @param files of which no more is read than must be: 16,000 of them are looked at in seconds */
export async function lookAt(files: readonly DatasetFile[], job: Job): Promise<LookedAt[]> {
  const looked: LookedAt[] = [];
  for (const [i, file] of files.entries()) {
    await job.turn();
    const boxes = await lookForBoxes(file);
    if (boxes) looked.push(boxes);
    else looked.push(...(CONTAINER.test(file.path) ? await lookInside(file) : [await lookAtOne(file)]));
    job.report({ done: i + 1, total: files.length, unit: 'files' });
  }
  return looked;
}

/** Annotated boxes, which their first bytes tell; null where a file is none. */
async function lookForBoxes({ path, blob }: DatasetFile): Promise<LookedAt | null> {
  if (!/\.(pkl|csv)$/i.test(path)) return null;
  const start = new Uint8Array(await blob.slice(0, HEADER_BYTES).arrayBuffer());
  const format = boxesFormat(start);
  if (!format) return null;
  const file = { path, sizeBytes: blob.size, shape: null };
  if (blob.size > MOST_ANNOTATION_BYTES)
    return { ...file, kind: 'other', why: 'It holds more boxes than are read here.' };
  try {
    const boxes = readBoxes(new Uint8Array(await blob.arrayBuffer()), format, path);
    return { ...file, kind: 'boxes', boxes };
  } catch (error) {
    return { ...file, kind: 'other', why: Failure.from(error).what };
  }
}

async function lookAtOne({ path, blob }: DatasetFile): Promise<LookedAt> {
  const file = { path, sizeBytes: blob.size, shape: null };
  if (/\.json$/i.test(path)) return { ...file, kind: 'notes' };
  if (/\.npy$/i.test(path)) {
    const start = new Uint8Array(await blob.slice(0, HEADER_BYTES).arrayBuffer());
    const shape = npyHeader(start)?.shape ?? null;
    const frames = shape?.length === 1 && shape[0] <= MASK_FRAMES ? await maskOf(path, blob) : null;
    return { ...file, kind: 'array', shape, ...(frames && { frames }) };
  }
  if (/\.tubes\.safetensors$/i.test(path)) return { ...file, kind: 'array' };
  if (!/\.(txt|csv|tsv|list)$/i.test(path)) return { ...file, kind: 'other' };
  const start = await blob.slice(0, HEADER_BYTES).text();
  if (isNumbers(start)) {
    const width = Number(/^\s*([\d.]+)\s*\r?\n/.exec(start)?.[1]);
    return { ...file, kind: 'array', ...(width > 0 && { width }) };
  }
  if (blob.size > TEXT_BYTES) return { ...file, kind: 'other' };
  return { ...file, kind: 'text', text: await blob.text() };
}

/** Arrays by name: the features of one video, or of many. */
const CONTAINER = /(\.(npz|h5|hdf5|mat|pt|pth|pkl)|(?<!\.tubes)\.safetensors)$/i;

/** The arrays of a file that are features, each a video where there are several, called as its key (WSAL's HDF5). */
async function lookInside({ path, blob }: DatasetFile): Promise<LookedAt[]> {
  const file = { path, sizeBytes: blob.size, shape: null };
  let opened: OpenedArrays;
  try {
    opened = await openArrays(blob, path);
  } catch {
    return [{ ...file, kind: 'array' }]; // what is wrong with it is told when it is to be used
  }
  try {
    const { candidates, warnings } = findFeatures(opened, path);
    const folder = path.replace(/[^/\\]*$/, '');
    const keys = candidates.map(({ entry }) => entry.name.split('/'));
    // In VIDEO/features the last word is no name.
    const isWord = keys.every((key) => key.length > 1 && key.at(-1) === keys[0].at(-1));
    return candidates.map(({ entry: { name, shape, segmentFrames } }, i) => ({
      ...{ ...file, kind: 'array' as const, shape, array: name },
      ...(i === 0 && { warnings: [...opened.warnings, ...warnings] }),
      ...(segmentFrames !== undefined && { width: segmentFrames }),
      ...(keys.length > 1 && { standsFor: folder + (isWord ? keys[i].slice(0, -1) : keys[i]).join('/') }),
    }));
  } catch (error) {
    return [{ ...file, kind: 'other', why: Failure.from(error).what }];
  } finally {
    opened.close();
  }
}

/** A number per frame; null where the file is not sound, which is told when it is to be used. */
async function maskOf(path: string, blob: Blob): Promise<number[] | null> {
  try {
    return Array.from((await openArray(new Uint8Array(await blob.arrayBuffer()), path)).values);
  } catch {
    return null;
  }
}

/**
 * A text that holds nothing but many numbers, in more than two columns, holds features; a line of one number, the width
 * of a segment, may stand before them. Videos may be called by numbers too: what reads as a list is one.
 */
function isNumbers(start: string): boolean {
  const lines = start.split(/\r?\n/).filter((line) => line.trim() !== '');
  const rows = lines.map((line) => line.split(/[\s,]+/).filter((field) => field !== ''));
  const fields = rows.flat();
  const sure = fields.length > 1 ? fields.slice(0, -1) : fields; // the last one may be cut
  if (sure.length <= 16 || !sure.every((field) => Number.isFinite(Number(field)))) return false;
  const [first, second = []] = rows;
  if ((first.length === 1 ? second : first).length <= 2) return false;
  const isCut = start.length >= HEADER_BYTES;
  return readText((isCut ? lines.slice(0, -1) : lines).join('\n'), '') === null;
}
