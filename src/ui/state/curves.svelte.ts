/**
 * What thresholds do: the curves of the run on screen and of those beside it, the operating point on them, the alarms it
 * makes and what of them is wrong. Counting is done in a worker; here is the latest that it said.
 */
import { entryAt, figuresAt, thresholdWithin, type AlarmFigures } from '../../engine/evaluation/budget.ts';
import { bandOf } from '../../engine/evaluation/band.ts';
import type { DrawnCurve, RunCurves } from '../../engine/evaluation/curves.ts';
import { expansionOf } from '../../engine/evaluation/expand.ts';
import type { ScoredVideo } from '../../engine/evaluation/scored-video.ts';
import type { Judged } from '../../engine/evaluation/judgement.ts';
import type { Part } from '../../engine/types.ts';
import type { Client, FeatureSummary, VideoRecord } from '../../workers/client.ts';
import { lineName, type DrawnRun } from './comparison.svelte.ts';
import { score } from '../format.ts';
import { Latest } from './latest.ts';
import type { Notices } from './notices.svelte.ts';
import type { Project } from './project.svelte.ts';
import type { Training } from './training.svelte.ts';

export type CurveKind = 'roc' | 'precision-recall';

/** A run's curves, drawn like its line on the timeline. */
export interface DrawnCurves extends Pick<DrawnRun, 'slot' | 'name'> {
  runId: string;
  curves: RunCurves;
}

/** A line of the plot: a run, or repeats over seeds as their mean. */
export interface CurveLine extends Pick<DrawnRun, 'slot' | 'name'> {
  runs: readonly DrawnCurves[];
}

/** The curve of a kind; null where frames of one kind are missing. */
export const curveOf = ({ curves }: DrawnCurves, kind: CurveKind): DrawnCurve | null =>
  kind === 'roc' ? curves.roc : curves.precisionRecall;

/** The area under a line's curve; of a mean the mean of the areas, and their standard deviation (n − 1). */
export function areaText({ runs }: CurveLine, kind: CurveKind): string {
  const areas = runs.map(({ curves }) => (kind === 'roc' ? curves.roc?.area : curves.averagePrecision));
  const known = areas.flatMap((area) => area ?? []);
  if (known.length === 0) return score(null);
  const { mean, deviation } = bandOf(known.map((area) => [area]));
  return known.length > 1 ? `${score(mean[0])} ± ${score(deviation[0])}` : score(mean[0]);
}

/** An alarm or a missed event, and where it is to be seen. */
export interface Found extends Omit<Judged, 'video'> {
  video: VideoRecord;
  /** Null where the features come without times. */
  startSeconds: number | null;
  endSeconds: number | null;
}

export class Curves {
  readonly #client: Client;
  readonly #notices: Notices;
  readonly #project: Project;
  readonly #training: Training;
  part = $state<Part>('test');
  kind = $state<CurveKind>('roc');
  /** False alarms an hour that can be borne. */
  budget = $state(10);
  /** The run on screen first. */
  runs = $state.raw<readonly DrawnCurves[]>([]);
  /** Alarms and missed events at the threshold, those of the highest score first. */
  found = $state.raw<readonly Found[]>([]);
  readonly #drawing = new Latest();
  readonly #judging = new Latest();

  constructor(client: Client, notices: Notices, project: Project, training: Training) {
    this.#client = client;
    this.#notices = notices;
    this.#project = project;
    this.#training = training;
  }

  /** Those of the run on screen. */
  get own(): RunCurves | null {
    return this.runs.find(({ slot }) => slot === 0)?.curves ?? null;
  }

