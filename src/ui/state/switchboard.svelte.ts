/**
 * The same scores under other protocols: the figure that each option of each switch makes alone, and the one that all
 * choices make together. Figures are made in a worker, one at a time, each once for the scores they are of.
 */
import type { Evaluation } from '../../engine/evaluation/evaluate.ts';
import { expansionOf } from '../../engine/evaluation/expand.ts';
import type { ScoredVideo } from '../../engine/evaluation/scored-video.ts';
import { resolveProtocol, type Protocol, type SelectionRule } from '../../engine/evaluation/protocol.ts';
import {
  alone,
  checkedOption,
  parseProtocol,
  presetOf,
  shortProtocol,
} from '../../engine/evaluation/protocol-words.ts';
import { PRESETS, SWITCHES, type Detail, type SwitchKey } from '../../engine/evaluation/switches.ts';
import type { VideoTruth } from '../../engine/types.ts';
import { t } from '../text/text.svelte.ts';
import type { App } from './app.svelte.ts';
import { plainName } from './dropping.ts';
import { Latest } from './latest.ts';
import { keptStep, scoresBy } from './steps.ts';

/** The figures that can be watched. */
export const METRICS = {
  frameAuc: { title: 'Frame AUC', help: 'Area under the ROC curve over frames.' },
  averagePrecision: {
    title: 'AP (steps)',
    help: 'Average precision as scikit-learn defines it: the step sum.',
  },
  prAuc: {
    title: 'AP (trapezoid)',
    help: 'Area under the precision-recall curve: what RTFM, UR-DMU and most code here print as “AP”.',
  },
  videoAuc: { title: 'Video AUC', help: 'Area under the ROC curve of one score a video against its label.' },
} as const;
export type Metric = keyof typeof METRICS;

/** A truth file beside the project's own. */
export interface TruthVersion {
  name: string;
  /** By plain name. */
  truths: ReadonlyMap<string, VideoTruth>;
}

/** Milliseconds that what is judged must have stayed as it is. */
const REST = 200;

export class Switchboard {
  readonly #app: App;
  metric = $state<Metric>('frameAuc');
  /** What was chosen and is not the default; it is kept where a link finds it. */
  readonly chosen: Partial<Protocol> = $derived.by(() => parseProtocol(this.#app.training.protocol));
  versions = $state.raw<readonly TruthVersion[]>([]);
  /** Which of them judges; null for the project's own. */
  version = $state<number | null>(null);
  /** Figures by what they are of; what is not there yet is being made. */
  #figures = $state.raw<ReadonlyMap<string, Evaluation>>(new Map());
  /** The scores that the figures are of, and those by the last step once they were asked for. */
  #judged: { videos: readonly ScoredVideo[]; last: readonly ScoredVideo[] | null } = {
    videos: [],
    last: null,
  };
  readonly #making = new Latest();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether there is something to judge. */
  get hasVideos(): boolean {
    return !this.#app.training.isPlaying && this.#app.training.scoredVideos('test').length > 0;
  }

  /** Whether scores hold for as many frames as their features say, and not for 16, where nothing else is chosen. */
  get isBySegment(): boolean {
    return expansionOf(this.#app.training.scoredVideos('test')) === 'widths';
  }

  get preset(): string | null {
    return this.version === null ? presetOf(this.chosen) : null;
  }

  /** A switch as it stands. */
  valueOf<K extends keyof Protocol>(key: K): Protocol[K] {
    return resolveProtocol(this.chosen)[key];
  }

  choose(key: SwitchKey | Detail['key'], value: unknown): void {
    try {
      this.#keep({ ...this.chosen, [key]: checkedOption(key, value) });
    } catch (error) {
      this.#app.notices.fail(error);
    }
  }

  apply(presetId: string): void {
    this.#keep(PRESETS.find(({ id }) => id === presetId)!.protocol);
    this.version = null;
  }

  #keep(chosen: Partial<Protocol>): void {
    this.#app.training.protocol = shortProtocol(chosen);
  }

  /** Another truth for the same videos, to judge by; the project keeps its own. */
  async addTruth(file: File): Promise<void> {
    const annotations = await this.#app.client.readAnnotations(file, file.name);
    if (annotations.kind !== 'truth') {
      this.#app.notices.warn(
        t(
          annotations.kind === 'labels'
            ? 'It is a list of labels; a truth file says where anomalies are.'
            : 'It is a file of boxes; a truth file says where anomalies are.',
        ),
        file.name,
      );
      return;
    }
    const truths = new Map([...annotations.truths].map(([name, truth]) => [plainName(name), truth]));
    this.versions = [...this.versions, { name: file.name, truths }];
    this.version = this.versions.length - 1;
  }

  // Figures

  /** Under the default protocol; undefined while it is being made. */
  get baseline(): number | null | undefined {
    return this.#figure({}, null);
  }

  /** All choices together. */
  get together(): number | null | undefined {
    return this.#figure(this.chosen, this.version);
  }

  get evaluation(): Evaluation | undefined {
    return this.#figures.get(keyOf(this.#counted(this.chosen), this.version));
  }

