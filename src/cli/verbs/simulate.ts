import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BOX_COLUMNS, formatBoxes, formatTad, formatUcf } from '../../engine/formats/annotations.ts';
import { formatTruth } from '../../engine/formats/list.ts';
import {
  DATASETS,
  type DatasetId,
  type DatasetOptions,
  type TrueVideo,
} from '../../engine/scenes/dataset.ts';
import { SCRIPTS } from '../../engine/scenes/events/catalogue.ts';
import type { EventClass } from '../../engine/scenes/events/event.ts';
import { WORLD_IDS } from '../../engine/scenes/worlds/catalogue.ts';
import type { WorldId } from '../../engine/scenes/worlds/world.ts';
import { bytesFromPage, openLab, progressLine, type Lab } from '../page.ts';
import { UsageError, type Common, type Verb } from '../verb.ts';

/** What a folder was made from, so that it can be gone on with. */
interface Origin {
  seed: number;
  options: DatasetOptions;
  format: 'webm' | 'mp4';
}

export const simulate: Verb = {
  name: 'simulate',
  usage:
    'simulate --out DIR [--preset ID] [--count N] [--seconds S] [--world ID]... [--event CLASS]... [--format webm|mp4] [--classes] [--truth-only]',
  does: 'Videos of simulated streets with weak labels, and their truth to the frame and the box.',
  options: {
    out: { type: 'string' },
    preset: { type: 'string', default: 'street-tiny' },
    count: { type: 'string' },
    seconds: { type: 'string' },
    world: { type: 'string', multiple: true },
    event: { type: 'string', multiple: true },
    format: { type: 'string', default: 'webm' },
    classes: { type: 'boolean', default: false },
    'truth-only': { type: 'boolean', default: false },
  },
  help: {
    out: 'folder for videos, lists and truth; what is there already of the same seed is gone on with',
    preset: Object.entries(DATASETS)
      .map(
        ([id, { train, test, seconds }]) => `${id} (${train} to train, ${test} to test, ${seconds} s each)`,
      )
      .join('; '),
    count: 'videos in all, a fifth of them to test; default: as the preset says',
    seconds: 'length of each video',
    world: `${WORLD_IDS.join(' | ')}; default: all`,
    event: `${SCRIPTS.map((script) => script.class).join(' | ')}; default: all that happen in these worlds`,
    format: 'webm or mp4',
    classes: 'name the class of anomalous videos in the lists too: more than a weak label says',
    'truth-only': 'lists and truth, no videos',
  },

  async run({ values, common }) {
    const out = values.out as string | undefined;
    if (!out) throw new UsageError('simulate needs --out DIR');
    const options = optionsOf(values);
    const format = values.format as 'webm' | 'mp4';
    if (format !== 'webm' && format !== 'mp4') throw new UsageError('--format must be webm or mp4');
    await mkdir(out, { recursive: true });
    await claim(out, { seed: common.seed, options, format });
    let doing = 'planning';
    const started = Date.now();
    const lab = await openLab({ ...common, onProgress: progressLine(() => doing) });
    try {
      const videos = await plan(lab, options, common);
      await writeLists(out, videos, format, values.classes === true);
      const filmed =
        values['truth-only'] === true ? 0 : await filmAll(lab, out, videos, format, (n) => (doing = n));
      const frames = videos.reduce((sum, { truth }) => sum + truth.totalFrames, 0);
      const anomalous = videos
        .flatMap(({ truth }) => truth.intervals)
        .reduce((sum, { startFrame, endFrame }) => sum + endFrame - startFrame + 1, 0);
      const result = {
        out,
        seed: common.seed,
        videos: videos.length,
        filmed,
        anomalousVideos: videos.filter(({ video }) => video.label === 'anomalous').length,
        frames,
        anomalousShare: anomalous / frames,
        seconds: (Date.now() - started) / 1000,
      };
      const share = (100 * result.anomalousShare).toFixed(1);
      console.error(
        `${result.videos} videos in ${out} (${filmed} filmed now), ${share} % of ${frames} frames anomalous, ${result.seconds.toFixed(0)} s`,
      );
      return result;
    } finally {
      await lab.close();
    }
  },
};

function optionsOf(values: Parameters<Verb['run']>[0]['values']): DatasetOptions {
  const preset = DATASETS[values.preset as DatasetId];
  if (!preset) throw new UsageError(`--preset must be one of ${Object.keys(DATASETS).join(', ')}`);
  const whole = (name: string, least: number) => {
    if (values[name] === undefined) return undefined;
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least)
      throw new UsageError(`--${name} must be a whole number of ${least} or more`);
    return value;
  };
  const chosen = <T extends string>(name: string, known: readonly T[]): readonly T[] | undefined => {
    const given = values[name] as string[] | undefined;
    const wrong = given?.find((value) => !known.includes(value as T));
    if (wrong !== undefined) throw new UsageError(`--${name} ${wrong}: known are ${known.join(', ')}`);
    return given as T[] | undefined;
  };
  const count = whole('count', 2);
  const test = count === undefined ? preset.test : Math.max(1, Math.round(count / 5));
  const worlds = chosen<WorldId>('world', WORLD_IDS) ?? preset.worlds;
  const classes = chosen<EventClass>(
    'event',
    SCRIPTS.map((script) => script.class),
  );
  const possible = SCRIPTS.filter(
    (script) =>
      (!classes || classes.includes(script.class)) && script.worlds.some((world) => worlds.includes(world)),
  );
  if (possible.length === 0)
    throw new UsageError(`no ${classes?.join(' or ') ?? 'event'} happens in ${worlds.join(' or ')}`);
  return {
    ...preset,
    train: count === undefined ? preset.train : count - test,
    test,
    seconds: whole('seconds', 8) ?? preset.seconds,
    worlds,
    ...(classes && { classes }),
  };
}

