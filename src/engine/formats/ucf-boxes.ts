/**
 * UCF-Crime's bounding boxes (Liu and Ma, ACM Multimedia 2019), `Test_annotation.pkl` and `Train_annotation.pkl`: a
 * pickle of
 *
 *     { "Abuse028_x264": [[".../image_0177.jpg", x1, y1, x2, y2], ...], ... }
 *
 * in pixels of 320 x 240, about every 16th frame, a line per box. Pictures are numbered as FFmpeg numbers them, from 1.
 * Loading a pickle in Python runs what it says; here plain values and NumPy's single numbers are understood, and a file
 * that wants anything else is refused by the name of what it wants.
 */
import { unionBox } from '../evaluation/localisation.ts';
import { Failure } from '../failure.ts';
import { MOST_FRAMES, type Box, type PictureSize, type TruthBoxes } from '../types.ts';
import { MOST_FRAMES_SAID, videoName } from './list.ts';
import { NUMBER_BYTES, toFloat32, type NumberType } from './numbers.ts';
import { readPickle, type PickleMeaning, type PickleValue } from './pickle.ts';
import { printable } from './zip.ts';

/** The picture that the boxes are in, unless one of them reaches out of it. */
const PICTURE: PictureSize = [320, 240];
/** The file of the training part has 25,483. */
const MOST_BOXES = 1_000_000;

/**
 * Reads the boxes by video, without its extension.
 * @throws Failure `format-invalid` naming what is wrong, also where the file holds code
 */
export function readUcfBoxes(bytes: Uint8Array, file: string): Map<string, TruthBoxes> {
  const fail = (what: string, next: string): never => {
    throw new Failure({ code: 'format-invalid', subject: file, what, next });
  };
  const refuse = (why: string): never =>
    fail(
      `This is not a sound file of boxes: ${why}.`,
      'A pickle of boxes is {video: [[".../image_0001.jpg", x1, y1, x2, y2], ...]}. Save or download it again.',
    );
  const refuseCode = (name: string): never =>
    fail(
      `The file contains code (it refers to ${printable(name)}), and only plain values are read here.`,
      'Load it where you trust it and save the boxes as lists of numbers, or as boxes.csv.',
    );
  const { value } = readPickle(bytes, plainValues(refuse, refuseCode), 0, 0);
  if (!(value instanceof Map)) return refuse('it holds no dict of videos');
  const rows = new Map<string, BoxRow[]>();
  let count = 0;
  for (const [key, list] of value as Map<unknown, unknown>) {
    if (typeof key !== 'string' || !Array.isArray(list))
      return refuse(`"${printable(key)}" is not the name of a video with a list of boxes`);
    count += list.length;
    if (count > MOST_BOXES) refuse(`it has more than ${MOST_BOXES.toLocaleString('en')} boxes`);
    if (list.length === 0) continue; // nobody says where
    const name = videoName(key);
    const own = rows.get(name) ?? [];
    rows.set(name, own);
    for (const row of list)
      own.push(rowOf(row) ?? refuse(`a box of ${printable(name)} is not [picture, x1, y1, x2, y2]`));
  }
  if (count === 0) refuse('it has no boxes');
  const all = [...rows.values()].flat();
  const beyond = all.find(({ number }) => number > MOST_FRAMES);
  if (beyond) refuse(`it names ${MOST_FRAMES_SAID}`);
  const first = all.some(({ number }) => number === 0) ? 0 : 1;
  const isInside = ({ box: [x1, y1, x2, y2] }: BoxRow) =>
    Math.min(x1, y1) >= 0 && x2 <= PICTURE[0] && y2 <= PICTURE[1];
  const picture = all.every(isInside) ? PICTURE : null;
  return new Map([...rows].map(([name, own]) => [name, { byFrame: byFrame(own, first), picture }]));
}

interface BoxRow {
  /** That the picture is called by. */
  number: number;
  box: Box;
}

/** Null where it is none. */
function rowOf(row: PickleValue): BoxRow | null {
  if (!Array.isArray(row) || row.length !== 5) return null;
  const [picture, ...corners] = row as unknown[];
  const digits = typeof picture === 'string' ? /(\d+)\.\w+$/.exec(picture)?.[1] : undefined;
  const [x1, y1, x2, y2] = corners.map(numberOf);
  if (digits === undefined || ![x1, y1, x2, y2].every(Number.isFinite) || x2 < x1 || y2 < y1) return null;
  return { number: Number(digits), box: [x1, y1, x2, y2] };
}

/** A number, or a text that is one. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

function byFrame(rows: readonly BoxRow[], first: number): Record<number, Box> {
  const boxes: Record<number, Box> = {};
  for (const { number, box } of rows) boxes[number - first] = unionBox(boxes[number - first], box);
  return boxes;
}

/** What NumPy's single numbers are made with, in its old and new places. */
const SCALAR = ['numpy.core.multiarray.scalar', 'numpy._core.multiarray.scalar'];
const DTYPE = 'numpy.dtype';
/** What Python 3 writes bytes with for Python 2. */
const ENCODE = '_codecs.encode';

const TYPES = new Map<string, NumberType>([
  ['f8', 'float64'],
  ['f4', 'float32'],
  ['f2', 'float16'],
  ['i8', 'int64'],
  ['i4', 'int32'],
  ['i2', 'int16'],
  ['i1', 'int8'],
  ['u8', 'uint64'],
  ['u4', 'uint32'],
  ['u2', 'uint16'],
  ['u1', 'uint8'],
]);

/** A name that the pickle refers to, one of those above. */
class Named {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A type of numbers and the order of their bytes. */
class Dtype {
  readonly type: NumberType;
  isLittle = true;
  constructor(type: NumberType) {
    this.type = type;
  }
}

/** Pickle instructions as far as they describe plain values and single numbers of NumPy. */
function plainValues(refuse: (why: string) => never, refuseCode: (name: string) => never): PickleMeaning {
  return {
    called: 'its list of boxes',
    refuse,
    persistent: () => refuse('it refers to what is not in it'),
    global: (name) => ([...SCALAR, DTYPE, ENCODE].includes(name) ? new Named(name) : refuseCode(name)),
    call(callee, args) {
      if (!(callee instanceof Named)) return refuse('it calls what is not a function');
      const [first, second] = args;
      if (callee.name === ENCODE)
        return typeof first === 'string' && second === 'latin1'
          ? Uint8Array.from(first, (one) => one.charCodeAt(0))
          : refuse('it writes bytes in a way not read here');
      if (callee.name === DTYPE) {
        const type = typeof first === 'string' ? TYPES.get(first) : undefined;
        return type ? new Dtype(type) : refuse(`it has numbers of the type ${printable(first)}`);
      }
      const raw = typeof second === 'string' ? Uint8Array.from(second, (one) => one.charCodeAt(0)) : second;
      const isOne =
        first instanceof Dtype && raw instanceof Uint8Array && raw.length === NUMBER_BYTES[first.type];
      return isOne ? toFloat32(raw, first.type, first.isLittle).values[0] : refuse('a number in it is none');
    },
    build(object, state) {
      const order: unknown = Array.isArray(state) ? state[1] : undefined;
      if (!(object instanceof Dtype)) return refuse('it holds objects other than numbers');
      object.isLittle = order !== '>'; // in place: it may be recalled later
      return object;
    },
  };
}
