import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compareFiles } from '../../engine/features/quality.ts';
import type { Inspection } from '../../workers/client.ts';
import { filesInPage, openLab, progressLine, type Lab } from '../page.ts';
import { UsageError, type Verb } from '../verb.ts';

/** What became of one file. */
type Inspected = { file: string; accepted: true } & Inspection;
interface Refused {
  file: string;
  accepted: false;
  reason: string;
}

export const inspect: Verb = {
  name: 'inspect',
  usage: 'inspect FILE...',
  does: 'Says what a feature, weight, archive or project file is: axes, fingerprint, warnings. Exits 1 where one is refused.',
  options: {},
  help: {},

  async run({ files, common }) {
    if (files.length === 0) throw new UsageError('inspect needs files');
    const missing = files.find((file) => !existsSync(file) || !statSync(file).isFile());
    if (missing !== undefined) throw new UsageError(`${missing}: there is no such file`);
    let current = '';
    const lab = await openLab({ ...common, onProgress: progressLine(() => current) });
    try {
      const results: (Inspected | Refused)[] = [];
      for (const file of files) {
        current = basename(file);
        results.push(await inspectOne(lab, file));
      }
      compare(results.filter((result) => result.accepted));
      if (!common.json) for (const result of results) console.log(lines(result).join('\n'));
      if (results.some(({ accepted }) => !accepted)) process.exitCode = 1;
      return { files: results };
    } finally {
      await lab.close();
    }
  },
};

async function inspectOne(lab: Lab, file: string): Promise<Inspected | Refused> {
  const inPage = await filesInPage(lab.page, [file, ...besides(file)]);
  const answer = await lab.page.evaluate(
    ([file, ...besides]) =>
      globalThis
        .weaklens!.inspect(file, besides, { onProgress: globalThis.labProgress })
        .then((inspection) => ({ inspection }))
        .catch((error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) })),
    inPage,
  );
  await inPage.dispose();
  return 'inspection' in answer
    ? { file, accepted: true, ...answer.inspection }
    : { file, accepted: false, reason: answer.reason };
}

/** Files that a JSON file speaks of, or that are called like it. */
function besides(file: string): string[] {
  if (!/\.json$/i.test(file)) return [];
  const text = readFileSync(file, 'latin1');
  const folder = dirname(file);
  const own = `${basename(file).replace(/\.json$/i, '')}.safetensors`;
  return readdirSync(folder)
    .filter((name) => name === own || (/\.safetensors$/i.test(name) && text.includes(JSON.stringify(name))))
    .map((name) => join(folder, name));
}

/** Adds what only stands out among several. */
function compare(results: readonly Inspected[]): void {
  const companions = results.flatMap(({ file, kind, arrays }) =>
    kind === 'features' && arrays[0]?.fingerprint
      ? [{ name: file, size: arrays[0].fingerprint.size, digest: arrays[0].digest }]
      : [],
  );
  for (const [name, warnings] of compareFiles(companions))
    results.find(({ file }) => file === name)!.warnings.push(...warnings);
}

/** Lines for a person. */
function lines(result: Inspected | Refused): string[] {
  if (!result.accepted) return [`${result.file}: refused`, `  ${result.reason}`];
  const { file, format, says, arrays, warnings, question } = result;
  const shown = arrays.slice(0, 12).map(({ name, shape, type, digest, fingerprint }) => {
    const looks = fingerprint
      ? `, length about ${fingerprint.medianLength}, ${Math.round(100 * fingerprint.zeros)} % zeros`
      : '';
    return `  ${printable(name) || 'array'} (${shape.join(', ')}) ${type}, fingerprint ${digest}${looks}`;
  });
  if (arrays.length > shown.length) shown.push(`  and ${arrays.length - shown.length} arrays more`);
  return [
    `${file}: ${format}, ${says}`,
    ...shown,
    ...warnings.map((warning) => `  warning: ${warning}`),
    ...(question ? [`  question: ${question}`] : []),
  ];
}

/** Names come out of files nobody vouches for, and a terminal obeys control characters. */
function printable(name: string): string {
  const text = name.replace(/[\p{Cc}\p{Cf}]/gu, '?');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
