/**
 * Datasets of streets: which videos there are, in which part, with which weak label, and what each follows from. All
 * of it comes from one seed, and so do the truths (`truth.ts`), which are kept elsewhere.
 */
import { Random } from '../random.ts';
import type { Part, WeakLabel } from '../types.ts';
import { eventsOf, SCRIPTS } from './events/catalogue.ts';
import type { EventClass } from './events/event.ts';
import { Street, STREET_RATE, type PlannedEvent, type StreetOptions } from './street.ts';
import { TruthRecorder, type StreetTruth } from './truth.ts';
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
}

export type DatasetId = 'street-tiny' | 'street-small' | 'street';

/**
 * Half of the videos are anomalous, and events take a tenth to a quarter of those: 5 to 12 % of all frames, as in the
 * papers' datasets (TAD's test part has 12.7 %).
 */
const COMMON = {
  anomalous: 0.5,
  eventShare: [0.1, 0.24],
  second: 0.1,
  worlds: WORLD_IDS,
} as const satisfies Partial<DatasetOptions>;

export const DATASETS: Record<DatasetId, DatasetOptions> = {
  'street-tiny': { ...COMMON, train: 18, test: 6, seconds: 12 },
  'street-small': { ...COMMON, train: 96, test: 24, seconds: 20 },
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
const MOST_TRIES = 60;
/** An event may take so many times what was asked for. */
const TOO_LONG = 1.7;

/**
 * The videos of a dataset, one after the other, each simulated to make sure that its label is true. Classes and worlds
 * take turns, so that each has its share in both parts; no two videos have a seed in common. A normal video is drawn as
 * if something were to happen in it, and then nothing does: were it drawn otherwise, a busy street alone would tell
 * that a video is anomalous, because events need someone whom they befall.
 */
export function* planDataset(options: DatasetOptions, seed: number): Generator<TrueVideo> {
  const random = new Random(seed);
  for (const part of ['train', 'test'] as const) {
    const count = options[part];
    const anomalous = Math.round(count * options.anomalous);
    const pairs = random.stream(part, 'pairs').shuffle(pairsOf(options));
    const isAnomalous = random
      .stream(part, 'order')
      .shuffle(Array.from({ length: count }, (_, i) => i < anomalous));
    const turns = { normal: 0, anomalous: 0 };
    for (const [i, anomaly] of isAnomalous.entries()) {
      const name = `${part}-${String(i + 1).padStart(3, '0')}`;
      const label = anomaly ? 'anomalous' : 'normal';
      const wish = { name, part, label, ...pairs[turns[label]++ % pairs.length] } as const;
      yield drawVideo(wish, options, random.stream(part, i));
    }
  }
}

interface Wish {
  name: string;
  part: Part;
  label: WeakLabel;
  world: WorldId;
  /** What happens, or what might have. */
  event: EventClass;
}

/** Every class in one of its worlds, then every class in another, and so on. */
function pairsOf({ worlds, classes }: DatasetOptions): { event: EventClass; world: WorldId }[] {
  const chosen = SCRIPTS.filter(({ class: name }) => !classes || classes.includes(name));
  const own = chosen.map((script) => ({
    event: script.class,
    worlds: worlds.filter((world) => eventsOf(world).includes(script)),
  }));
  const most = Math.max(0, ...own.map((one) => one.worlds.length));
  return Array.from({ length: most }, (_, round) =>
    own.flatMap(({ event, worlds: places }) =>
      places.length > 0 ? [{ event, world: places[round % places.length] }] : [],
    ),
  ).flat();
}

function drawVideo(
  { name, part, label, world, event }: Wish,
  options: DatasetOptions,
  random: Random,
): TrueVideo {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const own = random.stream(attempt);
    const events = drawEvents(event, options, own);
    const scene: StreetOptions = { world, seed: own.below(2 ** 31), seconds: options.seconds, events };
    const truth = recordTruth(scene);
    if (!isAsPlanned(truth, scene)) continue;
    if (label === 'anomalous') return { video: { name, part, label, scene }, truth };
    const calm = { ...scene, events: [] };
    return {
      video: { name, part, label, scene: calm },
      truth: { totalFrames: framesOf(scene), intervals: [] },
    };
  }
  throw new Error(`no ${event} in the ${world} in ${MOST_TRIES} tries`);
}

/** One event or two of a class, the first anywhere, the second after it. */
function drawEvents(name: EventClass, options: DatasetOptions, random: Random): PlannedEvent[] {
  const { leastSeconds } = SCRIPTS.find((script) => script.class === name)!;
  const count = random.uniform() < options.second ? 2 : 1;
  return Array.from({ length: count }, (_, i) => {
    const share = random.between(...options.eventShare) / count;
    const seconds = Math.max(leastSeconds, share * options.seconds);
    // Uniform over where it fits; it may have to wait for its moment.
    const [from, to] = [(i * options.seconds) / count, ((i + 1) * options.seconds) / count - seconds - 1];
    return { class: name, startSeconds: random.between(from, Math.max(from + 0.1, to)), seconds };
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

function isAsPlanned({ intervals }: StreetTruth, { events }: StreetOptions): boolean {
  if (intervals.length !== events.length) return false;
  return intervals.every(({ startFrame, endFrame }, i) => {
    const seconds = (endFrame - startFrame + 1) / STREET_RATE;
    return seconds > 0.5 * events[i].seconds && seconds < TOO_LONG * events[i].seconds;
  });
}
