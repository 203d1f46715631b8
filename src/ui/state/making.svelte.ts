/** Making videos for the list: drawn sketches, or films of a simulated street. */
import type { Progress } from '../../engine/job.ts';
import type { Client, JobHandle, MadeVideo } from '../../workers/client.ts';
import type { Added } from '../../workers/script.ts';
import { t } from '../text/text.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { Project } from './project.svelte.ts';
import type { WatchedStreet } from './street.svelte.ts';

/** Short films, half of them with an event. */
const STREETS = { seconds: 12, anomalous: 0.5, eventShare: [0.15, 0.3], second: 0 } as const;

export class Making {
  readonly #client: Client;
  readonly #notices: Notices;
  /** How far the films of a street are; null while none are being made. */
  progress = $state.raw<{ share: number; text: string } | null>(null);
  #sketches = 0;
  #cancel: () => void = () => {};

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  get isMaking(): boolean {
    return this.progress !== null || this.#sketches > 0;
  }

  /** Drawn sketches of a street, quick to make. */
  async sketches(
    project: Project,
    seed: number,
    size: Parameters<Client['filming']['planDemo']>[1],
    onProgress: (progress: Progress) => void,
  ): Promise<Added & { train: number; test: number }> {
    const result: Added = { added: [], refused: [] };
    this.#sketches++;
    let plan;
    try {
      plan = await this.#client.filming.planDemo(seed, size);
      for (const [i, video] of plan.entries()) {
        onProgress({ done: i, total: plan.length, unit: 'videos' });
        await take(project, await this.#client.filming.film(video, () => {}).result, result);
      }
    } finally {
      this.#sketches--;
    }
    onProgress({ done: plan.length, total: plan.length, unit: 'videos' });
    const train = plan.filter(({ part }) => part === 'train').length;
    return { ...result, train, test: plan.length - train };
  }

  /** Films of the world, light and weather of a street, a fifth of them to test; what is made before a cancel stays. */
  async streets(project: Project, count: number, { world, conditions, seed }: WatchedStreet): Promise<void> {
    const test = Math.round(count / 5);
    const result: Added = { added: [], refused: [] };
    let isCancelled = false;
    const follow = <T>({ result: made, cancel }: JobHandle<T>): Promise<T> => {
      this.#cancel = () => {
        isCancelled = true;
        cancel();
      };
      return made;
    };
    this.progress = { share: 0, text: t('Planning') };
    try {
      const options = { ...STREETS, train: count - test, test, worlds: [world], conditions };
      const plan = await follow(this.#client.filming.planStreets(options, seed, () => {}));
      for (const [i, { video, truth }] of plan.entries()) {
        const { daylight, weather } = conditions;
        const parts = [world, daylight, weather, seed, video.name];
        const name = parts.filter((part) => part !== undefined).join('-');
        const film = this.#client.filming.filmStreet(name, video.scene, {}, ({ done, total }) => {
          this.progress = {
            share: (i + done / (total ?? done)) / count,
            text: t('Filming {n} of {total}', { n: i + 1, total: count }),
          };
        });
        await take(project, { ...video, file: await follow(film), truth }, result);
        if (isCancelled) break;
      }
    } catch (error) {
      if (!isCancelled) this.#notices.fail(error);
    } finally {
      this.progress = null;
      const { length } = result.added;
      if (length > 0)
        this.#notices.say(
          t(
            length === 1
              ? '{n} video of the street are in the list.'
              : '{n} videos of the street are in the list.',
            { n: length },
          ),
        );
    }
  }

  /** Ends the making of films. */
  cancel(): void {
    this.#cancel();
  }
}

/**
 * A made video into the list, with its weak label, its part and its hidden truth. Another video may have its name: it is
 * known by being new.
 */
async function take(
  project: Project,
  { file, label, part, truth }: Pick<MadeVideo, 'file' | 'label' | 'part' | 'truth'>,
  result: Added,
): Promise<void> {
  const before = new Set(project.videos.map(({ id }) => id));
  const { added, refused } = await project.addVideos([file]);
  result.added.push(...added);
  result.refused.push(...refused);
  const record = project.videos.find(({ id, name }) => name === added[0] && !before.has(id));
  if (!record) return;
  await project.label([record.id], label);
  await project.move([record.id], part);
  await project.setTruths(new Map([[record.id, truth]]));
}
