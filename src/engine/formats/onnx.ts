/**
 * ONNX, written only: a graph of operators with its weights, for other runtimes to run. The file is one protobuf
 * message (`onnx.proto`), of which a graph of convolutions needs so little that it is encoded here by hand.
 */
import type { NumericArray } from '../types.ts';

/** The version of the operators; 17 is old enough for every runtime that is still cared for. */
export const OPSET = 17;
/** The version of the file format that came with {@link OPSET}. */
const IR_VERSION = 8;

/** Of a tensor: a number, or the name of a length that is known only when the graph runs. */
export type Dimension = number | string;

/** Whole numbers, lists of them, and words; the operators used here have no others. */
export type Attribute = number | readonly number[] | string;

const FLOAT = 1;
const INT64 = 7;

/** Builds a graph; every method that adds a value returns its name, for the nodes that use it. */
export class OnnxGraph {
  readonly #name: string;
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  readonly #initialisers = new Map<string, Message>();
  readonly #nodes: Message[] = [];
  readonly #metadata: Message[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, shape: readonly Dimension[]): string {
    this.#inputs.push(describeValue(name, shape));
    return name;
  }

  /** Declares a value that some node makes to be a result. */
  output(name: string, shape: readonly Dimension[]): string {
    this.#outputs.push(describeValue(name, shape));
    return name;
  }

  /** A constant tensor of float32. */
  floats(name: string, { shape, values }: NumericArray): string {
    return this.#initialise(name, shape, FLOAT, values);
  }

  /** A constant list of int64, such as a shape; asking twice for one name gives the first. */
  integers(name: string, values: readonly number[]): string {
    return this.#initialise(name, [values.length], INT64, BigInt64Array.from(values, BigInt));
  }

  #initialise(name: string, shape: readonly number[], type: number, values: ArrayBufferView): string {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const tensor = new Message();
    for (const length of shape) tensor.integer(1, length);
    tensor.integer(2, type).text(8, name).bytes(9, raw);
    if (!this.#initialisers.has(name)) this.#initialisers.set(name, tensor);
    return name;
  }

  /**
   * Adds an operator with one output.
   * @param output its name, which the node bears too
   */
  node(
    operator: string,
    output: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute> = {},
  ): string {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, output).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#nodes.push(node);
    return output;
  }

  /** What the file says of itself, by name. */
  describe(metadata: Record<string, string>): void {
    for (const [key, value] of Object.entries(metadata))
      this.#metadata.push(new Message().text(1, key).text(2, value));
  }

  /** The file. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, this.#name);
    for (const tensor of this.#initialisers.values()) graph.message(5, tensor);
    for (const value of this.#inputs) graph.message(11, value);
    for (const value of this.#outputs) graph.message(12, value);
    const operators = new Message().text(1, '').integer(2, OPSET); // the empty domain is ONNX's own
    const model = new Message()
      .integer(1, IR_VERSION)
      .text(2, 'weaklens')
      .message(7, graph)
      .message(8, operators);
    for (const entry of this.#metadata) model.message(14, entry);
    return model.toBytes();
  }
}

function describeValue(name: string, shape: readonly Dimension[]): Message {
  const dimensions = new Message();
  for (const length of shape) {
    const dimension = new Message();
    if (typeof length === 'number') dimension.integer(1, length);
    else dimension.text(2, length);
    dimensions.message(1, dimension);
  }
  const tensor = new Message().integer(1, FLOAT).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === 'string') return message.text(4, value).integer(20, 3);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  for (const item of value) message.integer(8, item);
  return message.integer(20, 7);
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** A protobuf message: fields in the order in which they are added, numbered as its `.proto` numbers them. */
class Message {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  /** @throws RangeError when the value is not whole */
  integer(field: number, value: number): this {
    return this.#add(varint((field << 3) | VARINT), varint(value));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#add(varint((field << 3) | LENGTH_DELIMITED), varint(value.byteLength), value);
  }

  message(field: number, value: Message): this {
    this.#add(varint((field << 3) | LENGTH_DELIMITED), varint(value.#size));
    return this.#add(...value.#parts);
  }

  #add(...parts: Uint8Array[]): this {
    for (const part of parts) {
      this.#parts.push(part);
      this.#size += part.byteLength;
    }
    return this;
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.byteLength;
    }
    return bytes;
  }
}

/** Seven bits a byte, the lowest first; a negative number is as long as its 64 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...bytes, Number(rest));
}
