/**
 * A folder of files as a dataset: which dataset it is, whose features each file holds, what texts and masks say of each
 * video, and what is missing or disagrees. Nothing follows from a line's or a file's place among others.
 */
import { withoutEnding } from '../formats/arrays.ts';
import { MOST_FRAMES_SAID } from '../formats/list.ts';
import type { Part, TruthBoxes, TruthInterval, VideoTruth, WeakLabel } from '../types.ts';
import { conventions } from './catalogue.ts';
import type { Convention, Dataset, DatasetVideo, FeatureSource, LookedAt, Problem } from './dataset.ts';
import { axesOf } from './opening.ts';
import { partOf, placeOf, type Channel } from './paths.ts';
import { findProblems, shapeOf } from './problems.ts';
import { settleAxes } from './settling.ts';
import { readText, type DatasetText, type Said } from './texts.ts';

/** What is found out about one video, file by file. */
interface Draft {
  name: string;
  /** The same with all that extractors append, as the file of a video of no dataset that is known is called. */
  fileName: string | null;
  sources: FeatureSource[];
  /** As the folders of its files say, as the names of texts do that name it, and whether one annotates it. */
  folders: Set<Part>;
  parts: Set<Part>;
  isAnnotated: boolean;
  /** What texts say, each with the file that says it. */
  said: { file: string; said: Said }[];
  mask: readonly number[] | null;
  boxes: TruthBoxes | null;
  rowFrames: number | null;
  problems: Problem[];
}

/** Channels that are features by themselves. */
const FEATURES: readonly Channel[] = ['features', 'flow', 'audio'];

const NO_MASK =
  'It has a number per frame and no video is called like it. Where it holds the frames of all videos in a row, only the order of a list says whose they are: drop the annotation, or a mask per video.';

const BEYOND = `It names ${MOST_FRAMES_SAID}, which no video has: correct the line.`;

export function recognise(looked: readonly LookedAt[]): Dataset {
  const drafts = new Map<string, Draft>();
  const ignored: Dataset['ignored'] = [];
  const draftOf = (key: string, name: string): Draft => {
    const known = drafts.get(key);
    if (known) return known;
    const draft: Draft = {
      name,
      fileName: null,
      sources: [],
      folders: new Set(),
      parts: new Set(),
      isAnnotated: false,
      said: [],
      mask: null,
      boxes: null,
      rowFrames: null,
      problems: [],
    };
    drafts.set(key, draft);
    return draft;
  };

  const arrays = looked.filter(({ kind }) => kind === 'array');
  for (const file of arrays.filter(({ shape }) => shape?.length !== 1)) addArray(file, draftOf);
  for (const { path } of looked.filter(({ kind }) => kind === 'notes')) {
    const place = placeOf(path);
    const draft = drafts.get(place.key); // notes alone are no features
    if (draft) draft.sources.push({ path, channel: 'notes', crop: null, shape: null });
    else ignored.push({ path, why: 'No features are called like it.' });
  }
  settle([...drafts.values()]);
  const texts: DatasetText[] = [];
  for (const { path, text } of looked.filter(({ kind }) => kind === 'text')) {
    const read = readText(text!, path);
    if (read) {
      texts.push(read);
      for (const line of read.beyond) ignored.push({ path: `${path}, line ${line}`, why: BEYOND });
    } else ignored.push({ path, why: 'Its lines are of no list and no annotation that is known here.' });
  }
  for (const text of texts) addText(text, drafts, draftOf);
  for (const { path, frames } of arrays.filter(({ shape }) => shape?.length === 1)) {
    const draft = drafts.get(placeOf(path).key);
    if (draft && frames) draft.mask = frames;
    else ignored.push({ path, why: frames ? NO_MASK : 'It is no sound array.' });
  }
  const boxFiles: { path: string; boxes: NonNullable<LookedAt['boxes']> }[] = [];
  for (const { path, boxes } of looked) {
    if (!boxes) continue;
    if (addBoxes(boxes, drafts)) boxFiles.push({ path, boxes });
    else ignored.push({ path, why: 'No video is here that it has boxes of.' });
  }
  for (const { path, kind, why = 'Files of this kind are no part of a dataset of features.' } of looked) {
    if (kind === 'other') ignored.push({ path, why });
  }

  const all = [...drafts.values()];
  const named = all.filter(({ sources }) => sources.length > 0);
  const names = (named.length > 0 ? named : all).map(({ name }) => name);
  const classes = [...new Set(texts.flatMap(({ said }) => said.flatMap(({ classes = [] }) => classes)))];
  const convention = conventions.find((one) => one.recognise(names, classes) !== null)!;
  const truths = new Map<string, VideoTruth>();
  const videos = all.map((draft) => videoOf(draft, convention, all, truths));
  const shared = pooledRows(videos);
  for (const video of videos) {
    if (shared !== null && video.rowFrames === null && video.frames !== null)
      video.rowFrames = video.frames / shared;
  }
  const boxes = new Map(
    all.flatMap((draft, i) => (draft.boxes ? [[videos[i].name, draft.boxes] as const] : [])),
  );
  findProblems(videos, truths, boxes);
  return {
    convention: { id: convention.id, title: convention.title },
    because: convention.recognise(names, classes)!,
    videos,
    truths,
    boxes,
    texts: [
      ...texts.map(({ file, format, line, said, unread }) => {
        const own = new Set(said.map(({ path }) => placeOf(path).key));
        return { path: file, format, line, videos: own.size, unread };
      }),
      ...boxFiles.map(({ path, boxes }) => ({
        ...{ path, format: 'boxes' as const, line: 'where in the picture, by frame' },
        ...{ videos: boxes.size, unread: [] },
      })),
    ],
    ignored,
    notes: notesOf(convention, videos, shared),
  };
}

