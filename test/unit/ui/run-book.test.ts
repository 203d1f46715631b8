import { expect, test, vi } from 'vitest';
import { RunBook } from '../../../src/ui/state/run-book.svelte.ts';
import type { Notices } from '../../../src/ui/state/notices.svelte.ts';
import type { Project } from '../../../src/ui/state/project.svelte.ts';
import type { Training } from '../../../src/ui/state/training.svelte.ts';
import type { Client, RunRecord } from '../../../src/workers/client.ts';

/** Two runs; the first is on screen, and what is stored of them is in `stored`. */
function made() {
  const stored = new Map<string, object[]>([['b', [{ featureKey: 'x' }]]]);
  const evaluate = vi.fn(async (videos: { length: number }) => ({
    frameAuc: videos.length / 10,
    videoAuc: null,
    averagePrecision: null,
  }));
  const client = { store: { scores: async (id: string) => stored.get(id) ?? [] }, evaluate };
  const runs = ['a', 'b'].map((id) => ({ id, step: 3, updatedAt: 1 }) as RunRecord);
  const training = {
    ...{ isPlaying: false, runs, run: runs[0], scores: new Map() },
    scoredVideos: (_: string, byKey: Map<string, object>) => [...byKey.values()],
    protocolFor: () => ({}),
  };
  const project = { truths: new Map(), videos: [] as object[] };
  const fail = (error: unknown) => expect.fail(String(error));
  const book = new RunBook(
    client as unknown as Client,
    { fail } as unknown as Notices,
    project as unknown as Project,
    training as unknown as Training,
  );
  const judge = async () => {
    book.judge();
    await new Promise((resolve) => setTimeout(resolve));
    return evaluate.mock.calls.length;
  };
  return { stored, training, project, book, judge };
}

test('a run that ends is judged once its scores are there, not when its steps are done', async () => {
  const { stored, training, book, judge } = made();
  expect(await judge()).toBe(1);
  expect(book.worthOf('a')).toBeUndefined();
  expect(book.worthOf('b')!.frameAuc).toBe(0.1);
  stored.set('a', [{ featureKey: 'x' }, { featureKey: 'y' }]);
  training.scores = new Map();
  expect(await judge()).toBe(2); // the other run is as it was
  expect(book.worthOf('a')!.frameAuc).toBe(0.2);
  expect(await judge()).toBe(2);
});

test('truths and parts that change change the figures of every run', async () => {
  const { stored, project, book, judge } = made();
  await judge();
  stored.set('b', [{ featureKey: 'x' }, { featureKey: 'y' }, { featureKey: 'z' }]);
  project.truths = new Map();
  expect(await judge()).toBe(2);
  expect(book.worthOf('b')!.frameAuc).toBe(0.3);
  project.videos = [{}];
  expect(await judge()).toBe(3);
});
