import { expect, test } from 'vitest';
import { readAnnotations, type Annotations } from '../../../src/engine/datasets/annotations.ts';

const truthOf = (read: Annotations) => (read.kind === 'truth' ? Object.fromEntries(read.truths) : null);

test('XD-Violence’s annotation counts from 0; a video of one class is of that class', () => {
  const text = 'v=S__#1_label_B4-0-0 0 1517 1970 3038\nv=T__#1_label_B1-B2-0 8 20\n';
  expect(truthOf(readAnnotations(text, 'annotations.txt'))).toEqual({
    'v=S__#1_label_B4-0-0': {
      totalFrames: null,
      intervals: [
        { class: 'riot', startFrame: 1, endFrame: 1517 },
        { class: 'riot', startFrame: 1971, endFrame: 3038 },
      ],
    },
    'v=T__#1_label_B1-B2-0': {
      totalFrames: null,
      intervals: [{ class: 'anomalous', startFrame: 9, endFrame: 20 }],
    },
  });
});

test.each([
  [
    'ur-dmu',
    'Arson/Arson022_x264.mp4 8640 Arson 3500 4000 -1 -1\n',
    'Arson022_x264',
    8640,
    'Arson',
    3500,
    4000,
  ],
  ['bar', 'Arrest/Arrest039_x264.mp4|15836|[7215, 10335]\n', 'Arrest039_x264', 15836, 'Arrest', 7215, 10335],
  ['umil', 'frames/abnormal/01_Accident_006.mp4 266 1 75 110\n', '01_Accident_006', 266, 'Accident', 75, 110],
  ['ucf', 'Abuse028_x264.mp4  Abuse  165  240  -1  -1\n', 'Abuse028_x264', null, 'Abuse', 165, 240],
  ['truth', 'a Fall 300 10 20\n', 'a', 300, 'Fall', 10, 20],
])('%s is read alone as in a folder', (_, text, name, totalFrames, word, startFrame, endFrame) => {
  expect(truthOf(readAnnotations(text, 'x.txt'))).toEqual({
    [name]: { totalFrames, intervals: [{ class: word, startFrame, endFrame }] },
  });
});

test('a normal video with its length has no interval', () => {
  expect(truthOf(readAnnotations('Testing/Normal_Videos_003_x264.mp4 2831 -1\n', 'x.txt'))).toEqual({
    Normal_Videos_003_x264: { totalFrames: 2831, intervals: [] },
  });
});

test.each([
  ['list', 'a 0\nb 1 fight\n', ['fight']],
  ['words', 'path,label\nx/a.npy,Normal\nx/b.npy,Abuse\n', ['Abuse']],
  ['mist', 'a,0,764\nb,1,-1\n', []],
])('%s says labels', (_, text, classes) => {
  expect(readAnnotations(text, 'x.txt')).toEqual({
    kind: 'labels',
    entries: [
      { name: 'a', label: 'normal', classes: [] },
      { name: 'b', label: 'anomalous', classes },
    ],
  });
});

test.each([
  ['cam3 1\ncam4 yes\n', /x.txt, line 2: the label must be 0/],
  ['a Fall x 1 2\n', /x.txt, line 1: .*whole numbers/],
  ['a,Abuse\nb,Abuse\nc,Abuse\nd,Abuse\ne Abuse x\n', /x.txt, line 5: Its lines are "path,class"/],
  ['v=S__#1_label_B4-0-0 0 999999999\n', /x.txt, line 1: .*more than 100,000,000 frames/],
  ['Abuse001_x264.npy\nAbuse002_x264.npy\n', /x.txt, line 1: /],
])('a line that is no such is named: %s', (text, why) => {
  expect(() => readAnnotations(text, 'x.txt')).toThrow(why);
});
