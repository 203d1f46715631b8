/** Keeps the address of the page saying what is looked at, and makes the page what an address says. */
import type { ProjectRecord } from '../../workers/client.ts';
import { isHideable } from '../hideable.ts';
import { language, t } from '../text/text.svelte.ts';
import type { App } from './app.svelte.ts';
import { lesson } from './lesson.svelte.ts';
import { parseLink, printLink, refusal, SAID, sumOfBags, type View } from './link.ts';

/** Milliseconds without a change after which the address follows. */
const REST = 250;
/** Characters of a project's id that tell it from one's others. */
const ID_LENGTH = 8;
/** Parts of an address that are for measurements and tests, not for others, or that the link says itself. */
const OWN = ['start', 'threads', 'lang'];

/** What an address that this page wrote itself is marked with: no link from elsewhere, but a reload. */
interface Mark {
  /** The project it is of. */
  project: string;
}

export class Sharing {
  readonly #app: App;
  /** What the address said when the page was opened. */
  readonly #opened: View;
  #isApplying = $state(false);

  constructor(app: App) {
    this.#app = app;
    this.#opened = this.#read();
  }

  /** What is trained on; only data that comes with the page can be the same elsewhere. */
  readonly #bags = $derived.by(() => {
    const { project } = this.#app;
    if (!project.record.shipped) return undefined;
    return sumOfBags(
      project.trainable.map(({ video: { classes }, features, label }) => ({
        featureKey: features.key,
        label,
        classes,
      })),
    );
  });

  /** What is looked at, as a link says it. */
  get view(): View {
    const { project, training, stage, evidence } = this.#app;
    return {
      data: project.record.shipped ?? project.record.id.slice(0, ID_LENGTH),
      bags: this.#bags,
      head: training.headId,
      config: training.config,
      seed: training.seed,
      steps: training.transport.steps,
      select: training.selection,
      validate: training.heldOut,
      threshold: training.threshold,
      protocol: training.protocol,
      tab: evidence,
      video: stage.video?.name,
      frame: stage.frame + 1,
      zoom: stage.isZoomed ? stage.window : undefined,
      lang: language.code === 'en' ? undefined : language.code,
      hide: [...lesson.hidden],
    };
  }

  /**
   * The address of what is looked at.
   * @param hide names of controls that are not there for whoever opens it
   */
  link(hide: readonly string[]): string {
    const url = new URL(location.href);
    for (const name of OWN) url.searchParams.delete(name);
    url.hash = printLink({ ...this.view, hide });
    return url.href;
  }

  /** The project that the page was opened for; null where the address names none that can be had. */
  async firstProject(): Promise<ProjectRecord | null> {
    return this.#projectOf(this.#opened);
  }

  /** Sets up what the address says; from now on it follows the page, and the page follows it. */
  async begin(): Promise<void> {
    await this.#apply(this.#opened);
    addEventListener('hashchange', () => void this.#follow());
    let timer: ReturnType<typeof setTimeout> | undefined;
    $effect.root(() => {
      $effect(() => {
        if (this.#isApplying) return;
        const hash = `#${printLink(this.view)}`;
        clearTimeout(timer);
        const mark: Mark = { project: this.#app.project.record.id };
        timer = setTimeout(() => history.replaceState(mark, '', hash), REST);
      });
    });
  }

  /** An address was pasted into this tab. */
  async #follow(): Promise<void> {
    this.#isApplying = true; // or the address would follow the page meanwhile
    try {
      const view = this.#read();
      if (view.lang) await language.speak(view.lang);
      const record = await this.#projectOf(view);
      if (record && record.id !== this.#app.project.record.id) await this.#app.openProject(record.id);
      await this.#apply(view);
    } catch (error) {
      this.#app.notices.fail(error);
    } finally {
      this.#isApplying = false;
    }
  }

  /** What the address says; what of it makes no sense is told, and ignored. */
  #read(): View {
    const { view, refused } = parseLink(location.hash);
    const hide = view.hide ?? [];
    lesson.hidden = new Set(hide.filter(isHideable));
    const unknown = hide.filter((name) => !isHideable(name));
    if (unknown.length > 0)
      refused.push(t('there is no control “{names}” to hide', { names: unknown.join('”, “') }));
    this.#refuse(refused);
    return view;
  }

  #refuse(refused: readonly string[]): void {
    if (refused.length > 0)
      this.#app.notices.warn(
        t('Ignored, because it makes no sense: {what}.', { what: refused.join('; ') }),
        t('The link'),
      );
  }

  async #projectOf({ data }: View): Promise<ProjectRecord | null> {
    const own = this.#app.projects.find(({ id }) => id === markedProject());
    if (own || data === undefined) return own ?? null;
    try {
      const record = await this.#app.projectOf(data);
      if (!record)
        this.#app.notices.warn(
          t(
            'It was made with videos of someone’s own, and no link holds videos: ask for the project as a file and drop it here. What else the link says is set up.',
          ),
          t('The link'),
        );
      return record;
    } catch (error) {
      this.#app.notices.fail(error, t('The link'));
      return null;
    }
  }

  async #apply(view: View): Promise<void> {
    const app = this.#app;
    this.#isApplying = true;
    try {
      await this.#setUp(view);
      const { id, shipped } = app.project.record;
      if (view.bags && view.bags !== this.#bags && shipped === view.data && id !== markedProject()) {
        await app.openShipped(shipped!); // what is here was changed since it came
        await this.#setUp(view);
        if (view.bags !== this.#bags)
          app.notices.warn(
            t(
              'It was made with other labels or features than those that come with this page, so losses will differ.',
            ),
            t('The link'),
          );
      }
      if (view.protocol !== undefined) await this.#judgeBy(view.protocol);
      if (view.tab !== undefined) app.evidence = view.tab;
      await this.#show(view);
    } finally {
      this.#isApplying = false;
    }
  }

  /** The head with its fields, and the run that was made with them, if it is here. */
  async #setUp({ head, config, seed, steps, select, validate, threshold }: View): Promise<void> {
    const { training } = this.#app;
    if (config) {
      const wanted = { headId: head ?? training.headId, config, seed: seed ?? training.seed };
      await training.setUp({ ...wanted, selection: select ?? training.selection });
    }
    if (validate !== undefined) training.heldOut = validate;
    if (steps !== undefined) training.transport.steps = steps;
    if (threshold !== undefined) training.viewThreshold(threshold);
  }

  async #judgeBy(said: string): Promise<void> {
    const { training } = this.#app;
    training.protocol = '';
    if (said === '') return;
    const { readLinkedProtocol } = await import('./linked-protocol.ts');
    const { protocol, refused } = readLinkedProtocol(said);
    training.protocol = protocol;
    this.#refuse(refused.map((part) => refusal(SAID.protocol, part)));
  }

  async #show({ video: name, frame, zoom }: View): Promise<void> {
    const app = this.#app;
    if (name === undefined) return;
    const video = app.project.videos.find((candidate) => candidate.name === name);
    if (!video) {
      app.notices.warn(
        t('It shows this video, which is not in the project: drop it to see what is meant.'),
        name,
      );
      return;
    }
    if (app.stage.videoId !== video.id) await app.show(video.id);
    if (frame !== undefined) app.stage.goTo(frame - 1);
    if (zoom) app.stage.showSpan(...zoom);
  }
}

function markedProject(): string | undefined {
  return (history.state as Mark | null)?.project;
}
