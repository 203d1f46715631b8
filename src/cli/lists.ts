/** Feature files of a list, by name. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { WeakLabel } from '../engine/types.ts';
import type { Annotations } from '../workers/client.ts';
import { UsageError } from './verb.ts';
import { filesInPage, type Lab } from './page.ts';

/** The text of a file that must be there. */
export async function readText(path: string, option: string): Promise<string> {
  if (!(await stat(path).catch(() => null))?.isFile())
    throw new UsageError(`--${option} ${path}: there is no such file`);
  return readFile(path, 'utf8');
}

export interface Listed {
  name: string;
  label: WeakLabel | null;
}

/** A list of weak labels, or the videos of a truth file. */
export async function readListed(lab: Lab, path: string): Promise<Listed[]> {
  const text = await readText(path, 'list');
  const annotations = await lab.page.evaluate(
    async ([text, file]) => {
      const read: Annotations = await globalThis.weaklens!.client.readAnnotations(text, file);
      return read.kind === 'labels'
        ? read.entries.map(({ name, label }) => ({ name, label }))
        : [...read.truths].map(([name, { intervals }]) => ({
            name,
            label: intervals.length > 0 ? ('anomalous' as const) : ('normal' as const),
          }));
    },
    [text, basename(path)],
  );
  return annotations;
}

/**
 * Loads `NAME.npy` and `NAME.json` of every listed video into the page and labels them.
 * @throws UsageError naming the first that is missing
 */
export async function loadListed(lab: Lab, folder: string, listed: readonly Listed[]): Promise<void> {
  const arrays = listed.map(({ name }) => join(folder, `${name}.npy`));
  const missing = arrays.filter((path) => !existsSync(path));
  if (missing.length > 0) {
    throw new UsageError(
      `${missing[0]}: there is no such file${missing.length > 1 ? ` (and ${missing.length - 1} more)` : ''}`,
    );
  }
  const notes = listed.map(({ name }) => join(folder, `${name}.json`)).filter(existsSync);
  const files = await filesInPage(lab.page, [...arrays, ...notes]);
  const { refused } = await lab.page.evaluate((files) => globalThis.weaklens!.addFeatures(files), files);
  if (refused.length > 0) throw new UsageError(refused[0].reason);
  await lab.page.evaluate(async (listed) => {
    for (const { name, label } of listed) await globalThis.weaklens!.label(name, label);
  }, listed as Listed[]);
}
