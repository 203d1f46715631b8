import { expect, test } from 'vitest';
import { Failure } from '../../../src/engine/failure.ts';
import type { App } from '../../../src/ui/state/app.svelte.ts';
import { Dropping } from '../../../src/ui/state/dropping.ts';

test('a file that cannot be told costs none of those that were dropped with it', async () => {
  const none = async () => ({ added: [], refused: [] });
  const unreadable = new Failure({ code: 'file-unreadable', what: 'It could not be read.' });
  const app = {
    client: { reading: {}, kindOfWeights: () => Promise.reject(unreadable) },
    notices: { refuse: (error: Error, name: string) => ({ name, reason: error.message }) },
    stage: { video: {}, refresh: async () => {} },
    project: {
      videos: [],
      addVideos: async (files: File[]) => ({ added: files.map(({ name }) => name), refused: [] }),
    },
    importing: { add: none },
    addBackbones: none,
    leaveExhibit: async () => {},
  } as unknown as App;
  const files = ['large.zip', 'gate.mp4'].map((name) => new File([], name));
  expect(await new Dropping(app).add(files)).toEqual({
    added: ['gate.mp4'],
    refused: [{ name: 'large.zip', reason: unreadable.message }],
  });
});
