/**
 * Segments as points in two dimensions: as the backbone made them, or as the head sees them just before it scores them.
 * Principal axes are there at once; UMAP takes its time and is asked for. What is selected among the points is the same
 * for both, and is marked on the timeline.
 */
import type { Progress } from '../../engine/job.ts';
import type {
  Client,
  JobHandle,
  Layout,
  LayoutMethod,
  MagnitudeMoment,
  VideoRecord,
} from '../../workers/client.ts';
import { fixed, signed } from '../format.ts';
import { t } from '../text/text.svelte.ts';
import type { Guess } from './guess.svelte.ts';
import { Latest } from './latest.ts';
import type { Project } from './project.svelte.ts';
import type { Stage } from './stage.svelte.ts';
import type { Training } from './training.svelte.ts';

export type Side = 'before' | 'after';
export type Colouring = 'label' | 'prediction' | 'truth';

/** What a point is, by the colouring that is chosen: each has a colour and a shape of its own. */
export type PointKind =
  'normal' | 'anomalous' | 'unlabelled' | 'alarm' | 'quiet' | 'unscored' | 'true' | 'false' | 'hidden';

/** Points of videos. */
export interface Plot extends Layout {
  /** What it was made from. */
  key: string;
  videos: { id: string; name: string; featureKey: string }[];
  /** Of each point: which of the videos, and which snippet of it. */
  videoOf: Uint32Array;
  snippetOf: Uint32Array;
  /** The step of the run, where a head made it. */
  step: number | null;
}

/** Points that are drawn, at most; of more snippets every second, third, ... is taken. */
const MOST_POINTS = 20_000;

/** Plots that are kept, so that one can go back and forth. */
const MOST_PLOTS = 4;

/** While a run trains, so many milliseconds are left between two plots, and so many times what one took. */
const BREATH = 1500;
const PATIENCE = 4;

export class Space {
  readonly #client: Client;
  readonly #project: Project;
  readonly #training: Training;
  readonly #stage: Stage;
  readonly #guess: Guess;
  side = $state<Side>('before');
  method = $state<LayoutMethod['kind']>('pca');
  colouring = $state<Colouring>('label');
  /** Whether a point is the larger the longer its feature. */
  isSized = $state(true);
  plot = $state.raw<Plot | null>(null);
  /** Of the layout under way; null when there is none. */
  progress = $state.raw<Progress | null>(null);
  /** Why there is nothing to see. */
  obstacle = $state<string | null>(null);
  /** Points by index, in order. */
  selected = $state.raw<readonly number[]>([]);
  /** The point that is pointed at, or -1. */
  pointed = $state(-1);
  /** How long bags' features were while the run on screen trained. */
  moments = $state.raw<readonly MagnitudeMoment[]>([]);
  readonly #laying = new Latest();
  readonly #measuring = new Latest();
  readonly #kept = new Map<string, Plot>();
  #job: JobHandle<unknown> | null = null;
  #notBefore = 0;
  #measured = '';

  constructor(client: Client, project: Project, training: Training, stage: Stage, guess: Guess) {
    this.#client = client;
    this.#project = project;
    this.#training = training;
    this.#stage = stage;
    this.#guess = guess;
  }