  /** What the plot draws of them; the line of the run on screen first. */
  readonly lines: readonly CurveLine[] = $derived.by(() =>
    this.#training.comparison.lines.flatMap((line) => {
      const having = line.filter(({ run }) => this.runs.some(({ runId }) => runId === run.id));
      const runs = having.map(({ run }) => this.runs.find(({ runId }) => runId === run.id)!);
      return runs.length > 0 ? [{ slot: having[0].slot, name: lineName(having), runs }] : [];
    }),
  );

  /** Draws anew when what it reads changes: to be called in an effect. */
  draw(): void {
    const wanted = this.#training.comparison.shown.map(({ run, slot, name, scores }) => {
      const videos = this.#training.scoredVideos(this.part, scores);
      return { runId: run.id, slot, name, videos };
    });
    this.#drawing.ask(async () => {
      const drawn: DrawnCurves[] = [];
      for (const { videos, ...run } of wanted) {
        if (videos.length === 0) continue;
        drawn.push({
          ...run,
          curves: await this.#client.runCurves(videos, { expansion: expansionOf(videos) }),
        });
      }
      this.runs = drawn;
    }, this.#fail);
  }

  /** Videos of the part, and those of any part whose truth nobody has told. */
  readonly #judgeable = $derived.by(() =>
    this.#project.videos.flatMap((video) => {
      const scored = this.#training.scoredVideo(video);
      const features = this.#project.featuresOf(video);
      const isOpen = scored?.truth === null && scored.label !== 'normal';
      return scored && features && (isOpen || video.part === this.part) ? [{ video, features, scored }] : [];
    }),
  );

  /** Judges anew when what it reads changes, the threshold above all: to be called in an effect. */
  judge(): void {
    const { threshold } = this.#training;
    const videos = this.#judgeable;
    const scored: ScoredVideo[] = videos.map((one) => one.scored);
    this.#judging.ask(async () => {
      const judged = await this.#client.judgeAlarms(scored, { expansion: expansionOf(scored), threshold });
      this.found = judged.map((one): Found => {
        const { video, features } = videos[one.video];
        return { ...one, video, ...timesOf(features, one.startFrame, one.endFrame) };
      });
    }, this.#fail);
  }

  readonly #fail = (error: unknown) => this.#notices.fail(error);

  // The operating point

  /** What the threshold does to the run on screen. */
  get figures(): AlarmFigures | null {
    return this.own && figuresAt(this.own.alarms, this.#training.threshold);
  }

  /** Frames found, wrongly marked, and rightly marked of those marked, each a share. */
  get frameFigures(): { recall: number; falsePositiveRate: number; precision: number } | null {
    const { roc, precisionRecall } = this.own ?? {};
    if (!roc || !precisionRecall) return null;
    const entry = entryAt(roc.complete.thresholds, this.#training.threshold);
    return {
      recall: roc.complete.y[entry],
      falsePositiveRate: roc.complete.x[entry],
      precision: precisionRecall.complete.y[entry],
    };
  }

  /** The lowest threshold that keeps the budget and what it does; null where none does, or nobody knows. */
  get withinBudget(): { threshold: number; figures: AlarmFigures } | null {
    const { own, budget } = this;
    const threshold = own && Number.isFinite(budget) ? thresholdWithin(own.alarms, budget) : null;
    if (!own || threshold === null || threshold === Infinity) return null;
    return { threshold, figures: figuresAt(own.alarms, threshold) };
  }

  choose(threshold: number): void {
    this.#training.threshold = Math.min(Math.max(threshold, 0), 1);
  }

  /** Figures elsewhere on the page follow once the threshold has come to rest. */
  settle(): void {
    void this.#training.evaluate();
  }
}

/** When a frame range is shown: exact at the borders of snippets, in between as evenly as frames come. */
export function timesOf(
  { snippets }: Pick<FeatureSummary, 'snippets'>,
  startFrame: number,
  endFrame: number,
): { startSeconds: number | null; endSeconds: number | null } {
  const at = (frame: number): number | null => {
    const snippet = snippets.find(({ lastFrame }) => lastFrame >= frame);
    if (!snippet) return snippets.at(-1)?.endSeconds ?? null;
    const { firstFrame, lastFrame, startSeconds, endSeconds } = snippet;
    return startSeconds + ((frame - firstFrame) / (lastFrame + 1 - firstFrame)) * (endSeconds - startSeconds);
  };
  return { startSeconds: at(startFrame), endSeconds: at(endFrame + 1) };
}
