import { expect, test } from 'vitest';
import { openText } from '../../../src/engine/formats/text.ts';

const open = (text: string) => openText(new TextEncoder().encode(text), 'gate.csv');
const read = (text: string) => {
  const entry = open(text);
  const { shape, values, warnings } = entry.read();
  return { shape, values: [...values], warnings, segmentFrames: entry.segmentFrames };
};

test('commas, semicolons, tabs and blanks; comments and blank lines say nothing', () => {
  for (const text of [
    '1,2\n3,4',
    '1;2\n3;4\n',
    '1\t2\r\n3\t4\r\n',
    ' 1  2 \n\n3 4 \n',
    '# made here\n1, 2\n3, 4\n',
  ])
    expect(read(text)).toEqual({
      shape: [2, 2],
      values: [1, 2, 3, 4],
      warnings: [],
      segmentFrames: undefined,
    });
});

test("Sultani's file: 32 lines of 4096 numbers with a blank behind each", () => {
  const line = Array.from({ length: 4096 }, (_, i) => (i / 4096).toFixed(6)).join(' ');
  const { shape, values, warnings } = read(`${line} \n`.repeat(32));
  expect([shape, warnings]).toEqual([[32, 4096], []]);
  expect(values[4097]).toBeCloseTo(1 / 4096, 6);
});

test('a first line of one number is the width of a segment in frames', () => {
  const rows = (count: number) => '1,2,3\n'.repeat(count);
  expect(read(`75\n${rows(32)}`)).toMatchObject({ shape: [32, 3], segmentFrames: 75, warnings: [] });
  expect(read(`75\n${rows(33)}`)).toMatchObject({
    shape: [32, 3],
    segmentFrames: 75,
    warnings: [expect.stringMatching(/a line more than the 32 segments/)],
  });
  expect(() => read(`7.5\n${rows(2)}`)).toThrow(/line 1: .*no width of a segment/);
});

test('a heading is left out with a word; NaN and infinity are numbers', () => {
  expect(read('f0,f1\n1,2')).toMatchObject({
    shape: [1, 2],
    warnings: [expect.stringMatching(/first line/)],
  });
  expect(read('nan,-inf\n1e-3,+Infinity').values).toEqual([NaN, -Infinity, Math.fround(1e-3), Infinity]);
});

test('a heading that counts the columns is no snippet', () => {
  expect(read('0,1,2\n0.5,1,2\n3,4,5')).toMatchObject({
    shape: [2, 3],
    values: [0.5, 1, 2, 3, 4, 5],
    warnings: ['Its first line counts the columns, 0 to 2, and was left out.'],
  });
  // Whole numbers throughout may be what they seem, and so may a single column.
  expect(read('0,1,2\n3,4,5')).toMatchObject({ shape: [2, 3], warnings: [] });
  expect(read('0\n0.5')).toMatchObject({ shape: [2], warnings: [] });
  expect(read('0,1,3\n0.5,1,2')).toMatchObject({ shape: [2, 3], warnings: [] });
  expect(read('0.0,1.0,2.0\n0.5,1,2')).toMatchObject({ shape: [2, 3], warnings: [] });
});

test('what is no array is refused by line', () => {
  expect(() => read('1,2\n3')).toThrow(/gate\.csv, line 2: It has 1 numbers, the lines before have 2/);
  expect(() => read('1,2\n3,x')).toThrow(/line 2: "3,x" is not a line of numbers/);
  expect(() => read('1,2\n3,0x10')).toThrow(/line 2/);
  expect(() => read('\n\n')).toThrow(/holds no numbers/);
});
