import { strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/engine/failure.ts';
import { readRunFile, writeRunFile, type RunFile } from '../../../src/engine/formats/run-file.ts';
import { writeSafetensors } from '../../../src/engine/formats/safetensors.ts';
import { parseScores, type ScoresFile } from '../../../src/engine/formats/scores.ts';
import { Random } from '../../../src/engine/random.ts';

const random = new Random(3);
const scores = Float32Array.from({ length: 40 }, () => random.uniform());

const saved = (): RunFile => ({
  run: {
    head: 'sultani',
    config: { dropout: 0.6, pairing: 'all', shuffleSegments: false },
    seed: 7,
    createdAt: 5,
    step: 2,
    steps: 2,
    backend: 'wasm',
    version: '0.1.0',
    training: [{ videoId: 'b', name: 'b.webm', label: 'normal', featureKey: 'kb' }],
    backbone: 'weaklens-a0',
    threshold: 0.37,
    losses: { total: [2, 1], terms: { mil: [2, 1] } },
    weights: writeSafetensors([['fc.weight', { shape: [1], values: Float32Array.of(0.3) }]]),
    scores: [
      {
        featureKey: 'ka',
        step: 2,
        snippetsPerScore: 1,
        scores,
        arrays: { attention: { shape: [1, 40], values: scores } },
      },
    ],
  },
  features: [
    {
      featureKey: 'ka',
      name: 'Straße <b>.webm',
      label: 'anomalous',
      part: 'test',
      videoHash: 'h',
      backbone: 'weaklens-a0',
      backboneHash: 'b',
      shape: [40, 3],
      frames: 640,
    },
  ],
  metrics: {
    frameAuc: 0.9,
    averagePrecision: null,
    videoAuc: 1,
    threshold: 0.37,
    expansion: 'repeat16',
    videos: 1,
  },
});

const listed: ScoresFile = {
  format: 'weaklens-scores',
  version: 1,
  expansion: 'repeat16',
  run: { head: 'sultani', seed: 7, step: 2, hash: 'x' },
  videos: [
    {
      name: 'Straße <b>.webm',
      label: 1,
      frames: 640,
      fps: 25,
      scores: Array.from(scores),
      snippetsPerScore: 1,
      features: 'ka',
    },
  ],
};

const bytes = () => writeRunFile(saved(), listed);

test('a run comes back as it was, to the last bit', () => {
  expect(readRunFile(bytes(), 'run.zip')).toEqual(saved());
  expect(bytes()).toEqual(bytes());
});

test('its scores are a file that evaluate reads', () => {
  const text = new TextDecoder().decode(unzipSync(bytes())['scores.json']);
  expect(Float32Array.from(parseScores(text, 'scores.json').videos[0].scores)).toEqual(scores);
});

describe('what is not sound is refused by name', () => {
  const changed = (change: (parts: Zippable) => void) => {
    const parts: Zippable = unzipSync(bytes());
    change(parts);
    return zipSync(parts);
  };
  const edited = (edit: (text: string) => string, part = 'run.json') =>
    changed((parts) => (parts[part] = strToU8(edit(new TextDecoder().decode(parts[part] as Uint8Array)))));
  const withName = (name: string) => changed((parts) => (parts[name] = strToU8('x')));
  /** The size that the central directory claims for a part. */
  const claiming = (size: number) => {
    const zip = bytes();
    const view = new DataView(zip.buffer);
    for (let at = 0; at < zip.length - 4; at++)
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, size, true);
    return zip;
  };
  const cases: [string, () => Uint8Array, RegExp][] = [
    ['no zip', () => strToU8('PK\x03\x04 not really'), /not a sound zip/],
    ['cut short', () => bytes().slice(0, 600), /not a sound zip/],
    ['another archive', () => zipSync({ 'a.npy': strToU8('x') }), /no run\.json/],
    ['a later version', () => edited((text) => text.replace('"version":1', '"version":9')), /format 9/],
    ['another format', () => edited((text) => text.replace('weaklens-run', 'else')), /at format/],
    ['weights missing', () => changed((parts) => delete parts['weights.safetensors']), /weights.*missing/],
    [
      'weights changed',
      () =>
        changed((parts) => {
          const own = parts['weights.safetensors'] as Uint8Array;
          own[own.length - 1] ^= 1;
        }),
      /weights\.safetensors was changed or damaged/,
    ],
    [
      'scores changed',
      () => edited((text) => text.replace('"label":1', '"label":0'), 'scores.json'),
      /scores\.json was/,
    ],
    [
      'a hash left out',
      () => edited((text) => text.replace(/"weights\.safetensors":"\w+",/, '')),
      /no SHA-256 of weights/,
    ],
    ['a name that slips out', () => withName('../../evil'), /leads out of the archive/],
    ['a name from the root', () => withName('/etc/x'), /leads out of the archive/],
    ['a name of Windows', () => withName('..\\x'), /leads out of the archive/],
    ['a bomb', () => claiming(0x7fffffff), /not a sound zip/],
    ['sizes that lie', () => claiming(3), /not the size that it claims|two things/],
    ['no numbers', () => edited((text) => text.replace('"seed":7', '"seed":"7"')), /run\.seed/],
    ['not UTF-8', () => changed((parts) => (parts['run.json'] = Uint8Array.of(0xff, 0xfe))), /UTF-16/],
    ['null', () => changed((parts) => (parts['run.json'] = strToU8('null'))), /not an object/],
    [
      'scores of nothing known',
      () => edited((text) => text.replace('"featureKey":"ka","name"', '"featureKey":"kz","name"')),
      /scores of ka/,
    ],
  ];
  test.each(cases)('%s', (_, made, why) => {
    let thrown: unknown;
    try {
      readRunFile(made(), 'run.zip');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Failure);
    const { code, subject, what } = thrown as Failure;
    expect(code).toBe('format-invalid');
    expect(subject).toContain('run.zip');
    expect(what).toMatch(why);
  });
});
