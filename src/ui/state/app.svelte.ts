/** Everything there is one of: the client, the devices, the projects, and which project is open. */
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import { resolveConfig } from '../../engine/heads/config.fields.ts';
import type { Progress } from '../../engine/job.ts';
import {
  Client,
  type BackboneOffer,
  type BackboneReport,
  type DeviceReport,
  type PixelCheck,
  type ProjectRecord,
} from '../../workers/client.ts';
import type { Added, Extracted } from '../../workers/script.ts';
import { t } from '../text/text.svelte.ts';
import { Datasets } from './datasets.svelte.ts';
import { Composer } from './composer.svelte.ts';
import type { Dropping } from './dropping.ts';
import { Importing } from './importing.svelte.ts';
import type { Experiments } from './experiments.svelte.ts';
import { Guess } from './guess.svelte.ts';
import { fetchProject, SHIPPED, type ShippedProject } from './shipped.ts';
import { Looking } from './look.svelte.ts';
import { Making } from './making.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { pixelWarning } from './pixels.ts';
import { Project } from './project.svelte.ts';
import { Sharing } from './sharing.svelte.ts';
import { Settings } from './settings.svelte.ts';
import { Space } from './space.svelte.ts';
import { Stage } from './stage.svelte.ts';
import { Training } from './training.svelte.ts';
import { Watching } from './watching.svelte.ts';

const OPEN_PROJECT = 'weaklens-project';

export class App {
  readonly notices = new Notices();
  readonly settings = new Settings();
  readonly client: Client;
  projects = $state.raw<ProjectRecord[]>([]);
  project = $state.raw<Project>(undefined as never);
  training = $state.raw<Training>(undefined as never);
  stage = $state.raw<Stage>(undefined as never);
  guess = $state.raw<Guess>(undefined as never);
  /** What the run on screen sees of the video on stage. */
  looking = $state.raw<Looking>(undefined as never);
  /** Segments as points, and the bag that is composed of some. */
  space = $state.raw<Space>(undefined as never);
  composer = $state.raw<Composer>(undefined as never);
  /** What runs the heads, once it is known. */
  device = $state.raw<DeviceReport | null>(null);
  /** What runs the backbone, once it was needed. */
  extraction = $state.raw<{ device: DeviceReport; backbone: BackboneReport } | null>(null);
  /** Whether the browser gives pixels back as they are, once it is known. */
  pixels = $state.raw<PixelCheck | null>(null);
  readonly watching = new Watching(this);
  readonly making: Making;
  #dropping: Dropping | null = null;
  #leavingExhibit: Promise<ProjectRecord | null> | null = null;
  readonly importing = new Importing(this);
  /** The experiments of the project, once they are read. */
  experiments = $state.raw<Experiments | null>(null);
  readonly datasets = new Datasets(this);
  readonly sharing = new Sharing(this);
  /** Which tab of the evidence is open. */
  evidence = $state('Figures');
  /** True when the browser removed the data, or a newer version of the page took over. */
  isCutOff = $state(false);
  #release: () => void = () => {};
  #leaving = new AbortController();
  /** Projects are opened one after the other, however quickly one is asked for after another. */
  #opening: Promise<void> = Promise.resolve();
  /** Settles once the backbones are known, or cannot be: which features a video has depends on them. */
  #haveMet!: () => void;
  readonly #met = new Promise<void>((resolve) => (this.#haveMet = resolve));

  private constructor(client: Client) {
    this.client = client;
    this.making = new Making(client, this.notices);
  }

  /** @throws Failure `storage-unavailable` */
  static async start(): Promise<App> {
    let app: App | null = null;
    const cutOff = (why: () => string) => () => {
      if (!app) return;
      app.isCutOff = true;
      app.notices.warn(why());
    };
    const client = await Client.start({
      outdated: cutOff(() =>
        t('A newer version of Weaklens is open in another tab. Reload this one to go on here.'),
      ),
      gone: cutOff(() =>
        t(
          'The browser removed the data of this site. What is on the page is still here: export what you need.',
        ),
      ),
    });
    app = new App(client);
    client.chooseTraining(app.settings.backend); // whatever is trained from now on runs on the device that was asked for
    await client.sweep();
    app.projects = (await client.store.projects()).sort((a, b) => a.createdAt - b.createdAt);
    const last = localStorage.getItem(OPEN_PROJECT);
    const record =
      (await app.sharing.firstProject()) ??
      app.projects.find(({ id }) => id === last) ??
      app.projects[0] ??
      (await app.#first());
    await app.#open(record, false);
    await app.sharing.begin();
    app.#startDevice(); // only now: the page is to be seen first
    void app.#meetBackbones();
    return app;
  }

  #startDevice(): void {
    this.client.prepareTraining(this.settings.backend).then(
      (report) => (this.device = report),
      (error: unknown) => this.notices.fail(error),
    );
  }

