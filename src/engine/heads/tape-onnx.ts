/**
 * A tape as nodes of an ONNX graph: for each kernel of tfjs the operators that do the same. Of two tapes of one
 * computation at two lengths, numbers that differ are a multiple of the length and a constant; the graph then computes
 * them from the length that it is given.
 */
import { Failure } from '../failure.ts';
import type { Attribute, OnnxGraph } from '../formats/onnx.ts';
import type { Tape, TapeConstant, TapeValue } from './tape.ts';

/** `times * length + plus`. */
interface Size {
  times: number;
  plus: number;
}

interface Step {
  kernel: string;
  inputs: { value: TapeValue; shape: Size[] }[];
  outputs: { value: TapeValue; shape: Size[] }[];
  attributes: Record<string, unknown>;
}

/**
 * @param taped the computation at one length, which is then fixed, or at two
 * @param input makes the graph's input, told the length, or its name where it stays open
 * @param before what names begin with
 * @returns the name of the result; null where two tapes do not do the same
 */
export function writeTape(
  graph: OnnxGraph,
  taped: readonly { length: number; tape: Tape }[],
  input: (length: number | string) => string,
  before: string,
): { output: string; length: number | string } | null {
  const lengths = taped.map(({ length }) => length);
  const tapes = taped.map(({ tape }) => tape);
  const steps = commonSteps(tapes, lengths);
  const constants = steps && commonConstants(tapes, lengths);
  if (!steps || !constants) return null;
  const length = taped.length > 1 ? 'T' : lengths[0];
  const writer = new TapeWriter(graph, before, input(length), constants);
  writer.names.set(tapes[0].input, writer.input);
  for (const step of steps) writer.write(step);
  return { output: writer.name(tapes[0].output), length };
}

/** The steps with sizes for numbers; null where the tapes differ in more. */
function commonSteps(tapes: readonly Tape[], lengths: readonly number[]): Step[] | null {
  if (tapes.some(({ steps }) => steps.length !== tapes[0].steps.length)) return null;
  try {
    return tapes[0].steps.map(
      (_, i) =>
        common(
          tapes.map(({ steps }) => steps[i]),
          lengths,
        ) as unknown as Step,
    );
  } catch (error) {
    if (error instanceof Different) return null;
    throw error;
  }
}

class Different extends Error {}

/** Equal parts as they are, whole numbers as sizes. */
function common(values: readonly unknown[], lengths: readonly number[]): unknown {
  const [first] = values;
  if (typeof first === 'number') {
    const numbers = values as number[];
    if (numbers.every((number) => Number.isInteger(number))) return sizeOf(numbers, lengths);
    if (numbers.every((number) => number === first)) return first;
    throw new Different();
  }
  if (Array.isArray(first)) {
    if (values.some((value) => (value as unknown[]).length !== first.length)) throw new Different();
    return first.map((_, i) =>
      common(
        values.map((value) => (value as unknown[])[i]),
        lengths,
      ),
    );
  }
  if (first !== null && typeof first === 'object')
    return Object.fromEntries(
      Object.keys(first).map((key) => [
        key,
        common(
          values.map((value) => (value as Record<string, unknown>)[key]),
          lengths,
        ),
      ]),
    );
  if (values.some((value) => value !== first)) throw new Different();
  return first;
}

function sizeOf([a, b = a]: readonly number[], [la, lb]: readonly number[]): Size {
  const times = a === b ? 0 : (b - a) / (lb - la);
  if (!Number.isInteger(times)) throw new Different();
  return { times, plus: a - times * (la ?? 0) };
}

type Constant = TapeConstant | { size: Size };

/** Constants that both tapes have; a single number may depend on the length. Null where others differ. */
function commonConstants(
  tapes: readonly Tape[],
  lengths: readonly number[],
): Map<TapeValue, Constant> | null {
  const found = new Map<TapeValue, Constant>();
  for (const [value, constant] of tapes[0].constants) {
    const all = tapes.map(({ constants }) => constants.get(value));
    const isSame = all.every(
      (other) =>
        other?.shape.join() === constant.shape.join() &&
        other.values.every((number, i) => Object.is(number, constant.values[i])),
    );
    if (isSame) found.set(value, constant);
    else {
      const numbers = all.map((other) => (other?.values.length === 1 ? other.values[0] : NaN));
      if (!numbers.every(Number.isInteger)) return null;
      found.set(value, { size: sizeOf(numbers, lengths) });
    }
  }
  return found;
}

