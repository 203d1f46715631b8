/**
 * What features look like from outside, so that a head that meets others than it was trained on can say so: equal
 * lengths of vectors say nothing, and a head scores anything. Free of tfjs.
 */
import type { NumericArray } from '../types.ts';

export interface Fingerprint {
  /** D */
  size: number;
  /** SHA-256 of the backbone's weights, or `unknown`. */
  backboneHash: string;
  /** How many vectors have which Euclidean length: bins of a quarter octave, the first around 2^-10. */
  norms: number[];
  /** Share of numbers that are exactly zero. */
  zeros: number;
}

const BINS = 97;
const PER_OCTAVE = 4;
const LOWEST_OCTAVE = -10;

const binOf = (norm: number) => {
  const bin = Math.round(PER_OCTAVE * (Math.log2(norm) - LOWEST_OCTAVE));
  return Math.min(BINS - 1, Math.max(0, bin)); // all zeros is -Infinity, hence the first
};
const lengthOf = (bin: number) => 2 ** (bin / PER_OCTAVE + LOWEST_OCTAVE);

/** @param features `[...,D]`, not empty */
export function fingerprintOf({ shape, values }: NumericArray, backboneHash: string): Fingerprint {
  const size = shape.at(-1)!;
  const norms = new Array<number>(BINS).fill(0);
  let zeros = 0;
  for (let start = 0; start < values.length; start += size) {
    let square = 0;
    for (let d = start; d < start + size; d++) {
      square += values[d] ** 2;
      if (values[d] === 0) zeros++;
    }
    norms[binOf(Math.sqrt(square))]++;
  }
  return { size, backboneHash, norms, zeros: zeros / values.length };
}

/** That of all features together, which are of one backbone. */
export function mergeFingerprints(parts: readonly Fingerprint[]): Fingerprint {
  const vectors = parts.map(({ norms }) => sum(norms));
  return {
    ...parts[0],
    norms: parts[0].norms.map((_, bin) => sum(parts.map(({ norms }) => norms[bin]))),
    zeros: sum(parts.map(({ zeros }, i) => zeros * vectors[i])) / sum(vectors),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** Lengths that differ by less than this are alike: videos differ, too. */
const SLACK = PER_OCTAVE; // a factor of 2
const MOST_ZEROS_APART = 0.25;

/** Why features are unlike those that a head was trained on, or null where nothing stands out. */
export function unlikeness(trained: Fingerprint, met: Fingerprint): string | null {
  if (met.size !== trained.size)
    return `they have ${met.size} numbers each, those trained on ${trained.size}`;
  const [ours, theirs] = [met.backboneHash, trained.backboneHash];
  if (ours !== theirs && ours !== 'unknown' && theirs !== 'unknown') return 'another backbone made them';
  const [low, high] = [0, 1].map((share) => quantile(trained.norms, share));
  const own = quantile(met.norms, 0.5);
  if (own < low - SLACK || own > high + SLACK) {
    const [is, was] = [met.norms, trained.norms].map(medianLength);
    return `their length is about ${is}, that of those trained on about ${was}`;
  }
  if (Math.abs(met.zeros - trained.zeros) > MOST_ZEROS_APART) {
    const [is, was] = [met.zeros, trained.zeros].map((share) => Math.round(100 * share));
    return `${is} % of their numbers are zero, and ${was} % of those trained on`;
  }
  return null;
}

/** Length of the vector in the middle, to a quarter octave. */
export function medianLength(norms: readonly number[]): number {
  return Number(lengthOf(quantile(norms, 0.5)).toPrecision(2));
}

/** The bin below which a share of all vectors lies. */
function quantile(counts: readonly number[], share: number): number {
  const wanted = share * sum(counts);
  let below = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    below += counts[bin];
    if (below > 0 && below >= wanted) return bin;
  }
  return counts.length - 1;
}
