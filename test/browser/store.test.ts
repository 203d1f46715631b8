import { openDB } from 'idb';
import { afterEach, describe, expect, test } from 'vitest';
import type { VideoFeatures } from '../../src/engine/types.ts';
import {
  migrations,
  type GuessRecord,
  type ProjectRecord,
  type RunRecord,
  type VideoRecord,
} from '../../src/workers/schema.ts';
import { Store } from '../../src/workers/store.ts';

let count = 0;
const opened: Store[] = [];
const fresh = () => `weaklens-test-${Date.now()}-${count++}`;
async function open(...args: Parameters<typeof Store.open>): Promise<Store> {
  const store = await Store.open(...args);
  opened.push(store);
  return store;
}

afterEach(async () => {
  for (const store of opened.splice(0)) store.close();
  for (const { name } of await indexedDB.databases())
    if (name?.startsWith('weaklens-test')) indexedDB.deleteDatabase(name);
});

const project: ProjectRecord = {
  id: 'p',
  name: 'Gate',
  createdAt: 1,
  head: { id: 'sultani', config: { dropout: 0.6 }, seed: 7 },
};
const video = (id: string): VideoRecord => ({
  id,
  projectId: 'p',
  name: `${id}.mp4`,
  hash: id.repeat(8),
  sizeBytes: 1,
  facts: null,
  label: 'normal',
  part: 'train',
  addedAt: 1,
  kept: false,
});

function features(rows: number, size: number): VideoFeatures {
  return {
    features: { shape: [rows, size], values: Float32Array.from({ length: rows * size }, (_, i) => i / 7) },
    snippets: [],
    gaps: [],
    frameSeconds: Float64Array.from({ length: rows * 16 }, (_, i) => i / 25),
    warnings: [],
    provenance: {
      videoHash: 'v',
      backbone: 'b',
      backboneHash: 'h',
      framesPerSecond: 5,
      crops: 1,
      backend: 'wasm',
      pixels: 'copyTo',
      sampledFrames: 1,
      seconds: { decode: 0, pixels: 0, backbone: 0, total: 0 },
    },
  };
}

test('boxes of tubes, and annotated ones beside the truth, which new intervals leave alone', async () => {
  const store = await open({}, fresh());
  const array = (shape: number[], values: number[]) => ({ shape, values: Float32Array.from(values) });
  const tubes = {
    ...{ region: array([1, 2], [1, 2]), global: array([1, 2], [3, 4]) },
    ...{ boxes: array([1, 6], [0, 16, 1, 2, 3, 4]), picture: array([2], [320, 240]) },
  };
  await store.putFeatures('k', { ...features(2, 2), tubes }, 1);
  expect((await store.features('k')).tubes).toEqual(tubes);

  const own = { byFrame: { 16: [1, 2, 3, 4] as const }, picture: null };
  await store.putProject(project);
  await store.putVideos([video('a')]);
  await store.putBoxes([{ videoId: 'a', ...own }]);
  await store.putTruths([{ videoId: 'a', totalFrames: 32, intervals: [] }]);
  await store.deleteTruth('a');
  expect(await store.boxes(['a', 'b'])).toEqual(new Map([['a', own]]));
  await store.deleteProject('p');
  expect(await store.boxes(['a'])).toEqual(new Map());
});

describe('migrations', () => {
  test('a database of the first version becomes one of today, with nothing lost', async () => {
    const name = fresh();
    // As version 1 wrote it: truth stood in the video's record.
    const old = await openDB(name, 1, {
      upgrade: (db, _from, _to, tx) => void migrations[0](db as never, tx as never),
    });
    await old.put('projects', project);
    const truth = { totalFrames: 75, intervals: [{ class: 'x', startFrame: 3, endFrame: 9 }] };
    await old.put('videos', { ...video('a'), truth });
    await old.put('videos', video('b'));
    await old.put('checkpoints', { runId: 'r', step: 3, bytes: Uint8Array.of(7, 8, 9) });
    old.close();

    const store = await open({}, name);
    expect(await store.projects()).toEqual([project]);
    expect((await store.videos('p')).map(({ id }) => id).sort()).toEqual(['a', 'b']);
    for (const record of await store.videos('p')) expect(record).not.toHaveProperty('truth');
    expect((await store.truths(['a', 'b'])).get('a')).toMatchObject(truth);
    expect((await store.truths(['b'])).size).toBe(0);
    expect(await store.checkpoint('r')).toEqual({ runId: 'r', step: 3, bytes: Uint8Array.of(7, 8, 9) });
    await store.putScores([
      { runId: 'r', featureKey: 'k', step: 1, scores: Float32Array.of(0.5), snippetsPerScore: 1 },
    ]);
    expect(await store.scores('r')).toHaveLength(1);
  });

  test('a database without experiments gets a place for them, found by project, and keeps what it had', async () => {
    const name = fresh();
    const old = await open({}, name, 5);
    await old.putProject(project);
    await old.putVideos([video('a')]);
    await old.putTruths([{ videoId: 'a', totalFrames: 9, intervals: [] }]);
    await old.putScores([
      { runId: 'r', featureKey: 'k', step: 1, scores: Float32Array.of(0.5), snippetsPerScore: 1 },
    ]);
    old.close();
    const before = await openDB(name);
    expect([before.version, [...before.objectStoreNames].includes('experiments')]).toEqual([5, false]);
    before.close();

    const store = await open({}, name);
    const experiment = (id: string, projectId: string) =>
      ({ id, projectId, createdAt: 1, experiment: 'heads', plans: [], results: [] }) as never;
    await store.putExperiment(experiment('e', 'p'));
    await store.putExperiment(experiment('f', 'q'));
    expect((await store.experiments('p')).map(({ id }) => id)).toEqual(['e']);
    expect(await store.projects()).toEqual([project]);
    expect((await store.videos('p')).map(({ id }) => id)).toEqual(['a']);
    expect((await store.truths(['a'])).get('a')).toMatchObject({ totalFrames: 9 });
    expect(await store.scores('r')).toHaveLength(1);
    const after = await openDB(name);
    expect(after.version).toBe(migrations.length);
    after.close();
  });

  test('an older page refuses the data of a newer one, and a newer one lets the older let go', async () => {
    const name = fresh();
    let isOutdated = false;
    await open({ outdated: () => (isOutdated = true) }, name, 1);
    await open({}, name, 2);
    expect(isOutdated).toBe(true);
    await expect(open({}, name, 1)).rejects.toMatchObject({ code: 'storage-unavailable' });
  });
});

