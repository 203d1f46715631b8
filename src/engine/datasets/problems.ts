/** What of a dataset's videos is missing or disagrees. Nothing is padded or guessed in silence. */
import { SNIPPET_FRAMES, type TruthBoxes, type VideoTruth } from '../types.ts';
import type { DatasetVideo, FeatureSource, Problem } from './dataset.ts';
import { axesOf } from './opening.ts';

/** Rows by which features may differ from ceil(F / 16): extractors treat the end of a video in different ways. */
const ROWS_APART = 1;

/** `[N,D]` or `[N,P,D]` that files of features come to together; null where only reading them tells. */
export function shapeOf(sources: readonly FeatureSource[]): readonly number[] | null {
  const alone = sources.filter(({ channel }) => ['features', 'flow', 'audio'].includes(channel));
  if (alone.length === 0) return null;
  const axes = alone.map(({ shape, channel, axes }) => ({ channel, axes: shape && axesOf(shape, axes) }));
  if (axes.some((one) => one.axes === null)) return null;
  const channels = [...new Set(axes.map(({ channel }) => channel))];
  const of = (channel: string) => axes.filter((one) => one.channel === channel).map((one) => one.axes!);
  const rows = Math.min(...axes.map((one) => one.axes!.rows));
  const crops = Math.max(
    ...channels.map((channel) => of(channel).reduce((sum, { crops }) => sum + crops, 0)),
  );
  const size = channels.reduce((sum, channel) => sum + of(channel)[0].size, 0);
  return crops === 1 ? [rows, size] : [rows, crops, size];
}

/** Adds to each video what is missing of it or disagrees. */
export function findProblems(
  videos: readonly DatasetVideo[],
  truths: ReadonlyMap<string, VideoTruth>,
  boxes: ReadonlyMap<string, TruthBoxes>,
): void {
  const peers = peersOf(videos);
  for (const video of videos) {
    video.problems.push(
      ...presence(video, truths.get(video.name), boxes.get(video.name), peers),
      ...sourceProblems(video, peers),
      ...lengthProblems(video, truths.get(video.name), boxes.get(video.name)),
    );
  }
}

/** What most videos have. */
interface Peers {
  size: number | undefined;
  crops: number;
  channels: ReadonlySet<string>;
}

function peersOf(videos: readonly DatasetVideo[]): Peers {
  const sizes = new Map<number, number>();
  for (const { shape } of videos) if (shape) sizes.set(shape.at(-1)!, (sizes.get(shape.at(-1)!) ?? 0) + 1);
  return {
    size: [...sizes].sort((a, b) => b[1] - a[1])[0]?.[0],
    crops: videos.reduce((most, video) => Math.max(most, cropsOf(video).length), 0),
    channels: new Set(videos.flatMap(({ sources }) => sources.map(({ channel }) => channel))),
  };
}

/** Crops that have a file of their own. */
const cropsOf = ({ sources }: DatasetVideo) =>
  sources.flatMap(({ channel, crop }) => (channel === 'features' && crop !== null ? crop : []));

function presence(
  { sources, label, part }: DatasetVideo,
  truth: VideoTruth | undefined,
  boxes: TruthBoxes | undefined,
  { channels, crops }: Peers,
): Problem[] {
  if (sources.length === 0) return [{ kind: 'features-missing', what: 'it is named and has no features' }];
  const problems: Problem[] = [];
  if (label === null)
    problems.push({ kind: 'label-missing', what: 'no list, no annotation and no name says its label' });
  if (part === 'test' && label === 'anomalous' && !truth)
    problems.push(
      boxes
        ? {
            kind: 'intervals-missing',
            what: 'boxes say where in the picture its anomaly is and no annotation from which frame to which: it counts for localisation only',
          }
        : {
            kind: 'truth-missing',
            what: 'it is to be judged and no annotation says where its anomaly is',
          },
    );
  const own = cropsOf({ sources } as DatasetVideo);
  const lacking = Array.from({ length: crops }, (_, crop) => crop).filter((crop) => !own.includes(crop));
  if (own.length > 0 && own.length < crops)
    problems.push({
      kind: 'crop-missing',
      what: `it has ${own.length} of ${crops} crops (no ${lacking.map((crop) => `__${crop}`).join(', ')})`,
    });
  for (const [channel, words] of [
    ['flow', 'optical flow'],
    ['audio', 'sound'],
  ] as const) {
    if (channels.has(channel) && !sources.some((source) => source.channel === channel))
      problems.push({
        kind: 'channel-missing',
        what: `others have ${words} features and it has none: it is left out`,
      });
  }
  return problems;
}

/** Files of one video that disagree with each other, or with those of other videos. */
function sourceProblems({ sources, shape }: DatasetVideo, { size }: Peers): Problem[] {
  const problems: Problem[] = [];
  if (shape && shape.at(-1) !== size)
    problems.push({
      kind: 'size-differs',
      what: `its features have ${shape.at(-1)} numbers, those of most others ${size}`,
    });
  const rows = sources.flatMap(({ shape, axes }) => (shape && axesOf(shape, axes))?.rows ?? []);
  const [least, greatest] = [Math.min(...rows), Math.max(...rows)];
  if (rows.length > 1 && least !== greatest)
    problems.push({
      kind: 'lengths-differ',
      what: `its files have ${least} to ${greatest} rows: the first ${least} of each are used`,
    });
  for (const { path, shape, channel } of sources) {
    if (shape && !axesOf(shape) && channel !== 'maps' && channel !== 'flipMaps')
      problems.push({
        kind: 'unread',
        what: `${path} has the shape (${shape.join(', ')}), which is that of no features`,
      });
  }
  return problems;
}

function lengthProblems(
  { shape, frames, rowFrames }: DatasetVideo,
  truth: VideoTruth | undefined,
  boxes: TruthBoxes | undefined,
): Problem[] {
  const problems: Problem[] = [];
  const rows = shape?.[0] ?? null;
  const span = rowFrames ?? SNIPPET_FRAMES;
  const snippets = frames === null ? null : Math.ceil(frames / SNIPPET_FRAMES);
  if (rows !== null && snippets !== null && rowFrames === null && Math.abs(rows - snippets) > ROWS_APART)
    problems.push({
      kind: 'lengths-differ',
      what: `its ${frames} frames make ${snippets} snippets and it has ${rows} rows`,
    });
  // A width that was cut to a whole number leaves up to a frame and a half of each row to the last one.
  if (
    rows !== null &&
    frames !== null &&
    rowFrames !== null &&
    Math.abs(rows * span - frames) > 1.5 * rows + span
  )
    problems.push({
      kind: 'lengths-differ',
      what: `its ${rows} rows of ${rowFrames} frames are ${rows * span} frames and it has ${frames}`,
    });
  const end = Math.max(0, ...(truth?.intervals.map(({ endFrame }) => endFrame) ?? []));
  const length = frames ?? (rows === null ? null : rows * span);
  if (length !== null && end > length)
    problems.push({
      kind: 'truth-longer',
      what: `its truth goes to frame ${end} and it has ${length}: what lies behind is cut`,
    });
  const framed = Object.keys(boxes?.byFrame ?? {}).reduce(
    (most, frame) => Math.max(most, Number(frame) + 1),
    0,
  );
  if (length !== null && framed > length)
    problems.push({ kind: 'truth-longer', what: `its boxes go to frame ${framed} and it has ${length}` });
  return problems;
}
