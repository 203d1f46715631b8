/** What is dropped on the page, or chosen from a dialog: files told apart, and each taken to where it belongs. */
import type { ListEntry } from '../../engine/formats/list.ts';
import type { TruthBoxes, VideoTruth } from '../../engine/types.ts';
import type { ProjectRecord } from '../../workers/client.ts';
import type { Added, Refusal } from '../../workers/script.ts';
import { fixed } from '../format.ts';
import { t } from '../text/text.svelte.ts';
import type { App } from './app.svelte.ts';
import type { DatasetRequest } from './datasets.svelte.ts';
import { FEATURE_FILES, type ImportOptions } from './importing.svelte.ts';
import type { Project } from './project.svelte.ts';

/** What a folder holds besides, for people and for file managers: nobody who drops it asks for these. */
const BESIDE_THE_POINT =
  /^(\..*|(README|LICEN[CS]E|COPYING|CITATION)(\.(md|txt|rst|html?|pdf|cff|bib))?|Thumbs\.db|desktop\.ini)$/i;

export class Dropping {
  readonly #app: App;
  /** How many drops are being taken in. */
  #underway = 0;
  /** The exhibit, and the project that was begun for what was dropped on it. */
  #left: { exhibit: ProjectRecord; begun: Project } | null = null;

  constructor(app: App) {
    this.#app = app;
  }

  /**
   * Anything dropped: videos, features of any format that is read, with their notes, lists of labels, truth files, boxes,
   * backbones, saved runs, projects.
   */
  async add(files: readonly File[], options: ImportOptions & DatasetRequest = {}): Promise<Added> {
    this.#underway++;
    try {
      return await this.#take(files, options);
    } finally {
      this.#underway--;
      const left = this.#left;
      if (left && this.#underway === 0) {
        this.#left = null;
        await this.#app.settleAfter(left.exhibit, left.begun);
      }
    }
  }

  async #take(files: readonly File[], options: ImportOptions & DatasetRequest): Promise<Added> {
    const result: Added = { added: [], refused: [] };
    const sorted: Record<Sort, File[]> = {
      project: [],
      notes: [],
      arrays: [],
      text: [],
      weights: [],
      run: [],
      video: [],
    };
    const asked = files.filter(({ name }) => !BESIDE_THE_POINT.test(name));
    const wanted = asked.length > 0 ? asked : files;
    for (const file of wanted) {
      try {
        sorted[await this.#sortOf(file)].push(file);
      } catch (error) {
        result.refused.push(this.#app.notices.refuse(error, file.name)); // it costs none of the others
      }
    }
    const { arrays, notes, text } = sorted;
    const together = arrays.length > 0 ? [...arrays, ...notes, ...text] : [];
    // Texts that make no dataset of the features beside them are annotations, each for itself.
    const areDataset = isDataset(together);
    const features = areDataset ? together : [...arrays, ...notes];
    for (const file of sorted.project) await this.#openProject(file, result);
    const exhibit = sorted.arrays.length + sorted.video.length > 0 ? await this.#app.leaveExhibit() : null;
    const { project, stage } = this.#app; // what was just opened, not what was left
    if (exhibit) this.#left = { exhibit, begun: project };
    for (const part of [
      await this.#app.addBackbones(sorted.weights),
      await this.addRuns(sorted.run),
      await this.#takeFeatures(features, areDataset, options),
      await project.addVideos(sorted.video, options.onProgress),
    ]) {
      result.added.push(...part.added);
      result.refused.push(...part.refused);
    }
    if (!areDataset) for (const file of text) await this.#annotate(file, result);
    if (notes.length === wanted.length) for (const file of wanted) await this.#describe(file, wanted, result);
    if (!stage.video && this.#app.project.videos[0]) await stage.show(this.#app.project.videos[0].id);
    else await stage.refresh(); // the file of the video on stage may have been dropped again
    return result;
  }

  /**
   * Features of any format that is read, with what comes beside them: a dataset where texts do, or files that only
   * together are a video; else each for itself.
   */
  async addFeatures(files: readonly File[], options: ImportOptions & DatasetRequest = {}): Promise<Added> {
    if (isDataset(files)) return this.#takeFeatures(files, true, options);
    const areAnnotations = await Promise.all(files.map((file) => this.#isAnnotation(file)));
    const result = await this.#takeFeatures(
      files.filter((_, i) => !areAnnotations[i]),
      false,
      options,
    );
    for (const [i, file] of files.entries()) if (areAnnotations[i]) await this.#annotate(file, result);
    return result;
  }

  #takeFeatures(
    files: readonly File[],
    areDataset: boolean,
    options: ImportOptions & DatasetRequest,
  ): Promise<Added> {
    const { datasets, importing } = this.#app;
    return areDataset ? datasets.run(files, options) : importing.add(files, options);
  }

  /** A text that is no features, or a pickle of boxes. */
  async #isAnnotation(file: File): Promise<boolean> {
    const { reading } = this.#app.client;
    if (/\.pkl$/i.test(file.name)) return reading.isPlainPickle(file);
    return TEXTS.test(file.name) && (await reading.tell(file)) === 'text';
  }

  /** By its name where that tells, else by its content. */
  async #sortOf(file: File): Promise<Sort> {
    const { name } = file;
    const { client } = this.#app;
    const { reading } = client;
    if (name.toLowerCase().endsWith(PROJECT_ENDING)) return 'project';
    if (/\.json$/i.test(name)) return 'notes';
    if (/\.tubes\.safetensors$/i.test(name)) return 'arrays';
    if (await this.#isAnnotation(file)) return 'text';
    if (TEXTS.test(name)) return (await reading.tell(file)) === 'numbers' ? 'arrays' : 'text';
    if (/\.zip$/i.test(name)) return (await client.kindOfWeights(file)) === 'run' ? 'run' : 'arrays';
    if (WEIGHT_FILES.test(name)) {
      if ((await client.kindOfWeights(file)) !== 'other') return 'run';
      return FEATURE_FILES.test(name) && (await reading.holdsFeatures(file)) ? 'arrays' : 'weights';
    }
    return FEATURE_FILES.test(name) ? 'arrays' : 'video';
  }

  /** JSON that came alone is not taken in, and still whoever dropped it is told what it is. */
  async #describe(file: File, besides: readonly File[], result: Added): Promise<void> {
    try {
      const { says } = await this.#app.client.reading.inspect(file, besides).result;
      this.#app.notices.say(`${file.name}: ${says}. ${t('Drop it with what it speaks of.')}`);
    } catch (error) {
      result.refused.push(this.#app.notices.refuse(error, file.name));
    }
  }

  async #openProject(file: File, result: Added): Promise<void> {
    try {
      await this.#app.openProjectFile(file, file.name);
      result.added.push(file.name);
    } catch (error) {
      result.refused.push(this.#app.notices.refuse(error, file.name));
    }
  }

  /** Runs that were saved, or weights of heads that others trained, to score with; the last one comes on screen. */
  async addRuns(files: readonly File[]): Promise<Added> {
    const result: Added = { added: [], refused: [] };
    const { training, notices } = this.#app;
    for (const file of files) {
      try {
        const { threshold } = await training.importRun(file);
        result.added.push(file.name);
        notices.say(
          threshold === undefined
            ? t('{name} is in the list of runs.', { name: file.name })
            : t('{name} is in the list of runs, with its threshold of {threshold}.', {
                name: file.name,
                threshold: fixed(threshold, 3),
              }),
        );
      } catch (error) {
        result.refused.push(notices.refuse(error, file.name));
      }
    }
    return result;
  }

  /** Weak labels, truths or boxes for videos that are here, by name. */
  async #annotate(file: File, result: { refused: Refusal[] }): Promise<void> {
    try {
      const annotations = await this.#app.client.readAnnotations(file, file.name);
      const { name } = file;
      if (annotations.kind === 'labels') {
        const n = await this.#labelAll(annotations.entries);
        this.#app.notices.say(t('{name}: {n} videos labelled.', { name, n }));
      } else if (annotations.kind === 'truth') {
        const n = await this.#tellTruths(annotations.truths);
        this.#app.notices.say(t('{name}: {n} videos given their truth.', { name, n }));
      } else {
        const n = await this.#tellBoxes(annotations.boxes);
        this.#app.notices.say(t('{name}: {n} videos given their boxes.', { name, n }));
      }
    } catch (error) {
      result.refused.push(this.#app.notices.refuse(error, file.name));
    }
  }

  async #labelAll(entries: readonly ListEntry[]): Promise<number> {
    let matched = 0;
    const groups = new Map<string, ListEntry[]>();
    for (const entry of entries) {
      const key = JSON.stringify([entry.label, entry.classes]);
      groups.set(key, [...(groups.get(key) ?? []), entry]);
    }
    for (const group of groups.values()) {
      const [{ label, classes }] = group;
      const names = new Set(group.map(({ name }) => plainName(name)));
      const ids = this.#app.project.videos
        .filter(({ name }) => names.has(plainName(name)))
        .map(({ id }) => id);
      await this.#app.project.label(ids, label, classes);
      matched += ids.length;
    }
    return matched;
  }

