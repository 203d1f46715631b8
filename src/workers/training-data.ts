/** Features from the store as a head wants them: cut into bags, scaled, with their weak labels. */
import {
  measureScale,
  normalise,
  ScaleMeter,
  toBag,
  viewsFirst,
  type FeatureScale,
} from '../engine/features/bags.ts';
import type { BagConfig } from '../engine/features/bags.fields.ts';
import { fingerprintOf, mergeFingerprints, type Fingerprint } from '../engine/features/fingerprint.ts';
import { Failure } from '../engine/failure.ts';
import { headById } from '../engine/heads/catalogue.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { Head } from '../engine/heads/head.ts';
import {
  bagsAtHand,
  type BagSource,
  type TrainingEntry,
  type TrainingVideo,
} from '../engine/training/batch.ts';
import type { NumericArray, Provenance, VideoFeatures } from '../engine/types.ts';
import type { RunRecord, TrainedOn } from './schema.ts';
import type { Store } from './store.ts';

/** What a run is trained on. */
export interface TrainingData {
  source: BagSource & Waited;
  scale: FeatureScale | null;
  /** What the features look like, where the run's record does not say so yet. */
  fingerprint?: Fingerprint;
}

/** Time that was spent waiting for bags to be read, in milliseconds; 0 where all are at hand. */
export interface Waited {
  readonly waitedMilliseconds: number;
}

/** Bags of more bytes than that are not held in memory together, but read for each batch. */
const AT_HAND_BYTES = 256 << 20;
/** What is kept of those that were read, beside a batch and the one that comes next. */
const KEPT_SHARE = 0.25;

/**
 * @param scale as it was measured when the run began; undefined when it begins now
 * @param mostBytes that all bags may take to be held in memory
 * @throws Failure `data-missing` or `data-mismatch`
 */
export async function readTrainingData(
  record: RunRecord,
  store: Store,
  scale: FeatureScale | null | undefined,
  mostBytes = AT_HAND_BYTES,
): Promise<TrainingData> {
  const reader = new BagReader(record, store);
  const shapes = await reader.shapes();
  const bytes = shapes?.reduce((sum, shape) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0) ?? 0;
  if (shapes && bytes > mostBytes) return readByBatch(record, reader, shapes, scale, mostBytes);
  const raw: RawBag[] = [];
  const prints: Fingerprint[] = [];
  for (const trained of record.training) {
    const { bag, print } = await reader.read(trained, !record.fingerprint);
    raw.push(bag);
    if (print) prints.push(print);
  }
  const needsScale = needsToMeasure(record) && raw.length > 0;
  const measured =
    scale === undefined ? (needsScale ? measureScale(raw.map(({ bag }) => bag)) : null) : scale;
  const videos = record.training.map((trained, i) => trainingVideo(record, trained, raw[i], measured));
  return {
    source: { ...bagsAtHand(videos), waitedMilliseconds: 0 },
    scale: measured,
    ...(prints.length > 0 && { fingerprint: mergeFingerprints(prints) }),
  };
}

const needsToMeasure = ({ config }: RunRecord) => String(config.normalise).startsWith('standard');

/** Bags that are read from the store as batches ask for them; the latest ones stay in memory. */
async function readByBatch(
  record: RunRecord,
  reader: BagReader,
  shapes: readonly (readonly number[])[],
  scale: FeatureScale | null | undefined,
  mostBytes: number,
): Promise<TrainingData> {
  const prints: Fingerprint[] = [];
  /** All bags, one after the other. */
  const pass = async (see: (bag: NumericArray) => void, prints?: Fingerprint[]) => {
    for (const trained of record.training) {
      const { bag, print } = await reader.read(trained, prints !== undefined);
      see(bag.bag);
      if (print) prints!.push(print);
    }
  };
  let measured = scale ?? null;
  const known = record.fingerprint ? [] : await reader.fingerprints();
  if (scale === undefined && needsToMeasure(record)) {
    const size = shapes[0].at(-1)!;
    const rows = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1) / size, 0);
    const meter = new ScaleMeter(size, rows);
    await pass((bag) => meter.addToMean(bag), known ? undefined : prints);
    await pass((bag) => meter.addToDeviation(bag));
    measured = meter.scale;
  } else if (!known) await pass(() => {}, prints);
  const all = known ?? prints;
  return {
    source: new StoredBags(record, shapes, KEPT_SHARE * mostBytes, async (trained) => {
      const { bag } = await reader.read(trained, false);
      return trainingVideo(record, trained, bag, measured);
    }),
    scale: measured,
    ...(all.length > 0 && { fingerprint: mergeFingerprints(all) }),
  };
}

