/**
 * HDF5, and MATLAB's files of version 7.3, which are HDF5 with the axes the other way round. The library is the C one,
 * compiled to wasm and loaded when it is first needed; it trusts its files more than one should, so whoever reads here
 * does so in a worker that can be ended. What is asked of it is little: the tree, what each array is, and its raw bytes.
 */
import type { Dataset, Group, Metadata } from 'h5wasm';
import { Failure } from '../failure.ts';
import type { ArrayEntry } from './array-entry.ts';
import { NUMBER_BYTES, toFloat32, toRowMajor, type NumberType } from './numbers.ts';
import { isBomb, printable } from './zip.ts';

const MAX_DEPTH = 32;
const MAX_OBJECTS = 20_000;
const MAX_AXES = 8;
/** Of one array, as float32. */
const MAX_BYTES = 2 ** 31;
/** Taken out of the library's memory at once. */
const SLAB_BYTES = 16 << 20;

export interface OpenedHdf5 {
  entries: ArrayEntry[];
  warnings: string[];
  close(): void;
}

/**
 * @param source a `Blob` stays where it is and is read piece by piece, in a worker of a browser; bytes are copied
 * @param name what to call it in errors
 * @throws Failure `format-invalid`
 */
export async function openHdf5(
  source: Uint8Array | Blob,
  name: string,
  isMatlab: boolean,
): Promise<OpenedHdf5> {
  const { default: library } = await import('h5wasm');
  const module = await library.ready;
  module.activate_throwing_error_handler(); // else it writes to the console and goes on
  const refuse = (why: string, next = 'Save or download it again.'): never => {
    throw new Failure({
      code: 'format-invalid',
      subject: name,
      what: `This is not a sound HDF5 file: ${why}.`,
      next,
    });
  };
  /** What the library throws says little that helps, and nothing of which file. */
  const trying = <T>(what: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof Failure) throw error;
      return refuse(what);
    }
  };
  const { path, sizeBytes, remove } = put(module.FS as unknown as FileSystem, source);
  let file: InstanceType<typeof library.File>;
  try {
    file = trying('it cannot be opened (damaged or cut short?)', () => new library.File(path, 'r'));
  } catch (error) {
    remove();
    throw error;
  }
  const close = () => {
    try {
      file.close();
    } catch {
      // a file that is damaged enough cannot be closed either
    }
    remove();
  };

  const warnings: string[] = [];
  const entries: ArrayEntry[] = [];
  let claimed = 0;
  const add = (set: Dataset, path: string) => {
    const said = `"${printable(path)}"`;
    const meta = trying(`${said} cannot be read`, () => set.metadata);
    if (isMatlab && /^(char|cell|struct)/.test(matlabClass(set))) {
      warnings.push(`${said} is a ${matlabClass(set)} and was left out.`);
      return;
    }
    const type = typeOf(meta, module.H5T_class_t as unknown as Record<string, { value: number }>);
    if (typeof type !== 'string' || !meta.shape) {
      warnings.push(`${said} holds ${typeof type === 'string' ? 'nothing' : type.other} and was left out.`);
      return;
    }
    const shape = [...meta.shape];
    const bytes = shape.reduce((product, n) => product * n, NUMBER_BYTES[type]);
    claimed += bytes;
    if (shape.length > MAX_AXES) refuse(`${said} has ${shape.length} axes`);
    if (bytes > MAX_BYTES || isBomb(sizeBytes, claimed))
      refuse(
        `in ${sizeBytes} bytes it claims ${Math.round(claimed / 2 ** 20)} MB of numbers (${said} of ${shape.join(' × ')})`,
        'Save what is really in it to a file of its own.',
      );
    entries.push({
      name: path,
      shape: isMatlab ? [...shape].reverse() : shape,
      type,
      read() {
        const whole = trying(`${said} is damaged or compressed in a way not read here`, () =>
          readWhole(module as unknown as Memory, set, shape, type),
        );
        if (!isMatlab) return { shape, ...whole };
        const turned = [...shape].reverse();
        return { shape: turned, values: toRowMajor(whole.values, turned), warnings: whole.warnings };
      },
    });
  };

  try {
    // Groups may hold one another, so depth and count are bounded.
    let objects = 0;
    const waiting: { group: Group; path: string; depth: number }[] = [{ group: file, path: '', depth: 0 }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { group, path, depth } = next;
      for (const key of trying('its list of contents is damaged', () => group.keys())) {
        if (++objects > MAX_OBJECTS) refuse(`it holds more than ${MAX_OBJECTS} objects`);
        if (path === '' && key === '#refs#') continue; // what cells of MATLAB point at
        const child = trying(`"${printable(key)}" cannot be read`, () => group.get(key));
        const own = path === '' ? key : `${path}/${key}`;
        if (child instanceof library.Dataset) add(child, own);
        else if (!(child instanceof library.Group))
          warnings.push(`"${printable(own)}" is a link or a type and was left out.`);
        else if (depth < MAX_DEPTH) waiting.push({ group: child, path: own, depth: depth + 1 });
        else refuse(`its groups lie more than ${MAX_DEPTH} deep`);
      }
    }
    return { entries, warnings, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The part of Emscripten's file system that is used, which the library's types do not tell well. */
interface FileSystem {
  writeFile(path: string, bytes: Uint8Array): void;
  unlink(path: string): void;
  mkdir(path: string): void;
  rmdir(path: string): void;
  mount(type: unknown, options: unknown, path: string): void;
  unmount(path: string): void;
  filesystems: Record<string, unknown>;
}

let files = 0;

/** Puts a file where the library finds it. */
function put(fs: FileSystem, source: Uint8Array | Blob) {
  const folder = `/weaklens-${++files}`;
  const path = `${folder}/file`;
  fs.mkdir(folder);
  if (source instanceof Blob) {
    fs.mount(fs.filesystems.WORKERFS, { blobs: [{ name: 'file', data: source }] }, folder);
    const remove = () => {
      fs.unmount(folder);
      fs.rmdir(folder);
    };
    return { path, sizeBytes: source.size, remove };
  }
  fs.writeFile(path, source);
  const remove = () => {
    fs.unlink(path);
    fs.rmdir(folder);
  };
  return { path, sizeBytes: source.byteLength, remove };
}

/** The type of numbers, or what else it is. */
function typeOf(
  { type, size, signed }: Metadata,
  classes: Record<string, { value: number }>,
): NumberType | { other: string } {
  const is = (name: string) => classes[name].value === type;
  if (is('H5T_FLOAT')) {
    const own = `float${8 * size}`;
    return own in NUMBER_BYTES ? (own as NumberType) : { other: `floating-point numbers of ${size} bytes` };
  }
  if (is('H5T_INTEGER')) {
    const own = `${signed ? '' : 'u'}int${8 * size}`;
    return own in NUMBER_BYTES ? (own as NumberType) : { other: `whole numbers of ${size} bytes` };
  }
  if (is('H5T_ENUM') && size === 1) return 'bool'; // as h5py writes them
  if (is('H5T_STRING')) return { other: 'text' };
  if (is('H5T_COMPOUND')) return { other: 'records' };
  if (is('H5T_VLEN')) return { other: 'lists of different lengths' };
  return { other: 'something other than numbers' };
}

function matlabClass(set: Dataset): string {
  try {
    return String(set.get_attribute('MATLAB_class', false));
  } catch {
    return '';
  }
}

interface Memory {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  HEAPU8: Uint8Array;
  get_dataset_data(
    file: bigint,
    path: string,
    count: bigint[] | null,
    offset: bigint[] | null,
    strides: bigint[] | null,
    pointer: bigint,
  ): number;
}

/** All numbers of an array, slab by slab along its first axis. */
function readWhole(
  memory: Memory,
  set: Dataset,
  shape: readonly number[],
  type: NumberType,
): { values: Float32Array<ArrayBuffer>; warnings: string[] } {
  const [rows = 1, ...rest] = shape;
  const perRow = rest.reduce((product, n) => product * n, 1);
  const values = new Float32Array(rows * perRow);
  const warnings = new Set<string>();
  if (values.length === 0) return { values, warnings: [] };
  const rowBytes = perRow * NUMBER_BYTES[type];
  const slab = Math.max(1, Math.min(rows, Math.floor(SLAB_BYTES / rowBytes)));
  const pointer = memory._malloc(slab * rowBytes);
  if (pointer === 0) throw new RangeError('no memory');
  try {
    for (let from = 0; from < rows; from += slab) {
      const count = Math.min(slab, rows - from);
      const region =
        shape.length === 0
          ? ([null, null, null] as const)
          : ([
              [count, ...rest].map(BigInt),
              shape.map((_, axis) => BigInt(axis === 0 ? from : 0)),
              shape.map(() => 1n),
            ] as const);
      memory.get_dataset_data(set.file_id, set.path, region[0], region[1], region[2], BigInt(pointer));
      // The heap is another array once it has grown.
      const raw = memory.HEAPU8.subarray(pointer, pointer + count * rowBytes);
      const part = toFloat32(raw, type); // the library has turned them to little-endian
      values.set(part.values, from * perRow);
      for (const warning of part.warnings) warnings.add(warning);
    }
  } finally {
    memory._free(pointer);
  }
  return { values, warnings: [...warnings] };
}
