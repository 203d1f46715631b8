import { mkdir } from 'node:fs/promises';
import {
  DATASETS,
  type DatasetId,
  type DatasetOptions,
  type StreetVideo,
  type TrueVideo,
} from '../../engine/scenes/dataset.ts';
import { SCRIPTS } from '../../engine/scenes/events/catalogue.ts';
import type { EventClass } from '../../engine/scenes/events/event.ts';
import { WORLD_IDS } from '../../engine/scenes/worlds/catalogue.ts';
import type { WorldId } from '../../engine/scenes/worlds/world.ts';
import { checkFolder, writeDataset, type Origin } from '../dataset.ts';
import { checkFeatures, filmer, looker, makeAll, type Maker } from '../filming.ts';
import { openLab, progressLine, type Lab } from '../page.ts';
import { UsageError, type Common, type Verb } from '../verb.ts';
import { backboneOf } from './extract.ts';

export const simulate: Verb = {
  name: 'simulate',
  usage:
    'simulate --out DIR [--preset ID] [--count N] [--seconds S] [--world ID]... [--event CLASS]... [--format webm|mp4] [--classes] [--truth-only | --features [--backbone ID|FILE]]',
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
    features: { type: 'boolean', default: false },
    backbone: { type: 'string', default: 'auto' },
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
    features:
      'NAME.npy and NAME.json as by extract instead of videos: what is drawn goes straight to the backbone',
    backbone: 'for --features, as for extract',
  },

  async run({ values, common }) {
    const out = values.out as string | undefined;
    if (!out) throw new UsageError('simulate needs --out DIR');
    const options = optionsOf(values);
    const format = values.format as 'webm' | 'mp4';
    if (format !== 'webm' && format !== 'mp4') throw new UsageError('--format must be webm or mp4');
    await mkdir(out, { recursive: true });
    const origin: Origin = { seed: common.seed, options, format };
    await checkFolder(out, origin);
    let doing = 'planning';
    const started = Date.now();
    const lab = await openLab({ ...common, onProgress: progressLine(() => doing) });
    try {
      const videos = await plan(lab, options, common);
      const contents = await writeDataset(out, origin, videos, values.classes === true);
      const streets = videos.map(({ video }) => video);
      const maker = await makerOf(lab, { out, streets, format, ...common }, values);
      const made = maker ? await makeAll(out, streets, maker, (what) => (doing = what)) : 0;
      const seconds = (Date.now() - started) / 1000;
      const share = (100 * contents.anomalousShare).toFixed(1);
      console.error(
        `${contents.videos} videos in ${out} (${made} made now), ${share} % of ${contents.frames} frames anomalous, ${seconds.toFixed(0)} s`,
      );
      return { out, seed: common.seed, ...contents, made, seconds };
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

/**
 * Null where only lists and truth are wanted.
 * @throws UsageError where the folder holds features of another backbone
 */
async function makerOf(
  lab: Lab,
  {
    out,
    streets,
    format,
    backend,
  }: Common & { out: string; streets: readonly StreetVideo[]; format: 'webm' | 'mp4' },
  values: Parameters<Verb['run']>[0]['values'],
): Promise<Maker | null> {
  if (values['truth-only'] === true) return null;
  if (values.features !== true) return filmer(lab, format);
  const wish = await backboneOf(lab, values.backbone as string);
  const settings = { backend: backend as 'auto', backbone: wish, framesPerSecond: 0, maps: false };
  const backbone = await lab.page.evaluate(async (settings) => {
    const { backbone } = await globalThis.weaklens!.client.prepareExtraction(settings);
    return { id: backbone.id, hash: backbone.hash };
  }, settings);
  await checkFeatures(out, streets, backbone);
  return looker(lab, settings);
}

async function plan(lab: Lab, options: DatasetOptions, { seed }: Common): Promise<TrueVideo[]> {
  console.error('planning, and simulating every video once for its truth ...');
  const text = await lab.page.evaluate(
    async ({ options, seed }) => {
      const { client } = globalThis.weaklens!;
      const videos = await client.filming.planStreets(options, seed, (progress) =>
        globalThis.labProgress(progress),
      ).result;
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
