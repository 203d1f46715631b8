/**
 * PyTorch checkpoints as `torch.save` writes them since version 1.6: a zip archive with `data.pkl`, a pickle that says
 * what tensors there are, and `data/0`, `data/1`, ..., the numbers; and as it wrote them from 0.1.10 on, which is how the
 * I3D weights that everybody has were saved: pickles in a row, then the numbers. Loading one in Python runs what the pickle says;
 * here only tensors are understood, and a file that wants anything else is refused by the name of what it wants.
 */
import { Failure } from '../failure.ts';
import type { NumericArray } from '../types.ts';
import type { ArrayEntry } from './array-entry.ts';
import { NUMBER_BYTES, toFloat32, type NumberType, type Numbers } from './numbers.ts';
import { readPickle, type PickleMeaning } from './pickle.ts';
import { openZip, printable, type ZipMember } from './zip.ts';

const MAX_ENTRIES = 100_000;
const MAX_PICKLE_BYTES = 16 << 20;
const MAX_TENSORS = 10_000;
const MAX_AXES = 8;
/** Of all storages together, and of all tensors as float32. */
const MAX_BYTES = 2 ** 30;
/** How deep the state dict may lie: a checkpoint in a checkpoint. */
const MAX_WRAPPINGS = 3;

const STORAGES = new Map<string, NumberType>([
  ['torch.DoubleStorage', 'float64'],
  ['torch.FloatStorage', 'float32'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
]);
const DTYPES = [
  'float64',
  'float32',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'bool',
];
const ORDERED_DICT = 'collections.OrderedDict';
const REBUILD_TENSOR = 'torch._utils._rebuild_tensor_v2';
/** Until 0.3: the same, without hooks. */
const REBUILD_OLD_TENSOR = 'torch._utils._rebuild_tensor';
const REBUILD_PARAMETER = 'torch._utils._rebuild_parameter';
const GLOBALS = new Set([
  ORDERED_DICT,
  REBUILD_TENSOR,
  REBUILD_OLD_TENSOR,
  REBUILD_PARAMETER,
  ...STORAGES.keys(),
  ...DTYPES.map((name) => `torch.${name}`),
]);

/** A name that the pickle refers to, one of `GLOBALS`. */
class Global {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A run of numbers, an entry of the archive. */
class Storage {
  readonly key: string;
  readonly dtype: NumberType;
  /** Numbers, as claimed. */
  readonly length: number;
  constructor(key: string, dtype: NumberType, length: number) {
    this.key = key;
    this.dtype = dtype;
    this.length = length;
  }
}

/** A view of a storage. */
class StoredTensor {
  readonly storage: Storage;
  /** In numbers, as strides are. */
  readonly offset: number;
  readonly shape: number[];
  readonly strides: number[];
  constructor(storage: Storage, offset: number, shape: number[], strides: number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/**
 * Reads the tensors of a state dict, in its order, as float32. The dict may stand under `state_dict` or `model`, and its
 * names may begin with the `module.` of a network trained on several devices, which is left out.
 * @param name what to call the file in errors
 * @throws Failure `format-invalid`, also when the file holds anything that is not a tensor
 */
export function readPytorch(bytes: Uint8Array, name = 'PyTorch file'): Map<string, NumericArray> {
  const refuse = refusing(name);
  const { saved, file } = load(bytes, name, refuse);
  return new Map(
    entriesOf(stateDict(saved, refuse), file, refuse).map(({ name: key, read }) => {
      const { shape, values } = read();
      return [key, { shape, values }];
    }),
  );
}

/**
 * The same for any file of tensors: one alone (its name is then empty), a list of them (`0`, `1`, ...), or a state dict.
 * The tensors are read one by one.
 * @throws Failure as above
 */
export function openPytorch(bytes: Uint8Array, name = 'PyTorch file'): ArrayEntry[] {
  const refuse = refusing(name);
  const { saved, file } = load(bytes, name, refuse);
  const isTensor = (value: unknown) => value instanceof StoredTensor;
  const tensors: Map<string, StoredTensor> =
    saved instanceof StoredTensor
      ? new Map([['', saved]])
      : Array.isArray(saved) && saved.length > 0 && saved.every(isTensor)
        ? new Map((saved as StoredTensor[]).map((tensor, i) => [String(i), tensor]))
        : stateDict(saved, refuse);
  return entriesOf(tensors, file, refuse);
}

function refusing(name: string): (why: string) => never {
  return (why) => {
    throw new Failure({
      code: 'format-invalid',
      subject: name,
      what: `This is not a sound PyTorch file: ${why}.`,
      next: 'Save or download it again.',
    });
  };
}

/** What was saved, and where its numbers are. */
function load(
  bytes: Uint8Array,
  name: string,
  refuse: (why: string) => never,
): { saved: unknown; file: PickleRow | Archive } {
  const fail = (what: string, next: string): never => {
    throw new Failure({ code: 'format-invalid', subject: name, what, next });
  };
  if (String.fromCharCode(...bytes.subarray(257, 262)) === 'ustar') {
    fail(
      'This file (a tar archive) was saved by PyTorch older than 0.1.10.',
      'Load it in a newer PyTorch and save it again with torch.save(model.state_dict(), file).',
    );
  }
  const isRow = OLD_MAGIC.every((byte, i) => bytes[i] === byte);
  if (!isRow && String.fromCharCode(...bytes.subarray(0, 4)) !== 'PK\x03\x04')
    return refuse('its first bytes are those of no PyTorch file');
  const file = isRow ? new PickleRow(bytes, refuse) : new Archive(bytes, name, refuse);
  const meaning = tensorsOnly(refuse, (wanted) =>
    fail(
      `The file contains code (it refers to ${printable(wanted)}), and only tensors are read here.`,
      'Load it where you trust it and save the numbers alone, torch.save(model.state_dict(), file), or convert it to safetensors.',
    ),
  );
  return { saved: file.saved(meaning), file };
}

function entriesOf(
  tensors: ReadonlyMap<string, StoredTensor>,
  file: PickleRow | Archive,
  refuse: (why: string) => never,
): ArrayEntry[] {
  const total = [...tensors.values()].reduce((sum, { shape }) => sum + 4 * product(shape), 0);
  if (tensors.size > MAX_TENSORS || !(total <= MAX_BYTES)) refuse('it claims more tensors than can be right');
  // All at once, and when the first is asked for: tensors share storages, and an old file has them in one row.
  let storages: Map<string, Numbers> | null = null;
  return [...tensors].map(([name, tensor]) => ({
    name,
    shape: tensor.shape,
    type: tensor.storage.dtype,
    read() {
      storages ??= file.storages(new Set([...tensors.values()].map(({ storage }) => storage)));
      const { values, warnings } = storages.get(tensor.storage.key)!;
      return { shape: tensor.shape, values: gather(tensor, values), warnings };
    },
  }));
}

/** A pickle of the number 0x1950a86a20f9469cfc6c, with which files before 1.6 begin. */
const OLD_MAGIC = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const OLD_PROTOCOL = 1001;

/** A file before 1.6: magic, protocol, system, tensors, and the order of the storages, a pickle each; then the numbers. */
class PickleRow {
  readonly #bytes: Uint8Array;
  readonly #refuse: (why: string) => never;
  /** Those that the file speaks of, by key: also of what is not asked for, such as the memory of an optimiser. */
  readonly #known = new Map<string, Storage>();
  /** Keys in the order of the file, and where the first storage begins. */
  #keys: string[] = [];
  #numbers = 0;

  constructor(bytes: Uint8Array, refuse: (why: string) => never) {
    this.#bytes = bytes;
    this.#refuse = refuse;
  }

  saved(meaning: PickleMeaning): unknown {
    const refuse = this.#refuse;
    const protocol = readPickle(this.#bytes, meaning, OLD_MAGIC.length);
    if (protocol.value !== OLD_PROTOCOL) refuse('its protocol is not 1001');
    const system = readPickle(this.#bytes, meaning, protocol.end);
    if (system.value instanceof Map && system.value.get('little_endian') === false)
      refuse('its numbers are big-endian, which is not read here');
    const saved = readPickle(this.#bytes, this.#noting(meaning), system.end);
    const keys = readPickle(this.#bytes, meaning, saved.end);
    if (!Array.isArray(keys.value) || !keys.value.every((key) => typeof key === 'string'))
      return refuse('the order of its numbers is not told');
    this.#keys = keys.value;
    this.#numbers = keys.end;
    return saved.value;
  }

  #noting(meaning: PickleMeaning): PickleMeaning {
    return {
      ...meaning,
      persistent: (id) => {
        const storage = meaning.persistent(id);
        if (storage instanceof Storage) this.#known.set(storage.key, storage);
        return storage;
      },
    };
  }

  /** The numbers of storages, by key. Each follows its own length in the file. */
  storages(wanted: ReadonlySet<Storage>): Map<string, Numbers> {
    const refuse = this.#refuse;
    const byKey = storagesByKey(wanted, refuse);
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    const numbers = new Map<string, Numbers>();
    let at = this.#numbers;
    for (const key of this.#keys) {
      const storage = byKey.get(key) ?? this.#known.get(key);
      // What no tensor looks at has no known type, so what follows cannot be found.
      if (!storage) return refuse(`storage ${printable(key)} belongs to no tensor`);
      const end = at + 8 + storage.length * NUMBER_BYTES[storage.dtype];
      if (!(end <= this.#bytes.byteLength)) return refuse(`storage ${printable(key)} is cut short`);
      if (Number(view.getBigInt64(at, true)) !== storage.length)
        refuse(`it says two things of storage ${printable(key)}`);
      if (byKey.has(key)) numbers.set(key, toFloat32(this.#bytes.subarray(at + 8, end), storage.dtype));
      at = end;
    }
    for (const key of byKey.keys()) if (!numbers.has(key)) refuse(`storage ${printable(key)} is missing`);
    return numbers;
  }
}

/** Every storage once. */
function storagesByKey(wanted: ReadonlySet<Storage>, refuse: (why: string) => never): Map<string, Storage> {
  const byKey = new Map<string, Storage>();
  for (const storage of wanted) {
    const known = byKey.get(storage.key) ?? storage;
    if (known.dtype !== storage.dtype || known.length !== storage.length)
      refuse(`it says two things of storage ${printable(storage.key)}`);
    byKey.set(storage.key, storage);
  }
  const bytes = [...byKey.values()].reduce((sum, { length, dtype }) => sum + length * NUMBER_BYTES[dtype], 0);
  if (!(bytes <= MAX_BYTES)) refuse('it claims more numbers than can be right');
  return byKey;
}

/** The members of the zip archive. Each is unpacked only when it is known to be wanted, and of a size that can be. */
class Archive {
  readonly #members: Map<string, ZipMember>;
  readonly #refuse: (why: string) => never;
  /** `archive/`: the folder that everything lies in, named by whoever saved it. */
  readonly #root: string;

  constructor(bytes: Uint8Array, name: string, refuse: (why: string) => never) {
    const { members } = openZip(bytes, name, { members: MAX_ENTRIES });
    this.#members = new Map(members.map((member) => [member.name, member]));
    this.#refuse = refuse;
    const lists = members.filter(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
    if (lists.length > 1) refuse('it holds two lists of tensors');
    if (lists.length === 0) refuse('it is a zip archive without data.pkl');
    this.#root = lists[0].name.slice(0, -'data.pkl'.length);
  }

  saved(meaning: PickleMeaning): unknown {
    const list = this.#members.get(`${this.#root}data.pkl`)!;
    if (list.sizeBytes > MAX_PICKLE_BYTES) this.#refuse('its list of tensors is longer than 16 MB');
    const order = this.#members.get(`${this.#root}byteorder`);
    if (order && order.sizeBytes < 16 && new TextDecoder().decode(order.read()) === 'big')
      this.#refuse('its numbers are big-endian, which is not read here');
    return readPickle(list.read(), meaning).value;
  }

  /** The numbers of storages, by key. */
  storages(wanted: ReadonlySet<Storage>): Map<string, Numbers> {
    const refuse = this.#refuse;
    const numbers = new Map<string, Numbers>();
    for (const [key, { length, dtype }] of storagesByKey(wanted, refuse)) {
      const name = `${this.#root}data/${key}`;
      const member = this.#members.get(name) ?? refuse(`"${printable(name)}" is missing`);
      const size = length * NUMBER_BYTES[dtype];
      if (member.sizeBytes !== size)
        refuse(`storage ${printable(key)} should have ${size} bytes and has ${member.sizeBytes}`);
      numbers.set(key, toFloat32(member.read(), dtype));
    }
    return numbers;
  }
}

/** Pickle instructions as far as they describe tensors and dicts of them. */
function tensorsOnly(refuse: (why: string) => never, refuseCode: (name: string) => never): PickleMeaning {
  return {
    called: 'its list of tensors',
    refuse,
    global: (name) => (GLOBALS.has(name) ? new Global(name) : refuseCode(name)),
    persistent(id) {
      const [kind, type, key, , length] = Array.isArray(id) ? id : [];
      const dtype = type instanceof Global ? STORAGES.get(type.name) : undefined;
      if (kind !== 'storage' || !dtype || typeof key !== 'string' || !isCount(length))
        return refuse('it refers to what is not a storage');
      return new Storage(key, dtype, length);
    },
    call(callee, args) {
      if (!(callee instanceof Global)) return refuse('it calls what is not a function');
      switch (callee.name) {
        case ORDERED_DICT:
          return args.length === 0 ? new Map() : refuse('it makes a dict in a way not read here');
        case REBUILD_TENSOR:
        case REBUILD_OLD_TENSOR: {
          const [storage, offset, shape, strides] = args;
          if (!(storage instanceof Storage) || !isCount(offset) || !isCounts(shape) || !isCounts(strides))
            return refuse('a tensor in it is not {storage, offset, shape, strides}');
          return view(storage, offset, shape, strides, refuse);
        }
        case REBUILD_PARAMETER:
          return args[0] instanceof StoredTensor ? args[0] : refuse('a parameter in it is no tensor');
        default:
          return refuseCode(callee.name);
      }
    },
  };
}

function view(
  storage: Storage,
  offset: number,
  shape: number[],
  strides: number[],
  refuse: (why: string) => never,
): StoredTensor {
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], offset);
  const isEmpty = shape.includes(0);
  if (shape.length !== strides.length || shape.length > MAX_AXES || !(isEmpty || last < storage.length)) {
    refuse(
      `a tensor [${printable(shape.join())}] in it lies outside its storage of ${storage.length} numbers`,
    );
  }
  // Copies: the pickle may go on to change lists that it has been seen to make.
  return new StoredTensor(storage, offset, [...shape], [...strides]);
}

/** Finds the dict of tensors in what was saved. */
function stateDict(saved: unknown, refuse: (why: string) => never): Map<string, StoredTensor> {
  let dict = saved;
  for (let i = 0; i < MAX_WRAPPINGS && dict instanceof Map; i++) {
    const inner: unknown = [dict.get('state_dict'), dict.get('model')].find((value) => value instanceof Map);
    if (inner === undefined) break;
    dict = inner;
  }
  if (!(dict instanceof Map)) return refuse('what was saved is not a dict of tensors');
  const tensors = new Map<string, StoredTensor>();
  for (const [key, value] of dict as Map<unknown, unknown>) {
    if (typeof key !== 'string' || !(value instanceof StoredTensor)) {
      return refuse(
        `it is not a dict of tensors, nor holds one as "state_dict" or "model" ("${printable(key)}" is no tensor)`,
      );
    }
    tensors.set(key, value);
  }
  if (tensors.size === 0) refuse('its dict of tensors is empty');
  const prefix = 'module.';
  if (![...tensors.keys()].every((key) => key.startsWith(prefix))) return tensors;
  return new Map([...tensors].map(([key, tensor]) => [key.slice(prefix.length), tensor]));
}

/** The numbers of a view, row-major. */
function gather({ shape, strides, offset }: StoredTensor, numbers: Float32Array): Float32Array {
  const count = product(shape);
  const rowMajor = shape.map((_, axis) => product(shape.slice(axis + 1)));
  if (shape.every((size, axis) => size === 1 || strides[axis] === rowMajor[axis]))
    return numbers.slice(offset, offset + count);
  const values = new Float32Array(count);
  const index = new Array<number>(shape.length).fill(0);
  let position = offset;
  for (let i = 0; i < count; i++) {
    values[i] = numbers[position];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += strides[axis];
      if (++index[axis] < shape[axis]) break;
      position -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return values;
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}