  /** Videos with features, in the order of the list. */
  readonly #sources = $derived.by(() =>
    this.#project.videos.flatMap((video) => {
      const features = this.#project.featuresOf(video);
      return features
        ? [{ id: video.id, name: video.name, featureKey: features.key, count: features.shape[0] }]
        : [];
    }),
  );

  /** How many snippets a point stands for. */
  readonly every = $derived.by(() =>
    Math.max(1, Math.ceil(this.#sources.reduce((sum, { count }) => sum + count, 0) / MOST_POINTS)),
  );

  /** What a layout is made from: the same again is not made anew. */
  readonly #wanted = $derived.by(() => {
    const { run, isPlaying, tick } = this.#training;
    const step = isPlaying ? tick?.event.step : [run?.step, run?.best?.step].join();
    const who = this.side === 'after' ? [run?.id, step] : [];
    return JSON.stringify([
      this.side,
      this.method,
      ...who,
      ...this.#sources.map(({ featureKey }) => featureKey),
    ]);
  });

  /** Whether the plot is of what is chosen. */
  get isCurrent(): boolean {
    return this.plot?.key === this.#wanted;
  }

  /** Lays out anew when what it reads changes, as far as that is done at once: to be called in an effect. */
  refresh(): void {
    const key = this.#wanted;
    const { isPlaying, run } = this.#training;
    const kept = this.#kept.get(key);
    if (kept) this.#show(kept);
    else if (this.side === 'after' && !run)
      this.obstacle = t('Train a head, and what it makes of every segment is seen here.');
    else if (this.#sources.length === 0)
      this.obstacle = t('Extract features, and every segment is a point here.');
    else if (
      this.method === 'pca' &&
      !(isPlaying && this.side === 'after' && performance.now() < this.#notBefore)
    )
      this.layOut();
    else this.obstacle = null;
  }

  /** Lays out what is chosen. */
  layOut(): void {
    const key = this.#wanted;
    const sources = this.#sources;
    const { side, every } = this;
    const { run, isPlaying } = this.#training;
    const method: LayoutMethod =
      this.method === 'pca' ? { kind: 'pca' } : { kind: 'umap', neighbours: 15, minDistance: 0.1, seed: 0 };
    this.#laying.ask(
      async () => {
        const began = performance.now();
        const keys = sources.map(({ featureKey }) => featureKey);
        const told = (progress: Progress) => (this.progress = progress);
        this.progress = { done: 0, total: null, unit: 'videos' };
        let step: number | null = null;
        try {
          let handle: JobHandle<Layout>;
          if (side === 'before') handle = this.#client.space.layOutFeatures(keys, every, method, told);
          else {
            const seen = this.#client.space.represent(run!.id, keys, every, isPlaying, told);
            this.#job = seen;
            const points = await seen.result;
            ({ step } = points);
            handle = this.#client.space.layOutPoints(points, method, told);
          }
          this.#job = handle;
          const plot = plotOf(key, await handle.result, sources, every, step);
          this.#kept.set(key, plot);
          if (this.#kept.size > MOST_PLOTS) this.#kept.delete(this.#kept.keys().next().value!);
          const isAskedFor = side === this.side && method.kind === this.method;
          if (key === this.#wanted || (isPlaying && isAskedFor)) this.#show(plot);
        } finally {
          this.progress = null;
          this.#job = null;
          this.#notBefore = performance.now() + Math.max(BREATH, PATIENCE * (performance.now() - began));
        }
      },
      (error) => {
        const { code, message } = error as { code?: string; message: string };
        if (code !== 'cancelled' && key === this.#wanted) this.obstacle = message;
      },
    );
  }

  cancel(): void {
    this.#job?.cancel();
  }

  #show(plot: Plot): void {
    this.obstacle = null;
    if (plot === this.plot) return;
    const isSame = this.plot !== null && String(this.plot.counts) === String(plot.counts);
    this.plot = plot;
    if (isSame) return;
    this.selected = [];
    this.pointed = -1;
  }

  /** Asks for the magnitudes of bags when the run has gone on: to be called in an effect. */
  measure(): void {
    const { run, isPlaying, tick } = this.#training;
    const stamp = [run?.id, run?.step, isPlaying ? Math.floor((tick?.event.step ?? 0) / 5) : null].join();
    if (stamp === this.#measured) return;
    this.#measured = stamp;
    this.#measuring.ask(
      async () => {
        this.moments = run ? await this.#client.space.magnitudes(run.id) : [];
      },
      () => (this.moments = []), // the run itself says what is wrong with it
    );
  }

  // Points

  video(point: number): VideoRecord | null {
    const { plot } = this;
    const own = plot?.videos[plot.videoOf[point]];
    return (own && this.#project.video(own.id)) ?? null;
  }

  /** What a point is, as far as it may be told. */
  readonly kindOf = $derived.by((): ((point: number) => PointKind) => {
    const { plot, colouring } = this;
    if (!plot) return () => 'hidden';
    const records = plot.videos.map(({ id }) => this.#project.video(id));
    if (colouring === 'label') return (point) => records[plot.videoOf[point]]?.label ?? 'unlabelled';
    if (colouring === 'prediction') {
      const { threshold, scores } = this.#training;
      const own = plot.videos.map(({ featureKey }) => scores.get(featureKey)?.scores);
      return (point) => {
        const score = own[plot.videoOf[point]]?.[plot.snippetOf[point]];
        return score === undefined ? 'unscored' : score >= threshold ? 'alarm' : 'quiet';
      };
    }
    const told = plot.videos.map(({ id, featureKey }) =>
      this.isRevealed(id)
        ? { truth: this.#project.truths.get(id)!, snippets: this.#project.features.get(featureKey)!.snippets }
        : null,
    );
    return (point) => {
      const own = told[plot.videoOf[point]];
      if (!own) return 'hidden';
      const { firstFrame, lastFrame } = own.snippets[plot.snippetOf[point]];
      const isIn = ({ startFrame, endFrame }: { startFrame: number; endFrame: number }) =>
        startFrame - 1 <= lastFrame && endFrame - 1 >= firstFrame;
      return own.truth.intervals.some(isIn) ? 'true' : 'false';
    };
  });

  /** Whether the truth of a video may be shown: it is on the stage, or was revealed before. */
  isRevealed(videoId: string): boolean {
    if (!this.#project.truths.has(videoId)) return false;
    const isSeen = videoId === this.#stage.videoId && this.#stage.isTruthShown;
    return isSeen || (this.#guess.records.get(videoId)?.revealedAt ?? null) !== null;
  }

  /** A point in words. */
  describe(point: number): string {
    const { plot } = this;
    if (!plot || point < 0) return t('no point');
    const { name, featureKey } = plot.videos[plot.videoOf[point]];
    const score = this.#training.scores.get(featureKey)?.scores[plot.snippetOf[point]];
    const said = [
      `${name}, ${t('snippet {n}', { n: plot.snippetOf[point] + 1 })}`,
      score === undefined ? null : t('score {score}', { score: fixed(score, 3) }),
      t('magnitude {length}', { length: signed(plot.magnitudes[point].toPrecision(3)) }),
    ];
    return said.filter((part) => part !== null).join(', ');
  }

  /** Selected snippets of the video with these features, in order. */
  selectedOf(featureKey: string | undefined): number[] {
    const { plot, selected } = this;
    if (!plot || !featureKey || selected.length === 0) return [];
    const own = plot.videos.findIndex((video) => video.featureKey === featureKey);
    return selected.filter((point) => plot.videoOf[point] === own).map((point) => plot.snippetOf[point]);
  }
}

function plotOf(
  key: string,
  layout: Layout,
  sources: readonly { id: string; name: string; featureKey: string }[],
  every: number,
  step: number | null,
): Plot {
  const count = layout.places.length / 2;
  const [videoOf, snippetOf] = [new Uint32Array(count), new Uint32Array(count)];
  let point = 0;
  layout.counts.forEach((own, video) => {
    for (let i = 0; i < own; i++, point++) {
      videoOf[point] = video;
      snippetOf[point] = i * every;
    }
  });
  const videos = sources.map(({ id, name, featureKey }) => ({ id, name, featureKey }));
  return { ...layout, key, videos, videoOf, snippetOf, step };
}
