/** A folder of features as the dataset that it is, here and in the page. */
import { openAsBlob, readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { ElementHandle } from 'playwright';
import type { Dataset, DatasetFile } from '../engine/datasets/dataset.ts';
import { lookAt } from '../engine/datasets/look.ts';
import { recognise } from '../engine/datasets/recognise.ts';
import { quietJob } from '../engine/job.ts';
import type { Taking } from '../workers/script.ts';
import type { Lab } from './page.ts';
import { UsageError } from './verb.ts';

/** @throws UsageError where there is no such folder, or no features in it */
export async function readFolder(folder: string): Promise<Dataset> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--data ${folder}: there is no such folder`);
  const top = resolve(folder);
  const entries = readdirSync(top, { recursive: true, withFileTypes: true });
  const files: DatasetFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.push({ path: join(basename(top), relative(top, path)), blob: await openAsBlob(path) });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const dataset = recognise(await lookAt(files, quietJob));
  if (dataset.videos.every(({ sources }) => sources.length === 0))
    throw new UsageError(`--data ${folder}: it holds no features`);
  return dataset;
}

/**
 * Loads a folder into the page, through the same door as one that is dropped on it.
 * @throws UsageError naming the first video that is refused
 */
export async function loadFolder(
  lab: Lab,
  folder: string,
  wishes: Pick<Taking, 'segments' | 'precision'> = {},
): Promise<void> {
  const input = (await lab.page.evaluateHandle(() => {
    const element = document.createElement('input');
    element.type = 'file';
    element.webkitdirectory = true;
    return element;
  })) as ElementHandle<HTMLInputElement>;
  await input.setInputFiles(resolve(folder));
  const { refused } = await input.evaluate(
    (element, wishes) => globalThis.weaklens!.addFeatures([...element.files!], wishes),
    wishes,
  );
  if (refused.length > 0) throw new UsageError(refused[0].reason);
}

/** @throws UsageError where a part of a dataset is missing that a verb needs */
export function requirePart(dataset: Dataset, part: 'train' | 'test', folder: string): void {
  const own = dataset.videos.filter((video) => video.part === part && video.sources.length > 0);
  const isThere = part === 'train' ? own.some(({ label }) => label !== null) : own.length > 0;
  if (isThere) return;
  const lacks = part === 'train' ? 'training videos and their labels' : 'test videos';
  const option = part === 'train' ? '--list' : '--truth';
  throw new UsageError(`--data ${folder}: nothing in it tells of ${lacks}; name a file with ${option}`);
}