describe('runs', () => {
  const run = (id: string): RunRecord => ({
    id,
    projectId: 'p',
    head: 'mgfn',
    config: {},
    seed: 0,
    createdAt: 1,
    updatedAt: 1,
    step: 1,
    steps: 1,
    backend: 'wasm',
    version: '0',
    training: [],
    backbone: 'weaklens-a0',
    losses: { total: Float32Array.of(1), terms: {} },
  });

  test('a checkpoint of more than a browser takes as one value is kept, and replaced by a smaller one', async () => {
    const store = await open({}, fresh());
    const bytes = new Uint8Array(140 << 20);
    for (let i = 0; i < bytes.length; i += 4093) bytes[i] = i % 251;
    await store.putRuns([{ run: run('r'), checkpoint: { runId: 'r', step: 1, bytes } }]);
    const read = (await store.checkpoint('r'))!;
    expect(read.step).toBe(1);
    expect(read.bytes.length).toBe(bytes.length);
    expect(read.bytes.every((byte, i) => byte === bytes[i])).toBe(true);
    await store.putRuns([{ run: run('r'), checkpoint: { runId: 'r', step: 2, bytes: Uint8Array.of(5) } }]);
    expect(await store.checkpoint('r')).toEqual({ runId: 'r', step: 2, bytes: Uint8Array.of(5) });
    await store.deleteRun('r');
    expect(await store.checkpoint('r')).toBeUndefined();
  });

  test('a checkpoint that lacks a piece is not there', async () => {
    const name = fresh();
    const store = await open({}, name);
    await store.putRuns([
      { run: run('r'), checkpoint: { runId: 'r', step: 1, bytes: new Uint8Array(9 << 20) } },
    ]);
    const raw = await openDB(name);
    await raw.delete('checkpointChunks', ['r', 1]);
    raw.close();
    expect(await store.checkpoint('r')).toBeUndefined();
  });
});

