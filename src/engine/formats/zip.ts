/**
 * Zip archives, read strictly: the directory and the members must say the same, members may not overlap, lie outside or
 * be called by paths, and what is unpacked must have the size and the checksum that were promised. Small archives that
 * unpack to something huge are refused before anything is unpacked. fflate does the inflating alone; its own reader of
 * archives believes what it is told.
 */
import { Inflate } from 'fflate';
import { Failure } from '../failure.ts';

export interface ZipMember {
  /** As the archive calls it: text out of a file nobody vouches for. */
  name: string;
  /** Unpacked. */
  sizeBytes: number;
  /** @throws Failure `format-invalid` where it is damaged */
  read(): Uint8Array<ArrayBuffer>;
}

export interface Zip {
  members: ZipMember[];
  /** Bytes before the first member that belong to no archive. */
  junkBytes: number;
}

export interface ZipLimits {
  members?: number;
  /** Of all members together, unpacked. */
  bytes?: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const UNKNOWN_32 = 0xffffffff;
/** Bits of the flags. */
const [IS_ENCRYPTED, SIZES_FOLLOW, IS_UTF8] = [1, 8, 2048];

/** More than this is called a bomb: unpacked bytes by packed ones, of an archive that unpacks to more than `HARMLESS`. */
const MOST_RATIO = 200;
const HARMLESS = 64 << 20;

/** Whether compressed data claims to be far more than what one compresses ever is. */
export function isBomb(packedBytes: number, unpackedBytes: number): boolean {
  return unpackedBytes > HARMLESS && unpackedBytes > MOST_RATIO * packedBytes;
}

/**
 * Reads the directory of an archive; the members are read one by one.
 * @throws Failure `format-invalid` with the rule that the archive breaks
 */
export function openZip(
  bytes: Uint8Array,
  name: string,
  { members: mostMembers = 10_000, bytes: mostBytes = 2 ** 31 }: ZipLimits = {},
): Zip {
  const refuse = refusing(name);
  const { entries, start } = readDirectory(bytes, 0, mostMembers, refuse);
  const junkBytes = start.shift;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > mostBytes || isBomb(bytes.byteLength, total))
    refuse(
      `its ${bytes.byteLength} bytes claim to unpack to ${Math.round(total / 2 ** 20)} MB`,
      'Unpack it where you trust it, and add the files that are in it.',
    );
  const spans = entries.map((entry) => localSpan(bytes, view, entry, refuse)).sort((a, b) => a.from - b.from);
  for (const [i, { from, to, entry }] of spans.entries()) {
    if (to > start.at || (i > 0 && from < spans[i - 1].to))
      refuse(`its member "${printable(entry.name)}" overlaps another`);
  }
  const dataOf = new Map(spans.map(({ entry, data }) => [entry, data]));
  const members = entries
    .filter((entry) => !entry.name.endsWith('/'))
    .map((entry) => ({
      name: entry.name,
      sizeBytes: entry.size,
      read: () =>
        unpack(bytes.subarray(dataOf.get(entry)!, dataOf.get(entry)! + entry.packed), entry, refuse),
    }));
  return { members, junkBytes: spans.length > 0 ? junkBytes : 0 };
}

/** As much of the end of an archive as is searched for its directory by {@link zipNames}. */
const DIRECTORY_BYTES = 16 << 20;

/**
 * The names of an archive's members, however large it is: only its directory is read, and nothing else is checked.
 * @throws Failure `format-invalid` where that is not sound
 */
export async function zipNames(file: Blob, name: string): Promise<string[]> {
  const from = Math.max(0, file.size - DIRECTORY_BYTES);
  const bytes = new Uint8Array(await file.slice(from).arrayBuffer());
  return readDirectory(bytes, from, Infinity, refusing(name)).entries.map((entry) => entry.name);
}

