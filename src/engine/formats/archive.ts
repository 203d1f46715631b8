/**
 * Our own files of several parts (projects, runs): zip archives that other tools open, too. A reader trusts nothing:
 * every part is checked before it is used, and what is refused is named.
 */
import { zipSync, type Zippable } from 'fflate';
import type * as v from 'valibot';
import { Failure } from '../failure.ts';
import { readJson } from './json.ts';
import { openZip, type ZipMember } from './zip.ts';

/** Unpacked bytes that are taken into memory at most. */
const MOST_BYTES = 1 << 30;
const MOST_PARTS = 100_000;

/** Counts the bytes that are to go into an archive, and refuses more than are taken out of one again. */
export class Room {
  #bytes = 0;
  readonly #subject: string | undefined;
  readonly #next: string;

  /**
   * @param next the way out, where it is too much
   * @param subject what to call the archive in messages
   */
  constructor(next: string, subject?: string) {
    this.#next = next;
    this.#subject = subject;
  }

  /** @throws Failure `data-mismatch` */
  take(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= MOST_BYTES) return;
    throw new Failure({
      code: 'data-mismatch',
      subject: this.#subject,
      what: `It would hold more than ${MOST_BYTES >> 20} MB, which is more than can be opened again.`,
      kept: 'Nothing was changed.',
      next: this.#next,
    });
  }
}

/** Parts as they are packed: bytes, or bytes that are compressed as they are. */
export class ArchiveWriter {
  readonly #parts: Zippable = {};
  readonly #room: Room;

  /** @param room for its parts */
  constructor(room = new Room('Save fewer videos at a time.')) {
    this.#room = room;
  }

  json(name: string, value: unknown): Uint8Array {
    return this.bytes(name, new TextEncoder().encode(JSON.stringify(value)));
  }

  /**
   * @param isCompressed true for what would not get smaller
   * @throws Failure `data-mismatch` where there is no room for it
   */
  bytes(name: string, bytes: Uint8Array, isCompressed = false): Uint8Array {
    this.#room.take(bytes.byteLength);
    this.#parts[name] = isCompressed ? [bytes, { level: 0 }] : bytes;
    return bytes;
  }

  /** The file; of the same parts, the same bytes. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return zipSync(this.#parts, { level: 6, mtime: '2020-01-01' }) as Uint8Array<ArrayBuffer>;
  }
}

/** The parts of an archive, unpacked and checked as they are asked for. */
export class Archive {
  readonly #file: string;
  readonly #parts: ReadonlyMap<string, ZipMember>;
  /** The way out of what is wrong with it. */
  readonly #next: string;

  /**
   * @param file what to call it in messages
   * @param kind what it is, for them: "project", "run"
   * @throws Failure `format-invalid`
   */
  constructor(bytes: Uint8Array, file: string, kind: string) {
    this.#file = file;
    this.#next = `Save the ${kind} again, with this version of Weaklens or a later one.`;
    const { members } = openZip(bytes, file, { members: MOST_PARTS, bytes: MOST_BYTES });
    this.#parts = new Map(members.map((member) => [member.name, member]));
  }

  get names(): string[] {
    return [...this.#parts.keys()];
  }

  get(name: string): Uint8Array<ArrayBuffer> | null {
    return this.#parts.get(name)?.read() ?? null;
  }

  /** @throws Failure `format-invalid` where it is missing */
  part(name: string): Uint8Array<ArrayBuffer> {
    return this.get(name) ?? this.refuse(`The part ${name} is missing`);
  }

  /**
   * A part that is JSON of a known shape.
   * @param newest version of it that is read here, where it has versions
   */
  json<Schema extends v.GenericSchema>(name: string, schema: Schema, newest?: number): v.InferOutput<Schema> {
    return readJson(schema, this.part(name), `${this.#file}: ${name}`, { newest, next: this.#next });
  }

  refuse(what: string): never {
    throw new Failure({
      code: 'format-invalid',
      subject: this.#file,
      what: `${what}.`,
      next: this.#next,
    });
  }
}

/** Whether bytes begin as a zip archive does. */
export const isArchive = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
