import { expect, test } from 'vitest';
import { startDevice } from '../../src/workers/device.ts';
import { movinetDeviation } from '../movinet.ts';
import { sharedIsHere } from '../shared.ts';

const isLong = import.meta.env.VITE_TEST_LONG === '1';

test.skipIf(!sharedIsHere).each(isLong ? [1, 4, 13] : [13])(
  'MoViNet-A0-Stream on webgl, %i frames at a time',
  { timeout: 300_000 },
  async (chunk) => {
    const { backend, adapter } = await startDevice('webgl');
    expect(backend).toBe('webgl');
    expect(adapter).toBeTruthy();
    const { vectors, maps, leaked } = await movinetDeviation(chunk);
    expect(vectors).toBeLessThan(1e-4);
    expect(maps).toBeLessThan(1e-4);
    expect(leaked).toBe(0);
  },
);
