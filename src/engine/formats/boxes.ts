/** Annotated boxes, in whichever of the formats that are read they come: UCF-Crime's pickle, or our own table. */
import type { TruthBoxes } from '../types.ts';
import { areBoxes, parseBoxes } from './annotations.ts';
import { HEAD_BYTES, isPlainPickle } from './sniff.ts';
import { readUcfBoxes } from './ucf-boxes.ts';

export type BoxesFormat = 'pickle' | 'csv';

/**
 * By the first bytes, which is all that is looked at; null where a file is none of boxes. Another plain pickle is told
 * from one of boxes only when it is read.
 */
export function boxesFormat(content: Uint8Array | string): BoxesFormat | null {
  const start = content.slice(0, HEAD_BYTES);
  if (start instanceof Uint8Array && isPlainPickle(start)) return 'pickle';
  return areBoxes(textOf(start)) ? 'csv' : null;
}

/**
 * The boxes by video, without its extension.
 * @throws Failure `format-invalid` naming what is wrong, also where the file holds code
 */
export function readBoxes(
  content: Uint8Array | string,
  format: BoxesFormat,
  file: string,
): Map<string, TruthBoxes> {
  return format === 'pickle' ? readUcfBoxes(content as Uint8Array, file) : parseBoxes(textOf(content), file);
}

const textOf = (content: Uint8Array | string): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(content);
