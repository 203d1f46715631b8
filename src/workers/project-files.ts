/** Projects as files: what the store holds of one, packed; and a packed one, into the store. */
import type { FiledExperiment } from '../engine/experiments/result.ts';
import { Failure } from '../engine/failure.ts';
import type { FiledRun } from '../engine/formats/filed-run.ts';
import {
  featuresBytes,
  projectRoom,
  readProjectFile,
  writeProjectFile,
  type Precision,
  type ProjectFile,
} from '../engine/formats/project-file.ts';
import { headCards } from '../engine/heads/catalogue.fields.ts';
import { resolveConfig } from '../engine/heads/config.fields.ts';
import { refuseUnlike } from '../engine/heads/recognise.ts';
import type { Job } from '../engine/job.ts';
import { readKeptRun, type SavedRun } from '../engine/training/checkpoint.ts';
import type { Fork } from '../engine/training/history.ts';
import { keptFile } from './files.ts';
import { takeIn } from './intake.ts';
import { knownConfig, packRun, unpackRun, unpackScores } from './run-files.ts';
import type { ExperimentRecord, ProjectRecord, RunRecord, VideoRecord } from './schema.ts';
import type { Store } from './store.ts';

export interface PackOptions {
  /** Of the features' numbers, and of the weights of runs without the optimiser's memory. */
  type: Precision;
  /** Whether runs can be trained on; without the optimiser's memory they are a third as large. */
  keepOptimiser: boolean;
  /** Names of videos whose files travel along. */
  withFiles: readonly string[];
  about?: string;
  /** Name of the video to put on stage first. */
  shown?: string;
}

/**
 * @throws Failure `data-missing` where a file that is to travel along is not kept here, or `data-mismatch` where all of it
 * is more than could be opened again
 */
export async function packProject(
  store: Store,
  projectId: string,
  options: PackOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const record = (await store.projects()).find(({ id }) => id === projectId);
  if (!record) throw new Failure({ code: 'data-missing', what: 'The project is no longer stored.' });
  const videos = (await store.videos(projectId)).sort((a, b) => a.addedAt - b.addedAt);
  const hashes = new Set(videos.map(({ hash }) => hash));
  const room = projectRoom(record.name); // counted as it is read, for not all of it may fit into memory
  for (const { name, sizeBytes } of videos) if (options.withFiles.includes(name)) room.take(sizeBytes);
  const features: ProjectFile['features'] = new Map();
  for (const { key, provenance } of await store.featureSummaries()) {
    if (!hashes.has(provenance.videoHash)) continue;
    const own = await store.features(key);
    room.take(featuresBytes(own, options.type));
    features.set(key, own);
  }
  const files: ProjectFile['files'] = new Map();
  const filed: ProjectFile['videos'] = [];
  for (const { projectId: _, addedAt: __, kept: ___, classes, ...video } of videos) {
    const named = { ...video, ...(classes && { classes: [...classes] }) };
    if (!options.withFiles.includes(video.name)) filed.push(named);
    else {
      const file = `videos/${files.size}`;
      files.set(file, await bytesOf(video));
      filed.push({ ...named, file });
    }
  }
  const runs: FiledRun[] = [];
  for (const run of (await store.runs(projectId)).sort((a, b) => a.createdAt - b.createdAt)) {
    const packed = await packRun(store, run, options);
    room.take(packed.weights.byteLength);
    runs.push(withoutOptimiser(packed, options));
  }
  const { name, head } = record;
  const shown = videos.find((video) => video.name === options.shown)?.id;
  const truths = await store.truths(videos.map(({ id }) => id));
  const told = [...truths].map(
    ([id, { totalFrames, intervals }]) => [id, { totalFrames, intervals }] as const,
  );
  const boxes = await store.boxes(videos.map(({ id }) => id));
  const { about, type } = options;
  const experiments = (await store.experiments(projectId)).map(fileExperiment);
  return writeProjectFile(
    {
      ...{ name, about, head, shown, videos: filed, truths: new Map(told), boxes },
      ...{ features, runs, experiments, files },
    },
    type,
  );
}

const fileExperiment = ({ id: _, projectId: __, ...experiment }: ExperimentRecord) =>
  experiment as FiledExperiment; // the same but for what may be changed

/** What cannot be trained on need not know what it was trained on. */
const withoutOptimiser = (run: FiledRun, { keepOptimiser }: PackOptions): FiledRun =>
  keepOptimiser ? run : { ...run, training: [], heldOut: undefined };

async function bytesOf({ hash, name }: Pick<VideoRecord, 'hash' | 'name'>): Promise<Uint8Array<ArrayBuffer>> {
  const file = await keptFile(hash);
  if (file) return new Uint8Array(await file.arrayBuffer());
  throw new Failure({
    code: 'data-missing',
    subject: name,
    what: 'This browser keeps no copy of the file, so it cannot travel along.',
    next: 'Drop it again, or save the project without it.',
  });
}