/** A folder holds one dataset: another one must not be mixed in. */
async function claim(out: string, origin: Origin): Promise<void> {
  const path = join(out, 'dataset.json');
  const text = `${JSON.stringify(origin, null, 2)}\n`;
  if (existsSync(path) && (await readFile(path, 'utf8')) !== text)
    throw new UsageError(`${out} holds another dataset (see its dataset.json): choose an empty folder`);
  await writeWhole(path, text);
}

async function plan(lab: Lab, options: DatasetOptions, { seed }: Common): Promise<TrueVideo[]> {
  console.error('planning, and simulating every video once for its truth ...');
  const text = await lab.page.evaluate(
    async ({ options, seed }) => {
      const { client } = globalThis.weaklens!;
      const videos = await client.planStreets(options, seed, (progress) => globalThis.labProgress(progress))
        .result;
      // Maps do not come through; lists of their entries do.
      return JSON.stringify(videos, (_, value: unknown) =>
        value instanceof Map ? { mapEntries: [...value] } : value,
      );
    },
    { options, seed },
  );
  return JSON.parse(text, (_, value: unknown) => {
    const { mapEntries } = (value ?? {}) as { mapEntries?: [unknown, unknown][] };
    return mapEntries ? new Map(mapEntries) : value;
  }) as TrueVideo[];
}

/** Lists of weak labels apart from the truth, which no list names. */
async function writeLists(
  out: string,
  videos: readonly TrueVideo[],
  format: string,
  namesClasses: boolean,
): Promise<void> {
  const line = ({ video, truth }: TrueVideo) => {
    const classes = namesClasses ? [...new Set(truth.intervals.map((interval) => interval.class))] : [];
    return `${[video.name, video.label === 'anomalous' ? 1 : 0, ...classes].join('\t')}\n`;
  };
  const of = (part: 'train' | 'test') => videos.filter(({ video }) => video.part === part);
  const text = (parts: readonly TrueVideo[], write: (video: TrueVideo) => string) =>
    parts.map(write).join('');
  const file = ({ video }: TrueVideo) => `${video.name}.${format}`;
  await Promise.all([
    writeWhole(join(out, 'list.txt'), text(videos, line)),
    writeWhole(join(out, 'train.txt'), text(of('train'), line)),
    writeWhole(join(out, 'test.txt'), text(of('test'), line)),
    writeWhole(
      join(out, 'truth.txt'),
      text(videos, ({ video, truth }) => formatTruth(video.name, truth)),
    ),
    writeWhole(
      join(out, 'truth-ucf.txt'),
      text(videos, (one) => formatUcf(file(one), one.truth)),
    ),
    writeWhole(
      join(out, 'truth-tad.txt'),
      text(videos, (one) => formatTad(file(one), one.truth, one.truth.totalFrames)),
    ),
    writeWhole(
      join(out, 'boxes.csv'),
      `${BOX_COLUMNS}\n${text(videos, ({ video, truth }) => formatBoxes(video.name, truth))}`,
    ),
    writeWhole(
      join(out, 'scenes.json'),
      `${JSON.stringify(
        videos.map(({ video }) => video),
        null,
        1,
      )}\n`,
    ),
  ]);
}

/** @returns how many were not there yet */
async function filmAll(
  lab: Lab,
  out: string,
  videos: readonly TrueVideo[],
  format: 'webm' | 'mp4',
  say: (what: string) => void,
): Promise<number> {
  let filmed = 0;
  for (const [i, { video }] of videos.entries()) {
    const path = join(out, `${video.name}.${format}`);
    if (existsSync(path)) continue;
    say(`${video.name} (${i + 1} of ${videos.length})`);
    const file = await lab.page.evaluateHandle(
      async ({ video, format }) => {
        const { client } = globalThis.weaklens!;
        const { name, scene } = video;
        const file = await client.filmStreet(name, scene, format, (progress) =>
          globalThis.labProgress(progress),
        ).result;
        return new Uint8Array(await file.arrayBuffer());
      },
      { video, format },
    );
    await writeWhole(path, await bytesFromPage(file));
    await file.dispose();
    filmed++;
  }
  return filmed;
}

/** A file that is there is there as a whole. */
async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}
