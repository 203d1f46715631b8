import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeRunFile } from '../../../src/engine/formats/run-file.ts';
import { writeSafetensors } from '../../../src/engine/formats/safetensors.ts';
import type { ScoresFile } from '../../../src/engine/formats/scores.ts';
import { readShared } from '../../shared.ts';

const tool = resolve(import.meta.dirname, '../../../tools/weaklens_io.py');
const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
if (!hasNumpy) console.log('tools/weaklens_io.py is not tested: python3 with NumPy is not here.');

const folder = mkdtempSync(join(tmpdir(), 'weaklens-io-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the tool says of a file. */
function told(name: string, bytes: Uint8Array | string) {
  writeFileSync(join(folder, name), bytes);
  return JSON.parse(execFileSync('python3', [tool, join(folder, name)], { encoding: 'utf8' }));
}

const scores = Float32Array.of(0.1, 1 / 3, 0.9);
const listed: ScoresFile = {
  format: 'weaklens-scores',
  version: 1,
  expansion: 'repeat16',
  run: { head: 'sultani', seed: 0, step: 1, hash: '' },
  videos: [
    {
      name: 'Tür.mp4',
      label: 1,
      frames: 48,
      fps: 25,
      scores: [...scores],
      snippetsPerScore: 1,
      features: 'k',
    },
  ],
};
const tensors: [string, { shape: number[]; values: Float32Array }][] = [
  ['fc1.weight', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['fc1.bias', { shape: [2], values: Float32Array.of(0.5, -1) }],
];
const sums = { 'fc1.weight': [[2, 3], 21], 'fc1.bias': [[2], -0.5] };
const run = () =>
  writeRunFile(
    {
      run: {
        head: 'sultani',
        config: {},
        seed: 0,
        createdAt: 0,
        step: 1,
        steps: 1,
        backend: 'wasm',
        version: '0',
        training: [],
        backbone: 'x',
        losses: { total: [1], terms: {} },
        weights: writeSafetensors(tensors),
        scores: [],
      },
      features: [],
      metrics: null,
    },
    listed,
  );

describe.skipIf(!hasNumpy)('from Python', { timeout: 60_000 }, () => {
  test('a run', () => {
    const said = told('run.zip', run());
    expect(said).toMatchObject({ head: 'sultani', metrics: null, weights: sums });
    expect(Float32Array.from(said.scores['Tür.mp4'])).toEqual(scores);
  });

  test('scores', () => {
    expect(Float32Array.from(told('s.json', JSON.stringify(listed)).scores['Tür.mp4'])).toEqual(scores);
  });

  test('weights in single and half precision', () => {
    expect(told('w.safetensors', writeSafetensors(tensors)).weights).toEqual(sums);
    expect(told('h.safetensors', writeSafetensors(tensors, {}, 'float16')).weights).toEqual(sums);
  });

  test('bfloat16', () => {
    const header = '{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}';
    const bytes = new Uint8Array(8 + header.length + 4);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    bytes.set([0x80, 0x3f, 0x20, 0xc0], 8 + header.length); // 1 and -2.5
    expect(told('b.safetensors', bytes).weights).toEqual({ a: [[2], -1.5] });
  });

  test('a run that was changed is refused', () => {
    const bytes = run();
    const at = Buffer.from(bytes).indexOf('scores.json'); // its local header: what follows is its content
    bytes[at + 40] ^= 1;
    expect(() => told('bad.zip', bytes)).toThrow();
  });

  test('the example of both half precisions', async () => {
    const bytes = await readShared('features/broken/st_ok_f16_bf16.safetensors');
    if (bytes) expect(Object.keys(told('x.safetensors', bytes).weights).length).toBeGreaterThan(0);
  });
});
