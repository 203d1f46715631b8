/**
 * Which axis of a features array is which. Files of this field agree on nothing: `[N,D]`, `[N,crops,D]`, `[crops,N,D]`,
 * `[D,N]`, one row of T*D numbers. Sizes tell: 10, 5 and 1 are numbers of crops, 2048, 1024 and so on are those of
 * backbones. Where more than one reading fits, all are given, the likeliest first, and a person says which it is.
 */
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';

export type Axis = 'snippets' | 'crops' | 'features';

/** One way to read an array. */
export interface Reading {
  /** What names it, as in `snippets,crops,features`; for a flat array `snippets*features`. */
  id: string;
  /** What each axis is, those of size 1 that stand for nothing left out; a flat array is cut into rows. */
  axes: readonly Axis[];
  snippets: number;
  crops: number;
  /** D */
  size: number;
  /** In a sentence. */
  says: string;
}

/** Sizes of features that backbones are known by, likeliest first. */
const SIZES = [2048, 1024, 4096, 512, 768, 480, 192, 128, 600, 400, 256, 1536];
/** The same with the length of the vector behind it, as MGFN's files have it. */
const WITH_MAGNITUDE = [2049, 1025];
const CROPS = [10, 5, 1];
const SEGMENTS = 32;
/** Where no axis says that it is crops, there are no more than so many. */
const MOST_CROPS = 16;

export interface KnownSizes {
  /** D of the features that it is to stand beside, where there are any. */
  size?: number;
}

/**
 * @returns the readings that fit, the likeliest first; none where it cannot be features
 */
export function readAxes(given: readonly number[], known: KnownSizes = {}): Reading[] {
  if (given.length === 0 || given.some((size) => size === 0)) return [];
  const shape = squeezed(given);
  const weight = (size: number) => {
    if (size === known.size) return 0;
    const place = [...SIZES, ...WITH_MAGNITUDE].indexOf(size);
    return place < 0 ? Infinity : 1 + place;
  };
  const isFeatures = (size: number) => weight(size) < Infinity;
  switch (shape.length) {
    case 1:
      return flat(shape[0], weight);
    case 2: {
      const rows = reading(shape, ['snippets', 'features']);
      const columns = reading(shape, ['features', 'snippets']);
      const [first, last] = shape.map(isFeatures);
      if (first && !last)
        return shape[1] === 1 ? [columns] : known.size === shape[0] ? [columns] : [columns, rows];
      if (!first || shape[1] === known.size) return [rows];
      return shape[0] === known.size ? [columns] : [rows, columns];
    }
    case 3:
      return ofThree(shape, isFeatures, known.size);
    default:
      return [];
  }
}

/** @throws Failure `data-mismatch` where the array has no such reading */
export function readingOf(shape: readonly number[], id: string, known: KnownSizes, name: string): Reading {
  const readings = readAxes(shape, known);
  const chosen = readings.find((reading) => reading.id === id) ?? readingOfId(shape, id);
  if (chosen) return chosen;
  throw new Failure({
    code: 'data-mismatch',
    subject: name,
    what: `Its shape (${shape.join(', ')}) cannot be read as ${id}.`,
    next: `Readings that fit: ${readings.map((reading) => reading.id).join('; ') || 'none'}.`,
  });
}

/**
 * @param array of any of the shapes that the reading was made of
 * @returns `[N,D]`, or `[N,P,D]` with P > 1 crops
 */
export function arrange(
  { shape, values }: NumericArray,
  { axes, snippets, crops, size }: Reading,
): NumericArray {
  const arranged = crops === 1 ? [snippets, size] : [snippets, crops, size];
  const isInOrder = axes.join() === 'snippets,features' || axes.join() === 'snippets,crops,features';
  if (isInOrder) return { shape: arranged, values };
  // How far apart neighbours along each axis are.
  const own = squeezed(shape);
  const strideOf = (axis: Axis) => {
    const place = axes.indexOf(axis);
    return place < 0 ? 0 : own.slice(place + 1).reduce((product, n) => product * n, 1);
  };
  const [bySnippet, byCrop, byFeature] = (['snippets', 'crops', 'features'] as const).map(strideOf);
  const result = new Float32Array(snippets * crops * size);
  let to = 0;
  for (let n = 0; n < snippets; n++)
    for (let p = 0; p < crops; p++)
      for (let d = 0, from = n * bySnippet + p * byCrop; d < size; d++, from += byFeature)
        result[to++] = values[from];
  return { shape: arranged, values: result };
}

