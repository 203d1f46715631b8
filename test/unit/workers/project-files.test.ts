import '@tensorflow/tfjs-backend-cpu';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { DEFAULT_PROTOCOL } from '../../../src/engine/experiments/experiment.ts';
import { writeProjectFile } from '../../../src/engine/formats/project-file.ts';
import { writeSafetensors } from '../../../src/engine/formats/safetensors.ts';
import { quietJob } from '../../../src/engine/job.ts';
import type { VideoFeatures } from '../../../src/engine/types.ts';
import { packProject, unpackProject } from '../../../src/workers/project-files.ts';
import type {
  BoxesRecord,
  ExperimentRecord,
  ProjectRecord,
  VideoRecord,
} from '../../../src/workers/schema.ts';
import type { Store } from '../../../src/workers/store.ts';

/** What a store keeps of projects, in memory. */
class Shelf {
  readonly #projects: ProjectRecord[] = [];
  readonly #videos: VideoRecord[] = [];
  readonly #features = new Map<string, VideoFeatures>();
  readonly #experiments: ExperimentRecord[] = [];

  projects = async () => this.#projects;
  putProject = async (project: ProjectRecord) => void this.#projects.push(project);
  videos = async (id: string) => this.#videos.filter(({ projectId }) => projectId === id);
  putVideos = async (videos: VideoRecord[]) => void this.#videos.push(...videos);
  truths = async () => new Map();
  putTruths = async () => {};
  readonly #boxes = new Map<string, BoxesRecord>();
  boxes = async (ids: readonly string[]) => {
    const own = [...this.#boxes].filter(([id]) => ids.includes(id));
    return new Map(own.map(([id, { videoId: _, ...boxes }]) => [id, boxes]));
  };
  putBoxes = async (boxes: readonly BoxesRecord[]) =>
    boxes.forEach((record) => this.#boxes.set(record.videoId, record));
  features = async (key: string) => this.#features.get(key);
  featureSummary = async (key: string) => this.#features.get(key);
  featureSummaries = async () => [...this.#features].map(([key, own]) => ({ key, ...own }));
  putFeatures = async (key: string, features: VideoFeatures) => void this.#features.set(key, features);
  runs = async () => [];
  experiments = async (id: string) => this.#experiments.filter(({ projectId }) => projectId === id);
  putExperiment = async (experiment: ExperimentRecord) => void this.#experiments.push(experiment);
  deleteProject = async () => {};
  asStore = () => this as unknown as Store;
}

const video: VideoRecord = {
  id: 'v',
  projectId: 'p',
  name: 'gate.webm',
  hash: 'h',
  sizeBytes: 4,
  facts: null,
  label: 'anomalous',
  part: 'train',
  addedAt: 1,
  kept: false,
};
const ramp = (...shape: number[]) => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i / 8),
});
const features: VideoFeatures = {
  features: ramp(2, 3),
  snippets: [0, 1].map((n) => ({
    firstFrame: 16 * n,
    lastFrame: 16 * n + 15,
    startSeconds: n,
    endSeconds: n + 1,
    missing: false,
  })),
  gaps: [],
  frameSeconds: new Float64Array(0),
  warnings: [],
  provenance: {
    videoHash: 'h',
    backbone: 'imported',
    backboneHash: 'unknown',
    framesPerSecond: 0,
    crops: 1,
    backend: 'cpu',
    pixels: 'copyTo',
    sampledFrames: 0,
    seconds: { decode: 0, pixels: 0, backbone: 0, total: 0 },
  },
};
const plan = (seed: number) => ({
  id: `heads.sultani.seed-${seed}`,
  experiment: 'heads',
  row: 'sultani',
  source: null,
  head: 'sultani',
  config: {},
  seed,
  steps: 5,
});
const experiment: ExperimentRecord = {
  id: 'e',
  projectId: 'p',
  createdAt: 3,
  experiment: 'heads',
  protocol: DEFAULT_PROTOCOL,
  plans: [plan(1), plan(2)],
  data: { '': { hash: 'd', training: 1, test: 1 } },
  results: [],
  isPaused: false,
  keepsRuns: true,
};

