/** Results of an experiment's runs, a file each, and the table that they make. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { asCsv, asLatex, asText } from '../engine/experiments/print.ts';
import { join, parseResult, type ResultFile } from '../engine/experiments/result.ts';
import { gather, type Table } from '../engine/experiments/table.ts';
import { writeWhole } from './dataset.ts';
import { UsageError } from './verb.ts';

/** Every result in files and folders. What is half-written has another ending and is passed over. */
export async function readResults(paths: readonly string[]): Promise<ResultFile[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (!found) throw new UsageError(`${path}: there is no such file or folder`);
    if (!found.isDirectory()) files.push(path);
    else files.push(...(await resultsIn(path)));
  }
  return Promise.all(
    files.map(async (file) => ({ file, result: parseResult(await readFile(file, 'utf8'), file) })),
  );
}

async function resultsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return names.map((name) => joinPath(folder, name));
}

/** @throws Failure where they do not belong together */
export function tableOf(files: readonly ResultFile[], pinned?: string): Table {
  const { experiment, results } = join(files);
  if (pinned !== undefined && !gather(experiment, results).rows.some(({ id }) => id === pinned)) {
    const ids = gather(experiment, results).rows.filter(({ isOurs }) => isOurs);
    throw new UsageError(`--pin must be one of ${ids.map(({ id }) => id).join(', ')}`);
  }
  return gather(experiment, results, pinned);
}

/** Prints it, and writes it as CSV and LaTeX where that is asked for. */
export async function show(
  table: Table,
  { csv, latex }: { csv?: string; latex?: string },
  write: (line: string) => void,
): Promise<void> {
  for (const line of asText(table)) write(line);
  if (csv) await writeWhole(csv, asCsv(table));
  if (latex) await writeWhole(latex, asLatex(table));
}

/** What `--json` has of it. */
export const plain = ({ experiment, rows, seeds, comparable }: Table) => ({
  experiment: experiment.id,
  seeds,
  comparable,
  rows: rows
    .filter(({ isOurs }) => isOurs)
    .map(({ id, label, runs, cells, classes, reported }) => ({
      row: id,
      label,
      runs,
      figures: Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, cell.spread])),
      ...(Object.keys(classes).length > 0 && { classes }),
      paper: reported,
    })),
});
