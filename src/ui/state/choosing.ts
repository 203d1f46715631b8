/** Which step of a run counts, where it is not the last: the run is looked at now and then, and may end early. */
import type { EvaluationOptions } from '../../engine/evaluation/evaluate.ts';
import type { ScoredVideo } from '../../engine/evaluation/scored-video.ts';
import { rocAuc, videoScore } from '../../engine/evaluation/ranking.ts';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import type { Client, RunRecord, Selection, Trainer } from '../../workers/client.ts';
import { scoredVideo, type JudgedVideo } from './scored.ts';

/** How often a run is looked at to find the step that counts. */
export const LOOKS = 20;

/** Steps from one look to the next. */
export function stretchOf(selection: Selection, steps: number): number {
  return selection === 'last' ? steps : Math.max(1, Math.ceil(steps / LOOKS));
}

/** The step at which a run is looked at next. However it was paused, it is looked at after the same steps. */
export function nextLook(step: number, stretch: number, steps: number): number {
  return Math.min(steps, (Math.floor(step / stretch) + 1) * stretch);
}

/** Whether so many looks have found nothing better that a run is not worth going on with. */
export function isSpent({ step, best }: RunRecord, stretch: number, patience: number): boolean {
  return patience > 0 && best !== undefined && step - best.step >= patience * stretch;
}

/** Marks the step that a run stands at, if it is better than those before. */
export async function look(
  run: RunRecord,
  trainer: Trainer,
  client: Client,
  test: readonly JudgedVideo[],
  protocol: (videos: readonly ScoredVideo[]) => EvaluationOptions,
): Promise<RunRecord> {
  const figure =
    run.selection === 'val'
      ? await videoAuc(run, trainer)
      : await testAuc(run, trainer, client, test, protocol);
  if (figure === null || figure <= (run.best?.figure ?? -Infinity)) return run;
  return trainer.markBest(run.id, figure);
}

/** Video AUC over the held-out videos, of weak labels alone; null where it is undefined. */
async function videoAuc(run: RunRecord, trainer: Trainer): Promise<number | null> {
  const videos = run.heldOut ?? [];
  const rule = headCards.find(({ id }) => id === run.head)?.videoScore ?? 'max';
  const scores: (number | null)[] = [];
  for (const { featureKey } of videos) {
    const record = await trainer.peek(run.id, featureKey);
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
  trainer: Trainer,
  client: Client,
  test: readonly JudgedVideo[],
  protocol: (videos: readonly ScoredVideo[]) => EvaluationOptions,
): Promise<number | null> {
  const videos = [];
  for (const judged of test) {
    const record = await trainer.peek(run.id, judged.features.key);
    if (record) videos.push(scoredVideo(judged, record, run.classes));
  }
  return videos.length === 0 ? null : (await client.evaluate(videos, protocol(videos))).frameAuc;
}
