import { strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { describe, expect, test } from 'vitest';
import { DEFAULT_PROTOCOL } from '../../../src/engine/experiments/experiment.ts';
import type { FiledExperiment } from '../../../src/engine/experiments/result.ts';
import {
  readProjectFile,
  writeProjectFile,
  type ProjectFile,
} from '../../../src/engine/formats/project-file.ts';
import { writeSafetensors } from '../../../src/engine/formats/safetensors.ts';
import type { VideoFeatures } from '../../../src/engine/types.ts';

const features = (hash: string): VideoFeatures => ({
  features: { shape: [2, 3], values: Float32Array.of(0.1, 2, -3, 4, 5e-3, 6) },
  snippets: [0, 1].map((n) => ({
    firstFrame: 16 * n,
    lastFrame: 16 * n + 15,
    startSeconds: n,
    endSeconds: n + 1,
    missing: false,
  })),
  gaps: [],
  frameSeconds: Float64Array.from({ length: 32 }, (_, i) => i / 16),
  warnings: ['It was cut short.'],
  provenance: {
    videoHash: hash,
    backbone: 'weaklens-a0',
    backboneHash: 'b',
    framesPerSecond: 5,
    crops: 1,
    backend: 'wasm',
    pixels: 'copyTo',
    sampledFrames: 10,
    seconds: { decode: 1, pixels: 1, backbone: 1, total: 3 },
  },
});

const plan = {
  id: 'heads.sultani.seed-1',
  experiment: 'heads',
  row: 'sultani',
  source: null,
  head: 'sultani',
  config: {},
  seed: 1,
  steps: 5,
};
const protocol = { ...DEFAULT_PROTOCOL, config: {} };
const data = { hash: 'd', training: 1, test: 1 };
const experiment: FiledExperiment = {
  createdAt: 3,
  experiment: 'heads',
  protocol,
  plans: [plan, { ...plan, id: 'heads.sultani.seed-2', seed: 2 }],
  data: { '': data },
  results: [
    {
      format: 'weaklens-experiment-run',
      version: 1,
      weaklens: '0',
      plan,
      protocol,
      data,
      backend: 'wasm',
      step: 5,
      chosenBy: 0.75,
      steps: 5,
      figures: { frameAuc: 0.75, averagePrecision: null },
      perClass: { fight: 0.5 },
      seconds: 2,
    },
  ],
  isPaused: true,
  keepsRuns: false,
};

const project = (): ProjectFile => ({
  name: 'Gate',
  about: 'Two videos.',
  head: { id: 'sultani', config: { dropout: 0.6 }, seed: 7 },
  shown: 'a',
  videos: [
    {
      id: 'a',
      name: 'a.webm',
      hash: 'ha',
      sizeBytes: 4,
      facts: null,
      label: 'anomalous',
      part: 'test',
      file: 'videos/0',
    },
    {
      id: 'b',
      name: 'b.webm',
      hash: 'hb',
      sizeBytes: 5,
      facts: null,
      label: null,
      classes: ['fight'],
      part: 'train',
    },
  ],
  truths: new Map([['a', { totalFrames: 32, intervals: [{ class: 'fight', startFrame: 3, endFrame: 9 }] }]]),
  boxes: new Map([['a', { byFrame: { 2: [1, 2, 30, 40.5] }, picture: [320, 240] as const }]]),
  features: new Map([
    ['ka', features('ha')],
    ['kb', features('hb')],
  ]),
  runs: [
    {
      id: 'r',
      head: 'sultani',
      config: { dropout: 0.6 },
      seed: 7,
      createdAt: 5,
      step: 2,
      steps: 2,
      backend: 'wasm',
      version: '0',
      training: [{ videoId: 'b', name: 'b.webm', label: 'normal', featureKey: 'kb' }],
      backbone: 'weaklens-a0',
      threshold: 0.37,
      partial: [{ only: 'tube', from: 1, to: 1 }],
      forkOf: { runId: 'q', step: 1, config: { dropout: 0.5 }, forkOf: { runId: 'p', step: 0, config: {} } },
      losses: { total: [2, 1], terms: { mil: [2, 1], late: [null, 1] } },
      weights: writeSafetensors([['fc.weight', { shape: [1], values: Float32Array.of(0.3) }]]),
      scores: [
        {
          featureKey: 'ka',
          step: 2,
          snippetsPerScore: 1,
          scores: Float32Array.of(0.1, 0.9),
          arrays: { attention: { shape: [1, 2], values: Float32Array.of(0.25, 0.75) } },
        },
      ],
    },
  ],
  experiments: [experiment],
  files: new Map([['videos/0', Uint8Array.of(1, 2, 3, 4)]]),
});

test('a project comes back as it was', () => {
  expect(readProjectFile(writeProjectFile(project()), 'gate.weaklens')).toEqual({
    ...project(),
    features: new Map([...project().features].map(([key, own]) => [key, { ...own, variants: {} }])),
  });
});

test('what heads read beside features comes back: maps, tubes, and the video mirrored and with noise', () => {
  const array = (...shape: number[]) => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i / 8),
  });
  const rich = {
    ...features('ha'),
    maps: array(2, 2, 2, 3),
    variants: { flip: array(2, 3), flipMaps: array(2, 2, 2, 3), noise: array(2, 3) },
    tubes: {
      ...{ region: array(4, 3), global: array(4, 3), multivariate: array(4, 1) },
      boxes: { shape: [2, 6], values: Float32Array.of(0, 15, 1, 2, 30, 40.5, 3, 16, 0, 0, 9, 9) },
      picture: { shape: [2], values: Float32Array.of(320, 240) },
    },
  };
  const plain = { ...features('hb'), tubes: { region: array(1, 3), global: array(1, 3) } };
  const saved = {
    ...project(),
    features: new Map([
      ['ka', rich],
      ['kb', plain],
    ]),
  };
  const read = readProjectFile(writeProjectFile(saved), 'gate.weaklens').features;
  expect(read.get('ka')).toEqual(rich);
  expect(read.get('kb')).toEqual({ ...plain, variants: {} });
});

