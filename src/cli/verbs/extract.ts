import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Crops } from '../../engine/video/crops.ts';
import { UsageError, type Verb } from '../verb.ts';
import { bytesFromPage, filesInPage, openLab, progressLine, type Lab } from '../page.ts';

export const extract: Verb = {
  name: 'extract',
  usage: 'extract FILE... --out DIR [--backbone ID|FILE] [--fps F] [--crops 1|5|10] [--maps]',
  does: 'Features of videos: NAME.npy, float32 [snippets, D], and NAME.json, where they come from.',
  options: {
    out: { type: 'string' },
    backbone: { type: 'string', default: 'auto' },
    fps: { type: 'string', default: '0' },
    crops: { type: 'string', default: '1' },
    maps: { type: 'boolean', default: false },
    variant: { type: 'string' },
    pixels: { type: 'string', default: 'read' },
    threads: { type: 'string' },
  },
  help: {
    out: 'folder for the results; made if it is not there',
    backbone:
      'a backbone of public/weights/manifest.json, or a file: MoViNet-A0-Stream (.safetensors, .tflite) or I3D (.safetensors, .pt); default: the best that is installed',
    fps: 'frames per second shown to the backbone; default: the rate it was made for',
    crops:
      'pictures taken from a frame: 1, the centre; 5, the corners (top left, top right, bottom left, bottom right) and the centre; 10, these and the same mirrored; more than one makes [snippets, crops, D]',
    maps: 'also NAME.map.npy, [snippets, h, w, D]',
    variant:
      'flip (mirrored) or noise (blur, blocks, jitter by --seed): NAME.flip.npy, NAME.noise.npy, without notes',
    pixels:
      'read (off every frame, the same numbers everywhere) or gpu (stay on the graphics device, with WebGPU, where its colours agree)',
    threads: 'most wasm threads',
  },

  async run({ files, values, common }) {
    const out = values.out as string | undefined;
    if (files.length === 0) throw new UsageError('extract needs at least one video file');
    if (!out) throw new UsageError('extract needs --out DIR');
    const crops = Number(values.crops);
    if (crops !== 1 && crops !== 5 && crops !== 10) throw new UsageError('--crops must be 1, 5 or 10');
    if (crops > 1 && values.maps === true) throw new UsageError('--maps are of one crop: leave --crops out');
    const kind = values.variant as 'flip' | 'noise' | undefined;
    if (kind !== undefined && kind !== 'flip' && kind !== 'noise')
      throw new UsageError('--variant must be flip or noise');
    const { pixels } = values;
    if (pixels !== 'read' && pixels !== 'gpu') throw new UsageError('--pixels must be read or gpu');
    const framesPerSecond = Number(values.fps);
    if (!(framesPerSecond >= 0 && framesPerSecond <= 60))
      throw new UsageError('--fps must be a number from 0 to 60');
    for (const file of files) {
      if (!(await stat(file).catch(() => null))?.isFile())
        throw new UsageError(`${file}: there is no such file`);
    }
    const names = files.map((file) => basename(file, extname(file)));
    const twin = names.find((name, i) => names.indexOf(name) !== i);
    if (twin !== undefined)
      throw new UsageError(`two files are called "${twin}": their features would overwrite each other`);
    await mkdir(out, { recursive: true });

    const suffix = kind ? `.${kind}` : '';
    let current = '';
    const lab = await openLab({
      ...common,
      threads: threadsOf(values.threads),
      onProgress: progressLine(() => current),
    });
    const results: object[] = [];
    try {
      const backbone = await backboneOf(lab, values.backbone as string);
      const settings = {
        backend: common.backend as 'auto',
        backbone,
        framesPerSecond,
        crops: crops as Crops,
        maps: values.maps === true,
        pixels: pixels as 'read' | 'gpu',
        variant: kind && { kind, seed: common.seed },
        threads: threadsOf(values.threads),
      };
      for (const path of files) {
        current = basename(path);
        const name = basename(path, extname(path));
        const input = await filesInPage(lab.page, [path]);
        const result = await lab.page.evaluateHandle(
          async ({ input: [file], settings }) => {
            const { client } = globalThis.weaklens!;
            const { hash } = await client.inspect(file, () => {}).result;
            const request = { ...settings, file, name: file.name, hash };
            return client.extractFiles(request, (progress) => globalThis.labProgress(progress)).result;
          },
          { input, settings },
        );
        await writeFile(
          join(out, `${name}${suffix}.npy`),
          await bytesFromPage(await result.evaluateHandle(({ array }) => array)),
        );
        if (settings.maps) {
          const maps = await result.evaluateHandle((files) => files.maps!);
          await writeFile(join(out, `${name}${suffix}.map.npy`), await bytesFromPage(maps));
        }
        const notes = await result.evaluate((files) => files.notes);
        if (!kind) await writeFile(join(out, `${name}.json`), JSON.stringify(notes));
        await result.dispose();
        const { frames, sampledFrames, snippets, backbone, backend, seconds, warnings } = notes;
        console.error(
          `${name}: ${frames} frames, ${snippets.length} snippets, ${backbone} on ${backend}, ` +
            `${(frames / seconds.total).toFixed(0)} frames/s${warnings.map((warning) => `; ${warning}`).join('')}`,
        );
        results.push({
          name,
          frames,
          sampledFrames,
          snippets: snippets.length,
          backbone,
          backend,
          seconds,
          warnings,
        });
      }
    } finally {
      await lab.close();
    }
    return { out, videos: results };
  },
};

/** An id as it is; of a file, the id that it has once the page has taken it in. */
export async function backboneOf(lab: Lab, wish: string): Promise<string> {
  if (!(await stat(wish).catch(() => null))?.isFile()) return wish;
  const input = await filesInPage(lab.page, [wish]);
  const { id, title, licence } = await lab.page.evaluate(
    ([file]) => globalThis.weaklens!.client.addBackbone(file),
    input,
  );
  console.error(`${wish}: ${title}, licence ${licence}`);
  return id;
}

function threadsOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Math.max(1, Math.trunc(Number(value))) || undefined;
}