  async #tellTruths(truths: ReadonlyMap<string, VideoTruth>): Promise<number> {
    const known = this.#app.project.byId(truths, plainName);
    await this.#app.project.setTruths(known);
    await this.#app.training.evaluate();
    return known.size;
  }

  /** Intervals that are known stay, and none are made up. */
  async #tellBoxes(boxes: ReadonlyMap<string, TruthBoxes>): Promise<number> {
    const known = this.#app.project.byId(boxes, plainName);
    await this.#app.project.setBoxes(known);
    await this.#app.training.evaluate();
    return known.size;
  }
}

export const PROJECT_ENDING = '.weaklens';

/** What lists and annotations may be called. */
const TEXTS = /\.(txt|csv|tsv|list)$/i;

/** What a file of weights may be called. */
const WEIGHT_FILES = /\.(safetensors|tflite|pt|pth)$/i;

/** With fewer files, and no text, they are a few files and no dataset. */
const DATASET_FILES = 20;

/**
 * Whether files are to be read together: arrays of any format with texts beside them, parts of videos, or many arrays.
 * Whatever else lies there, such as a licence, does not count; the report names it.
 */
export function isDataset(files: readonly File[]): boolean {
  const named = (ending: RegExp) => files.filter(({ name }) => ending.test(name)).length;
  const arrays = named(/(\.(npy|npz|h5|hdf5|mat|pt|pth|pkl)|(?<!\.tubes)\.safetensors)$/i);
  const texts = named(/\.(txt|csv|tsv|list)$/i);
  if (arrays === 0) return texts > 1;
  return texts > 0 || named(/__(\d|vggish)\.npy$/i) > 0 || named(/\.npy$/i) >= DATASET_FILES;
}

type Sort = 'project' | 'notes' | 'arrays' | 'text' | 'weights' | 'run' | 'video';

/** What a list and a file name have in common: no folders, no extension. */
export function plainName(path: string): string {
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return base.replace(/\.(npy|json|mp4|m4v|mov|mkv|webm|ts)$/i, '').toLowerCase();
}
