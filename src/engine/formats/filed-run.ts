/**
 * A run in a file of several parts: what a project (`NAME.weaklens`) and a run of its own (`NAME.zip`) say of it in
 * JSON, and its scores, a safetensors file with `N/scores` and what else the head said of the N-th video.
 */
import * as v from 'valibot';
import type { NumericArray } from '../types.ts';
import type { Archive } from './archive.ts';
import { readJson } from './json.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** Kinds of values that our files have. */
export const text = v.pipe(v.string(), v.maxLength(4096));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const label = v.picklist(['normal', 'anomalous']);
export const classes = v.optional(v.array(text));

const trainedOn = v.object({ videoId: text, name: text, label, classes, featureKey: text });

const fingerprint = v.looseObject({});

export const config = v.record(text, v.union([v.number(), v.string(), v.boolean()]));

export interface FiledFork {
  /** The run that it comes from, by its id in the file. */
  runId: string;
  step: number;
  config: v.InferOutput<typeof config>;
  forkOf?: FiledFork;
}

const forkOf: v.GenericSchema<FiledFork> = v.object({
  runId: text,
  step: count,
  config,
  forkOf: v.optional(v.lazy(() => forkOf)),
});

/** What is said of a run. */
export const filedRun = v.object({
  /** Names it within the file. */
  id: v.optional(text),
  head: text,
  config,
  seed: v.number(),
  createdAt: v.number(),
  step: count,
  steps: count,
  backend: v.picklist(['webgpu', 'wasm', 'webgl', 'cpu']),
  version: text,
  training: v.array(trainedOn),
  heldOut: v.optional(v.array(trainedOn)),
  selection: v.optional(v.picklist(['last', 'val', 'test'])),
  best: v.optional(v.object({ step: count, figure: v.number() })),
  features: v.optional(count),
  fingerprint: v.optional(fingerprint),
  classes,
  backbone: text,
  threshold: v.optional(v.number()),
  partial: v.optional(v.array(v.object({ only: text, from: count, to: count }))),
  forkOf: v.optional(forkOf),
  /** A term that a step did not have is null there. */
  losses: v.object({
    total: v.array(v.number()),
    terms: v.record(text, v.array(v.nullable(v.number()))),
  }),
});

const scoreEntry = v.object({
  featureKey: text,
  step: count,
  snippetsPerScore: v.pipe(count, v.minValue(1)),
  unlike: v.optional(text),
});

/** The scores of one video, `[N]`, and what else the head said of it. */
export type FiledScores = v.InferOutput<typeof scoreEntry> & {
  scores: Float32Array;
  /** By what they are: attention, classes, relation. */
  arrays: Record<string, NumericArray>;
  instances?: Float32Array;
};

export interface FiledRun extends v.InferOutput<typeof filedRun> {
  /** A safetensors file. */
  weights: Uint8Array<ArrayBuffer>;
  scores: FiledScores[];
}

const areScores = (values: Float32Array) => values.every((value) => value >= 0 && value <= 1);

/**
 * Those of a run that went astray are no numbers; they stay behind, for nobody would read them.
 * @returns a safetensors file
 */
export function writeFiledScores(all: readonly FiledScores[]): Uint8Array<ArrayBuffer> {
  const records = all.filter(({ scores }) => areScores(scores));
  const tensors: [string, NumericArray][] = records.flatMap(({ scores, instances, arrays }, i) => [
    [`${i}/scores`, { shape: [scores.length], values: scores }],
    ...(instances
      ? [[`${i}/instances`, { shape: [instances.length], values: instances }] as [string, NumericArray]]
      : []),
    ...Object.entries(arrays).map(([name, array]): [string, NumericArray] => [`${i}/${name}`, array]),
  ]);
  const entries = records.map(({ featureKey, step, snippetsPerScore, unlike }) => ({
    featureKey,
    step,
    snippetsPerScore,
    unlike,
  }));
  return writeSafetensors(tensors, { records: JSON.stringify(entries) });
}

/**
 * @param names what to call the video of features in messages
 * @throws Failure `format-invalid`
 */
export function readFiledScores(
  archive: Archive,
  name: string,
  file: string,
  names: ReadonlyMap<string, string> = new Map(),
): FiledScores[] {
  const { tensors, metadata } = readSafetensors(archive.part(name), `${file}: ${name}`);
  const list = `{"records":${metadata.get('records') ?? '[]'}}`;
  const { records } = readJson(v.object({ records: v.array(scoreEntry) }), list, `${file}: ${name}`);
  return records.map((entry, i) => {
    const own = new Map([...tensors].filter(([key]) => key.startsWith(`${i}/`)));
    const take = (part: string) => {
      const array = own.get(`${i}/${part}`);
      own.delete(`${i}/${part}`);
      return array;
    };
    const scores = take('scores');
    const instances = take('instances');
    const video = names.get(entry.featureKey) ?? entry.featureKey;
    if (scores?.shape.length !== 1) return archive.refuse(`It has no scores of ${video}`);
    if (!areScores(scores.values)) archive.refuse(`The scores of ${video} are not numbers from 0 to 1`);
    return {
      ...entry,
      scores: scores.values,
      ...(instances && { instances: instances.values }),
      arrays: Object.fromEntries([...own].map(([key, array]) => [key.slice(`${i}/`.length), array])),
    };
  });
}
