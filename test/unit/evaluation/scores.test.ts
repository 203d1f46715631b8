import { expect, test } from 'vitest';
import { EXPANSION_RULES } from '../../../src/engine/evaluation/expand.ts';
import { parseScores } from '../../../src/engine/formats/scores.ts';

const entry = {
  name: 'a',
  label: 1,
  frames: 32,
  fps: 25,
  scores: [0.1, 0.9],
  snippetsPerScore: 1,
  features: 'f',
};

function read(video: object, expansion = 'repeat16') {
  const file = {
    format: 'weaklens-scores',
    version: 1,
    expansion,
    run: {},
    videos: [{ ...entry, ...video }],
  };
  return parseScores(JSON.stringify(file), 'scores.json');
}

test('a file of scores may tell classes: a row per score, a column per name', () => {
  const classes = { names: ['Fall', 'Fire'], values: [0, 0.2, 0.9, 1] };
  expect(read({ classes }).videos[0].classes).toEqual(classes);
  expect(read({}).videos[0].classes).toBeUndefined();
});

test.each([
  ['no table', null],
  ['no names', { values: [0, 1] }],
  ['names that are none', { names: [1], values: [0, 1] }],
  ['a name twice', { names: ['Fall', 'Fall'], values: [0, 0, 1, 1] }],
  ['no values', { names: ['Fall'] }],
  ['a row too few', { names: ['Fall', 'Fire'], values: [0, 1] }],
  ['a score over 1', { names: ['Fall'], values: [0, 1.5] }],
  ['a score that is no number', { names: ['Fall'], values: [0, null] }],
])('classes with %s are refused by the name of their video', (_, classes) => {
  expect(() => read({ classes })).toThrow(/The classes of a are not/);
});

test('a file of scores may tell where the top tube is', () => {
  const boxes = { tube: [[15, 1, 2, 3, 4.5]], frames: [15, 31], picture: [320, 240] };
  expect(read({ boxes }).videos[0].boxes).toEqual(boxes);
  expect(read({ boxes: { ...boxes, tube: [], picture: null } }).videos[0].boxes!.tube).toEqual([]);
  for (const wrong of [
    null,
    { ...boxes, tube: [[15, 1, 2, 3]] },
    { ...boxes, tube: [[1.5, 1, 2, 3, 4]] },
    { ...boxes, frames: [-1] },
    { ...boxes, frames: undefined },
    { ...boxes, picture: [320] },
  ])
    expect(() => read({ boxes: wrong })).toThrow(/The boxes of a are not/);
});

test('every expansion rule is read, and no other', () => {
  for (const rule of EXPANSION_RULES) expect(read({}, rule).expansion).toBe(rule);
  expect(() => read({}, 'gaussian')).toThrow(/"gaussian" is not known/);
});

test('a file of scores may tell how wide each is; one that does not stays readable', () => {
  expect(read({ width: 113.4 }, 'widths').videos[0].width).toBe(113.4);
  expect(read({}, 'widths').videos[0].width).toBeUndefined();
  for (const width of [0, -16, null, '16'])
    expect(() => read({ width }, 'widths')).toThrow(/The width of a is not a number of frames above 0/);
  for (const size of [{ width: 1e9 }, { frames: 1e12 }])
    expect(() => read(size, 'widths')).toThrow(/a has more than 100,000,000 frames/);
  expect(() => read({ frames: 4.5 })).toThrow(/The frames of a are not a whole number/);
});
