import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { headById } from '../../../src/engine/heads/catalogue.ts';
import { headCards } from '../../../src/engine/heads/catalogue.fields.ts';
import { fieldsOf, resolveConfig, type Config, type Field } from '../../../src/engine/heads/config.fields.ts';
import { forkCheckpoint } from '../../../src/engine/training/fork.ts';
import {
  configAt,
  partialAfter,
  partialAt,
  partialUpTo,
  type PartialSteps,
} from '../../../src/engine/training/history.ts';
import { initialParameters, TrainingLoop } from '../../../src/engine/training/loop.ts';
import { installWasmKernels } from '../../../src/workers/kernels/wasm.ts';
import { losses, makeVideos, SEGMENTS, small } from '../../small.ts';

const D = 12;

function loopOf(id: string, overrides: Config = {}, seed = 3) {
  const head = headById(id);
  const config = resolveConfig(head.card, undefined, { learningRate: 0.01, ...small[id], ...overrides });
  return { head, config, loop: new TrainingLoop(head, config, makeVideos(10, D), seed, 0) };
}

beforeAll(async () => {
  await tf.setBackend('wasm');
  installWasmKernels();
});

describe.each(headCards.map(({ id }) => id))('%s', (id) => {
  test('a step that is looked at is the step that is not', async () => {
    const [plain, observed] = [loopOf(id).loop, loopOf(id).loop];
    const before = tf.memory().numTensors;
    for (let i = 0; i < 6; i++) {
      const expected = await plain.next();
      const { detail, ...event } = await observed.next({ observe: true });
      expect(event).toEqual(expected);
      const { batchNormal, batchAnomalous } = { ...loopConfig(id) };
      const drawn = (label: string) => detail!.bags.filter((bag) => bag.label === label).length;
      expect([drawn('normal'), drawn('anomalous')]).toEqual(
        [batchNormal, batchAnomalous].map((count) => Math.min(count, 5)),
      );
      for (const { scores } of detail!.bags) {
        expect(scores).toHaveLength(SEGMENTS);
        expect([...scores].every((score) => score >= 0 && score <= 1)).toBe(true);
      }
      expect(detail!.layers.some(({ gradient }) => gradient > 0)).toBe(true);
      const weighted = Object.entries(event.losses).map(([name, value]) => value * event.weights[name]);
      expect(weighted.reduce((sum, value) => sum + value, 0)).toBeCloseTo(event.total, 6);
    }
    expect(tf.memory().numTensors).toBe(before);
    plain.dispose();
    observed.dispose();
  });

  test('a proposed step has not happened; forgotten, it happens again the same', async () => {
    const { loop } = loopOf(id);
    await losses(loop, 2);
    const kept = await loop.checkpoint();
    const before = tf.memory().numTensors;
    const proposed = await loop.propose();
    expect(loop.step).toBe(2);
    expect((await loop.checkpoint()).parameters).toEqual(kept.parameters);
    loop.forget();
    expect(tf.memory().numTensors).toBe(before);
    expect(await loop.propose()).toEqual(proposed);
    loop.accept();
    expect(loop.step).toBe(3);
    const { loop: other } = loopOf(id);
    expect((await losses(other, 4))[3]).toBe((await loop.next()).total);
    await loop.propose();
    loop.dispose();
    other.dispose();
  });

  const { fields } = headById(id).card;
  const ablations = fieldsOf(headById(id).card).filter(([, field]) => field.ablation);
  test.each(ablations.map(([key]) => key))('forked by %s', async (key) => {
    const { head, config, loop } = loopOf(id, id === 'gcn' ? { warmup: 1 } : {});
    await losses(loop, 4);
    const from = await loop.checkpoint();
    const expected = await losses(loop, 3);
    const goOn = async (changed: Config) => {
      const initial = initialParameters(head, changed, makeVideos(10, D), 3, 0);
      const forked = forkCheckpoint(head, changed, initial, from);
      const fork = new TrainingLoop(head, changed, makeVideos(10, D), 3, 0, forked.checkpoint);
      expect(fork.step).toBe(4);
      const totals = await losses(fork, 3);
      const names = Object.keys(fork.parameters).sort();
      fork.dispose();
      return { ...forked, totals, names };
    };
    const same = await goOn(config);
    expect(same).toMatchObject({ fresh: [], dropped: [], totals: expected });
    const flipped = { ...config, [key]: other(fields[key as keyof typeof fields], config[key]) };
    const fork = await goOn(flipped);
    expect(fork.totals.every(Number.isFinite)).toBe(true);
    expect(fork.names).toEqual([...initialParameters(head, flipped, makeVideos(10, D), 3, 0).keys()].sort());
    expect(await goOn(flipped)).toEqual(fork); // the same fork, the same losses
    loop.dispose();
  });
});

const loopConfig = (id: string) =>
  resolveConfig(headById(id).card, undefined, small[id]) as unknown as Record<
    'batchNormal' | 'batchAnomalous',
    number
  >;

/** Another value that a field may have. */
function other(field: Field, value: unknown): number | string | boolean {
  if (field.kind === 'switch') return !value;
  if (field.kind === 'choice') return field.options.find((option) => option.value !== value)!.value;
  return value === 0 ? Math.min(field.max, 1) : 0;
}

