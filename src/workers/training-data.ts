/** Features from the store as a head wants them: cut into bags, scaled, with their weak labels. */
import { measureScale, normalise, toBag, viewsFirst, type FeatureScale } from '../engine/features/bags.ts';
import type { BagConfig } from '../engine/features/bags.fields.ts';
import { fingerprintOf, mergeFingerprints, type Fingerprint } from '../engine/features/fingerprint.ts';
import { Failure } from '../engine/failure.ts';
import { headById } from '../engine/heads/catalogue.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { Head } from '../engine/heads/head.ts';
import type { TrainingVideo } from '../engine/training/batch.ts';
import type { NumericArray, Provenance, VideoFeatures } from '../engine/types.ts';
import type { RunRecord } from './schema.ts';
import type { Store } from './store.ts';

/** What a run is trained on. */
export interface TrainingData {
  videos: TrainingVideo[];
  scale: FeatureScale | null;
  /** What the features look like, where the run's record does not say so yet. */
  fingerprint?: Fingerprint;
}

/**
 * @param scale as it was measured when the run began; undefined when it begins now
 * @throws Failure `data-missing` or `data-mismatch`
 */
export async function readTrainingData(
  record: RunRecord,
  store: Store,
  scale: FeatureScale | null | undefined,
): Promise<TrainingData> {
  const head = headById(record.head);
  const config = record.config as Config & BagConfig;
  const raw: RawBag[] = [];
  const prints: Fingerprint[] = [];
  let first: Provenance | null = null;
  for (const { name, featureKey } of record.training) {
    const features = await store.features(featureKey);
    refuseMixed(name, features.provenance, (first ??= features.provenance));
    raw.push(rawBag(head, config, features, name));
    if (!record.fingerprint)
      prints.push(fingerprintOf(inputOf(head, features, name), features.provenance.backboneHash));
  }
  const needsScale = config.normalise.startsWith('standard') && raw.length > 0;
  const measured =
    scale === undefined ? (needsScale ? measureScale(raw.map(({ bag }) => bag)) : null) : scale;
  const scaled = (array: NumericArray) => normalise(array, config.normalise, measured);
  const classes = record.classes ?? [];
  const videos = record.training.map(({ videoId, label, classes: own = [] }, i): TrainingVideo => {
    const { bag, flipped, sets } = raw[i];
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
  });
  return {
    videos,
    scale: measured,
    ...(prints.length > 0 && { fingerprint: mergeFingerprints(prints) }),
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
  if (video.tubes && head.card.input === 'tubes') return { bag: array, sets: { ...video.tubes } };
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
