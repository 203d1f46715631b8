/** A reader that hangs on some files and dies of others, as a library that trusts its files may. */
import * as Comlink from 'comlink';
import { answering } from '../../src/workers/outcome.ts';

const api = {
  inspect: (_file: Blob, name: string) => {
    if (name.startsWith('hang')) for (;;);
    if (name.startsWith('crash')) {
      setTimeout(() => {
        throw new Error('memory access out of bounds');
      });
      return new Promise(() => {});
    }
    return { name };
  },
  command: () => {},
};

Comlink.expose(answering(api));