/** A name out of a file nobody vouches for, fit to stand in a sentence. */
export function printable(name: unknown): string {
  const text = (typeof name === 'string' ? name : `a ${typeof name}`).replace(/[^\x20-\x7e]/g, '?');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

interface Entry {
  name: string;
  rawName: Uint8Array;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  size: number;
  /** Where its own header begins. */
  local: number;
}

type Refuse = (why: string, next?: string) => never;

const refusing =
  (name: string): Refuse =>
  (why, next = 'Save or download it again.') => {
    throw new Failure({
      code: 'format-invalid',
      subject: name,
      what: `This is not a sound zip archive: ${why}.`,
      next,
    });
  };

/**
 * What the directory lists.
 * @param bytes of the archive, from one on up to the end
 * @param from which one
 */
function readDirectory(bytes: Uint8Array, from: number, mostMembers: number, refuse: Refuse) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, start, end } = findDirectory(view, from, refuse);
  if (count > mostMembers) refuse(`it claims ${count} members`);
  const entries: Entry[] = [];
  let at = start.at;
  for (let i = 0; i < count; i++) {
    const [entry, next] = readEntry(bytes, view, at, end, start.shift, refuse);
    entries.push(entry);
    at = next;
  }
  if (at !== end) refuse('its directory is longer than what it lists');
  checkNames(entries, refuse);
  return { entries, start };
}

function findDirectory(view: DataView, from: number, refuse: Refuse) {
  const last = view.byteLength - 22;
  let end = -1;
  for (let at = last; at >= Math.max(0, last - 0xffff) && end < 0; at--)
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === view.byteLength)
      end = at;
  if (end < 0) return refuse('its directory is missing (cut short?)');
  let count = view.getUint16(end + 10, true);
  let size = view.getUint32(end + 12, true);
  let offset = view.getUint32(end + 16, true);
  let directoryEnd = end;
  if (view.getUint16(end + 4, true) !== 0 && view.getUint16(end + 4, true) !== 0xffff)
    refuse('it is one part of several');
  if (end >= 20 && view.getUint32(end - 20, true) === LOCATOR_64) {
    const record = wide(view, end - 12, refuse) - from;
    if (record < 0 || record + 56 > end - 20 || view.getUint32(record, true) !== END_64)
      return refuse('its directory is missing');
    count = wide(view, record + 32, refuse);
    size = wide(view, record + 40, refuse);
    offset = wide(view, record + 48, refuse);
    directoryEnd = record;
  }
  const at = directoryEnd - size;
  // Whatever stands before the archive moves all of it; the directory is where it ends, not where it says.
  const shift = from + at - offset;
  if (at < 0 || shift < 0) return refuse('its directory lies outside');
  return { count, start: { at, shift }, end: directoryEnd };
}

function readEntry(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  shift: number,
  refuse: Refuse,
): [Entry, number] {
  if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) return refuse('its directory breaks off');
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
  const next = at + 46 + nameBytes + extraBytes + commentBytes;
  if (next > end) return refuse('its directory breaks off');
  const flags = view.getUint16(at + 8, true);
  const rawName = bytes.subarray(at + 46, at + 46 + nameBytes);
  const name = decodeName(rawName, flags);
  let packed = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let local = view.getUint32(at + 42, true);
  if ([packed, size, local].includes(UNKNOWN_32)) {
    const field = extra64(view, at + 46 + nameBytes, extraBytes);
    const take = (known: number) => {
      if (known !== UNKNOWN_32) return known;
      if (!field || field.at + 8 > field.end) return refuse(`the size of "${printable(name)}" is not told`);
      field.at += 8;
      return wide(view, field.at - 8, refuse);
    };
    [size, packed, local] = [take(size), take(packed), take(local)]; // in the order of the field
  }
  if (flags & IS_ENCRYPTED) refuse(`"${printable(name)}" is encrypted`, 'Unpack it first.');
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8)
    refuse(`"${printable(name)}" is compressed in a way not read here`, 'Pack it again with deflate.');
  const crc = view.getUint32(at + 16, true);
  return [{ name, rawName, method, flags, crc, packed, size, local: local + shift }, next];
}

