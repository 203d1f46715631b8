/** Made videos get their own label and truth, and leave those of others alone. */
import { expect, it } from 'vitest';
import type { VideoTruth } from '../../../src/engine/types.ts';
import { Making } from '../../../src/ui/state/making.svelte.ts';
import type { Notices } from '../../../src/ui/state/notices.svelte.ts';
import type { Project } from '../../../src/ui/state/project.svelte.ts';
import type { WatchedStreet } from '../../../src/ui/state/street.svelte.ts';
import type { Client, VideoRecord } from '../../../src/workers/client.ts';

const TRUTH: VideoTruth = { totalFrames: 90, intervals: [{ class: 'else', startFrame: 5, endFrame: 9 }] };
const QUIET: VideoTruth = { totalFrames: 90, intervals: [] };

/** A list that remembers what it was told of which video. */
class List {
  videos: VideoRecord[] = [];
  readonly truths = new Map<string, VideoTruth>();

  async addVideos([{ name }]: readonly File[]) {
    this.videos = [...this.videos, { id: `v${this.videos.length}`, name } as VideoRecord];
    return { added: [name], refused: [] };
  }

  async label([id]: readonly string[], label: VideoRecord['label']) {
    this.#change(id, { label });
  }

  async move([id]: readonly string[], part: VideoRecord['part']) {
    this.#change(id, { part });
  }

  async setTruths(truths: ReadonlyMap<string, VideoTruth>) {
    for (const [id, truth] of truths) this.truths.set(id, truth);
  }

  #change(id: string, change: Partial<VideoRecord>) {
    this.videos = this.videos.map((video) => (video.id === id ? { ...video, ...change } : video));
  }
}

/** Plans one video, normal for even seeds, and films nothing. */
const filming = {
  planStreets: (_: unknown, seed: number) => {
    const label = seed % 2 === 0 ? 'normal' : 'anomalous';
    const video = { name: 'train-001', part: seed % 2 === 0 ? 'train' : 'test', label, scene: {} };
    return { result: Promise.resolve([{ video, truth: seed % 2 === 0 ? QUIET : TRUTH }]), cancel: () => {} };
  },
  filmStreet: (name: string) => ({
    result: Promise.resolve(new File([], `${name}.webm`)),
    cancel: () => {},
  }),
};
const client = { filming } as unknown as Client;

const notices = { say: () => {}, fail: (error: unknown) => expect.fail(String(error)) } as unknown as Notices;
const street = (seed: number, daylight: 'day' | 'night') =>
  ({ world: 'road', seed, conditions: { daylight } }) as unknown as WatchedStreet;

it('labels the video that it made, and none of the same name', async () => {
  const list = new List();
  const making = new Making(client, notices);
  await making.streets(list as unknown as Project, 1, street(2, 'day'));
  const [first] = list.videos;
  expect(first).toMatchObject({ label: 'normal', part: 'train' });
  // One that was dropped before has the name of the one that is made next.
  list.videos = [{ ...first, name: first.name.replace('-2-', '-3-') }];
  await making.streets(list as unknown as Project, 1, street(3, 'day'));
  expect(list.videos.map(({ label, part }) => [label, part])).toEqual([
    ['normal', 'train'],
    ['anomalous', 'test'],
  ]);
  expect(list.truths.get(list.videos[0].id)).toEqual(QUIET);
  expect(list.truths.get(list.videos[1].id)).toEqual(TRUTH);
});

it('names videos by all that they follow from', async () => {
  const list = new List();
  const making = new Making(client, notices);
  for (const daylight of ['day', 'night'] as const)
    await making.streets(list as unknown as Project, 1, street(2, daylight));
  expect(list.videos.map(({ name }) => name)).toEqual([
    'road-day-2-train-001.webm',
    'road-night-2-train-001.webm',
  ]);
});