/** Operators of the same meaning. */
const SAME: Record<string, string> = {
  Add: 'Add',
  AddV2: 'Add',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
  Relu: 'Relu',
  Sigmoid: 'Sigmoid',
  Tanh: 'Tanh',
  Erf: 'Erf',
  Exp: 'Exp',
  Log: 'Log',
  Sqrt: 'Sqrt',
  Neg: 'Neg',
  Abs: 'Abs',
  Sign: 'Sign',
  Identity: 'Identity',
};

const REDUCTIONS: Record<string, string> = {
  Sum: 'ReduceSum',
  Mean: 'ReduceMean',
  Max: 'ReduceMax',
  Min: 'ReduceMin',
};

/** Farther than any axis is long. */
const END = Number.MAX_SAFE_INTEGER;

class TapeWriter {
  readonly names = new Map<TapeValue, string>();
  readonly input: string;
  readonly #graph: OnnxGraph;
  readonly #before: string;
  readonly #constants: ReadonlyMap<TapeValue, Constant>;
  readonly #made = new Map<string, string>();
  #count = 0;

  constructor(graph: OnnxGraph, before: string, input: string, constants: ReadonlyMap<TapeValue, Constant>) {
    this.#graph = graph;
    this.#before = before;
    this.input = input;
    this.#constants = constants;
  }

