/** The steps of a run whose weights were kept, and what they make of the videos. */
import type { Evaluation } from '../../engine/evaluation/evaluate.ts';
import type { Protocol, SelectionRule } from '../../engine/evaluation/protocol.ts';
import { Failure } from '../../engine/failure.ts';
import type { RunRecord, ScoreRecord } from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';
import type { App } from './app.svelte.ts';

type KeptRun = Pick<RunRecord, 'selection' | 'best' | 'training'>;

const chosenBy = () => ({
  val: t('held-out videos'),
  test: t('the test videos'),
});

/** Which of a run's scores a rule asks for, or, in a sentence, why it has none. */
export function keptStep(
  { selection = 'last', best, training }: KeptRun,
  rule: SelectionRule,
): 'counted' | 'last' | { missing: string } {
  if (rule === 'run' || rule === selection) return 'counted';
  const words = chosenBy();
  const counts =
    selection === 'last'
      ? t('This run counts its last step')
      : t('This run counts the best step on {videos}', { videos: words[selection] });
  if (rule !== 'last')
    return {
      missing: t('{counts} and kept no weights chosen by {videos}: train it with that selection.', {
        counts,
        videos: words[rule],
      }),
    };
  // A run from a file brings the step that counts, and no other.
  if (!best && training.length === 0)
    return { missing: t('{counts}, and its file holds no other.', { counts }) };
  return best ? 'last' : 'counted';
}

/**
 * Scores of the run on screen by the step that a rule counts, by feature key.
 * @throws Failure `data-missing` where the run kept no such step
 */
export async function scoresBy(
  { client, project, training }: App,
  rule: SelectionRule,
): Promise<ReadonlyMap<string, ScoreRecord>> {
  const { run, scores } = training;
  if (!run) return scores;
  const kept = keptStep(run, rule);
  if (typeof kept === 'object')
    throw new Failure({ code: 'data-missing', subject: run.head, what: kept.missing });
  if (kept === 'counted') return scores;
  const keys = project.videos
    .filter(({ part }) => part === 'test')
    .flatMap((video) => project.featuresOf(video)?.key ?? []);
  const records = await client.trainer.scoreLast(run.id, keys).result;
  return new Map(records.map((record) => [record.featureKey, record]));
}

/**
 * Figures over the test part, under a protocol; null where no video of it has scores.
 * @throws Failure `data-missing` where the run kept no step of the kind that the protocol counts
 */
export async function evaluateUnder(app: App, told: Partial<Protocol>): Promise<Evaluation | null> {
  const scores = await scoresBy(app, told.selection ?? 'run');
  const videos = app.training.scoredVideos('test', scores);
  return videos.length > 0
    ? app.client.evaluate(videos, { ...app.training.protocolFor(videos), ...told })
    : null;
}