  /** One switch alone, at an option. */
  figureOf(key: SwitchKey, value: unknown): number | null | undefined {
    return this.#figure(this.#aloneAt(key, value), null);
  }

  /** One truth file alone. */
  figureUnder(version: number | null): number | null | undefined {
    return this.#figure({}, version);
  }

  /** Why an option cannot be had; null where it can. */
  obstacle(key: SwitchKey, value: unknown): string | null {
    if (key === 'expansion' && value === 'widths')
      return t('Widths come with a file: lab evaluate --expand widths:FILE.');
    const { run } = this.#app.training;
    if (key !== 'selection' || !run) return null;
    const kept = keptStep(run, value as SelectionRule);
    return typeof kept === 'object' ? kept.missing : null;
  }

  /** The step that all choices together count and the run has not kept, in a sentence; null where there is none. */
  get missing(): string | null {
    return this.obstacle('selection', this.valueOf('selection'));
  }

  #aloneAt(key: SwitchKey, value: unknown): Partial<Protocol> {
    return alone(key, { ...this.chosen, [key]: value });
  }

  #figure(told: Partial<Protocol>, version: number | null): number | null | undefined {
    return this.#figures.get(keyOf(this.#counted(told), version))?.[this.metric];
  }

  /** A protocol with the step that it comes down to: those that a run has not kept are left as they are. */
  #counted(told: Partial<Protocol>): Protocol {
    const { run } = this.#app.training;
    const protocol = resolveProtocol(told);
    const kept = run && keptStep(run, protocol.selection);
    return { ...protocol, selection: kept === 'last' ? 'last' : 'run' };
  }

  /** Makes what is missing when what it reads changes: to be called in an effect. */
  make(): void {
    const { training } = this.#app;
    const { isPlaying, run } = training;
    const videos = training.scoredVideos('test'); // read here, so that the effect sees scores and truths change
    const wanted = this.#wanted();
    clearTimeout(this.#timer);
    if (isPlaying || !run || videos.length === 0) return;
    this.#timer = setTimeout(() => {
      if (!isSame(videos, this.#judged.videos)) {
        this.#judged = { videos, last: null };
        this.#figures = new Map();
      }
      this.#making.ask(
        () => this.#makeAll(wanted),
        (error) => this.#app.notices.fail(error),
      );
    }, REST);
  }

  /** What is on show, the most wanted first. */
  #wanted(): { protocol: Protocol; version: number | null }[] {
    const of = (told: Partial<Protocol>, version: number | null = null) => ({
      protocol: this.#counted(told),
      version,
    });
    return [
      of({}),
      of(this.chosen, this.version),
      ...this.versions.map((_, i) => of({}, i)),
      ...SWITCHES.flatMap(({ key, options }) =>
        options
          .filter(({ value }) => this.obstacle(key, value) === null)
          .map(({ value }) => of(this.#aloneAt(key, value))),
      ),
    ];
  }

  async #makeAll(wanted: { protocol: Protocol; version: number | null }[]): Promise<void> {
    const judged = this.#judged;
    for (const { protocol, version } of wanted) {
      const key = keyOf(protocol, version);
      if (this.#figures.has(key)) continue;
      const videos = this.#under(version, await this.#scored(protocol.selection));
      // Scores of segments hold for as long as a segment is, where nothing else is chosen.
      const { threshold, classThreshold, ...own } = this.#app.training.protocolFor(videos);
      const expansion = protocol.expansion === 'repeat16' ? own.expansion : protocol.expansion;
      const options = { ...protocol, expansion, threshold, classThreshold };
      const evaluation = await this.#app.client.evaluate(videos, options);
      if (this.#judged !== judged) return; // other scores came meanwhile
      this.#figures = new Map([...this.#figures, [key, evaluation]]);
    }
  }

  async #scored(selection: SelectionRule): Promise<readonly ScoredVideo[]> {
    const judged = this.#judged;
    if (selection !== 'last') return judged.videos;
    return (judged.last ??= this.#app.training.scoredVideos('test', await scoresBy(this.#app, 'last')));
  }

  #under(version: number | null, videos: readonly ScoredVideo[]): ScoredVideo[] {
    if (version === null) return [...videos];
    const { truths } = this.versions[version];
    return videos.map((video) => ({ ...video, truth: truths.get(plainName(video.name)) ?? null }));
  }
}

const keyOf = (protocol: Protocol, version: number | null) => JSON.stringify([protocol, version]);

/** Whether videos have the same scores, labels and truths: the objects are made anew, their parts are not. */
function isSame(a: readonly ScoredVideo[], b: readonly ScoredVideo[]): boolean {
  const isOne = (x: ScoredVideo, y: ScoredVideo | undefined) =>
    x.name === y?.name &&
    x.scores === y.scores &&
    x.label === y.label &&
    x.frames === y.frames &&
    JSON.stringify([x.truth, x.boxes]) === JSON.stringify([y.truth, y.boxes]);
  return a.length === b.length && a.every((video, i) => isOne(video, b[i]));
}