test('a fork that needs other parameters takes new ones from the seed and drops those without use', async () => {
  const { head, config, loop } = loopOf('mgpr');
  await losses(loop, 2);
  const from = await loop.checkpoint();
  const changed = { ...config, relation: 'graph' };
  const initial = initialParameters(head, changed, makeVideos(10, D), 3, 0);
  const { checkpoint, fresh, dropped } = forkCheckpoint(head, changed, initial, from);
  expect(fresh.sort()).toEqual(['temporal.graph.weight', 'tube.graph.weight']);
  expect(dropped.sort()).toEqual(
    ['temporal', 'tube'].flatMap((branch) => ['k', 'q', 'v'].map((part) => `${branch}.${part}.weight`)),
  );
  expect(checkpoint.parameters.get('tube.graph.weight')).toEqual(initial.get('tube.graph.weight'));
  expect(checkpoint.parameters.get('tube.fc1.weight')).toBe(from.parameters.get('tube.fc1.weight'));
  expect(checkpoint.slots.get('mean/tube.fc1.weight')).toBe(from.slots.get('mean/tube.fc1.weight'));
  expect([...checkpoint.slots.keys()].some((name) => name.includes('.q.'))).toBe(false);
  loop.dispose();
});

describe('one branch of MGPR at a time', () => {
  /** Trains by a schedule and tells losses and what moved. */
  async function train(schedule: (string | undefined)[]) {
    const { loop } = loopOf('mgpr');
    expect(loop.phases).toEqual(['temporal', 'tube']);
    const totals: number[] = [];
    let record: PartialSteps[] = [];
    const before = (await loop.checkpoint()).parameters;
    for (const only of schedule) {
      const { total, step } = await loop.next({ only });
      totals.push(total);
      record = partialAfter(record, step, only);
    }
    const after = (await loop.checkpoint()).parameters;
    loop.dispose();
    const moved = [...after.keys()].filter((name) =>
      after.get(name)!.values.some((value, i) => value !== before.get(name)!.values[i]),
    );
    return { totals, record, branches: [...new Set(moved.map((name) => name.split('.')[0]))].sort() };
  }

  test('moves that branch only', async () => {
    expect((await train(['tube', 'tube'])).branches).toEqual(['tube']);
    expect((await train(['temporal', 'temporal'])).branches).toEqual(['temporal']);
    expect((await train([undefined, undefined])).branches).toEqual(['temporal', 'tube']);
  });

  test('the same seed and the same schedule give the same losses, which the record alone replays', async () => {
    const schedule = [undefined, 'tube', 'tube', undefined, 'temporal', 'tube', undefined, undefined];
    const first = await train(schedule);
    expect(first.record).toEqual([
      { only: 'tube', from: 2, to: 3 },
      { only: 'temporal', from: 5, to: 5 },
      { only: 'tube', from: 6, to: 6 },
    ]);
    const replayed = await train(schedule.map((_, i) => partialAt(first.record, i + 1)));
    expect(replayed).toEqual(first);
    const whole = await train(schedule.map(() => undefined));
    expect(whole.totals[0]).toBe(first.totals[0]);
    expect(whole.totals.at(-1)).not.toBe(first.totals.at(-1));
  });

  test('a phase that a step does not have is refused', async () => {
    const { loop } = loopOf('mgpr', { branches: 'tube' });
    await expect(loop.next({ only: 'temporal' })).rejects.toThrow(/no phase "temporal"/);
    expect(loop.step).toBe(0);
    loop.dispose();
    const { loop: plain } = loopOf('sultani');
    expect(plain.phases).toEqual([]);
    plain.dispose();
  });
});

test('a run and its forks are replayed from the record of the last of them', async () => {
  const videos = makeVideos(10, D);
  const { head, config, loop } = loopOf('sultani');
  const parent = await losses(loop, 5);
  const second = { ...config, lambdaSmooth: 0 };
  const third = { ...second, lambdaSparse: 0 };
  const fork = async (from: TrainingLoop, changed: Config) => {
    const initial = initialParameters(head, changed, videos, 3, 0);
    const { checkpoint } = forkCheckpoint(head, changed, initial, await from.checkpoint());
    return new TrainingLoop(head, changed, videos, 3, 0, checkpoint);
  };
  const child = await fork(loop, second);
  const ofChild = await losses(child, 2);
  const grandchild = await fork(child, third);
  const expected = [...parent, ...ofChild, ...(await losses(grandchild, 3))];
  const forkOf = { runId: 'b', step: 7, config: second, forkOf: { runId: 'a', step: 5, config } };
  const record = { config: third, forkOf };

  const totals: number[] = [];
  let replay = new TrainingLoop(head, configAt(record, 1), videos, 3, 0);
  for (let step = 1; step <= 10; step++) {
    const own = configAt(record, step);
    if (own !== configAt(record, Math.max(1, step - 1))) {
      const next = await fork(replay, own);
      replay.dispose();
      replay = next;
    }
    totals.push((await replay.next()).total);
  }
  expect(totals).toEqual(expected);
  for (const each of [loop, child, grandchild, replay]) each.dispose();
});

test('a schedule is cut where a run goes back', () => {
  const schedule = [
    { only: 'tube', from: 2, to: 6 },
    { only: 'temporal', from: 8, to: 8 },
  ];
  expect(partialUpTo(schedule, 4)).toEqual([{ only: 'tube', from: 2, to: 4 }]);
  expect(partialAfter(schedule, 5, undefined)).toEqual([{ only: 'tube', from: 2, to: 4 }]);
  expect(partialAfter(schedule, 5, 'tube')).toEqual([{ only: 'tube', from: 2, to: 5 }]);
  expect(partialAfter(schedule, 1, 'tube')).toEqual([{ only: 'tube', from: 1, to: 1 }]);
});
