/**
 * One door to every file that holds arrays of numbers. What a file is, is told by its content; where its name says
 * otherwise, it is told so. Nothing is read of an array until it is asked for.
 */
import { Failure } from '../failure.ts';
import type { ArrayEntry } from './array-entry.ts';
import { openHdf5 } from './hdf5.ts';
import { openMatlab } from './matlab.ts';
import { openNpy } from './npy.ts';
import { openPytorch } from './pytorch.ts';
import { openSafetensors } from './safetensors.ts';
import { headOf, KIND_NAMES, sniff, type FileKind } from './sniff.ts';
import { openText } from './text.ts';
import { openZip, printable, type ZipMember } from './zip.ts';

export type ArrayFormat = 'npy' | 'npz' | 'zip' | 'safetensors' | 'hdf5' | 'matlab' | 'pytorch' | 'text';

export interface OpenedArrays {
  format: ArrayFormat;
  arrays: ArrayEntry[];
  /** What was left out, and why. */
  warnings: string[];
  /** What a safetensors file says of itself. */
  metadata?: ReadonlyMap<string, string>;
  /** Lets go of the file; entries are not read any more. */
  close(): void;
}

/** Files are taken into memory up to this; HDF5 alone is read where it lies. */
const MAX_BYTES = 2 ** 31;
const LONGEST_NAME = 255;

/**
 * @param file bytes, or a `Blob` of a browser
 * @param name what it is called: for messages, and to tell where content and name disagree
 * @throws Failure `empty-file` or `format-invalid` naming what it is, or the rule that it breaks
 */
export async function openArrays(file: Uint8Array | Blob, name: string): Promise<OpenedArrays> {
  let kind = sniff(await headOf(file));
  // An archive is known by its end: something else may stand before it.
  if ((kind === 'unknown' || kind === 'text') && promiseOf(name) === 'zip') kind = 'zip';
  refuseOthers(kind, name);
  const nothing = () => {};
  if (kind === 'hdf5') {
    const canMount = typeof (globalThis as { FileReaderSync?: unknown }).FileReaderSync === 'function';
    const isMatlab = startsWith(await headOf(file), 'MATLAB');
    const source = canMount || file instanceof Uint8Array ? file : await bytesOf(file, name);
    const { entries, warnings, close } = await openHdf5(source, name, isMatlab);
    if (entries.length === 0) {
      close();
      nothingIn(name, warnings);
    }
    return { format: isMatlab ? 'matlab' : 'hdf5', arrays: entries, warnings, close };
  }
  const bytes = await bytesOf(file, name);
  const of = (format: ArrayFormat, arrays: ArrayEntry[], warnings: string[] = []): OpenedArrays => {
    if (arrays.length === 0) nothingIn(name, warnings);
    return {
      format,
      arrays,
      warnings: [...warnings, ...lies(kind, name), ...oddNames(arrays)],
      close: nothing,
    };
  };
  switch (kind) {
    case 'npy':
      return of('npy', [openNpy(bytes, name)]);
    case 'safetensors': {
      const { entries, metadata } = openSafetensors(bytes, name);
      return { ...of('safetensors', entries), metadata };
    }
    case 'matlab': {
      const { entries, warnings } = openMatlab(bytes, name);
      return of('matlab', entries, warnings);
    }
    case 'pytorch':
      return of('pytorch', openPytorch(bytes, name));
    case 'numbers':
      return of('text', [openText(bytes, name)]);
    default: {
      const { format, arrays, warnings } = openMembers(bytes, name);
      return of(format, arrays, warnings);
    }
  }
}

/** The name of a file without the ending of a format that is read here. */
export function withoutEnding(name: string): string {
  return name.replace(ENDINGS, '');
}

const ENDINGS = /\.(npy|npz|zip|safetensors|h5|hdf5|hdf|mat|pt|pth|pkl|txt|csv|tsv)$/i;

/** What a file with a certain ending should be. */
const PROMISES: Record<string, FileKind> = {
  npy: 'npy',
  npz: 'zip',
  zip: 'zip',
  safetensors: 'safetensors',
  h5: 'hdf5',
  hdf5: 'hdf5',
  mat: 'matlab',
};

const endingOf = (name: string) => /\.(\w+)$/.exec(name)?.[1].toLowerCase() ?? '';
const promiseOf = (name: string): FileKind | undefined => PROMISES[endingOf(name)];

