import { describe, expect, test } from 'vitest';
import { HEAD_BYTES, sniff, type FileKind } from '../../../src/engine/formats/sniff.ts';

const head = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
/** With a mark of MATLAB's byte order where MATLAB has it. */
const marked = (start: string, mark: string) =>
  head(start + 'x'.repeat(128 - start.length - mark.length) + mark);

describe("the letters of MATLAB's byte order make no MATLAB file", () => {
  test.each<[string, FileKind]>([
    ['PK\x03\x04', 'zip'],
    ['\x80\x02', 'pytorch'],
    ['\x1f\x8b', 'gzip'],
    ['\0\0\0\x18ftypisom', 'video'],
    ['a list of names', 'text'],
  ])('%j', (start, kind) => {
    expect(sniff(marked(start, 'IM'))).toBe(kind);
    expect(sniff(marked(start, 'MI'))).toBe(kind);
  });

  test('with its version they do, whatever stands before', () => {
    expect(sniff(marked('made by another tool', '\x00\x01IM'))).toBe('matlab');
    expect(sniff(marked('made by another tool', '\x01\x00MI'))).toBe('matlab');
  });
});

describe('a table of numbers is one with a heading too', () => {
  const heading = (count: number, name: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => name(i)).join();
  test.each<[string, string, FileKind]>([
    ['named columns', 'f0,f1,f2\n0.1,0.2,0.3\n0.4,0.5,0.6\n', 'numbers'],
    ['in quotes, after a mark of UTF-8', '\xef\xbb\xbf"mean","max","min"\r\n0.1,nan,-3e-2\r\n', 'numbers'],
    ['between semicolons', 'mean;max;min\n0.1;0.2;0.3', 'numbers'],
    ['a heading longer than what is looked at', heading(2048, (i) => `feature_${i}`), 'numbers'],
    [
      'a row longer than that',
      `${heading(512, (i) => `f${i}`)}\n${heading(512, (i) => `0.5${i}`)}\n`,
      'numbers',
    ],
    ['only a heading', 'mean,max,min\n', 'text'],
    ['a list', 'video,label,frames\na,1,20\nb,0,30\n', 'text'],
    ['a list of numbered videos', 'video,label\n1,1\n2,0\n', 'text'],
    ['an annotation', 'a.mp4 Abuse 1 20 -1 -1\n', 'text'],
    ['a sentence, and numbers', 'Scores, as they were, of all videos\n0.1,0.2\n', 'text'],
  ])('%s', (_, text, kind) => {
    expect(sniff(head(text).subarray(0, HEAD_BYTES))).toBe(kind);
  });
});