test('a file from before there were boxes opens, and one without any has no part for them', () => {
  const { boxes: _, ...before } = project();
  const bytes = writeProjectFile({ ...before, boxes: new Map() });
  expect(Object.keys(unzipSync(bytes))).not.toContain('boxes.json');
  const read = readProjectFile(bytes, 'gate.weaklens');
  expect([read.boxes, read.truths]).toEqual([new Map(), before.truths]);
});

test('the same project makes the same bytes', () => {
  expect(writeProjectFile(project())).toEqual(writeProjectFile(project()));
});

test('half precision rounds features, and nothing else', () => {
  const read = readProjectFile(writeProjectFile(project(), 'float16'), 'gate.weaklens');
  const { values } = read.features.get('ka')!.features;
  expect(values[0]).not.toBe(Math.fround(0.1));
  expect(values[0]).toBeCloseTo(0.1, 4);
  expect(read.runs[0].scores[0].scores[1]).toBe(Math.fround(0.9));
});

describe('what is not sound is refused by name', () => {
  const changed = (change: (parts: Zippable) => void) => {
    const parts: Zippable = unzipSync(writeProjectFile(project()));
    change(parts);
    return zipSync(parts);
  };
  const edited = (part: string, edit: (text: string) => string) =>
    changed((parts) => (parts[part] = strToU8(edit(new TextDecoder().decode(parts[part] as Uint8Array)))));
  const cases: [string, Uint8Array, RegExp][] = [
    ['no zip', strToU8('PK, not really'), /not a sound zip/],
    ['cut short', writeProjectFile(project()).slice(0, 900), /not a sound zip/],
    ['a part missing', changed((parts) => delete parts['features/1.npy']), /features\/1\.npy is missing/],
    [
      'another format',
      edited('project.json', (text) => text.replace('weaklens-project', 'other')),
      /at format/,
    ],
    [
      'a later version',
      edited('project.json', (text) => text.replace('"version":1', '"version":2')),
      /later version/,
    ],
    [
      'a part of the split that is none',
      edited('project.json', (text) => text.replace('"part":"test"', '"part":"x"')),
      /videos\.0\.part/,
    ],
    [
      'two videos of one id',
      edited('project.json', (text) => text.replace('"id":"b"', '"id":"a"')),
      /one id/,
    ],
    ['no JSON', edited('truth.json', (text) => text.slice(1)), /truth\.json It is not JSON/],
    [
      'a truth of words',
      edited('truth.json', (text) => text.replace('"startFrame":3', '"startFrame":"3"')),
      /startFrame/,
    ],
    [
      'a box inside out',
      edited('boxes.json', (text) => text.replace('[1,2,30,40.5]', '[31,2,30,40.5]')),
      /boxes\.json.*byFrame\.2.*left, top, right, bottom/,
    ],
    [
      'a box of words',
      edited('boxes.json', (text) => text.replace('[1,2,30,40.5]', '[1,2,30,"40"]')),
      /byFrame\.2\.3/,
    ],
    [
      'a box in no frame',
      edited('boxes.json', (text) => text.replace('"2":', '"-2":')),
      /a frame is a whole number from 0/,
    ],
    [
      'an experiment of tomorrow',
      edited('experiments.json', (text) => text.replace('"experiment":"heads"', '"experiment":"x"')),
      /experiments\.0\.experiment .no experiment/,
    ],
    [
      'a result of words',
      edited('experiments.json', (text) => text.replace('"frameAuc":0.75', '"frameAuc":"0.75"')),
      /experiments\.0\.results\.0\.figures\.frameAuc/,
    ],
    [
      'features cut short',
      changed((parts) => (parts['features/0.npy'] = (parts['features/0.npy'] as Uint8Array).slice(0, 90))),
      /features\/0\.npy/,
    ],
    [
      'scores cut short',
      changed(
        (parts) =>
          (parts['runs/0.scores.safetensors'] = (parts['runs/0.scores.safetensors'] as Uint8Array).slice(
            0,
            40,
          )),
      ),
      /scores\.safetensors/,
    ],
  ];
  const scored = (values: number[], snippetsPerScore = 1) =>
    changed((parts) => {
      const records = JSON.stringify([{ featureKey: 'ka', step: 2, snippetsPerScore }]);
      const scores = { shape: [values.length], values: Float32Array.from(values) };
      parts['runs/0.scores.safetensors'] = writeSafetensors([['0/scores', scores]], { records });
    });
  cases.push(
    ['scores that are none', scored([NaN, 0.5]), /scores of ka are not numbers from 0 to 1/],
    ['scores above 1', scored([0.5, 7]), /scores of ka are not numbers from 0 to 1/],
    ['scores of no snippets', scored([0.5, 0.5], 0), /records\.0\.snippetsPerScore/],
  );
  test.each(cases)('%s', (_, bytes, why) => {
    const read = () => readProjectFile(bytes, 'gate.weaklens');
    expect(read).toThrow(
      expect.objectContaining({ code: 'format-invalid', subject: expect.stringContaining('gate.weaklens') }),
    );
    try {
      read();
    } catch (error) {
      const { subject, what } = error as { subject: string; what: string };
      expect(`${subject} ${what}`).toMatch(why);
    }
  });
});

test('truth of videos that are not there is left out', () => {
  const parts: Zippable = unzipSync(writeProjectFile(project()));
  parts['truth.json'] = strToU8(JSON.stringify({ z: { totalFrames: 1, intervals: [] } }));
  expect(readProjectFile(zipSync(parts), 'gate.weaklens').truths.size).toBe(0);
});

test('a file from before experiments were kept opens', () => {
  const parts: Zippable = unzipSync(writeProjectFile(project()));
  delete parts['experiments.json'];
  expect(readProjectFile(zipSync(parts), 'gate.weaklens').experiments).toEqual([]);
});

test('scores of a run that went astray stay behind, and the project opens', () => {
  const own = project();
  own.runs[0].scores.unshift({ ...own.runs[0].scores[0], featureKey: 'kb', scores: Float32Array.of(NaN, 1) });
  const [run] = readProjectFile(writeProjectFile(own), 'gate.weaklens').runs;
  expect(run.scores).toEqual(project().runs[0].scores);
});
