/** A bag that somebody composed of snippets, weighed by a run's head beside reference bags. */
import type { BagConfig } from '../engine/features/bags.fields.ts';
import { normalise, toBag, viewsFirst } from '../engine/features/bags.ts';
import { Failure } from '../engine/failure.ts';
import type { Config } from '../engine/heads/config.fields.ts';
import type { ParameterTensors } from '../engine/heads/head.ts';
import type { TrainingVideo } from '../engine/training/batch.ts';
import { turnedLabels, weigh, type Weighed, type WeighedBag } from '../engine/training/composed.ts';
import type { NumericArray, WeakLabel } from '../engine/types.ts';
import { checkDevice } from './device.ts';
import { askModel, readableBy, store } from './live.ts';

/** A bag to be weighed. */
export interface BagWish {
  /** In this order; each is a segment. */
  snippets: { featureKey: string; snippet: number }[];
  label: WeakLabel;
  /** Whole videos as bags of as many segments. */
  references: { videoId: string; featureKey: string; label: WeakLabel; classes?: readonly string[] }[];
  /** Share of the references whose label is turned round. */
  noise: number;
  /** Draws whose. */
  seed: number;
  /** Fields of the head's configuration that are others than the run's. */
  overrides: Config;
}

/** A reference bag, its label as it was taken. */
export interface WeighedReference extends WeighedBag {
  isTurned: boolean;
}

export interface WeighedWish extends Omit<Weighed, 'bags'> {
  runId: string;
  step: number;
  bag: WeighedBag;
  references: WeighedReference[];
}

/** @throws Failure `config-invalid` for heads that read tubes, `data-mismatch` for features of another kind */
export async function weighBag(runId: string, wish: BagWish, asItStands: boolean): Promise<WeighedWish> {
  const keys = [...wish.snippets, ...wish.references].map(({ featureKey }) => featureKey);
  const features = new Map(
    await Promise.all(
      [...new Set(keys)].map(async (key) => [key, await (await store()).features(key)] as const),
    ),
  );
  return askModel(runId, asItStands, async (model) => {
    const { run, head, scale, step, parameters } = model;
    if (head.card.input === 'tubes') {
      throw new Failure({
        code: 'config-invalid',
        subject: head.card.title,
        what: 'This head reads tubes, and a bag of snippets has none.',
        next: 'Show a run of another head.',
      });
    }
    const config = { ...run.config, ...wish.overrides } as Config & BagConfig;
    const scaled = (array: NumericArray) => normalise(array, config.normalise, scale);
    const read = (key: string) => readableBy(model, features.get(key)!);
    const own = scaled(rowsOf(wish.snippets.map(({ featureKey, snippet }) => [read(featureKey), snippet])));
    const turned = turnedLabels(
      wish.references.map(({ label }) => label),
      wish.noise,
      wish.seed,
    );
    const classes = run.classes ?? [];
    const references = wish.references.map((reference, i): TrainingVideo => {
      const { videoId, featureKey, classes: named = [] } = reference;
      const isTurned = turned.includes(i);
      const missing = features.get(featureKey)!.snippets.map((snippet) => snippet.missing);
      const bag = toBag(read(featureKey), wish.snippets.length, { pooling: config.pooling, missing });
      const label = isTurned ? (reference.label === 'normal' ? 'anomalous' : 'normal') : reference.label;
      return {
        id: videoId,
        label,
        classes: isTurned ? [] : named.map((name) => 1 + classes.indexOf(name)),
        bag: scaled(viewsFirst(bag)),
      };
    });
    const videos = [{ id: '', label: wish.label, bag: viewsFirst(own) }, ...references];
    const { bags, ...weighed } = await weigh(
      head,
      parameters as ParameterTensors,
      config,
      videos,
      classes.length,
      wish.seed,
    );
    checkDevice();
    const [bag, ...others] = bags;
    return {
      ...weighed,
      runId,
      step,
      bag,
      references: others.map((other, i) => ({ ...other, isTurned: turned.includes(i) })),
    };
  });
}

/** Snippets of several videos after each other: `[T,...,D]`. */
function rowsOf(picked: readonly (readonly [NumericArray, number])[]): NumericArray {
  const [[first]] = picked;
  const size = first.values.length / first.shape[0];
  const values = new Float32Array(picked.length * size);
  picked.forEach(([array, row], t) => {
    if (array.values.length / array.shape[0] !== size) {
      throw new Failure({
        code: 'data-mismatch',
        what: 'Snippets of one bag need features of one length and as many crops.',
        next: 'Extract all videos alike, or leave the odd ones out.',
      });
    }
    values.set(array.values.subarray(row * size, (row + 1) * size), t * size);
  });
  return { shape: [picked.length, ...first.shape.slice(1)], values };
}
