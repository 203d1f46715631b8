/** Streets to files: as videos, or as features without a video in between. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../engine/job.ts';
import type { StreetVideo } from '../engine/scenes/dataset.ts';
import type { ExtractSettings } from '../workers/client.ts';
import { writeWhole } from './dataset.ts';
import { bytesFromPage, type Lab } from './page.ts';
import { UsageError } from './verb.ts';

/** How one video is made into files. */
export interface Maker {
  /** Of the file that is written last: where it is, all are. */
  ending: string;
  make(video: StreetVideo): Promise<readonly (readonly [ending: string, content: Buffer | string])[]>;
}

/** Videos, encoded by the browser. */
export function filmer(lab: Lab, format: 'webm' | 'mp4', bitsPerSecond?: number): Maker {
  return {
    ending: format,
    async make({ name, scene }) {
      const bytes = await lab.page.evaluateHandle(
        async ({ name, scene, wishes }) => {
          const { client } = globalThis.weaklens!;
          const onProgress = (progress: Progress) => globalThis.labProgress(progress);
          const file = await client.filming.filmStreet(name, scene, wishes, onProgress).result;
          return new Uint8Array(await file.arrayBuffer());
        },
        { name, scene, wishes: { format, bitsPerSecond } },
      );
      const content = await bytesFromPage(bytes);
      await bytes.dispose();
      return [[format, content]];
    },
  };
}

/**
 * Features of two backbones must not be mixed.
 * @throws UsageError where the folder holds those of another
 */
export async function checkFeatures(
  out: string,
  videos: readonly Pick<StreetVideo, 'name'>[],
  backbone: { id: string; hash: string },
): Promise<void> {
  for (const { name } of videos) {
    const text = await readFile(join(out, `${name}.json`), 'utf8').catch(() => null);
    if (text === null || !existsSync(join(out, `${name}.npy`))) continue;
    const notes = JSON.parse(text) as { backbone?: string; hash?: string };
    if (notes.backbone === backbone.id && notes.hash === backbone.hash) continue;
    const theirs = weights({ id: notes.backbone ?? 'an unknown backbone', hash: notes.hash ?? '?' });
    throw new UsageError(
      `${out} holds features of ${theirs}, these would be of ${weights(backbone)}: choose an empty folder, or another --backbone`,
    );
  }
}

const weights = ({ id, hash }: { id: string; hash: string }) => `${id} (weights ${hash.slice(0, 8)})`;

/** Features as `extract` writes them: what is drawn goes straight to the backbone. */
export function looker(lab: Lab, settings: ExtractSettings): Maker {
  return {
    ending: 'npy',
    async make({ name, scene }) {
      const hash = createHash('sha256').update(JSON.stringify(scene)).digest('hex');
      const files = await lab.page.evaluateHandle(
        async (request) => {
          const onProgress = (progress: Progress) => globalThis.labProgress(progress);
          return globalThis.weaklens!.client.extractFiles(request, onProgress).result;
        },
        { ...settings, file: scene, name, hash },
      );
      const notes = JSON.stringify(await files.evaluate((made) => made.notes));
      const array = await bytesFromPage(await files.evaluateHandle((made) => made.array));
      await files.dispose();
      return [
        ['json', notes],
        ['npy', array],
      ];
    },
  };
}

/**
 * Makes whatever is not there yet.
 * @param say told which video is being made
 * @returns how many were made
 */
export async function makeAll(
  out: string,
  videos: readonly StreetVideo[],
  { ending, make }: Maker,
  say: (what: string) => void,
): Promise<number> {
  let made = 0;
  for (const [i, video] of videos.entries()) {
    if (existsSync(join(out, `${video.name}.${ending}`))) continue;
    say(`${video.name} (${i + 1} of ${videos.length})`);
    for (const [end, content] of await make(video))
      await writeWhole(join(out, `${video.name}.${end}`), content);
    made++;
  }
  return made;
}