/** Videos that are read at once: while one is made ready, the next ones come from the disk. */
const LANES = 4;

class StoredBags implements BagSource, Waited {
  readonly videos: TrainingEntry[];
  waitedMilliseconds = 0;
  readonly #read: (trained: TrainedOn) => Promise<TrainingVideo>;
  readonly #trained: Map<string, TrainedOn>;
  readonly #most: number;
  /** Read, or being read; the one that was asked for last is last. */
  readonly #bags = new Map<string, Promise<TrainingVideo>>();
  readonly #bytes: Map<string, number>;
  #held = 0;
  /** A few are read at once: all together would fill the memory that bags are kept out of. */
  readonly #lanes: Promise<unknown>[] = Array.from({ length: LANES }, () => Promise.resolve());
  #asked = 0;

  constructor(
    { training }: RunRecord,
    shapes: readonly (readonly number[])[],
    mostBytes: number,
    read: (trained: TrainedOn) => Promise<TrainingVideo>,
  ) {
    this.videos = training.map(({ videoId, label }, i) => ({
      id: videoId,
      label,
      bag: { shape: shapes[i] },
    }));
    this.#trained = new Map(training.map((trained) => [trained.videoId, trained]));
    this.#bytes = new Map(
      this.videos.map(({ id, bag }) => [id, 4 * bag.shape.reduce((product, size) => product * size, 1)]),
    );
    this.#most = mostBytes;
    this.#read = read;
  }

  async load(ids: readonly string[]): Promise<TrainingVideo[]> {
    const asked = performance.now();
    const videos = await Promise.all(ids.map((id) => this.#bag(id)));
    this.waitedMilliseconds += performance.now() - asked;
    this.#forgetOldest(new Set(ids));
    return videos;
  }

  expect(ids: readonly string[]): void {
    for (const id of ids) this.#bag(id).catch(() => {}); // whoever loads it is told
  }

  #bag(id: string): Promise<TrainingVideo> {
    const known = this.#bags.get(id);
    this.#bags.delete(id);
    const bag = known ?? this.#next(id);
    this.#bags.set(id, bag);
    return bag;
  }

  #next(id: string): Promise<TrainingVideo> {
    this.#held += this.#bytes.get(id)!;
    const lane = this.#asked++ % LANES;
    const bag = this.#lanes[lane].then(() => this.#read(this.#trained.get(id)!));
    this.#lanes[lane] = bag.catch(() => this.#forget(id));
    return bag;
  }

  #forgetOldest(needed: ReadonlySet<string>): void {
    for (const id of this.#bags.keys()) {
      if (this.#held <= this.#most) return;
      if (!needed.has(id)) this.#forget(id);
    }
  }

  #forget(id: string): void {
    if (this.#bags.delete(id)) this.#held -= this.#bytes.get(id)!;
  }
}

/** Reads what a run learns from, video by video. */
class BagReader {
  readonly #record: RunRecord;
  readonly #store: Store;
  readonly #head: Head;
  readonly #config: BagConfig;
  #first: Provenance | null = null;

  constructor(record: RunRecord, store: Store) {
    this.#record = record;
    this.#store = store;
    this.#head = headById(record.head);
    this.#config = record.config as Config & BagConfig;
  }

