import { expect, test } from 'vitest';
import { formatTruth, parseList, parseTruth, videoName } from '../../../src/engine/formats/list.ts';

test('a list has a name, a label and perhaps classes', () => {
  const text = '# name label class\nAbuse002_x264 1 Abuse\r\nNormal 1\t0\n\n';
  expect(parseList(text)).toEqual([
    { name: 'Abuse002_x264', label: 'anomalous', classes: ['Abuse'] },
    { name: 'Normal 1', label: 'normal', classes: [] },
  ]);
});

test('what is wrong with a list is said with its line', () => {
  expect(() => parseList('a 1\nb 2', 'train.txt')).toThrow(/train\.txt, line 2.*0 \(normal\) or 1/);
  expect(() => parseList('a 1\na 0', 'train.txt')).toThrow(/listed twice/);
  expect(() => parseList('# nothing', 'train.txt')).toThrow(/names no video/);
});

test('a truth file has intervals from 1, inclusive, and -1 for none', () => {
  const truths = parseTruth(
    'cam3 Robbery 743 220 315 400 410\ncam3 Fighting 743 500 510\ncam7 Normal 627 -1 -1 -1 -1\n',
  );
  expect(truths.get('cam3')).toEqual({
    totalFrames: 743,
    intervals: [
      { class: 'Robbery', startFrame: 220, endFrame: 315 },
      { class: 'Robbery', startFrame: 400, endFrame: 410 },
      { class: 'Fighting', startFrame: 500, endFrame: 510 },
    ],
  });
  expect(truths.get('cam7')).toEqual({ totalFrames: 627, intervals: [] });
});

test('truth is written as it is read', () => {
  const truth = { totalFrames: 90, intervals: [{ class: 'crossing', startFrame: 10, endFrame: 30 }] };
  expect(parseTruth(formatTruth('a', truth)).get('a')).toEqual(truth);
  expect(parseTruth(formatTruth('b', { totalFrames: 5, intervals: [] })).get('b')).toEqual({
    totalFrames: 5,
    intervals: [],
  });
});

test.each([
  ['a Fall 10', /no error/],
  ['a Fall x 1 2', /whole numbers/],
  ['a Fall 10 5', /no end/],
  ['a Fall 10 5 2', /ends before/],
  ['a Fall 999999999 1 2', /line 1: .*more than 100,000,000 frames/],
  ['a Fall 10 1 999999999', /more than 100,000,000 frames/],
  ['a Fall 10 1 2\na Fall 11 1 2', /two different frame counts/],
])('a truth line "%s"', (text, reason) => {
  if (reason.source === 'no error') expect(parseTruth(text).get('a')!.intervals).toEqual([]);
  else expect(() => parseTruth(text, 'truth.txt')).toThrow(reason);
});

test('a list and a file agree on what a video is called', () => {
  expect(['a/b/cam3.mp4', 'cam3.npy', 'C:\\x\\cam3.webm', 'cam3'].map(videoName)).toEqual(
    Array(4).fill('cam3'),
  );
});

test('what is written is read again, classes of a video of unknown length too', () => {
  const truth = {
    totalFrames: null,
    intervals: [
      { class: 'a', startFrame: 1, endFrame: 5 },
      { class: 'b', startFrame: 7, endFrame: 9 },
    ],
  };
  expect(parseTruth(formatTruth('x', truth)).get('x')).toEqual(truth);
});
