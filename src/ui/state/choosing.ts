/** By which figure the step that counts is chosen, where it is not the last. */
import { rocAuc, videoScore } from '../../engine/evaluation/ranking.ts';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import type { Client, RunRecord, ScoreRecord, TrainedOn } from '../../workers/client.ts';
import type { Project } from './project.svelte.ts';
import type { Training } from './training.svelte.ts';

/** @returns null where the figure is undefined */
export function figureOf(
  run: RunRecord,
  client: Client,
  project: Project,
  training: Training,
): Promise<number | null> {
  return run.selection === 'val'
    ? videoAuc(run, run.heldOut ?? [], client)
    : testAuc(run, client, project, training);
}

/** Video AUC, of weak labels alone. */
async function videoAuc(
  run: RunRecord,
  videos: readonly TrainedOn[],
  client: Client,
): Promise<number | null> {
  const rule = headCards.find(({ id }) => id === run.head)?.videoScore ?? 'max';
  const scores: (number | null)[] = [];
  for (const { featureKey } of videos) {
    const record = await client.peek(run.id, featureKey);
    scores.push(record && videoScore(record.instances ?? record.scores, rule));
  }
  const known = videos
    .map(({ label }, i) => ({ label, score: scores[i] }))
    .filter(({ score }) => score !== null);
  return rocAuc(
    known.map(({ label }) => (label === 'anomalous' ? 1 : 0)),
    known.map(({ score }) => score!),
  );
}

/** Frame AUC over the test part, of the truth that training never sees. */
async function testAuc(
  run: RunRecord,
  client: Client,
  project: Project,
  training: Training,
): Promise<number | null> {
  const scores = new Map<string, ScoreRecord>();
  for (const video of project.videos.filter(({ part }) => part === 'test')) {
    const features = project.featuresOf(video);
    const record = features && (await client.peek(run.id, features.key));
    if (record) scores.set(record.featureKey, record);
  }
  const videos = training.scoredVideos('test', scores);
  if (videos.length === 0) return null;
  return (await client.evaluate(videos, training.protocolFor(videos))).frameAuc;
}