function addArray(
  { path, shape, width, array, standsFor = path, warnings = [] }: LookedAt,
  draftOf: (key: string, name: string) => Draft,
): void {
  const { video, key, channel, crop, part } = placeOf(standsFor);
  const draft = draftOf(key, video);
  draft.fileName = withoutEnding(standsFor.split(/[/\\]/).at(-1)!);
  const own = channel === 'mask' ? 'features' : channel;
  draft.sources.push({ path, channel: own, crop, shape, ...(array !== undefined && { array }) });
  if (part) draft.folders.add(part);
  if (width) draft.rowFrames = width;
  for (const what of warnings) draft.problems.push({ kind: 'unread', what: `${path}: ${what}` });
}

/** Settles the axes of all files, and says of each video where that cannot be done. */
function settle(drafts: readonly Draft[]): void {
  for (const channel of FEATURES) {
    const own = drafts.flatMap((draft) => draft.sources.map((source) => ({ draft, source })));
    const open = settleAxes(own.flatMap(({ source }) => (source.channel === channel ? source : [])));
    for (const { draft, source } of own) {
      const what = open.get(source);
      if (what !== undefined) draft.problems.push({ kind: 'axes-open', what });
    }
  }
}

/** What texts say of videos; one that only counts frames makes no video. */
function addText(
  { file, format, said }: DatasetText,
  drafts: ReadonlyMap<string, Draft>,
  draftOf: (key: string, name: string) => Draft,
): void {
  const part = partOf([file.split(/[/\\]/).at(-1)!]);
  const seen = new Set<string>();
  for (const one of said) {
    const { key, video } = placeOf(one.path);
    const isAside = format === 'frames' || format === 'widths';
    const draft = isAside ? drafts.get(key) : draftOf(key, video);
    if (!draft) continue;
    // A list of crops names a video once for each; a video with several classes has a line for each.
    if (seen.has(key) && format === 'list')
      draft.problems.push({ kind: 'twice', what: `${file} lists it twice` });
    seen.add(key);
    draft.said.push({ file, said: one });
    if (one.width) draft.rowFrames = one.width;
    if (part) draft.parts.add(part);
    else if (one.intervals && !isAside) draft.isAnnotated = true;
  }
}

/**
 * Boxes make no video, and say nothing of its part or label: of training videos some are annotated as well.
 * @returns whether any are of a video that is here
 */