  /** What a value is called in the graph; constants are added when they are first asked for. */
  name(value: TapeValue): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const constant = this.#constants.get(value)!;
    const made =
      'size' in constant
        ? this.#node('Cast', [this.#whole(constant.size)], { to: 1 })
        : this.#graph.floats(this.#before + (constant.name ?? `constant.${value}`), constant);
    this.names.set(value, made);
    return made;
  }

  write(step: Step): void {
    const inputs = step.inputs.map(({ value }) => this.name(value));
    if (step.kernel === 'SplitV') return this.#split(step, inputs[0]);
    this.names.set(step.outputs[0].value, this.#operator(step, inputs));
  }

  #operator({ kernel, inputs: given, outputs, attributes }: Step, inputs: string[]): string {
    if (SAME[kernel]) return this.#node(SAME[kernel], inputs);
    const [x] = inputs;
    const [shape] = given.map(({ shape }) => shape);
    const [{ shape: made }] = outputs;
    if (REDUCTIONS[kernel]) return this.#reduce(REDUCTIONS[kernel], x, shape.length, attributes);
    switch (kernel) {
      case 'Square':
        return this.#node('Mul', [x, x]);
      case 'Reshape':
      case 'ExpandDims':
        return this.#node('Reshape', [x, this.#list(made)]);
      case 'BatchMatMul': {
        const turned = inputs.map((name, i) => {
          if (attributes[i === 0 ? 'transposeA' : 'transposeB'] !== true) return name;
          const { length } = given[i].shape;
          const perm = [...Array(length - 2).keys(), length - 1, length - 2];
          return this.#node('Transpose', [name], { perm });
        });
        return this.#node('MatMul', turned);
      }
      case 'Transpose':
        return this.#node('Transpose', [x], { perm: wholes(attributes.perm) });
      case 'Concat':
        return this.#node('Concat', inputs, { axis: whole(attributes.axis) });
      case 'Pack': {
        const axis = whole(attributes.axis);
        const wide = [...shape.slice(0, axis), { times: 0, plus: 1 }, ...shape.slice(axis)];
        const rows = inputs.map((name) => this.#node('Reshape', [name, this.#list(wide)]));
        return this.#node('Concat', rows, { axis });
      }
      case 'Slice': {
        const told = [attributes.begin].flat() as Size[];
        const begin = made.map((_, axis) => told[axis] ?? { times: 0, plus: 0 });
        return this.#slice(
          x,
          begin,
          made.map((size, axis) => plus(begin[axis], size)),
        );
      }
      case 'Reverse': {
        const axes = wholes([attributes.dims].flat());
        const backwards = [axes.map(() => -1), axes.map(() => -END), axes, axes.map(() => -1)];
        return this.#node('Slice', [x, ...backwards.map((list) => this.#graph.integers(this.#next(), list))]);
      }
      case 'PadV2': {
        const paddings = attributes.paddings as Size[][];
        const pads = [...paddings.map(([first]) => first), ...paddings.map(([, last]) => last)];
        return this.#node('Pad', [x, this.#list(pads)], { mode: 'constant' });
      }
      case 'Tile':
        return this.#node('Tile', [x, this.#list(attributes.reps as Size[])]);
      case 'Softmax':
        return this.#node('Softmax', [x], { axis: -1 });
    }
    throw new Failure({
      code: 'bug',
      what: `The operation ${kernel} cannot be written as ONNX yet.`,
      next: 'Save the weights instead.',
    });
  }

  #reduce(operator: string, x: string, rank: number, { axis, keepDims }: Step['attributes']): string {
    const axes = axis === null || axis === undefined ? [...Array(rank).keys()] : wholes([axis].flat());
    const keepdims = keepDims === true ? 1 : 0;
    if (operator !== 'ReduceSum') return this.#node(operator, [x], { axes, keepdims });
    return this.#node(operator, [x, this.#graph.integers(this.#next(), axes)], { keepdims });
  }

  #split({ outputs, inputs, attributes }: Step, x: string): void {
    const rank = inputs[0].shape.length;
    const axis = (whole(attributes.axis) + rank) % rank;
    let start: Size = { times: 0, plus: 0 };
    for (const { value, shape } of outputs) {
      const begin = shape.map((_, i) => (i === axis ? start : { times: 0, plus: 0 }));
      const end = shape.map((size, i) => (i === axis ? plus(start, size) : size));
      this.names.set(value, this.#slice(x, begin, end));
      start = plus(start, shape[axis]);
    }
  }

  #slice(x: string, begin: Size[], end: Size[]): string {
    return this.#node('Slice', [x, this.#list(begin), this.#list(end)]);
  }

  /** A list of whole numbers, which may depend on the length. */
  #list(sizes: readonly Size[]): string {
    if (sizes.every(({ times }) => times === 0))
      return this.#graph.integers(
        this.#next(),
        sizes.map(({ plus }) => plus),
      );
    const pieces = sizes.map((size) => this.#whole(size));
    return pieces.length === 1 ? pieces[0] : this.#node('Concat', pieces, { axis: 0 });
  }

  /** A whole number as a list of one. */
  #whole({ times, plus }: Size): string {
    return this.#once(`${times}T+${plus}`, () => {
      const constant = (number: number) =>
        this.#once(String(number), () => this.#graph.integers(this.#next(), [number]));
      if (times === 0) return constant(plus);
      const length = this.#once('T', () => {
        const shape = this.#node('Shape', [this.input]);
        return this.#node('Slice', [shape, constant(0), constant(1)]);
      });
      const product = times === 1 ? length : this.#node('Mul', [length, constant(times)]);
      return plus === 0 ? product : this.#node('Add', [product, constant(plus)]);
    });
  }

  #once(key: string, make: () => string): string {
    const known = this.#made.get(key) ?? make();
    this.#made.set(key, known);
    return known;
  }

  #node(operator: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    return this.#graph.node(operator, this.#next(), inputs, attributes);
  }

  #next(): string {
    return `${this.#before}value.${this.#count++}`;
  }
}

const plus = (a: Size, b: Size): Size => ({ times: a.times + b.times, plus: a.plus + b.plus });

/** A number that does not depend on the length. */
function whole(size: unknown): number {
  const { times, plus } = size as Size;
  if (times === 0) return plus;
  throw new Failure({ code: 'bug', what: 'An axis cannot depend on the length of a video.' });
}

const wholes = (sizes: unknown): number[] => (sizes as Size[]).map(whole);
