/** Training videos side by side as the tensors of one batch. */
import * as tf from '@tensorflow/tfjs-core';
import type { Batch, InstanceSet } from '../heads/head.ts';
import type { NumericArray, WeakLabel } from '../types.ts';

/** All that training sees of a video. There is no field for truth (design law 3). */
export interface TrainingVideo {
  id: string;
  label: WeakLabel;
  /** The classes that its label names, counted from 1; empty or absent where it names none. */
  classes?: readonly number[];
  /** `[T,D]`, or `[P,T,D]` with several crops or cells; normalised. */
  bag: NumericArray;
  /** The bag of the mirrored video; a step takes either. */
  flipped?: NumericArray;
  /** Further instances (tubes, noisy segments), `[n,D]` each. */
  sets?: Record<string, NumericArray>;
}

/** What is known of a training video before its bag is read: of the bag its shape. */
export interface TrainingEntry extends Pick<TrainingVideo, 'id' | 'label'> {
  bag: Pick<NumericArray, 'shape'>;
}

/** Where bags come from: all of them in memory, or from a store that reads those of a batch. */
export interface BagSource {
  readonly videos: readonly TrainingEntry[];
  /** Those of a batch, in this order. A video may be asked for twice. */
  load(ids: readonly string[]): Promise<TrainingVideo[]>;
  /** What will be asked for next, so that it can be read while a step is computed. */
  expect(ids: readonly string[]): void;
}

/** Bags that are at hand. */
export function bagsAtHand(videos: readonly TrainingVideo[]): BagSource {
  const byId = new Map(videos.map((video) => [video.id, video]));
  return {
    videos,
    load: (ids) => Promise.resolve(ids.map((id) => byId.get(id)!)),
    expect: () => {},
  };
}

/**
 * @param videos normal ones first
 * @param normal how many of them are normal
 * @param classes C, 0 where none is named
 * @param orders where each bag's segments are taken from, if not in their order
 */
export function stackVideos(
  videos: readonly TrainingVideo[],
  normal: number,
  classes: number,
  orders: number[][] | null,
): Batch {
  const batch: Batch = {
    normal,
    anomalous: videos.length - normal,
    segments: stackBags(videos, orders),
  };
  const lengths = videos.map(({ bag }) => bag.shape.at(-2)!);
  if (lengths.some((length) => length !== lengths[0])) batch.lengths = lengths;
  if (classes > 0) batch.targets = targetsOf(videos, classes);
  // A set that only some videos have says nothing of a batch.
  const names = Object.keys(videos[0].sets ?? {}).filter((name) => videos.every(({ sets }) => sets?.[name]));
  if (names.length > 0) {
    batch.sets = Object.fromEntries(
      names.map((name) => [name, stackSets(videos.map(({ sets }) => sets![name]))]),
    );
  }
  return batch;
}

/** `[B,P,T,D]`, T that of the longest bag. */
function stackBags(videos: readonly TrainingVideo[], orders: number[][] | null): tf.Tensor4D {
  const shapes = videos.map(({ bag: { shape } }) => (shape.length === 2 ? [1, ...shape] : [...shape]));
  const [crops, , size] = shapes[0];
  const longest = Math.max(...shapes.map(([, length]) => length));
  const bagSize = crops * longest * size;
  const values = new Float32Array(videos.length * bagSize);
  videos.forEach(({ bag }, i) => {
    const length = shapes[i][1];
    for (let crop = 0; crop < crops; crop++) {
      const from = crop * length * size;
      const to = i * bagSize + crop * longest * size;
      if (!orders) {
        values.set(bag.values.subarray(from, from + length * size), to);
        continue;
      }
      orders[i].forEach((source, t) => {
        const row = from + source * size;
        values.set(bag.values.subarray(row, row + size), to + t * size);
      });
    }
  });
  return tf.tensor4d(values, [videos.length, crops, longest, size]);
}

/** Sets of unequal size, padded with zeros. */
export function stackSets(sets: readonly NumericArray[]): InstanceSet {
  const counts = sets.map(({ shape }) => shape[0]);
  const most = Math.max(...counts);
  const size = sets[0].shape[1];
  const values = new Float32Array(sets.length * most * size);
  sets.forEach((set, i) => values.set(set.values, i * most * size));
  return { values: tf.tensor3d(values, [sets.length, most, size]), counts };
}

/** `[B,1+C]` */
function targetsOf(videos: readonly TrainingVideo[], classes: number): tf.Tensor2D {
  return tf.tensor2d(
    videos.map(({ label, classes: own = [] }) =>
      Array.from({ length: 1 + classes }, (_, c) => {
        if (label === 'normal' || c === 0) return Number(c === 0 && label === 'normal');
        return Number(own.includes(c));
      }),
    ),
  );
}