describe('features', () => {
  test('large arrays go in pieces of at most 8 MB and come back whole', async () => {
    const name = fresh();
    const store = await open({}, name);
    const written = features(6000, 1024); // 24.6 MB
    const summary = await store.putFeatures('k', written, 5);
    expect(summary.bytes).toBe(6000 * 1024 * 4 + 6000 * 16 * 8);
    const read = await store.features('k');
    expect(read.features.shape).toEqual([6000, 1024]);
    expect(read.features.values.every((value, i) => value === written.features.values[i])).toBe(true);
    expect(read.features.values).toHaveLength(6000 * 1024);
    expect(read.frameSeconds).toEqual(written.frameSeconds);
    const raw = await openDB(name);
    const chunks = (await raw.getAll('featureChunks')) as ArrayBuffer[];
    raw.close();
    expect(Math.max(...chunks.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(8 << 20);
  });

  test('what lacks a piece is not there, and is said to be lost', async () => {
    const name = fresh();
    const store = await open({}, name);
    await store.putFeatures('k', features(10, 4), 1);
    const raw = await openDB(name);
    await raw.delete('featureChunks', ['k', 'features', 0]);
    raw.close();
    await expect(store.features('k')).rejects.toMatchObject({ code: 'data-missing' });
  });

  test('a write that breaks off leaves nothing behind', async () => {
    const store = await open({}, fresh());
    const broken = features(10, 4);
    broken.warnings = [(() => {}) as never]; // cannot be cloned: the manifest is written last and fails
    await expect(store.putFeatures('k', broken, 1)).rejects.toThrow();
    expect(await store.featureSummaries()).toEqual([]);
    await store.putFeatures('k', features(10, 4), 1);
    expect(await store.featureSummaries()).toHaveLength(1);
  });

  test('deleting takes the pieces along', async () => {
    const name = fresh();
    const store = await open({}, name);
    await store.putFeatures('k', features(10, 4), 1);
    await store.putFeatures('kk', features(10, 4), 1);
    await store.deleteFeatures(['k']);
    const raw = await openDB(name);
    expect(((await raw.getAllKeys('featureChunks')) as string[][]).every(([key]) => key === 'kk')).toBe(true);
    raw.close();
  });
});

describe('guesses', () => {
  const guess = (videoId: string): GuessRecord => ({
    videoId,
    intervals: [{ startFrame: 17, endFrame: 40 }],
    seconds: 12.5,
    revealedAt: null,
    revealed: null,
  });

  test('are kept by video, and one that says "nothing unusual" is not the same as none', async () => {
    const store = await open({}, fresh());
    const nothing = { ...guess('b'), intervals: [], revealed: [], revealedAt: 7 };
    await store.putGuesses([guess('a'), nothing]);
    await store.putGuesses([{ ...guess('a'), seconds: 20 }]);
    expect(await store.guesses(['b', 'c', 'a'])).toEqual([nothing, { ...guess('a'), seconds: 20 }]);
  });

  test('go with their video and with their project, and truth is no part of them', async () => {
    const store = await open({}, fresh());
    await store.putProject(project);
    await store.putVideos(['a', 'b', 'c'].map(video));
    await store.putTruths([{ videoId: 'a', totalFrames: 9, intervals: [] }]);
    await store.putGuesses(['a', 'b', 'c'].map(guess));
    await store.deleteVideos(['a']);
    expect((await store.guesses(['a', 'b', 'c'])).map(({ videoId }) => videoId)).toEqual(['b', 'c']);
    expect((await store.truths(['a'])).size).toBe(1);
    await store.deleteTruth('a');
    expect((await store.truths(['a'])).size).toBe(0);
    await store.deleteProject('p');
    expect(await store.guesses(['a', 'b', 'c'])).toEqual([]);
  });

  test('find their place in a database that had none', async () => {
    const name = fresh();
    const old = await open({}, name, 3);
    await old.putVideos([video('a')]);
    old.close();
    const store = await open({}, name);
    await store.putGuesses([guess('a')]);
    expect(await store.guesses(['a'])).toEqual([guess('a')]);
    expect((await store.videos('p')).map(({ id }) => id)).toEqual(['a']);
  });
});

test('a project goes with its videos, truths, runs and scores, and nothing else does', async () => {
  const store = await open({}, fresh());
  await store.putProject(project);
  await store.putProject({ ...project, id: 'q' });
  await store.putVideos([video('a'), { ...video('b'), projectId: 'q' }]);
  await store.putTruths([{ videoId: 'a', totalFrames: 1, intervals: [] }]);
  await store.putFeatures('k', features(2, 2), 1);
  await store.deleteProject('p');
  expect((await store.projects()).map(({ id }) => id)).toEqual(['q']);
  expect((await store.allVideos()).map(({ id }) => id)).toEqual(['b']);
  expect((await store.truths(['a'])).size).toBe(0);
  expect(await store.featureSummaries()).toHaveLength(1);
});

describe('feature maps', () => {
  const withMaps = (largest: number): VideoFeatures => {
    const values = Float32Array.from({ length: 4 * 6 * 6 * 8 }, (_, i) => (largest * i) / 1151);
    return { ...features(4, 8), maps: { shape: [4, 6, 6, 8], values } };
  };

  test('take half the room, and are as exact as that allows', async () => {
    const store = await open({}, fresh());
    const video = withMaps(5);
    const plain = await store.putFeatures('plain', features(4, 8), 1);
    const summary = await store.putFeatures('maps', video, 1);
    expect(summary.bytes - plain.bytes).toBe(2 * 4 * 6 * 6 * 8);
    const found = (await store.features('maps')).maps!;
    expect(found.shape).toEqual([4, 6, 6, 8]);
    found.values.forEach((value, i) => expect(Math.abs(value - video.maps!.values[i])).toBeLessThan(0.0025));
    expect((await store.features('maps')).features.values).toEqual(video.features.values);
  });

  test('too large for half precision stay as they are', async () => {
    const store = await open({}, fresh());
    await store.putFeatures('maps', withMaps(1e6), 1);
    expect((await store.features('maps')).maps!.values.at(-1)).toBe(1e6);
  });

  test('of old, kept in full, are still read', async () => {
    const name = fresh();
    const video = withMaps(5);
    const store = await open({}, name);
    await store.putFeatures('maps', video, 1);
    const raw = await openDB(name);
    const manifest = (await raw.get('features', 'maps')) as { arrays: { name: string; isHalf?: boolean }[] };
    for (const array of manifest.arrays) delete array.isHalf;
    await raw.put('features', manifest);
    await raw.put('featureChunks', video.maps!.values.slice().buffer, ['maps', 'maps', 0]);
    raw.close();
    expect((await store.features('maps')).maps!.values).toEqual(video.maps!.values);
  });
});
