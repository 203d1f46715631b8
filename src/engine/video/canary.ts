/**
 * Whether this browser gives pixels back as they are. Protections against fingerprinting change what a page reads back
 * from a canvas (Brave, by a level here and there; Firefox with `resistFingerprinting`, altogether), and features made
 * from such pixels are those of no other machine.
 */
import { PictureReader, type ReadingWay } from './pixels.ts';

export type ReadBack = 'exact' | 'altered' | 'missing';

export interface PixelCheck {
  /** What becomes of pixels read by `VideoFrame.copyTo`. */
  copyTo: ReadBack;
  /** What becomes of pixels drawn on a canvas and read from there. */
  canvas: ReadBack;
  /** The way that is used here. */
  used: ReadingWay;
  /** The furthest that a pixel of the way in use is off, in levels of 255. */
  worst: number;
}

const SIDE = 64;

/** Reads a known picture back both ways. */
export async function checkPixels(): Promise<PixelCheck> {
  const picture = knownPicture();
  const [copyTo, canvas] = [await readBack('copyTo', picture), await readBack('canvas', picture)];
  const used = copyTo.found === 'missing' ? 'canvas' : 'copyTo';
  const { worst } = used === 'canvas' ? canvas : copyTo;
  return { copyTo: copyTo.found, canvas: canvas.found, used, worst };
}

async function readBack(
  way: ReadingWay,
  picture: Uint8Array<ArrayBuffer>,
): Promise<{ found: ReadBack; worst: number }> {
  const frame = new VideoFrame(picture, {
    format: 'RGBA',
    codedWidth: SIDE,
    codedHeight: SIDE,
    timestamp: 0,
  });
  try {
    const reader = new PictureReader(way);
    const { data } = await reader.read(frame);
    if (reader.source !== way) return { found: 'missing', worst: 0 };
    const worst = furthest(picture, data);
    return { found: worst === 0 ? 'exact' : 'altered', worst };
  } finally {
    frame.close();
  }
}

/** Every level of every channel, many times and beside many others: protections leave flat pictures alone. */
function knownPicture(): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(SIDE * SIDE * 4);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    data.set([pixel * 7, pixel * 13 + (pixel >> 6), pixel * 29 + (pixel >> 3), 255], pixel * 4);
  }
  return data;
}

function furthest(wanted: ArrayLike<number>, found: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) worst = Math.max(worst, Math.abs(wanted[i] - found[i]));
  return worst;
}
