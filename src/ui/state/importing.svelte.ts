/**
 * Features made elsewhere, taken in file by file: what does not fit is named and the rest goes on. Where the axes of an
 * array can be read in several ways the page asks, once for all files of a kind.
 */
import type { Progress } from '../../engine/job.ts';
import type { AxesQuestion, ImportedVideo, JobHandle } from '../../workers/client.ts';
import type { Added } from '../../workers/script.ts';
import type { App } from './app.svelte.ts';

export interface OpenQuestion extends AxesQuestion {
  name: string;
  /** Files that come after it. */
  others: number;
  /** @param id of a reading; null to leave the file out */
  answer(id: string | null): void;
}

export interface ImportOptions {
  /** The id of a reading; `ask` to be asked in the page, `likeliest` to take the first that fits. */
  axes?: string;
  onProgress?: (progress: Progress) => void;
}

export class Importing {
  readonly #app: App;
  status = $state.raw<{ done: number; total: number; name: string } | null>(null);
  question = $state.raw<OpenQuestion | null>(null);
  #job: JobHandle<unknown> | null = null;
  #isCancelled = false;

  constructor(app: App) {
    this.#app = app;
  }

  /** Arrays, maps and tubes, each with the `.json` of the same name where there is one. */
  async add(files: readonly File[], { axes = 'ask', onProgress }: ImportOptions = {}): Promise<Added> {
    const result: Added = { added: [], refused: [] };
    const { project, notices } = this.#app;
    const videos = featureFiles(files);
    if (videos.length === 0) return result;
    project.mayWrite();
    this.#isCancelled = false;
    const companions: { name: string; size: number; digest: string }[] = [];
    /** Readings that were chosen, by the readings that there were. */
    const answers = new Map<string, string>();
    try {
      for (const [done, { name, own }] of videos.entries()) {
        if (this.#isCancelled) break;
        const file = (own.tubes ?? own.features ?? own.maps)!;
        this.status = { done, total: videos.length, name: file.name };
        onProgress?.({ done, total: videos.length, unit: 'files' });
        try {
          const others = videos.length - done - 1;
          const imported = await this.#import(own, file, axes, answers, others);
          for (const video of imported) {
            const known = imported.length === 1 ? name : video.name;
            await project.addFeatureVideos([
              {
                ...{ name: known, hash: video.hash, sizeBytes: file.size, summary: video.summary },
                ...{ label: null, part: 'train', classes: [] },
              },
            ]);
            for (const warning of video.summary.warnings) notices.warn(warning, known);
            companions.push({ name: known, size: video.summary.shape.at(-1)!, digest: video.digest });
            result.added.push(known);
          }
        } catch (error) {
          result.refused.push(notices.refuse(error, file.name));
        }
      }
    } finally {
      this.status = null;
      this.#job = null;
    }
    for (const [name, warnings] of this.#app.client.reading.compare(companions))
      for (const warning of warnings) notices.warn(warning, name);
    onProgress?.({ done: videos.length, total: videos.length, unit: 'files' });
    return result;
  }

  /** What was taken in so far stays. */
  cancel(): void {
    this.#isCancelled = true;
    this.question?.answer(null);
    this.#job?.cancel();
  }

  async #import(
    own: Partial<Record<Kind, File>>,
    file: File,
    axes: string,
    answers: Map<string, string>,
    others: number,
  ): Promise<ImportedVideo[]> {
    const { features = null, maps = null, tubes = null, flip, flipMaps, noise } = own;
    const variants = { ...(flip && { flip }), ...(flipMaps && { flipMaps }), ...(noise && { noise }) };
    const request = { features, maps, tubes, variants, notes: own.notes ? await own.notes.text() : null };
    const run = async (axes: string) => {
      const job = this.#app.client.reading.importFeatures(request, file.name, { axes, size: this.#size });
      this.#job = job;
      return job.result;
    };
    let answer = await run(axes);
    if ('question' in answer) {
      const { question } = answer;
      const kind = JSON.stringify(question.readings.map(({ id }) => id));
      const chosen = answers.get(kind) ?? (await this.#ask(question, file.name, others));
      if (chosen === null)
        throw Object.assign(new Error(`${file.name}: It was left out.`), {
          code: 'cancelled',
          what: 'It was left out.',
        });
      answers.set(kind, chosen);
      answer = await run(chosen);
    }
    if ('question' in answer) return [];
    for (const warning of answer.warnings) this.#app.notices.warn(warning, file.name);
    return answer.videos;
  }

  /** D of all features that came as files before, where it is one. */
  get #size(): number | undefined {
    const { videos, features } = this.#app.project;
    const hashes = new Set(videos.filter(({ facts }) => facts === null).map(({ hash }) => hash));
    const own = [...features.values()].filter(({ provenance }) => hashes.has(provenance.videoHash));
    const sizes = new Set(own.map(({ shape }) => shape.at(-1)));
    return sizes.size === 1 ? [...sizes][0] : undefined;
  }

  #ask(question: AxesQuestion, name: string, others: number): Promise<string | null> {
    return new Promise((resolve) => {
      this.question = {
        ...question,
        name,
        others,
        answer: (id) => {
          this.question = null;
          resolve(id);
        },
      };
    });
  }
}

type Kind = 'features' | 'maps' | 'tubes' | 'notes' | 'flip' | 'flipMaps' | 'noise';

interface VideoFiles {
  name: string;
  own: Partial<Record<Kind, File>>;
}

/** What features may be called; what a file really is, its content says. */
export const FEATURE_FILES = /\.(npy|npz|zip|h5|hdf5|hdf|mat|pkl|pt|pth|safetensors|txt|csv|tsv)$/i;

/** Files by the video that they belong to, and by what they are; notes alone are no features. */
function featureFiles(files: readonly File[]): VideoFiles[] {
  const endings: [Kind, RegExp][] = [
    ['flipMaps', /\.flip\.map\.npy$/i],
    ['flip', /\.flip\.npy$/i],
    ['noise', /\.noise\.npy$/i],
    ['maps', /\.map\.npy$/i],
    ['tubes', /\.tubes\.safetensors$/i],
    ['features', FEATURE_FILES],
    ['notes', /\.json$/i],
  ];
  const videos = new Map<string, VideoFiles>();
  const twins: VideoFiles[] = [];
  for (const file of files) {
    const [kind, ending] = endings.find(([, pattern]) => pattern.test(file.name)) ?? [];
    if (!kind || !ending) continue;
    const name = file.name.replace(ending, '');
    const video = videos.get(name) ?? { name, own: {} };
    if (kind in video.own) twins.push({ name: file.name, own: { [kind]: file } });
    else video.own[kind] = file;
    videos.set(name, video);
  }
  return [...videos.values(), ...twins].filter(({ own }) => own.features ?? own.maps ?? own.tubes);
}
