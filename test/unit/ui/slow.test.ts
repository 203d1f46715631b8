import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PHASES, Slow } from '../../../src/ui/state/slow.svelte.ts';
import type { StepEvent } from '../../../src/workers/client.ts';

/** A run that only counts; notes what is asked of it. */
function moved() {
  const asked: string[] = [];
  let step = 0;
  const event = (): StepEvent => ({ step: step + 1, losses: {}, weights: {}, total: 0, chosen: [] });
  const slow = new Slow({
    propose: async () => {
      asked.push(`propose ${step + 1}`);
      return event();
    },
    take: async () => {
      const taken = event();
      asked.push(`take ${++step}`);
      return taken;
    },
    isUnfinished: () => step < 3,
  });
  return { slow, asked };
}

const stillness = (matches: boolean) => vi.stubGlobal('matchMedia', () => ({ matches }));

beforeEach(() => {
  vi.useFakeTimers();
  stillness(false);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('phases follow each other, each for its time, until no step is left', async () => {
  const { slow, asked } = moved();
  slow.seconds = 1;
  const seen: (string | null)[] = [];
  const run = slow.run();
  for (let i = 0; i < 15; i++) {
    await vi.advanceTimersByTimeAsync(i === 0 ? 10 : 1000);
    seen.push(slow.reached);
  }
  expect(seen).toEqual([...PHASES, ...PHASES, ...PHASES]);
  await vi.advanceTimersByTimeAsync(2000);
  await run;
  expect(slow.isRunning).toBe(false);
  expect(asked).toEqual(['propose 1', 'take 1', 'propose 2', 'take 2', 'propose 3', 'take 3']);
});

test('a phase asked for by hand comes at once, and has its whole time', async () => {
  const { slow } = moved();
  slow.seconds = 1;
  void slow.run();
  await vi.advanceTimersByTimeAsync(900);
  expect(slow.reached).toBe('sample');
  await slow.advance();
  expect(slow.reached).toBe('score');
  await vi.advanceTimersByTimeAsync(900);
  expect(slow.reached).toBe('score');
  await vi.advanceTimersByTimeAsync(200);
  expect(slow.reached).toBe('choose');
  await slow.stop();
});

test('stopped mid-step it stays there, and goes on from there', async () => {
  const { slow, asked } = moved();
  slow.seconds = 1;
  const run = slow.run();
  await vi.advanceTimersByTimeAsync(2500);
  await slow.stop();
  await run;
  await vi.advanceTimersByTimeAsync(5000);
  expect(slow.reached).toBe('choose');
  expect(slow.isMidStep).toBe(true);
  expect(asked).toEqual(['propose 1']);
  slow.look('update');
  expect(slow.shown).toBe('choose'); // it has not come so far
  slow.look('sample');
  expect(slow.shown).toBe('sample');
  void slow.run();
  await vi.advanceTimersByTimeAsync(1500);
  expect(slow.reached).toBe('update');
  expect(asked).toEqual(['propose 1', 'take 1']);
  await slow.stop();
});

test('what was begun is forgotten when it is cleared', async () => {
  const { slow, asked } = moved();
  await slow.advance();
  await slow.advance();
  slow.clear();
  expect(slow.reached).toBeNull();
  await slow.advance();
  expect(asked).toEqual(['propose 1', 'propose 1']);
});

test('where motion is unwanted, one phase comes at a time', async () => {
  stillness(true);
  const { slow } = moved();
  await slow.run();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(slow.reached).toBe('sample');
  expect(slow.isRunning).toBe(false);
  await slow.run();
  expect(slow.reached).toBe('score');
});
