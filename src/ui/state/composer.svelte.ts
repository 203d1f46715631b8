/**
 * A bag of somebody's own making: snippets of any videos, a label, reference bags beside it, and what the run on screen
 * makes of them: scores, the segments that speak for the bag, the loss. Nothing is trained.
 */
import type { WeakLabel } from '../../engine/types.ts';
import type { BagWish, Client, WeighedWish } from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';
import { Latest } from './latest.ts';
import type { Notices } from './notices.svelte.ts';
import type { Project } from './project.svelte.ts';
import type { Training } from './training.svelte.ts';

/** A snippet in the bag; the same one may be there several times. */
export interface Piece {
  id: number;
  featureKey: string;
  /** From 0. */
  snippet: number;
}

/** Pieces of a bag, at most. */
export const MOST_PIECES = 64;

/** The fields of a head that say how many segments speak for a bag: its k. */
const K_FIELDS = ['topK', 'topSegments'];

export class Composer {
  readonly #client: Client;
  readonly #notices: Notices;
  readonly #project: Project;
  readonly #training: Training;
  pieces = $state.raw<readonly Piece[]>([]);
  label = $state<WeakLabel>('anomalous');
  /** Reference bags of the other label; of its own label there is one fewer. */
  references = $state(2);
  /** Share of the reference bags whose label is wrong, 0..1. */
  noise = $state(0);
  seed = $state(0);
  /** k where it is not the run's. */
  #k = $state<number | null>(null);
  /** The piece that buttons work on. */
  chosen = $state<number | null>(null);
  result = $state.raw<WeighedWish | null>(null);
  /** What came of the bag before the latest change. */
  before = $state.raw<WeighedWish | null>(null);
  obstacle = $state<string | null>(null);
  /** Why the latest bag could not be weighed. */
  #failed = $state<{ asked: string; why: string } | null>(null);
  readonly #weighing = new Latest();
  #ids = 0;
  #asked = '';

  constructor(client: Client, notices: Notices, project: Project, training: Training) {
    this.#client = client;
    this.#notices = notices;
    this.#project = project;
    this.#training = training;
  }

  /** The field that is k for the head of the run on screen; null where it has none. */
  get kField(): string | null {
    return K_FIELDS.find((key) => this.#training.run?.config[key] !== undefined) ?? null;
  }

  get k(): number | null {
    const { kField } = this;
    return kField === null ? null : (this.#k ?? Number(this.#training.run!.config[kField]));
  }

  set k(k: number | null) {
    this.#k = k === null || !Number.isFinite(k) ? null : Math.max(1, Math.round(k));
  }

  // Pieces

  /** @param place where it comes to stand; at the end unless told */
  add(featureKey: string, snippet: number, place = this.pieces.length): void {
    if (this.pieces.length >= MOST_PIECES) {
      this.#notices.warn(t('A bag of {n} snippets is full: take some out first.', { n: MOST_PIECES }));
      return;
    }
    const piece = { id: ++this.#ids, featureKey, snippet };
    this.pieces = [...this.pieces.slice(0, place), piece, ...this.pieces.slice(place)];
    this.chosen = piece.id;
  }

  remove(id: number): void {
    const at = this.#at(id);
    if (at < 0) return;
    this.pieces = this.pieces.filter((piece) => piece.id !== id);
    this.chosen = this.pieces[Math.min(at, this.pieces.length - 1)]?.id ?? null;
  }

  /** To another place in the bag. */
  move(id: number, place: number): void {
    const at = this.#at(id);
    if (at < 0) return;
    const rest = this.pieces.filter((piece) => piece.id !== id);
    const to = Math.min(rest.length, Math.max(0, place));
    this.pieces = [...rest.slice(0, to), this.pieces[at], ...rest.slice(to)];
  }

  moveBy(id: number, by: number): void {
    this.move(id, this.#at(id) + by);
  }

  clear(): void {
    this.pieces = [];
    this.chosen = null;
  }

  #at(id: number): number {
    return this.pieces.findIndex((piece) => piece.id === id);
  }

  /** The video of a piece. */
  video(featureKey: string) {
    return this.#project.videos.find((video) => this.#project.featuresOf(video)?.key === featureKey) ?? null;
  }

  // Weighing

  /** Training videos as reference bags: so many of each label, beginning where the seed says. */
  readonly #beside = $derived.by((): BagWish['references'] =>
    (['normal', 'anomalous'] as const).flatMap((label) => {
      const own = this.#project.trainable.filter((one) => one.label === label);
      const wanted = Math.min(own.length, label === this.label ? this.references - 1 : this.references);
      return Array.from({ length: wanted }, (_, i) => {
        const { video, features } = own[(this.seed + i) % own.length];
        const classes = video.classes && [...video.classes];
        return { videoId: video.id, featureKey: features.key, label, ...(classes && { classes }) };
      });
    }),
  );

  /** Weighs the bag anew when anything changed: to be called in an effect. */
  weigh(): void {
    const { run, isPlaying, tick } = this.#training;
    const { pieces, label, noise, seed, kField, k } = this;
    const references = this.#beside;
    this.obstacle = this.#obstacleTo(references);
    if (!run || pieces.length === 0 || this.obstacle) {
      [this.result, this.before, this.#asked] = [null, null, ''];
      return;
    }
    const wish: BagWish = {
      snippets: pieces.map(({ featureKey, snippet }) => ({ featureKey, snippet })),
      ...{ label, references, noise, seed },
      overrides: kField ? { [kField]: k! } : {},
    };
    const step = isPlaying ? Math.floor((tick?.event.step ?? 0) / 5) : [run.step, run.best?.step].join();
    const asked = JSON.stringify([run.id, step, wish]);
    if (this.#failed?.asked === asked) this.obstacle = this.#failed.why;
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#weighing.ask(
      async () => {
        const result = await this.#client.space.weigh(run.id, wish, isPlaying);
        if (this.#asked === '') return; // emptied meanwhile
        this.before = this.result?.runId === run.id ? this.result : null;
        this.result = result;
      },
      (error) => {
        this.#failed = { asked, why: (error as Error).message };
        [this.result, this.before] = [null, null];
      },
    );
  }

  #obstacleTo(references: BagWish['references']): string | null {
    const { run, card } = this.#training;
    if (!run) return t('Train a head, and it weighs bags that you compose here.');
    if (card.input === 'tubes')
      return t('This head reads tubes, and a bag of snippets has none: show a run of another head.');
    const other = this.label === 'normal' ? 'anomalous' : 'normal';
    if (!references.some(({ label }) => label === other))
      return t(
        'A loss compares bags: a training video with features that is labelled {label} is needed beside yours.',
        { label: t(other) },
      );
    return null;
  }
}
