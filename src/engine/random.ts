/**
 * Seeded randomness. One run has one seed (design law 4); everything random in it draws from a stream *named* after
 * its purpose and derived from that seed, so that adding a draw in one place changes nothing elsewhere, and step k of
 * a run can be replayed without replaying the k - 1 steps before it.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

export class Random {
  readonly #seed: number;
  readonly #generator: ReturnType<typeof xoroshiro128plus>;
  #spare: number | null = null;

  /** @param seed any integer; only its lower 32 bits count */
  constructor(seed: number) {
    this.#seed = seed | 0;
    this.#generator = xoroshiro128plus(mix(this.#seed));
  }

  /** An independent stream for one purpose, e.g. `stream('dropout', step)`. Does not advance this one. */
  stream(...purpose: (string | number)[]): Random {
    let hash = this.#seed;
    for (const part of purpose) {
      for (const character of `/${part}`) hash = mix(hash ^ character.codePointAt(0)!);
    }
    return new Random(hash);
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number, uniform in [0, count). */
  below(count: number): number {
    return uniformInt(this.#generator, 0, count - 1);
  }

  /** Standard normal (Box-Muller, both values used). */
  normal(): number {
    if (this.#spare !== null) {
      const value = this.#spare;
      this.#spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /**
   * A dropout mask: each entry 0 with probability `rate`, else 1 / (1 - rate). Counter-based, because a step may need
   * a million entries.
   */
  dropoutMask(size: number, rate: number): Float32Array {
    const mask = new Float32Array(size);
    const keep = 1 / (1 - rate);
    const threshold = rate * 2 ** 32;
    for (let i = 0; i < size; i++)
      mask[i] = mix(this.#seed + Math.imul(i, 0x9e3779b9)) >>> 0 < threshold ? 0 : keep;
    return mask;
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
    }
    return shuffled;
  }
}

/** A 32-bit mixer (the finaliser of MurmurHash3), so that neighbouring seeds give unrelated streams. */
function mix(value: number): number {
  let h = (value + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
