import { expect, test } from 'vitest';
import { parseNotes } from '../../../src/engine/formats/notes.ts';

test('notes whose snippets lie where no video goes are refused', () => {
  const snippet = { firstFrame: 0, startSeconds: 0, endSeconds: 1, missing: false };
  const notes = (lastFrame: number) =>
    JSON.stringify({
      timestamps: [],
      snippets: [{ ...snippet, lastFrame }],
      ...{ backbone: 'x', hash: 'x', videoHash: 'x' },
    });
  expect(parseNotes(notes(15), 'a.json').snippets).toHaveLength(1);
  expect(() => parseNotes(notes(99_999_999_999), 'a.json')).toThrow(/a.json: .*more than 100,000,000 frames/);
});
