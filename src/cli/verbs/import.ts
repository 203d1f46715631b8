import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { importReport, reportTable, type ImportReport } from '../../engine/datasets/report.ts';
import { listOf, truthFileOf, widthsOf } from '../../engine/datasets/writing.ts';
import { LENGTH_RULES, type LengthRule } from '../../engine/evaluation/lengths.ts';
import { writeWhole } from '../dataset.ts';
import { readFolder } from '../folder.ts';
import { UsageError, type Verb } from '../verb.ts';

/** Videos that are named on the terminal; the report names all. */
const MOST_LINES = 20;

export const importing: Verb = {
  name: 'import',
  usage: 'import --data DIR [--length RULE] [--out DIR]',
  does: 'Recognises a folder of features as a dataset: what was found, is missing and disagrees; writes its lists and truth.',
  options: {
    data: { type: 'string' },
    length: { type: 'string', default: 'frames' },
    out: { type: 'string' },
  },
  help: {
    data: 'folder with features and the lists, annotations and masks that came with them',
    length: `how long a test video is to whatever judges it: ${LENGTH_RULES.join(' | ')}`,
    out: 'folder for train.txt, test.txt, truth.txt, widths.txt and import-report.tsv',
  },

  async run({ values, common }) {
    const { data, out, length } = values as Record<string, string | undefined>;
    if (!data) throw new UsageError('import needs --data DIR');
    if (!(LENGTH_RULES as readonly string[]).includes(length!))
      throw new UsageError(`--length must be one of ${LENGTH_RULES.join(', ')}`);
    const dataset = await readFolder(data);
    const report = importReport(dataset);
    const written: string[] = [];
    if (out) {
      await mkdir(out, { recursive: true });
      const files = {
        'train.txt': listOf(dataset, 'train'),
        'test.txt': listOf(dataset, 'test'),
        'truth.txt': truthFileOf(dataset, length as LengthRule),
        'widths.txt': widthsOf(dataset),
        'import-report.tsv': reportTable(report),
      };
      for (const [name, text] of Object.entries(files)) {
        if (text === '') continue;
        await writeWhole(join(out, name), text);
        written.push(join(out, name));
      }
    }
    print(report, common.json ? console.error : console.log);
    return { ...report, written };
  },
};

function print(report: ImportReport, write: (line: string) => void): void {
  const { totals } = report;
  write(`${report.dataset}: ${report.because}`);
  write(
    `${totals.features} of ${totals.videos} videos have features; ${totals.train} to train, ${totals.test} to test; ` +
      `${totals.anomalous} anomalous, ${totals.normal} normal, ${totals.unlabelled} without a label; ${totals.truths} with truth` +
      (totals.boxes > 0 ? `, ${totals.boxes} with boxes` : ''),
  );
  for (const note of report.notes) write(note);
  for (const { rule, frames, positives, cut, held } of report.lengths) {
    write(
      `length ${rule.padEnd(8)} ${String(frames).padStart(9)} frames, ${positives} anomalous; ${cut} cut, ${held} held on`,
    );
  }
  for (const { path, line, videos, unread } of report.texts) {
    const lines = unread.length > 0 ? `; lines not understood: ${unread.slice(0, 8).join(', ')}` : '';
    write(`${path}: ${line}, ${videos} videos${lines}`);
  }
  for (const { path, why } of report.ignored.slice(0, MOST_LINES)) write(`${path}: ${why}`);
  const odd = report.videos.filter(({ problems }) => problems.length > 0);
  for (const { name, problems } of odd.slice(0, MOST_LINES))
    write(`${name}: ${problems.map(({ what }) => what).join('; ')}`);
  if (odd.length > MOST_LINES) write(`and ${odd.length - MOST_LINES} more, all in import-report.tsv`);
}