function addBoxes(boxes: ReadonlyMap<string, TruthBoxes>, drafts: ReadonlyMap<string, Draft>): boolean {
  let isAny = false;
  for (const [name, own] of boxes) {
    const draft = drafts.get(placeOf(name).key);
    if (!draft) continue;
    draft.boxes = own;
    isAny = true;
  }
  return isAny;
}

function videoOf(
  draft: Draft,
  convention: Convention,
  all: readonly Draft[],
  truths: Map<string, VideoTruth>,
): DatasetVideo {
  const { said, mask } = draft;
  const [only, ...others] = draft.sources;
  const isPlainFile = convention.id === 'plain' && only?.channel === 'features' && others.length === 0;
  const name = isPlainFile ? draft.fileName! : draft.name;
  const problems = [...draft.problems];
  const sources = sortedSources(draft, convention, problems);
  const byName = convention.ofName(name);
  const labels = new Map<WeakLabel, string>();
  for (const { file, said: one } of said)
    if (one.label && !labels.has(one.label)) labels.set(one.label, file);
  if (labels.size > 1)
    problems.push({
      kind: 'label-disagrees',
      what: `${labels.get('normal')} calls it normal, ${labels.get('anomalous')} anomalous`,
    });
  const classes = unique([
    ...said
      .flatMap(({ said: one }) => one.classes ?? [])
      .flatMap((code) => convention.classNames?.(code) ?? code),
  ]).filter((word) => word.toLowerCase() !== 'anomalous');
  const own = classes.length > 0 ? classes : (byName.classes ?? []);

  const counts = unique(said.flatMap(({ said: one }) => one.totalFrames ?? []));
  if (counts.length > 1)
    problems.push({
      kind: 'lengths-differ',
      what: `texts say that it has ${counts.join(' and ')} frames: the first counts`,
    });
  const frames = mask?.length ?? counts[0] ?? null;
  if (mask && counts.length > 0 && counts[0] !== mask.length)
    problems.push({
      kind: 'lengths-differ',
      what: `its mask has ${mask.length} frames and a text says ${counts[0]}: the mask counts`,
    });

  const onlyClass = own.length === 1 ? own[0] : 'anomalous';
  const truth = truthOf(draft, frames, onlyClass);
  const label = [...labels.keys()][0] ?? (mask && truth ? labelOf(truth) : null) ?? byName.label ?? null;
  if (truth && label && label !== labelOf(truth))
    problems.push({
      kind: 'label-disagrees',
      what: `it is ${label} and its truth has ${truth.intervals.length === 0 ? 'no interval' : `${truth.intervals.length} intervals`}`,
    });
  if (truth) truths.set(name, truth);
  const parts = partsOf(draft);
  if (parts.size > 1)
    problems.push({
      kind: 'in-both-parts',
      what: 'it stands in the training and in the test part: it is to test',
    });
  else if ([...draft.folders].some((part) => !parts.has(part)))
    problems.push({
      kind: 'in-both-parts',
      what: `its folder is called ${[...draft.folders].join(' and ')} and a list says ${[...parts][0]}: the list counts`,
    });
  const someTest = all.some((one) => partsOf(one).has('test'));
  const part: Part = parts.has('test') || (truth && !parts.has('train') && someTest) ? 'test' : 'train';
  return {
    name,
    part,
    label,
    classes: label === 'anomalous' ? own : [],
    sources,
    shape: shapeOf(sources),
    frames,
    rowFrames: draft.rowFrames,
    problems,
  };
}

/**
 * A list outweighs the folder that a file happens to lie in. Where neither says, only videos to be judged are annotated.
 */
function partsOf({ parts, folders, isAnnotated }: Draft): ReadonlySet<Part> {
  if (parts.size > 0) return parts;
  return folders.size > 0 ? folders : new Set<Part>(isAnnotated ? ['test'] : []);
}