  async #meetBackbones(): Promise<void> {
    try {
      await this.#listBackbones().finally(this.#haveMet);
      this.pixels = await this.client.checkPixels();
      const warning = pixelWarning(this.pixels, navigator);
      if (warning) this.notices.warn(warning);
    } catch (error) {
      this.notices.fail(error);
    }
  }

  async #listBackbones(): Promise<void> {
    this.settings.offers = await this.client.backbones();
    this.training.suitBackbone();
  }

  /** Files of weights of one's own; the last that is sound is looked through from now on. */
  async addBackbones(files: readonly File[]): Promise<Added> {
    const result: Added = { added: [], refused: [] };
    for (const file of files) {
      try {
        const { id, title } = await this.client.addBackbone(file);
        await this.#listBackbones();
        await this.chooseBackbone(id);
        this.notices.say(
          t('{name} is kept in this browser, and features come from it now.', { name: title }),
        );
        result.added.push(file.name);
      } catch (error) {
        result.refused.push(this.notices.refuse(error, file.name));
      }
    }
    return result;
  }

  /** What the classes of a backbone of one's own are called. */
  async nameClasses(id: string, file: File): Promise<void> {
    try {
      await this.client.nameClasses(id, file);
      await this.#listBackbones();
      this.notices.say(t('The classes have their names.'));
    } catch (error) {
      this.notices.refuse(error, file.name);
    }
  }

  async chooseBackbone(id: string): Promise<void> {
    this.settings.backbone = id;
    this.settings.keep();
    this.training.suitBackbone();
    await this.stage.refresh();
  }

  /** Features that were made with it stay. */
  async removeBackbone(id: string): Promise<void> {
    try {
      await this.client.store.deleteBackbone(id);
      await this.#listBackbones();
      const isLeft = this.settings.offers.some((offer) => offer.id === id && offer.installed);
      if (this.settings.backbone === id && !isLeft) await this.chooseBackbone('auto');
    } catch (error) {
      this.notices.fail(error);
    }
  }

  /** Whether work that lives in this tab only is under way. */
  get isBusy(): boolean {
    const isReading = this.importing.status !== null || this.datasets.isRunning;
    return this.project.extraction !== null || this.training.isPlaying || isReading;
  }

  /** The backbone that features come from; the first of the offers for `auto`. */
  get backbone(): BackboneOffer | null {
    return this.settings.chosen;
  }

  /** Whether features come from a network that was never trained. */
  get isUntrained(): boolean {
    return this.backbone?.file === null;
  }

  // Projects

  async #create(name: string): Promise<ProjectRecord> {
    const [card] = headCards;
    const record: ProjectRecord = {
      id: crypto.randomUUID(),
      name,
      createdAt: Date.now(),
      head: { id: card.id, config: resolveConfig(card), seed: 0 },
    };
    await this.client.store.putProject(record);
    this.projects = [...this.projects, record];
    return record;
  }

  /** What whoever comes without a project sees: the exhibit, or an empty one where that is not wanted or not there. */
  async #first(): Promise<ProjectRecord> {
    if (!this.settings.startsEmpty) {
      try {
        return await this.#shippedProject('exhibit');
      } catch {
        // Whoever hosts the page may leave the exhibit out.
      }
    }
    return this.#create(t('First project'));
  }

  async #unpack(file: Blob, name: string, mark: Partial<ProjectRecord>): Promise<ProjectRecord> {
    const record = await this.client.unpackProject(file, name, mark, () => {}).result;
    this.projects = [...this.projects, record];
    return record;
  }

  /** A project that comes with the page; it is fetched where it is not in this browser yet. */
  async #shippedProject(shipped: ShippedProject): Promise<ProjectRecord> {
    const here = this.projects.findLast((project) => project.shipped === shipped);
    return here ?? this.#unpack(await fetchProject(shipped), shipped, { shipped });
  }

  /**
   * The project that a link means: one of this browser, by how its id begins, or one that comes with the page; null where
   * it is someone else's.
   */
  async projectOf(data: string): Promise<ProjectRecord | null> {
    const shipped = SHIPPED.find((name) => name === data);
    if (shipped) return this.#shippedProject(shipped);
    return this.projects.findLast(({ id }) => id.startsWith(data)) ?? null;
  }

  async openShipped(shipped: ShippedProject): Promise<void> {
    await this.#openNew(await this.#shippedProject(shipped));
  }

  /** A project as it was saved, as a new one. */
  async openProjectFile(file: Blob, name: string): Promise<void> {
    await this.#openNew(await this.#unpack(file, name, {}));
  }

  async #openNew(record: ProjectRecord): Promise<void> {
    await this.#open(record, false);
    const { record: opened, videos } = this.project;
    this.notices.say(t('{name} is open, with {n} videos.', { name: opened.name, n: videos.length }));
  }

  /** The open project as a file: everything but the videos. */
  async saveProject(): Promise<File> {
    const { id, name } = this.project.record;
    const options = { type: 'float32', keepOptimiser: true, withFiles: [] } as const;
    const bytes = await this.client.packProject(id, options);
    return new File([bytes], `${name}.weaklens`);
  }

  /** What takes in files; it is loaded with the first of them. */
  async dropping(): Promise<Dropping> {
    return (this.#dropping ??= new (await import('./dropping.ts')).Dropping(this));
  }

  /** Files that someone brings by hand, who can be asked what is meant, and whether so much is. */
  async take(files: readonly File[]): Promise<void> {
    try {
      await (await this.dropping()).add(files, { asks: true });
    } catch (error) {
      this.notices.fail(error);
    }
  }

  /**
   * What someone brings goes into a project of their own.
   * @returns the exhibit, where it was left for one
   */
  leaveExhibit(): Promise<ProjectRecord | null> {
    const leave = async () => {
      const { record } = this.project;
      if (record.shipped !== 'exhibit') return null;
      await this.#open(await this.#create(t('First project')), false);
      return record;
    };
    return (this.#leavingExhibit ??= leave().finally(() => (this.#leavingExhibit = null)));
  }

  /** The exhibit again, where nothing came of what it was left for; else a word of where one is. */
  async settleAfter(exhibit: ProjectRecord, begun: Project): Promise<void> {
    if (this.project !== begun) return; // someone went on elsewhere meanwhile
    const isEmpty = begun.videos.length + begun.pending.length + this.training.runs.length === 0;
    if (isEmpty && !this.isBusy && !this.making.isMaking) await this.deleteProject(exhibit);
    else this.notices.say(t('Yours is a project of its own now; the exhibit stays in the list of projects.'));
  }

  async newProject(name = t('Project {n}', { n: this.projects.length + 1 })): Promise<void> {
    await this.#open(await this.#create(name), false);
  }

  async openProject(id: string): Promise<void> {
    const record = (await this.client.store.projects()).find((project) => project.id === id);
    if (record) await this.#open(record, false);
  }

  async renameProject(name: string): Promise<void> {
    if (!name.trim()) return;
    await this.project.update({ name: name.trim().toWellFormed() });
    this.projects = this.projects.map((record) =>
      record.id === this.project.record.id ? this.project.record : record,
    );
  }

  /** @param next is opened then */
  async deleteProject(next?: ProjectRecord): Promise<void> {
    this.project.mayWrite();
    const { id } = this.project.record;
    await this.training.transport.pause();
    this.project.cancelExtraction();
    await this.client.store.deleteProject(id);
    this.projects = this.projects.filter((record) => record.id !== id);
    await this.#open(next ?? this.projects[0] ?? (await this.#create(t('First project'))), false);
  }

  /** @param steal take it from the tab that has it */
  #open(record: ProjectRecord, steal: boolean): Promise<void> {
    const opened = this.#opening.then(() => this.#openNow(record, steal));
    this.#opening = opened.catch(() => {}); // whoever asked hears of it
    return opened;
  }

  async #openNow(record: ProjectRecord, steal: boolean): Promise<void> {
    if (this.project) {
      await this.watching.end();
      await this.training.transport.pause();
      this.project.cancelExtraction();
    }
    this.experiments?.close();
    this.experiments = null;
    this.#release();
    this.#leaving.abort();
    const project = new Project(this.client, this.notices, this.settings, record);
    await project.load();
    project.isWritable = await this.#claim(project, steal);
    const training = new Training(this.client, this.notices, project, () => this.isUntrained);
    const stage = new Stage(this.client, project);
    const guess = new Guess(this.client, project, stage);
    await Promise.all([training.load(), guess.load()]);
    await stage.show(record.shown ?? project.videos[0]?.id ?? null);
    this.project = project;
    this.training = training;
    this.stage = stage;
    this.guess = guess;
    this.looking = new Looking(this.client, training, stage);
    this.space = new Space(this.client, project, training, stage, guess);
    this.composer = new Composer(this.client, this.notices, project, training);
    project.wanted = () => training.card.input ?? 'features';
    training.suitBackbone();
    this.#leaving = new AbortController();
    void training.transport.watch(() => stage.features?.key ?? null, this.#leaving.signal);
    void this.looking.watch(this.#leaving.signal);
    localStorage.setItem(OPEN_PROJECT, record.id);
    void this.#openExperiments(project, training);
  }

  /** Reads the experiments of a project and goes on with them; the page does not wait for it. */
  async #openExperiments(project: Project, training: Training): Promise<void> {
    try {
      const [{ Experiments }] = await Promise.all([import('./experiments.svelte.ts'), this.#met]);
      if (this.project !== project) return;
      const experiments = new Experiments(this.client, this.notices, project, (run) => training.include(run));
      await experiments.load();
      if (this.project === project) this.experiments = experiments;
      else experiments.close();
    } catch (error) {
      this.notices.fail(error);
    }
  }

  /** Takes the open project over from another tab. */
  async takeOver(): Promise<void> {
    const record = (await this.client.store.projects()).find(({ id }) => id === this.project.record.id);
    if (record) await this.#open(record, true);
  }

  /** One tab writes, the others look: a lock that a closed or crashed tab gives back by itself. */
  #claim(project: Project, steal: boolean): Promise<boolean> {
    const name = `weaklens-project-${project.record.id}`;
    return new Promise((resolve) => {
      const options = steal ? { steal: true } : { ifAvailable: true };
      navigator.locks
        .request(name, options, (lock) => {
          resolve(lock !== null);
          if (lock) return new Promise<void>((release) => (this.#release = release));
        })
        .catch(() => {
          // Another tab stole the lock.
          project.isWritable = false;
          project.cancelExtraction();
          this.experiments?.close();
          void this.training?.transport.pause();
        });
    });
  }

  // Extracting

  /** Features for every video that lacks them, on the device that is chosen. */
  async extract(onProgress: (progress: Progress) => void = () => {}): Promise<Extracted> {
    this.extraction = await this.client.prepareExtraction(this.settings.extraction);
    const result = await this.project.extract(onProgress);
    await this.stage.refresh();
    if (result.extracted > 0)
      this.notices.say(t('Features of {n} videos are ready.', { n: result.extracted }));
    return result;
  }

  /** Puts a video on stage; what is watched makes way. */
  async show(videoId: string): Promise<void> {
    await this.watching.end();
    await this.stage.show(videoId);
  }

  // Made videos

  /** Draws a street, with labels and hidden truth, for whoever has no videos at hand. */
  async makeVideos(
    seed: number,
    size?: Parameters<Client['filming']['planDemo']>[1],
    onProgress: (progress: Progress) => void = () => {},
  ): Promise<Added & { train: number; test: number }> {
    const left = await this.leaveExhibit();
    const { project } = this;
    const made = await this.making.sketches(project, seed, size, onProgress);
    if (left) await this.settleAfter(left, project);
    if (!this.stage.video && this.project.videos[0]) await this.stage.show(this.project.videos[0].id);
    return made;
  }
}
