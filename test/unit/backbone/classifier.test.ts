import { expect, test } from 'vitest';
import { parseClassNames } from '../../../src/engine/backbone/classifier.ts';

test('a line is a class; blank lines and a byte order mark are none', () => {
  expect(parseClassNames('\ufeffrun\r\n  walk fast \n\nfall\n', 'names.txt', 3)).toEqual([
    'run',
    'walk fast',
    'fall',
  ]);
});

test.each([
  ['of another length', 'run\nwalk\n', /list.txt: It has 2 lines, and the backbone tells 3 classes apart/],
  ['that is a picture', '\ufffdPNG\n\u0000\u0000\n\u0001', /list.txt: It is not a list of names/],
])('a list %s is refused', (_, text, reason) => {
  expect(() => parseClassNames(text, 'list.txt', 3)).toThrow(reason);
});