/** Where a member lies, its own header included; that header must say what the directory says. */
function localSpan(bytes: Uint8Array, view: DataView, entry: Entry, refuse: Refuse) {
  const { local, packed, rawName } = entry;
  const subject = `"${printable(entry.name)}"`;
  if (local + 30 > bytes.byteLength || view.getUint32(local, true) !== LOCAL)
    return refuse(`its member ${subject} is not where it should be`);
  const nameBytes = view.getUint16(local + 26, true);
  const extraBytes = view.getUint16(local + 28, true);
  const data = local + 30 + nameBytes + extraBytes;
  if (data + packed > bytes.byteLength) return refuse(`its member ${subject} is cut short`);
  const own = bytes.subarray(local + 30, local + 30 + nameBytes);
  if (own.length !== rawName.length || own.some((byte, i) => byte !== rawName[i]))
    return refuse(`its member ${subject} is called "${printable(decodeName(own, entry.flags))}" elsewhere`);
  if (view.getUint16(local + 8, true) !== entry.method) refuse(`it says two things of ${subject}`);
  if (!(view.getUint16(local + 6, true) & SIZES_FOLLOW)) {
    const says = [14, 18, 22].map((field) => view.getUint32(local + field, true));
    const known = [entry.crc, packed, entry.size];
    if (says.some((value, i) => value !== UNKNOWN_32 && value !== known[i]))
      refuse(`it says two things of ${subject}`);
  }
  return { from: local, data, to: data + packed, entry };
}

function checkNames(entries: readonly Entry[], refuse: Refuse): void {
  const names = new Set<string>();
  for (const { name } of entries) {
    const said = `"${printable(name)}"`;
    if (name === '' || name.includes('\0')) refuse('a member has no name');
    if (/^[/\\]|^[a-z]:/i.test(name) || name.split(/[/\\]/).includes('..'))
      refuse(`its member ${said} is called by a path that leads out of the archive`);
    if (names.has(name)) refuse(`it holds ${said} twice`);
    names.add(name);
  }
}

/** The zip64 extra field of an entry. */
function extra64(view: DataView, from: number, length: number): { at: number; end: number } | null {
  for (let at = from; at + 4 <= from + length;) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) return { at: at + 4, end: Math.min(at + 4 + size, from + length) };
    at += 4 + size;
  }
  return null;
}

function wide(view: DataView, at: number, refuse: Refuse): number {
  const value = at >= 0 && at + 8 <= view.byteLength ? Number(view.getBigUint64(at, true)) : Infinity;
  return value <= Number.MAX_SAFE_INTEGER ? value : refuse('it has numbers that cannot be right');
}

/** What is not UTF-8 is taken letter by letter: names are shown and compared, never opened. */
function decodeName(raw: Uint8Array, flags: number): string {
  if (!(flags & IS_UTF8)) return new TextDecoder('latin1').decode(raw);
  return new TextDecoder().decode(raw);
}

function unpack(packed: Uint8Array, entry: Entry, refuse: Refuse): Uint8Array<ArrayBuffer> {
  const subject = `"${printable(entry.name)}"`;
  if (entry.method === 0 && entry.packed !== entry.size) refuse(`${subject} has not the size that it claims`);
  const content =
    entry.method === 0
      ? packed.slice()
      : (inflate(packed, entry.size) ?? refuse(`${subject} is damaged or has not the size that it claims`));
  if (crc32(content) !== entry.crc) refuse(`${subject} is damaged (its checksum does not match)`);
  return content;
}

/** What is pushed at once: no piece becomes more than a thousand times as large. */
const PIECE_BYTES = 16 << 10;

/**
 * Inflates raw deflate data.
 * @returns null where it is damaged or does not unpack to exactly that size; no more than that is ever held
 */
export function inflate(packed: Uint8Array, sizeBytes: number): Uint8Array<ArrayBuffer> | null {
  const result = new Uint8Array(sizeBytes);
  let filled = 0;
  let isOver = false;
  const stream = new Inflate((piece) => {
    if (filled + piece.length > sizeBytes) isOver = true;
    else result.set(piece, filled);
    filled += piece.length;
  });
  try {
    for (let at = 0; at < packed.length && !isOver; at += PIECE_BYTES)
      stream.push(packed.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= packed.length);
  } catch {
    return null;
  }
  return !isOver && filled === sizeBytes ? result : null;
}

/** The first bytes of raw deflate data; null where it has not so many. */
export function inflateStart(packed: Uint8Array, wanted: number): Uint8Array<ArrayBuffer> | null {
  const result = new Uint8Array(wanted);
  let filled = 0;
  const stream = new Inflate((piece) => {
    result.set(piece.subarray(0, wanted - filled), filled);
    filled = Math.min(wanted, filled + piece.length);
  });
  try {
    for (let at = 0; at < packed.length && filled < wanted; at += 256)
      stream.push(packed.subarray(at, at + 256), at + 256 >= packed.length);
  } catch {
    return null;
  }
  return filled === wanted ? result : null;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
