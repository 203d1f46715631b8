/**
 * TFLite models: a flatbuffer of tables. What is read of one is its first subgraph, tensors and operators, and the
 * numbers of its constants.
 *
 * A flatbuffer is made of offsets that a damaged file may point anywhere. So every read is checked against the end of
 * the file, and all lists together may not be longer than those of a sound file: many tables that point to one long
 * list would otherwise turn a small file into a huge one.
 */
import { Failure } from '../failure.ts';

/** What a flatbuffer has after its first offset when it is a TFLite model. */
const MARK = 'TFL3';
const MAX_ITEMS = 10_000;
const MAX_RANK = 8;
/** How often a sound file may point to the same bytes, on average. Writers share at most a few short lists. */
const MAX_SHARING = 2;

/** `TensorType` of the schema, by number. */
const TYPES = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'string',
  'bool',
  'int16',
  'complex64',
  'int8',
  'float64',
] as const;

/** The operators (`BuiltinOperator` of the schema) that go by a name here. */
const OPERATORS: Record<number, string> = {
  0: 'ADD',
  1: 'AVERAGE_POOL_2D',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  9: 'FULLY_CONNECTED',
  18: 'MUL',
  22: 'RESHAPE',
};
const CUSTOM = 32;

/** The types whose constants are read. */
const ITEM_BYTES: Partial<Record<TfliteType, number>> = { float32: 4, int32: 4, int16: 2, int8: 1, uint8: 1 };

export type TfliteType = (typeof TYPES)[number] | 'other';

/** What a stored number stands for: `scale * (stored - zeroPoint)`. */
export interface Quantisation {
  /** One for the whole tensor, or one for each index along `axis`. */
  scales: number[];
  /** As many as there are scales. */
  zeroPoints: number[];
  axis: number;
}

export interface TfliteTensor {
  name: string;
  /** Empty for a scalar. */
  shape: number[];
  type: TfliteType;
  quantisation: Quantisation | null;
  /** Whether the file holds its numbers: a weight, not an activation. */
  isConstant: boolean;
  /**
   * The numbers of a constant, dequantised.
   * @throws Failure `format-invalid` when it is no constant or not of a type read here
   */
  values(): Float32Array;
}

export interface TfliteOperator {
  /** Its name in the schema, `CUSTOM name`, or `BUILTIN number` for one that is not named here. */
  kind: string;
  /** Indices of tensors; -1 for an optional one that is absent. */
  inputs: number[];
  outputs: number[];
}

/** The first subgraph. Operators stand in the order in which they run. */
export interface TfliteModel {
  /** What to call the file in errors. */
  name: string;
  tensors: TfliteTensor[];
  operators: TfliteOperator[];
}

type Refuse = (why: string) => never;

/**
 * Reads a file.
 * @param name what to call it in errors
 * @throws Failure `format-invalid`
 */
export function readTflite(bytes: Uint8Array, name = 'TFLite file'): TfliteModel {
  const refuse: Refuse = (why) => {
    throw new Failure({
      code: 'format-invalid',
      subject: name,
      what: `This is not a sound TFLite model: ${why}.`,
      next: 'Choose a .tflite file, or download it again if it should be one.',
    });
  };
  if (bytes.byteLength < 8) return refuse(`it has ${bytes.byteLength} bytes, the least is 8`);
  if (String.fromCharCode(...bytes.subarray(4, 8)) !== MARK) refuse(`it lacks the mark "${MARK}" at byte 4`);
  const model = new Reader(bytes, refuse).root();
  const version = model.number('uint32', 0);
  if (version !== 3) refuse(`its version is ${version} and should be 3`);
  const kinds = model.tables(1).map(operatorKind);
  const [graph] = model.tables(2);
  if (!graph) return refuse('it holds no graph');
  const buffers = model.tables(4).map((buffer) => buffer.bytes(0));
  const tensors = graph
    .tables(0)
    .map((table, i) => readTensor(table, buffers, (why) => refuse(`tensor ${i} ${why}`)));
  const operators = graph.tables(3).map((table, i) => {
    const kind = kinds[table.number('uint32', 0)] ?? refuse(`operator ${i} is of no declared kind`);
    const [inputs, outputs] = [table.numbers('int32', 1), table.numbers('int32', 2)];
    if (![...inputs, ...outputs].every((index) => index >= -1 && index < tensors.length))
      refuse(`operator ${i} refers to a tensor that is not there`);
    return { kind, inputs, outputs };
  });
  return { name, tensors, operators };
}

function operatorKind(table: Table): string {
  // Codes up to 127 stand in the old one-byte field too, and in old files only there.
  const code = Math.max(table.number('int8', 0), table.number('int32', 3));
  return code === CUSTOM ? `CUSTOM ${table.text(1)}` : (OPERATORS[code] ?? `BUILTIN ${code}`);
}

function readTensor(table: Table, buffers: Uint8Array[], refuse: Refuse): TfliteTensor {
  const shape = table.numbers('int32', 0);
  if (shape.length > MAX_RANK) refuse(`has ${shape.length} dimensions`);
  if (shape.some((size) => size < 0)) refuse(`has the shape [${shape.join()}]`);
  const type = TYPES[table.number('int8', 1)] ?? 'other';
  const data = buffers[table.number('uint32', 2)] ?? refuse('refers to a buffer that is not there');
  const quantisation = readQuantisation(table.table(4), shape, refuse);
  const values = () => {
    const itemBytes = ITEM_BYTES[type] ?? refuse(`has numbers of a type that is not read here (${type})`);
    const needed = itemBytes * shape.reduce((product, size) => product * size, 1);
    if (data.byteLength !== needed) refuse(`has ${data.byteLength} bytes and should have ${needed}`);
    return dequantise(storedNumbers(data, type), shape, quantisation);
  };
  return { name: table.text(3), shape, type, quantisation, isConstant: data.byteLength > 0, values };
}

