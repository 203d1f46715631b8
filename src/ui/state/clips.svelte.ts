/** Alarms as files: cut out of their videos, one at a time, and handed to the browser to keep. */
import type { Client, JobHandle, VideoRecord } from '../../workers/client.ts';
import { download } from '../download.ts';
import { t } from '../text/text.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { Project } from './project.svelte.ts';

/** A stretch of a video. */
export interface Stretch {
  video: VideoRecord;
  startSeconds: number | null;
  endSeconds: number | null;
}

export class Clips {
  readonly #client: Client;
  readonly #notices: Notices;
  readonly #project: Project;
  /** Blur the picture so far that nobody can be told in it. */
  isBlurred = $state(false);
  /** The clip that is being cut; null while none is. */
  progress = $state.raw<{ name: string; share: number } | null>(null);
  #job: JobHandle<File> | null = null;

  constructor(client: Client, notices: Notices, project: Project) {
    this.#client = client;
    this.#notices = notices;
    this.#project = project;
  }

  /** Why a stretch cannot be exported, or null. */
  obstacle({ video, startSeconds, endSeconds }: Stretch): string | null {
    if (this.progress) return t('Another clip is being made.');
    if (video.facts === null)
      return t('Only the features of this video are here: there is no picture to export.');
    if (!this.#project.isHere(video))
      return t('This browser keeps no copy of the video: drop it again to export from it.');
    return startSeconds === null || endSeconds === null
      ? t('Nobody knows when these frames are shown.')
      : null;
  }

  /** Cuts a stretch out and saves it. Nothing is saved of what is cancelled. */
  async save(stretch: Stretch): Promise<void> {
    if (this.obstacle(stretch) !== null) return;
    const { video } = stretch;
    const [startSeconds, endSeconds] = [stretch.startSeconds!, stretch.endSeconds!];
    const name = clipName(video.name, startSeconds, endSeconds, this.isBlurred);
    this.progress = { name, share: 0 };
    try {
      const file = await this.#project.file(video);
      if (!file) throw new Error(t('This browser keeps no copy of the video any more: drop it again.'));
      const cut = { startSeconds, endSeconds, isBlurred: this.isBlurred };
      this.#job = this.#client.filming.cutClip(file, video.name, cut, name, ({ done, total }) => {
        this.progress = { name, share: done / (total || 1) };
      });
      const clip = await this.#job.result;
      download(clip);
      this.#notices.say(t('{name} is saved.', { name: clip.name }));
    } catch (error) {
      const isCancelled = (error as { code?: string }).code === 'cancelled';
      if (isCancelled) this.#notices.say(t('No clip was saved.'));
      else this.#notices.fail(error, video.name);
    } finally {
      this.progress = null;
      this.#job = null;
    }
  }

  cancel(): void {
    this.#job?.cancel();
  }
}

/** The video, from when to when, and whether it is blurred: `gate2 00m03.2s-00m07.5s blurred`. */
export function clipName(
  video: string,
  startSeconds: number,
  endSeconds: number,
  isBlurred: boolean,
): string {
  const time = (seconds: number) => {
    const tenths = Math.round(10 * seconds);
    const minutes = Math.floor(tenths / 600);
    return `${String(minutes).padStart(2, '0')}m${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}s`;
  };
  const plain = video.replace(/\.(mp4|m4v|mov|mkv|webm|ts)$/i, '').replace(/[/\\:*?"<>|]/g, '_');
  return `${plain} ${time(startSeconds)}-${time(endSeconds)}${isBlurred ? ' blurred' : ''}`;
}
