/** Feature files of a list, by name. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { WeakLabel } from '../engine/types.ts';
import type { Annotations } from '../workers/client.ts';
import { UsageError } from './verb.ts';
import { filesInPage, type Lab } from './page.ts';

/** The bytes of a file that must be there. */
export async function readBytes(path: string, option: string): Promise<Uint8Array> {
  if (!(await stat(path).catch(() => null))?.isFile())
    throw new UsageError(`--${option} ${path}: there is no such file`);
  return readFile(path);
}

/** The text of a file that must be there. */
export const readText = async (path: string, option: string): Promise<string> =>
  Buffer.from(await readBytes(path, option)).toString('utf8');

export interface Listed {
  name: string;
  label: WeakLabel | null;
  /** Classes of anomaly that the list names. */
  classes?: string[];
}

/** A list of weak labels, or the videos of a truth file. */
export async function readListed(lab: Lab, path: string): Promise<Listed[]> {
  const text = await readText(path, 'list');
  const annotations = await lab.page.evaluate(
    async ([text, file]) => {
      const read: Annotations = await globalThis.weaklens!.client.readAnnotations(text, file);
      if (read.kind === 'boxes') throw new Error(`${file}: it holds boxes, which say of no label.`);
      return read.kind === 'labels'
        ? read.entries.map(({ name, label, classes }) => ({ name, label, classes }))
        : [...read.truths].map(([name, { intervals }]) => ({
            name,
            label: intervals.length > 0 ? ('anomalous' as const) : ('normal' as const),
          }));
    },
    [text, basename(path)],
  );
  return annotations;
}

const FEATURES = ['.npy', '.npz', '.h5', '.hdf5', '.mat', '.pt', '.safetensors', '.txt', '.csv'];
const BESIDES = ['.map.npy', '.flip.npy', '.flip.map.npy', '.noise.npy', '.tubes.safetensors'];

/**
 * Loads the features of every listed video (`NAME.npy` or another format that is read, `NAME.map.npy` or `NAME.tubes.safetensors`, and `NAME.json`)
 * into the page and labels them.
 * @throws UsageError naming the first that is missing
 */
export async function loadListed(lab: Lab, folder: string, listed: readonly Listed[]): Promise<void> {
  const filesOf = ({ name }: Listed) => {
    const there = (endings: readonly string[]) =>
      endings.map((ending) => join(folder, `${name}${ending}`)).filter(existsSync);
    // One file stands for the features, of whatever format; the others stand beside it.
    return [...there(FEATURES).slice(0, 1), ...there(BESIDES)];
  };
  const missing = listed.filter((video) => filesOf(video).length === 0);
  if (missing.length > 0) {
    const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : '';
    throw new UsageError(`${join(folder, missing[0].name)}.npy: there is no such file${more}`);
  }
  const notes = listed.map(({ name }) => join(folder, `${name}.json`)).filter(existsSync);
  const files = await filesInPage(lab.page, [...listed.flatMap(filesOf), ...notes]);
  const { refused } = await lab.page.evaluate((files) => globalThis.weaklens!.addFeatures(files), files);
  if (refused.length > 0) throw new UsageError(refused[0].reason);
  await lab.page.evaluate(async (listed) => {
    for (const { name, label, classes } of listed) await globalThis.weaklens!.label(name, label, classes);
  }, listed as Listed[]);
}

/** Loads the videos of a truth file as the test part, with their truth. */
export async function loadTested(lab: Lab, folder: string, path: string): Promise<void> {
  const tested = await readListed(lab, path);
  await loadListed(lab, folder, tested);
  const names = tested.map(({ name }) => name);
  await lab.page.evaluate(async (names) => {
    for (const name of names) await globalThis.weaklens!.split(name, 'test');
  }, names);
  const file = await filesInPage(lab.page, [path]);
  const { refused } = await lab.page.evaluate((files) => globalThis.weaklens!.addVideos(files), file);
  if (refused.length > 0) throw new UsageError(refused[0].reason);
}
