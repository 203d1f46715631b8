/**
 * The files of one video as its features: crops side by side, channels joined, pooled to T segments where that is
 * wanted. Files are walked a few rows at a time, and what comes out may be half precision.
 */
import { segmentBoundaries } from '../features/segments.ts';
import { Failure } from '../failure.ts';
import { fitsHalf, LARGEST_HALF, toHalf } from '../formats/half.ts';
import type { Job } from '../job.ts';
import type { FeatureSource } from './dataset.ts';
import { Repair } from './repair.ts';
import { openRows, type RowsFile } from './rows.ts';

export interface SourceFile extends RowsFile, Pick<FeatureSource, 'channel'> {}

export interface AssembleOptions {
  /** T: longer videos are pooled to so many rows, each the mean of its snippets; null to keep all. */
  segments: number | null;
  /** Half precision takes half the space; `auto` keeps what the files have. */
  precision: 'auto' | 'float32' | 'float16';
}

export interface Assembled {
  /** `[N,D]`, or `[N,P,D]` where there are crops */
  shape: readonly number[];
  /** Rows that the files have; more than N where they were pooled. */
  rows: number;
  values: Float32Array | Uint16Array;
  isHalf: boolean;
  /** Rows of the files that cannot be used, and repeat others. */
  missing: number[];
  warnings: string[];
}

/** Numbers that are worked on at a time. */
const PIECE = 2 << 20;

/**
 * @param sources of the channels that are joined, crop after crop
 * @throws Failure `format-invalid` or `data-mismatch`
 */
export async function assemble(
  sources: readonly SourceFile[],
  { segments, precision }: AssembleOptions,
  job: Job,
): Promise<Assembled> {
  const channels = new Map<string, Repair[]>();
  for (const source of sources) {
    const { path, channel } = source;
    const own = new Repair(path, await openRows(source));
    channels.set(channel, [...(channels.get(channel) ?? []), own]);
  }
  const layout = layoutOf(channels);
  const { count, crops, size } = layout;
  const files = layout.parts.flatMap((part) => part.files);
  const out = segments !== null && count > segments ? segments : count;
  const sink = sinkFor(
    out * crops * size,
    precision === 'float16' || (precision === 'auto' && layout.isHalf),
  );
  const pool = out < count ? new Pool(count, out, crops * size, sink) : null;
  const step = Math.max(1, Math.floor(PIECE / (crops * size)));
  for (let from = 0; from < count; from += step) {
    await job.turn();
    const to = Math.min(count, from + step);
    const piece = await joined(layout, from, to);
    if (pool) pool.add(piece, from);
    else sink.put(piece);
  }
  return {
    shape: layout.isFlat ? [out, size] : [out, crops, size],
    rows: count,
    ...sink.done(),
    missing: [...new Set(files.flatMap(({ missing }) => [...missing]))],
    warnings: [...files.flatMap(({ warnings }) => warnings), ...warningsOf(layout, sink)],
  };
}

interface Layout {
  count: number;
  crops: number;
  size: number;
  isHalf: boolean;
  /** No file has an axis or a number of crops. */
  isFlat: boolean;
  parts: { files: Repair[]; crops: number; size: number }[];
  most: number;
}

function layoutOf(channels: ReadonlyMap<string, Repair[]>): Layout {
  const parts = [...channels.values()].map((files) => {
    const [first] = files;
    const other = files.find(({ rows }) => rows.size !== first.rows.size);
    if (other)
      throw new Failure({
        code: 'data-mismatch',
        subject: other.path,
        what: `Its features have ${other.rows.size} numbers, those of ${first.path} have ${first.rows.size}.`,
      });
    const crops = files.reduce((sum, { rows }) => sum + rows.crops, 0);
    return { files, crops, size: first.rows.size };
  });
  const crops = Math.max(...parts.map((part) => part.crops));
  const uneven = parts.find((part) => part.crops !== crops && part.crops !== 1);
  if (uneven)
    throw new Failure({
      code: 'data-mismatch',
      subject: [...channels.values()][0][0].path,
      what: `Some of its channels have ${crops} crops and one has ${uneven.crops}.`,
    });
  const files = parts.flatMap((part) => part.files.map(({ rows }) => rows));
  return {
    count: Math.min(...files.map(({ count }) => count)),
    most: Math.max(...files.map(({ count }) => count)),
    crops,
    size: parts.reduce((sum, part) => sum + part.size, 0),
    isHalf: files.every(({ isHalf }) => isHalf),
    isFlat: files.length === parts.length && crops === 1,
    parts,
  };
}

