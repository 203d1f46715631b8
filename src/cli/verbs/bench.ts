import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../build.ts';
import { UsageError, type Common, type Verb } from '../verb.ts';

/** What a file of `test/bench` offers. */
export interface Bench {
  does: string;
  /** Prints figures to stderr as they come; returns them all. */
  run(options: Common & { data?: string }): Promise<unknown>;
}

const folder = join(root, 'test/bench');

export const bench: Verb = {
  name: 'bench',
  usage: 'bench [NAME] [--data DIR]',
  does: 'Figures of speed and memory, each beside a peer from the same run.',
  options: { data: { type: 'string' } },
  help: { data: 'for shortcut: a folder that simulate wrote' },

  async run({ files, values, common }) {
    const names = readdirSync(folder)
      .filter((name) => name.endsWith('.bench.ts'))
      .map((name) => name.slice(0, -'.bench.ts'.length));
    const [name = 'walk'] = files;
    const path = join(folder, `${name}.bench.ts`);
    if (!existsSync(path)) throw new UsageError(`there is no bench "${name}": ${names.join(', ')}`);
    const { default: chosen } = (await import(pathToFileURL(path).href)) as { default: Bench };
    console.error(`${name}: ${chosen.does}`);
    const figures = await chosen.run({ ...common, data: values.data as string | undefined });
    if (!common.json) console.log(JSON.stringify(figures, null, 2));
    return figures;
  },
};
