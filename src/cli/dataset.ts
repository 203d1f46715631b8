/** A folder with a dataset of streets: lists of weak labels, truth apart from them, and what it all follows from. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { frameLabels } from '../engine/evaluation/truth.ts';
import { BOX_COLUMNS, formatBoxes, formatTad, formatUcf } from '../engine/formats/annotations.ts';
import { formatTruth } from '../engine/formats/list.ts';
import type { DatasetOptions, TrueVideo } from '../engine/scenes/dataset.ts';
import { STREET_RATE, STREET_SIZE } from '../engine/scenes/street.ts';
import { root } from './build.ts';
import { UsageError } from './verb.ts';

/** What a folder is made from, so that it can be gone on with. */
export interface Origin {
  seed: number;
  options: DatasetOptions;
  format: 'webm' | 'mp4';
}

/** What came of it, as far as it goes. */
export interface Contents {
  version: string;
  videos: number;
  anomalousVideos: number;
  frames: number;
  anomalousFrames: number;
  anomalousShare: number;
  /** Events by class and world. */
  events: Record<string, Record<string, number>>;
}

/** A file that is there is there as a whole. */
export async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  const part = `${path}.${process.pid}.part`; // others may be writing the same file
  await writeFile(part, content);
  await rename(part, path);
}

/**
 * A folder holds one dataset: another one must not be mixed in.
 * @throws UsageError where it holds another
 */
export async function checkFolder(out: string, origin: Origin): Promise<void> {
  const text = await readFile(join(out, 'dataset.json'), 'utf8').catch(() => null);
  if (text !== null && originIn(text) !== JSON.stringify(origin))
    throw new UsageError(`${out} holds another dataset (see its dataset.json): choose an empty folder`);
}

/** Null where it is no JSON. */
function originIn(text: string): string | null {
  try {
    const { seed, options, format } = JSON.parse(text) as Origin;
    return JSON.stringify({ seed, options, format });
  } catch {
    return null;
  }
}

function contentsOf(videos: readonly TrueVideo[]): Contents {
  const events: Contents['events'] = {};
  let [frames, anomalousFrames] = [0, 0];
  for (const { video, truth } of videos) {
    frames += truth.totalFrames;
    anomalousFrames += frameLabels(truth.intervals, truth.totalFrames).reduce((sum, label) => sum + label, 0);
    for (const interval of truth.intervals) {
      const worlds = (events[interval.class] ??= {});
      worlds[video.scene.world] = (worlds[video.scene.world] ?? 0) + 1;
    }
  }
  return {
    version: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
    videos: videos.length,
    anomalousVideos: videos.filter(({ video }) => video.label === 'anomalous').length,
    frames,
    anomalousFrames,
    anomalousShare: anomalousFrames / frames,
    events,
  };
}

function readme({ seed, options, format }: Origin, contents: Contents): string {
  const { width, height } = STREET_SIZE;
  return `# Simulated streets

${contents.videos} videos of ${options.seconds} s (${options.train} to train, ${options.test} to test), ${width} x ${height} at ${STREET_RATE} frames a second, made by
Weaklens ${contents.version} (\`lab simulate\`) from seed ${seed}. ${contents.anomalousVideos} are anomalous; ${(100 * contents.anomalousShare).toFixed(1)} % of all frames are. No people
were filmed. The same version and seed give the same labels and truth everywhere; pixels may differ a little.

| file | holds |
| --- | --- |
| \`NAME.${format}\` | a video |
| \`train.txt\`, \`test.txt\`, \`list.txt\` | weak labels: name, 0 (normal) or 1 (anomalous) |
| \`truth.txt\`, \`truth-train.txt\`, \`truth-test.txt\` | name, class, frames, start and end of each event; frames from 1, inclusive, -1 for none |
| \`truth-ucf.txt\` | the same as UCF-Crime writes it |
| \`truth-tad.txt\` | as TAD writes it: frames, label, one interval that holds all events |
| \`boxes.csv\` | ${BOX_COLUMNS}: who brings it about, in pixels, and the share of them that is not hidden; actor \`all\` is the union |
| \`scenes.json\` | what each video follows from, its events included |
| \`dataset.json\` | what the dataset follows from, and how much there is of what |

Training is given weak labels only.
`;
}

/**
 * Writes all but the videos. Lists of weak labels name no truth.
 * @param namesClasses whether lists also name the classes of anomalous videos
 * @throws UsageError where videos are there that show something else
 */
export async function writeDataset(
  out: string,
  origin: Origin,
  videos: readonly TrueVideo[],
  namesClasses: boolean,
): Promise<Contents> {
  const contents = contentsOf(videos);
  const line = ({ video, truth }: TrueVideo) => {
    const classes = namesClasses ? [...new Set(truth.intervals.map((interval) => interval.class))] : [];
    return `${[video.name, video.label === 'anomalous' ? 1 : 0, ...classes].join('\t')}\n`;
  };
  const of = (part: 'train' | 'test') => videos.filter(({ video }) => video.part === part);
  const text = (parts: readonly TrueVideo[], write: (video: TrueVideo) => string) =>
    parts.map(write).join('');
  const truthLine = ({ video, truth }: TrueVideo) => formatTruth(video.name, truth);
  const file = ({ video }: TrueVideo) => `${video.name}.${origin.format}`;
  const boxes = `${BOX_COLUMNS}\n${text(videos, ({ video, truth }) => formatBoxes(video.name, truth))}`;
  const isMade = ({ video }: TrueVideo) =>
    [origin.format, 'npy'].some((ending) => existsSync(join(out, `${video.name}.${ending}`)));
  if (videos.some(isMade)) {
    const known = await readFile(join(out, 'boxes.csv'), 'utf8').catch(() => '');
    if (known !== boxes)
      throw new UsageError(`${out} holds videos of another version of the street: choose an empty folder`);
  }
  await Promise.all([
    writeWhole(join(out, 'list.txt'), text(videos, line)),
    writeWhole(join(out, 'train.txt'), text(of('train'), line)),
    writeWhole(join(out, 'test.txt'), text(of('test'), line)),
    writeWhole(join(out, 'truth.txt'), text(videos, truthLine)),
    writeWhole(join(out, 'truth-train.txt'), text(of('train'), truthLine)),
    writeWhole(join(out, 'truth-test.txt'), text(of('test'), truthLine)),
    writeWhole(
      join(out, 'truth-ucf.txt'),
      text(videos, (one) => formatUcf(file(one), one.truth)),
    ),
    writeWhole(
      join(out, 'truth-tad.txt'),
      text(videos, (one) => formatTad(file(one), one.truth, one.truth.totalFrames)),
    ),
    writeWhole(join(out, 'boxes.csv'), boxes),
    writeWhole(
      join(out, 'scenes.json'),
      `${JSON.stringify(
        videos.map(({ video }) => video),
        null,
        1,
      )}\n`,
    ),
    writeWhole(join(out, 'dataset.json'), `${JSON.stringify({ ...origin, contents }, null, 2)}\n`),
    writeWhole(join(out, 'README.md'), readme(origin, contents)),
  ]);
  return contents;
}