/** `[to - from, P, D]`: what has one crop only, as sound has, stands beside each. */
async function joined({ parts, crops, size }: Layout, from: number, to: number): Promise<Float32Array> {
  const [only] = parts;
  if (parts.length === 1 && only.files.length === 1) return only.files[0].read(from, to);
  const piece = new Float32Array((to - from) * crops * size);
  let column = 0;
  for (const part of parts) {
    let crop = 0;
    for (const file of part.files) {
      const own = await file.read(from, to);
      for (let at = 0; at < (to - from) * file.rows.crops; at++) {
        const row = own.subarray(at * part.size, (at + 1) * part.size);
        const first = Math.floor(at / file.rows.crops) * crops;
        const place = crop + (at % file.rows.crops);
        const places = part.crops === 1 && crops > 1 ? Array.from({ length: crops }, (_, p) => p) : [place];
        for (const p of places) piece.set(row, (first + p) * size + column);
      }
      crop += file.rows.crops;
    }
    column += part.size;
  }
  return piece;
}

/** Means of snippets, segment after segment, as {@link segmentBoundaries} cuts them. */
class Pool {
  readonly #bounds: number[];
  readonly #sum: Float64Array;
  readonly #mean: Float32Array;
  readonly #sink: Sink;
  #segment = 0;

  constructor(count: number, segments: number, width: number, sink: Sink) {
    this.#bounds = segmentBoundaries(count, segments);
    this.#sum = new Float64Array(width);
    this.#mean = new Float32Array(width);
    this.#sink = sink;
  }

  add(piece: Float32Array, from: number): void {
    const [sum, mean] = [this.#sum, this.#mean];
    const width = sum.length;
    for (let row = 0; row < piece.length / width; row++) {
      for (let i = 0, at = row * width; i < width; i++) sum[i] += piece[at + i];
      const [start, end] = [this.#bounds[this.#segment], this.#bounds[this.#segment + 1]];
      if (from + row + 1 < end) continue;
      for (let i = 0; i < width; i++) mean[i] = sum[i] / (end - start);
      this.#sink.put(mean);
      sum.fill(0);
      this.#segment++;
    }
  }
}

interface Sink {
  put(values: Float32Array): void;
  done(): { values: Float32Array | Uint16Array; isHalf: boolean };
  /** Whether all numbers so far are one and the same, and which. */
  readonly only: number | null;
}

function sinkFor(length: number, isHalf: boolean): Sink {
  const values: Float32Array | Uint16Array = isHalf ? new Uint16Array(length) : new Float32Array(length);
  let at = 0;
  let only: number | null | undefined;
  return {
    put(more) {
      for (let i = 0; only !== null && i < more.length; i++) {
        if (only === undefined) only = more[i];
        else if (more[i] !== only) only = null;
      }
      if (values instanceof Uint16Array) {
        if (!fitsHalf(more))
          throw new Failure({
            code: 'data-mismatch',
            what: `It holds numbers above ${LARGEST_HALF}, which half precision cannot hold.`,
            next: 'Choose float32 for the features and import it again.',
          });
        values.set(toHalf(more), at);
      } else values.set(more, at);
      at += more.length;
    },
    done: () => ({ values, isHalf: values instanceof Uint16Array }),
    get only() {
      return only ?? null;
    },
  };
}

function warningsOf({ count, most }: Layout, { only }: Sink): string[] {
  const warnings: string[] = [];
  if (only === 0) warnings.push('All numbers are zero: these features carry no information.');
  else if (only !== null) warnings.push('All numbers are equal: these features carry no information.');
  if (count < most)
    warnings.push(`Its files have ${count} to ${most} rows: the first ${count} of each are used.`);
  return warnings;
}
