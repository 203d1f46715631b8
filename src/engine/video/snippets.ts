/**
 * Frames to snippets: 16 consecutive frames of the file, and for each the mean of what the backbone saw in it.
 */
import { fitsHalf, fromHalf, toHalf } from '../formats/half.ts';
import { SNIPPET_FRAMES, type Gap, type NumericArray, type Snippet } from '../types.ts';

/** Collects every frame of a video in order, and knows afterwards which snippets and gaps there are. */
export class FrameTable {
  #seconds = new Float64Array(1024);
  #lost: number[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get lost(): number {
    return this.#lost.length;
  }

  add(seconds: number, lost: boolean): void {
    if (this.#count === this.#seconds.length) {
      const longer = new Float64Array(2 * this.#count);
      longer.set(this.#seconds);
      this.#seconds = longer;
    }
    if (lost) this.#lost.push(this.#count);
    this.#seconds[this.#count++] = seconds;
  }

  /** Presentation time of every frame. */
  seconds(): Float64Array {
    return this.#seconds.slice(0, this.#count);
  }

  /** Runs of lost frames. */
  gaps(): Gap[] {
    const gaps: Gap[] = [];
    for (const frame of this.#lost) {
      const last = gaps.at(-1);
      if (last && last.lastFrame === frame - 1) {
        last.lastFrame = frame;
        last.endSeconds = this.#endOf(frame);
      } else {
        const startSeconds = this.#seconds[frame];
        gaps.push({ firstFrame: frame, lastFrame: frame, startSeconds, endSeconds: this.#endOf(frame) });
      }
    }
    return gaps;
  }

  snippets(): Snippet[] {
    const lost = new Set(this.#lost);
    return Array.from({ length: Math.ceil(this.#count / SNIPPET_FRAMES) }, (_, n) => {
      const firstFrame = n * SNIPPET_FRAMES;
      const lastFrame = Math.min(firstFrame + SNIPPET_FRAMES, this.#count) - 1;
      let missing = true;
      for (let frame = firstFrame; frame <= lastFrame && missing; frame++) missing = lost.has(frame);
      return {
        firstFrame,
        lastFrame,
        startSeconds: this.#seconds[firstFrame],
        endSeconds: this.#endOf(lastFrame),
        missing,
      };
    });
  }

  /** When a frame leaves the screen: with the next one, or for the last after as long as the one before it lasted. */
  #endOf(frame: number): number {
    if (frame + 1 < this.#count) return this.#seconds[frame + 1];
    return this.#seconds[frame] + (frame > 0 ? this.#seconds[frame] - this.#seconds[frame - 1] : 0);
  }
}

/** Finished, in half precision where it is a `Uint16Array`. */
type Row = Float32Array | Uint16Array;

/** What stands for a row that was taken. */
const TAKEN = new Float32Array(0);

/** The mean, per snippet, of vectors that belong to frames and come in the order of frames. */
export class SnippetMeans {
  readonly #size: number;
  readonly #isHalf: boolean;
  readonly #rows: Row[] = [];
  readonly #sum: Float64Array;
  #count = 0;
  /** The snippet being summed. */
  #snippet = 0;
  #latest: Row | null = null;

  /**
   * @param size D, or h*w*D for maps
   * @param isHalf whether finished rows wait in half precision, as those of maps do: they are many and large
   */
  constructor(size: number, isHalf = false) {
    this.#size = size;
    this.#isHalf = isHalf;
    this.#sum = new Float64Array(size);
  }

  /**
   * @param frame the frame that the vector was seen at
   * @param vector `[size]`
   */
  add(frame: number, vector: Float32Array): void {
    this.#finishUpTo(Math.floor(frame / SNIPPET_FRAMES));
    for (let i = 0; i < this.#size; i++) this.#sum[i] += vector[i];
    this.#count++;
    this.#latest = this.#rowOf(vector);
  }

  /**
   * One row per snippet; call once, at the end. A snippet in which no sampled frame falls has the vector of the latest
   * earlier one; before the first there is nothing earlier, and the first stands.
   * @param snippets N
   * @returns `[N,size]`
   */
  rows(snippets: number): NumericArray {
    this.#finishUpTo(snippets);
    const values = new Float32Array(snippets * this.#size);
    this.#rows.slice(0, snippets).forEach((row, n) => values.set(numbersOf(row), n * this.#size));
    return { shape: [snippets, this.#size], values };
  }

  /**
   * The row of a snippet that no more will be added to, for a source without an end; the row is forgotten here.
   * @returns null while nothing has been seen
   */
  take(snippet: number): Float32Array | null {
    this.#finishUpTo(snippet + 1);
    const row = this.#rows[snippet];
    if (!row) return null;
    this.#rows[snippet] = TAKEN;
    return numbersOf(row);
  }

  #finishUpTo(snippet: number): void {
    for (; this.#snippet < snippet; this.#snippet++) {
      if (this.#count > 0) {
        const mean = new Float32Array(this.#size);
        for (let i = 0; i < this.#size; i++) mean[i] = this.#sum[i] / this.#count;
        const row = this.#rowOf(mean);
        // Snippets before the first sampled frame wait here for it.
        while (this.#rows.length <= this.#snippet) this.#rows.push(row);
      } else if (this.#latest) {
        this.#rows.push(this.#latest);
      }
      this.#sum.fill(0);
      this.#count = 0;
    }
  }

  /** A copy. */
  #rowOf(vector: Float32Array): Row {
    return this.#isHalf && fitsHalf(vector) ? toHalf(vector) : vector.slice();
  }
}

function numbersOf(row: Row): Float32Array {
  return row instanceof Uint16Array ? fromHalf(row) : row;
}