/**
 * A packed project as a new one of this browser's. All of it is read before anything is kept; the project itself is
 * written last, so that one half-written is never seen.
 * @param mark what the new record has beside what the file says
 * @throws Failure `format-invalid`, or `weights-mismatch` where weights are not those of their run's head
 */
export async function unpackProject(
  store: Store,
  bytes: Uint8Array,
  file: string,
  job: Job,
  mark: Partial<ProjectRecord> = {},
): Promise<ProjectRecord> {
  const content = readProjectFile(bytes, file);
  const runs = content.runs.map((filed) => {
    const run = { ...filed, config: knownConfig(filed.head, filed.config, file) };
    const saved = readKeptRun(run.weights, `${file}: ${run.head}`);
    refuseUnlike(run, saved.checkpoint.parameters, `${file}: ${run.head}`);
    return { run, saved };
  });
  const projectId = crypto.randomUUID();
  try {
    return await keepProject(store, projectId, content, runs, file, job, mark);
  } catch (error) {
    await store.deleteProject(projectId).catch(() => {});
    throw error;
  }
}

async function keepProject(
  store: Store,
  projectId: string,
  content: ProjectFile,
  runs: readonly { run: FiledRun; saved: SavedRun }[],
  file: string,
  job: Job,
  mark: Partial<ProjectRecord>,
): Promise<ProjectRecord> {
  const ids = new Map(content.videos.map(({ id }) => [id, crypto.randomUUID() as string]));
  const now = Date.now();

  const videos: VideoRecord[] = [];
  for (const [i, { id, file: part, ...video }] of content.videos.entries()) {
    await job.turn();
    job.report({ done: i, total: content.videos.length, unit: 'videos' });
    const taken = part === undefined ? null : await takeIn(new Blob([content.files.get(part)!]), job);
    if (taken && taken.hash !== video.hash)
      throw new Failure({
        code: 'format-invalid',
        subject: video.name,
        what: `The video in ${file} is not the one that it is said to be.`,
      });
    videos.push({ ...video, id: ids.get(id)!, projectId, addedAt: now + i, kept: taken?.kept ?? false });
  }
  for (const [key, features] of content.features) {
    await job.turn();
    if (!(await store.featureSummary(key))) await store.putFeatures(key, features, now);
  }
  await store.putVideos(videos);
  await store.putTruths([...content.truths].map(([id, truth]) => ({ videoId: ids.get(id)!, ...truth })));
  await store.putBoxes([...content.boxes].map(([id, own]) => ({ videoId: ids.get(id)!, ...own })));
  const runIds = new Map(runs.map(({ run }) => [run.id, crypto.randomUUID() as string]));
  const forkHere = (fork: Fork): Fork => ({
    ...fork,
    runId: runIds.get(fork.runId) ?? fork.runId,
    ...(fork.forkOf && { forkOf: forkHere(fork.forkOf) }),
  });
  for (const [i, { run, saved }] of runs.entries()) {
    const known = <T extends { videoId: string }>(videos: readonly T[]) =>
      videos.flatMap((video) =>
        ids.has(video.videoId) ? [{ ...video, videoId: ids.get(video.videoId)! }] : [],
      );
    const id = (run.id && runIds.get(run.id)) ?? crypto.randomUUID();
    const record = unpackRun(run, id, projectId, file);
    const kept: RunRecord = {
      ...record,
      createdAt: record.createdAt + i / 1000, // in the order of the file, whatever their clocks said
      training: known(record.training),
      heldOut: record.heldOut && known(record.heldOut),
      forkOf: record.forkOf && forkHere(record.forkOf),
    };
    const checkpoint = { runId: id, step: saved.checkpoint.step, bytes: run.weights };
    await store.putRuns([{ run: kept, checkpoint }]);
    await store.putScores(unpackScores(run, id));
  }
  for (const experiment of content.experiments) {
    // One that is not done waits: whoever opens a file has not asked for hours of training.
    const isPaused = experiment.results.length < experiment.plans.length;
    const id = crypto.randomUUID();
    await store.putExperiment({ ...experiment, id, projectId, isPaused } as ExperimentRecord);
  }
  const [first] = headCards;
  const set = content.head && {
    ...content.head,
    config: knownConfig(content.head.id, content.head.config, file),
  };
  const head = set ?? { id: first.id, config: resolveConfig(first), seed: 0 };
  const project: ProjectRecord = {
    ...mark,
    id: projectId,
    name: content.name,
    createdAt: now,
    head,
    about: content.about,
    shown: content.shown === undefined ? undefined : ids.get(content.shown),
  };
  await store.putProject(project);
  return project;
}
