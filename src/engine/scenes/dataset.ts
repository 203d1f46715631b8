/**
 * Datasets of streets: which videos there are, in which part, with which weak label, and what each follows from. All
 * of it comes from one seed, and so do the truths (`truth.ts`), which are kept elsewhere.
 */
import { median } from 'd3-array';
import { Failure } from '../failure.ts';
import { Random } from '../random.ts';
import type { Part, WeakLabel } from '../types.ts';
import type { ConditionWishes } from './conditions.ts';
import { eventsOf, scriptOf, SCRIPTS } from './events/catalogue.ts';
import type { EventClass } from './events/event.ts';
import { Street, STREET_RATE, type PlannedEvent, type StreetOptions } from './street.ts';
import { TruthRecorder, type EventTruth, type StreetTruth } from './truth.ts';
import { WORLD_IDS } from './worlds/catalogue.ts';
import type { WorldId } from './worlds/world.ts';

export interface DatasetOptions {
  /** Videos of either part. */
  train: number;
  test: number;
  seconds: number;
  /** Share of the videos that are anomalous. */
  anomalous: number;
  /** Share of an anomalous video's frames that its event takes, at least and at most; where it needs longer to be told, longer. */
  eventShare: readonly [number, number];
  /** Chance that an anomalous video has a second event of the same class. */
  second: number;
  worlds: readonly WorldId[];
  /** All that can happen in these worlds, unless told. */
  classes?: readonly EventClass[];
  /** Light, weather and density; drawn for each video unless told. */
  conditions?: ConditionWishes;
}

export type DatasetId = 'street-tiny' | 'street-small' | 'street';

/**
 * Half of the videos are anomalous, and events take a twelfth to a quarter of those: 4 to 12 % of all frames, as in the
 * papers' datasets (TAD's test part has 12.7 %). Short videos have more: an event needs its seconds to be told by eye.
 */
const COMMON = {
  anomalous: 0.5,
  eventShare: [0.08, 0.24],
  second: 0.1,
  worlds: WORLD_IDS,
} as const satisfies Partial<DatasetOptions>;

/**
 * What a hundred weak labels are enough for. Of all classes there would be two or three videos each, which not even a
 * probe that is told the truth of every frame learns from: 0.54 to 0.58 frame AUC, whatever the backbone. Of single
 * classes such a probe has 0.94 (explosion), 0.75 (shooting), 0.70 (accident), 0.66 (crowd), 0.65 (fighting, retrograde)
 * and chance (sweeping, pedestrian on road) with `weaklens-a0`.
 */
const LEARNABLE = ['accident', 'crowd', 'explosion', 'shooting'] as const satisfies EventClass[];

export const DATASETS: Record<DatasetId, DatasetOptions> = {
  'street-tiny': { ...COMMON, train: 18, test: 6, seconds: 12 },
  'street-small': { ...COMMON, train: 96, test: 24, seconds: 20, classes: LEARNABLE },
  street: { ...COMMON, train: 400, test: 100, seconds: 20 },
};

/** A video that is to be made. */
export interface StreetVideo {
  name: string;
  part: Part;
  label: WeakLabel;
  scene: StreetOptions;
}

/** A made video's truth, told apart from everything that training sees. */
export interface TrueVideo {
  video: StreetVideo;
  truth: StreetTruth;
}

/** How often a video is drawn anew whose event found no moment, or took far longer than it should. */
const MOST_TRIES = 80;
/** An event may take so many times what was asked for, at least and at most. */
const LASTING = [0.5, 1.7] as const;
/** What must be seen of an event, in pixels of 320 x 240: a person of 6 x 17, say. Less was not told by eye on contact sheets. */
const LEAST_PIXELS = 100;
/**
 * Seconds that an event may be due before it is to be seen. It waits for its moment: were it due within the video only,
 * the first seconds of a video would be known to be quiet.
 */
const HEAD_START = 8;

/**
 * The videos of a dataset, one after the other, each simulated to make sure that its label is true. Classes and worlds
 * take turns, so that each has its share in both parts and among the normal videos; no seed of the training part occurs
 * in the test part. A normal video is drawn as if something were to happen in it, and then nothing does: were it drawn
 * otherwise, a busy street alone would tell that a video is anomalous, because events need someone whom they befall.
 * @throws Failure `config-invalid` where nothing of what was chosen can happen
 */
export function* planDataset(options: DatasetOptions, seed: number): Generator<TrueVideo> {
  for (const video of planSteps(options, seed)) if (video) yield video;
}

/**
 * The same, one simulated street at a time, for whoever has to see to something else in between: null for a street that
 * did not become a video.
 */
export function* planSteps(options: DatasetOptions, seed: number): Generator<TrueVideo | null> {
  const random = new Random(seed);
  const classes = random.stream('classes').shuffle(classesOf(options));
  for (const part of ['train', 'test'] as const) {
    const count = options[part];
    const anomalous = Math.round(count * options.anomalous);
    const isAnomalous = random
      .stream(part, 'order')
      .shuffle(Array.from({ length: count }, (_, i) => i < anomalous));
    const strata = stratify(
      classes,
      options,
      Math.max(anomalous, count - anomalous),
      random.stream(part, 'strata'),
    );
    const turns = { normal: 0, anomalous: 0 };
    for (const [i, anomaly] of isAnomalous.entries()) {
      const name = `${part}-${String(i + 1).padStart(3, '0')}`;
      const label = anomaly ? 'anomalous' : 'normal';
      yield* drawVideo({ name, part, label, ...strata[turns[label]++] }, options, random.stream(part, i));
    }
  }
}

