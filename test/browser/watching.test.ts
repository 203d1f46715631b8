/** A street that is watched: it goes on until it is let go of, and not a frame longer. */
import * as Comlink from 'comlink';
import { afterEach, expect, test } from 'vitest';
import type { StreetOptions } from '../../src/engine/scenes/street.ts';
import { Port } from '../../src/workers/port.ts';
import type { SimulateApi, StreetMoment } from '../../src/workers/simulate.worker.ts';
import simulateUrl from '../../src/workers/simulate.worker.ts?worker&url';

const port = new Port<SimulateApi>(simulateUrl, 'simulation');
afterEach(() => port.end());

const STREET: StreetOptions = { world: 'plaza', seed: 2, seconds: 60, events: [] };

/** @param onMoment told of every frame with the number of those so far */
function watch(onMoment: (moment: StreetMoment, count: number) => void, options = STREET) {
  const seen = { frames: 0 };
  const end = port.call((api) =>
    api.watchStreet(
      options,
      Comlink.proxy((moment: StreetMoment) => {
        onMoment(moment, ++seen.frames);
        moment.picture.close();
      }) as never,
    ),
  );
  return { seen, end };
}

const leave = () => port.call((api) => api.leaveStreet());
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('one that is let go of before its first frame never begins', async () => {
  await port.call((api) => api.streetChoices()); // the worker is there, its renderer is not yet
  const { seen, end } = watch(() => {});
  await leave();
  await end;
  await pause(1500);
  expect(seen.frames).toBe(0);
});

test('another takes its place; each ends when it is let go of', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const first = watch((_, count) => count === 3 && begin());
  await begun;
  const { promise: third, resolve: isThird } = Promise.withResolvers<void>();
  const second = watch(
    ({ picture }, count) => {
      expect([picture.width, picture.height]).toEqual([320, 240]);
      if (count === 3) isThird();
    },
    { ...STREET, world: 'road' },
  );
  await third;
  await first.end;
  const { frames } = first.seen;
  await leave();
  await second.end;
  expect(first.seen.frames).toBe(frames);
});

test('one that cannot be drawn says so, and another can be watched', async () => {
  const broken = watch(() => {}, { ...STREET, world: 'nowhere' as 'road' });
  await expect(broken.end).rejects.toMatchObject({ code: 'bug' });
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { end } = watch(() => begin());
  await begun;
  await leave();
  await end;
});
