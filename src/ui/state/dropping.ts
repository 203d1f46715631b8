/** What is dropped on the page, or chosen from a dialog: files told apart, and each taken to where it belongs. */
import type { Progress } from '../../engine/job.ts';
import type { ListEntry } from '../../engine/formats/list.ts';
import type { VideoTruth } from '../../engine/types.ts';
import type { Added, Refusal } from '../../workers/script.ts';
import type { App } from './app.svelte.ts';
import { isSavedRun } from './saved-runs.ts';

export class Dropping {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** Anything dropped: videos, feature arrays with their notes, lists of labels, truth files, backbones, saved runs, projects. */
  async add(files: readonly File[], onProgress: (progress: Progress) => void = () => {}): Promise<Added> {
    const isText = ({ name }: File) => /\.(txt|csv|tsv|list)$/i.test(name);
    const isNotes = ({ name }: File) => /\.json$/i.test(name);
    const isArray = ({ name }: File) => /(\.npy|\.tubes\.safetensors)$/i.test(name);
    const isWeights = (file: File) => WEIGHT_FILES.test(file.name) && !isArray(file);
    const isProject = ({ name }: File) => name.toLowerCase().endsWith(PROJECT_ENDING);
    const isVideo = (file: File) => ![isText, isArray, isNotes, isWeights, isProject].some((is) => is(file));
    const result: Added = { added: [], refused: [] };
    for (const file of files.filter(isProject)) await this.#openProject(file, result);
    const arrays = files.filter(isArray);
    const videos = files.filter(isVideo);
    if (arrays.length + videos.length > 0) await this.#app.leaveExhibit();
    const weights = files.filter(isWeights);
    const areRuns = await Promise.all(weights.map(isSavedRun));
    for (const part of [
      await this.#app.addBackbones(weights.filter((_, i) => !areRuns[i])),
      await this.addRuns(weights.filter((_, i) => areRuns[i])),
      await this.addFeatures([...arrays, ...files.filter(isNotes)]),
      await this.#app.project.addVideos(videos, onProgress),
    ]) {
      result.added.push(...part.added);
      result.refused.push(...part.refused);
    }
    for (const file of files.filter(isText)) await this.#annotate(file, result);
    if (!this.#app.stage.video && this.#app.project.videos[0])
      await this.#app.stage.show(this.#app.project.videos[0].id);
    else await this.#app.stage.refresh(); // the file of the video on stage may have been dropped again
    return result;
  }

  async #openProject(file: File, result: Added): Promise<void> {
    try {
      await this.#app.openProjectFile(file, file.name);
      result.added.push(file.name);
    } catch (error) {
      result.refused.push(this.#app.notices.refuse(error, file.name));
    }
  }

  /** Runs that were saved, to score with; the last one comes on screen. */
  async addRuns(files: readonly File[]): Promise<Added> {
    const result: Added = { added: [], refused: [] };
    const { training, notices } = this.#app;
    for (const file of files) {
      try {
        await training.importRun(file);
        result.added.push(file.name);
        notices.say(
          `${file.name} is in the list of runs, with its threshold of ${training.threshold.toFixed(3)}.`,
        );
      } catch (error) {
        result.refused.push(notices.refuse(error, file.name));
      }
    }
    return result;
  }

  /** `.npy` arrays, maps and tubes, each with the `.json` of the same name where there is one. */
  async addFeatures(files: readonly File[]): Promise<Added> {
    const result: Added = { added: [], refused: [] };
    for (const [name, own] of featureFiles(files)) {
      const file = (own.tubes ?? own.features ?? own.maps)!;
      try {
        const notes = own.notes ? await own.notes.text() : null;
        const { features = null, maps = null, tubes = null, flip, flipMaps, noise } = own;
        const variants = { ...(flip && { flip }), ...(flipMaps && { flipMaps }), ...(noise && { noise }) };
        const { hash, summary } = await this.#app.client.importFeatures(
          { features, maps, tubes, variants, notes },
          file.name,
        );
        await this.#app.project.addFeatureVideo(name, hash, file.size, summary);
        for (const warning of summary.warnings) this.#app.notices.warn(warning, name);
        result.added.push(name);
      } catch (error) {
        result.refused.push(this.#app.notices.refuse(error, file.name));
      }
    }
    return result;
  }

  /** Weak labels or truths for videos that are here, by name. */
  async #annotate(file: File, result: { refused: Refusal[] }): Promise<void> {
    try {
      const annotations = await this.#app.client.readAnnotations(await file.text(), file.name);
      const matched =
        annotations.kind === 'labels'
          ? await this.#labelAll(annotations.entries)
          : await this.#tellTruths(annotations.truths);
      this.#app.notices.say(
        `${file.name}: ${matched} videos ${annotations.kind === 'labels' ? 'labelled' : 'given their truth'}.`,
      );
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
    const byName = new Map([...truths].map(([name, truth]) => [plainName(name), truth]));
    const known = this.#app.project.videos.flatMap((video) => {
      const truth = byName.get(plainName(video.name));
      return truth ? [[video.id, truth] as const] : [];
    });
    await this.#app.project.setTruths(new Map(known));
    await this.#app.training.evaluate();
    return known.length;
  }
}

export const PROJECT_ENDING = '.weaklens';

/** What a file of weights may be called. */
const WEIGHT_FILES = /\.(safetensors|tflite|pt|pth)$/i;

type Kind = 'features' | 'maps' | 'tubes' | 'notes' | 'flip' | 'flipMaps' | 'noise';

/** Files by the video that they belong to, and by what they are; notes alone are no features. */
function featureFiles(files: readonly File[]): Map<string, Partial<Record<Kind, File>>> {
  const endings: [Kind, RegExp][] = [
    ['flipMaps', /\.flip\.map\.npy$/i],
    ['flip', /\.flip\.npy$/i],
    ['noise', /\.noise\.npy$/i],
    ['maps', /\.map\.npy$/i],
    ['features', /\.npy$/i],
    ['tubes', /\.tubes\.safetensors$/i],
    ['notes', /\.json$/i],
  ];
  const videos = new Map<string, Partial<Record<Kind, File>>>();
  for (const file of files) {
    const [kind, ending] = endings.find(([, pattern]) => pattern.test(file.name)) ?? [];
    if (!kind || !ending) continue;
    const name = file.name.replace(ending, '');
    videos.set(name, { ...videos.get(name), [kind]: file });
  }
  return new Map([...videos].filter(([, { features, maps, tubes }]) => features ?? maps ?? tubes));
}

/** What a list and a file name have in common: no folders, no extension. */
function plainName(path: string): string {
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return base.replace(/\.(npy|json|mp4|m4v|mov|mkv|webm|ts)$/i, '').toLowerCase();
}