async function shelf(own: Partial<VideoFeatures> = {}): Promise<Shelf> {
  const shelf = new Shelf();
  const head = { id: 'sultani', config: {}, seed: 0 };
  await shelf.putProject({ id: 'p', name: 'Gate', createdAt: 1, head });
  await shelf.putVideos([video]);
  await shelf.putFeatures('k', { ...features, ...own });
  await shelf.putExperiment(experiment);
  return shelf;
}
const options = { type: 'float32', keepOptimiser: true, withFiles: [] } as const;
const moved = async (from: Shelf, to: Shelf) =>
  unpackProject(to.asStore(), await packProject(from.asStore(), 'p', options), 'gate.weaklens', quietJob);

test('tubes and experiments arrive with a project; one that is not done waits there', async () => {
  const tubes = { region: ramp(4, 3), global: ramp(4, 3) };
  const other = new Shelf();
  const { id } = await moved(await shelf({ tubes }), other);
  expect((await other.features('k'))!.tubes).toEqual(tubes);
  const [arrived] = await other.experiments(id);
  expect(arrived).toEqual({ ...experiment, id: arrived.id, projectId: id, isPaused: true });
  expect(arrived.id).not.toBe('e');
});

test('boxes arrive with a project, of tubes and of the truth, whether or not intervals are known', async () => {
  const boxes = { shape: [1, 6], values: Float32Array.of(3, 15, 1, 2, 30, 40) };
  const picture = { shape: [2], values: Float32Array.of(320, 240) };
  const tubes = { region: ramp(4, 3), global: ramp(4, 3), boxes, picture };
  const from = await shelf({ tubes });
  const own = { byFrame: { 15: [1, 2, 30, 40] as const }, picture: null };
  await from.putBoxes([{ videoId: 'v', ...own }]);
  const other = new Shelf();
  const { id } = await moved(from, other);
  expect((await other.features('k'))!.tubes).toEqual(tubes);
  const [arrived] = await other.videos(id);
  expect(await other.boxes([arrived.id])).toEqual(new Map([[arrived.id, own]]));
});

test('features that are kept in half precision are written so, and come back as they were', async () => {
  const values = Float32Array.from({ length: 4096 }, (_, i) => (((i * 7919) % 4096) - 2048) / 64);
  const half = { shape: [2, 2048], values };
  const exact = { ...half, values: values.map((value) => value + 1e-3) };
  const parts = async (features: VideoFeatures['features']) =>
    unzipSync(await packProject((await shelf({ features })).asStore(), 'p', options))['features/0.npy'];
  expect((await parts(half)).byteLength).toBe(128 + 2 * values.length);
  expect((await parts(exact)).byteLength).toBe(128 + 4 * values.length);
  const other = new Shelf();
  await moved(await shelf({ features: half }), other);
  expect((await other.features('k'))!.features).toEqual(half);
});

test('a run whose weights are those of another head is refused with the project', async () => {
  const weights = writeSafetensors([['phi1.weight', { shape: [2, 3], values: new Float32Array(6) }]]);
  const run = { head: 'sultani', config: {}, seed: 1, createdAt: 1, step: 0, steps: 0, version: '0' };
  const losses = { total: [], terms: {} };
  const bytes = writeProjectFile({
    name: 'Gate',
    head: null,
    videos: [],
    truths: new Map(),
    boxes: new Map(),
    features: new Map(),
    runs: [{ ...run, backend: 'cpu', training: [], backbone: 'x', losses, weights, scores: [] }],
    experiments: [],
    files: new Map(),
  });
  const other = new Shelf();
  await expect(unpackProject(other.asStore(), bytes, 'gate.weaklens', quietJob)).rejects.toMatchObject({
    code: 'weights-mismatch',
    subject: 'gate.weaklens: sultani',
  });
  expect(await other.projects()).toEqual([]);
});

test('numbers that half precision has not are written as they are', async () => {
  const maps = { shape: [2, 1, 1, 3], values: Float32Array.of(1e5, 1, 2, 3, 4, 5) };
  const other = new Shelf();
  await moved(await shelf({ maps }), other);
  expect((await other.features('k'))!.maps).toEqual(maps);
});

test('what could not be opened again is refused by name, before it is packed', async () => {
  const values = new Float32Array(2 ** 28 + 2);
  values[0] = 0.1; // no half
  const large = await shelf({ features: { shape: [2, values.length / 2], values } });
  await expect(packProject(large.asStore(), 'p', options)).rejects.toMatchObject({
    code: 'data-mismatch',
    subject: 'Gate',
    what: expect.stringContaining('1024 MB'),
  });
});
