/**
 * What lies beside the checkout in `../shared`: fixtures, weights and videos that are not ours to commit.
 * Tests that need them skip where they are absent, and `setup.ts` prints one line about it.
 */
const inBrowser = typeof window !== 'undefined';

/** The bytes of a file below `../shared`, or null. */
export async function readShared(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (inBrowser) {
    const response = await fetch(`/shared/${path}`);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  }
  const { readFile } = await import('node:fs/promises');
  const { resolve } = await import('node:path');
  return readFile(resolve(import.meta.dirname, '../../shared', path)).then(
    (buffer) => new Uint8Array(buffer),
    () => null,
  );
}

export async function readSharedJson<T>(path: string): Promise<T | null> {
  const bytes = await readShared(path);
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as T) : null;
}

/** Whether `../shared` is here at all. */
export const sharedIsHere = (await readShared('README.md')) !== null;