/** Refuses what holds no arrays at all, and text that calls itself something else: text has no mark to be known by. */
function refuseOthers(kind: FileKind, name: string): void {
  const promised = promiseOf(name);
  const refuse = (what: string, next: string): never => {
    throw new Failure({
      code: kind === 'empty' ? 'empty-file' : 'format-invalid',
      subject: name,
      what,
      next,
    });
  };
  if (kind === 'numbers' && promised)
    refuse(
      `It is called .${endingOf(name)} and is ${KIND_NAMES.numbers}.`,
      'If these are features, rename it to .csv.',
    );
  if (kind === 'empty') refuse('The file is empty.', 'Save or download it again.');
  if (kind === 'video') refuse('It is a video.', 'Extract its features first.');
  if (kind === 'gzip') refuse(`It is ${KIND_NAMES.gzip}.`, 'Unpack it first.');
  const isRead = ['npy', 'zip', 'hdf5', 'matlab', 'safetensors', 'pytorch', 'numbers'].includes(kind);
  if (!isRead)
    refuse(
      promised
        ? `It is not ${KIND_NAMES[promised]}: it is ${KIND_NAMES[kind]}.`
        : `It holds no arrays that can be read: it is ${KIND_NAMES[kind]}.`,
      'Read are .npy, .npz, .zip, .safetensors, HDF5, MATLAB, PyTorch, and text with a line per snippet.',
    );
}

/** A name that promises another format than what is there. */
function lies(kind: FileKind, name: string): string[] {
  const promised = promiseOf(name);
  if (!promised || promised === kind) return [];
  return [`It is called .${endingOf(name)} and is ${KIND_NAMES[kind]}; it was read as what it is.`];
}

/** Names are shown as text and nothing else, and still whoever gave such a one should be asked about it. */
function oddNames(arrays: readonly ArrayEntry[]): string[] {
  const isOdd = ({ name }: ArrayEntry) =>
    name.length > LONGEST_NAME || /[<>\u0000-\u001f\u202a-\u202e]/.test(name);
  const odd = arrays.filter(isOdd);
  return odd.length === 0
    ? []
    : [
        `${odd.length === 1 ? 'An array in it has' : `${odd.length} arrays in it have`} an odd name ("${printable(odd[0].name)}").`,
      ];
}

/** The arrays in the members of an archive. */
function openMembers(bytes: Uint8Array, name: string): Omit<OpenedArrays, 'close'> {
  const { members, junkBytes } = openZip(bytes, name);
  if (members.some((member) => /^[^/]+\/data\.pkl$/.test(member.name)))
    return { format: 'pytorch', arrays: openPytorch(bytes, name), warnings: [] };
  const warnings: string[] = [];
  if (junkBytes > 0) warnings.push(`${junkBytes} bytes before the archive belong to nothing.`);
  const arrays: ArrayEntry[] = [];
  for (const member of members) {
    try {
      arrays.push(...openMember(member, `${name}: ${printable(member.name)}`));
    } catch (error) {
      if (!(error instanceof Failure) || error.subject === name) throw error; // the archive itself is damaged
      warnings.push(`${printable(member.name)} was left out. ${error.what}`);
    }
  }
  const isNpz = /\.npz$/i.test(name) || members.every((member) => /\.npy$/i.test(member.name));
  return { format: isNpz ? 'npz' : 'zip', arrays, warnings };
}

function openMember(member: ZipMember, said: string): ArrayEntry[] {
  const content = member.read();
  const kind = sniff(content);
  const base = withoutEnding(member.name);
  const named = (entry: ArrayEntry): ArrayEntry => ({
    ...entry,
    name: entry.name === '' ? base : `${base}/${entry.name}`,
  });
  switch (kind) {
    case 'npy':
      return [named(openNpy(content, said))];
    case 'safetensors':
      return openSafetensors(content, said).entries.map(named);
    case 'matlab':
      return openMatlab(content, said).entries.map(named);
    case 'numbers':
      return [named(openText(content, said))];
    default:
      throw new Failure({
        code: 'format-invalid',
        subject: said,
        what: `It is ${KIND_NAMES[kind]}, which is not looked for in an archive.`,
      });
  }
}

function nothingIn(name: string, warnings: readonly string[]): never {
  throw new Failure({
    code: 'format-invalid',
    subject: name,
    what: `It holds no arrays of numbers. ${warnings.slice(0, 3).join(' ')}`.trim(),
    next: "Save the features alone, as with numpy.save(file, array.astype('float32')).",
  });
}

async function bytesOf(file: Uint8Array | Blob, name: string): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return file;
  if (file.size > MAX_BYTES)
    throw new Failure({
      code: 'format-invalid',
      subject: name,
      what: `It has ${Math.round(file.size / 2 ** 20)} MB, which is more than is taken into memory.`,
      next: 'Save a file per video, or all of them as HDF5, which is read piece by piece.',
    });
  return new Uint8Array(await file.arrayBuffer());
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((character, i) => bytes[i] === character.charCodeAt(0));
}