function readQuantisation(table: Table | null, shape: number[], refuse: Refuse): Quantisation | null {
  const scales = table?.numbers('float32', 2) ?? [];
  if (!table || scales.length === 0) return null; // It may hold no more than the range seen in calibration.
  const stored = table.numbers('int64', 3);
  const zeroPoints = stored.length > 0 ? stored : scales.map(() => 0);
  const axis = table.number('int32', 6);
  if (scales.length > 1 && scales.length !== shape[axis])
    refuse(`has ${scales.length} scales along axis ${axis} of [${shape.join()}]`);
  if (zeroPoints.length !== scales.length)
    refuse(`has ${scales.length} scales and ${zeroPoints.length} zero points`);
  if (!scales.every((scale) => scale >= 0 && scale < Infinity)) refuse('has a scale that is not a number');
  return { scales, zeroPoints, axis };
}

function storedNumbers(data: Uint8Array, type: TfliteType) {
  const { buffer } = new Uint8Array(data); // A copy, hence aligned.
  if (type === 'float32') return new Float32Array(buffer);
  if (type === 'int32') return new Int32Array(buffer);
  if (type === 'int16') return new Int16Array(buffer);
  return type === 'int8' ? new Int8Array(buffer) : new Uint8Array(buffer);
}

function dequantise(
  stored: ReturnType<typeof storedNumbers>,
  shape: number[],
  quantisation: Quantisation | null,
): Float32Array {
  const values = new Float32Array(stored);
  if (!quantisation || stored instanceof Float32Array) return values;
  const { scales, zeroPoints, axis } = quantisation;
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  for (let i = 0; i < values.length; i++) {
    const channel = Math.floor(i / inner) % scales.length;
    values[i] = scales[channel] * (stored[i] - zeroPoints[channel]);
  }
  return values;
}

const NUMBER_BYTES = { int8: 1, uint16: 2, int32: 4, uint32: 4, float32: 4, int64: 8 };
type NumberType = keyof typeof NUMBER_BYTES;

/** The file, in which no read leaves its end. */
class Reader {
  readonly bytes: Uint8Array;
  readonly refuse: Refuse;
  readonly #view: DataView;
  #vectorBytes = 0;

  constructor(bytes: Uint8Array, refuse: Refuse) {
    this.bytes = bytes;
    this.refuse = refuse;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  root(): Table {
    return new Table(this, this.follow(0));
  }

  number(type: NumberType, position: number): number {
    if (position < 0 || position + NUMBER_BYTES[type] > this.bytes.byteLength)
      this.refuse('an offset points outside the file (cut short?)');
    switch (type) {
      case 'int8':
        return this.#view.getInt8(position);
      case 'uint16':
        return this.#view.getUint16(position, true);
      case 'int32':
        return this.#view.getInt32(position, true);
      case 'uint32':
        return this.#view.getUint32(position, true);
      case 'float32':
        return this.#view.getFloat32(position, true);
      case 'int64':
        return Number(this.#view.getBigInt64(position, true));
    }
  }

  /** Where the offset at `position` points. */
  follow(position: number): number {
    return position + this.number('uint32', position);
  }

  /** Where the items of the vector at `position` are. */
  vector(position: number, itemBytes: number): { start: number; count: number } {
    const [start, count] = [position + 4, this.number('uint32', position)];
    if (start + count * itemBytes > this.bytes.byteLength)
      this.refuse('a list does not end in the file (cut short?)');
    this.#vectorBytes += count * itemBytes;
    if (this.#vectorBytes > MAX_SHARING * this.bytes.byteLength) this.refuse('its lists overlap');
    return { start, count };
  }
}

/** A table: its vtable says where each field is. A field that is absent is 0 or empty. */
class Table {
  readonly #file: Reader;
  readonly #position: number;

  constructor(file: Reader, position: number) {
    this.#file = file;
    this.#position = position;
  }

  number(type: NumberType, field: number): number {
    const position = this.#find(field);
    return position === null ? 0 : this.#file.number(type, position);
  }

  numbers(type: NumberType, field: number): number[] {
    const { start, count } = this.#vector(field, NUMBER_BYTES[type]);
    return Array.from({ length: count }, (_, i) => this.#file.number(type, start + i * NUMBER_BYTES[type]));
  }

  /** The bytes of the file themselves, not a copy. */
  bytes(field: number): Uint8Array {
    const { start, count } = this.#vector(field, 1);
    return this.#file.bytes.subarray(start, start + count);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  table(field: number): Table | null {
    const position = this.#find(field);
    return position === null ? null : new Table(this.#file, this.#file.follow(position));
  }

  tables(field: number): Table[] {
    const { start, count } = this.#vector(field, 4);
    if (count > MAX_ITEMS) this.#file.refuse(`a list has ${count} items`);
    return Array.from({ length: count }, (_, i) => new Table(this.#file, this.#file.follow(start + 4 * i)));
  }

  #vector(field: number, itemBytes: number): { start: number; count: number } {
    const position = this.#find(field);
    return position === null
      ? { start: 0, count: 0 }
      : this.#file.vector(this.#file.follow(position), itemBytes);
  }

  #find(field: number): number | null {
    const vtable = this.#position - this.#file.number('int32', this.#position);
    const slot = 4 + 2 * field;
    if (slot + 2 > this.#file.number('uint16', vtable)) return null;
    const offset = this.#file.number('uint16', vtable + slot);
    return offset === 0 ? null : this.#position + offset;
  }
}