/**
 * Leaves out the last number of every vector where it is the length of the others, as in files made for MGFN: the head
 * that wants it works it out itself.
 * @returns null where it is not
 */
export function withoutMagnitude({ shape, values }: NumericArray): NumericArray | null {
  const size = shape.at(-1)!;
  if (!WITH_MAGNITUDE.includes(size)) return null;
  const rest = size - 1;
  const rows = values.length / size;
  const kept = new Float32Array(rows * rest);
  for (let row = 0; row < rows; row++) {
    const vector = values.subarray(row * size, row * size + rest);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    if (!(Math.abs(length - values[row * size + rest]) <= 1e-3 * Math.max(1, length))) return null;
    kept.set(vector, row * rest);
  }
  return { shape: [...shape.slice(0, -1), rest], values: kept };
}

/** Without axes of size 1 that there are more of than can stand for something. */
function squeezed(given: readonly number[]): number[] {
  const shape = [...given];
  while (shape.length > 3 && shape.includes(1)) shape.splice(shape.indexOf(1), 1);
  return shape;
}

function flat(length: number, weight: (size: number) => number): Reading[] {
  const sizes = [...SIZES].filter((size) => length % size === 0);
  const rowsOf = (size: number) => length / size;
  // The field's 32 segments first, then the backbone that is met most.
  sizes.sort(
    (a, b) =>
      Number(weight(b) === 0) - Number(weight(a) === 0) ||
      Number(rowsOf(b) === SEGMENTS) - Number(rowsOf(a) === SEGMENTS) ||
      weight(a) - weight(b),
  );
  const fits = sizes.map((size) => flatReading(length, size));
  if (sizes.length > 0 && (weight(sizes[0]) === 0 || rowsOf(sizes[0]) === 1)) return [fits[0]];
  return fits;
}

function flatReading(length: number, size: number): Reading {
  const snippets = length / size;
  return {
    id: `${snippets}*${size}`,
    axes: ['snippets', 'features'],
    snippets,
    crops: 1,
    size,
    says: `${count(snippets, 'snippet')} of ${size} numbers each, one after the other`,
  };
}

function ofThree(shape: readonly number[], isFeatures: (size: number) => boolean, known?: number): Reading[] {
  const orders: Axis[][] = [
    ['snippets', 'crops', 'features'],
    ['crops', 'snippets', 'features'],
    ['snippets', 'features', 'crops'],
    ['crops', 'features', 'snippets'],
    ['features', 'snippets', 'crops'],
    ['features', 'crops', 'snippets'],
  ];
  const all = orders.map((axes) => reading(shape, axes));
  const withCrops = all.filter(({ crops }) => CROPS.includes(crops));
  const certain = withCrops.filter(({ size }) => (known === undefined ? isFeatures(size) : size === known));
  // Features stand last in every file that is known; other orders count where the last axis cannot be features.
  const isLast = ({ axes }: Reading) => axes[2] === 'features';
  const fits = certain.some(isLast) ? certain.filter(isLast) : certain;
  if (fits.length > 0) return fits;
  const plausible = withCrops.filter(isLast);
  if (plausible.length > 0) return plausible;
  return all.filter(
    ({ axes, crops }) => isLast({ axes } as Reading) && axes[0] === 'snippets' && crops <= MOST_CROPS,
  );
}

/** A reading that nobody would think of, where someone asks for it. */
function readingOfId(shape: readonly number[], id: string): Reading | null {
  const cut = /^(\d+)\*(\d+)$/.exec(id)?.slice(1).map(Number);
  if (cut) return shape.length === 1 && cut[0] * cut[1] === shape[0] ? flatReading(shape[0], cut[1]) : null;
  const axes = id.split(',') as Axis[];
  const isSound =
    axes.length === shape.length &&
    new Set(axes).size === axes.length &&
    axes.every((axis) => ['snippets', 'crops', 'features'].includes(axis)) &&
    axes.includes('snippets') &&
    axes.includes('features');
  return isSound ? reading(shape, axes) : null;
}

function reading(shape: readonly number[], axes: readonly Axis[]): Reading {
  const of = (axis: Axis) => (axes.includes(axis) ? shape[axes.indexOf(axis)] : 1);
  const [snippets, crops, size] = [of('snippets'), of('crops'), of('features')];
  const inCrops = axes.includes('crops') ? `, ${count(crops, 'crop')} each` : '';
  return {
    id: axes.join(),
    axes,
    snippets,
    crops,
    size,
    says: `${count(snippets, 'snippet')}${inCrops}, ${size} numbers in a feature (${axes.join(' × ')})`,
  };
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
