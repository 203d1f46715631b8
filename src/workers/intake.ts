/** Taking a dropped file in: reading it once, to know it by its hash and to keep a copy. Runs in a worker only. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Job } from '../engine/job.ts';
import { keptFile, videosFolder } from './files.ts';

/** Files above this are not copied: the page asks for them again when they are to be watched. */
const MAX_KEPT_BYTES = 512 << 20;
const PIECE_BYTES = 4 << 20;

export interface TakenIn {
  /** SHA-256, hexadecimal. */
  hash: string;
  kept: boolean;
}

/** Reads a file once: hashes it and, where it is small enough and there is room, keeps a copy. */
export async function takeIn(file: Blob, job: Job): Promise<TakenIn> {
  const hash = sha256.create();
  const copy = file.size <= MAX_KEPT_BYTES ? await openCopy() : null;
  let position = 0;
  let kept = copy !== null;
  try {
    while (position < file.size) {
      await job.turn();
      const piece = new Uint8Array(await file.slice(position, position + PIECE_BYTES).arrayBuffer());
      hash.update(piece);
      if (kept) kept = copy!.write(piece, position);
      position += piece.byteLength;
      job.report({ done: position, total: file.size, unit: 'bytes' });
    }
    const name = bytesToHex(hash.digest());
    return { hash: name, kept: kept && (await copy!.finish(name)) };
  } finally {
    await copy?.abandon();
  }
}

interface Copy {
  /** False when there is no room for it. */
  write(piece: Uint8Array<ArrayBuffer>, position: number): boolean;
  /** Gives the copy its name; false when that failed. */
  finish(name: string): Promise<boolean>;
  /** Removes what was not finished. */
  abandon(): Promise<void>;
}

/** A file under a passing name until all of it is there. */
async function openCopy(): Promise<Copy | null> {
  try {
    const folder = await videosFolder();
    const passingName = `${crypto.randomUUID()}.part`;
    const handle = await folder.getFileHandle(passingName, { create: true });
    const access = await handle.createSyncAccessHandle();
    let finished = false;
    return {
      write(piece, position) {
        try {
          return access.write(piece, { at: position }) === piece.byteLength;
        } catch {
          return false; // no room: the video is used without being kept
        }
      },
      async finish(name) {
        access.flush();
        access.close();
        try {
          await (handle as FileSystemFileHandle & { move(name: string): Promise<void> }).move(name);
          finished = true;
        } catch {
          // An equal file is kept already, or is being read.
          finished = (await keptFile(name)) !== null;
          if (finished) await folder.removeEntry(passingName).catch(() => {});
        }
        return finished;
      },
      async abandon() {
        if (finished) return;
        access.close();
        await folder.removeEntry(passingName).catch(() => {});
      },
    };
  } catch {
    return null;
  }
}