  /** `[T,D]` or `[P,T,D]` of every bag; null where only reading tells, as of tubes and maps. */
  async shapes(): Promise<(readonly number[])[] | null> {
    if (this.#head.card.input !== undefined) return null;
    const { segments } = this.#config;
    const shapes: (readonly number[])[] = [];
    for (const { featureKey, name } of this.#record.training) {
      const summary = await this.#store.featureSummary(featureKey);
      if (!summary) return null; // reading says what is wrong
      refuseMixed(name, summary.provenance, (this.#first ??= summary.provenance));
      const [crops, size] = [summary.shape.length === 3 ? summary.shape[1] : 1, summary.shape.at(-1)!];
      shapes.push(crops === 1 ? [segments, size] : [crops, segments, size]);
    }
    return shapes;
  }

  /** Those that were found when features were stored; null where one is not there. */
  async fingerprints(): Promise<Fingerprint[] | null> {
    const prints: Fingerprint[] = [];
    for (const { featureKey } of this.#record.training) {
      const print = (await this.#store.featureSummary(featureKey))?.fingerprint;
      if (!print) return null;
      prints.push(print);
    }
    return prints;
  }

  async read(
    { name, featureKey }: TrainedOn,
    wantsPrint: boolean,
  ): Promise<{ bag: RawBag; print: Fingerprint | null }> {
    const features = await this.#store.features(featureKey);
    refuseMixed(name, features.provenance, (this.#first ??= features.provenance));
    const print = wantsPrint
      ? fingerprintOf(inputOf(this.#head, features, name), features.provenance.backboneHash)
      : null;
    return { bag: rawBag(this.#head, this.#config, features, name), print };
  }
}

function trainingVideo(
  { config, classes = [] }: RunRecord,
  { videoId, label, classes: own = [] }: TrainedOn,
  { bag, flipped, sets }: RawBag,
  scale: FeatureScale | null,
): TrainingVideo {
  const scaled = (array: NumericArray) => normalise(array, (config as Config & BagConfig).normalise, scale);
  return {
    id: videoId,
    label,
    classes: own.map((name) => 1 + classes.indexOf(name)),
    bag: scaled(bag),
    flipped: flipped && scaled(flipped),
    sets:
      sets &&
      Object.fromEntries(
        Object.entries(sets).map(([name, set]) => [name, name === 'multivariate' ? set : scaled(set)]),
      ),
  };
}

/** Whether two runs are trained on the very same bags, as a run and its fork are. */
export function isSameData(a: RunRecord, b: RunRecord): boolean {
  const dataOf = ({ head, training, classes, config }: RunRecord) => {
    const { segments, pooling, normalise } = config;
    return JSON.stringify([head, training, classes, segments, pooling, normalise]);
  };
  return dataOf(a) === dataOf(b);
}

/** What a video is to a head, not scaled yet. */
interface RawBag {
  /** `[T,D]` or `[P,T,D]`; for tubes, `[m,D]` videolets. */
  bag: NumericArray;
  flipped?: NumericArray;
  sets?: Record<string, NumericArray>;
}

/** @throws Failure `data-missing` when the features are not of the kind that the head reads */
function rawBag(head: Head, config: BagConfig, video: VideoFeatures, name: string): RawBag {
  const array = inputOf(head, video, name);
  if (video.tubes && head.card.input === 'tubes') {
    const { region, global, multivariate } = video.tubes; // boxes are nothing that a head reads
    return { bag: array, sets: { region, global, ...(multivariate && { multivariate }) } };
  }
  const missing = video.snippets.map((snippet) => snippet.missing);
  const bagOf = (input: NumericArray) => {
    const bag = viewsFirst(toBag(input, config.segments, { pooling: config.pooling, missing }));
    return bag.shape[0] === 1 ? { ...bag, shape: bag.shape.slice(1) } : bag;
  };
  const { flip, flipMaps, noise } = video.variants ?? {};
  const flipped = head.card.input === 'maps' ? flipMaps : flip;
  return {
    bag: bagOf(array),
    flipped: flipped && bagOf(flipped),
    sets: noise && noise.shape.length === 2 ? { noise: bagOf(noise) } : undefined,
  };
}

/** What a score needs to know of a video. */
export type Scorable = Pick<VideoFeatures, 'features' | 'maps' | 'tubes'> & {
  provenance: Pick<Provenance, 'backbone'>;
};

/** `[N,...,D]`, what the head reads of a video. */
export function inputOf({ card }: Head, { features, maps, tubes }: Scorable, subject?: string): NumericArray {
  const lacks = (what: string, next: string) =>
    new Failure({
      code: 'data-missing',
      subject,
      what: `${card.title} reads ${what}, and there are none.`,
      next,
    });
  if (card.input === 'maps') {
    if (!maps)
      throw lacks('feature maps', 'Extract the video again while this head is chosen, or add NAME.map.npy.');
    return maps;
  }
  if (card.input === 'tubes' && !tubes) throw lacks('tubes', 'Add NAME.tubes.safetensors.');
  return features;
}

/** Features may meet in one run only if backbone, rate and crops agree; equal lengths say nothing. */
function refuseMixed(name: string, own: Provenance, other: Provenance): void {
  const sourceOf = ({ backbone, backboneHash, framesPerSecond, crops }: Provenance) =>
    JSON.stringify([backbone, backboneHash, framesPerSecond, crops]);
  if (sourceOf(own) === sourceOf(other)) return;
  const inWords = ({ backbone, framesPerSecond, crops }: Provenance) => {
    const source = backbone === 'imported' ? 'a file' : `${backbone} at ${framesPerSecond} frames/s`;
    return `${source} with ${crops} crop${crops === 1 ? '' : 's'}`;
  };
  throw new Failure({
    code: 'data-mismatch',
    subject: name,
    what: `Its features come from ${inWords(own)}, those of other videos from ${inWords(other)}.`,
    next: 'Train on features of one backbone and rate only: extract again, or choose the backbone that all have.',
  });
}
