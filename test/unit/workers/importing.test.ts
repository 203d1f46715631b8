import { expect, test } from 'vitest';
import { writeNpy } from '../../../src/engine/formats/npy.ts';
import { quietJob } from '../../../src/engine/job.ts';
import { importVideos, type ImportTick } from '../../../src/workers/importing.ts';
import type { Store, StoredVideo } from '../../../src/workers/store.ts';

/** Keeps nothing. */
const store = {
  featureSummaries: () => Promise.resolve([]),
  putFeatures: (_key: string, { warnings, provenance, snippets }: StoredVideo) =>
    Promise.resolve({ warnings, provenance, missing: snippets.map(({ missing }) => missing) }),
} as unknown as Store;

const file = (name: string, ...values: number[]) =>
  new File([writeNpy({ shape: [values.length / 2, 2], values: Float32Array.from(values) })], name);

test('each video that holds what another holds is told so, and one with gaps says where', async () => {
  const ticks: ImportTick[] = [];
  const files = [file('a.npy', 1, 2, 3, 4), file('b.npy', 5, 6, NaN, 8), file('c.npy', 1, 2, 3, 4)];
  await importVideos(
    files.map((file) => ({
      name: file.name.slice(0, 1),
      sources: [{ path: `x/${file.name}`, channel: 'features', file }],
      frames: null,
      rowFrames: null,
    })),
    { segments: null, precision: 'float32', totalBytes: 48 },
    store,
    quietJob,
    (tick) => ticks.push(tick),
  );
  expect(ticks.map(({ stored }) => stored!.warnings)).toEqual([
    [],
    [expect.stringMatching(/^x\/b.npy: 1 of its numbers are NaN/)],
    ['It holds the same numbers as a.'],
  ]);
  expect(ticks[1].stored!.summary).toMatchObject({ missing: [false, true] });
});
