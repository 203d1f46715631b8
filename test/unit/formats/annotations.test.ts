import { expect, it } from 'vitest';
import {
  BOX_COLUMNS,
  formatBoxes,
  formatTad,
  formatUcf,
  parseBoxes,
  parseTad,
  parseUcf,
} from '../../../src/engine/formats/annotations.ts';
import { formatTruth, parseTruth } from '../../../src/engine/formats/list.ts';
import type { StreetTruth } from '../../../src/engine/scenes/truth.ts';

const box = (x1: number, visible = 1) => ({ x1, y1: 10, x2: x1 + 20.04, y2: 30.96, visible });

const truth: StreetTruth = {
  totalFrames: 300,
  intervals: [
    {
      class: 'accident',
      startFrame: 75,
      endFrame: 76,
      tracks: [
        { actor: 7, kind: 'car', boxes: new Map([[75, box(5)]]) },
        { actor: 9, kind: 'van', boxes: new Map([[76, box(40, 0.5)]]) },
      ],
      tube: new Map([
        [75, box(5)],
        [76, box(40, 0.5)],
      ]),
    },
    { class: 'accident', startFrame: 200, endFrame: 260, tracks: [], tube: new Map() },
  ],
};
const plain = truth.intervals.map((interval) => ({
  class: interval.class,
  startFrame: interval.startFrame,
  endFrame: interval.endFrame,
}));
const nothing = { totalFrames: 300, intervals: [] };

it("writes UCF-Crime's annotation and reads it again", () => {
  const text = formatUcf('a.mp4', truth) + formatUcf('b.mp4', nothing);
  expect(text).toBe('a.mp4  accident  75  76  200  260\nb.mp4  Normal  -1  -1  -1  -1\n');
  const read = parseUcf(text);
  expect(read.get('a')).toEqual({ totalFrames: null, intervals: plain });
  expect(read.get('b')).toEqual({ totalFrames: null, intervals: [] });
});

it('reads a line of UCF-Crime as it is published', () => {
  expect(parseUcf('Abuse028_x264.mp4  Abuse  165  240  -1  -1  \n').get('Abuse028_x264')).toEqual({
    totalFrames: null,
    intervals: [{ class: 'Abuse', startFrame: 165, endFrame: 240 }],
  });
});

it("writes TAD's list, one interval a video, and reads it again", () => {
  const text = formatTad('a.mp4', truth, 300) + formatTad('b.mp4', nothing, 300);
  expect(text).toBe('frames/abnormal/a.mp4 300 1 75 260\nframes/normal/b.mp4 300 0 0 300\n');
  const read = parseTad(text);
  expect(read.get('a')).toEqual({
    totalFrames: 300,
    intervals: [{ class: 'abnormal', startFrame: 75, endFrame: 260 }],
  });
  expect(read.get('b')).toEqual(nothing);
});

it('reads lines of TAD and of lists like it as they are published, with their classes', () => {
  const read = parseTad(
    'frames/abnormal/01_Accident_006.mp4 266 1 75 110\nframes/Abuse/Abuse028_x264.mp4 1412 1 165 240 -1 -1\n',
  );
  expect(read.get('01_Accident_006')!.intervals).toEqual([
    { class: 'Accident', startFrame: 75, endFrame: 110 },
  ]);
  expect(read.get('Abuse028_x264')).toEqual({
    totalFrames: 1412,
    intervals: [{ class: 'Abuse', startFrame: 165, endFrame: 240 }],
  });
});

it('says which line is wrong', () => {
  expect(() => parseUcf('a.mp4  x  1  2\nb.mp4  x  1\n', 'ucf.txt')).toThrow(/ucf\.txt, line 2/);
  expect(() => parseUcf('a.mp4  x  5  2\n')).toThrow(/line 1/);
  expect(() => parseTad('a.mp4 x 1 5 9\n')).toThrow(/line 1/);
});

it('writes the truth of a street as any other', () => {
  expect(parseTruth(formatTruth('a', truth)).get('a')).toEqual({ totalFrames: 300, intervals: plain });
});

it('writes a line per actor and frame, and the union of each frame', () => {
  const rows = `${BOX_COLUMNS}\n${formatBoxes('a', truth)}`.trim().split('\n');
  expect(rows).toEqual([
    'video,class,event,actor,kind,frame,x1,y1,x2,y2,visible',
    'a,accident,1,7,car,75,5.0,10.0,25.0,31.0,1.00',
    'a,accident,1,9,van,76,40.0,10.0,60.0,31.0,0.50',
    'a,accident,1,all,,75,5.0,10.0,25.0,31.0,1.00',
    'a,accident,1,all,,76,40.0,10.0,60.0,31.0,0.50',
  ]);
});

it('reads boxes back by frame from 0, united, whoever they are of', () => {
  const written = `${BOX_COLUMNS}\n${formatBoxes('a', truth)}`;
  const read = new Map([['a', { byFrame: { 74: [5, 10, 25, 31], 75: [40, 10, 60, 31] }, picture: null }]]);
  expect(parseBoxes(written)).toEqual(read);
  const second = 'a,fall,2,all,,76,2.0,12.0,50.0,99.5,1.00\n'; // two events in one frame
  expect(parseBoxes(written + second).get('a')!.byFrame[75]).toEqual([2, 10, 60, 99.5]);
});

it.each([
  ['a,fall,1,all,,0,1,2,3,4,1', /boxes, line 2: .*from 1/],
  ['a,fall,1,all,,1.5,1,2,3,4,1', /line 2: .*from 1/],
  ['a,fall,1,all,,1,1,2,,4,1', /line 2: It is not "video,class/],
  ['a,fall,1,all,,1,1,2,3,4', /line 2: It is not/],
  ['a,fall,1,all,,1,9,2,3,4,1', /line 2: Its box ends before it begins/],
  ['a,fall,1,all,,999999999,1,2,3,4,1', /line 2: .*100,000,000/],
  ['', /It has no boxes/],
])('%s is no box', (line, reason) => {
  expect(() => parseBoxes(`${BOX_COLUMNS}\n${line}\n`)).toThrow(reason);
});

it('no video has more frames than anyone could film', () => {
  expect(() => parseUcf('a.mp4 Abuse 1 999999999 -1 -1\n', 'x.txt')).toThrow(/x.txt, line 1: .*100,000,000/);
  expect(() => parseTad('a.mp4 999999999 1 1 2\n', 'x.txt')).toThrow(/x.txt, line 1: .*100,000,000/);
});
