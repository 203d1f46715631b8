/** The page's end of a worker: what comlink alone would leave hanging. */
import { afterEach, expect, test, vi } from 'vitest';
import { Port } from '../../src/workers/port.ts';
import troubleUrl from './trouble.worker.ts?worker&url';
import type { TroubleApi } from './trouble.worker.ts';

let port = new Port<TroubleApi>(troubleUrl, 'trouble');
afterEach(() => {
  port.end();
  port = new Port<TroubleApi>(troubleUrl, 'trouble');
  vi.useRealTimers();
});

test('values and failures come back whole', async () => {
  await expect(port.call((api) => api.echo({ a: Float32Array.of(1, 2) }))).resolves.toEqual({
    a: Float32Array.of(1, 2),
  });
  await expect(port.call((api) => api.fail())).rejects.toMatchObject({
    code: 'damaged',
    subject: 'gate.mp4',
    what: 'It is damaged.',
    next: 'Copy it again.',
  });
  await expect(port.call((api) => api.stumble())).rejects.toMatchObject({ code: 'bug' });
});

test('ending the worker rejects every pending call at once; the next call finds a new worker', async () => {
  await port.call((api) => api.echo(1));
  const pending = [port.call((api) => api.hang()), port.call((api) => api.hang())];
  const started = performance.now();
  port.end();
  for (const call of pending) await expect(call).rejects.toMatchObject({ code: 'worker-died' });
  expect(performance.now() - started).toBeLessThan(50);
  await expect(port.call((api) => api.echo(2))).resolves.toBe(2);
});

test('an error nobody caught ends the worker and is told', async () => {
  await port.call((api) => api.echo(1));
  const pending = port.call((api) => api.hang());
  void port.call((api) => api.crashSoon());
  await expect(pending).rejects.toMatchObject({ code: 'worker-died' });
});

test('a job reports, pauses, resumes and ends', async () => {
  const seen: number[] = [];
  const job = port.job<number>(
    ({ done }) => seen.push(done),
    (api, id, report) => api.work(40, id, report),
  );
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(3));
  job.pause();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const standing = seen.length;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(seen.length).toBe(standing);
  job.resume();
  await expect(job.result).resolves.toBe(40);
  expect(seen.at(-1)).toBe(40);
});

test('cancelling ends a job at once, and one that does not listen with its worker', async () => {
  const patient = port.job<number>(
    () => {},
    (api, id, report) => api.work(10_000, id, report),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const started = performance.now();
  patient.cancel();
  await expect(patient.result).rejects.toMatchObject({ code: 'cancelled' });
  expect(performance.now() - started).toBeLessThan(500);

  const deaf = port.job<number>(
    () => {},
    (api, id) => api.spin(id),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  deaf.cancel();
  await expect(deaf.result).rejects.toMatchObject({ code: 'cancelled' });
  await expect(port.call((api) => api.echo(3))).resolves.toBe(3);
});
