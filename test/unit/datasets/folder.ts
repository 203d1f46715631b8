/** Folders of features as they come, made in memory. */
import type { Dataset } from '../../../src/engine/datasets/dataset.ts';
import { lookAt } from '../../../src/engine/datasets/look.ts';
import { recognise } from '../../../src/engine/datasets/recognise.ts';
import { writeNpy } from '../../../src/engine/formats/npy.ts';
import { quietJob } from '../../../src/engine/job.ts';

/** An array of this shape, a text, or the values of a mask. */
export type Content = readonly number[] | string | { mask: readonly number[] };

export function blobOf(content: Content): Blob {
  if (typeof content === 'string') return new Blob([content]);
  if ('mask' in content)
    return new Blob([writeNpy({ shape: [content.mask.length], values: Float32Array.from(content.mask) })]);
  const values = Float32Array.from({ length: content.reduce((a, b) => a * b, 1) }, (_, i) => (i % 7) / 8);
  return new Blob([writeNpy({ shape: content, values })]);
}

/** What a folder with these files is taken for. */
export async function taken(folder: Record<string, Content>): Promise<Dataset> {
  const files = Object.entries(folder).map(([path, content]) => ({ path, blob: blobOf(content) }));
  return recognise(await lookAt(files, quietJob));
}

export const videoOf = ({ videos }: Dataset, name: string) => videos.find((video) => video.name === name)!;
export const problemsOf = (dataset: Dataset, name: string) =>
  videoOf(dataset, name).problems.map(({ kind }) => kind);
