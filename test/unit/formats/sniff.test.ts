import { describe, expect, test } from 'vitest';
import { sniff, type FileKind } from '../../../src/engine/formats/sniff.ts';

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
