import { existsSync, openAsBlob, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { lookAt } from '../../../src/engine/datasets/look.ts';
import { recognise } from '../../../src/engine/datasets/recognise.ts';
import { importReport, reportTable } from '../../../src/engine/datasets/report.ts';
import { listOf, truthFileOf, widthsOf } from '../../../src/engine/datasets/writing.ts';
import { lengthOf, LENGTH_RULES } from '../../../src/engine/evaluation/lengths.ts';
import { parseWidths } from '../../../src/engine/evaluation/expand.ts';
import { parseList, parseTruth } from '../../../src/engine/formats/list.ts';
import { quietJob } from '../../../src/engine/job.ts';
import { taken } from './folder.ts';

test('every convention of the field by name: Assault006 has 8,096 frames, which 16 divides, and 505 clips', () => {
  expect(LENGTH_RULES.map((rule) => lengthOf(rule, 8096, 505))).toEqual([8096, 8096, 8096, 8080, 8080]);
  expect(LENGTH_RULES.map((rule) => lengthOf(rule, 1412, 89))).toEqual([1412, 1424, 1408, 1408, 1424]);
  expect(LENGTH_RULES.map((rule) => lengthOf(rule, null, 3))).toEqual([null, null, null, null, 48]);
});

test('what each choice does to the frames of a video, and of all', async () => {
  const report = importReport(
    await taken({
      'a.npy': [6, 4],
      'b.npy': [7, 4],
      'c.npy': [7, 4],
      'test.txt': 'a fight 100 90 100\nb Normal 112 -1 -1\n',
      'train.txt': 'c 0\n',
    }),
  );
  expect(report.totals).toMatchObject({ videos: 3, train: 1, test: 2, anomalous: 1, normal: 2, problems: 0 });
  const [a] = report.videos;
  expect(a.lengths).toEqual([
    { rule: 'frames', frames: 100, positives: 11, cut: 0, held: 4 },
    { rule: 'ceil16', frames: 112, positives: 11, cut: 0, held: 16 },
    { rule: 'floor16', frames: 96, positives: 7, cut: 0, held: 0 },
    { rule: 'clips16', frames: 96, positives: 7, cut: 0, held: 0 },
    { rule: 'rows16', frames: 96, positives: 7, cut: 0, held: 0 },
  ]);
  expect(report.lengths.map(({ rule, frames, positives }) => [rule, frames, positives])).toEqual([
    ['frames', 212, 11],
    ['ceil16', 224, 11],
    ['floor16', 208, 7],
    ['clips16', 192, 7],
    ['rows16', 208, 7],
  ]);
  const [head, first] = reportTable(report).split('\n');
  expect(first.split('\t')).toHaveLength(head.split('\t').length);
});

test('lists and truth that are written read the same again', async () => {
  const dataset = await taken({
    'Abuse001_x264_i3d.npy': [4, 10, 8],
    'Normal_Videos001_x264_i3d.npy': [3, 10, 8],
    'Arson022_x264_i3d.npy': [540, 10, 8],
    'Normal_Videos_003_x264_i3d.npy': [177, 10, 8],
    'train.txt': 'Abuse001_x264_i3d.npy\nNormal_Videos001_x264_i3d.npy\n',
    'test.txt':
      'Arson/Arson022_x264.mp4 8641 Arson 3500 4000 -1 -1\nNormal/Normal_Videos_003_x264.mp4 2831 Normal -1 -1 -1 -1\n',
  });
  expect(parseList(listOf(dataset, 'train'))).toEqual([
    { name: 'Abuse001_x264', label: 'anomalous', classes: ['Abuse'] },
    { name: 'Normal_Videos001_x264', label: 'normal', classes: [] },
  ]);
  const truth = parseTruth(truthFileOf(dataset, 'ceil16'));
  expect(truth.get('Arson022_x264')).toEqual({
    totalFrames: 8656,
    intervals: [{ class: 'Arson', startFrame: 3500, endFrame: 4000 }],
  });
  expect(truth.get('Normal_Videos_003_x264')).toEqual({ totalFrames: 2832, intervals: [] });
  expect(widthsOf(dataset)).toBe('');
});

test('rows of segments are not 16 frames: no truth is as long as that', async () => {
  const dataset = await taken({
    'a.npy': [32, 4],
    'b.npy': [32, 4],
    'test.txt': 'a fight 1952 90 100\nb Normal 1952 -1 -1\n',
  });
  expect(() => truthFileOf(dataset, 'rows16')).toThrow(/a: Its rows stand for 61 frames each, not for 16/);
  expect(parseTruth(truthFileOf(dataset, 'frames')).get('a')!.totalFrames).toBe(1952);
});

test('widths that are written are read as widths again, whole or not', async () => {
  const features = { 'a.npy': [32, 4], 'b.npy': [32, 4] };
  const dataset = await taken({ ...features, 'test.txt': 'a fight 1952 90 100\nb Normal 1412 -1 -1\n' });
  const again = await taken({ ...features, 'widths.txt': widthsOf(dataset) });
  expect(again.texts.map(({ format }) => format)).toEqual(['widths']);
  expect(again.videos.map(({ rowFrames, frames }) => [rowFrames, frames])).toEqual([
    [61, null],
    [44.125, null],
  ]);
});

test('a count of frames that no video has is named by file and line, and the rest goes on', async () => {
  const dataset = await taken({
    'a.npy': [6, 4],
    'b.npy': [7, 4],
    'test.txt': 'a x 99999999999999 1 2\nb Normal 112 -1 -1\n',
  });
  expect(importReport(dataset).totals).toMatchObject({ videos: 2, features: 2, truths: 1 });
  expect(dataset.ignored).toEqual([
    { path: 'test.txt, line 1', why: expect.stringMatching(/more than 100,000,000 frames/) },
  ]);
  const alone = await taken({ 'a.npy': [6, 4], 'test.txt': 'a x 100 1 99999999999999\n' });
  expect(alone.ignored.map(({ path }) => path)).toEqual(['test.txt, line 1']);
});

const real = resolve(import.meta.dirname, '../../../../shared/features/ucf-c3d-pca512');

test.skipIf(!existsSync(real))('the real features of UCF-Crime are a dataset with truth', async () => {
  const entries = readdirSync(real, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return { path: relative(real, path), blob: await openAsBlob(path) };
      }),
  );
  const dataset = recognise(await lookAt(files, quietJob));
  const report = importReport(dataset);
  expect(report.dataset).toBe('UCF-Crime');
  expect(report.totals).toEqual({
    videos: 271,
    train: 244,
    test: 27,
    normal: 127,
    anomalous: 144,
    unlabelled: 0,
    features: 271,
    truths: 27,
    boxes: 0,
    problems: 0,
  });
  expect(report.lengths[0]).toMatchObject({ rule: 'frames', videos: 27, frames: 25_687, positives: 1606 });
  expect(parseWidths(widthsOf(dataset), 'widths').get('Arson009_x264')).toBe(22);
});
