import { plain, readResults, show, tableOf } from '../results.ts';
import { UsageError, type Verb } from '../verb.ts';

export const merge: Verb = {
  name: 'merge',
  usage: 'merge FILE|DIR... [--pin ROW] [--csv FILE] [--latex FILE]',
  does: 'Puts the results of an experiment’s shards together and prints the table; refuses what does not belong together.',
  options: { pin: { type: 'string' }, csv: { type: 'string' }, latex: { type: 'string' } },
  help: {
    pin: 'the row that the others are compared with; the first if not told',
    csv: 'file for the table, unrounded',
    latex: 'file for the table as a tabular',
  },

  async run({ files, values, common }) {
    if (files.length === 0) throw new UsageError('name files or folders that lab experiment wrote');
    const { pin, csv, latex } = values as Record<string, string | undefined>;
    const table = tableOf(await readResults(files), pin);
    await show(table, { csv, latex }, common.json ? console.error : console.log);
    return plain(table);
  },
};
