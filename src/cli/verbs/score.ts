import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError, type Verb } from '../verb.ts';
import { loadFolder, readFolder } from '../folder.ts';
import { loadListed, readListed } from '../lists.ts';
import { filesInPage, openLab } from '../page.ts';

export const score: Verb = {
  name: 'score',
  usage: 'score --run RUN --data DIR [--list FILE] --out SCORES.json',
  does: 'Scores every snippet of the listed videos with a trained head.',
  options: {
    run: { type: 'string' },
    data: { type: 'string' },
    list: { type: 'string' },
    out: { type: 'string' },
  },
  help: {
    run: "what train wrote or the page saved (.safetensors, .zip), or a head's weights as their authors saved them (.safetensors, .pt, .pth)",
    data: 'folder with NAME.npy (and NAME.json)',
    list: 'a list of weak labels, or a truth file; without it, every video of the folder',
    out: 'file for the scores',
  },

  async run({ values, common }) {
    const { run, data, list, out } = values as Record<string, string | undefined>;
    if (!run || !data || !out) throw new UsageError('score needs --run, --data and --out');
    if (!(await stat(run).catch(() => null))?.isFile())
      throw new UsageError(`--run ${run}: there is no such file`);
    const hash = createHash('sha256')
      .update(await readFile(run))
      .digest('hex');
    await mkdir(dirname(out), { recursive: true });
    if (list === undefined) await readFolder(data);
    const lab = await openLab(common);
    try {
      if (list === undefined) await loadFolder(lab, data);
      else await loadListed(lab, data, await readListed(lab, list));
      const file = await filesInPage(lab.page, [run]);
      const { scores, unlike } = await lab.page.evaluate(async ([file]) => {
        const { id } = await globalThis.weaklens!.importRun(file);
        const scored = await globalThis.weaklens!.score(id);
        return {
          scores: await globalThis.weaklens!.scoresOf(id),
          unlike: scored.flatMap(({ name, unlike }) => (unlike ? [`${name}: ${unlike}`] : [])),
        };
      }, file);
      const { run: of, videos } = scores;
      const { head, seed, step } = of;
      of.hash = hash;
      await writeFile(out, JSON.stringify(scores));
      for (const line of unlike) console.error(`features unlike those trained on: ${line}`);
      console.error(`${videos.length} videos scored with ${head}, seed ${seed}, step ${step}`);
      return { out, videos: videos.length, head, seed, step };
    } finally {
      await lab.close();
    }
  },
};
