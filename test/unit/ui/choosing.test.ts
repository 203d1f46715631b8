/** Which step of a run counts: when it is looked at, what a look finds, and when no more looks are worth it. */
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import { isSpent, look, LOOKS, nextLook, stretchOf } from '../../../src/ui/state/choosing.ts';
import type { JudgedVideo } from '../../../src/ui/state/scored.ts';
import type { Client, RunRecord, ScoreRecord, Trainer } from '../../../src/workers/client.ts';

const heldOut = (labels: readonly ('normal' | 'anomalous')[]) =>
  labels.map((label, i) => ({ videoId: `v${i}`, name: `v${i}`, label, featureKey: `k${i}` }));

const run = (more: Partial<RunRecord> = {}): RunRecord => ({
  id: 'r',
  projectId: 'p',
  head: 'sultani',
  config: {},
  seed: 0,
  createdAt: 1,
  updatedAt: 1,
  step: 40,
  steps: 200,
  backend: 'wasm',
  version: '1',
  training: [],
  backbone: 'b',
  selection: 'val',
  heldOut: heldOut(['normal', 'anomalous', 'normal', 'anomalous']),
  losses: { total: new Float32Array(0), terms: {} },
  ...more,
});

/** A trainer that knows these scores by feature key, and what it was told to mark. */
function trainerOf(
  scores: Record<string, readonly number[]>,
  instances: Record<string, readonly number[]> = {},
) {
  const marked: number[] = [];
  const trainer = {
    async peek(runId: string, featureKey: string): Promise<ScoreRecord | null> {
      const own = scores[featureKey];
      if (!own) return null;
      const record = { runId, featureKey, step: 40, scores: Float32Array.from(own), snippetsPerScore: 1 };
      const tubes = instances[featureKey];
      return tubes ? { ...record, instances: Float32Array.from(tubes) } : record;
    },
    async markBest(_: string, figure: number): Promise<RunRecord> {
      marked.push(figure);
      return run({ best: { step: 40, figure } });
    },
  };
  return { trainer: trainer as unknown as Trainer, marked };
}

const client = {
  evaluate: async (...args: Parameters<typeof evaluate>) => evaluate(...args),
} as unknown as Client;
const protocol = () => ({ expansion: 'repeat16' as const, threshold: 0.5 });
const lookAt = (of: RunRecord, trainer: Trainer, test: readonly JudgedVideo[] = []) =>
  look(of, trainer, client, test, protocol);

describe('when a run is looked at', () => {
  test('only at its end where the last step counts, else some twenty times', () => {
    expect(stretchOf('last', 200)).toBe(200);
    expect(stretchOf('val', 200)).toBe(200 / LOOKS);
    expect(stretchOf('test', 201)).toBe(11);
    expect(stretchOf('val', 3)).toBe(1);
  });

  test('after the same steps however it was paused, and at its end', () => {
    expect([0, 9, 10, 13, 195].map((step) => nextLook(step, 10, 200))).toEqual([10, 10, 20, 20, 200]);
    expect(nextLook(200, 11, 201)).toBe(201);
  });

  test('no longer once as many looks as it has patience for have found nothing better', () => {
    const best = { step: 30, figure: 0.7 };
    expect(isSpent(run({ step: 50, best }), 10, 2)).toBe(true);
    expect(isSpent(run({ step: 49, best }), 10, 2)).toBe(false);
    expect(isSpent(run({ step: 190, best }), 10, 0)).toBe(false); // 0 waits for ever
    expect(isSpent(run({ step: 190 }), 10, 2)).toBe(false); // nothing was found yet
  });
});

describe('by held-out videos', () => {
  test('the video AUC of their highest scores is the figure', async () => {
    // 0.6 and 0.9 against 0.2 and 0.7: of four pairs the anomalous one is ahead in three.
    const { trainer, marked } = trainerOf({ k0: [0.1, 0.2], k1: [0.6, 0], k2: [0.7], k3: [0.9] });
    expect((await lookAt(run(), trainer)).best).toEqual({ step: 40, figure: 0.75 });
    expect(marked).toEqual([0.75]);
  });

  test('what is no better than before is not marked', async () => {
    const { trainer, marked } = trainerOf({ k0: [0.2], k1: [0.6], k2: [0.7], k3: [0.9] });
    const before = run({ best: { step: 20, figure: 0.75 } });
    expect(await lookAt(before, trainer)).toBe(before);
    expect(marked).toEqual([]);
  });

  test('a video that cannot be scored is left out, and without one of each kind there is no figure', async () => {
    const some = trainerOf({ k0: [0.2], k3: [0.9] });
    await lookAt(run(), some.trainer);
    expect(some.marked).toEqual([1]);
    const one = trainerOf({ k1: [0.6], k3: [0.9] });
    const before = run();
    expect(await lookAt(before, one.trainer)).toBe(before);
    expect(one.marked).toEqual([]);
    expect(await lookAt(run({ heldOut: undefined }), one.trainer)).toMatchObject({ step: 40 });
    expect(one.marked).toEqual([]);
  });

  test('tubes speak for their video, and a head may rank videos by the span of their scores', async () => {
    const scores = { k0: [0.9], k1: [0.1], k2: [0.9], k3: [0.1] };
    const tubes = trainerOf(scores, { k0: [0.1], k1: [0.8], k2: [0.2], k3: [0.9] });
    await lookAt(run(), tubes.trainer);
    expect(tubes.marked).toEqual([1]);
    const spans = trainerOf({ k0: [0.9, 0.8], k1: [0.1, 0.6], k2: [0.9, 0.8], k3: [0.1, 0.6] });
    await lookAt(run({ head: 'wsal' }), spans.trainer);
    expect(spans.marked).toEqual([1]);
  });
});

test('by the test part the frame AUC under the protocol is the figure', async () => {
  const judged = (key: string, anomalous: boolean) =>
    ({
      video: { name: key, label: anomalous ? 'anomalous' : 'normal' },
      features: { key, frames: 32, snippets: [] },
      truth: { totalFrames: 32, intervals: anomalous ? [{ class: 'x', startFrame: 17, endFrame: 32 }] : [] },
    }) as unknown as JudgedVideo;
  const videos = [judged('a', true), judged('b', false), judged('unscored', false)];
  // 16 anomalous frames at 0.5 against 16 at 0.1, 16 at 0.7 and 16 at 0.2: two pairs of three.
  const { trainer, marked } = trainerOf({ a: [0.1, 0.5], b: [0.7, 0.2] });
  const chosen = await lookAt(run({ selection: 'test' }), trainer, videos);
  expect(chosen.best!.figure).toBeCloseTo(2 / 3, 12);
  expect(marked).toHaveLength(1);
  const nothing = trainerOf({});
  await lookAt(run({ selection: 'test' }), nothing.trainer, videos);
  expect(nothing.marked).toEqual([]);
});
