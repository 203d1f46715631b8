import '@tensorflow/tfjs-backend-cpu';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import { parseScores } from '../../../src/engine/formats/scores.ts';
import { writeSafetensors } from '../../../src/engine/formats/safetensors.ts';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { resolveConfig } from '../../../src/engine/heads/config.fields.ts';
import { Random } from '../../../src/engine/random.ts';
import { readRun, writeRun } from '../../../src/engine/training/checkpoint.ts';
import {
  describe as metadataOf,
  importRun,
  kindOfWeights,
  packRunFile,
  scoresOf,
} from '../../../src/workers/run-files.ts';
import type { CheckpointRecord, RunRecord, ScoreRecord } from '../../../src/workers/schema.ts';
import type { Store } from '../../../src/workers/store.ts';
import { readShared, sharedIsHere } from '../../shared.ts';

/** What a store keeps of runs, in memory. */
class Shelf {
  /** Frames that a row of its features stands for, where that is not 16. */
  readonly #rowFrames?: number;
  readonly runs = new Map<string, RunRecord>();
  readonly checkpoints = new Map<string, CheckpointRecord>();
  readonly #scores: ScoreRecord[] = [];

  constructor(rowFrames?: number) {
    this.#rowFrames = rowFrames;
  }

  async putRuns(all: { run: RunRecord; checkpoint: CheckpointRecord }[]) {
    for (const { run, checkpoint } of all) {
      this.runs.set(run.id, run);
      this.checkpoints.set(run.id, checkpoint);
    }
  }
  async putScores(records: readonly ScoreRecord[]) {
    this.#scores.push(...records);
  }
  checkpoint = async (id: string) => this.checkpoints.get(id);
  scores = async (id: string) => this.#scores.filter(({ runId }) => runId === id);
  featureSummaries = async () => [
    {
      key: 'h/f',
      shape: [3, 8],
      frames: 40,
      snippets: [],
      ...(this.#rowFrames !== undefined && { rowFrames: this.#rowFrames }),
      provenance: { videoHash: 'h', backbone: 'weaklens-a0', backboneHash: 'b' },
    },
  ];
  videos = async () =>
    ['a', 'b'].map((id, addedAt) => ({
      id,
      name: 'gate.mp4',
      hash: id === 'a' ? 'h' : '-',
      addedAt,
      label: 'anomalous',
      part: 'test',
      facts: { width: 640, height: 480 },
    }));
  asStore = () => this as unknown as Store;
}

const config = resolveConfig(headById('sultani').card, undefined, { hidden1: 6, hidden2: 4 });
const parameters = headById('sultani').init(config, { features: 8 }, new Random(5));
const checkpoint = { step: 9, parameters, slots: new Map(), memory: new Map() };
const run: RunRecord = {
  id: 'r',
  projectId: 'p',
  head: 'sultani',
  config,
  seed: 11,
  createdAt: 1,
  updatedAt: 2,
  step: 9,
  steps: 9,
  backend: 'wasm',
  version: '0.1.0',
  training: [{ videoId: 'v', name: 'yard.mp4', label: 'normal', featureKey: 'k' }],
  features: 8,
  backbone: 'weaklens-a0',
  threshold: 0.41,
  losses: { total: Float32Array.of(3, 2), terms: { hinge: Float32Array.of(3, NaN) } },
};
const weights = writeRun({ checkpoint, scale: null, metadata: metadataOf(run) }, false);
const scores = Float32Array.of(0.1, 0.7, 1 / 3);

async function shelf(rowFrames?: number): Promise<Shelf> {
  const shelf = new Shelf(rowFrames);
  await shelf.putRuns([{ run, checkpoint: { runId: 'r', step: 9, bytes: weights } }]);
  await shelf.putScores([{ runId: 'r', featureKey: 'h/f', step: 9, scores, snippetsPerScore: 1 }]);
  return shelf;
}

test('a run that left one store arrives in another with the same weights, scores, losses and threshold', async () => {
  const bytes = await packRunFile((await shelf()).asStore(), run, null);
  const other = new Shelf();
  const arrived = await importRun(other.asStore(), bytes, 'run.zip', 'q');
  expect(arrived).toMatchObject({
    projectId: 'q',
    head: 'sultani',
    config,
    seed: 11,
    step: 9,
    threshold: 0.41,
  });
  expect(arrived.losses).toEqual(run.losses);
  expect(arrived.training).toEqual(run.training);
  const [record] = await other.scores(arrived.id);
  expect(record).toMatchObject({ featureKey: 'h/f', scores });
  const { checkpoint: kept } = readRun(other.checkpoints.get(arrived.id)!.bytes, 'kept');
  expect(kept.parameters).toEqual(parameters);
});

test.each([
  ['boxes', [16, 1, 2, 30, 40.5]],
  ['none, as where the top tube has none', []],
])('where the top tube is goes along: %s', async (_, rows) => {
  const boxes = { shape: [rows.length / 5, 5], values: Float32Array.from(rows) };
  const boxFrames = { shape: [2], values: Float32Array.of(16, 32) };
  const own = new Shelf();
  await own.putRuns([{ run, checkpoint: { runId: 'r', step: 9, bytes: weights } }]);
  const record = { runId: 'r', featureKey: 'h/f', step: 9, scores, snippetsPerScore: 1, boxes, boxFrames };
  await own.putScores([record]);
  const other = new Shelf();
  const { id } = await importRun(
    other.asStore(),
    await packRunFile(own.asStore(), run, null),
    'run.zip',
    'q',
  );
  expect((await other.scores(id))[0]).toMatchObject({ boxes, boxFrames });
  const listed = parseScores(JSON.stringify(await scoresOf(own.asStore(), run, 'hash')), 'scores.json');
  const tube = rows.length > 0 ? [rows] : [];
  expect(listed.videos[0].boxes).toEqual({ tube, frames: [16, 32], picture: [640, 480] });
});

test('scores of segments are written with their widths, and read again they make the figures of the page', async () => {
  const wide = await scoresOf((await shelf(113.4)).asStore(), run, 'hash');
  expect(wide).toMatchObject({ expansion: 'widths', videos: [{ name: 'gate.mp4', width: 113.4 }] });
  const { expansion, videos } = parseScores(JSON.stringify(wide), 'scores.json');
  const [{ name, scores: read, width }] = videos;
  const truth = { totalFrames: 340, intervals: [{ startFrame: 120, endFrame: 220, class: 'x' }] };
  const video = { name, scores: read, frames: null, framesPerSecond: null, label: null, truth, width };
  // 101 positive frames within the 113 of the highest score: of 239 negative frames 12 tie with them.
  expect(evaluate([video], { expansion, threshold: 0.5 }).frameAuc).toBeCloseTo(1 - 12 / 2 / 239, 12);
  const narrow = await scoresOf((await shelf()).asStore(), run, 'hash');
  expect(narrow.expansion).toBe('repeat16');
  expect(narrow.videos[0]).not.toHaveProperty('width');
});

test('weights alone arrive too, with what they say of themselves', async () => {
  const arrived = await importRun(new Shelf().asStore(), weights, 'run.safetensors', 'q');
  expect(arrived).toMatchObject({ head: 'sultani', config, seed: 11, step: 9, threshold: 0.41, features: 8 });
});

describe('what does not fit is refused, and nothing is kept', () => {
  const saying = (change: Record<string, string>) =>
    writeRun({ checkpoint, scale: null, metadata: { ...metadataOf(run), ...change } }, false);
  const wider = new Map([...parameters, ['fc1.weight', { shape: [6, 9], values: new Float32Array(54) }]]);
  const astray = new Map([
    ...parameters,
    ['fc2.bias', { shape: [4], values: Float32Array.of(0, NaN, Infinity, 1) }],
  ]);
  const lost = { checkpoint: { ...checkpoint, parameters: astray }, scale: null, metadata: metadataOf(run) };
  const told =
    /^a\.safetensors: Its tensor "fc2\.bias" holds 2 of 4 numbers that are not finite, the first of them NaN at 1\. Save it again/;
  const omitting = (key: string, { [key]: _, ...rest }: Record<string, string>) => rest;
  const cases: [string, Uint8Array<ArrayBuffer>, string, RegExp][] = [
    ['a run whose weights are not numbers', writeRun(lost, false), 'a.safetensors', told],
    ['a head whose weights are not numbers', writeSafetensors([...astray]), 'a.safetensors', told],
    [
      'weights of the step that counts that are not numbers',
      writeRun({ ...lost, checkpoint, best: astray }, true),
      'a.safetensors',
      /"fc2\.bias" of the step that counts/,
    ],
    ['a head of tomorrow', saying({ head: 'transformer' }), 'a.safetensors', /head that is not known here/],
    ['a setting that is none', saying({ config: '{"hidden1":-4}' }), 'a.safetensors', /"hidden1" must be/],
    ['a config that is no JSON', saying({ config: '{' }), 'a.safetensors', /at config/],
    ['a seed that is none', saying({ seed: 'x' }), 'a.safetensors', /at seed/],
    ['classes that are none', saying({ classes: '[1]' }), 'a.safetensors', /at classes\.0/],
    [
      'weights of another shape',
      writeRun(
        { checkpoint: { ...checkpoint, parameters: wider }, scale: null, metadata: metadataOf(run) },
        false,
      ),
      'a.safetensors',
      /its features have 8 numbers, and its weights read 9/,
    ],
    [
      'weights of another head, with no word of features',
      writeRun(
        {
          checkpoint,
          scale: null,
          metadata: omitting('features', { ...metadataOf(run), head: 'rtfm', config: '{}' }),
        },
        false,
      ),
      'a.safetensors',
      /\(RTFM\)" as it is here; missing: Aggregate.*"fc1\.weight" is \[6,8\]/,
    ],
    ['features that no memory holds', saying({ features: '1000000000' }), 'a.safetensors', /have 1000000000/],
    [
      'weights for features that no memory holds',
      writeRun(
        {
          checkpoint: {
            ...checkpoint,
            parameters: new Map([
              ...parameters,
              ['fc1.weight', { shape: [1, 2 ** 21], values: new Float32Array(2 ** 21) }],
            ]),
          },
          scale: null,
          metadata: { ...metadataOf(run), config: '{"hidden1":4096}' },
        },
        false,
      ),
      'a.safetensors',
      /features of 2097152 numbers/,
    ],
    [
      'a tensor of no numbers that claims many',
      writeRun(
        {
          checkpoint: {
            ...checkpoint,
            parameters: new Map([
              ...parameters,
              ['fc1.weight', { shape: [0, 1e9], values: new Float32Array(0) }],
            ]),
          },
          scale: null,
          metadata: metadataOf(run),
        },
        false,
      ),
      'a.safetensors',
      /"fc1\.weight" is \[0,1000000000\]/,
    ],
    ['no safetensors', Uint8Array.of(1, 2, 3), 'a.safetensors', /safetensors/],
    ['no PyTorch', Uint8Array.of(1, 2, 3), 'a.pt', /./],
  ];
  test.each(cases)('%s', async (_, bytes, file, why) => {
    const other = new Shelf();
    const refused = expect(importRun(other.asStore(), bytes, file, 'q')).rejects;
    await refused.toThrow(why);
    await refused.toMatchObject({ name: 'Failure' });
    expect(other.runs.size).toBe(0);
  });
});

test('a run of the store that went astray is refused where it arrives as a file, and is still its owner’s to save', async () => {
  const values = Float32Array.of(1, -Infinity, 3, 4);
  const saved = {
    checkpoint: { ...checkpoint, parameters: new Map([...parameters, ['fc2.bias', { shape: [4], values }]]) },
    scale: null,
    metadata: metadataOf(run),
  };
  const own = new Shelf();
  await own.putRuns([{ run, checkpoint: { runId: 'r', step: 9, bytes: writeRun(saved, true) } }]);
  const bytes = await packRunFile(own.asStore(), run, null);
  const other = new Shelf();
  await expect(importRun(other.asStore(), bytes, 'run.zip', 'q')).rejects.toThrow(
    /^run\.zip: Its tensor "fc2\.bias" holds 1 of 4 numbers that are not finite, the first of them -Infinity/,
  );
  expect(other.runs.size).toBe(0);
});

describe('files of weights are told apart', () => {
  const plain = writeSafetensors([...parameters]);
  const other = writeSafetensors([['stem.weight', { shape: [1], values: Float32Array.of(1) }]]);
  const text = new TextEncoder().encode('not safetensors at all');
  const kind = (bytes: Uint8Array<ArrayBuffer>, name: string) => kindOfWeights(new Blob([bytes]), name);

  test('by what stands in them', async () => {
    expect(await kind(weights, 'x.safetensors')).toBe('run');
    expect(await kind(plain, 'x.safetensors')).toBe('head');
    expect(await kind(other, 'x.safetensors')).toBe('other');
    expect(await kind(text, 'x.safetensors')).toBe('other');
    expect(await kind(text, 'x.zip')).toBe('other');
    expect(await kind(Uint8Array.of(1, 2), 'x.pt')).toBe('other');
    expect(await kind(await packRunFile((await shelf()).asStore(), run, null), 'x.zip')).toBe('run');
    expect(await kind(zipSync({ 'a.npy': text }) as Uint8Array<ArrayBuffer>, 'x.zip')).toBe('other');
  });

  /** A zip archive of 5 GB with another one's end; whoever asks for all of it fails. */
  const large = (end: Uint8Array<ArrayBuffer>) =>
    ({
      size: 5e9,
      slice: (from: number, to = 5e9) =>
        new Blob(to === 4 ? ['PK\x03\x04'] : [new Uint8Array(5e9 - end.length - from), end]),
      arrayBuffer: () => Promise.reject(new RangeError('Array buffer allocation failed')),
    }) as unknown as Blob;

  test('without reading all of one that fits into no memory', async () => {
    expect(await kindOfWeights(large(text), 'x.pt')).toBe('other');
    expect(await kindOfWeights(large(text), 'x.zip')).toBe('other');
  });
});

test.skipIf(!sharedIsHere)('a released head becomes a run', async () => {
  const bytes = (await readShared('heads/watanabe_da64_r3.safetensors'))!;
  expect(await kindOfWeights(new Blob([bytes]), 'w.safetensors')).toBe('head');
  const arrived = await importRun(new Shelf().asStore(), bytes, 'w.safetensors', 'q');
  expect(arrived).toMatchObject({ head: 'salient', features: 2048 });
});