/** Files of the channels that this dataset is read by, in the order in which they are joined, crop after crop. */
function sortedSources(draft: Draft, { channels }: Convention, problems: Problem[]): FeatureSource[] {
  const isUsed = ({ channel }: FeatureSource) => !FEATURES.includes(channel) || channels.includes(channel);
  let used = draft.sources.filter(isUsed);
  // Where a video has none of the channels that its dataset is read by, it has the others.
  if (!used.some(({ channel }) => FEATURES.includes(channel))) used = draft.sources;
  const order = (source: FeatureSource) => [
    [...channels, ...FEATURES].indexOf(source.channel),
    source.crop ?? -1,
  ];
  const sorted = [...used].sort((a, b) => {
    const [[channelA, cropA], [channelB, cropB]] = [order(a), order(b)];
    return channelA - channelB || cropA - cropB || (a.path < b.path ? -1 : 1);
  });
  return sorted.filter((source, i) => {
    const before = sorted[i - 1];
    const isTwice = before && before.channel === source.channel && before.crop === source.crop;
    if (isTwice)
      problems.push({
        kind: 'twice',
        what: `${before.path} and ${source.path} are both of it: the first counts`,
      });
    return !isTwice;
  });
}

/** Truth from a mask, or from what an annotation says; null where neither speaks of frames. */
function truthOf({ said, mask }: Draft, frames: number | null, onlyClass: string): VideoTruth | null {
  if (mask) return { totalFrames: mask.length, intervals: runsOf(mask, onlyClass) };
  const speaks = said.filter(({ said: { intervals } }) => intervals);
  if (speaks.length === 0) return null;
  const intervals: TruthInterval[] = [];
  for (const { said: one } of speaks) {
    for (const { startFrame, endFrame, class: word } of one.intervals!) {
      const interval = { class: word ?? onlyClass, startFrame, endFrame };
      const isKnown = intervals.some(
        (known) =>
          known.startFrame === startFrame && known.endFrame === endFrame && (!word || known.class === word),
      );
      if (!isKnown) intervals.push(interval);
    }
  }
  return { totalFrames: frames, intervals };
}

/** Runs of ones, as frames from 1. */
function runsOf(mask: readonly number[], name: string): TruthInterval[] {
  const intervals: TruthInterval[] = [];
  for (let frame = 0; frame < mask.length; frame++) {
    if (!(mask[frame] > 0)) continue;
    const startFrame = frame + 1;
    while (frame + 1 < mask.length && mask[frame + 1] > 0) frame++;
    intervals.push({ class: name, startFrame, endFrame: frame + 1 });
  }
  return intervals;
}

const labelOf = ({ intervals }: VideoTruth): WeakLabel => (intervals.length > 0 ? 'anomalous' : 'normal');

/**
 * N where all videos have the same number of rows however long they are: rows are then segments, not snippets. One video
 * that fits its length by snippets says otherwise.
 */
function pooledRows(videos: readonly DatasetVideo[]): number | null {
  const rows = videos.flatMap(({ shape }) => shape?.[0] ?? []);
  if (rows.length < 2 || rows.some((count) => count !== rows[0])) return null;
  const long = videos.filter(({ frames, shape }) => shape && frames !== null);
  return long.some(({ frames }) => Math.abs(Math.ceil(frames! / 16) - rows[0]) > 1) ? rows[0] : null;
}

function notesOf(convention: Convention, videos: readonly DatasetVideo[], pooled: number | null): string[] {
  const notes = [...convention.notes];
  const sources = videos.flatMap((video) => video.sources);
  const told = videos.some(({ rowFrames }) => rowFrames !== null);
  if (pooled !== null)
    notes.push(
      `Every video has ${pooled} rows: they are segments, not snippets of 16 frames.${told ? ' Each stands for as many frames as its width says; where none is given, for an equal share of the video.' : ''}`,
    );
  if (sources.some(({ shape }) => shape?.at(-1) === 2049 || shape?.at(-1) === 1025))
    notes.push(
      'The last number of each feature is its magnitude, as MGFN’s preparation appends it: it is left out.',
    );
  if (sources.some(({ shape, axes }) => shape && axesOf(shape, axes)?.reading.axes[0] === 'crops'))
    notes.push('Crops come first in these files; here they come behind the snippets.');
  return notes;
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
