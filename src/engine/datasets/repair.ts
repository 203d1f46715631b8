/** Rows that cannot be used, in a file that is read a few rows at a time: as {@link judgeNumbers} does it at once. */
import { Failure } from '../failure.ts';
import type { Rows } from './rows.ts';

/** Rows of a file that hold NaN or infinite numbers repeat the sound row before, or the first behind. */
export class Repair {
  readonly path: string;
  readonly rows: Rows;
  /** Rows that repeat others, of those that were read. */
  readonly missing = new Set<number>();
  #numbers = 0;
  #before: Float32Array | null = null;

  constructor(path: string, rows: Rows) {
    this.path = path;
    this.rows = rows;
  }

  /**
   * Rows are read from the first on.
   * @returns `[to - from, P, D]`
   * @throws Failure `data-mismatch` where there is no row to go by
   */
  async read(from: number, to: number): Promise<Float32Array> {
    const { crops, size } = this.rows;
    const [piece, width] = [await this.rows.read(from, to), crops * size];
    const bad: number[] = [];
    for (let row = 0; row < to - from; row++) {
      let numbers = 0;
      for (let i = row * width; i < (row + 1) * width; i++) numbers += Number(!Number.isFinite(piece[i]));
      if (numbers > 0) bad.push(row);
      this.#numbers += numbers;
    }
    const isBad = new Set(bad);
    let sound = 0;
    while (isBad.has(sound)) sound++;
    const first =
      this.#before ?? (sound < to - from ? piece.slice(sound * width, (sound + 1) * width) : null);
    if (!first)
      throw new Failure({
        code: 'data-mismatch',
        subject: this.path,
        what: `It holds NaN or infinite numbers in ${to < this.rows.count ? `each of its first ${to} rows` : 'every row'}.`,
        next: 'Extract it again: there is nothing to go by.',
      });
    for (const row of bad) {
      if (row === 0) piece.set(first);
      else piece.copyWithin(row * width, (row - 1) * width, row * width);
      this.missing.add(from + row);
    }
    this.#before = piece.slice((to - from - 1) * width);
    return piece;
  }

  /** What its owner should know, in words that name the file. */
  get warnings(): string[] {
    const { path, rows, missing } = this;
    const own = rows.warnings.map((what) => `${path}: ${what}`);
    if (missing.size === 0) return own;
    return [
      ...own,
      `${path}: ${this.#numbers} of its numbers are NaN or infinite, in ${missing.size} of ${rows.count} rows (the first is row ${Math.min(...missing) + 1}); these rows count as missing and repeat the row before.`,
    ];
  }
}