/** What happens, or what might have, and where. */
interface Stratum {
  world: WorldId;
  event: EventClass;
}

interface Wish extends Stratum {
  name: string;
  part: Part;
  label: WeakLabel;
}

/** What was chosen and can happen. */
function classesOf({ worlds, classes }: DatasetOptions): EventClass[] {
  const possible = SCRIPTS.filter((script) => worlds.some((world) => eventsOf(world).includes(script)));
  const chosen = possible.map((script) => script.class).filter((name) => !classes || classes.includes(name));
  const impossible = classes?.find((name) => !chosen.includes(name));
  if (chosen.length > 0 && impossible === undefined) return chosen;
  throw new Failure({
    code: 'config-invalid',
    what: `Nothing of the class ${impossible ?? '(none)'} happens in ${worlds.join(', ')}.`,
    next: `There is ${possible.map((script) => script.class).join(', ')}.`,
  });
}

/** Classes in turn, each in the world that it was in least, and of those in the one that there is least of. */
function stratify(
  classes: readonly EventClass[],
  { worlds }: DatasetOptions,
  count: number,
  random: Random,
): Stratum[] {
  const strata: Stratum[] = [];
  for (let i = 0; i < count; i++) {
    const event = classes[i % classes.length];
    const times = (world: WorldId) => {
      const there = strata.filter((stratum) => stratum.world === world);
      return there.filter((stratum) => stratum.event === event).length * (count + 1) + there.length;
    };
    const places = worlds.filter((world) => scriptOf(event).worlds.includes(world));
    const [world] = random.shuffle(places).sort((a, b) => times(a) - times(b));
    strata.push({ event, world });
  }
  return strata;
}

/** A video after as many tries as it takes. */
function* drawVideo(
  { name, part, label, world, event }: Wish,
  options: DatasetOptions,
  random: Random,
): Generator<TrueVideo | null> {
  const { seconds, conditions } = options;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const own = random.stream(attempt);
    const seed = 2 * own.below(1 << 30) + (part === 'test' ? 1 : 0); // odd ones are for testing
    const scene = { world, seed, seconds, conditions, events: drawEvents(event, options, own) };
    const truth = recordTruth(scene);
    if (!isAsPlanned(truth, scene)) {
      yield null;
      continue;
    }
    const video = { name, part, label };
    yield label === 'anomalous'
      ? { video: { ...video, scene }, truth }
      : { video: { ...video, scene: { ...scene, events: [] } }, truth: { ...truth, intervals: [] } };
    return;
  }
  throw new Failure({
    code: 'config-invalid',
    subject: name,
    what: `No ${event} came about in the ${world} in ${MOST_TRIES} tries.`,
    next: 'Take another seed, longer videos or a busier street.',
  });
}

/** One event or two of a class. Each is due at any time at which there is room for it, two of them in a half each. */
function drawEvents(
  name: EventClass,
  { second, eventShare, seconds: whole }: DatasetOptions,
  random: Random,
): PlannedEvent[] {
  const count = random.uniform() < second ? 2 : 1;
  return Array.from({ length: count }, (_, i) => {
    const share = random.between(...eventShare) / count;
    const seconds = Math.max(scriptOf(name).leastSeconds, share * whole);
    const from = (i * whole) / count - HEAD_START / count;
    const to = Math.max(from, ((i + 1) * whole) / count - seconds);
    return { class: name, startSeconds: random.between(from, to), seconds };
  });
}

/** The truth of a street, without drawing it. */
export function recordTruth(scene: StreetOptions): StreetTruth {
  const street = new Street(scene);
  const recorder = new TruthRecorder(street);
  for (let frame = 0; frame < framesOf(scene); frame++) {
    street.advance();
    recorder.record();
  }
  return recorder.truth();
}

export function framesOf({ seconds }: StreetOptions): number {
  return Math.round(seconds * STREET_RATE);
}

/**
 * Whether all events happened, began within the video, took about as long as they should, and were near enough to be
 * told by eye.
 */
function isAsPlanned({ intervals }: StreetTruth, { events }: StreetOptions): boolean {
  if (intervals.length !== events.length || intervals.some(({ startFrame }) => startFrame === 1))
    return false;
  return intervals.every((interval, i) => {
    const frames = interval.endFrame - interval.startFrame + 1;
    const share = frames / STREET_RATE / events[i].seconds;
    return share > LASTING[0] && share < LASTING[1] && pixelsOf(interval, frames) >= LEAST_PIXELS;
  });
}

/** Pixels that are seen of an event, hidden parts left out: in half of its frames so many or more. */
function pixelsOf({ tube }: EventTruth, frames: number): number {
  const areas = [...tube.values()].map(({ x1, y1, x2, y2, visible }) => (x2 - x1) * (y2 - y1) * visible);
  const unseen = Array.from({ length: frames - areas.length }, () => 0);
  return median([...unseen, ...areas]) ?? 0;
}
