/**
 * Copies of dropped videos, in the origin's private file system, so that a project can be watched after a reload
 * without dropping its files again. A copy counts only when a video record says `kept`; until then it is a leftover.
 */

const FOLDER = 'videos';

/** The copy of a video, or null where there is none (any more). */
export async function keptFile(hash: string): Promise<File | null> {
  try {
    const folder = await videosFolder();
    return await (await folder.getFileHandle(hash)).getFile();
  } catch {
    return null;
  }
}

/** Sizes of all copies, by hash. */
export async function keptSizes(): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  try {
    for await (const [name, handle] of (await videosFolder()).entries()) {
      if (handle.kind === 'file') sizes.set(name, (await (handle as FileSystemFileHandle).getFile()).size);
    }
  } catch {
    // No private file system here: nothing is kept.
  }
  return sizes;
}

export async function forgetFiles(hashes: Iterable<string>): Promise<void> {
  const folder = await videosFolder().catch(() => null);
  for (const hash of hashes) await folder?.removeEntry(hash).catch(() => {});
}

export async function videosFolder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}
